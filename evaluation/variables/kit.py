"""What a variable and a dataset are, and how one is written down; all datasets share it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import override

from evaluation.dataset_names import DatasetName
from placement.progression.codes import MissingReason
from workflows.fidelity.counted import COUNTED

PSEUDONYM = "^[bcdfghjkmnpqrstv]{20}$"
MODEL_VERSION = "^[A-Za-z0-9.-]{1,20}$"
INSTRUMENT_VERSION = "^[0-9]{1,4}([.-][0-9]{1,4}){0,2}$"
STEP_CODE = "^[A-Za-z0-9-]{1,8}$"


class Words(NamedTuple):
    """One text in the codebook's two languages."""

    da: str
    en: str


@dataclass(frozen=True)
class Codes:
    """A code table: code → words. Never made from data."""

    da: Mapping[str, str]
    en: Mapping[str, str]


def codes(choices: Iterable[tuple[object, object]]) -> Codes:
    """The code table of a model's choices, in both languages by the product's own translation."""
    listed = list(choices)
    return Codes(_labels(listed, "da"), _labels(listed, "en"))


def codes_of(words: Mapping[str, Words]) -> Codes:
    """A code table that is written down here."""
    return Codes({c: w.da for c, w in words.items()}, {c: w.en for c, w in words.items()})


def _labels(choices: Iterable[tuple[object, object]], language: str) -> dict[str, str]:
    with override(language):
        return {str(code): str(label) for code, label in choices}


_REASONS = codes(MissingReason.choices)

#: Why a value is missing, and the one reason that is the export's own.
MISSING_REASONS: dict[str, str] = {
    **_REASONS.da,
    "not_on_list": "Værdien står ikke på listen over koder og udleveres derfor ikke",
}
MISSING_REASONS_EN: dict[str, str] = {
    **_REASONS.en,
    "not_on_list": "The value is not on the list of codes and is therefore held back",
}

# The same reasons as SQL.
NOT_ASKED, NOT_RELEVANT, NOT_YET_DUE, NOT_ON_LIST = (
    f"'{reason}'" for reason in ("not_asked", "not_relevant", "not_yet_due", "not_on_list")
)


#: Third parties: people of a family's network, what is checked and agreed about them, and who sat at a meeting. No
#: dataset, view or read grant may name these tables; each begins with one of these words. How many they are is read from
#: the declared counts alone (`workflows.fidelity.counted`), which stand in the schema `COUNTS`.
NEVER_LEAVES = ("network_", "flow_conference_", "meetings_attendance")
COUNTS = "counted"

#: A word of the model versions that begins so, and is no table.
_OF_THE_MODEL = frozenset({"network_meeting"})

_NAMED = re.compile(r"\b(" + "|".join(NEVER_LEAVES) + r")\w*", re.IGNORECASE)


def refuse_third_parties(where: str, sql: str) -> None:
    """Raises ValueError when ``sql`` names a table in which people of a network stand."""
    for named in _NAMED.finditer(sql):
        if named.group() not in _OF_THE_MODEL:
            raise ValueError(
                f"{where}: {named.group()} holds people of a family's network, and none of it leaves"
            )


#: What looks like a person's number, telephone or address in a text that goes into files.
_PERSONAL = {
    "a CPR number": re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{2}[- ]?\d{4}(?!\d)"),
    "a telephone number": re.compile(r"(?<![\d.])(\+45 ?)?\d{2} ?\d{2} ?\d{2} ?\d{2}(?![\d.])"),
    "an e-mail address": re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+"),
}


def refuse_personal(where: str, texts: Iterable[str]) -> None:
    """Raises ValueError when one of the texts holds what looks like a CPR number, a telephone number or an e-mail."""
    for text in texts:
        for what, pattern in _PERSONAL.items():
            if pattern.search(text):
                raise ValueError(f"{where}: a text of the codebook holds {what}")


class Sort(StrEnum):
    """What a variable can do to a family, and so how disclosure control treats it."""

    IDENTIFYING = "identifying"
    QUASI_IDENTIFYING = "quasi_identifying"
    SENSITIVE = "sensitive"
    OUTCOME = "outcome"
    PROCESS = "process"


