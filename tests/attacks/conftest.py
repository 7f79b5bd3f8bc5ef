"""Two municipalities full of work, and intruders with the application's own log-ins."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from tests.attacks.intruder import Intruder, Table, tables_within_reach

GREVE, RANDERS = 253, 730


@pytest.fixture(scope="module")
def superuser(superuser_url: str, prepared: None) -> Iterator[psycopg.Connection[Any]]:
    """To see what is really there."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def two_towns(shared_house: None) -> dict[str, Any]:
    """A family in Greve on its way, one in Randers told to the end, a row in every table, a release taken home."""
    from tests.attacks.filling import fill
    from tests.scene import Scene

    scenes = {"greve": Scene("greve"), "randers": Scene("randers")}
    for _round in range(2):
        scenes["greve"].go_on_to("carry_out_step")
        for task in scenes["greve"].open_tasks():
            scenes["greve"].take(task)
    scenes["randers"].go_on_to_the_end()
    for scene in scenes.values():
        _leave_notes(scene)
        fill(scene)
    _take_a_release_home()
    return scenes


def _leave_notes(scene: Any) -> None:
    """A look at the family's page, a draft, a note with a score, and a write that may be sent again."""
    from django.db import transaction
    from django.test import Client

    from placement import clock
    from placement.access import submissions
    from placement.journal.services import save_draft, write_note

    lead = scene.company.actor("teamlead")
    client = Client()
    client.force_login(lead.staff)
    assert client.get(f"/familier/{scene.family.uuid}/").status_code == 200
    with lead.acting(), transaction.atomic():
        about = {"actor": lead, "family": scene.family, "now": clock.now()}
        save_draft(**about, form="log", submit_token=uuid.uuid4(), data={"text": "Skjult kladde"})
        write_note(**about, kind="observation", text="Skjult notat", score=Decimal(6), element="network")
        submissions.once(actor=lead, key="page:1", asked="a", produce=lambda: {"skjult": True})


def _take_a_release_home() -> None:
    """A release that both towns approved and looked at; one of its files and a link to all were taken."""
    from django.db import transaction

    from evaluation import taking
    from evaluation.ending import count_population
    from evaluation.models import ReleaseFile, ReleaseRecord
    from evaluation.selectors import look_at
    from placement import clock
    from tests import releasing
    from tests.cast import Cast

    cast = Cast()
    evaluator = cast.evaluator
    release = releasing.make_available(evaluator, [cast.greve, cast.randers], datasets=["registration"])
    for person in (cast.greve.privacy, cast.randers.privacy, evaluator):
        with person.acting():
            look_at(person, release.uuid, route="api-release-report")
    with evaluator.acting():
        with transaction.atomic():
            taking.record_download(
                actor=evaluator,
                file=ReleaseFile.objects.select_related("release").get(
                    release=release, name="datapackage.json"
                ),
            )
            taking.make_link(actor=evaluator, release_uuid=release.uuid, now=clock.now())
        count_population(now=clock.now())
    # Of rows under an agreement the registry keeps nothing: one as tables leave it.
    with releasing.as_the_worker(), evaluator.acting(), transaction.atomic():
        ReleaseRecord.objects.create(
            release=release, round=1, seal=release.seal, recipe_hash="0" * 64, kept="{}"
        )


@pytest.fixture(scope="module", params=["ff_web", "ff_worker"])
def intruder(request: pytest.FixtureRequest, cluster: dict[str, Any], two_towns: Any) -> Iterator[Intruder]:
    """Whoever has the web role's log-in, or the worker's."""
    name = {"ff_web": "DATABASE_URL", "ff_worker": "DATABASE_WORKER_URL"}[request.param]
    url = cluster["urls"][name].replace("{database}", cluster["database"])
    someone = Intruder(url, request.param)
    yield someone
    someone.connection.close()


@pytest.fixture(scope="module")
def within_reach(superuser: psycopg.Connection[Any], intruder: Intruder) -> list[Table]:
    """The tables under row security that the intruder's log-in can touch, found in the catalogue."""
    found = [table for table in tables_within_reach(superuser, intruder.role) if table.guarded]
    assert len(found) > 30
    return found
