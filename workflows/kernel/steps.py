"""What a human step is made of: the situation it stands in, the facts it rests on, the conditions it names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar, cast

from django.utils.functional import Promise

from placement.access.actor import Actor
from placement.clock import danish_day
from placement.families.models import Family
from workflows.kernel.models import Process, Task
from workflows.model_versions.content import Model

Found = TypeVar("Found")


@dataclass(frozen=True)
class Condition:
    """One condition of a gate, with the evidence that was found. ``reason`` says what is missing when not met.

    ``change``: what it looked like when somebody asked, when that is no longer so.
    """

    code: str
    title: str | Promise
    met: bool
    evidence: str | Promise = ""
    reason: str | Promise = ""
    change: str | Promise = ""


@dataclass(frozen=True)
class Situation:
    """Who stands before which task, when. Given to a step's facts, form and write."""

    actor: Actor
    task: Task
    now: datetime

    @cached_property
    def process(self) -> Process:
        return self.task.process

    @property
    def family(self) -> Family:
        family = self.process.family
        if family is None:
            raise TypeError("a release's task has no family")
        return family

    @cached_property
    def facts(self) -> Any:
        """What the step rests on, read once for its form, its guard and its conditions (None without a gate)."""
        return self.task.flow_task.facts(self)

    def once(self, reader: Callable[[int], Found]) -> Found:
        """What ``reader`` finds by the family's id, asked once for the step's facts, form and write."""
        if reader not in self._known:
            self._known[reader] = reader(self.family.pk)
        return cast(Found, self._known[reader])

    @cached_property
    def _known(self) -> dict[Callable[[int], Any], Any]:
        return {}

    @property
    def today(self) -> date:
        return danish_day(self.now)

    @cached_property
    def model(self) -> Model:
        """The model version this family follows."""
        return model_of(self.process)


def model_of(process: Process) -> Model:
    """What a family's process follows: its municipality's adaptation if it has one, else its national version."""
    if process.model_version is None:
        raise TypeError("only a family's process follows a model version")
    return process.adaptation.model if process.adaptation else process.model_version.model


def first_unmet(conditions: tuple[Condition, ...]) -> str | None:
    """The reason of the first condition that is not met, or None: the usual answer of a guard."""
    return next((str(c.reason or c.title) for c in conditions if not c.met), None)


def as_json(facts: Any) -> dict[str, Any]:
    """Facts as they are stored with a decision."""
    if facts is None:
        return {}
    if not is_dataclass(facts) or isinstance(facts, type):
        raise TypeError("facts are a dataclass")
    stored: dict[str, Any] = json.loads(json.dumps(asdict(facts), default=str))
    return stored


def version_of(facts: Any) -> str:
    """A short digest of the facts: what a person read when they decide must still be so."""
    return hashlib.sha256(json.dumps(as_json(facts), sort_keys=True).encode()).hexdigest()[:16]
