"""Many at once, against the real server: one decision, one trail row, one next task, and clean refusals."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from tests import serving
from tests.attacks.visitor import Answer, Visitor, at_the_same_moment

Looking = psycopg.Connection[Any]

WINDOWS = 5
"""How many windows each of two team leads has open by page, and how many calls by API: 20 together."""


@pytest.fixture(scope="module")
def site(prepared: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The web server as the demonstration starts it; its address."""
    with serving.web(tmp_path_factory.mktemp("site") / "web.log", workers=2) as served:
        yield served.url
        assert "Traceback" not in served.said


class Door:
    """The two ways one person reaches the house: a browser that is logged in, and a token."""

    def __init__(self, site: str, part: str) -> None:
        from django.test import Client

        from placement.access import tokens
        from tests.cast import Cast

        staff = getattr(Cast().greve, part).staff
        client = Client()
        client.force_login(staff)
        self.page = Visitor(site, cookies={"sessionid": client.cookies["sessionid"].value})
        self.api = Visitor(site, tokens.issue(staff=staff, municipality_id=253, using="owner"))
        assert self.page.ask("GET", "/min-dag/").status == 200


@pytest.fixture
def leads(house: None, site: str) -> tuple[Door, Door]:
    """Two team leads of one site."""
    return Door(site, "teamlead"), Door(site, "teamlead2")


def approvals(door: Door, task: uuid.UUID, *, approve: Callable[[int], bool]) -> list[Callable[[], Answer]]:
    """One lead's windows and calls, opened and read, and ready to be sent."""
    acts: list[Callable[[], Answer]] = []
    for number in range(WINDOWS):
        window = door.page.again()
        fields = window.open_form(f"/opgaver/{task}/") | {
            "approved": "true" if approve(number) else "false",
            "reason": "Vi venter en uge.",
        }
        acts.append(lambda window=window, fields=fields: window.post(f"/opgaver/{task}/", fields))
    facts = door.api.ask("GET", f"/api/v1/tasks/{task}/").json["facts_version"]
    for number in range(WINDOWS):
        body = {"approved": approve(number + 1), "reason": "Vi venter en uge.", "facts_version": facts}
        acts.append(lambda body=body: door.api.again().call(f"/api/v1/tasks/{task}/complete/", body))
    return acts


def left_behind(looking: Looking, family: int) -> dict[str, Any]:
    """Decisions on the family's step, what the trail says of them, and the exit's open tasks."""
    decisions = looking.execute(
        "SELECT d.id, d.approved FROM flow_exit_exitstepdecision d JOIN flow_exit_exitstep s ON s.id = d.step_id "
        "WHERE s.family_id = %s",
        [family],
    ).fetchall()
    trail = looking.execute(
        "SELECT row_id, operation FROM trail_write WHERE table_name = 'flow_exit_exitstepdecision'"
    ).fetchall()
    done = looking.execute(
        "SELECT count(*) FROM trail_write w JOIN kernel_task t ON t.id = w.row_id WHERE w.table_name = 'kernel_task' "
        "AND t.flow_task LIKE '%%exit%%approve_step' AND w.new ->> 'status' = 'DONE'"
    ).fetchone()
    open_tasks = looking.execute(
        "SELECT flow_task FROM kernel_task WHERE family_id = %s AND element = 'exit' AND finished IS NULL "
        "AND flow_task_type = 'HUMAN'",
        [family],
    ).fetchall()
    return {"decisions": decisions, "trail": trail, "done": done, "open": [name for (name,) in open_tasks]}


def outcome(looking: Looking, scene: Any, answers: list[Answer]) -> bool:
    """Check that exactly one was heard; whether it approved."""
    left = left_behind(looking, scene.family.pk)
    heard = [a for a in answers if a.status in {200, 302}]
    assert len(heard) == 1, Counter(a.status for a in answers)
    assert len(left["decisions"]) == 1
    ((decision, approved),) = left["decisions"]
    assert left["trail"] == [(decision, "INSERT")]
    assert left["done"] == (1,)
    assert len(left["open"]) == 1
    assert left["open"][0].endswith("carry_out_step" if approved else "request_step")
    return bool(approved)


@pytest.mark.parametrize("round_", [1, 2])
def test_of_twenty_approvals_and_rejections_at_once_one_is_heard(
    leads: tuple[Door, Door], looking: Looking, round_: int
) -> None:
    from tests.scene import Scene, lately

    scene = Scene("greve", now=lately())
    task = scene.go_on_to("approve_step").uuid
    acts = [
        act
        for lead, door in enumerate(leads)
        for act in approvals(door, task, approve=lambda number, lead=lead: (number + lead + round_) % 2 == 0)
    ]
    assert len(acts) == 20
    answers = at_the_same_moment(acts[::-1] if round_ == 2 else acts)
    outcome(looking, scene, answers)
    refused = [a for a in answers if a.status not in {200, 302}]
    assert Counter(a.status for a in refused) == {409: 19}
    assert all("allerede" in a.text for a in refused)
    assert {a.json["type"] for a in refused if a.text.startswith("{")} <= {
        "urn:familieforloeb:problem:stale-state"
    }


