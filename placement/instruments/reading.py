"""Reading a definition's file: every part is asked for by name and kind, and what nobody asked for is refused."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from placement.access.errors import Refused
from placement.instruments.definition import (
    Alert,
    Band,
    Better,
    CutOff,
    Definition,
    Entry,
    Fact,
    Items,
    Licence,
    Method,
    Scale,
    Shipping,
    Window,
    Words,
)
from placement.instruments.faults import Fault, faults
from placement.instruments.lines import lines_of, nearest

Choice = TypeVar("Choice", bound=StrEnum)


class InvalidDefinition(Refused):
    """A file that cannot be an instrument; the message says every fault with its line, each on a line of its own."""

    type = "instrument-invalid"


class _Wrong(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


class _Table:
    """One table of the file: what is taken from it, and at the end whether something was left over."""

    def __init__(self, content: Mapping[str, Any], path: str = "") -> None:
        self.content, self.path, self.taken = content, path, set[str]()

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def take(self, name: str, kind: type | tuple[type, ...], default: Any = ...) -> Any:
        self.taken.add(name)
        value = self.content.get(name, default)
        if value is ...:
            raise _Wrong(Fault(self.path, _("%(name)s mangler.") % {"name": self.at(name)}))
        wrong = not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
        if wrong and value is not default:
            raise _Wrong(
                Fault(self.at(name), _("%(name)s er ikke af den rigtige slags.") % {"name": self.at(name)})
            )
        return value

    def text(self, name: str, default: Any = ...) -> str:
        value = str(self.take(name, str, default)).strip()
        if not value and default is ...:
            raise _Wrong(Fault(self.at(name), _("%(name)s er tom.") % {"name": self.at(name)}))
        return value

    def number(self, name: str) -> Decimal:
        return Decimal(str(self.take(name, (int, float))))

    def number_or_none(self, name: str) -> Decimal | None:
        value = self.take(name, (int, float), None)
        return None if value is None else Decimal(str(value))

    def choice(self, name: str, of: type[Choice]) -> Choice:
        value = self.text(name)
        if value not in list(of):
            allowed = ", ".join(of)
            raise _Wrong(
                Fault(
                    self.at(name),
                    _("%(name)s skal være en af: %(allowed)s.") % {"name": self.at(name), "allowed": allowed},
                )
            )
        return of(value)

    def numbers(self, name: str, default: Any = ...) -> tuple[int, ...]:
        value = self.take(name, list, default)
        if any(not isinstance(one, int) or isinstance(one, bool) for one in value):
            raise _Wrong(Fault(self.at(name), _("%(name)s skal være hele tal.") % {"name": self.at(name)}))
        return tuple(value)

    def pair(self, name: str) -> tuple[int, int] | None:
        if name not in self.content:
            self.taken.add(name)
            return None
        value = self.numbers(name)
        if len(value) != 2 or value[0] > value[1]:
            raise _Wrong(
                Fault(
                    self.at(name),
                    _("%(name)s skal være to tal, det mindste først.") % {"name": self.at(name)},
                )
            )
        return value[0], value[1]

    def texts(self, name: str, default: Any = ...) -> tuple[str, ...]:
        value = self.take(name, list, default)
        if any(not isinstance(one, str) for one in value):
            raise _Wrong(Fault(self.at(name), _("%(name)s skal være tekster.") % {"name": self.at(name)}))
        return tuple(value)

    def words(self, name: str) -> Words:
        table = self.table(name)
        words = Words(da=table.text("da"), en=table.text("en"))
        table.done()
        return words

    def table(self, name: str) -> _Table:
        return _Table(self.take(name, dict), self.at(name))

    def tables(self, name: str) -> list[_Table]:
        rows = self.take(name, list, [])
        if any(not isinstance(row, dict) for row in rows):
            raise _Wrong(Fault(self.at(name), _("%(name)s skal være tabeller.") % {"name": self.at(name)}))
        return [_Table(row, f"{self.at(name)}.{number}") for number, row in enumerate(rows)]

    def done(self) -> None:
        """Raise for a name that means nothing: a mistyped one would be a rule that is not followed."""
        for name in self.content:
            if name not in self.taken:
                raise _Wrong(
                    Fault(self.at(name), _("%(name)s betyder ikke noget her.") % {"name": self.at(name)})
                )


def read_definition(source: str) -> Definition:
    """A definition's file, read and checked. Raises InvalidDefinition with every fault and its line."""
    try:
        content = tomllib.loads(source)
    except tomllib.TOMLDecodeError as failure:
        raise InvalidDefinition(_("Filen kan ikke læses: %(what)s") % {"what": failure}) from None
    lines = lines_of(source)
    try:
        definition = _definition(_Table(content), hashlib.sha256(source.encode()).hexdigest())
    except _Wrong as wrong:
        raise InvalidDefinition(_said(wrong.fault, lines)) from None
    if found := faults(definition):
        raise InvalidDefinition("\n".join(_said(fault, lines) for fault in found))
    return definition


