"""A score that asks for the same measurement again: a deadline of its own, stopped when it has been made."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from placement.access.roles import Role
from placement.families.models import Family, Phase
from placement.instruments.definition import Definition
from workflows.kernel.clocks import services as clocks
from workflows.kernel.processes import journey_of
from workflows.measuring.models import Administration
from workflows.model_versions.clock_rules import ClockRule, Event, Unit


def who_is_near(family: Family) -> Role:
    """Whose it is to act about a family: the house's while it lives there, the authority's before and after."""
    return Role.PRACTITIONER if family.phase == Phase.MOVED_IN else Role.CASEWORKER


def ask_to_repeat(made: Administration, definition: Definition, *, at: datetime) -> None:
    """Start the deadline for measuring again, when the score asks for it."""
    if made.repeat_from is None or made.repeat_by is None:
        return
    length, first = (made.repeat_by - made.answered_on).days, (made.repeat_from - made.answered_on).days
    near = who_is_near(made.family)
    with override("da"):
        rule = ClockRule(
            code=f"repeat-{definition.id}"[:60],
            title=_("%(name)s er gentaget") % {"name": definition.short},
            source=definition.facts["cut_offs"].source[:160],
            trigger=Event.REPEAT_ASKED,
            stopped_by=Event.MEASURED_AGAIN,
            unit=Unit.DAYS,
            length=length,
            warn_before=length - first,
            reminds=near,
            escalates_to=Role.TEAM_LEAD if near is Role.PRACTITIONER else Role.AUTHORITY_LEAD,
        )
    journey = journey_of(made.family_id)
    clocks.start(
        family=made.family,
        rule=rule,
        at=at,
        about=made.uuid,
        version=journey.model_version if journey else None,
    )


def repeated(made: Administration, *, counts: bool, at: datetime) -> None:
    """Stop the deadlines of earlier days' scores that asked for this measurement, and of the one that it corrects.

    ``counts``: whether it says something, or says for good that there is nothing; what it corrects asks for nothing
    any more in any case. As `points.due_list` has it, another score of the same day is no repetition.
    """
    asked = Q(pk=made.replaces_id)
    if counts:
        asked |= Q(instrument=made.instrument, person_id=made.person_id, answered_on__lt=made.answered_on)
    for earlier in Administration.objects.filter(asked, family_id=made.family_id, repeat_by__isnull=False):
        clocks.happened(family=made.family, event=Event.MEASURED_AGAIN, at=at, about=earlier.uuid)
