"""Counts of people who are third parties: the one form in which anything of them is counted across families.

People of a family's network, what is checked and agreed about them, and who sat at a meeting never leave, and no free SQL
of the evaluation may name their tables. What may be told is how many. A `CountSource` is not SQL: it names a table, the
columns to group by and the conditions to count under, each of them an id, a number, a day, a yes/no or a code of a closed
list. `refuse_words` holds the columns to that by the models themselves, so that a name or a remark cannot be declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db import models

_NAME = re.compile(r"[a-z][a-z_]{0,60}")


@dataclass(frozen=True)
class Is:
    """The column holds one of the values; no value means that it holds none."""

    column: str
    values: tuple[str | int | bool, ...] = ()

    def sql(self, alias: str) -> str:
        if not self.values:
            return f"{alias}.{self.column} IS NULL"
        return f"{alias}.{self.column} IN ({', '.join(_literal(value) for value in self.values)})"


@dataclass(frozen=True)
class Given:
    """The column holds something."""

    column: str

    def sql(self, alias: str) -> str:
        return f"{alias}.{self.column} IS NOT NULL"


@dataclass(frozen=True)
class CountSource:
    """How many rows of ``table`` (or of ``inner``, whose column ``via`` points at it) for each group of ``keys``.

    ``keys``: columns of ``table`` by the name they get. ``counts``: conditions on the rows that are counted.
    """

    name: str
    table: str
    keys: Mapping[str, str]
    counts: Mapping[str, tuple[Is | Given, ...]]
    inner: str = ""
    via: str = ""

    def __post_init__(self) -> None:
        names = (
            self.name, self.table, *self.keys, *self.keys.values(), *self.counts, *(c.column for c in self.conditions),
            *((self.inner, self.via) if self.inner else ()),
        )  # fmt: skip
        for name in names:
            if not _NAME.fullmatch(name):
                raise ValueError(f"{self.name}: {name!r} is no name of a table or column")

    @property
    def conditions(self) -> tuple[Is | Given, ...]:
        return tuple(condition for together in self.counts.values() for condition in together)

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """What is read of each table, and nothing besides."""
        read = {self.table: {"id", *self.keys.values()}}
        read.setdefault(self.inner or self.table, {"id"}).update(c.column for c in self.conditions)
        if self.inner:
            read[self.inner].add(self.via)
        return {table: tuple(sorted(columns)) for table, columns in read.items()}

    @property
    def sql(self) -> str:
        """The counts as a query: keys and numbers."""
        rows = "inside" if self.inner else "outside"
        counted = [
            f"count({rows}.id) FILTER (WHERE {' AND '.join(c.sql(rows) for c in together) or 'true'})::integer AS {name}"
            for name, together in self.counts.items()
        ]
        keys = [f"outside.{column} AS {name}" for name, column in self.keys.items()]
        inner = (
            f" LEFT JOIN public.{self.inner} inside ON inside.{self.via} = outside.id" if self.inner else ""
        )
        grouped = ", ".join(f"outside.{column}" for column in self.keys.values())
        return f"SELECT {', '.join([*keys, *counted])} FROM public.{self.table} outside{inner} GROUP BY {grouped}"


def _literal(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def refuse_words(sources: Iterable[CountSource]) -> None:
    """Raise ValueError for a source that reads a column in which words could stand."""
    columns = {
        (model._meta.db_table, f.column): f
        for model in apps.get_models()
        for f in model._meta.concrete_fields
    }
    for source in sources:
        for table, names in source.columns.items():
            for name in names:
                if not _is_bare(columns.get((table, name))):
                    raise ValueError(f"{source.name}: {table}.{name} may hold words, and only counts leave")


def _is_bare(column: models.Field[object, object] | None) -> bool:
    """Whether a column is an id, a number, a day, a yes/no or a code of a closed list."""
    if isinstance(column, models.ForeignKey | models.AutoField | models.BooleanField | models.DateField):
        return True
    return isinstance(column, models.CharField | models.IntegerField) and bool(column.choices)


#: Everything that is counted of third parties.
COUNTED: dict[str, CountSource] = {
    source.name: source
    for source in (
        CountSource(
            name="people_on_maps",
            table="network_networkmap",
            keys={"map": "id", "family": "family_id", "moment": "moment", "drawn_on": "drawn_on",
                  "with_parents": "drawn_with_parents"},
            inner="network_networkperson",
            via="map_id",
            counts={
                "people": (),
                "private": (Is("sector", ("family", "friends", "work_neighbourhood")),),
                "family_people": (Is("sector", ("family",)),),
                "friends": (Is("sector", ("friends",)),),
                "neighbours": (Is("sector", ("work_neighbourhood",)),),
                "professionals": (Is("sector", ("professionals",)),),
                "near": (Is("closeness", (1,)),),
                "middle": (Is("closeness", (2,)),),
                "far": (Is("closeness", (3,)),),
                "supportive": (
                    Is("sector", ("family", "friends", "work_neighbourhood")), Is("direction", ("gives", "mutual")),
                ),
                "strained": (Is("strained", (True,)),),
            },
        ),
        CountSource(
            name="agreed_tasks",
            table="network_agreement",
            keys={"family": "family_id"},
            counts={
                "made": (),
                "kept": (Is("kept", (True,)),),
                "not_kept": (Is("kept", (False,)),),
                "open": (Is("kept"),),
            },
        ),
        CountSource(
            name="invited_people",
            table="network_networkinvitation",
            keys={"family": "family_id"},
            counts={"invited": (), "came": (Is("came", (True,)),)},
        ),
        CountSource(
            name="family_conferences",
            table="flow_conference_conference",
            keys={"family": "family_id"},
            inner="flow_conference_conferencemeeting",
            via="conference_id",
            counts={"held": (), "with_plan": (Is("has_plan", (True,)),)},
        ),
        CountSource(
            name="people_at_meetings",
            table="meetings_attendance",
            keys={"meeting": "meeting_id"},
            counts={
                "colleagues": (Given("staff_id"), Is("present", (True,))),
                "others": (Is("staff_id"), Is("present", (True,))),
            },
        ),
    )
}  # fmt: skip
