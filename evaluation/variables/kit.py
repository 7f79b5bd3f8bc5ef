"""What a variable and a dataset are, and how one is written down; all datasets share it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import override

from evaluation.dataset_names import DatasetName
from placement.progression.codes import MissingReason

PSEUDONYM = "^[0-9a-f]{16}$"
MODEL_VERSION = "^[A-Za-z0-9.-]{1,20}$"
INSTRUMENT_VERSION = "^[0-9]{1,4}([.-][0-9]{1,4}){0,2}$"
STEP_CODE = "^[A-Za-z0-9-]{1,8}$"


def labels(choices: Iterable[tuple[object, object]]) -> dict[str, str]:
    with override("da"):
        return {str(code): str(label) for code, label in choices}


#: Why a value is missing, and the one reason that is the export's own.
MISSING_REASONS: dict[str, str] = {
    **labels(MissingReason.choices),
    "not_on_list": "Værdien står ikke på listen over koder og udleveres derfor ikke",
}

# The same reasons as SQL.
NOT_ASKED, NOT_RELEVANT, NOT_YET_DUE, NOT_ON_LIST = (
    f"'{reason}'" for reason in ("not_asked", "not_relevant", "not_yet_due", "not_on_list")
)


#: Third parties: people of a family's network, what is checked and agreed about them, and who sat at a meeting. No
#: dataset, view or read grant may name these tables; each begins with one of these words.
NEVER_LEAVES = ("network_", "flow_conference_", "meetings_attendance")

_NAMED = re.compile(r"\b(" + "|".join(NEVER_LEAVES) + r")\w*", re.IGNORECASE)


def refuse_third_parties(where: str, sql: str) -> None:
    """Raises ValueError when ``sql`` names a table in which people of a network stand."""
    named = _NAMED.search(sql)
    if named:
        raise ValueError(
            f"{where}: {named.group()} holds people of a family's network, and none of it leaves"
        )


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
    ``source`` is where in the system it is written, ``why`` the question that it is collected for.
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

    def __post_init__(self) -> None:
        if self.type == "string" and not self.values and not self.pattern:
            raise ValueError(f"{self.name}: a text must be held to a list or a pattern")
        refuse_third_parties(self.name, f"{self.sql} {self.missing}")

    @property
    def reason_name(self) -> str:
        return f"{self.name}_missing"


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

    def __post_init__(self) -> None:
        refuse_third_parties(self.name, self.source)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns in the file and in the view, reasons beside their variables."""
        return tuple(
            name for v in self.variables for name in ((v.name, v.reason_name) if v.missing else (v.name,))
        )


def pseudonym(name: str, sql: str, title: str, *, missing: str = "") -> Variable:
    return Variable(
        name=name,
        sql=f"sec.pseudonym({sql})",
        type="string",
        title=title,
        description="Pseudonym: det samme ved hver udlevering, og kan ikke føres tilbage uden nøglen.",
        pattern=PSEUDONYM,
        missing=missing,
    )


def quoted(values: Iterable[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def coded(name: str, sql: str, title: str, values: Mapping[str, str], *, empty: str = NOT_ASKED) -> Variable:
    """A code that is let through only from its list. ``empty``: the reason, as SQL, when nothing stands."""
    return Variable(
        name=name,
        sql=f"CASE WHEN {sql} IN ({quoted(values)}) THEN {sql} END",
        type="string",
        title=title,
        values=values,
        missing=f"CASE WHEN {sql} IN ({quoted(values)}) THEN NULL "
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


def week(name: str, day: str, title: str) -> Variable:
    return Variable(
        name=name,
        sql=f"floor(({days(day)}) / 7.0)::integer",
        type="integer",
        title=title,
        description="Hele uger fra start i indsatsen; 0 er den første uge.",
        missing=when_null(day, NOT_YET_DUE),
    )


def of_model(description: str) -> tuple[Variable, Variable]:
    """The model version and the municipality's adaptation of it, from the joins `version` and `adaptation`."""
    return (
        Variable(
            "model_version",
            "version.code",
            "string",
            "Modelversion",
            description,
            pattern=MODEL_VERSION,
            missing=when_null("version.code", NOT_ON_LIST),
        ),
        Variable(
            "model_adaptation",
            "adaptation.code",
            "string",
            "Kommunens tilpasning af modelversionen",
            "Modelversion, kommunekode og nummer; tomt, når det er den nationale version, der gælder.",
            pattern="^[A-Za-z0-9.-]{1,40}$",
            missing=when_null("adaptation.code", NOT_RELEVANT),
        ),
    )


MODEL_OF_FAMILY = """
  LEFT JOIN LATERAL (
       SELECT p.model_version_id AS id, p.adaptation_id FROM public.kernel_process p
        WHERE p.family_id = f.id AND p.flow_class = 'flow_journey/flow.JourneyFlow' ORDER BY p.id DESC LIMIT 1
       ) journey ON true
  LEFT JOIN public.model_versions_modelversion version ON version.id = journey.id
  LEFT JOIN public.model_versions_adaptation adaptation ON adaptation.id = journey.adaptation_id"""
