"""The worker's work on releases: building, carrying between the municipalities, counting, forgetting files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connections, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from evaluation.building import build, give_up
from evaluation.ending import count_population, destroy_keys, expire, forget_files, open_releases
from evaluation.making import workroom
from evaluation.rounds import attend
from evaluation.silence import remind_by_mail
from placement import clock
from placement.access import context as access_context
from placement.access.jobs import in_context

ATTEMPTS = 5

#: How often a release is tried to be built, whether an error or a killed worker was in the way.
BUILD_ATTEMPTS = 3


@app.task(
    name="build_release",
    pass_context=True,
    retry=RetryStrategy(max_attempts=BUILD_ATTEMPTS, exponential_wait=10),
)
@in_context
def build_release(job: JobContext, release: str) -> None:
    """Build the files of one release; under the signed context of the evaluator who asked.

    A job that a killed worker had begun is counted as tried, and comes again (`retry_stalled`): not for ever.
    """
    tried = job.job.attempts
    try:
        if tried >= BUILD_ATTEMPTS:
            give_up(release_uuid=UUID(release), tried=tried)
        else:
            workroom.clear()
            build(release_uuid=UUID(release), now=clock.now(), last_attempt=tried + 1 >= BUILD_ATTEMPTS)
    finally:
        # The worker's threads come and go; a connection left behind would count against the limit.
        connections.close_all()


@app.task(name="attend_release", retry=RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3))
def attend_release(release: str, context: list[Any]) -> None:
    """Carry what is to be carried for one release, whoever told of it: it is led by what stands in the rows alone.

    Not under the context of who added it, because it goes to each municipality in turn.
    """
    try:
        attend(release_uuid=UUID(release), now=clock.now())
        with access_context.access(None, None, access_context.EVALUATION):
            forget_files(release_uuid=UUID(release), now=clock.now())
    finally:
        connections.close_all()


@app.task(name="remind_of_release", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
@in_context
def remind_of_release(staff: int) -> None:
    """Say by e-mail that something waits for an answer before its deadline; under the municipality's context."""
    try:
        remind_by_mail(staff)
    finally:
        connections.close_all()


@app.periodic(cron="47 2 * * *")
@app.task(name="end_releases", queueing_lock="end_releases")
def end_releases(timestamp: int) -> None:
    """Each night: end what has had its time, forget the files, count the families for the gate, and carry again what a
    job that was given up left."""
    now = clock.now()
    try:
        with access_context.access(None, None, access_context.EVALUATION):
            over = expire(now=now)
            count_population(now=now)
            destroy_keys(now=now)
            with transaction.atomic():
                still_open = open_releases()
            forget_files(release_uuid=None, now=now)
        failed = []
        for release in [*over, *still_open]:
            # One that cannot be carried must not hold up the deadlines of the others.
            try:
                attend(release_uuid=release, now=now)
            except Exception as error:
                failed.append(error)
        with access_context.access(None, None, access_context.EVALUATION):
            forget_files(release_uuid=None, now=now)
        if failed:
            raise ExceptionGroup("releases could not be carried", failed)
    finally:
        connections.close_all()
