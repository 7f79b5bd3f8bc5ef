"""Conditions about where the family stands: plan, consent, the step before, the child's view, the authority's word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement.clock import danish_day
from placement.families.models import ChildView
from placement.families.services import custody_holders
from workflows.conference.selectors import not_written_in
from workflows.exit.conditions.base import Ground, Kind, Reader, Rows, Stand, day, newest
from workflows.exit.models import ExitPlan, Residence
from workflows.kernel.steps import Condition
from workflows.model_versions.exit_ladder import ConditionCode, ConditionRule
from workflows.screening.selectors import closed_concerns, open_concerns


@dataclass(frozen=True)
class Plan:
    """The exit plan that stands."""

    plan: int | None
    made_on: date | None = None
    residence: str = ""
    residence_task: str = ""
    residence_by: date | None = None
    #: When the authority approved a family group conference's plan that changes the exit plan, which nobody has
    #: written into it yet.
    overtaken_on: date | None = None


_PLAN = ("id", "made_on", "residence", "residence_task", "residence_by")


def _plans(stand: Stand) -> tuple[QuerySet[Any, Any], ...]:
    """The plan that stands, and the conference's that has overtaken it."""
    return (*newest(ExitPlan, *_PLAN)(stand), not_written_in(stand.family.pk).values("decided_at")[:1])


def _made_plan(stand: Stand, rows: Rows, overtaking: Rows) -> Plan:
    overtaken_on = danish_day(overtaking[0]["decided_at"]) if overtaking else None
    standing = Plan(*(rows[0][name] for name in _PLAN)) if rows else Plan(None)
    return replace(standing, overtaken_on=overtaken_on)


plan = Reader("plan", _made_plan, _plans)


def _plan(facts: Plan, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Der er en udslusningsplan"),
        met=facts.plan is not None and facts.overtaken_on is None,
        evidence=day(facts.made_on),
        reason=_(
            "Familierådslagningens plan, godkendt %(day)s, ændrer udslusningsplanen. Skriv den ind i planen først."
        )
        % {"day": day(facts.overtaken_on)}
        if facts.overtaken_on
        else gettext_lazy("Udslusningsplanen mangler. Læg den først."),
    )


def _residence(facts: Plan, rule: ConditionRule, ground: Ground) -> Condition:
    clear = facts.residence == Residence.CLEAR
    evidence = ""
    if clear:
        evidence = _("Afklaret")
    elif facts.residence_task:
        evidence = _("Ikke afklaret: %(what)s inden %(day)s") % {
            "what": facts.residence_task,
            "day": day(facts.residence_by),
        }
    return Condition(
        code=rule.name,
        title=gettext_lazy("Boligen er afklaret, eller nogen er i gang med den"),
        met=clear or bool(facts.residence_task),
        evidence=evidence,
        reason=gettext_lazy(
            "Boligen er ikke afklaret. Skriv i udslusningsplanen, hvem der gør hvad og inden hvornår."
        ),
    )


@dataclass(frozen=True)
class Consents:
    """Custody holders, and how many of them consent."""

    standing: int
    holders: int


def _made_consents(stand: Stand, rows: Rows) -> Consents:
    return Consents(sum(row["consents_now"] for row in rows), len(rows))


consents = Reader("consents", _made_consents, lambda stand: (custody_holders(stand.family),))


def _consent(facts: Consents, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Samtykket gælder"),
        met=facts.holders > 0 and facts.standing == facts.holders,
        evidence=_("%(standing)d af %(holders)d samtykker gælder")
        % {"standing": facts.standing, "holders": facts.holders},
        reason=gettext_lazy(
            "Samtykket er trukket tilbage eller mangler. Tal med rådgiveren, før der går videre."
        ),
    )


@dataclass(frozen=True)
class Previous:
    """The step before, and the child's view that the next one rests on."""

    code: str
    evaluated: bool
    child_view_on: date | None


def _first_child_view(stand: Stand) -> tuple[QuerySet[Any, Any], ...]:
    """Before the first step the child's view is one written since the family moved in."""
    if stand.previous is not None:
        return ()
    views = ChildView.objects.filter(family=stand.family)
    if stand.family.moved_in_on is not None:
        views = views.filter(obtained_on__gte=stand.family.moved_in_on)
    return (views.order_by("-obtained_on", "-id").values("obtained_on")[:1],)


def _made_previous(stand: Stand, rows: Rows | None = None) -> Previous:
    before = stand.previous
    if before is not None:
        view = before.child_view
        return Previous(before.code, before.evaluated_at is not None, view.obtained_on if view else None)
    return Previous("", True, rows[0]["obtained_on"] if rows else None)


