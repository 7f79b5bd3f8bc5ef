"""The worker's part in a parent's own answer: it alone reaches the case, and takes its word from the database's row."""

from __future__ import annotations

import logging

from django.db import connection, connections, transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from placement import clock
from placement.access import context
from placement.access.jobs import in_context
from workflows.kernel.jobs import everywhere
from workflows.measuring.own_answers.services import forget_drafts, write_down

log = logging.getLogger("familieforloeb.jobs")


@app.task(name="record_self_report", retry=RetryStrategy(max_attempts=12, exponential_wait=3))
@in_context
def record_self_report(report: int) -> None:
    """Write down what a parent sent; safe to run again."""
    try:
        if write_down(report=report, now=clock.now()) is None:
            log.error("self-report %d could not be written down; its family's page says why", report)
    finally:
        connections.close_all()


@app.periodic(cron="27 3 * * *")
@app.task(name="forget_self_report_drafts", queueing_lock="forget_self_report_drafts")
def forget_self_report_drafts(timestamp: int) -> None:
    """Forget, each night, what was chosen behind codes that nobody can use any more, and where wrong codes came from."""
    everywhere(forget_drafts_here)
    with context.access(None, None, context.JOB), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT sec.forget_missed_codes()")
    connections.close_all()


def forget_drafts_here() -> int:
    """Forget the old drafts of the context's municipality. Returns how many there were."""
    return forget_drafts(real_now=timezone.now())