def _said(fault: Fault, lines: dict[str, int]) -> str:
    line = nearest(lines, fault.path) or 1
    return str(_("Linje %(line)d: %(reason)s") % {"line": line, "reason": fault.reason})


def _definition(top: _Table, digest: str) -> Definition:
    definition = Definition(
        id=top.text("id"),
        version=top.text("version"),
        title=top.words("title"),
        short=top.text("short"),
        element=top.text("element"),
        entry=top.choice("entry", Entry),
        about=top.texts("about"),
        respondents=top.texts("respondents"),
        minutes=int(top.take("minutes", int)),
        window=_window(top.table("window")),
        licence=_licence(top.table("licence")),
        items=_items(top.table("items")) if "items" in top.content else None,
        scales=tuple(_scale(row, top) for row in top.tables("scales")),
        alerts=tuple(_alert(row) for row in top.tables("alerts")),
        roles=top.texts("roles", ()),
        certificate=top.text("certificate", ""),
        facts=_facts(top.table("facts")),
        digest=digest,
    )
    top.taken.add("items")
    top.done()
    return definition


def _window(table: _Table) -> Window:
    months = table.pair("months")
    if months is None:
        raise _Wrong(Fault(table.path, _("%(name)s mangler.") % {"name": table.at("months")}))
    window = Window(
        *months,
        pregnancy=table.take("pregnancy", bool, False),
        corrected_from_weeks=table.take("corrected_from_weeks", int, 0),
        corrected_until_months=table.take("corrected_until_months", int, 0),
    )
    table.done()
    return window


def _licence(table: _Table) -> Licence:
    licence = Licence(
        holder=table.text("holder"),
        terms=table.text("terms"),
        source=table.text("source"),
        ships=table.choice("ships", Shipping),
    )
    table.done()
    return licence


def _items(table: _Table) -> Items:
    items = Items(
        count=table.take("count", int),
        lowest=table.take("lowest", int),
        highest=table.take("highest", int),
        reversed=frozenset(table.numbers("reversed", [])),
        ends=_ends(table),
        not_relevant=_not_relevant(table),
        places=table.take("places", bool, False),
    )
    table.done()
    return items


def _ends(table: _Table) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for row in table.tables("ends"):
        ends = (row.take("lowest", int), row.take("highest", int))
        found |= dict.fromkeys(row.numbers("items"), ends)
        row.done()
    return found


def _not_relevant(table: _Table) -> dict[int, int]:
    if "not_relevant" not in table.content:
        table.taken.add("not_relevant")
        return {}
    row = table.table("not_relevant")
    found = dict.fromkeys(row.numbers("items"), int(row.take("counts_as", int)))
    row.done()
    return found


def _scale(row: _Table, top: _Table) -> Scale:
    count = top.content.get("items", {}).get("count", 0)
    method = row.choice("method", Method)
    by_items = method in (Method.SUM, Method.MEAN)
    scale = Scale(
        code=row.text("code"),
        title=row.words("title"),
        method=method,
        lowest=row.number("lowest"),
        highest=row.number("highest"),
        better=row.choice("better", Better),
        items=row.numbers("items", list(range(1, count + 1)) if by_items else []),
        of=row.texts("of", []),
        times=row.take("times", int, 1),
        split_at=row.take("split_at", int, None),
        may_miss=row.take("may_miss", int, 0),
        optional=row.take("optional", bool, False),
        reliable_change=row.number_or_none("reliable_change"),
        bands=tuple(_band(band) for band in row.tables("bands")),
        cut_offs=tuple(_cut_off(cut_off) for cut_off in row.tables("cut_offs")),
    )
    row.done()
    return scale


def _band(row: _Table) -> Band:
    band = Band(lowest=row.number("lowest"), highest=row.number("highest"), title=row.words("title"))
    row.done()
    return band


def _cut_off(row: _Table) -> CutOff:
    cut_off = CutOff(
        code=row.text("code"),
        title=row.words("title"),
        at_least=row.number_or_none("at_least"),
        at_most=row.number_or_none("at_most"),
        months=row.pair("months"),
        task=row.take("task", bool, False),
        repeat_days=row.pair("repeat_days"),
    )
    row.done()
    return cut_off


def _alert(row: _Table) -> Alert:
    alert = Alert(
        code=row.text("code"),
        title=row.words("title"),
        item=row.take("item", int),
        at_least=row.take("at_least", int),
    )
    row.done()
    return alert


def _facts(table: _Table) -> dict[str, Fact]:
    found = {}
    for name in table.content:
        row = table.table(name)
        found[name] = Fact(source=row.text("source"), checked=bool(row.take("checked", bool)))
        row.done()
    return found
