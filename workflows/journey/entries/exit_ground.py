"""How what an exit rests on, its exceptions and its end are told on a family's history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from workflows.exit.groundwork.kinds import KINDS, RecordKind
from workflows.exit.models import ExitException, ExitRecord
from workflows.journey.entries.base import Source, Told, said
from workflows.kernel.models import Element

#: These are told when they were written: the day they are about lies ahead or says little of when it happened.
_BY_WRITING = {"place-kept", "receiving-support"}


def _ground(kind: RecordKind) -> Callable[[Any], Told]:
    def tell(row: Any) -> Told:
        lines = said(row, *(name for name in kind.form.base_fields if name != kind.day))
        return Told(str(kind.title), str(getattr(row, kind.who)), "", lines, Element.EXIT.value)

    return tell


def _exception(row: ExitException) -> Told:
    return Told(
        _("Undtagelse på udslusningstrin %(code)s") % {"code": row.step.code},
        str(row.made_by),
        row.reason,
        said(row, "title", "side"),
        Element.EXIT.value,
    )


def _record(row: ExitRecord) -> Told:
    homes = [(str(home.parent), str(home.get_lives_display())) for home in row.homes.all()]
    lines = said(row, "planned", "initiator", "child_lives", "support_at_exit")
    return Told(_("Hvordan det endte"), str(row.recorded_by), "", [*lines, *homes], Element.EXIT.value)


#: The exit plan is told with the steps.
_GROUND = tuple(
    Source(
        f"exit_{kind.slug.replace('-', '_')}",
        kind.every_row,
        kind.when if kind.slug in _BY_WRITING else kind.day,
        _ground(kind),
    )
    for kind in KINDS.values()
    if kind.slug != "plan"
)

EXIT_GROUND: tuple[Source, ...] = (
    *_GROUND,
    Source(
        "exit_exception",
        lambda f: ExitException.objects.filter(step__family=f).select_related("step", "made_by"),
        "made_at",
        _exception,
    ),
    Source(
        "exit_record",
        lambda f: (
            ExitRecord.objects.filter(family=f)
            .select_related("recorded_by")
            .prefetch_related("homes__parent")
        ),
        "recorded_at",
        _record,
    ),
)
