"""An ended journey begins again: a new one of the same family, on the version in force, from its first step."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.clock import danish_day
from placement.families import services as families
from placement.families import stays
from placement.families.models import Decision, Family, Phase
from workflows.journey.moves.models import EarlierJourney
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Process, StopReason
from workflows.kernel.steps import model_of
from workflows.kernel.undoing import break_off_all
from workflows.model_versions.adaptations import adaptation_in_force
from workflows.model_versions.services import version_in_force

#: What a journey leaves on the family, and the next one begins without.
KEPT = (
    "phase",
    "in_target_group",
    "assessment",
    "site_id",
    "room",
    "started_on",
    "moved_in_on",
    "moved_out_on",
    "closed_on",
    "outcome",
    "family_view_of_outcome",
)


def ended_journey(family: Family, *, today: date) -> Process:
    """The journey that may be opened again today.

    Raises StaleState (``journey-running``), Refused (``reopening-too-late``) after the model version's days.
    """
    from workflows.journey.services import journey_of

    journey = journey_of(family)
    if journey is None or family.phase not in (Phase.CLOSED, Phase.DECLINED):
        raise StaleState(_("Forløbet er i gang. Der er intet at åbne igen."), type="journey-running")
    ended = family.closed_on or (danish_day(journey.finished) if journey.finished else today)
    days = model_of(journey).moves.reopening_days
    if (today - ended).days > days:
        raise Refused(
            _("Forløbet sluttede %(day)s. Det kan åbnes igen i %(days)d dage. Registrér en ny henvendelse.")
            % {"day": f"{ended:%d.%m.%Y}", "days": days},
            type="reopening-too-late",
        )
    return journey


@transaction.atomic
def reopen(*, actor: Actor, family: Family, reason: str, now: datetime) -> EarlierJourney:
    """Open the ended journey again. What the earlier one decided opens no gate; its history and contacts stay.

    Raises what `ended_journey` raises, and Refused (``reason-missing``).
    """
    from workflows.journey.flow import JourneyFlow

    journey = ended_journey(family, today=danish_day(now))
    if not reason.strip():
        raise Refused(_("Skriv, hvorfor forløbet åbnes igen."), type="reason-missing")
    # Contacts after closing that were still to be held.
    break_off_all(family)
    families.end_conveners(family=family, last_day=danish_day(now))
    pause = stays.current_pause(family)
    if pause is not None:
        stays.end_pause(actor=actor, family=family, resumed_on=danish_day(now), now=now)
    clocks.stop_all(family=family, reason=StopReason.NOT_NEEDED, at=now, keep_the_law_s=True)
    Decision.objects.standing().filter(family=family).update(lapsed_at=now)
    stood = {name: getattr(family, name) for name in KEPT}
    blank = {name: "" if isinstance(value, str) else None for name, value in stood.items()}
    for name, value in (blank | {"phase": Phase.ENQUIRY, "reopened_at": now}).items():
        setattr(family, name, value)
    family.save(update_fields=[*(name.removesuffix("_id") for name in KEPT), "reopened_at"])
    version = version_in_force(danish_day(now))
    adaptation = adaptation_in_force(municipality_id=family.municipality_id, version=version)
    following = JourneyFlow.start.run(family=family, model_version=version, adaptation=adaptation)
    return EarlierJourney.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        process=journey,
        following=following,
        reason=reason.strip(),
        reopened_by=actor.staff,
        reopened_at=now,
        **stood,
    )
