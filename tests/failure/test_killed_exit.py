"""The web server killed with -9 at a step of the exit: whoever sends the same again gets the answer, and it is done once."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from demo.answers import answer
from demo.ground import lay_ground
from placement import clock
from placement.access import tokens
from tests.failure.killing import (
    MOMENTS,
    Looking,
    Start,
    act_and_be_killed,
    completed,
    nothing_is_stuck,
)
from tests.scene import Scene, lately
from workflows.kernel.models import Task


@dataclass(frozen=True)
class Act:
    """A step on a rung of the ladder, what it leaves (by table and condition), and which step comes next."""

    name: str
    step: str
    rung: str | None
    leaves: tuple[tuple[str, str], ...]
    next_step: str
    otherwise: dict[str, Any] = field(default_factory=dict)


ACTS = [
    Act("request", "request_step", None, (("flow_exit_exitstep", "code = 'U1'"),), "approve_step"),
    Act(
        "approval",
        "approve_step",
        "U1",
        (("flow_exit_exitstepdecision", "approved"),),
        "carry_out_step",
    ),
    Act(
        "step back",
        "evaluate_step",
        "U2",
        (
            ("flow_exit_exitstep", "code = 'U2' AND result = 'back' AND child_needs <> ''"),
            ("kernel_clock", "trigger = 'exit_step_went_wrong'"),
        ),
        "request_step",
        {"result": "back"},
    ),
]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_what_is_sent_again_is_done_once(
    house: None, looking: Looking, doomed: Start, held: Any, act: Act, moment: str
) -> None:
    scene = Scene("greve", now=lately())
    task = scene.go_on_to(act.step, code=act.rung)
    actor = scene.company.for_task(task)
    if act.step == "request_step":
        lay_ground(actor, task, now=clock.now())
    token = tokens.issue(staff=actor.staff, municipality_id=actor.municipality_id, using="owner")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    with actor.acting(), transaction.atomic():
        fresh = Task.objects.select_related("process__family", "family").get(pk=task.pk)
        body = answer(fresh, on=clock.today(), rng=Random(1)) | act.otherwise
    body["facts_version"] = client.get(f"/api/v1/tasks/{task.uuid}/").json()["facts_version"]
    address, key = f"/api/v1/tasks/{task.uuid}/complete/", str(uuid4())

    def left() -> list[int]:
        return [
            looking.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchall()[0][0]
            for table, where in act.leaves
        ]

    nothing = [0] * len(act.leaves)
    assert left() == nothing
    given = {"token": token, "body": body}
    stays = act_and_be_killed(
        moment, "sends", address, key, given=given, start=doomed, held=held, looking=looking
    )
    assert left() == ([1] * len(act.leaves) if stays else nothing)
    assert completed(looking, task) == ([("DONE", 1)] if stays else [("NEW", 0)])

    again = client.post(address, body, format="json", headers={"Idempotency-Key": key})
    assert (again.status_code, again.json()["status"]) == (200, "done"), again.content.decode()
    assert client.post(address, body, format="json", headers={"Idempotency-Key": key}).json() == again.json()
    # Without the key it is another act, and comes too late.
    late = client.post(address, body, format="json")
    assert (late.status_code, late.json()["type"]) == (409, "urn:familieforloeb:problem:stale-state")

    assert left() == [1] * len(act.leaves)
    assert completed(looking, task) == [("DONE", 1)]
    assert [t.flow_task.name for t in scene.open_tasks() if t.element == "exit"] == [act.next_step]
    nothing_is_stuck(looking)
