"""A municipality that does not answer: reminded before the deadline, and left out when it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from evaluation.jobs import end_releases, remind_of_release
from placement import clock
from placement.access import context
from placement.access.errors import StaleState
from tests import releasing
from tests.cast import api, browser
from tests.releasing import say

Looking = psycopg.Connection[Any]
SILENCE = "Kommunen svarede ikke inden fristen."


@pytest.fixture
def towns(cast: Any, looking: Looking) -> list[Any]:
    """Greve and Randers, each with a family that has begun."""
    releasing.families_have_begun([cast.greve, cast.randers], looking)
    return [cast.greve, cast.randers]


@pytest.fixture
def with_them(cast: Any, towns: list[Any]) -> Callable[..., Any]:
    """``with_them(...)``: a release that lies with the two municipalities."""
    return lambda **changed: releasing.to_the_municipalities(cast.evaluator, **changed)


@contextmanager
def days_later(days: int) -> Iterator[None]:
    with clock.standing_at(clock.now() + timedelta(days=days)):
        yield


def in_the_night(days: int, release: Any) -> None:
    """The worker carries, so many days from now."""
    with days_later(days):
        releasing.carry(release)


def waiting(looking: Looking, municipality: int) -> list[str]:
    """The steps of releases that stand open in the municipality."""
    found = looking.execute(
        "SELECT owner_permission FROM kernel_task WHERE municipality_id = %s AND release_uuid IS NOT NULL "
        "AND finished IS NULL AND flow_task_type = 'HUMAN'",
        [municipality],
    ).fetchall()
    return [permission for (permission,) in found]


def test_the_steps_are_due_no_later_than_the_municipality_s_answer(
    cast: Any, with_them: Callable[..., Any], looking: Looking
) -> None:
    release = with_them()
    last = clock.today() + timedelta(days=28)
    assert looking.execute("SELECT DISTINCT answer_by FROM evaluation_releaseapproval").fetchall() == [
        (last,)
    ]
    review = releasing.open_step(cast.greve.privacy, release, "review")
    assert review.due == clock.add_working_days(clock.today(), 10)
    with days_later(26):
        say(cast.greve.privacy, release, "review")
    assert releasing.open_step(cast.greve.authoritylead, release, "approve").due == last
    page = browser(cast.greve.authoritylead)
    task = releasing.open_step(cast.greve.authoritylead, release, "approve")
    assert f"{last:%d.%m.%Y}" in page.get(f"/opgaver/{task.uuid}/").content.decode()


def test_a_release_that_cannot_be_carried_holds_up_no_other_s_deadline(
    cast: Any, with_them: Callable[..., Any], looking: Looking
) -> None:
    broken, other = with_them(), with_them()
    looking.execute("SET session_replication_role = replica")
    looking.execute(
        "UPDATE kernel_process SET release_uuid = gen_random_uuid() WHERE release_uuid = %s", [broken.uuid]
    )
    looking.execute("SET session_replication_role = origin")
    with days_later(29), releasing.as_the_worker(), pytest.raises(ExceptionGroup) as told:
        end_releases(0)
    assert len(told.value.exceptions) == 1
    assert releasing.fresh(cast.evaluator, other).status == "refused"


def test_a_municipality_that_never_answers_is_left_out_and_the_release_goes_on(
    cast: Any, with_them: Callable[..., Any], looking: Looking, tables: Callable[[Any], Any]
) -> None:
    release = with_them()
    say(cast.greve.privacy, release, "review")
    releasing.carry(release)
    say(cast.greve.authoritylead, release, "approve")
    in_the_night(28, release)
    assert releasing.fresh(cast.evaluator, release).status == "reported"
    assert waiting(looking, 730) == ["evaluation.approve"]
    in_the_night(29, release)
    told = releasing.fresh(cast.evaluator, release)
    assert (told.status, told.round, told.left_out) == ("requested", 2, [730])
    assert waiting(looking, 730) == []
    assert looking.execute(
        "SELECT municipality_id, decision, silent_at IS NOT NULL FROM evaluation_releaseapproval ORDER BY 1"
    ).fetchall() == [(253, "yes", False), (730, "", True)]
    page = browser(cast.randers.authoritylead)
    assert SILENCE.rstrip(".") in page.get("/udtraek/").content.decode()
    assert SILENCE in page.get(f"/udtraek/{release.uuid}/").content.decode()

    with days_later(29):
        releasing.build(cast.evaluator, release)
        releasing.carry(release)
        # The round that comes of it has a deadline of its own.
        assert looking.execute(
            "SELECT answer_by FROM evaluation_releaseapproval WHERE round = 2"
        ).fetchall() == [(clock.today() + timedelta(days=28),)]
        say(cast.greve.privacy, release, "review")
        say(cast.greve.authoritylead, release, "approve")
        releasing.carry(release)
        ready = releasing.fresh(cast.evaluator, release)
        assert (ready.status, ready.municipalities) == ("available", [253])


def test_when_nobody_answers_nothing_is_released(
    cast: Any, with_them: Callable[..., Any], looking: Looking
) -> None:
    release = with_them()
    in_the_night(29, release)
    told = api(cast.evaluator).get(f"/api/v1/releases/{release.uuid}/").json()
    assert (told["status"], told["reasons"]) == ("refused", ["Ingen kommune sagde ja.", SILENCE, SILENCE])
    assert waiting(looking, 253) == waiting(looking, 730) == []
    unfinished = "SELECT count(*) FROM kernel_process WHERE release_uuid IS NOT NULL AND finished IS NULL"
    assert looking.execute(unfinished).fetchone() == (0,)


def test_after_the_deadline_a_yes_is_refused_even_before_the_worker_has_come(
    cast: Any, with_them: Callable[..., Any], looking: Looking
) -> None:
    release = with_them()
    say(cast.greve.privacy, release, "review")
    releasing.carry(release)
    with days_later(29), pytest.raises(StaleState, match="Fristen for at svare"):
        say(cast.greve.authoritylead, release, "approve")
    in_the_night(29, release)
    with days_later(29):
        lead = api(cast.greve.authoritylead)
        lead.get(f"/api/v1/releases/{release.uuid}/report/")
        late = lead.post(f"/api/v1/releases/{release.uuid}/approve/", {}, format="json")
    assert (late.status_code, late.json()["type"].rsplit(":", 1)[-1]) == (409, "stale-state")
    assert looking.execute("SELECT DISTINCT decision FROM evaluation_releaseapproval").fetchall() == [("",)]


def test_the_database_lets_no_silence_be_a_yes(cast: Any, with_them: Callable[..., Any]) -> None:
    from evaluation.models import ReleaseApproval

    release = with_them()
    say(cast.greve.privacy, release, "review")
    say(cast.greve.authoritylead, release, "approve")
    for changed, refused in (
        ({"silent_at": clock.now()}, "release_silence_is_no_answer"),
        ({"answer_by": clock.today() + timedelta(days=400)}, "is not changed"),
    ):
        with (
            pytest.raises(IntegrityError, match=refused),
            context.access(253, None, context.JOB),
            transaction.atomic(),
        ):
            ReleaseApproval.objects.filter(release_uuid=release.uuid).update(**changed)


def test_whoever_the_step_waits_for_is_reminded_once(
    cast: Any, with_them: Callable[..., Any], looking: Looking
) -> None:
    """A week before the end, by an e-mail that says nothing of what it is about; each step once."""
    release = with_them()

    def asked() -> list[tuple[str, int]]:
        return looking.execute(
            "SELECT args ->> 'staff', (args -> 'context' ->> 0)::int FROM procrastinate_jobs "
            "WHERE task_name = 'remind_of_release' ORDER BY id"
        ).fetchall()

    def jobs_of(*actors: Any) -> list[tuple[str, int]]:
        return [(str(actor.staff_id), actor.municipality_id) for actor in actors]

    in_the_night(20, release)
    assert asked() == []
    in_the_night(21, release)
    in_the_night(22, release)
    officers = jobs_of(cast.greve.privacy, cast.randers.privacy)
    assert asked() == officers
    with days_later(23):
        say(cast.greve.privacy, release, "review")
    in_the_night(23, release)
    in_the_night(24, release)
    assert asked() == [*officers, *jobs_of(cast.greve.authoritylead, cast.randers.authoritylead)]
    remind_of_release(staff=cast.greve.privacy.staff_id, context=[253, None, context.JOB])
    (sent,) = mail.outbox
    assert sent.to == [cast.greve.privacy.staff.email]
    assert "udtræk" not in sent.body.lower() and "kommunen mangler at svare" in sent.body.lower()


def test_what_lay_with_them_before_there_were_deadlines_is_given_one(
    cast: Any, with_them: Callable[..., Any], looking: Looking
) -> None:
    release = with_them()
    looking.execute("SET session_replication_role = replica")
    looking.execute("UPDATE evaluation_releaseapproval SET answer_by = NULL")
    looking.execute("SET session_replication_role = origin")
    in_the_night(40, release)
    last = clock.today() + timedelta(days=68)
    assert looking.execute("SELECT DISTINCT answer_by FROM evaluation_releaseapproval").fetchall() == [
        (last,)
    ]
    in_the_night(69, release)
    assert releasing.fresh(cast.evaluator, release).status == "refused"
