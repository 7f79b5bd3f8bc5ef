"""A family's screenings, examinations and parallel tracks as the page and the API show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from placement.access.actor import Actor
from placement.access.roles import Action
from placement.clock import danish_day
from placement.families.models import Family
from placement.templatetags.words import danish_date
from workflows.investigation.models import Investigation, ParallelPlan, ParallelTrack, RiskJudgement
from workflows.investigation.selectors import (
    about_whom,
    awaited,
    involvement,
    parents_may_be_involved,
    runs_alongside,
)
from workflows.journey.deadlines import clock_line
from workflows.kernel.models import Clock, Element, Task
from workflows.kernel.processes import journey_of
from workflows.kernel.steps import model_of
from workflows.model_versions.clock_rules import Event

_WAITED_FOR = [
    event.value
    for event in (Event.EXAMINATION_SETTLED, Event.EXAMINATION_CONCLUDED, Event.PLACEMENT_AT_BIRTH_SETTLED)
]


def state_of(found: Investigation) -> str:
    """Where it stands: begun, clarification, examination, nothing, concluded or dropped."""
    if found.concluded_on is not None:
        return "concluded"
    if found.track == "nothing":
        return "nothing"
    if found.ended_at is not None:
        return "dropped"
    return found.track or "begun"


def investigation_picture(actor: Actor, family: Family, now: datetime) -> dict[str, Any]:
    """The context of templates/workflows/investigation.html; the same queries however many there are."""
    found = list(
        Investigation.objects.filter(family=family)
        .select_related("child", "begun_by", "screened_by", "concluded_by")
        .prefetch_related("preliminary__made_by")
    )
    tracks = list(
        ParallelTrack.objects.filter(family=family)
        .select_related("child", "begun_by")
        .prefetch_related("plans__author")
    )
    ends = _clocks(family)
    tasks = _tasks(actor, family)
    alongside = runs_alongside(family)
    return {
        "involvement": _involvement(family),
        "judgements": [
            _judgement(made)
            for made in RiskJudgement.objects.filter(family=family).select_related("judged_by")
        ],
        "investigations": [
            {
                "title": about_whom(one.child),
                "before_birth": one.before_birth,
                "state": state_of(one),
                "aware": one.aware_on,
                "why": one.why,
                "violence": one.violence_possible,
                "begun": _by(one.begun_by, one.begun_at),
                "track": one.get_track_display(),
                "reasons": one.reasons,
                "screened": _by(one.screened_by, one.screened_at),
                "alongside": one.alongside or (one.ended_at is None and bool(one.track) and alongside),
                "preliminary": [
                    {
                        "text": made.text,
                        "why_late": made.why_late,
                        "expected": made.expected_on,
                        "who": _by(made.made_by, made.made_at),
                    }
                    for made in one.preliminary.all()
                ],
                "need": one.get_need_display(),
                "conclusion": one.conclusion,
                "concluded": one.concluded_on,
                "clocks": ends.get(one.uuid, []),
                "tasks": tasks.get(one.process_id or 0, []),
            }
            for one in found
        ],
        "tracks": [
            {
                **_earliest(family, track),
                "title": about_whom(track.child),
                "why": track.why,
                "begun": _by(track.begun_by, track.begun_at),
                "outcome": track.get_outcome_display(),
                "reasons": track.reasons,
                "decided": track.decided_on,
                "settled": track.settled_at is not None,
                "plans": [_plan(plan) for plan in track.plans.all()],
                "clocks": ends.get(track.uuid, []),
                "tasks": tasks.get(track.process_id or 0, []),
            }
            for track in tracks
        ],
        "begin_url": _move(actor, family, "investigate", Action.BEGIN_INVESTIGATION),
        "risk_url": _move(actor, family, "judge-risk", Action.ASSESS_RISK),
        "aware_url": _move(actor, family, "correct-awareness", Action.CORRECT_AWARENESS) if found else "",
        "track_url": _move(actor, family, "parallel-track", Action.WRITE_PLANS)
        if awaited(family).exists()
        else "",
        "plans_url": reverse("parallel-plans", kwargs={"family": family.uuid})
        if any(track.plans.all() for track in tracks)
        else "",
    }


def plans_for_parents(family: Family) -> list[dict[str, Any]]:
    """Both plans of each track that is open, as they stand: nothing in them that parents may not read.

    None while the parents may not be involved (barnets lov § 18): nothing is printed for them then.
    """
    if not parents_may_be_involved(family).allowed:
        return []
    tracks = ParallelTrack.objects.filter(family=family, settled_at__isnull=True)
    shown = []
    for track in tracks.select_related("child").prefetch_related("plans__author"):
        standing = next(iter(track.plans.all()), None)
        if standing is not None:
            shown.append({"title": about_whom(track.child), **_earliest(family, track), **_plan(standing)})
    return shown


def _plan(plan: ParallelPlan) -> dict[str, Any]:
    return {
        "plan_a": plan.plan_a,
        "plan_b": plan.plan_b,
        "turning_point": plan.turning_point,
        "shown": plan.shown_on,
        "parents_said": plan.parents_said,
        "who": _by(plan.author, plan.written_at),
    }


def _earliest(family: Family, track: ParallelTrack) -> dict[str, Any]:
    """From when a decision without consent would be possible, and by which rule; of a settled track as it stood then."""
    if track.settled_at is not None or track.child.due_on is None:
        return {"earliest": track.earliest_on, "source": ""}
    journey = journey_of(family.pk)
    rules = model_of(journey).clocks if journey else ()
    rule = next((r for r in rules if r.stopped_by is Event.PLACEMENT_AT_BIRTH_SETTLED), None)
    return {
        "earliest": rule.opens_on(track.child.due_on) if rule else None,
        "source": rule.source if rule else "",
    }


def _involvement(family: Family) -> list[dict[str, Any]]:
    titles = {"parents": _("Forældrene"), "network": _("Netværket")}
    return [
        {"title": titles[who], "allowed": found.allowed, "reason": found.reason}
        for who, found in involvement(family).items()
    ]


def _judgement(made: RiskJudgement) -> dict[str, Any]:
    return {
        "who": _by(made.judged_by, made.judged_at),
        "risk": made.risk,
        "protection": made.protection,
        "parents": made.parents_may_be_involved,
        "network": made.network_may_be_involved,
    }


def _clocks(family: Family) -> dict[UUID, list[dict[str, Any]]]:
    """By the record they are about: the deadlines that run, also those that open later, with how they were moved."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    running = Clock.objects.filter(family=family, stopped_by__in=_WAITED_FOR).late_first().with_words()
    for one in running:
        if one.about is not None:
            found.setdefault(one.about, []).append({**clock_line(one), "opens": one.opens_at})
    return found


def _tasks(actor: Actor, family: Family) -> dict[int, list[dict[str, Any]]]:
    mine: dict[int, list[dict[str, Any]]] = {}
    for task in Task.objects.waiting_for(actor).filter(family=family, element=Element.INVESTIGATION):
        line = {"title": task.title, "url": reverse("task", kwargs={"task": task.uuid})}
        mine.setdefault(task.process_id, []).append(line)
    return mine


def _move(actor: Actor, family: Family, slug: str, action: Action) -> str:
    return reverse(f"move-{slug}", kwargs={"family": family.uuid}) if actor.may(action) else ""


def _by(who: Any, at: datetime | None) -> str:
    return _("%(who)s, %(day)s") % {"who": who, "day": danish_date(danish_day(at))} if who and at else ""
