"""The worker's rounds: telling of deadlines, taking up what a killed worker left, forgetting what is old."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, connections, transaction
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy, builtin_tasks
from procrastinate.contrib.django import app

from placement import clock
from placement.access import context
from placement.access.jobs import in_context
from placement.access.models import Municipality, Submission
from workflows.kernel.clocks.mail import mail_unmailed
from workflows.kernel.clocks.sweep import sweep

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


def everywhere(work: Callable[[], int], *, releases: bool = False) -> None:
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


@app.periodic(cron="* * * * *")
@app.task(name="remind", queueing_lock="remind")
def remind(timestamp: int) -> None:
    """Sweep the deadlines, municipality by municipality: whoever must know is told, once."""
    everywhere(remind_municipality)


def remind_municipality() -> int:
    """Sweep the context's municipality. Returns how many deadlines somebody was told about."""
    stated = context.current()
    if stated is None or stated[0] is None:
        raise RuntimeError("a sweep belongs to a municipality")
    swept = sweep(municipality_id=stated[0], now=clock.now())
    if swept.clocks:
        log.info("told %d people about %d deadlines", len(swept.people), swept.clocks)
    if swept.untold:
        log.warning("nobody can be told about %d deadlines in municipality %s", swept.untold, stated[0])
    return swept.clocks


@app.task(name="tell_by_mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
@in_context
def tell_by_mail(staff: int) -> None:
    """Say by e-mail, once for all that is new, that something waits; under the sweep's context."""
    try:
        mail_unmailed(staff_id=staff, now=clock.now())
    finally:
        # The worker's threads come and go; a connection left behind would count against the limit.
        connections.close_all()


@app.periodic(cron="17 3 * * *")
@app.task(name="forget_answers", queueing_lock="forget_answers")
def forget_answers(timestamp: int) -> None:
    """Forget, each night, the answers kept for forms and keys that were sent long ago."""
    everywhere(forget_old_answers, releases=True)


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
