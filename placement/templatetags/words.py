"""Words for dates, numbers and elements, so that every page says them the same way.

Load with ``{% load words %}``. Deadlines are said in calendar days ("3 dage over frist"); counting working
days is done where the deadline is set, not where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

register = template.Library()

ELEMENT_TITLES = {
    "journey": gettext_lazy("Forløb"),
    "team": gettext_lazy("Indsatsteam"),
    "mentalisation": gettext_lazy("Mentaliseringsbaseret tilgang"),
    "progression": gettext_lazy("Opfølgning på progression"),
    "network": gettext_lazy("Netværk"),
    "exit": gettext_lazy("Udslusning"),
    "screening": gettext_lazy("Underretninger"),
    "investigation": gettext_lazy("Undersøgelse"),
    "release": gettext_lazy("Udtræk"),
}
ELEMENT_ICONS = {
    "journey": "flag",
    "team": "groups",
    "mentalisation": "forum",
    "progression": "checklist",
    "network": "persons",
    "exit": "home",
    "screening": "search",
    "investigation": "help",
    "release": "download",
}


def as_day(value: date | datetime | None) -> date | None:
    """The Danish calendar day of a date or an aware moment."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def due_words(due: date | datetime | None, today: date) -> str:
    """How far a deadline is from `today`, in words: "3 dage over frist", "i dag", "om 5 dage"."""
    day = as_day(due)
    if day is None:
        return _("ingen frist")
    days = (day - today).days
    if days < 0:
        return ngettext("%(days)d dag over frist", "%(days)d dage over frist", -days) % {"days": -days}
    if days == 0:
        return _("i dag")
    if days == 1:
        return _("i morgen")
    return ngettext("om %(days)d dag", "om %(days)d dage", days) % {"days": days}


@register.filter
def due_words_and_day(due: date | datetime | None, today: date) -> str:
    """`due_words`, and for more than a day ahead also which day that is: "om 6 dage, tirsdag 01.12."."""
    words, day = due_words(due, today), as_day(due)
    if day is None or (day - today).days < 2:
        return words
    written = f"{day:%d.%m.}" if day.year == today.year else f"{day:%d.%m.%Y}"
    return f"{words}, {WEEKDAYS[day.weekday()]} {written}"


@register.filter
def past_day(value: date | datetime | None, today: date) -> str:
    """ "i dag", "i går", otherwise dd.mm.åååå; an empty text for no date."""
    day = as_day(value)
    if day is not None and 0 <= (today - day).days <= 1:
        return _("i går") if day < today else _("i dag")
    return danish_date(day)


@register.filter
def due_state(due: date | datetime | None, today: date) -> str:
    """``late``, ``today``, ``ahead`` or ``none``: the class and the icon that go with the words."""
    day = as_day(due)
    if day is None:
        return "none"
    if day < today:
        return "late"
    return "today" if day == today else "ahead"


@register.filter
def danish_date(value: date | datetime | None) -> str:
    """dd.mm.åååå, or an empty text for no date."""
    day = as_day(value)
    return f"{day:%d.%m.%Y}" if day else ""


@register.filter
def danish_moment(value: datetime | None) -> str:
    """dd.mm.åååå kl. tt.mm in Danish time, or an empty text."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return _("%(day)s kl. %(time)s") % {"day": f"{local:%d.%m.%Y}", "time": f"{local:%H.%M}"}


@register.filter
def decimal_comma(value: float | Decimal | None) -> str:
    """A number as it is written in Danish: 2,5 and not 2.5; whole ones without decimals; none is a dash."""
    if value is None:
        return "–"
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace(".", ",").replace("-", "−")


@register.filter
def kroner(value: Decimal | None) -> str:
    """An amount as it is written in Danish: 12.340,50; whole kroner without decimals; none is a dash."""
    if value is None:
        return "–"
    whole, _point, rest = f"{value:,.2f}".partition(".")
    return whole.replace(",", ".").replace("-", "−") + (f",{rest}" if rest != "00" else "")


@register.filter
def unmet(conditions: Iterable[Any]) -> list[str]:
    """The titles of a gate's conditions that are needed and not met."""
    return [str(condition.title) for condition in conditions if condition.met is False]


@register.filter
def element_title(element: str) -> str:
    """The Danish name of a core element or another flow; an unknown key is shown as it is."""
    return str(ELEMENT_TITLES.get(element, element))


@register.filter
def element_icon(element: str) -> str:
    """The name of the element's icon in the sprite."""
    return ELEMENT_ICONS.get(element, "document")
