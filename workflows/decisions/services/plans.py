"""Whether a child's plan is made, the plan, and how a family goes on when consent is gone or a child is placed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.clock import danish_day, moment_on
from placement.families.codes import EndReason, Initiator
from placement.families.models import Consent, Decision, Family, Person
from placement.families.services import standing_consents
from placement.families.stays import set_path
from placement.progression.models import FollowUp
from workflows.decisions.codes import PlanTrack, Track, TrackCause
from workflows.decisions.models import ChildPlan, ChildPlanChild, PlanDecision, TrackChange
from workflows.decisions.selectors import concerned, decided, model_for, plan_decision_of
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Clock, Process
from workflows.kernel.steps import Situation
from workflows.model_versions.clock_rules import Event

Answer = Mapping[str, Any]

#: Stored as the reason of a plan that nobody is asked about.
MANDATORY = "Lovpligtig ved en anbringelse (barnets lov § 91)."
#: The section and the paragraph that a track rests on when nothing else is written.
BASES = {Track.WITHOUT_CONSENT: "Barnets lov §§ 37-41", Track.PLACED: "Barnets lov §§ 46-47"}


def _run_beside(family: Family, **about: Any) -> Process:
    from workflows.decisions.flow import PlanFlow

    made: Process = PlanFlow.start.run(family=family, about=about)
    return made


def plan_can_begin(family: Family) -> Decision:
    """The decision about which nobody has said whether a plan is made.

    Raises Refused (``plan-before-decision``), StaleState when that is under way or said.
    """
    from workflows.decisions.flow import PlanFlow

    decision = decided(family)
    if decision is None:
        raise Refused(
            _("Der er ingen godkendt afgørelse, barnets plan kan høre til (barnets lov § 91)."),
            type="plan-before-decision",
        )
    runs = Process.objects.filter(family=family, flow_class=PlanFlow, data__decision=decision.pk)
    if plan_decision_of(decision) is not None or runs.exclude(status="CANCELED").exists():
        raise StaleState(_("Der er allerede taget stilling til barnets plan, eller opgaven er åben."))
    return decision


@transaction.atomic
def begin_plan(*, family: Family) -> Process:
    """Begin the way of a child's plan for the decision. Raises what `plan_can_begin` raises."""
    return _run_beside(family, decision=plan_can_begin(family).pk)


@transaction.atomic
def plan_asked_by(*, follow_up: FollowUp) -> Process:
    """A follow-up found that a plan is to be made or revised (barnets lov § 95): somebody has that to do."""
    return _run_beside(follow_up.family, follow_up=follow_up.pk)


def settle_plan(situation: Situation, answer: Answer) -> None:
    """Whether a plan is made for the decision, and why (barnets lov § 91).

    Raises StaleState when it was said, Refused (``plan-mandatory``) for a no once a child of the family is placed.
    """
    decision = Decision.objects.get(family=situation.family, pk=situation.process.data["decision"])
    if plan_decision_of(decision) is not None:
        raise StaleState(_("Der er allerede taget stilling til barnets plan. Genindlæs siden."))
    makes = answer["makes_plan"]
    if not makes and _placed(situation.family):
        raise Refused(
            _("Barnets plan er lovpligtig, når et barn er anbragt (barnets lov § 91)."), type="plan-mandatory"
        )
    if decision.decided_at is None:
        raise LookupError("only an approved decision asks for a plan")
    PlanDecision.objects.create(
        municipality_id=situation.family.municipality_id,
        family=situation.family,
        track=PlanTrack.STAY,
        decision=decision,
        makes_plan=makes,
        reason=answer["reason"].strip(),
        due_on=situation.model.decisions.plan_until(danish_day(decision.decided_at)) if makes else None,
        decided_by=situation.actor.staff,
        decided_at=situation.now,
    )
    if not makes:
        _settled(situation.family, decision.uuid, situation.now)


def _placed(family: Family) -> bool:
    return TrackChange.objects.filter(family=family, track=Track.PLACED).exists()


def _settled(family: Family, about: UUID, at: datetime, *, alone: bool = False) -> None:
    """``alone``: a placed child's plan settles nothing of the stay that goes on for the others."""
    clocks.happened(family=family, event=Event.CHILD_PLAN_SETTLED, at=at, about=about, alone=alone)


