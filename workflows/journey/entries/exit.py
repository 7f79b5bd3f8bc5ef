"""How the exit plan and each exit step are told."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from placement.families.models import Family
from workflows.exit.models import AuthorityWord, ExitPlan, ExitStep, ExitStepDecision
from workflows.journey.entries.base import Line, Source, Told, answer, line, said
from workflows.kernel.models import Element


def _plan(row: ExitPlan) -> Told:
    lines = said(row, "destination", "alternative", "shown_to_parents_on", "residence", "residence_task")
    lines += said(row, "residence_by", "home_situation", "receiving_support", "contact_person")
    return Told(_("Udslusningsplan"), str(row.made_by), "", lines, Element.EXIT.value)


def _of_step(step: ExitStep, title: str, who: object, text: str, lines: list[Line]) -> Told:
    attempt = said(step, "attempt") if step.attempt > 1 else []
    return Told(f"{title} {step.code}", str(who or ""), text, [*attempt, *lines], Element.EXIT.value)


def _step_asked(step: ExitStep) -> Told:
    lines = said(step, "planned_from", "planned_until")
    return _of_step(step, _("Ønske om udslusningstrin"), step.requested_by, step.why_now, lines)


def _step_decided(row: ExitStepDecision) -> Told:
    lines = line(_("Teamlederens svar"), answer(row.approved))
    return _of_step(row.step, _("Afgørelse om udslusningstrin"), row.decided_by, row.reason, lines)


def _authority(row: AuthorityWord) -> Told:
    lines = line(_("Myndighedens svar"), answer(row.approved)) + said(row, "effective_from", "legal_basis")
    return _of_step(row.step, _("Myndighedens ord om trin"), row.decided_by, row.reason, lines)


def _step_done(step: ExitStep) -> Told:
    lines = said(step, "accompanied_by")
    return _of_step(step, _("Udslusningstrin gennemført:"), step.carried_out_by, "", lines)


def _step_abandoned(step: ExitStep) -> Told:
    title = _("Ikke gennemført: udslusningstrin")
    return _of_step(step, title, step.abandoned_by, step.abandoned_reason, [])


def _step_evaluated(step: ExitStep) -> Told:
    lines = said(step, "staff_view", "parents_view")
    if step.child_view:
        lines += line(_("Barnets perspektiv"), step.child_view.text)
    lines += said(step, "result", "back_reason", "child_needs")
    return _of_step(step, _("Evaluering af udslusningstrin"), step.evaluated_by, "", lines)


def _steps(family: Family) -> QuerySet[ExitStep]:
    people = ("requested_by", "carried_out_by", "abandoned_by", "evaluated_by", "child_view")
    return ExitStep.every.filter(family=family).select_related(*people)


EXIT: tuple[Source, ...] = (
    Source(
        "exit_plan", lambda f: ExitPlan.every.filter(family=f).select_related("made_by"), "made_on", _plan
    ),
    Source("exit_step_asked", _steps, "requested_at", _step_asked),
    Source(
        "authority_word",
        lambda f: AuthorityWord.objects.filter(step__family=f).select_related("step", "decided_by"),
        "decided_at",
        _authority,
    ),
    Source(
        "exit_step_decided",
        lambda f: ExitStepDecision.objects.filter(step__family=f).select_related("step", "decided_by"),
        "decided_at",
        _step_decided,
    ),
    Source(
        "exit_step_done",
        lambda f: _steps(f).filter(carried_out_on__isnull=False),
        "carried_out_on",
        _step_done,
    ),
    Source(
        "exit_step_abandoned",
        lambda f: _steps(f).filter(abandoned_at__isnull=False),
        "abandoned_at",
        _step_abandoned,
    ),
    Source(
        "exit_step_evaluated",
        lambda f: _steps(f).filter(evaluated_at__isnull=False),
        "evaluated_at",
        _step_evaluated,
    ),
)
