"""Notifications of concern on pages and in the API: registering one, and who reads what it says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.urls import reverse

from placement import clock
from placement.templatetags.words import danish_moment
from tests.cast import Cast, api, body, browser
from tests.scene import WHISPER, Scene
from tests.walking import Page, all_of, as_form
from tests.watching import nothing_written

WORD = "urn:familieforloeb:problem:"


@pytest.fixture
def stay(house: None) -> Scene:
    """A family in the house, with its team; the clock of the tests is the real one."""
    scene = Scene("greve")
    scene.settle()
    return scene


def told(**otherwise: Any) -> dict[str, Any]:
    return {
        "received_at": (clock.now() - timedelta(hours=1)).isoformat(timespec="minutes"),
        "notifier": "relative",
        "what": WHISPER,
        "children": [],
        "acute": False,
        "violence_possible": True,
    } | otherwise


def page(name: str, scene: Scene) -> str:
    return reverse(name, kwargs={"family": scene.family.uuid})


def test_a_practitioner_registers_one_on_the_familys_page(stay: Scene, cast: Cast) -> None:
    client = browser(cast.greve.practitioner)
    family = Page(client.get(page("family", stay)).content.decode())
    assert page("concerns", stay) in family.links
    listed = Page(client.get(page("concerns", stay)).content.decode())
    assert page("concern-new", stay) in listed.links
    form = Page(client.get(page("concern-new", stay)).content.decode())
    sent = form.fill_in(as_form(told()))
    assert client.post(page("concern-new", stay), sent).status_code == 302
    assert client.post(page("concern-new", stay), sent).status_code == 302, "sent again is not received again"
    assert len(all_of(api(cast.greve.practitioner), f"/api/v1/families/{stay.family.uuid}/concerns/")) == 1
    for part in ("practitioner", "teamlead", "caseworker", "healthvisitor"):
        first = Page(browser(getattr(cast.greve, part)).get(page("family", stay)).content.decode())
        assert "Underretning modtaget" in first.text and "Tal ikke med forældrene om den endnu." in first.text
    for part in ("caseworker", "authoritylead"):
        day = Page(browser(getattr(cast.greve, part)).get("/min-dag/").content.decode())
        assert "Underretninger, der skal vurderes (1)" in day.text


def test_whoever_assesses_sees_the_hour_and_answers_no_themselves(stay: Scene, cast: Cast) -> None:
    address = f"/api/v1/families/{stay.family.uuid}/concerns/"
    client = browser(cast.greve.caseworker)
    for violence, chosen in ((False, None), (True, {"true"})):
        received = clock.now() - timedelta(hours=2)
        sent = told(received_at=received.isoformat(), violence_possible=violence, acute=violence)
        assert api(cast.greve.caseworker).post(address, sent, format="json").status_code == 201
        hour = danish_moment(received + timedelta(hours=24))
        waiting = Page(client.get("/min-dag/").content.decode()).text
        assert f"inden {hour}" in waiting and ("Barnet kan være i fare lige nu." in waiting) is violence
        task = stay.open_task("assess_concern")
        form = Page(client.get(f"/opgaver/{task.uuid}/").content.decode())
        assert f"Skal være vurderet senest {hour}" in form.text
        assert form.given.get("violence_possible") == chosen
        assessed = {
            "assessed_at": clock.now().isoformat(timespec="minutes"), "outcome": "in_plan", "reasons": "Fordi.",
            "violence_possible": violence, "safety_risk": "Lav.", "parents_may_be_told": False,
        }  # fmt: skip
        done = api(cast.greve.caseworker).post(
            f"/api/v1/tasks/{task.uuid}/complete/", assessed, format="json"
        )
        assert done.status_code == 200, done.content.decode()


def test_what_it_says_is_read_by_the_authority_and_the_team_only(stay: Scene, cast: Cast) -> None:
    greve = cast.greve
    address = f"/api/v1/families/{stay.family.uuid}/concerns/"
    made = api(greve.caseworker).post(address, told(), format="json")
    assert made.status_code == 201 and body(made)["what"] == WHISPER
    task = stay.open_task("assess_concern")
    reasons = "Mormor har ret i, at der råbes."
    done = api(greve.caseworker).post(
        f"/api/v1/tasks/{task.uuid}/complete/",
        {
            "assessed_at": clock.now().isoformat(timespec="minutes"), "outcome": "in_plan", "reasons": reasons,
            "violence_possible": True, "safety_risk": "Lav.", "parents_may_be_told": False,
        },
        format="json",
    )  # fmt: skip
    assert done.status_code == 200, done.content.decode()
    # The second team lead leads the site and is not on the family's team.
    for part, reads in (
        ("caseworker", True), ("authoritylead", True), ("practitioner", True), ("healthvisitor", True),
        ("teamlead2", False),
    ):  # fmt: skip
        actor = getattr(greve, part)
        (line,) = body(api(actor).get(address))["results"]
        assert (line["what"], line["notifier"]) == ((WHISPER, "relative") if reads else (None, None)), part
        assert line["assessments"][0]["reasons"] == (reasons if reads else None)
        assert (line["state"], line["outcome"]) == ("second", "in_plan")
        shown = browser(actor).get(page("concerns", stay)).content.decode()
        assert (WHISPER in shown, reasons in shown) == (reads, reads), part
        for where in ("family", "family-history"):
            assert WHISPER not in browser(actor).get(page(where, stay)).content.decode()
        assert (
            WHISPER not in api(actor).get(f"/api/v1/families/{stay.family.uuid}/timeline/").content.decode()
        )


def test_whoever_registered_it_reads_their_own_words(stay: Scene, cast: Cast) -> None:
    address = f"/api/v1/families/{stay.family.uuid}/concerns/"
    lead = api(cast.greve.teamlead2)
    assert body(lead.post(address, told(), format="json"))["what"] == WHISPER
    api(cast.greve.caseworker).post(address, told(what="En anden."), format="json")
    assert [line["what"] for line in body(lead.get(address))["results"]] == [None, WHISPER]


@pytest.mark.parametrize(
    ("otherwise", "field"),
    [
        ({"received_at": "2099-01-01T12:00Z"}, "received_at"),
        ({"received_at": "2026-11-22"}, "received_at"),
        ({"received_at": 1430}, "received_at"),
        ({"notifier": "mormor Karen"}, "notifier"),
        ({"what": "   "}, "what"),
        ({"what": 7}, "what"),
        ({"acute": None}, "acute"),
        ({"children": ["00000000-0000-4000-8000-000000000000"]}, "children"),
        ({"name": "Karen"}, "__all__"),
    ],
)
def test_what_cannot_be_a_notification_is_refused_at_its_field(
    house: None, cast: Cast, looking: psycopg.Connection[Any], otherwise: dict[str, Any], field: str
) -> None:
    scene = Scene("greve")
    client = api(cast.greve.caseworker)
    address = f"/api/v1/families/{scene.family.uuid}/concerns/"
    with nothing_written(looking):
        answer = client.post(address, told(**otherwise), format="json")
        assert (answer.status_code, body(answer)["type"]) == (422, f"{WORD}invalid")
    assert field in body(answer)["errors"]


def test_the_same_key_registers_once(house: None, cast: Cast) -> None:
    scene = Scene("greve")
    client = api(cast.greve.caseworker)
    address = f"/api/v1/families/{scene.family.uuid}/concerns/"
    sent = told()
    first, again = (
        body(client.post(address, sent, format="json", HTTP_IDEMPOTENCY_KEY="k1")) for _turn in range(2)
    )
    assert first == again and len(body(client.get(address))["results"]) == 1


def test_a_draft_goes_on_where_it_was_left(house: None, cast: Cast) -> None:
    scene = Scene("greve")
    client = browser(cast.greve.caseworker)
    html = client.get(page("concern-new", scene)).content.decode()
    address = html.split('data-draft-url="')[1].split('"')[0].replace("&amp;", "&")
    assert client.post(address, {"what": "Hun ringede i går", "rev": "1"}).status_code == 200
    assert "Hun ringede i går" in client.get(page("concern-new", scene)).content.decode()
    assert page("concern-new", scene) in client.get("/min-dag/").content.decode()


def test_the_whole_way_through_the_api(stay: Scene, cast: Cast) -> None:
    """By the schema each step gives out, as any program would."""
    greve = cast.greve
    address = f"/api/v1/families/{stay.family.uuid}/concerns/"
    api(greve.healthvisitor).post(address, told(), format="json")
    judged = {
        "outcome": "examination", "reasons": "Råb om natten.", "violence_possible": True, "safety_risk": "Lav.",
        "parents_may_be_told": True,
    }  # fmt: skip
    today = clock.today().isoformat()
    second = str(greve.caseworker2.staff.uuid)
    for part, name, answer in (
        ("caseworker", "assess_concern", judged | {"assessed_at": clock.now().isoformat(timespec="minutes")}),
        ("authoritylead", "appoint_second", {"person": second}),
        ("caseworker2", "second_assessment", judged | {"able": True}),
        ("caseworker", "send_receipt", {"sent_on": today}),
        ("caseworker", "close_concern", {"reason": "Undersøgelsen er begyndt."}),
    ):
        client = api(getattr(greve, part))
        (line,) = [one for one in all_of(client, "/api/v1/tasks/") if one["node"] == name]
        assert line["element"] == "screening"
        read = body(client.get(f"/api/v1/tasks/{line['id']}/"))
        assert set(answer) <= set(read["form"]["properties"])
        done = client.post(
            f"/api/v1/tasks/{line['id']}/complete/",
            answer | {"facts_version": read["facts_version"]},
            format="json",
        )
        assert done.status_code == 200, done.content.decode()
    (line,) = body(api(greve.practitioner).get(address))["results"]
    assert (line["state"], line["receipt_sent_on"], line["closed_reason"]) == (
        "closed", today, "Undersøgelsen er begyndt.",
    )  # fmt: skip
    titles = [event["title"] for event in body(
        api(greve.practitioner).get(f"/api/v1/families/{stay.family.uuid}/timeline/")
    )["results"]]  # fmt: skip
    assert {"Underretning modtaget", "Underretning afsluttet", "Ny vurdering efter § 137"} <= set(titles)
