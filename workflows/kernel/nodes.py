"""The nodes flows are drawn with: a human step that names its permission, and a child flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation, has_manage_permission
from viewflow.workflow.base import Edge
from viewflow.workflow.nodes import if_gate, switch
from viewflow.workflow.nodes.handle import HandleActivation
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.signals import task_finished, task_started
from viewflow.workflow.status import STATUS

from placement import clock
from placement.access.models import Staff
from placement.access.roles import Action, Role, roles_with
from workflows.kernel.clocks import tasks as task_clocks
from workflows.kernel.models import StopReason

if TYPE_CHECKING:
    from workflows.kernel.forms import StepForm
    from workflows.kernel.steps import Condition, Situation

Facts = Any
Answer = Mapping[str, Any]


class HumanStepActivation(ViewActivation):  # type: ignore[misc]
    """A human task knows from birth whom it waits for, until when, and who may not do it."""

    @classmethod
    def create(
        cls, flow_task: HumanStep, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> HumanStepActivation:
        process = prev_activation.process
        task = flow_task.flow_class.task_class(
            process=process,
            flow_task=flow_task,
            token=token,
            owner_permission=flow_task.action.value,
            role=(
                flow_task.waits_for(process) if flow_task.waits_for else roles_with(flow_task.action)[0]
            ).value,
            due=flow_task.due(process) if flow_task.due else None,
            excluded=flow_task.who_asked(process),
        )
        named = flow_task.named(process) if flow_task.named else None
        if named is not None:
            task.owner = named
            task.status = STATUS.ASSIGNED
        task.save()
        task.previous.add(prev_activation.task)
        task_clocks.start_for(task, now=clock.now())
        return cls(task)

    @Activation.status.transition(  # type: ignore[untyped-decorator]
        source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.STARTED
    )
    def take(self, person: Staff, *, now: datetime) -> None:
        """``person`` does it now, even if it was handed to a colleague. Written when it is completed."""
        self.task.owner = person
        self.task.assigned = self.task.started = now
        task_started.send(sender=self.flow_class, process=self.process, task=self.task)

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)  # type: ignore[untyped-decorator]
    def complete(self) -> None:
        self.task.finished = clock.now()
        self.task.save(update_fields=["status", "owner", "assigned", "started", "finished"])
        task_finished.send(sender=self.flow_class, process=self.process, task=self.task)
        task_clocks.stop_for(self.task, now=clock.now())

    @Activation.status.transition(  # type: ignore[untyped-decorator]
        source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.CANCELED, permission=has_manage_permission
    )
    def cancel(self) -> None:
        super().cancel.original()
        task_clocks.stop_for(self.task, now=clock.now(), reason=StopReason.DROPPED)

    def prepare_revived_task(self, task: Any) -> None:
        """The engine forgets the permission when it revives a task; a revived task is guarded as the first."""
        for field in ("owner_permission", "role", "due", "excluded_id"):
            setattr(task, field, getattr(self.task, field))
        task_clocks.start_for(task, now=clock.now())


class HumanStep(flow.View):  # type: ignore[misc]
    """A step somebody completes, on its page or in the API, through `services.complete_task` only.

    ``action`` is the permission (and must be named after the node), ``form`` what completing it takes, ``write``
    what it leaves behind. ``facts`` reads what the step rests on, ``conditions`` shows it, ``guard`` says why not.
    ``differs_from`` names the node whose person may not do this one (four eyes); ``asked_by`` finds whoever asked
    when no node of the flow did. ``due`` gives the deadline.
    ``shows`` tells what is being decided on: (title, text) pairs above the form. ``named`` says who the task is
    given to from the start; whether others may do it too, the role table says (`PERSONAL`). ``waits_for``: which of
    the roles that may do it is asked and reminded; the first of the table otherwise.
    """

    activation_class = HumanStepActivation

    def __init__(
        self,
        *,
        action: Action,
        form: type[StepForm],
        write: Callable[[Situation, Answer], None],
        facts: Callable[[Situation], Facts] | None = None,
        conditions: Callable[[Facts], tuple[Condition, ...]] | None = None,
        guard: Callable[[Facts, Answer], str | None] | None = None,
        differs_from: str | None = None,
        asked_by: Callable[[Any], Staff | None] | None = None,
        due: Callable[[Any], date | None] | None = None,
        shows: Callable[[Situation], list[tuple[Any, Any]]] | None = None,
        named: Callable[[Any], Staff | None] | None = None,
        waits_for: Callable[[Any], Role] | None = None,
        help: Any = "",
    ) -> None:
        super().__init__(None)
        self.action = action
        self.form = form
        self.write = write
        self.read_facts = facts
        self.conditions = conditions
        self.guard = guard
        self.differs_from = differs_from
        self.asked_by = asked_by
        self.due = due
        self.shows = shows
        self.named = named
        self.waits_for = waits_for
        self.help = help

    def _ready(self) -> None:
        super()._ready()
        expected = f"{self.flow_class.app_label_of()}.{self.name}"
        if not isinstance(self.action, Action) or self.action.value != expected:
            raise ImproperlyConfigured(f"the human step {expected} must name its permission {expected!r}")
        if not roles_with(self.action):
            raise ImproperlyConfigured(f"nobody may do {expected}: add it to the role table")
        if self.differs_from and self.differs_from not in self.flow_class._nodes_by_name:
            raise ImproperlyConfigured(f"{expected} differs from an unknown node {self.differs_from!r}")

    def who_asked(self, process: Any) -> Staff | None:
        """The person who did the step this one must differ from, in its latest round."""
        if self.asked_by is not None:
            return self.asked_by(process)
        if self.differs_from is None:
            return None
        asked = (
            process.task_set.filter(
                flow_task=self.flow_class._nodes_by_name[self.differs_from],
                status="DONE",
            )
            .select_related("owner")
            .order_by("-id")
            .first()
        )
        return asked.owner if asked else None

    @property
    def decides(self) -> bool:
        """Whether it decides on what somebody else asked for: then it says on which facts."""
        return self.differs_from is not None or self.asked_by is not None

    def facts(self, situation: Situation) -> Facts:
        """What the step rests on now (None for a step without a gate)."""
        return self.read_facts(situation) if self.read_facts else None

    def conditions_of(self, facts: Facts) -> tuple[Condition, ...]:
        """The named conditions of the step's gate with their evidence (empty for a step without a gate)."""
        return self.conditions(facts) if self.conditions else ()

    def refusal(self, facts: Facts, answer: Answer) -> str | None:
        """Why the step may not be completed with this answer, or None."""
        return self.guard(facts, answer) if self.guard else None


