"""Professional and organisational results: training and supervision, and each site's self-assessment. No person."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.declared import Dataset, Words, codes_of
from evaluation.variables.kit import (
    Maker,
    Unit,
    Why,
    municipality_code,
    pseudonym,
)

_TRAINING = Maker(Words("Kompetencer og supervision", "Competences and supervision"), Why.ORGANISATION)
_ASSESSED = Maker(Words("Stedets selvvurdering", "The site's self-assessment"), Why.ORGANISATION)

#: The kinds that the national versions name. A municipality's own are its own text, and are counted without a name.
TRAINING_KINDS = codes_of(
    {
        "mentalisation-basic": Words(
            "Grundkursus i mentaliseringsbaseret behandling", "Basic course in mentalisation-based treatment"
        ),
        "mentalisation-supervision": Words("Mentaliseringssupervision", "Supervision in mentalisation"),
        "infant-first-aid": Words("Førstehjælp til spædbørn", "First aid for infants"),
        "concern-duty": Words(
            "Underretningspligt og børns beskyttelse", "The duty to notify and the protection of children"
        ),
        "adbb": Words("Certifikat i ADBB", "Certificate in ADBB"),
        "kips": Words("Certifikat i KIPS", "Certificate in KIPS"),
        "other": Words("Kommunens egne", "The municipality's own"),
    }
)
#: The headings that the national versions name.
PREREQUISITES = codes_of(
    {
        "prerequisites": Words("Organisatoriske forudsætninger", "Organisational prerequisites"),
        "values": Words(
            "Værdimæssigt afsæt for samarbejdet med forældrene", "Values behind working with the parents"
        ),
    }
)

_KNOWN_KIND = "CASE WHEN t.kind IN ({}) THEN t.kind ELSE 'other' END".format(
    ", ".join(f"'{code}'" for code in TRAINING_KINDS.da)
)

TRAINING = Dataset(
    name=DatasetName.TRAINING,
    title="Uddannelse og supervision",
    title_en="Training and supervision",
    description="En række for hver kommune, kalenderår og slags: hvor mange gange, og hvor mange medarbejdere. Ingen personer.",
    description_en="A row for each municipality, calendar year and kind: how many times, and how many members of staff. No "
    "person.",
    source=f"""FROM (SELECT t.municipality_id, extract(year FROM t.held_on)::integer AS year, {_KNOWN_KIND} AS kind,
               count(*)::integer AS times, count(DISTINCT t.staff_id)::integer AS staff,
               (count(*) FILTER (WHERE t.certificate))::integer AS certificates
          FROM public.staffing_trainingrecord t GROUP BY 1, 2, 3) taken""",
    variables=(
        municipality_code("taken.municipality_id"),
        _TRAINING.value("year", "taken.year", "integer", Words("År", "Year"), Unit.YEAR),
        _TRAINING.value("kind", "taken.kind", "string", Words("Slags", "Kind"), values=TRAINING_KINDS),
        _TRAINING.count("times", "taken.times", Words("Gange", "Times")),
        _TRAINING.count("staff", "taken.staff", Words("Medarbejdere", "Members of staff")),
        _TRAINING.count(
            "certificates", "taken.certificates", Words("Heraf med certifikat", "Of these with a certificate")
        ),
    ),
    order=("municipality_code", "year", "kind"),
    key=("municipality_code", "year", "kind"),
)

SELF_ASSESSMENTS = Dataset(
    name=DatasetName.SELF_ASSESSMENTS,
    title="Stedernes selvvurdering",
    title_en="The sites' self-assessment",
    description="En række for hver forudsætning i et steds selvvurdering af et år. Stedet er et pseudonym; bemærkninger "
    "udleveres ikke.",
    description_en="A row for each prerequisite in a site's self-assessment of a year. The site is a pseudonym; remarks do not "
    "leave.",
    source="""FROM public.model_versions_selfassessmentline l
  JOIN public.model_versions_selfassessment a ON a.id = l.assessment_id
  JOIN public.access_site s ON s.id = a.site_id""",
    variables=(
        pseudonym("line_id", "assessment", "l.uuid", Words("Svar", "Answer")),
        pseudonym("site_id", "site", "s.uuid", Words("Sted", "Site")),
        municipality_code("a.municipality_id"),
        _ASSESSED.value("year", "a.year", "integer", Words("År", "Year"), Unit.YEAR),
        _ASSESSED.code(
            "prerequisite",
            "l.key",
            Words("Forudsætning", "Prerequisite"),
            PREREQUISITES,
            description=Words(
                "Kommunens egne forudsætninger tæller med, men uden navn.",
                "The municipality's own prerequisites count, but without a name.",
            ),
        ),
        _ASSESSED.value("level", "l.level", "integer", Words("Trin", "Step"), Unit.STEP),
    ),
    order=("municipality_code", "year", "site_id", "prerequisite", "line_id"),
    key=("line_id",),
)
