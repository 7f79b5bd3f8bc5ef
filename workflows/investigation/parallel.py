"""Plan A and plan B beside a pregnancy: begun, written and shown, settled; and what a birth or another term does to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import GateClosed, NotAllowed, Refused, StaleState
from placement.access.roles import Action
from placement.clock import danish_day, moment_on
from placement.families.codes import BirthState
from placement.families.models import Family, Person
from workflows.investigation.codes import AtBirth
from workflows.investigation.guards import REWRITE, birth_facts, check_shown, may_settle, may_write_plans
from workflows.investigation.models import Investigation, ParallelPlan, ParallelTrack
from workflows.investigation.selectors import running_clock
from workflows.investigation.services import check_awaited, in_danish
from workflows.kernel.beside import beside_the_journey
from workflows.kernel.clocks import changing
from workflows.kernel.clocks import services as clocks
from workflows.kernel.lock import family_locked
from workflows.kernel.models import Clock, StopReason
from workflows.kernel.steps import Situation
from workflows.kernel.undoing import break_off
from workflows.model_versions.clock_rules import Event

Answer = Mapping[str, Any]

#: Reasons that the house writes itself.
TERM_MOVED = _("Terminen er rettet.")
BORN_FIRST = _("Barnet er født, før det blev afklaret.")
LOST = _("Ikke længere aktuelt.")


@transaction.atomic
def begin_parallel_track(
    *, actor: Actor, family: Family, child: Person, why: str, now: datetime
) -> ParallelTrack:
    """Begin two plans beside a pregnancy. The deadline opens when the law allows a decision, and ends with the term.

    Raises NotAllowed, StaleState (``parallel-track-running``), Refused: ``person-unknown``, ``not-expected``,
    ``track-empty``, ``term-passed``.
    """
    from workflows.investigation.flow import ParallelPlanFlow

    if not actor.may(Action.WRITE_PLANS):
        raise NotAllowed(_("Din rolle kan ikke begynde et parallelt spor."))
    check_awaited(family, child)
    if not why.strip():
        raise Refused(_("Skriv, hvorfor der lægges to planer."), type="track-empty")
    if child.due_on is None or child.due_on < danish_day(now):
        raise Refused(
            _("Terminen er passeret. Skriv fødslen, eller ret terminen, under «Personer i familien»."),
            type="term-passed",
        )
    with family_locked(family):
        if ParallelTrack.objects.filter(child=child, settled_at__isnull=True).exists():
            raise StaleState(
                _("Der er allerede et parallelt spor for barnet. Fortsæt i det."),
                type="parallel-track-running",
            )
        track = ParallelTrack.objects.create(
            municipality_id=family.municipality_id,
            family=family,
            child=child,
            why=why.strip(),
            begun_by=actor.staff,
            begun_at=now,
        )
        track.process = ParallelPlanFlow.start.run(track=track, **beside_the_journey(family, now))
        track.save(update_fields=["process"])
        clocks.happened(
            family=family, event=Event.PARALLEL_TRACK_BEGUN, at=now, about=track.uuid, day=child.due_on
        )
    return track


def write_plans(situation: Situation, answer: Answer) -> None:
    """Both plans, and when the parents were shown them.

    Raises GateClosed for plans shown while the parents may not be involved, and what `check_shown` raises.
    """
    reason = may_write_plans(situation.facts, answer)
    if reason is not None:
        raise GateClosed(reason)
    check_shown(situation.facts, answer["shown_on"])
    track = situation.process.parallel_track
    ParallelPlan.objects.create(
        municipality_id=track.municipality_id,
        track=track,
        author=situation.actor.staff,
        written_at=situation.now,
        **{name: answer[name].strip() for name in ("plan_a", "plan_b", "turning_point", "parents_said")},
        shown_on=answer["shown_on"],
    )


def settle_at_birth(situation: Situation, answer: Answer) -> None:
    """What holds at the birth, or that the plans are to be written again.

    Raises GateClosed for a decision before the first day that the law allows (§ 49), with the rule and the day.
    """
    if answer["outcome"] == REWRITE:
        return
    facts = birth_facts(situation)
    reason = may_settle(facts, answer)
    if reason is not None:
        raise GateClosed(reason)
    track, decided = situation.process.parallel_track, answer["outcome"] == AtBirth.DECIDED
    _settle(
        track,
        situation.actor,
        answer["outcome"],
        now=situation.now,
        reasons=answer["reasons"].strip(),
        term_on=facts.term_on,
        earliest_on=facts.earliest_on,
        decided_on=answer["decided_on"] if decided else None,
    )
    at = moment_on(answer["decided_on"], now=situation.now) if decided else situation.now
    clocks.happened(
        family=situation.family,
        event=Event.PLACEMENT_AT_BIRTH_SETTLED,
        at=max(at, track.begun_at),
        about=track.uuid,
    )


def _settle(track: ParallelTrack, actor: Actor, outcome: str, *, now: datetime, **said: Any) -> None:
    for name, value in {**said, "outcome": outcome, "settled_by": actor.staff, "settled_at": now}.items():
        setattr(track, name, value)
    track.save(update_fields=[*said, "outcome", "settled_by", "settled_at"])


@transaction.atomic
def follow_child(*, actor: Actor, child: Person, now: datetime) -> None:
    """Let what waits for a birth follow what became of the child: another term, born, or lost. Nothing else does.

    Another term moves the deadline, visibly. A birth ends the track: § 49 is about the unborn. After a lost
    pregnancy the track, and what was examined about that child, end quietly. Raises what `changing.ends_on` raises.
    """
    tracks = ParallelTrack.objects.select_related("process").filter(child=child, settled_at__isnull=True)
    for track in tracks:
        if child.birth_state == BirthState.EXPECTED:
            _other_term(actor, track, child, now)
        elif child.birth_state == BirthState.BORN:
            _over(actor, track, AtBirth.BORN, in_danish(BORN_FIRST), StopReason.NOT_NEEDED, now)
        else:
            _over(actor, track, AtBirth.LOST, in_danish(LOST), StopReason.PREGNANCY_LOST, now)
    if child.birth_state == BirthState.LOST:
        about = Investigation.objects.select_related("process").filter(child=child, ended_at__isnull=True)
        for found in about:
            found.ended_at = now
            found.save(update_fields=["ended_at"])
            _silence(found, StopReason.PREGNANCY_LOST, now)


def _other_term(actor: Actor, track: ParallelTrack, child: Person, now: datetime) -> None:
    running = running_clock(track, Event.PLACEMENT_AT_BIRTH_SETTLED)
    if running is not None and child.due_on is not None:
        changing.ends_on(actor=actor, clock=running, day=child.due_on, reason=in_danish(TERM_MOVED), now=now)


def _over(
    actor: Actor, track: ParallelTrack, outcome: AtBirth, why: str, reason: StopReason, now: datetime
) -> None:
    _settle(track, actor, outcome, now=now, reasons=why)
    _silence(track, reason, now)


def _silence(record: Any, reason: StopReason, now: datetime) -> None:
    """Stop the record's clocks for this reason, and take its open steps away. The clocks first: they keep the reason."""
    tasks = record.process.task_set.filter(finished__isnull=True).values_list("uuid", flat=True)
    running = Clock.objects.running().filter(family_id=record.family_id, about__in=[record.uuid, *tasks])
    running.update(stopped_at=now, stop_reason=reason)
    break_off(record.process)
