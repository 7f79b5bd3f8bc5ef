"""What an exit step rests on is written by page and by API alike, and what cannot be so is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.urls import reverse

from placement import clock
from tests import story
from tests.cast import browser
from tests.walking import ByApi, Page, Walker, all_of, as_form
from tests.watching import nothing_written

Looking = psycopg.Connection[Any]
TO_THE_LADDER: list[story.Act] = [*story.TO_THE_HOUSE, *story.TEAM[:1], ("exit.plan_exit", {})]
APPROVED: list[story.Act] = [("exit.request_step", {}), ("exit.approve_step", {})]


def day(walker: Walker, days: int = 0) -> str:
    return (clock.danish_day(walker.now) + timedelta(days=days)).isoformat()


def records(walker: Walker) -> dict[str, dict[str, Any]]:
    """One record of each kind, as a program sends it."""
    today = day(walker)
    return {
        "plan": {
            "destination": "home", "alternative": "offer", "shown_to_parents_on": today, "residence": "clear",
        },
        "safety-plan": {
            "dated_on": today, "worries": "Uro om aftenen.", "agreed": "Ring til mormor.",
            "signed_by": "Forældrene", "night_contact": "Mormor", "night_phone": "70 10 20 30",
        },
        "safety-review": {
            "held_on": today, "goal_met": True, "child_feels_safe": True, "child_signs": "Sover roligt.",
            "network_finds_it_works": True, "network_goes_on": False, "network_words": "Mormor er træt.",
        },
        "visit": {
            "held_on": today, "kind": "day", "staff_view": "Roligt.", "parents_view": "Rart.",
            "child_signals": "Smilede.", "incident": False,
        },
        "home-check": {"checked_on": today, "sleeping_place": True, "heating": True, "food": False},
        "receiving-support": {
            "kind": "home_support", "organisation": "Værkstedet", "contact": "Birthe", "informed_on": today,
            "first_appointment_on": day(walker, 5),
        },
        "place-kept": {"kept_until": day(walker, 60), "agreed_with": "Lederen"},
        "child-plan": {
            "revised_on": today, "changes": "Støtten i hjemmet er skrevet ind.", "parents_took_part": True,
        },
        "handover": {
            "held_on": today, "received_by": "Værkstedet", "parents_present": True, "agreed": "To gange om ugen.",
        },
    }  # fmt: skip


def api_address(walker: Walker, kind: str) -> str:
    return f"/api/v1/families/{walker.family_uuid}/exit-ground/{kind}/"


def send(walker: Walker, kind: str, part: str = "practitioner", **otherwise: Any) -> Any:
    """A record as the API takes it."""
    with clock.standing_at(walker.now):
        program = walker.client(walker.company.actor(part))
        return program.post(api_address(walker, kind), records(walker)[kind] | otherwise, format="json")


def refused(
    walker: Walker, looking: Looking, kind: str, *fields: str, type: str = "invalid", **otherwise: Any
) -> None:
    """Refused with its type, at these fields, and nothing is written."""
    with nothing_written(looking):
        response = send(walker, kind, **otherwise)
        assert response.status_code == 422, response.content.decode()
        answered = response.json()
    assert answered["type"] == f"urn:familieforloeb:problem:{type}"
    assert sorted(answered.get("errors", {})) == sorted(fields)


def test_a_new_version_is_not_dated_or_signed_by_the_one_before(house: None) -> None:
    walker = ByApi().walk([*TO_THE_LADDER])
    made = send(walker, "safety-plan", dated_on=day(walker, -9))
    assert made.status_code == 201, made.content.decode()
    with clock.standing_at(walker.now):
        person = browser(walker.company.actor("practitioner"))
        safety, plan = (
            Page(person.get(reverse("exit-ground-record", args=[walker.family_uuid, kind])).content.decode())
            for kind in ("safety-plan", "plan")
        )
    today = f"{clock.danish_day(walker.now):%d.%m.%Y}"
    assert safety.given["night_contact"] == {"Mormor"} and "Uro om aftenen." in safety.text
    assert (safety.given["dated_on"], safety.given["signed_by"]) == ({today}, set())
    assert plan.given["destination"] == {"home"} and plan.given["shown_to_parents_on"] == {today}


def test_each_record_is_written_by_page_and_by_api_and_read_again(house: None) -> None:
    walker = ByApi().walk([*TO_THE_LADDER, *APPROVED])
    with clock.standing_at(walker.now):
        person = browser(walker.company.actor("practitioner"))
        program = walker.client(walker.company.actor("practitioner"))
        for kind, content in records(walker).items():
            before = len(all_of(program, api_address(walker, kind)))
            made = send(walker, kind)
            assert made.status_code == 201, made.content.decode()
            for name, value in content.items():
                assert made.json()["content"][name] == value, (kind, name)
            address = reverse("exit-ground-record", args=[walker.family_uuid, kind])
            page = Page(person.get(address).content.decode())
            sent = page.fill_in(as_form(content))
            for _again in range(2):
                response = person.post(address, sent)
                assert response.status_code == 302, Page(response.content.decode()).text
            assert len(all_of(program, api_address(walker, kind))) == before + 2, "sent twice is written once"
        shown = Page(person.get(reverse("exit-ground", args=[walker.family_uuid])).content.decode())
    for words in (
        "Støtten i hjemmet er skrevet ind.",
        "Ring til mormor.",
        "Smilede.",
        "Værkstedet",
        "Lederen",
        "To gange om ugen.",
    ):
        assert words in shown.text
    # One who may only look finds no way to write.
    with clock.standing_at(walker.now):
        lead = Page(
            browser(walker.company.actor("authoritylead"))
            .get(reverse("exit-ground", args=[walker.family_uuid]))
            .content.decode()
        )
    assert "Ring til mormor." in lead.text
    assert not [link for link in lead.links if "/udslusning/" in link]
    assert send(walker, "home-check", "authoritylead").status_code == 403
    assert send(walker, "visit").status_code == 201
    with clock.standing_at(walker.now):
        unknown = walker.client(walker.company.actor("practitioner")).get(api_address(walker, "moon"))
    assert unknown.status_code == 404


def test_what_is_typed_is_kept_as_a_draft(house: None) -> None:
    walker = ByApi().walk(TO_THE_LADDER)
    with clock.standing_at(walker.now):
        person = browser(walker.company.actor("practitioner"))
        address = reverse("exit-ground-record", args=[walker.family_uuid, "handover"])
        html = person.get(address).content.decode()
        (draft,) = {part.split('"')[0] for part in html.split('data-draft-url="')[1:]}
        typed = {"received_by": "Værkstedet", "agreed": "Halvt skrevet", "rev": "1"}
        assert person.post(draft.replace("&amp;", "&"), typed).status_code == 200
        assert "Halvt skrevet" in person.get(address).content.decode()
        day_page = Page(person.get("/min-dag/").content.decode())
    assert address in day_page.links


def test_what_cannot_be_so_is_refused(house: None, looking: Looking) -> None:
    walker = ByApi().walk(TO_THE_LADDER)
    refused(walker, looking, "visit", type="no-step-under-way")
    walker.walk(APPROVED)
    refused(walker, looking, "visit", type="visit-before-approval", held_on=day(walker, -1))
    refused(walker, looking, "visit", "held_on", held_on=day(walker, 1))
    refused(walker, looking, "visit", "incident_text", incident=True)
    refused(walker, looking, "visit", "child_signals", child_signals=" ")
    refused(walker, looking, "safety-plan", "signed_by", signed_by="")
    refused(walker, looking, "home-check", "checked_on", checked_on=day(walker, 1))
    refused(walker, looking, "receiving-support", "contact", contact="")
    refused(
        walker, looking, "receiving-support", "first_appointment_on", first_appointment_on=day(walker, -1)
    )
    refused(walker, looking, "place-kept", type="place-expired", kept_until=day(walker, -1))
    refused(walker, looking, "plan", "alternative", alternative="home")
    refused(walker, looking, "plan", "residence_by", "residence_task", residence="open")
    refused(walker, looking, "handover", "__all__", surprise="x")
    with nothing_written(looking), clock.standing_at(walker.now):
        program = walker.client(walker.company.actor("practitioner"))
        assert program.post(api_address(walker, "visit"), [1], format="json").status_code == 400


@pytest.mark.parametrize(
    ("table", "broken", "name"),
    [
        ("exitvisit", "incident = true", "exit_visit_incident_is_told"),
        ("exitvisit", "child_signals = ''", "exit_visit_tells_of_staff_and_child"),
        ("safetyplan", "signed_by = ''", "safety_plan_is_signed_and_whole"),
        ("exitplan", "alternative = destination", "exit_plan_has_two_ways"),
        ("exitplan", "residence = 'open', residence_task = ''", "exit_plan_open_residence_has_task"),
        ("exitstep", "planned_until = planned_from - 1", "exit_step_ends_after_it_begins"),
        ("exitstep", "child_needs = 'Ro'", "exit_step_back_says_what_the_child_needs"),
    ],
)
def test_the_database_refuses_it_too(shared_ladder: Looking, table: str, broken: str, name: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match=name):
        shared_ladder.execute(f"UPDATE flow_exit_{table} SET {broken}")


@pytest.fixture(scope="module")
def shared_ladder(shared_house: None, superuser_url: str) -> Any:
    ByApi().walk([*TO_THE_LADDER, *story.ladder_step()])
    with psycopg.connect(superuser_url, autocommit=True) as opened:
        yield opened


def test_an_incident_starts_the_teams_deadline_and_leads_a_step_back(house: None, looking: Looking) -> None:
    walker = ByApi().walk([*TO_THE_LADDER, *story.ladder_step(), *APPROVED, ("exit.carry_out_step", {})])
    told = {"incident": True, "incident_text": "Barnet græd hele natten."}
    assert send(walker, "visit", **told).status_code == 201
    clocks = "SELECT rule, stopped_at FROM kernel_clock WHERE trigger = 'exit_step_went_wrong'"
    assert looking.execute(clocks).fetchall() == [("meeting-after-concern", None)]
    walker.now += timedelta(days=1)
    with clock.standing_at(walker.now):
        task, actor = walker.ready("exit.evaluate_step")
        program = walker.client(actor)
        for result, status in (("proceed", 422), ("repeat", 422), ("back", 200)):
            answer = walker.usual(task, actor, result=result)
            if result == "back":
                for field in ("back_reason", "child_needs"):
                    bare = program.post(
                        f"/api/v1/tasks/{task.uuid}/complete/", answer | {field: ""}, format="json"
                    )
                    assert bare.status_code == 422 and list(bare.json()["errors"]) == [field]
            response = program.post(f"/api/v1/tasks/{task.uuid}/complete/", answer, format="json")
            assert response.status_code == status, response.content.decode()
            if status == 422:
                assert response.json()["type"].endswith(":gate-closed")
        latest = program.get(f"/api/v1/families/{walker.family_uuid}/exit-steps/").json()["results"][0]
    assert (latest["code"], latest["result"], latest["back_reason"]) == ("U2", "back", "child_signals")
    assert latest["child_needs"].startswith("Ro om aftenen")
    assert looking.execute(clocks).fetchall() == [("meeting-after-concern", None)], "the team is told once"
    walker.walk([("exit.request_step", {})])
    with clock.standing_at(walker.now):
        program = walker.client(walker.company.actor("practitioner"))
        again = program.get(f"/api/v1/families/{walker.family_uuid}/exit-steps/").json()["results"][0]
    assert (again["code"], again["attempt"]) == ("U1", 2)


def test_moving_out_and_how_it_ended_are_written_down_as_they_were(house: None, looking: Looking) -> None:
    walker = ByApi().walk(story.WHOLE_JOURNEY[: -len(story.TO_THE_LAST_CONTACT)])
    walker.act(
        "journey.close_journey",
        outcome="child_placed",
        planned=False,
        initiator="authority",
        child_lives="foster",
    )
    assert looking.execute("SELECT planned, initiator, child_lives FROM flow_exit_exitrecord").fetchall() == [
        (False, "authority", "foster")
    ]
    assert looking.execute("SELECT lives FROM flow_exit_exithome").fetchall() == [("own_home",)] * 2
    with clock.standing_at(walker.now):
        program = walker.client(walker.company.actor("authoritylead"))
        told = program.get(f"/api/v1/families/{walker.family_uuid}/timeline/").json()["results"]
    (ended,) = [event["text"] for event in told if event["kind"] == "exit_record"]
    for words in ("I plejefamilie", "Myndigheden", "Filippa Prøvedal: I eget hjem"):
        assert words in ended
