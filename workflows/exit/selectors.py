"""Reading where an exit stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from placement.clock import danish_day
from placement.families.models import Family
from workflows.exit.models import ExitPlan, ExitStep, StepResult
from workflows.kernel.steps import Situation
from workflows.model_versions.content import ExitRung, Model


def latest_plan(family: Family | int) -> ExitPlan | None:
    """The exit plan in use."""
    return ExitPlan.objects.filter(family=family).first()


def latest_step(family: Family | int) -> ExitStep | None:
    """The step that was asked for last, whatever became of it."""
    return (
        ExitStep.objects.filter(family=family)
        .select_related(
            "decision__decided_by",
            "authority_word__decided_by",
            "abandoned_by",
            "requested_by",
            "plan",
            "family",
        )
        .first()
    )


def next_rung(family: Family | int, model: Model) -> ExitRung | None:
    """The rung that may be asked for next: after the last evaluated step, as its result says. None after the last."""
    evaluated = ExitStep.objects.filter(family=family, evaluated_at__isnull=False).first()
    if evaluated is None:
        return model.rung_after(None)
    if evaluated.result == StepResult.PROCEED:
        return model.rung_after(evaluated.code)
    return (
        model.rung(evaluated.code)
        if evaluated.result == StepResult.REPEAT
        else model.rung_before(evaluated.code)
    )


@dataclass(frozen=True)
class Rung:
    """One rung of a family's ladder as a picture shows it. ``state``: done, current or todo."""

    code: str
    title: str
    state: str


def ladder(family: Family, model: Model) -> list[Rung]:
    """The whole ladder with where the family stands on it."""
    last = latest_step(family)
    upcoming = next_rung(family, model)
    open_step = last is not None and last.evaluated_at is None and not _came_to_nothing(last)
    current = last.code if last is not None and open_step else (upcoming.code if upcoming else None)
    codes = [rung.code for rung in model.exit_ladder]
    position = codes.index(current) if current is not None else len(codes)
    started = last is not None or latest_plan(family) is not None
    return [
        Rung(
            code=rung.code,
            title=rung.title,
            state="done" if index < position else ("current" if index == position and started else "todo"),
        )
        for index, rung in enumerate(model.exit_ladder)
    ]


def _rejected(step: ExitStep) -> bool:
    """Whether the team lead or the authority said no to the step."""
    words = (getattr(step, "decision", None), getattr(step, "authority_word", None))
    return any(word is not None and not word.approved for word in words)


def _came_to_nothing(step: ExitStep) -> bool:
    return step.abandoned_at is not None or _rejected(step)


def _signed(who: Any, moment: datetime, text: str) -> str:
    signed = _("%(who)s, %(day)s") % {"who": who, "day": f"{danish_day(moment):%d.%m.%Y}"}
    return f"{signed}: {text}"


def refusal_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """Why the step asked for last came to nothing: who said no, when and why; empty when it did not."""
    step = latest_step(situation.family)
    if step is None or not _came_to_nothing(step):
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
        (_("Teamets evaluering"), before.staff_view),
        (_("Forældrenes evaluering"), before.parents_view),
        (_("Barnets perspektiv"), before.child_view.text if before.child_view else ""),
    ]


def step_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """What a step's decision is about: which rung, who asked and why, and where the family is heading."""
    step = latest_step(situation.family)
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
        (_("Hvor familien skal hen"), step.plan.get_destination_display()),
        (_("Støtte efter udflytning"), step.plan.receiving_support),
        *_before_brief(step),
    ]
