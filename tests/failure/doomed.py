"""A person's process that completes one task through the real service and is killed by the test that started it.

Run as ``python -m tests.failure.doomed USERNAME MUNICIPALITY TASK``, the answer as JSON on its standard input.
Says "committed" when the service has returned, and then waits to be killed.
"""

from __future__ import annotations

import json
import sys
import time
from uuid import UUID

import django


def main(username: str, municipality: str, task: str) -> None:
    django.setup()
    from django.db import transaction

    from placement import clock
    from placement.access.actor import actor_for
    from placement.access.models import Staff
    from workflows.kernel.models import Task
    from workflows.kernel.services import complete_task
    from workflows.kernel.steps import Situation, version_of

    answer = json.load(sys.stdin)
    actor = actor_for(Staff.objects.get(username=username), int(municipality))
    assert actor is not None
    now = clock.now()
    with actor.acting():
        with transaction.atomic():
            read = Task.objects.select_related("process__family", "family").get(uuid=task)
            facts = version_of(read.flow_task.facts(Situation(actor=actor, task=read, now=now)))
        complete_task(actor=actor, task_uuid=UUID(task), data=answer, facts_version=facts, now=now)
    print("committed", flush=True)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