class IfActivation(if_gate.IfActivation):  # type: ignore[misc]
    """A question that the engine answers itself stands open for nobody: it is written once, when it is answered.

    No savepoint around the answer either: what fails here fails with the step that led here.
    """

    #: The task that led here; none when a written one is looked at again.
    came_of: Any = None

    # The engine keeps activations in sets, by their task; this one's is not written yet.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @classmethod
    def create(
        cls, flow_task: If, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> IfActivation:
        task = flow_task.flow_class.task_class(
            process=prev_activation.process, flow_task=flow_task, token=token
        )
        activation = cls(task)
        activation.came_of = prev_activation.task
        return activation

    @Activation.status.super()  # type: ignore[untyped-decorator]
    def activate(self) -> None:
        self._condition_result = self.flow_task._condition(self)

    @Activation.status.super()  # type: ignore[untyped-decorator]
    def complete(self) -> None:
        super().complete.original()
        if self.came_of is not None:
            self.task.previous.add(self.came_of)


class If(flow.If):  # type: ignore[misc]
    """A question answered by the family's records."""

    activation_class = IfActivation


class SwitchActivation(switch.SwitchActivation):  # type: ignore[misc]
    """As with `IfActivation`: what fails here fails with the step that led here."""

    @Activation.status.super()  # type: ignore[untyped-decorator]
    def activate(self) -> None:
        self.next_task = next((node for node, condition in self.flow_task._branches if condition(self)), None)
        if self.next_task is None:
            raise LookupError(f"no way on from {self.flow_task.name}")


class Switch(flow.Switch):  # type: ignore[misc]
    """A question with more than two answers, read from the records; each way says by a frozen word which it is.

    The words are shown as `workflows.kernel.pictures.graph` translates them.
    """

    activation_class = SwitchActivation

    def __init__(self) -> None:
        super().__init__()
        self._words: list[str] = []

    def way(self, word: str, node: Any, condition: Callable[[Any], bool]) -> Switch:
        """Go on with ``node`` when ``condition`` holds of the records and none before it did."""
        self._words.append(word)
        self.Case(node, condition)
        return self

    def _outgoing(self) -> Iterator[Edge]:
        for word, (node, _condition) in zip(self._words, self._branches, strict=True):
            yield Edge(src=self, dst=node, edge_class="cond_true", label=word)


class ChildFlowActivation(HandleActivation):  # type: ignore[misc]
    """Starts the child when reached, and stands open until the child has ended."""

    @Activation.status.super()  # type: ignore[untyped-decorator]
    def activate(self) -> None:
        self.flow_task.child().start.run(_parent_task=self.task, parent=self.process)


class ChildFlow(flow.Handle):  # type: ignore[misc]
    """Another flow as one step of this one: started and resumed in the parent's transaction, under its lock."""

    activation_class = ChildFlowActivation

    def __init__(self, child: Callable[[], Any]) -> None:
        super().__init__(this.resumed)
        self.child = child


def resume_parent(sender: Any, process: Any, **kwargs: Any) -> None:
    """A child flow has ended: its parent goes on, in the same transaction."""
    task = process.parent_task
    if task is not None and task.status == "NEW":
        task.flow_task.run(task)
