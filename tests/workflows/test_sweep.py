"""The sweep tells each person once: before a deadline whoever acts, after it the lead, and never about whom by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from placement import clock
from placement.access import context
from tests.cast import Cast, api, browser
from tests.scene import CHILD, PARENT, Scene
from tests.walking import all_of
from workflows.kernel.clocks import services as clocks
from workflows.kernel.clocks.mail import mail_unmailed
from workflows.kernel.clocks.sweep import Swept, sweep
from workflows.kernel.models import Clock, Notice
from workflows.model_versions.clock_rules import Event

Looking = psycopg.Connection[Any]


@pytest.fixture
def scene(house: None) -> Iterator[Scene]:
    """A family that has just moved in, with its team; nobody has been told of anything yet."""
    scene = Scene("greve")
    scene.settle()
    yield scene


def swept(now: datetime, *, town: str = "greve", **how: Any) -> Swept:
    code = getattr(Cast(), town).code
    with clock.standing_at(now), context.access(code, None, context.JOB):
        return sweep(municipality_id=code, now=now, **how)


def told(scene: Scene, rule: str) -> dict[str, set[str]]:
    """Who was told about the family's clock of that rule, by kind."""
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        rows = Notice.objects.filter(family=scene.family, clock__rule=rule).values_list(
            "kind", "recipient__username"
        )
        found: dict[str, set[str]] = {}
        for kind, username in rows:
            found.setdefault(kind, set()).add(username)
        return found


def clock_of(scene: Scene, rule: str) -> Clock:
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        return Clock.objects.get(family=scene.family, rule=rule, stopped_at=None)


def happens(scene: Scene, event: Event) -> None:
    with scene.company.actor("authoritylead").acting(), transaction.atomic():
        clocks.happened(family=scene.family, event=event, at=scene.now, about=uuid4())


def test_whoever_acts_is_reminded_once_and_the_lead_is_told_once(scene: Scene) -> None:
    goals = clock_of(scene, "goals-with-parents")
    assert goals.warn_at is not None
    swept(goals.warn_at - timedelta(seconds=1))
    assert told(scene, "goals-with-parents") == {}
    swept(goals.warn_at)
    assert told(scene, "goals-with-parents") == {"warned": {"greve.practitioner"}}
    swept(goals.due_at - timedelta(seconds=1))
    assert told(scene, "goals-with-parents") == {"warned": {"greve.practitioner"}}
    swept(goals.due_at)
    leads = {"greve.teamlead", "greve.teamlead2"}
    assert told(scene, "goals-with-parents") == {"warned": {"greve.practitioner"}, "escalated": leads}
    swept(goals.due_at + timedelta(days=30))
    assert told(scene, "goals-with-parents") == {"warned": {"greve.practitioner"}, "escalated": leads}


def test_a_worker_that_was_down_tells_of_what_has_passed_and_only_of_that(scene: Scene) -> None:
    late = clock_of(scene, "goals-with-parents").due_at + timedelta(days=12)
    first = swept(late)
    assert first.clocks > 3 and first.untold == 0
    assert set(told(scene, "goals-with-parents")) == {"escalated"}
    assert swept(late + timedelta(minutes=1)) == Swept()


def test_each_person_gets_one_mail_for_all_of_it_and_it_names_nobody(scene: Scene, looking: Looking) -> None:
    late = clock_of(scene, "goals-with-parents").due_at + timedelta(days=12)
    done = swept(late, chunk=2)
    assert done.clocks > 2
    asked = looking.execute(
        "SELECT (args ->> 'staff')::int, args FROM procrastinate_jobs WHERE task_name = 'tell_by_mail'"
    ).fetchall()
    assert sorted(staff for staff, _args in asked) == sorted(done.people)
    for staff, args in asked:
        assert args == {"staff": staff, "context": [253, None, "job"]}
        with context.access(253, None, context.JOB):
            assert mail_unmailed(staff_id=staff, now=late)
            assert not mail_unmailed(staff_id=staff, now=late), "a job may run twice"
    assert len(mail.outbox) == len(done.people)
    number = scene.family.number
    for sent in mail.outbox:
        whole = f"{sent.subject} {sent.body}"
        assert "Log ind" in whole
        for secret in (PARENT, CHILD, number, "Greve", "Mål", "barn"):
            assert secret not in whole


def test_without_an_address_nobody_is_mailed(scene: Scene, looking: Looking) -> None:
    looking.execute("UPDATE access_staff SET email = ''")
    try:
        assert swept(scene.now + timedelta(days=90)).people
        assert looking.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tell_by_mail'"
        ).fetchone() == (0,)
    finally:
        looking.execute("UPDATE access_staff SET email = username || '@example.invalid'")


def test_what_happened_in_time_is_never_told_about(scene: Scene) -> None:
    goals = clock_of(scene, "goals-with-parents")
    happens(scene, Event.GOALS_SET)
    swept(goals.due_at + timedelta(days=1))
    assert told(scene, "goals-with-parents") == {}


def test_a_clock_that_stands_still_is_not_late_until_it_goes_on(scene: Scene) -> None:
    goals = clock_of(scene, "goals-with-parents")
    lead = scene.company.actor("authoritylead")
    with lead.acting():
        clocks.hold(family=scene.family, at=scene.now)
    swept(goals.due_at + timedelta(days=1))
    assert told(scene, "goals-with-parents") == {}
    with lead.acting():
        clocks.release(family=scene.family, at=goals.due_at)
    later = clock_of(scene, "goals-with-parents").due_at
    assert later > goals.due_at
    swept(later)
    assert set(told(scene, "goals-with-parents")) == {"escalated"}