def test_the_requester_s_own_approvals_among_them_are_never_heard(
    leads: tuple[Door, Door], looking: Looking
) -> None:
    from tests.scene import Scene, lately

    scene = Scene("greve", now=lately())
    scene.go_on_to("request_step")
    scene.take_as("teamlead", "request_step", why_now="Familien er klar.", planned_from=str(scene.now.date()))
    task = scene.open_task("approve_step").uuid
    requester, other = leads
    blind = [
        lambda: requester.page.again().post(f"/opgaver/{task}/", {"approved": "true", "reason": ""}),
        lambda: requester.api.again().call(
            f"/api/v1/tasks/{task}/complete/", {"approved": True, "reason": ""}
        ),
    ]
    own: list[Callable[[], Answer]] = blind * WINDOWS
    others = approvals(other, task, approve=lambda number: number % 2 == 0)
    answers = at_the_same_moment([act for pair in zip(own, others, strict=True) for act in pair])
    outcome(looking, scene, answers)
    assert {a.status for a in answers[::2]} <= {403, 409}
    assert Counter(a.status for a in answers[1::2]) in ({302: 1, 409: 9}, {200: 1, 409: 9})
    decided = looking.execute(
        "SELECT count(*) FROM flow_exit_exitstepdecision WHERE decided_by_id = requested_by_id"
    )
    assert decided.fetchone() == (0,)


SESSION = {
    "kind": "individual",
    "held_on": "",
    "focus": "Ro ved sengetid",
    "summary": "Vi talte om aftenen.",
    "next_on": "",
    "outcome": "next_session",
}


def _session(scene: Any) -> dict[str, str]:
    from datetime import timedelta

    from placement import clock

    day = clock.today()
    return SESSION | {"held_on": f"{day:%d.%m.%Y}", "next_on": f"{day + timedelta(days=14):%d.%m.%Y}"}


@pytest.fixture
def session_waits(leads: tuple[Door, Door]) -> tuple[Any, uuid.UUID]:
    """A family whose next session of mentalisation waits for the site."""
    from tests.scene import Scene, lately

    scene = Scene("greve", now=lately())
    task = scene.go_on(lambda task: task.flow_task.name == "hold_session")
    return scene, task.uuid


def _sessions(looking: Looking) -> tuple[int, int]:
    found = looking.execute(
        "SELECT (SELECT count(*) FROM meetings_session), (SELECT count(*) FROM kernel_task "
        "WHERE flow_task LIKE '%%hold_session' AND finished IS NULL)"
    ).fetchone()
    assert found is not None
    return found


def test_of_two_people_completing_one_task_at_once_one_is_heard(
    leads: tuple[Door, Door], session_waits: Any, looking: Looking
) -> None:
    scene, task = session_waits
    first, second = leads
    window = first.page.again()
    fields = window.open_form(f"/opgaver/{task}/") | _session(scene)
    answers = at_the_same_moment(
        [
            lambda: window.post(f"/opgaver/{task}/", fields),
            lambda: second.api.call(f"/api/v1/tasks/{task}/complete/", dict(_session(scene))),
        ]
    )
    assert sorted(a.status for a in answers) in ([200, 409], [302, 409])
    assert _sessions(looking) == (1, 1)


def test_a_form_sent_twice_at_once_is_one_act_with_one_answer(
    leads: tuple[Door, Door], session_waits: Any, looking: Looking
) -> None:
    scene, task = session_waits
    window = leads[0].page.again()
    fields = window.open_form(f"/opgaver/{task}/") | _session(scene)
    answers = at_the_same_moment(
        [lambda: window.again().post(f"/opgaver/{task}/", fields) for _window in range(4)]
    )
    assert {(a.status, a.location) for a in answers} == {(302, f"/familier/{scene.family.uuid}/")}
    later = window.post(f"/opgaver/{task}/", fields)
    assert (later.status, later.location) == (302, f"/familier/{scene.family.uuid}/")
    assert _sessions(looking) == (1, 1)


def test_a_call_repeated_at_once_under_its_key_is_one_act_with_one_answer(
    leads: tuple[Door, Door], session_waits: Any, looking: Looking
) -> None:
    scene, task = session_waits
    api, body = leads[0].api, dict(_session(scene))
    key = uuid.uuid4().hex
    answers = at_the_same_moment(
        [
            lambda: api.again().call(f"/api/v1/tasks/{task}/complete/", body, Idempotency_Key=key)
            for _call in range(4)
        ]
    )
    assert [a.status for a in answers] == [200] * 4
    assert all(a.json == answers[0].json for a in answers)
    assert _sessions(looking) == (1, 1)
    changed = api.call(f"/api/v1/tasks/{task}/complete/", body | {"focus": "Andet"}, Idempotency_Key=key)
    assert changed.status == 409 and changed.json["type"].endswith("key-reused")


def test_notes_logged_twice_at_once_are_one_note(leads: tuple[Door, Door], looking: Looking) -> None:
    from tests.scene import Scene, lately

    scene = Scene("greve", now=lately())
    scene.go_on_to("request_step")
    lead = leads[0].api
    address, key = f"/api/v1/families/{scene.family.uuid}/notes/", uuid.uuid4().hex
    body = {"kind": "observation", "text": "Sov roligt."}
    answers = at_the_same_moment(
        [lambda: lead.again().call(address, body, Idempotency_Key=key) for _call in range(4)]
    )
    assert {a.status for a in answers} <= {200, 201}, [a.text for a in answers]
    assert len({a.json["id"] for a in answers}) == 1
    assert looking.execute("SELECT count(*) FROM journal_note").fetchone() == (1,)
