"""Reading where an exit stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import QuerySet

from placement.families.models import Family
from workflows.exit.models import ExitPlan, ExitStep, StepResult
from workflows.kernel.steps import Situation
from workflows.model_versions.content import Model
from workflows.model_versions.exit_ladder import ExitRung


def latest_plan(family: Family | int) -> ExitPlan | None:
    """The exit plan in use."""
    return ExitPlan.objects.filter(family=family).first()


def latest_step(family: Family | int) -> ExitStep | None:
    """The step that was asked for last, whatever became of it."""
    return steps(family).first()


def all_steps(family_id: int) -> tuple[ExitStep, ...]:
    """The family's `steps`, read: for `Situation.once`."""
    return tuple(steps(family_id))


def step_before(situation: Situation) -> ExitStep | None:
    """The step that was asked for last, as it was before the situation's own step is written."""
    return next(iter(situation.once(all_steps)), None)


def steps(family: Family | int) -> QuerySet[ExitStep]:
    """The family's steps, newest first, each with what became of it."""
    return ExitStep.objects.filter(family=family).select_related(
        "decision__decided_by",
        "authority_word__decided_by",
        "child_view",
        "abandoned_by",
        "requested_by",
        "family",
    )


def next_rung(steps: Iterable[ExitStep], model: Model) -> ExitRung | None:
    """The rung that may be asked for next: after the last evaluated step, as its result says. None after the last.

    ``steps``: the family's, newest first.
    """
    evaluated = next((step for step in steps if step.evaluated_at is not None), None)
    if evaluated is None:
        return model.rung_after(None)
    if evaluated.result == StepResult.PROCEED:
        return model.rung_after(evaluated.code)
    return (
        model.rung(evaluated.code)
        if evaluated.result == StepResult.REPEAT
        else model.rung_before(evaluated.code)
    )


RungState = Literal["done", "current", "todo"]


@dataclass(frozen=True)
class Rung:
    """One rung of a family's ladder as a picture shows it."""

    code: str
    title: str
    state: RungState


def ladder(asked_for: Sequence[ExitStep], model: Model) -> list[Rung]:
    """The whole ladder with where a family with an exit plan stands on it. ``asked_for``: its `steps`."""
    last = asked_for[0] if asked_for else None
    upcoming = next_rung(asked_for, model)
    open_step = last is not None and last.evaluated_at is None and not came_to_nothing(last)
    current = last.code if last is not None and open_step else (upcoming.code if upcoming else None)
    codes = [rung.code for rung in model.exit_ladder]
    position = codes.index(current) if current is not None else len(codes)
    return [
        Rung(
            code=rung.code,
            title=rung.title,
            state="done" if index < position else ("current" if index == position else "todo"),
        )
        for index, rung in enumerate(model.exit_ladder)
    ]


def _rejected(step: ExitStep) -> bool:
    """Whether the team lead or the authority said no to the step."""
    words = (getattr(step, "decision", None), getattr(step, "authority_word", None))
    return any(word is not None and not word.approved for word in words)


def came_to_nothing(step: ExitStep) -> bool:
    """Whether the step was refused or, once approved, abandoned."""
    return step.abandoned_at is not None or _rejected(step)
