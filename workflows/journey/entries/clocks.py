"""How the law's deadlines are told: moved, from where to where and why; not kept, and why."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from placement.templatetags.words import danish_date
from workflows.journey.entries.base import Source, Told, line
from workflows.kernel.models import ClockChange, LateReason


def _last_day(end: datetime) -> str:
    return danish_date(end - timedelta(microseconds=1))


def _moved(row: ClockChange) -> Told:
    days = _("fra %(before)s til %(after)s") % {
        "before": _last_day(row.due_before),
        "after": _last_day(row.due_after),
    }
    lines = line(_("Frist"), row.clock.title, row.clock.source) + line(_("Flyttet"), days)
    return Told(_("Frist flyttet"), str(row.changed_by), row.reason, lines)


def _late(row: LateReason) -> Told:
    lines = line(_("Frist"), row.clock.title, row.clock.source)
    lines += line(_("Skulle være sket"), _last_day(row.due_at)) + line(_("Grund"), row.get_kind_display())
    return Told(_("Overskredet frist forklaret"), str(row.given_by), row.text, lines)


CLOCKS: tuple[Source, ...] = (
    Source(
        "clock_moved",
        lambda f: ClockChange.objects.filter(family=f).select_related("clock", "changed_by"),
        "changed_at",
        _moved,
    ),
    Source(
        "late_reason",
        lambda f: LateReason.objects.filter(family=f).select_related("clock", "given_by"),
        "given_at",
        _late,
    ),
)
