"""A process of one of the product's log-ins that acts once and is killed by the test that started it.

Run as ``python -m tests.failure.doomed ACT WORDS...``, what the act takes as JSON on its standard input:

``completes USERNAME MUNICIPALITY TASK``  one task by the real service; reads the answer
``sends ADDRESS KEY``                     one write by the API under an idempotency key; reads the token and the body
``sweeps``                                one round of the deadlines, as the worker makes it

Says "committed" when the act has returned, and then waits to be killed.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any
from uuid import UUID

import django


def completes(given: Any, username: str, municipality: str, task: str) -> None:
    """Complete the task, having read its facts just before."""
    from django.db import transaction

    from placement import clock
    from placement.access.actor import actor_for
    from placement.access.models import Staff
    from workflows.kernel.models import Task
    from workflows.kernel.services import complete_task
    from workflows.kernel.steps import Situation, version_of

    actor = actor_for(Staff.objects.get(username=username), int(municipality))
    assert actor is not None
    now = clock.now()
    with actor.acting():
        with transaction.atomic():
            read = Task.objects.select_related("process__family", "family").get(uuid=task)
            facts = version_of(read.flow_task.facts(Situation(actor=actor, task=read, now=now)))
        complete_task(actor=actor, task_uuid=UUID(task), data=given, facts_version=facts, now=now)


def sends(given: Any, address: str, key: str) -> None:
    """Send the body to the address of the API."""
    from rest_framework.test import APIClient

    client = APIClient(SERVER_NAME="127.0.0.1")
    client.credentials(HTTP_AUTHORIZATION=f"Token {given['token']}", HTTP_IDEMPOTENCY_KEY=key)
    response = client.post(address, given["body"], format="json")
    assert response.status_code == 200, response.content.decode()


def sweeps(given: Any) -> None:
    """Sweep the deadlines of every municipality."""
    from workflows.kernel.jobs import remind

    remind(timestamp=0)


ACTS = {"completes": completes, "sends": sends, "sweeps": sweeps}


def main(act: str, *words: str) -> None:
    django.setup()
    given = json.load(sys.stdin)
    ACTS[act](given, *words)
    print("committed", flush=True)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
