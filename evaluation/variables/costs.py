"""Time and cost: hours and other expenses summed by what they were for, and their rates. No member of staff."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.declared import (
    NOT_ASKED,
    NOT_RELEVANT,
    Dataset,
    Words,
    codes,
    codes_of,
)
from evaluation.variables.kit import (
    Maker,
    Unit,
    Why,
    municipality_code,
    pseudonym,
    pseudonym_of,
    quoted,
    when_null,
)
from placement.costs.codes import Activity, CostCategory, CostStage, OtherCostKind
from placement.progression.codes import Element

_SPENT = Maker(Words("Ugens timer og andre udgifter", "The week's hours and other expenses"), Why.COST)
_RATE = Maker(Words("Satser for et år", "The rates of a year"), Why.COST)

#: The professions that the national versions name. What a municipality calls others is its own text.
PROFESSIONS = codes_of(
    {
        "familiebehandler": Words("Familiebehandler", "Family therapist"),
        "pædagog": Words("Pædagog", "Social educator"),
        "socialrådgiver": Words("Socialrådgiver", "Social worker"),
        "sundhedsplejerske": Words("Sundhedsplejerske", "Health visitor"),
        "psykolog": Words("Psykolog", "Psychologist"),
        "jordemoder": Words("Jordemoder", "Midwife"),
        "other": Words("Andre faggrupper", "Other professions"),
    }
)
_WHAT = codes_of(
    {"time": Words("Arbejdstid", "Working time"), "other": Words("Anden udgift", "Other expense")}
)
_RATED = codes_of(
    {
        "hour": Words("En times arbejde", "An hour's work"),
        "night": Words("En families nat", "A family's night"),
    }
)

_OF_LIST = f"CASE WHEN {{0}} IN ({quoted(code for code in PROFESSIONS.da if code != 'other')}) THEN {{0}} ELSE 'other' END"
#: Only for what is about no family: a family's months beside the calendar's years would tell when it began.
_YEAR = "CASE WHEN {family} IS NULL THEN {year}::integer END"
#: By what an hour is reckoned: a family's by the rates of the year it began, or those nearest to it, so that a new year's
#: rate does not tell in which of its months the year turned; all else by its own year's.
_RATE_OF = """SELECT h.amount FROM public.costs_yearofrates y JOIN public.costs_hourlyrate h ON h.rates_id = y.id
                       WHERE y.municipality_id = e.municipality_id AND y.withdrawn_at IS NULL AND h.profession = w.profession
                         AND (e.family_id IS NOT NULL OR y.year = extract(isoyear FROM w.monday))
                       ORDER BY abs(y.year - extract(year FROM g.started_on)), y.year LIMIT 1"""
#: A week belongs to the month of its Thursday, as on the municipality's own page.
_MONTH = "CASE WHEN {family} IS NOT NULL THEN floor(({day} - {start}) / 30.4375)::integer END"

TIME_COSTS = Dataset(
    name=DatasetName.TIME_COSTS,
    title="Tid og udgifter",
    title_en="Time and expenses",
    description="En række for hver familie og måned efter start, eller uden familie hvert år, faggruppe, aktivitet, kerneelement "
    "og slags: timer i sendte uger og andre udgifter. Kroner er rundet til hele hundrede. Tid og nætter gange takst er to "
    "regnemåder, der ikke må lægges sammen: en takst indeholder stedets løn.",
    description_en="A row for each family and month after the start, or without a family each year, profession, activity, core "
    "element and kind: hours in sent weeks and other expenses. Kroner are rounded to hundreds. Time, and nights times the rate, "
    "are two ways to reckon that must not be added: a rate holds the site's salaries.",
    source=f"""FROM (
       SELECT spent.*, f.uuid AS family,
              row_number() OVER (PARTITION BY spent.municipality_id
                                 ORDER BY {pseudonym_of("family", "f.uuid")},
                                          spent.year, spent.month, spent.what, spent.profession, spent.activity, spent.element,
                                          spent.stage, spent.category, spent.kind)::integer AS number
         FROM (SELECT e.municipality_id, e.family_id,
                      {_YEAR.format(family="e.family_id", year="extract(isoyear FROM w.monday)")} AS year,
                      {_MONTH.format(family="e.family_id", day="w.monday + 3", start="g.started_on")} AS month,
                      'time'::text AS what, {_OF_LIST.format("w.profession")} AS profession, e.activity::text AS activity,
                      e.element::text AS element, e.stage::text AS stage, e.category::text AS category, ''::text AS kind,
                      sum(e.quarters) / 4.0 AS hours,
                      CASE WHEN count(*) = count(r.amount) THEN sum(e.quarters / 4.0 * r.amount) END AS amount
                 FROM public.costs_timeentry e
                 JOIN public.costs_timeweek w ON w.id = e.week_id
                 LEFT JOIN public.families_family g ON g.id = e.family_id
                 LEFT JOIN LATERAL ({_RATE_OF}) r ON true
                WHERE e.replaced_at IS NULL AND w.sent_at IS NOT NULL
                  AND (e.family_id IS NULL OR g.started_on IS NOT NULL)
                GROUP BY 1, 2, 3, 4, 6, 7, 8, 9, 10
               UNION ALL
               SELECT o.municipality_id, o.family_id, {_YEAR.format(family="o.family_id", year="extract(year FROM o.day)")},
                      {_MONTH.format(family="o.family_id", day="o.day", start="g.started_on")},
                      'other', '', '', '', o.stage, o.category, o.kind, NULL, sum(o.amount)
                 FROM public.costs_othercost o LEFT JOIN public.families_family g ON g.id = o.family_id
                WHERE o.withdrawn_at IS NULL AND (o.family_id IS NULL OR g.started_on IS NOT NULL)
                GROUP BY 1, 2, 3, 4, 9, 10, 11) spent
         LEFT JOIN public.families_family f ON f.id = spent.family_id) s""",
    variables=(
        municipality_code("s.municipality_id"),
        _SPENT.value(
            "year",
            "s.year",
            "integer",
            Words("År", "Year"),
            Unit.YEAR,
            description=Words(
                "Kun for det, der ikke er om en familie. En uge hører til sin torsdags år.",
                "Only for what is not about a family. A week belongs to the year of its Thursday.",
            ),
            missing=when_null("s.year", NOT_RELEVANT),
        ),
        _SPENT.value(
            "number",
            "s.number",
            "integer",
            Words("Rækkens nummer i kommunen", "The row's number in the municipality"),
            Unit.NUMBER,
        ),
        pseudonym(
            "family_id",
            "family",
            "s.family",
            Words("Familie", "Family"),
            missing=when_null("s.family", NOT_RELEVANT),
        ),
        _SPENT.value(
            "month",
            "s.month",
            "integer",
            Words("Måned efter start i indsatsen", "Month after the start of the intervention"),
            Unit.MONTHS,
            description=Words(
                "0 er den første; kun for det, der er om en familie.",
                "0 is the first; only for what is about a family.",
            ),
            missing=when_null("s.month", NOT_RELEVANT),
        ),
        _SPENT.code("what", "s.what", Words("Tid eller anden udgift", "Time or other expense"), _WHAT),
        _SPENT.code(
            "profession", "s.profession", Words("Faggruppe", "Profession"), PROFESSIONS, empty=NOT_RELEVANT
        ),
        _SPENT.code(
            "activity",
            "s.activity",
            Words("Aktivitet", "Activity"),
            codes(Activity.choices),
            empty=NOT_RELEVANT,
        ),
        _SPENT.code(
            "element",
            "s.element",
            Words("Kerneelement", "Core element"),
            codes(Element.choices),
            empty=NOT_RELEVANT,
        ),
        _SPENT.code(
            "other_kind",
            "s.kind",
            Words("Hvad der ellers blev betalt for", "What else was paid for"),
            codes(OtherCostKind.choices),
            empty=NOT_RELEVANT,
        ),
        _SPENT.code(
            "stage",
            "s.stage",
            Words("Opstart eller drift", "Start-up or operation"),
            codes(CostStage.choices),
        ),
        _SPENT.code(
            "category",
            "s.category",
            Words("Kategori i Social- og Boligstyrelsens model", "Category in the authority's model"),
            codes(CostCategory.choices),
        ),
        _SPENT.value(
            "hours",
            "s.hours",
            "number",
            Words("Timer", "Hours"),
            Words("timer", "hours"),
            missing=when_null("s.hours", NOT_RELEVANT),
        ),
        _SPENT.value(
            "amount",
            "round(s.amount / 100) * 100",
            "number",
            Words("Kroner, rundet til hundrede", "Kroner, rounded to hundreds"),
            Words("kroner", "Danish kroner"),
            description=Words(
                "Timer gange timeprisen, eller det betalte. En families timer regnes efter satserne for det år, den startede "
                "(eller de nærmeste), alt andet efter årets egne. Mangler, når faggruppen ingen timepris har.",
                "Hours times the hourly cost, or what was paid. A family's hours are reckoned by the rates of the year it began "
                "(or the nearest), all else by the year's own. Missing when the profession has no rate.",
            ),
            missing=when_null("s.amount", NOT_ASKED),
        ),
    ),
    order=("municipality_code", "number"),
    key=("municipality_code", "number"),
)

RATES = Dataset(
    name=DatasetName.RATES,
    title="Satser",
    title_en="Rates",
    description="En række for hver kommune, år og sats: en times arbejde for en faggruppe, eller en families nat på et sted. "
    "Nætterne står i datasættet om ophold.",
    description_en="A row for each municipality, year and rate: an hour's work of a profession, or a family's night at a site. "
    "The nights are in the dataset of stays.",
    source=f"""FROM (
       SELECT h.uuid, y.municipality_id, y.year, y.price_year, 'hour'::text AS what,
              {_OF_LIST.format("h.profession")} AS profession,
              NULL::uuid AS site, h.amount, NULL::numeric AS occupancy
         FROM public.costs_hourlyrate h JOIN public.costs_yearofrates y ON y.id = h.rates_id WHERE y.withdrawn_at IS NULL
        UNION ALL
       SELECT n.uuid, y.municipality_id, y.year, y.price_year, 'night', '', s.uuid, n.amount, n.occupancy
         FROM public.costs_nightrate n JOIN public.costs_yearofrates y ON y.id = n.rates_id
         JOIN public.access_site s ON s.id = n.site_id WHERE y.withdrawn_at IS NULL) r""",
    variables=(
        pseudonym("rate_id", "rate", "r.uuid", Words("Sats", "Rate")),
        municipality_code("r.municipality_id"),
        _RATE.value("year", "r.year", "integer", Words("År", "Year"), Unit.YEAR),
        _RATE.value(
            "price_year", "r.price_year", "integer", Words("Prisniveau", "Prices of the year"), Unit.YEAR
        ),
        _RATE.code("what", "r.what", Words("Hvad der koster", "What costs"), _RATED),
        _RATE.code(
            "profession", "r.profession", Words("Faggruppe", "Profession"), PROFESSIONS, empty=NOT_RELEVANT
        ),
        pseudonym(
            "site_id", "site", "r.site", Words("Sted", "Site"), missing=when_null("r.site", NOT_RELEVANT)
        ),
        _RATE.value(
            "amount", "r.amount", "number", Words("Kroner", "Kroner"), Words("kroner", "Danish kroner")
        ),
        _RATE.value(
            "occupancy",
            "r.occupancy",
            "number",
            Words("Belægning", "Occupancy"),
            Unit.SHARE,
            missing=when_null(
                "r.occupancy", f"CASE WHEN r.what = 'hour' THEN {NOT_RELEVANT} ELSE {NOT_ASKED} END"
            ),
        ),
    ),
    order=("municipality_code", "year", "what", "profession", "rate_id"),
    key=("rate_id",),
)