@dataclass(frozen=True)
class Variable:
    """One column of a dataset. ``sql`` gives it from the dataset's source; ``missing`` gives why it is null.

    ``type`` is a Frictionless field type. ``values`` (code → Danish words) or ``pattern`` says what a text
    may be; a text with neither is refused. A variable with ``missing`` is followed by ``<name>_missing``.
    ``source`` is where in the system it is written, ``why`` the question that it is collected for. Those of the product
    are written with `variable`, which wants all of it.
    """

    name: str
    sql: str
    type: str
    title: str
    description: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    pattern: str = ""
    missing: str = ""
    sort: Sort = Sort.PROCESS
    unit: str = ""
    title_en: str = ""
    values_en: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    why: str = ""
    description_en: str = ""
    unit_en: str = ""
    source_en: str = ""
    why_en: str = ""
    #: Whether its sort was stated and nothing of it is lacking.
    declared: bool = False

    def __post_init__(self) -> None:
        if self.type == "string" and not self.values and not self.pattern:
            raise ValueError(f"{self.name}: a text must be held to a list or a pattern")
        refuse_third_parties(self.name, f"{self.sql} {self.missing}")
        refuse_personal(self.name, self.texts)

    @property
    def reason_name(self) -> str:
        return f"{self.name}_missing"

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of it that stands in a codebook."""
        said = (self.title, self.title_en, self.description, self.description_en, self.unit, self.unit_en)
        lists = (*self.values, *self.values.values(), *self.values_en.values())
        return (self.name, *said, self.source, self.source_en, self.why, self.why_en, *lists)


@dataclass(frozen=True)
class Dataset:
    """One file: what a row is, its variables, where they come from, and the order of its rows."""

    name: DatasetName
    title: str
    description: str
    source: str
    variables: tuple[Variable, ...]
    order: tuple[str, ...]
    key: tuple[str, ...]
    title_en: str = ""
    description_en: str = ""

    def __post_init__(self) -> None:
        refuse_third_parties(self.name, self.source)
        refuse_personal(self.name, (self.title, self.title_en, self.description, self.description_en))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns in the file and in the view, reasons beside their variables."""
        return tuple(
            name for v in self.variables for name in ((v.name, v.reason_name) if v.missing else (v.name,))
        )

    def only(self, names: Collection[str]) -> Dataset:
        """The dataset with its keys and the variables called ``names``. Raises ValueError for one it does not declare."""
        declared = {v.name for v in self.variables}
        if unknown := sorted(set(names) - declared):
            raise ValueError(f"{self.name} declares no variable called {', '.join(unknown)}")
        kept = tuple(v for v in self.variables if v.name in names or v.name in self.key)
        left = {v.name for v in kept}
        order = tuple(dict.fromkeys((*(name for name in self.order if name in left), *self.key)))
        return replace(self, variables=kept, order=order)


def variable(
    name: str,
    sql: str,
    kind: str,
    title: Words,
    *,
    sort: Sort | None = None,
    unit: Words | None = None,
    source: Words | None = None,
    why: Words | None = None,
    description: Words | None = None,
    values: Codes | None = None,
    pattern: str = "",
    missing: str = "",
) -> Variable:
    """One declaration of the product, whole. Raises ValueError with what is lacking in it."""
    lacking = [
        what
        for what, given in (
            ("the label in both languages", all(title)),
            ("its sort", sort is not None),
            ("its unit", unit is not None and all(unit)),
            ("its source in the system", source is not None and all(source)),
            ("why it is collected", why is not None and all(why)),
            ("its description in both languages", description is None or all(description)),
            (
                "English words for every value",
                values is None
                or (bool(values.da) and set(values.da) == set(values.en) and all(values.en.values())),
            ),
        )
        if not given
    ]
    if lacking or sort is None or unit is None or source is None or why is None:
        raise ValueError(f"{name} does not say {', '.join(lacking)}")
    about, table = description or Words("", ""), values or Codes({}, {})
    return Variable(
        name=name,
        sql=sql,
        type=kind,
        title=title.da,
        title_en=title.en,
        description=about.da,
        description_en=about.en,
        values=table.da,
        values_en=table.en,
        pattern=pattern,
        missing=missing,
        sort=sort,
        unit=unit.da,
        unit_en=unit.en,
        source=source.da,
        source_en=source.en,
        why=why.da,
        why_en=why.en,
        declared=True,
    )


def refuse_incomplete(dataset: Dataset) -> Dataset:
    """The dataset itself. Raises ValueError when something of it is not declared, or two of its columns share a name."""
    said = (dataset.title, dataset.title_en, dataset.description, dataset.description_en)
    if not all(said):
        raise ValueError(f"{dataset.name} does not say in both languages what it is")
    undeclared = [v.name for v in dataset.variables if not v.declared]
    if undeclared:
        raise ValueError(f"{dataset.name}: {', '.join(undeclared)} is not declared whole")
    if len(set(dataset.columns)) != len(dataset.columns):
        raise ValueError(f"{dataset.name} has two columns of one name")
    if not {*dataset.order, *dataset.key} <= {v.name for v in dataset.variables}:
        raise ValueError(f"{dataset.name} is ordered or keyed by a variable it does not have")
    return dataset


