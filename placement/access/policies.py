"""Row-security conditions, named where models can say which one they stand under."""

IN_MUNICIPALITY = "municipality_id = (SELECT sec.municipality())"
IN_EVALUATION = "(SELECT sec.purpose()) = 'evaluation'"
#: Tables that hold rows of a municipality and rows of a release (which carries none).
IN_MUNICIPALITY_OR_EVALUATION = (
    f"CASE WHEN municipality_id IS NULL THEN {IN_EVALUATION} ELSE {IN_MUNICIPALITY} END"
)