def test_where_the_role_reaches_nobody_the_authority_hears_of_it(house: None) -> None:
    """An enquiry has no site, so no team lead; and move_in waits for a practitioner before there is a team."""
    scene = Scene("greve")
    happens(scene, Event.MOVED_IN)
    swept(clock_of(scene, "goals-with-parents").due_at)
    assert told(scene, "goals-with-parents") == {"escalated": {"greve.authoritylead"}}


def test_a_reminder_goes_to_who_was_given_the_step_and_not_to_who_may_not_do_it(
    scene: Scene, looking: Looking
) -> None:
    cast = Cast()
    given, asked = scene.open_task("set_goals"), scene.open_task("map_network")
    looking.execute("SET session_replication_role = replica")  # behind the trail's back
    looking.execute(
        "UPDATE kernel_task SET owner_id = %s WHERE id = %s", [cast.greve.teamlead2.staff_id, given.pk]
    )
    looking.execute(
        "UPDATE kernel_task SET excluded_id = %s WHERE id = %s", [cast.greve.practitioner.staff_id, asked.pk]
    )
    warned = clock_of(scene, given.owner_permission).warn_at
    assert warned is not None
    swept(warned)
    assert told(scene, given.owner_permission) == {"warned": {"greve.teamlead2"}}
    assert told(scene, asked.owner_permission) == {"warned": {"greve.teamlead", "greve.teamlead2"}}


def test_only_the_swept_municipality_is_told(scene: Scene) -> None:
    other = Scene("randers")
    other.settle()
    late = scene.now + timedelta(days=90)
    swept(late)
    assert told(other, "goals-with-parents") == {}
    with context.access(Cast().randers.code, None, context.JOB), transaction.atomic():
        assert not Notice.objects.exists()


def test_who_has_left_the_team_is_not_told_and_sees_nothing_of_what_they_were(
    scene: Scene, looking: Looking
) -> None:
    cast = Cast()
    looking.execute("SET session_replication_role = replica")  # behind the trail's back
    goals = clock_of(scene, "goals-with-parents")
    assert goals.warn_at is not None
    swept(goals.warn_at)
    with clock.standing_at(goals.warn_at):
        assert "Målene er aftalt" in browser(cast.greve.practitioner).get(reverse("day")).content.decode()
        looking.execute(
            "UPDATE families_familygrant SET ends = starts WHERE user_id = %s",
            [cast.greve.practitioner.staff_id],
        )
        assert "Målene er aftalt" not in browser(cast.greve.practitioner).get(reverse("day")).content.decode()
    network = clock_of(scene, "network-mapped")
    looking.execute("UPDATE kernel_clock SET warned_at = NULL WHERE id = %s", [network.pk])
    looking.execute("DELETE FROM kernel_notice")
    assert network.warn_at is not None
    swept(network.warn_at)
    assert told(scene, "network-mapped") == {"warned": {"greve.teamlead", "greve.teamlead2"}}


def test_what_one_was_told_is_put_away_by_oneself_alone(scene: Scene) -> None:
    cast = Cast()
    late = clock_of(scene, "goals-with-parents").due_at
    swept(late)
    with clock.standing_at(late):
        lead, other = browser(cast.greve.teamlead), browser(cast.greve.teamlead2)
        page = lead.get(reverse("deadlines")).content.decode()
        assert "Besked om frister" in page and "Overskredet" in page
        with cast.greve.teamlead.acting(), transaction.atomic():
            mine = list(Notice.objects.unread_by(cast.greve.teamlead).values_list("uuid", flat=True))
            others = list(Notice.objects.unread_by(cast.greve.teamlead2).values_list("uuid", flat=True))
        assert mine and set(mine).isdisjoint(others)
        answer = lead.post(reverse("deadlines"), {"notice": [*mine, *others, "nonsense"]})
        assert answer.status_code == 302
        assert "Besked om frister" not in lead.get(reverse("day")).content.decode()
        assert "Besked om frister" in other.get(reverse("day")).content.decode()
        assert lead.post(reverse("deadlines"), {"notice": ["nonsense"]}).status_code == 422


def test_frister_says_what_is_late_by_which_rule_and_who_is_to_act(scene: Scene) -> None:
    late = clock_of(scene, "goals-with-parents").due_at + timedelta(days=1)
    swept(late)
    with clock.standing_at(late):
        page = browser(Cast().greve.teamlead).get(reverse("deadlines")).content.decode()
        family = (
            browser(Cast().greve.teamlead)
            .get(reverse("family", kwargs={"family": scene.family.uuid}))
            .content.decode()
        )
    for words in (
        "Målene er aftalt med forældrene",
        "Modellen, vores forslag: 4 uger",
        "over frist",
        "Behandler",
    ):
        assert words in page and words in family
    assert "leder har fået besked" in page
    ends = re.findall(r"mark-late|mark-today|calendar-month", page.split("<tbody>")[1])
    assert ends == sorted(ends, key=["mark-late", "mark-today", "calendar-month"].index)


def test_a_program_reads_the_same_deadlines(scene: Scene) -> None:
    goals = clock_of(scene, "goals-with-parents")
    swept(goals.due_at)
    with clock.standing_at(goals.due_at):
        lines = all_of(api(Cast().greve.teamlead), f"/api/v1/families/{scene.family.uuid}/clocks/")
    assert any(line["stop_reason"] == "done" and not line["late"] for line in lines)
    (line,) = (line for line in lines if line["rule"] == "goals-with-parents")
    assert line["late"] and line["stopped_at"] is None and line["warned_at"] is None
    assert line["escalated_at"] == line["due_at"]
    assert (line["waits_for"], line["escalates_to"]) == ("practitioner", "teamlead")