def counted(name: str) -> str:
    """A declared count of third parties as the views read it. Raises KeyError for one that is not declared."""
    return f"{COUNTS}.{COUNTED[name].name}"


class Unit:
    """What numbers count."""

    PSEUDONYM = Words("pseudonym", "pseudonym")
    CODE = Words("kode", "code")
    YES_NO = Words("ja/nej", "yes/no")
    DATE = Words("dato", "date")
    DAYS = Words("dage fra start i indsatsen", "days from the start of the intervention")
    WEEKS = Words("uger fra start i indsatsen", "weeks from the start of the intervention")
    LENGTH = Words("dage", "days")
    LENGTH_WEEKS = Words("uger", "weeks")
    MONTHS = Words("måneder", "months")
    YEARS = Words("år", "years")
    YEAR = Words("kalenderår", "calendar year")
    COUNT = Words("antal", "count")
    NUMBER = Words("løbenummer", "running number")
    NIGHTS = Words("nætter", "nights")
    POINTS = Words("point på redskabets egen skala", "points on the instrument's own scale")
    LEVEL = Words("trin på skalaen -2 til 2", "level on the scale -2 to 2")
    T_SCORE = Words("T-score, 50 er som forventet", "T score, 50 is as expected")
    SHARE = Words("andel fra 0 til 1", "share from 0 to 1")
    STEP = Words("trin, 1 er det første", "step, 1 is the first")
    WEIGHT = Words("vægt fra 1 til 3", "weight from 1 to 3")


class Why:
    """The evaluation's questions: every variable serves one of them."""

    KEY = Words(
        "At rækker om det samme kan kobles inden for aftalen.",
        "To join rows about the same subject within the agreement.",
    )
    GROUP = Words(
        "At beskrive målgruppen, som VIVEs registreringsskema spørger.",
        "To describe the target group, as VIVE's registration form asks.",
    )
    IMPLEMENTATION = Words(
        "Om modellen gennemføres, som den er beskrevet.",
        "Whether the model is carried out as it is described.",
    )
    RESULT = Words("Resultater for målgruppen.", "Results for the target group.")
    COST = Words(
        "Hvad indsatsen koster at begynde og at drive.", "What the intervention costs to begin and to run."
    )
    ORGANISATION = Words("Faglige og organisatoriske resultater.", "Professional and organisational results.")
    VERSION = Words(
        "Modellen ændres undervejs; tal kan kun sammenlignes inden for samme udgave.",
        "The model changes on the way; figures compare within one version only.",
    )


#: What has no unit of its own has that of its type.
_UNIT_OF = {"boolean": Unit.YES_NO, "date": Unit.DATE, "string": Unit.CODE}

_PSEUDONYM_WORDS = Words(
    "Pseudonym: det samme ved hver udlevering efter samme aftale, et andet efter en anden. Kan ikke føres tilbage "
    "uden aftalens nøgle.",
    "Pseudonym: the same at each release under one agreement, another under another. Cannot be led back without the "
    "agreement's key.",
)
SYSTEM = Words("Dannes ved udleveringen.", "Made when the release is built.")


def pseudonym_of(kind: str, subject: str) -> str:
    """The pseudonym as SQL. The two parts are worked out once for each statement, and handed on row by row."""
    return f"sec.pseudonym((SELECT sec.inner_part(sec.project(), '{kind}')), (SELECT sec.outer_part(sec.project())), {subject})"


def pseudonym(name: str, kind: str, sql: str, title: Words, *, missing: str = "") -> Variable:
    """The id of a subject outside. ``kind``: what sort of subject; two sorts never share a pseudonym."""
    return variable(
        name,
        pseudonym_of(kind, sql),
        "string",
        title,
        sort=Sort.IDENTIFYING,
        unit=Unit.PSEUDONYM,
        source=SYSTEM,
        why=Why.KEY,
        description=_PSEUDONYM_WORDS,
        pattern=PSEUDONYM,
        missing=missing,
    )


def family_id() -> Variable:
    """Whose row it is; the same name in each dataset, so that they join."""
    return pseudonym("family_id", "family", "f.uuid", Words("Familie", "Family"))


def municipality_code(sql: str = "f.municipality_id", *, missing: str = "") -> Variable:
    """In each dataset: every municipality decides for its own rows (`evaluation.extract`)."""
    return variable(
        "municipality_code",
        sql,
        "integer",
        Words("Kommunekode", "Municipality code"),
        sort=Sort.QUASI_IDENTIFYING,
        unit=Unit.CODE,
        source=Words("Sagens kommune", "The case's municipality"),
        why=Why.GROUP,
        description=Words("Danmarks officielle koder.", "Denmark's official codes."),
        missing=missing,
    )


