"""A row per measurement."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.declared import (
    NOT_ON_LIST,
    NOT_RELEVANT,
    Codes,
    Dataset,
    Sort,
    Words,
    codes,
)
from evaluation.variables.kit import (
    INSTRUMENT_VERSION,
    Maker,
    Unit,
    Why,
    family_id,
    municipality_code,
    pseudonym,
    quoted,
    when_null,
)
from placement.families.codes import PersonKind
from placement.instruments import catalogue
from placement.instruments.definition import Entry
from placement.progression.codes import OWN_SCALES, Element, MissingReason, Respondent


def _shipped() -> dict[str, Words]:
    """Each scale of each instrument that comes with the product, under the name its scores stand by.

    Not of a municipality's own files: what they are called is its own text, and does not leave by itself.
    """
    found = {}
    for definition in catalogue.shipped():
        for scale in definition.scales if definition.entry is not Entry.GOALS else ():
            whole, part = definition.title, scale.title
            alone = len(definition.scales) == 1
            found[definition.slug_of(scale)] = Words(
                whole.da if alone else f"{whole.da} – {part.da}",
                (whole.en or whole.da) if alone else f"{whole.en or whole.da} – {part.en or part.da}",
            )
    return found


_OWN = codes((scale.slug, scale.title) for scale in OWN_SCALES.values())
_KNOWN = {
    **_shipped(),
    "prfq": Words("PRFQ (forældres refleksive funktion)", "PRFQ (parental reflective functioning)"),
    "cib": Words("CIB (samspil på video)", "CIB (interaction on video)"),
}

#: Instruments whose name may leave: our own scales, those that come with the product, and two that the programme's
#: parties name and that are written down as plain measurements (PRFQ has no total of its own). Ours to edit.
INSTRUMENTS = Codes(
    {**_OWN.da, **{slug: words.da for slug, words in _KNOWN.items()}},
    {**_OWN.en, **{slug: words.en for slug, words in _KNOWN.items()}},
)

_M = Maker(Words("Målinger på familiens side", "Measurements on the family's page"), Why.RESULT, Sort.OUTCOME)
_PROCESS = {"sort": Sort.PROCESS}


MEASUREMENTS = Dataset(
    name=DatasetName.MEASUREMENTS,
    title="Målinger",
    title_en="Measurements",
    description="En række for hver måling. En rettet måling står med sin seneste værdi.",
    description_en="A row for each measurement. A corrected measurement stands with its latest value.",
    source="""FROM public.progression_measurement m
  JOIN public.families_family f ON f.id = m.family_id
  LEFT JOIN public.families_person about ON about.id = m.person_id
 WHERE f.started_on IS NOT NULL
   AND NOT EXISTS (SELECT FROM public.progression_measurement later WHERE later.replaces_id = m.id)""",
    variables=(
        pseudonym("measurement_id", "measurement", "m.uuid", Words("Måling", "Measurement")),
        family_id(),
        municipality_code(),
        pseudonym(
            "person_id",
            "person",
            "about.uuid",
            Words("Hvem målingen handler om", "Whom the measurement is about"),
            missing=when_null("m.person_id", NOT_RELEVANT),
        ),
        _M.code(
            "person_kind",
            "about.kind",
            Words("Personens rolle i familien", "The person's place in the family"),
            codes(PersonKind.choices),
            empty=NOT_RELEVANT,
            sort=Sort.PROCESS,
        ),
        _M.code(
            "element", "m.element", Words("Kerneelement", "Core element"), codes(Element.choices), **_PROCESS
        ),
        _M.code("instrument", "m.instrument", Words("Redskab", "Instrument"), INSTRUMENTS, **_PROCESS),
        _M.value(
            "instrument_version",
            f"CASE WHEN m.instrument_version ~ '{INSTRUMENT_VERSION}' THEN m.instrument_version END",
            "string",
            Words("Redskabets version", "The instrument's version"),
            pattern=INSTRUMENT_VERSION,
            missing=f"CASE WHEN m.instrument_version ~ '{INSTRUMENT_VERSION}' THEN NULL ELSE {NOT_ON_LIST} END",
            sort=Sort.PROCESS,
        ),
        _M.day(
            "day",
            "m.measured_on",
            Words("Dag", "Day"),
            description=Words(
                "Dage fra start i indsatsen; negativ er før.",
                "Days from the start of the intervention; negative is before.",
            ),
            **_PROCESS,
        ),
        _M.code(
            "respondent",
            "m.respondent",
            Words("Svaret af", "Answered by"),
            codes(Respondent.choices),
            **_PROCESS,
        ),
        _M.value(
            "score",
            "m.score",
            "number",
            Words("Score", "Score"),
            Unit.POINTS,
            missing=f"CASE WHEN m.score IS NOT NULL THEN NULL WHEN m.missing_reason IN "
            f"({quoted(MissingReason.values)}) THEN m.missing_reason ELSE {NOT_ON_LIST} END",
        ),
        _M.value(
            "scale_min",
            "m.scale_min",
            "number",
            Words("Laveste på skalaen", "Lowest on the scale"),
            Unit.POINTS,
            **_PROCESS,
        ),
        _M.value(
            "scale_max",
            "m.scale_max",
            "number",
            Words("Højeste på skalaen", "Highest on the scale"),
            Unit.POINTS,
            **_PROCESS,
        ),
        _M.yes(
            "corrected",
            "m.replaces_id IS NOT NULL",
            Words("Rettet", "Corrected"),
            description=Words("1, når målingen er rettet.", "1 when the measurement has been corrected."),
            running=True,
            **_PROCESS,
        ),
    ),
    order=("family_id", "day", "measurement_id"),
    key=("measurement_id",),
)
