"""The worker's work on tasks: telling who waits, and taking up what a killed worker left."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app

from placement import clock
from placement.access import context
from placement.access.models import Municipality, Submission
from placement.families.stay_models import Pause
from workflows.kernel.models import Task

log = logging.getLogger("familieforloeb.jobs")

STALLED_AFTER_SECONDS = 30

#: How long the same key gets the same answer. Ours: longer than any phone is without a connection.
ANSWERS_KEPT = timedelta(days=7)


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled", queueing_lock="retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Give work back that a killed worker had begun: a job is safe to run again."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await app.job_manager.retry_job(job)


def _everywhere(work: Callable[[], int], *, releases: bool = False) -> None:
    """Do ``work`` in each municipality (and for releases), each in a context and transaction of its own.

    One that fails does not stop the others. Raises ExceptionGroup at the end, so that the job counts as failed.
    """
    active = Municipality.objects.filter(active=True).order_by("pk")
    places: list[tuple[int | None, str]] = [(municipality.pk, context.JOB) for municipality in active]
    if releases:
        places.append((None, context.EVALUATION))
    failures: list[Exception] = []
    for municipality_id, purpose in places:
        try:
            with context.access(municipality_id, None, purpose):
                work()
        except Exception as failure:
            log.error("%s failed in municipality %s", work.__name__, municipality_id)
            failures.append(failure)
    connection.close()
    if failures:
        raise ExceptionGroup(f"{work.__name__} failed in {len(failures)} of {len(places)} places", failures)


@app.periodic(cron="*/10 * * * *")
@app.task(name="remind", queueing_lock="remind")
def remind(timestamp: int) -> None:
    """Mark, municipality by municipality, each open task whose deadline has passed as reminded about."""
    _everywhere(remind_municipality)


@transaction.atomic
def remind_municipality() -> int:
    """Remind once about each overdue open task of the context's municipality. Returns how many there were.

    The reminder is the mark on the task, shown on "Min dag"; nothing leaves the house.
    """
    overdue: Any = Task.objects.open().filter(due__lt=clock.today(), reminded_at__isnull=True)
    # A family that is away is not late.
    overdue = overdue.exclude(family__in=Pause.objects.filter(resumed_on__isnull=True).values("family"))
    count = int(overdue.update(reminded_at=clock.now()))
    if count:
        log.info("reminded about %d overdue tasks", count)
    return count


@app.periodic(cron="17 3 * * *")
@app.task(name="forget_answers", queueing_lock="forget_answers")
def forget_answers(timestamp: int) -> None:
    """Forget, each night, the answers kept for forms and keys that were sent long ago."""
    _everywhere(forget_old_answers, releases=True)


@transaction.atomic
def forget_old_answers() -> int:
    """Delete the context's answers older than `ANSWERS_KEPT`. Returns how many there were."""
    deleted, _by_table = Submission.objects.filter(created__lt=timezone.now() - ANSWERS_KEPT).delete()
    return deleted


@app.periodic(cron="37 3 * * *")
@app.task(name="remove_old_jobs", queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(work: JobContext, timestamp: int) -> None:
    """Remove, each night, what the queue remembers of jobs that went well three days ago."""
    await builtin_tasks.remove_old_jobs(work, max_hours=72)
