"""What a condition is made of: a reader of facts, and a pure check of them that tells its evidence and its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from placement.families.models import Family
from workflows.exit.models import ExitStep
from workflows.kernel.reading import ask_together
from workflows.kernel.steps import Condition
from workflows.model_versions.content import Model
from workflows.model_versions.exit_ladder import ConditionCode, ConditionRule, ExitRung


@dataclass(frozen=True)
class Stand:
    """Where a family stands on its ladder: ``step`` waits (None while one is being asked for), ``rung`` is its rung."""

    family: Family
    model: Model
    rung: ExitRung
    today: date
    steps: tuple[ExitStep, ...]
    step: ExitStep | None

    @cached_property
    def previous(self) -> ExitStep | None:
        """The step before: the latest that was approved and not abandoned."""
        return next(
            (
                step
                for step in self.steps
                if (self.step is None or step.pk < self.step.pk)
                and step.abandoned_at is None
                and getattr(step, "decision", None) is not None
                and step.decision.approved
            ),
            None,
        )


@dataclass(frozen=True)
class Ground:
    """Everything that a step's conditions rest on, read on one day. What somebody read must still be so later."""

    rules: tuple[ConditionRule, ...]
    today: date
    planned_from: date | None
    planned_until: date | None
    #: By reader: each was asked once, however many conditions rest on it.
    facts: dict[str, Any]


#: The rows of one question, newest first where the question is ordered so: {field: value}.
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Reader:
    """What kinds of conditions rest on: the questions it takes (`.values()` of querysets), and the facts made of the
    answers. ``name`` is stored with every decision and never changes."""

    name: str
    make: Callable[..., Any]
    ask: Callable[[Stand], tuple[QuerySet[Any, Any], ...]] = lambda stand: ()


def newest(model: Any, *fields: str) -> Callable[[Stand], tuple[QuerySet[Any, Any], ...]]:
    """The question for the family's newest record of ``model``."""
    return lambda stand: (model.objects.filter(family=stand.family).values(*fields)[:1],)


@dataclass(frozen=True)
class Kind:
    """One kind of condition.

    ``at_request``: without it nobody may even ask. ``at_carry_out``: it must still be met on the day itself.
    """

    code: ConditionCode
    reader: Reader
    check: Callable[[Any, ConditionRule, Ground], Condition]
    at_request: bool = False
    at_carry_out: bool = False


def read_ground(stand: Stand, rules: Iterable[ConditionRule], readers: Iterable[Reader]) -> Ground:
    """Ask everything that the readers ask, each once, in one statement."""
    asked = {reader: reader.ask(stand) for reader in dict.fromkeys(readers)}
    answers = iter(ask_together([question for questions in asked.values() for question in questions]))
    facts = {
        reader.name: reader.make(stand, *(next(answers) for _question in questions))
        for reader, questions in asked.items()
    }
    step = stand.step
    return Ground(
        rules=tuple(rules),
        today=stand.today,
        planned_from=step.planned_from if step else None,
        planned_until=step.planned_until if step else None,
        facts=facts,
    )


def from_source(evidence: str, rule: ConditionRule) -> str:
    """The evidence, and where the condition comes from when that is not the model itself."""
    return " · ".join(part for part in (evidence, rule.source) if part)


def day(value: date | None) -> str:
    """A day as evidence; empty for none."""
    return f"{value:%d.%m.%Y}" if value else ""
