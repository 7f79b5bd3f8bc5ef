"""The family changes house: another team there, and nobody of the old house left looking."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.access.models import Site
from placement.families import stays
from placement.families.models import Family
from placement.families.stay_models import SiteChange
from workflows.journey.moves.handing_over import release_from_strangers
from workflows.kernel.models import Process, Task
from workflows.team.flow import TeamFlow


@transaction.atomic
def change_house(
    *, actor: Actor, family: Family, site: UUID, room: str, moved_on: date, reason: str, now: datetime
) -> SiteChange:
    """The family lives at ``site`` (room ``room``) from ``moved_on``; the new house is asked to appoint its team.

    Raises what `stays.change_site` raises, and Refused: ``site-unknown``, ``reason-missing``.
    """
    chosen = Site.objects.filter(uuid=site).first()
    if chosen is None:
        raise Refused(_("Stedet findes ikke i kommunen. Vælg et andet."), type="site-unknown")
    if not reason.strip():
        raise Refused(_("Skriv, hvorfor familien skifter sted."), type="reason-missing")
    elsewhere = chosen.pk != family.site_id
    change = stays.change_site(
        actor=actor, family=family, site=chosen, room=room, moved_on=moved_on, reason=reason, now=now
    )
    if elsewhere:
        release_from_strangers(family=family, by=actor.staff, now=now)
        _ask_for_a_team(family)
    return change


def _ask_for_a_team(family: Family) -> None:
    """The step that appoints the team stands open in the place of the meeting that the old team would hold."""
    process = Process.objects.filter(family=family, flow_class=TeamFlow, finished__isnull=True).first()
    if process is None:
        return
    meeting = TeamFlow.hold_meeting
    for task in Task.objects.open().filter(process=process, flow_task=meeting):
        instead = TeamFlow.instance.node("appoint_team")
        waiting = task.flow_task.activation_class(task)
        waiting.cancel()
        instead.activation_class.create(instead, waiting, task.token)
