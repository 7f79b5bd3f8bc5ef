"""Words of a release's report. Load with ``{% load release_words %}``."""

from __future__ import annotations

from datetime import date, datetime

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
