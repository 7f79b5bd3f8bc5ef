"""Releases as the cast makes them: an agreement, a request, the worker's rounds, three people's words."""

from __future__ import annotations

import io
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pyzipper
from django.db import connection, transaction
from psycopg.conninfo import conninfo_to_dict

from placement import clock
from placement.access.actor import Actor

ALL = ("registration", "measurements", "exit_steps")
NUMBER = "2026-17"


def register(evaluator: Actor, number: str = NUMBER, **changed: Any) -> Any:
    """The agreement, put on file if it is not."""
    from evaluation.agreeing import register_agreement
    from evaluation.models import Agreement

    given: dict[str, Any] = {
        "title": "Evaluering af familieanbringelse",
        "purpose": "At følge, hvad indsatsen fører til.",
        "legal_basis": "processor",
        "role": "processor",
        "people": [str(evaluator.staff.uuid)],
        "ends_on": clock.today() + timedelta(days=400),
        "datasets": ALL,
        **changed,
    }
    with evaluator.acting(), transaction.atomic():
        found = Agreement.objects.filter(number=number).first()
        return found or register_agreement(actor=evaluator, number=number, now=clock.now(), **given)


def request(evaluator: Actor, **changed: Any) -> Any:
    """A release the evaluator has asked for, by an agreement that is put on file when it is not."""
    from evaluation.asking import request_release

    asked = {"kind": "T1", "purpose": "Evaluering", "agreement": NUMBER, "datasets": ALL, **changed}
    register(evaluator, asked["agreement"])
    with evaluator.acting(), transaction.atomic():
        return request_release(actor=evaluator, now=clock.now(), **asked)


@contextmanager
def as_the_worker() -> Iterator[None]:
    """What the tests' own process does in here, it does with the worker's log-in. Outside any transaction."""
    parts = conninfo_to_dict(os.environ["DATABASE_WORKER_URL"])
    mine = connection.settings_dict
    before = {name: mine[name] for name in ("USER", "PASSWORD")}
    connection.close()
    mine.update(USER=parts["user"], PASSWORD=parts["password"])
    try:
        yield
    finally:
        connection.close()
        mine.update(before)


def build(evaluator: Actor, release: Any) -> None:
    """The worker builds it."""
    from evaluation.building import build as build_now

    with as_the_worker(), evaluator.acting():
        build_now(release_uuid=release.uuid, now=clock.now())


def carry(release: Any) -> None:
    """The worker carries between the release and the municipalities whatever there is to carry."""
    from evaluation.rounds import attend

    with as_the_worker():
        attend(release_uuid=release.uuid, now=clock.now())


def fresh(evaluator: Actor, release: Any) -> Any:
    """The release as it stands now."""
    from evaluation.models import Release

    with evaluator.acting(), transaction.atomic():
        return Release.objects.get(pk=release.pk)


def say(actor: Actor, release: Any, step: str, **answer: Any) -> Any:
    """Complete the release's open ``review`` or ``approve`` of the actor's municipality."""
    from demo.releases import say as say_at

    return say_at(actor, release, step, now=clock.now(), **answer)


def to_the_municipalities(evaluator: Actor, **changed: Any) -> Any:
    """A release that is built and lies with the municipalities."""
    release = request(evaluator, **changed)
    build(evaluator, release)
    carry(release)
    return release


def make_available(evaluator: Actor, towns: Collection[Any], **changed: Any) -> Any:
    """A release that one town's privacy officer has reviewed and every town's lead approved."""
    release = to_the_municipalities(evaluator, **changed)
    for number, town in enumerate(towns):
        if number == 0:
            say(town.privacy, release, "review")
            carry(release)
        say(town.authoritylead, release, "approve")
    carry(release)
    return fresh(evaluator, release)


def opened(archive: bytes, password: str) -> dict[str, bytes]:
    """What is in an archive that was taken home, by name."""
    with pyzipper.AESZipFile(io.BytesIO(archive)) as packed:
        packed.setpassword(password.encode())
        return {name: packed.read(name) for name in packed.namelist()}


class Found:
    """A release by its id alone."""

    def __init__(self, uuid: str) -> None:
        from uuid import UUID

        self.uuid = UUID(str(uuid))


def open_step(actor: Actor, release: Any, step: str) -> Any:
    """The open ``review`` or ``approve`` of the actor's municipality."""
    from workflows.kernel.models import Task

    with actor.acting(), transaction.atomic():
        return Task.objects.open().get(release_uuid=release.uuid, owner_permission=f"evaluation.{step}")


def families_have_begun(towns: Collection[Any], looking: Any) -> None:
    """In each town a family that has begun and is counted, without the walk to there."""
    from workflows.journey.services import begin_journey

    for town in towns:
        caseworker = town.caseworker
        with caseworker.acting(), transaction.atomic():
            begin_journey(
                actor=caseworker, source="casework", enquiry_text="Hemmelig", traits=["network"],
                people=[{"kind": "parent", "name": "Anna Hemmelig", "custody_holder": True}],
                now=clock.now(),
            )  # fmt: skip
    looking.execute("SET session_replication_role = replica")
    looking.execute("UPDATE families_family SET started_on = current_date WHERE started_on IS NULL")
    looking.execute("SET session_replication_role = origin")