def plan_decision_behind(process: Process) -> PlanDecision | None:
    """What asked for the plan of a run: a decision or a placement; None when a follow-up did."""
    found = PlanDecision.objects.filter(family=process.family).select_related("decision", "track_change")
    if "plan_decision" in process.data:
        return found.get(pk=process.data["plan_decision"])
    if "decision" in process.data:
        return found.filter(decision=process.data["decision"]).first()
    return None


def follow_up_behind(process: Process) -> FollowUp | None:
    """The follow-up that asked for the plan of a run, if one did."""
    if "follow_up" not in process.data:
        return None
    return FollowUp.objects.get(family=process.family, pk=process.data["follow_up"])


def check_made_on(process: Process, day: date, now: datetime) -> None:
    """Raises Refused: ``plan-in-future``, ``plan-before-decision``."""
    if day > danish_day(now):
        raise Refused(_("Planen kan ikke være lavet i fremtiden. Ret datoen."), type="plan-in-future")
    asked, follow_up = plan_decision_behind(process), follow_up_behind(process)
    if asked is not None and asked.decision is not None and asked.decision.decided_at is not None:
        earliest = danish_day(asked.decision.decided_at)
    elif asked is not None and asked.track_change is not None:
        earliest = asked.track_change.decided_on
    elif follow_up is not None:
        earliest = follow_up.held_on
    else:
        raise LookupError("somebody has asked for every plan")
    if day < earliest:
        raise Refused(
            _("Planen kan ikke være lavet før %(day)s, da der blev bedt om den. Ret datoen.")
            % {"day": f"{earliest:%d.%m.%Y}"},
            type="plan-before-decision",
        )


def make_plan(situation: Situation, answer: Answer) -> None:
    """The plan is made or revised, for which children, with whom. Raises what `check_made_on` raises."""
    check_made_on(situation.process, answer["made_on"], situation.now)
    children = list(
        Person.objects.filter(family=situation.family, uuid__in=answer["children"]).order_by("id")
    )
    asked = plan_decision_behind(situation.process)
    plan = ChildPlan.objects.create(
        municipality_id=situation.family.municipality_id,
        family=situation.family,
        plan_decision=asked,
        follow_up=follow_up_behind(situation.process),
        made_on=answer["made_on"],
        joint=len(children) > 1,
        made_with=answer["made_with"].strip(),
        made_by=situation.actor.staff,
        recorded_at=situation.now,
    )
    for child in children:
        ChildPlanChild.objects.create(municipality_id=plan.municipality_id, plan=plan, child=child)
    if asked is not None:
        about = asked.decision or asked.track_change
        if about is not None:
            _settled(situation.family, about.uuid, situation.now, alone=asked.decision is None)


def track_waits(family: Family) -> bool:
    """Whether somebody is asked already how the family goes on."""
    from workflows.decisions.flow import TrackFlow

    return Process.objects.filter(family=family, flow_class=TrackFlow, finished__isnull=True).exists()


@transaction.atomic
def begin_track(*, family: Family, consent: Consent | None = None, why: str = "") -> Process:
    """Somebody has to say how the family goes on: a consent was taken back, or a child is to be placed.

    Raises StaleState while that waits for an answer already.
    """
    from workflows.decisions.flow import TrackFlow

    if track_waits(family):
        raise StaleState(_("Opgaven om, hvordan det går videre, er allerede åben."))
    about: dict[str, Any] = {"consent": consent.pk} if consent else {"why": why.strip()}
    made: Process = TrackFlow.start.run(family=family, about=about)
    return made


