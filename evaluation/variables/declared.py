"""What a variable and a dataset are, and what is lacking in one that is not declared whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import override

from evaluation.dataset_names import DatasetName
from evaluation.variables.refusing import refuse_personal, refuse_third_parties
from placement.progression.codes import MissingReason


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
    #: Whether it stands as of the day it is read while the journey runs, without a day of its own, and so tells how long
    #: that has been: a count of what goes on at a rhythm, the latest of something, where the journey has come to.
    running: bool = False
    #: The variable of its dataset that holds the day it came to be so, and with which it is told.
    since: str = ""

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
    running: bool = False,
    since: str = "",
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
        running=running,
        since=since,
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
    days = {v.since for v in dataset.variables if v.since}
    if not {*dataset.order, *dataset.key, *days} <= {v.name for v in dataset.variables}:
        raise ValueError(
            f"{dataset.name} is ordered or keyed by a variable it does not have, or dated by one"
        )
    return dataset
