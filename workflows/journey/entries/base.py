"""What telling an entry is, and how a record's own fields become words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from placement.families.models import Family
from placement.templatetags.words import danish_date

Line = tuple[str, str]


@dataclass(frozen=True)
class Told:
    """One entry in words. ``lines``: what else was written, each under its own heading."""

    title: str
    who: str = ""
    text: str = ""
    lines: list[Line] = field(default_factory=list)
    element: str = ""
    score: Decimal | None = None
    draft: bool = False
    corrected: bool = False


@dataclass(frozen=True)
class Source:
    """One kind of entry: its rows, the field that dates them (others than None), and how one is told."""

    kind: str
    rows: Callable[[Family], QuerySet[Any]]
    at: str
    tell: Callable[[Any], Told]


def said(row: Model, *names: str) -> list[Line]:
    """The fields that hold something, each under its own label and in words."""
    lines = []
    for name in names:
        column = row._meta.get_field(name)
        display = getattr(row, f"get_{name}_display", None)
        value = display() if display else getattr(row, name)
        if isinstance(value, bool):
            value = _("Ja") if value else _("Nej")
        elif isinstance(value, date):
            value = danish_date(value)
        if value not in (None, ""):
            lines.append((capfirst(str(getattr(column, "verbose_name", name))), str(value)))
    return lines


def line(title: str, *texts: str) -> list[Line]:
    said_so = [text for text in texts if text]
    return [(title, "\n".join(said_so))] if said_so else []


def answer(approved: bool | None) -> str:
    return _("Godkendt") if approved else _("Afvist")
