"""Words of a release's report. Load with ``{% load release_words %}``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.translation import gettext_lazy

from placement.templatetags.words import danish_date

register = template.Library()

SORTS = {
    "identifying": gettext_lazy("peger på en person"),
    "quasi_identifying": gettext_lazy("kan pege på en person sammen med andet"),
    "sensitive": gettext_lazy("følsom"),
    "outcome": gettext_lazy("resultat"),
    "process": gettext_lazy("forløb"),
}


@register.filter
def sort_title(sort: str) -> str:
    """What a variable can do to a family, in words; an unknown sort is shown as it is."""
    return str(SORTS.get(sort, sort))


@register.filter
def iso_day(text: str) -> str:
    """dd.mm.åååå of a day or moment written in ISO 8601; anything else as it is."""
    try:
        return danish_date(date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text))
    except (TypeError, ValueError):
        return str(text)


@register.filter
def refused_tables(loss: Any) -> dict[str, list[str]]:
    """The titles of the tables that may not leave, by the reason why; nothing when the loss is not told so."""
    found: dict[str, list[str]] = {}
    for title, text in _told(loss).items():
        reason = _why(text)
        if reason:
            found.setdefault(reason, []).append(title)
    return found


@register.filter
def other_losses(loss: Any) -> dict[str, Any]:
    """The rest of what is lost."""
    return {title: text for title, text in _told(loss).items() if not _why(text)}


@register.filter
def worst_first(attacks: Any) -> list[Mapping[str, Any]]:
    """The attacks with what was found first: failed, to be noted, passed."""
    return sorted(attacks or (), key=lambda one: (bool(one["passed"]), not one["hard"]))


@register.filter
def noted(attacks: Any) -> int:
    """How many did not pass and stop nothing."""
    return sum(not one["passed"] and not one["hard"] for one in attacks or ())


def _told(loss: Any) -> Mapping[str, Any]:
    return loss if isinstance(loss, Mapping) else {}


def _why(text: Any) -> str:
    """Why a table may not leave, without its name (`evaluation.disclosure.tables.TableResult.refused`)."""
    _before, _found, reason = str(text).partition("« kan ikke udgives: ")
    return reason