def quoted(values: Iterable[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def coded(
    name: str,
    sql: str,
    title: Words,
    values: Codes,
    *,
    sort: Sort | None = None,
    source: Words | None = None,
    why: Words | None = None,
    description: Words | None = None,
    empty: str = NOT_ASKED,
) -> Variable:
    """A code that is let through only from its list. ``empty``: the reason, as SQL, when nothing stands."""
    return variable(
        name,
        f"CASE WHEN {sql} IN ({quoted(values.da)}) THEN {sql} END",
        "string",
        title,
        sort=sort,
        unit=Unit.CODE,
        source=source,
        why=why,
        description=description,
        values=values,
        missing=f"CASE WHEN {sql} IN ({quoted(values.da)}) THEN NULL "
        f"WHEN coalesce({sql}, '') = '' THEN {empty} ELSE {NOT_ON_LIST} END",
    )


def when_null(sql: str, reason: str) -> str:
    return f"CASE WHEN {sql} IS NULL THEN {reason} END"


def days(moment: str) -> str:
    """Days from the start of the intervention to a date column."""
    return f"{moment} - f.started_on"


def danish(moment: str) -> str:
    """The Danish calendar day of a moment column."""
    return f"({moment} AT TIME ZONE 'Europe/Copenhagen')::date"


class Maker:
    """Declarations of one dataset that share where they come from, why they are collected and their sort."""

    def __init__(self, source: Words, why: Words, sort: Sort = Sort.PROCESS) -> None:
        self.source, self.why, self.sort = source, why, sort

    def _said(self, said: dict[str, object]) -> dict[str, object]:
        return {"source": self.source, "why": self.why, "sort": self.sort} | said

    def value(
        self, name: str, sql: str, kind: str, title: Words, unit: Words | None = None, **said: object
    ) -> Variable:
        """A number, a date or a yes/no."""
        return variable(name, sql, kind, title, unit=unit or _UNIT_OF.get(kind), **self._said(said))  # type: ignore[arg-type]

    def count(self, name: str, sql: str, title: Words, **said: object) -> Variable:
        return self.value(name, sql, "integer", title, Unit.COUNT, **said)

    def yes(self, name: str, sql: str, title: Words, **said: object) -> Variable:
        """1 is yes, 0 is no."""
        return self.value(name, sql, "boolean", title, None, **said)

    def code(self, name: str, sql: str, title: Words, values: Codes, **said: object) -> Variable:
        return coded(name, sql, title, values, **self._said(said))  # type: ignore[arg-type]

    def day(self, name: str, day: str, title: Words, *, empty: str = "", **said: object) -> Variable:
        """Days from the start to ``day``. ``empty``: the reason, as SQL, when there is none; else there always is one."""
        reason = {"missing": when_null(day, empty)} if empty else {}
        return self.value(name, days(day), "integer", title, Unit.DAYS, **reason, **said)

    def week(self, name: str, day: str, title: Words, **said: object) -> Variable:
        """Whole weeks from the start to ``day``, not yet due while there is none."""
        return self.value(
            name,
            f"floor(({days(day)}) / 7.0)::integer",
            "integer",
            title,
            Unit.WEEKS,
            description=Words(
                "Hele uger fra start i indsatsen; 0 er den første uge.",
                "Whole weeks from the start of the intervention; 0 is the first week.",
            ),
            missing=when_null(day, NOT_YET_DUE),
            **said,
        )


def of_model(description: Words) -> tuple[Variable, Variable]:
    """The model version and the municipality's adaptation of it, from the joins `version` and `adaptation`."""
    source = Words("Forløbets modelversion", "The journey's model version")
    return (
        variable(
            "model_version",
            "version.code",
            "string",
            Words("Modelversion", "Model version"),
            sort=Sort.PROCESS,
            unit=Unit.CODE,
            source=source,
            why=Why.VERSION,
            description=description,
            pattern=MODEL_VERSION,
            missing=when_null("version.code", NOT_ON_LIST),
        ),
        variable(
            "model_adaptation",
            "adaptation.code",
            "string",
            Words(
                "Kommunens tilpasning af modelversionen", "The municipality's adaptation of the model version"
            ),
            sort=Sort.PROCESS,
            unit=Unit.CODE,
            source=source,
            why=Why.VERSION,
            description=Words(
                "Modelversion, kommunekode og nummer; tomt, når det er den nationale version, der gælder.",
                "Model version, municipality code and number; empty when the national version applies.",
            ),
            pattern="^[A-Za-z0-9.-]{1,40}$",
            missing=when_null("adaptation.code", NOT_RELEVANT),
        ),
    )
