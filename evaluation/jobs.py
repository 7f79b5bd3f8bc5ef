"""The worker's work on releases."""

from __future__ import annotations

from uuid import UUID

from django.db import connections
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from evaluation.building import build
from placement import clock
from placement.access.jobs import in_context

ATTEMPTS = 5


@app.task(
    name="build_release", pass_context=True, retry=RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3)
)
@in_context
def build_release(job: JobContext, release: str) -> None:
    """Build the files of one release; under the signed context of the evaluator who asked."""
    try:
        build(release_uuid=UUID(release), now=clock.now(), last_attempt=job.job.attempts + 1 >= ATTEMPTS)
    finally:
        # The worker's threads come and go; a connection left behind would count against the limit.
        connections.close_all()