def settle_track(situation: Situation, answer: Answer) -> None:
    """How the family goes on, written as what it is, with what follows from it.

    A new consent must stand. Where the stay ends (at the family's wish, or because another track takes over), the
    journey is broken off: the voluntary track's clocks stop, those of the law run on. A placed child gets a path of
    its own and a plan, which is mandatory. Raises Refused: ``consent-missing``, ``track-in-future``,
    ``reason-missing``, ``placed-nobody``, and what `withdraw` and `set_path` raise.
    """
    family, track, decided_on = situation.family, Track(answer["track"]), answer["decided_on"]
    check_track(family, track, decided_on, answer, situation.now)
    consent = None
    if "consent" in situation.process.data:
        consent = Consent.objects.get(family=family, pk=situation.process.data["consent"])
    goes_on = track == Track.NEW_CONSENT or (track == Track.PLACED and bool(answer["goes_on"]))
    change = TrackChange.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        cause=TrackCause.CONSENT_WITHDRAWN if consent else TrackCause.PLACEMENT,
        consent=consent,
        track=track,
        decided_on=decided_on,
        legal_basis=answer["legal_basis"].strip() or BASES.get(track, ""),
        text=answer["text"].strip(),
        goes_on=goes_on,
        settled_by=situation.actor.staff,
        settled_at=situation.now,
    )
    if track == Track.PLACED:
        _place(situation, change, answer)
    if not goes_on:
        _end_stay(situation.actor, family, change, situation.now)
    if track == Track.PLACED:
        _plan_for_placement(situation, change)


def check_track(family: Family, track: Track, decided_on: date, answer: Answer, now: datetime) -> None:
    """Raises Refused: ``track-in-future``, ``reason-missing``, ``consent-missing``, ``placed-nobody``."""
    if decided_on > danish_day(now):
        raise Refused(_("Datoen ligger i fremtiden. Skriv det den dag, det sker."), type="track-in-future")
    if not answer["text"].strip():
        raise Refused(_("Skriv, hvorfor det går videre sådan."), type="reason-missing")
    if track == Track.NEW_CONSENT:
        standing, holders = standing_consents(family)
        if not holders or standing < holders:
            raise Refused(
                _(
                    "Ikke alle med forældremyndighed har samtykket igen. Skriv det nye samtykke under «Samtykke» "
                    "først (barnets lov § 32, stk. 2)."
                ),
                type="consent-missing",
            )
    if track == Track.PLACED and not (answer.get("children") and answer.get("where")):
        raise Refused(_("Vælg, hvilket barn der anbringes, og hvor det skal bo."), type="placed-nobody")


def _place(situation: Situation, change: TrackChange, answer: Answer) -> None:
    for child in _chosen(situation.family, answer["children"]):
        set_path(
            actor=situation.actor,
            person=child,
            where=answer["where"],
            begins_on=change.decided_on,
            legal_basis=change.legal_basis,
            text=change.text,
            now=situation.now,
        )


def _chosen(family: Family, children: Iterable[str]) -> list[Person]:
    named = set(children)
    return [child for child in concerned(family) if str(child.uuid) in named]


_REASONS = {
    Track.ENDED: EndReason.CONSENT,
    # Another help takes over; the change of track says which, and by which law.
    Track.WITHOUT_CONSENT: EndReason.OTHER_OFFER,
    Track.PLACED: EndReason.CHILD_PLACED,
}


def _end_stay(actor: Actor, family: Family, change: TrackChange, now: datetime) -> None:
    """Break the journey off, unless somebody has done that already."""
    from workflows.journey.moves.ending import is_over, withdraw

    if is_over(family):
        return
    withdraw(
        actor=actor,
        family=family,
        ended_on=change.decided_on,
        reason=_REASONS[Track(change.track)],
        initiator=Initiator.FAMILY if change.track == Track.ENDED else Initiator.AUTHORITY,
        planned=False,
        text=change.text,
        now=now,
    )


def _plan_for_placement(situation: Situation, change: TrackChange) -> None:
    """A plan is mandatory when a child is placed: nobody is asked whether."""
    family = situation.family
    begun = clocks.happened(
        family=family,
        event=Event.DECISION_MADE,
        at=moment_on(change.decided_on, now=situation.now),
        about=change.uuid,
    )
    # The rule is about a stay's plan too, whose clock ends with the stay; the mandatory one does not.
    Clock.objects.filter(pk__in=[one.pk for one in begun]).update(ends_with_journey=False)
    decision = PlanDecision.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        track=PlanTrack.PLACEMENT,
        track_change=change,
        makes_plan=True,
        reason=MANDATORY,
        due_on=model_for(family).decisions.plan_until(change.decided_on),
        decided_by=situation.actor.staff,
        decided_at=situation.now,
    )
    _run_beside(family, plan_decision=decision.pk)
