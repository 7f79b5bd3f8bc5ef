"""What is shown above the exit's forms: what is being decided on, and what became of what was asked for before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from placement.clock import danish_day
from workflows.exit.guards import still_missing
from workflows.exit.models import ExitPlan, ExitStep
from workflows.exit.selectors import came_to_nothing, step_before
from workflows.kernel.steps import Situation


def _signed(who: Any, moment: datetime, text: str) -> str:
    signed = _("%(who)s, %(day)s") % {"who": who, "day": f"{danish_day(moment):%d.%m.%Y}"}
    return f"{signed}: {text}"


def request_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """What became of the step asked for last, and what is to be laid before the next one can be approved."""
    missing = [str(c.title) for c in still_missing(situation.facts)]
    return [*refusal_brief(situation), (_("Skal være på plads før godkendelsen"), "\n".join(missing))]


def refusal_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """Why the step asked for last came to nothing: who said no, when and why; empty when it did not."""
    step = step_before(situation)
    if step is None or not came_to_nothing(step):
        return []
    brief: list[tuple[Any, Any]] = [(_("Trin"), step.code)]
    word = getattr(step, "authority_word", None)
    if word is not None and not word.approved:
        brief.append((_("Afvist af myndigheden"), _signed(word.decided_by, word.decided_at, word.reason)))
    decision = getattr(step, "decision", None)
    if decision is not None and not decision.approved:
        brief.append(
            (_("Afvist af teamlederen"), _signed(decision.decided_by, decision.decided_at, decision.reason))
        )
    if step.abandoned_at is not None:
        brief.append(
            (_("Ikke gennemført"), _signed(step.abandoned_by, step.abandoned_at, step.abandoned_reason))
        )
    return brief


def _before_brief(step: ExitStep) -> list[tuple[Any, Any]]:
    """What was written about the step evaluated before this one, which the next one is decided on."""
    before = (
        ExitStep.objects.filter(family=step.family_id, pk__lt=step.pk, evaluated_at__isnull=False)
        .select_related("child_view")
        .first()
    )
    if before is None:
        return []
    return [
        (_("Trinnet før"), f"{before.code}, {before.get_result_display()}"),
        (_("Hvorfor et trin tilbage"), before.get_back_reason_display()),
        (_("Hvad barnet har brug for nu"), before.child_needs),
        (_("Teamets evaluering"), before.staff_view),
        (_("Forældrenes evaluering"), before.parents_view),
        (_("Barnets perspektiv"), before.child_view.text if before.child_view else ""),
    ]


def step_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """What a step's decision is about: which rung, who asked and why, and where the family is heading."""
    step = step_before(situation)
    if step is None:
        return []
    rung = situation.model.rung(step.code)
    asked = _("%(who)s, %(day)s") % {"who": step.requested_by, "day": f"{step.requested_at:%d.%m.%Y}"}
    return [
        (_("Trin"), f"{rung.code}: {rung.title}. {rung.content}"),
        (_("Forsøg"), str(step.attempt) if step.attempt > 1 else ""),
        (_("Ønsket af"), asked),
        (_("Hvorfor nu"), step.why_now),
        (_("Fra"), f"{step.planned_from:%d.%m.%Y}"),
        (_("Til og med"), f"{step.planned_until:%d.%m.%Y}" if step.planned_until else ""),
        *_plan_brief(step.plan_id),
        *_exceptions_brief(step),
        *_visits_brief(step),
        *_before_brief(step),
    ]


def _plan_brief(plan_id: int) -> list[tuple[Any, Any]]:
    """Where the family is heading; nothing when the plan is missing, which its own condition says."""
    plan = ExitPlan.objects.filter(pk=plan_id).first()
    if plan is None:
        return []
    return [
        (_("Hvor familien skal hen"), plan.get_destination_display()),
        (_("Og hvis ikke"), plan.get_alternative_display()),
        (_("Støtte efter udflytning"), plan.receiving_support),
    ]


def _exceptions_brief(step: ExitStep) -> list[tuple[Any, Any]]:
    """The exceptions that were made, each by name, by whom and why."""
    return [
        (
            _("Undtagelse: %(condition)s") % {"condition": made.title},
            _signed(made.made_by, made.made_at, made.reason),
        )
        for made in step.exceptions.select_related("made_by")
    ]


def _visits_brief(step: ExitStep) -> list[tuple[Any, Any]]:
    """What happened at the step's visits, in a line each."""
    return [
        (
            _("Besøg %(day)s") % {"day": f"{visit.held_on:%d.%m.%Y}"},
            visit.incident_text or visit.staff_view,
        )
        for visit in step.visits.order_by("held_on", "id")
    ]
