"""The base of every flow: own process and task tables, and the lock that all of a family's work shares."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from viewflow.workflow import flow

from workflows.kernel.lock import FamilyLock
from workflows.kernel.models import Element, Process, Task


class HouseFlow(flow.Flow):  # type: ignore[misc]
    """A flow of the house, about a family or a release. Its class name, module and node names are stored and
    never change."""

    process_class = Process
    task_class = Task
    lock_impl = FamilyLock()

    element: ClassVar[Element]
    #: Whether it goes on when the family's journey is broken off: what the law asks for does.
    outlives_the_journey: ClassVar[bool] = False

    @classmethod
    def outlives(cls, process: Process) -> bool:
        """Whether this run goes on: a flow whose runs differ says which."""
        return cls.outlives_the_journey

    @classmethod
    def app_label_of(cls) -> str:
        """The label of the app the flow is declared in."""
        config = apps.get_containing_app_config(cls.__module__)
        if config is None:
            raise LookupError(f"{cls.__module__} belongs to no app")
        return config.label


class FamilyFlow(HouseFlow):
    """A flow about one family."""

    def begin(self, activation: Any, *, parent: Process) -> Process:
        """Start as a child: the same family, model version and adaptation as the parent."""
        process: Process = activation.process
        process.municipality_id = parent.municipality_id
        process.family_id = parent.family_id
        process.family = parent.family
        process.model_version_id = parent.model_version_id
        process.model_version = parent.model_version
        process.adaptation_id = parent.adaptation_id
        process.adaptation = parent.adaptation
        return process

    def begin_beside(self, activation: Any, *, family: Any, model_version: Any, adaptation: Any) -> Process:
        """Start with no parent: a family's way of its own, on what `workflows.kernel.beside` says it follows."""
        process: Process = activation.process
        process.municipality_id = family.municipality_id
        process.family = family
        process.model_version = model_version
        process.adaptation = adaptation
        return process

    def resumed(self, activation: Any) -> Process:
        """A child flow of this one has ended; nothing else to do than to go on."""
        process: Process = activation.process
        return process