previous = Reader("previous", _made_previous, _first_child_view)


def _previous(facts: Previous, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Trinnet før er gennemført og evalueret"),
        met=facts.evaluated,
        evidence=facts.code or _("Det er det første trin"),
        reason=_("Trin %(code)s er ikke evalueret. Evaluér det, før det næste.") % {"code": facts.code},
    )


def _child_view(facts: Previous, rule: ConditionRule, ground: Ground) -> Condition:
    if facts.code:
        title = _("Barnets perspektiv på trinnet før er skrevet")
        reason = _("Barnets perspektiv mangler i evalueringen af trinnet før.")
    else:
        title = _("Barnets perspektiv er skrevet, siden familien flyttede ind")
        reason = _("Barnets perspektiv mangler. Skriv det på familiens side (barnets lov § 5).")
    return Condition(
        code=rule.name,
        title=title,
        met=facts.child_view_on is not None,
        evidence=f"{facts.code} {day(facts.child_view_on)}".strip(),
        reason=reason,
    )


@dataclass(frozen=True)
class Concern:
    """Whether a notification of concern stands open, and when the last one was closed."""

    open: bool
    closed_on: date | None


def _concerns(stand: Stand) -> tuple[QuerySet[Any, Any], ...]:
    family = stand.family.pk
    return (open_concerns(family).values("id")[:1], closed_concerns(family).values("closed_at")[:1])


def _made_concern(stand: Stand, standing: Rows, closed: Rows) -> Concern:
    return Concern(bool(standing), danish_day(closed[0]["closed_at"]) if closed else None)


concern = Reader("concern", _made_concern, _concerns)


def _no_open_concern(facts: Concern, rule: ConditionRule, ground: Ground) -> Condition:
    days = rule.number("days")
    free_from = facts.closed_on + timedelta(days=days) if facts.closed_on else None
    recent = free_from is not None and ground.today < free_from
    if facts.open:
        evidence = _("En underretning er åben")
    elif facts.closed_on:
        evidence = _("Den seneste blev afsluttet %(day)s") % {"day": day(facts.closed_on)}
    else:
        evidence = _("Ingen underretninger")
    reason = (
        _("En underretning er ikke afsluttet. Den skal være det, før familien går videre.")
        if facts.open
        else _("Der har været en underretning inden for %(days)d dage. Vent til %(day)s.")
        % {"days": days, "day": day(free_from)}
    )
    return Condition(
        code=rule.name,
        title=_("Ingen åben underretning i %(days)d dage") % {"days": days},
        met=not facts.open and not recent,
        evidence=evidence,
        reason=reason,
    )


@dataclass(frozen=True)
class Word:
    """The authority's decision on the step."""

    approved: bool | None
    decided_on: date | None
    effective_from: date | None


def _made_word(stand: Stand) -> Word:
    word = getattr(stand.step, "authority_word", None) if stand.step else None
    if word is None:
        return Word(None, None, None)
    return Word(word.approved, danish_day(word.decided_at), word.effective_from)


authority = Reader("authority", _made_word)


def _authority(facts: Word, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Myndigheden har truffet afgørelse"),
        met=facts.approved is True,
        evidence=day(facts.decided_on),
        reason=gettext_lazy("Prøvebo og flytning kræver myndighedens godkendelse. Den mangler."),
    )


def _decision_from_move_day(facts: Word, rule: ConditionRule, ground: Ground) -> Condition:
    met = facts.approved is True and facts.effective_from is not None
    return Condition(
        code=rule.name,
        title=gettext_lazy("Den nye afgørelse gælder fra flyttedagen"),
        met=met and facts.effective_from == ground.planned_from,
        evidence=day(facts.effective_from),
        reason=gettext_lazy(
            "Flytningen kræver en ny afgørelse, der gælder fra flyttedagen. Bed myndigheden om den."
        ),
    )


KINDS = (
    Kind(ConditionCode.EXIT_PLAN, plan, _plan, at_request=True),
    Kind(ConditionCode.RESIDENCE, plan, _residence),
    Kind(ConditionCode.CONSENT, consents, _consent, at_request=True, at_carry_out=True),
    Kind(ConditionCode.PREVIOUS_EVALUATED, previous, _previous, at_request=True),
    Kind(ConditionCode.CHILD_VIEW, previous, _child_view),
    Kind(ConditionCode.NO_OPEN_CONCERN, concern, _no_open_concern, at_carry_out=True),
    Kind(ConditionCode.AUTHORITY, authority, _authority, at_carry_out=True),
    Kind(ConditionCode.DECISION_FROM_MOVE_DAY, authority, _decision_from_move_day, at_carry_out=True),
)
