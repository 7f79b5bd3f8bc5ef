"""Conditions about who stands ready: receiving support, the place kept, the network, the handover, the child's plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement.network.models import Agreement
from workflows.exit.conditions.base import Ground, Kind, Reader, Rows, Stand, day, from_source, newest
from workflows.exit.models import (
    ChildPlanRevision,
    HandoverMeeting,
    PlaceKept,
    ReceivingSupport,
)
from workflows.kernel.steps import Condition
from workflows.model_versions.exit_ladder import ConditionCode, ConditionRule


@dataclass(frozen=True)
class Support:
    """Who receives the family."""

    organisation: str
    informed_on: date | None = None
    first_appointment_on: date | None = None
    health_visitor_on: date | None = None


_SUPPORT = ("organisation", "informed_on", "first_appointment_on", "health_visitor_informed_on")


def _made_support(stand: Stand, rows: Rows) -> Support:
    return Support(*(rows[0][name] for name in _SUPPORT)) if rows else Support("")


receiving_support = Reader("receiving_support", _made_support, newest(ReceivingSupport, *_SUPPORT))


def _receiving_support(facts: Support, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Den modtagende støtte er navngivet og informeret"),
        met=bool(facts.organisation),
        evidence=f"{facts.organisation}, {day(facts.informed_on)}" if facts.organisation else "",
        reason=gettext_lazy("Skriv, hvem der støtter familien efter flytningen, og hvem kontaktpersonen er."),
    )


def _health_visitor(facts: Support, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Sundhedsplejersken er informeret"),
        met=facts.health_visitor_on is not None,
        evidence=day(facts.health_visitor_on),
        reason=gettext_lazy(
            "Fortæl sundhedsplejersken om planen, og skriv hvornår, ved den modtagende støtte."
        ),
    )


def _first_appointment(facts: Support, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Den første aftale med støtten er lavet"),
        met=facts.first_appointment_on is not None,
        evidence=day(facts.first_appointment_on),
        reason=gettext_lazy("Aftal den første gang med den modtagende støtte, og skriv datoen."),
    )


@dataclass(frozen=True)
class Place:
    """Until when the family's place is kept."""

    kept_until: date | None


def _made_place(stand: Stand, rows: Rows) -> Place:
    return Place(rows[0]["kept_until"] if rows else None)


place_kept = Reader("place_kept", _made_place, newest(PlaceKept, "kept_until"))


def _place_kept(facts: Place, rule: ConditionRule, ground: Ground) -> Condition:
    needed = max(filter(None, (ground.planned_until, ground.planned_from, ground.today)))
    return Condition(
        code=rule.name,
        title=_("Pladsen holdes til og med %(day)s") % {"day": day(needed)},
        met=facts.kept_until is not None and facts.kept_until >= needed,
        evidence=_("Aftalt til og med %(day)s") % {"day": day(facts.kept_until)} if facts.kept_until else "",
        reason=_(
            "Pladsen skal holdes mindst til %(day)s, så familien kan vende tilbage. Skriv den nye aftale."
        )
        % {"day": day(needed)},
    )


@dataclass(frozen=True)
class Agreements:
    """Agreements with the network, as they were followed up: (day, kept)."""

    followed_up: tuple[tuple[date, bool], ...]


def _all_agreements(stand: Stand) -> tuple[QuerySet[Any, Any], ...]:
    rows = Agreement.objects.filter(family=stand.family).order_by("id")
    return (rows.values("followed_up_on", "kept"),)


def _made_agreements(stand: Stand, rows: Rows) -> Agreements:
    told = ((row["followed_up_on"], row["kept"]) for row in rows)
    return Agreements(tuple((on, kept) for on, kept in told if on is not None and kept is not None))


agreements = Reader("agreements", _made_agreements, _all_agreements)


def _agreements_kept(facts: Agreements, rule: ConditionRule, ground: Ground) -> Condition:
    since = ground.today - timedelta(days=rule.number("days"))
    recent = [kept for on, kept in facts.followed_up if on >= since]
    enough = len(recent) >= rule.number("at_least")
    share = 100 * sum(recent) >= rule.number("percent") * len(recent)
    return Condition(
        code=rule.name,
        title=gettext_lazy("Aftalerne med netværket er holdt"),
        met=enough and share,
        evidence=from_source(
            _("%(kept)d af %(all)d aftaler holdt de sidste %(days)d dage")
            % {"kept": sum(recent), "all": len(recent), "days": rule.number("days")},
            rule,
        ),
        reason=gettext_lazy("For få aftaler med netværket er holdt. Følg dem op på netværksmødet."),
    )


@dataclass(frozen=True)
class Handover:
    """The newest handover meeting."""

    held_on: date | None


def _made_handover(stand: Stand, rows: Rows) -> Handover:
    return Handover(rows[0]["held_on"] if rows else None)


handover = Reader("handover", _made_handover, newest(HandoverMeeting, "held_on"))


def _handover_held(facts: Handover, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Overleveringsmødet er holdt"),
        met=facts.held_on is not None,
        evidence=day(facts.held_on),
        reason=gettext_lazy("Hold overleveringsmødet med dem, der tager imod familien, og skriv det."),
    )


@dataclass(frozen=True)
class ChildPlan:
    """When the child's plan was revised last."""

    revised_on: date | None


def _made_child_plan(stand: Stand, rows: Rows) -> ChildPlan:
    return ChildPlan(rows[0]["revised_on"] if rows else None)


child_plan = Reader("child_plan", _made_child_plan, newest(ChildPlanRevision, "revised_on"))


def _child_plan_revised(facts: ChildPlan, rule: ConditionRule, ground: Ground) -> Condition:
    days = rule.number("days")
    return Condition(
        code=rule.name,
        title=gettext_lazy("Barnets plan er revideret"),
        met=facts.revised_on is not None and facts.revised_on + timedelta(days=days) >= ground.today,
        evidence=day(facts.revised_on),
        reason=_(
            "Barnets plan er ikke revideret inden for %(days)d dage. Revidér den, og skriv, hvad der er ændret."
        )
        % {"days": days},
    )


KINDS = (
    Kind(ConditionCode.RECEIVING_SUPPORT, receiving_support, _receiving_support),
    Kind(ConditionCode.HEALTH_VISITOR_INFORMED, receiving_support, _health_visitor),
    Kind(ConditionCode.FIRST_APPOINTMENT, receiving_support, _first_appointment),
    Kind(ConditionCode.PLACE_KEPT, place_kept, _place_kept, at_carry_out=True),
    Kind(ConditionCode.AGREEMENTS_KEPT, agreements, _agreements_kept),
    Kind(ConditionCode.CHILD_PLAN_REVISED, child_plan, _child_plan_revised),
    Kind(ConditionCode.HANDOVER_HELD, handover, _handover_held),
)
