"""A row per measurement."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.kit import (
    INSTRUMENT_VERSION,
    NOT_ON_LIST,
    NOT_RELEVANT,
    Dataset,
    Variable,
    coded,
    days,
    labels,
    pseudonym,
    quoted,
    when_null,
)
from placement.families import codes
from placement.instruments import catalogue
from placement.instruments.definition import Entry
from placement.progression.codes import OWN_SCALES, Element, MissingReason, Respondent


def _shipped() -> dict[str, str]:
    """Each scale of each instrument that comes with the product, under the name its scores stand by.

    Not of a municipality's own files: what they are called is its own text, and does not leave by itself.
    """
    found = {}
    for definition in catalogue.shipped():
        for scale in definition.scales if definition.entry is not Entry.GOALS else ():
            alone = len(definition.scales) == 1
            title = definition.title.da if alone else f"{definition.title.da} – {scale.title.da}"
            found[definition.slug_of(scale)] = title
    return found


#: Instruments whose name may leave: our own scales, those that come with the product, and two that the programme's
#: parties name and that are written down as plain measurements (PRFQ has no total of its own). Ours to edit.
INSTRUMENTS: dict[str, str] = {
    **labels((scale.slug, scale.title) for scale in OWN_SCALES.values()),
    **_shipped(),
    "prfq": "PRFQ (forældres refleksive funktion)",
    "cib": "CIB (samspil på video)",
}


MEASUREMENTS = Dataset(
    name=DatasetName.MEASUREMENTS,
    title="Målinger",
    description="En række for hver måling. En rettet måling står med sin seneste værdi.",
    source="""FROM public.progression_measurement m
  JOIN public.families_family f ON f.id = m.family_id
  LEFT JOIN public.families_person about ON about.id = m.person_id
 WHERE f.started_on IS NOT NULL
   AND NOT EXISTS (SELECT FROM public.progression_measurement later WHERE later.replaces_id = m.id)""",
    variables=(
        pseudonym("measurement_id", "m.uuid", "Måling"),
        pseudonym("family_id", "f.uuid", "Familie"),
        pseudonym(
            "person_id",
            "about.uuid",
            "Hvem målingen handler om",
            missing=when_null("m.person_id", NOT_RELEVANT),
        ),
        coded(
            "person_kind",
            "about.kind",
            "Personens rolle i familien",
            labels(codes.PersonKind.choices),
            empty=NOT_RELEVANT,
        ),
        coded("element", "m.element", "Kerneelement", labels(Element.choices)),
        coded("instrument", "m.instrument", "Redskab", INSTRUMENTS),
        Variable(
            "instrument_version",
            f"CASE WHEN m.instrument_version ~ '{INSTRUMENT_VERSION}' THEN m.instrument_version END",
            "string",
            "Redskabets version",
            pattern=INSTRUMENT_VERSION,
            missing=f"CASE WHEN m.instrument_version ~ '{INSTRUMENT_VERSION}' THEN NULL "
            f"ELSE {NOT_ON_LIST} END",
        ),
        Variable(
            "day", days("m.measured_on"), "integer", "Dag", "Dage fra start i indsatsen; negativ er før."
        ),
        coded("respondent", "m.respondent", "Svaret af", labels(Respondent.choices)),
        Variable(
            "score",
            "m.score",
            "number",
            "Score",
            missing=f"CASE WHEN m.score IS NOT NULL THEN NULL WHEN m.missing_reason IN "
            f"({quoted(MissingReason.values)}) THEN m.missing_reason ELSE {NOT_ON_LIST} END",
        ),
        Variable("scale_min", "m.scale_min", "number", "Laveste på skalaen"),
        Variable("scale_max", "m.scale_max", "number", "Højeste på skalaen"),
        Variable("corrected", "m.replaces_id IS NOT NULL", "boolean", "Rettet", "1, når målingen er rettet."),
    ),
    order=("family_id", "day", "measurement_id"),
    key=("measurement_id",),
)
