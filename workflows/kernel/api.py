"""The worklist as an API: what waits for whoever asks, what completing it takes, and completing it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from placement import clock
from placement.access import payloads, submissions, trail
from placement.access.listing import PARAMETERS, page
from placement.access.middleware import actor_of
from workflows.kernel.models import Element, Task
from workflows.kernel.schema import form_schema
from workflows.kernel.services import complete_task, read_task
from workflows.kernel.views import open_task


class TaskLine(serializers.Serializer[Any]):
    """One open task on the worklist."""

    id = serializers.UUIDField()
    family = serializers.UUIDField(allow_null=True)
    release = serializers.UUIDField(allow_null=True)
    element = serializers.ChoiceField(choices=Element.values)
    node = serializers.CharField()
    title = serializers.CharField()
    due = serializers.DateField(allow_null=True)
    overdue = serializers.BooleanField()
    url = serializers.CharField()


class ConditionOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    met = serializers.BooleanField()
    evidence = serializers.CharField()
    change = serializers.CharField()


class TaskRead(TaskLine):
    """A task with the form of completing it, as JSON Schema, and the version of the facts it rests on."""

    form = serializers.JSONField()
    facts_version = serializers.CharField()
    conditions = ConditionOut(many=True)


class TaskPageOut(serializers.Serializer[Any]):
    results = TaskLine(many=True)
    next = serializers.CharField(allow_null=True)


class TaskDone(serializers.Serializer[Any]):
    """The completed task, and which tasks of the same family the person may go on with."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    next = TaskLine(many=True)


_ANY = UUID(int=0)


class Lines:
    """How the tasks of one answer are shown; what is the same on every line is worked out once."""

    def __init__(self) -> None:
        self._today = clock.today()
        self._before, self._after = reverse("task", kwargs={"task": _ANY}).split(str(_ANY))

    def of(self, task: Task) -> dict[str, Any]:
        """A task that was read whole."""
        family = task.family.uuid if task.family else None
        return self._line(task.uuid, family, task.release_uuid, task.element, task.flow_task, task.due)

    def of_row(self, row: Any) -> dict[str, Any]:
        """A row of `TaskQuerySet.as_lines`."""
        _pk, _family, *shown = row
        return self._line(*shown)

    def _line(
        self, uuid: UUID, family: UUID | None, release: UUID | None, element: str, step: Any, due: date | None
    ) -> dict[str, Any]:
        return {
            "id": str(uuid),
            "family": str(family) if family else None,
            "release": str(release) if release else None,
            "element": element,
            "node": step.name,
            "title": str(step.task_title),
            "due": due,
            "overdue": due is not None and due < self._today,
            "url": f"{self._before}{uuid}{self._after}",
        }


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class Tasks(APIView):
    """The worklist of whoever asks. That a family has a task is a look at it, written and committed first."""

    @extend_schema(responses=TaskPageOut, parameters=PARAMETERS, operation_id="tasks_list")
    def get(self, request: Request) -> Response:
        actor = actor_of(request._request)
        named: set[int] = set()
        lines = Lines()

        def show(row: Any) -> dict[str, Any]:
            if row.family_id is not None:
                named.add(row.family_id)
            return lines.of_row(row)

        with transaction.atomic(durable=True):
            answer = page(request, Task.objects.waiting_for(actor).as_lines(), show)
            trail.record_reads(family_ids=sorted(named), route="api-tasks", method="GET")
        return Response(answer)


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class OneTask(APIView):
    """One open task: its form, the conditions behind it, and the version of its facts."""

    @extend_schema(responses=TaskRead, operation_id="tasks_read")
    def get(self, request: Request, task: UUID) -> Response:
        actor = actor_of(request._request)
        found = open_task(actor, task, route="api-task", method="GET")
        with transaction.atomic():
            opened = read_task(actor=actor, task=found, now=clock.now())
            return Response(
                {
                    **Lines().of(found),
                    "form": form_schema(opened.form, named=True),
                    "facts_version": opened.facts_version,
                    "conditions": [
                        {
                            "code": c.code,
                            "title": str(c.title),
                            "met": c.met,
                            "evidence": str(c.evidence),
                            "change": str(c.change),
                        }
                        for c in opened.conditions
                    ],
                }
            )


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class CompleteTask(APIView):
    """Complete a task: the body is the form, with the ``facts_version`` that was read."""

    @extend_schema(
        request={
            "application/json": {"type": "object", "description": "The task's `form`, and `facts_version`."}
        },
        parameters=[payloads.IDEMPOTENCY_KEY],
        responses={**payloads.answers(TaskDone), **payloads.problems(409, 422, 503)},
        operation_id="tasks_complete",
    )
    def post(self, request: Request, task: UUID) -> Response:
        actor = actor_of(request._request)
        if not isinstance(request.data, dict):
            raise ParseError
        body = dict(request.data)
        facts_version = body.pop("facts_version", None)
        open_task(actor, task, route="api-task-complete", method="POST")

        def produce() -> dict[str, Any]:
            done = complete_task(
                actor=actor, task_uuid=task, data=body, facts_version=facts_version, now=clock.now()
            )
            following = Task.objects.waiting_for(actor).as_lines().filter(family=done.family_id)
            if done.family_id is None:
                following = following.none()
            lines = Lines()
            return {
                "id": str(done.uuid),
                "status": "done",
                "next": [{**lines.of_row(t), "due": t.due.isoformat() if t.due else None} for t in following],
            }

        with transaction.atomic():
            answer = submissions.once(
                actor=actor,
                key=request.headers.get("Idempotency-Key"),
                asked=submissions.fingerprint("complete", task, body),
                produce=produce,
            )
        return Response(answer)
