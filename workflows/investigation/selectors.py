"""Who may be involved now, and what the steps of an examination show. Other rooms ask here, never the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement.clock import danish_day
from placement.families.codes import BirthState
from placement.families.models import Decision, Family, Person
from placement.families.people import nameless
from placement.families.stays import UNDER_WAY
from placement.templatetags.words import danish_date
from workflows.investigation.models import Investigation, ParallelPlan, ParallelTrack, RiskJudgement
from workflows.kernel.models import Clock
from workflows.kernel.steps import Situation
from workflows.model_versions.clock_rules import Event
from workflows.screening.models import Concern

#: How the target group's trait of violence is stored.
VIOLENCE = "violence"


@dataclass(frozen=True)
class Involvement:
    """Whether somebody may be involved now. ``reason`` says why not, with the paragraph; '' when they may."""

    allowed: bool
    reason: str | Promise = ""
    #: When the risk was last judged; None when it never was.
    judged_on: date | None = None


@dataclass(frozen=True)
class Risk:
    """What is known about violence in a family: the newest sign of it, and the newest judgement."""

    sign_at: datetime | None
    judgement: RiskJudgement | None

    @property
    def judged(self) -> bool:
        """Whether there is no sign, or the risk was judged after the newest one."""
        if self.sign_at is None:
            return True
        return self.judgement is not None and self.judgement.judged_at >= self.sign_at


def network_may_be_involved(family: Family) -> Involvement:
    """Whether the family's network may be involved now (barnets lov § 18): ask before anybody is invited.

    No, while violence or an honour-related conflict may exist and the risk has not been judged since; and when it
    was judged that the network may not be involved. A sign is an investigation or a notification of concern that
    says so, or the family's trait of violence. Three queries, whatever there is.
    """
    return _involvement(risk_of(family), "network")


def parents_may_be_involved(family: Family) -> Involvement:
    """The same for the parents; what one notification of concern says about telling them is the notification's."""
    return _involvement(risk_of(family), "parents")


def involvement(family: Family, risk: Risk | None = None) -> dict[str, Involvement]:
    """Both at once, by "parents" and "network", for the price of one; ``risk``: as `risk_of` reads it, when at hand."""
    risk = risk or risk_of(family)
    return {who: _involvement(risk, who) for who in ("parents", "network")}


_UNJUDGED = gettext_lazy(
    "Der kan være vold eller en æresrelateret konflikt. Vurdér risikoen, før forældre eller netværk inddrages "
    "(barnets lov § 18)."
)
_NOT_NOW = {
    "parents": gettext_lazy(
        "Risikoen er vurderet sådan, at forældrene ikke må inddrages nu (barnets lov § 18). Vurdér den igen, når den "
        "har ændret sig."
    ),
    "network": gettext_lazy(
        "Risikoen er vurderet sådan, at netværket ikke må inddrages nu (barnets lov § 18). Vurdér den igen, når den "
        "har ændret sig."
    ),
}


def _involvement(risk: Risk, who: str) -> Involvement:
    judgement = risk.judgement
    judged_on = danish_day(judgement.judged_at) if judgement else None
    if not risk.judged:
        return Involvement(False, _UNJUDGED, judged_on)
    if judgement is not None and not getattr(judgement, f"{who}_may_be_involved"):
        return Involvement(False, _NOT_NOW[who], judged_on)
    return Involvement(True, "", judged_on)


def risk_of(family: Family) -> Risk:
    """The newest sign of violence and the newest judgement of the risk. Three queries."""
    signs = [
        Investigation.objects.filter(family=family, violence_possible=True).aggregate(at=Max("begun_at"))[
            "at"
        ],
        _worried_at(family),
        family.enquired_at if VIOLENCE in family.traits else None,
    ]
    judgement = RiskJudgement.objects.filter(family=family).order_by("-judged_at", "-id").first()
    return Risk(max((at for at in signs if at is not None), default=None), judgement)


