"""What the database guards of a table, named where models can say so: row-security conditions, and four eyes."""

from __future__ import annotations

from dataclasses import dataclass

IN_MUNICIPALITY = "municipality_id = (SELECT sec.municipality())"
IN_EVALUATION = "(SELECT sec.purpose()) = 'evaluation'"
#: Tables that hold rows of a municipality and rows of a release (which carries none).
IN_MUNICIPALITY_OR_EVALUATION = (
    f"CASE WHEN municipality_id IS NULL THEN {IN_EVALUATION} ELSE {IN_MUNICIPALITY} END"
)


@dataclass(frozen=True)
class FourEyes:
    """Whoever decides on what somebody asked for does not act for them: the columns that say who, who, and when.

    That they are two people is each table's own constraint. ``only_when``: a condition on the row (NEW), in SQL.
    """

    asked: str = "requested_by"
    decided: str = "decided_by"
    at: str = "decided_at"
    only_when: str = ""