def _worried_at(family: Family) -> datetime | None:
    """When a notification of concern last said that violence is possible: its latest assessment, or it itself before one."""
    rows = (
        Concern.objects.filter(family=family)
        .filter(Q(violence_possible=True) | Q(assessments__violence_possible=True))
        .order_by("id", "assessments__id")
        .values_list(
            "id",
            "registered_at",
            "violence_possible",
            "assessments__assessed_at",
            "assessments__violence_possible",
        )
    )
    latest: dict[int, tuple[datetime, bool]] = {}
    for concern, registered, own, assessed, found in rows:
        latest[concern] = (registered, own) if assessed is None else (assessed, found)
    return max((at for at, possible in latest.values() if possible), default=None)


def runs_alongside(family: Family) -> bool:
    """Whether a measure runs beside an examination now (barnets lov § 32, stk. 4): it was decided on and has begun."""
    if family.phase not in UNDER_WAY or family.started_on is None:
        return False
    return Decision.objects.standing().filter(family=family, approved=True).exists()


def awaited(family: Family) -> QuerySet[Person]:
    """The family's unborn children."""
    return Person.objects.filter(family=family, birth_state=BirthState.EXPECTED).order_by("id")


def about_whom(child: Person | None) -> str:
    """In words: the unborn child, or the family's children."""
    if child is None:
        return str(_("Familiens børn"))
    name = child.name or nameless(child)
    return f"{name}, {_('termin %(day)s') % {'day': danish_date(child.due_on)}}" if child.due_on else name


def running_clock(record: Any, *events: Event) -> Clock | None:
    """The running deadline about an investigation or a track that waits for one of ``events``; None without one."""
    running = Clock.objects.running().filter(
        family_id=record.family_id, about=record.uuid, stopped_by__in=[event.value for event in events]
    )
    return running.order_by("due_at", "id").first()


def standing_plan(track: ParallelTrack) -> ParallelPlan | None:
    """The plans as they were last written and shown to the parents."""
    return track.plans.order_by("-id").first()


def investigation_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """What the municipality became aware of, and how it was screened, as whoever works on it reads it."""
    found = situation.process.investigation
    brief = [
        (_("Handler om"), about_whom(found.child)),
        (_("Kommunen blev opmærksom"), danish_date(found.aware_on)),
        (_("Hvad kommunen blev opmærksom på"), found.why),
        (
            _("Vold eller æresrelateret konflikt kan være til stede"),
            _("Ja") if found.violence_possible else _("Nej"),
        ),
    ]
    if found.track:
        brief += [(_("Screeningen"), found.get_track_display()), (_("Begrundelse"), found.reasons)]
    judgement = RiskJudgement.objects.filter(family=situation.family).order_by("-judged_at", "-id").first()
    if judgement is not None:
        brief += [(_("Risikoen"), judgement.risk), (_("Beskyttelse"), judgement.protection)]
    running = running_clock(found, Event.EXAMINATION_SETTLED, Event.EXAMINATION_CONCLUDED)
    if running is not None:
        brief.append((_("Frist"), f"{danish_date(running.due_on)} ({running.source})"))
    for made in found.preliminary.all():
        brief.append((_("Foreløbig vurdering"), made.text))
        brief.append((_("Afsluttes senest"), f"{danish_date(made.expected_on)}: {made.why_late}"))
    return brief


def track_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """Why there are two plans, and both of them as the parents were shown them."""
    track = situation.process.parallel_track
    brief = [(_("Handler om"), about_whom(track.child)), (_("Hvorfor to planer"), track.why)]
    plan = standing_plan(track)
    if plan is not None:
        brief += [
            (_("Plan A: familien sammen"), plan.plan_a),
            (_("Plan B: hvis barnet ikke kan bo hos forældrene"), plan.plan_b),
            (_("Hvad der afgør, hvilken plan der holder"), plan.turning_point),
            (_("Vist til forældrene"), danish_date(plan.shown_on) or _("Ikke vist endnu")),
        ]
    return brief
