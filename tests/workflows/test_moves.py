"""The list of moves says what one's role may do now and why not, the same on the page and in the API."""

from __future__ import annotations

import jsonschema
import pytest

from placement import clock
from placement.access.roles import roles_with
from tests.cast import api, browser
from tests.moving import Moving
from tests.scene import Scene
from tests.walking import Page
from workflows.journey.moves.registry import MOVES
from workflows.journey.moves.views import ADDRESSES
from workflows.model_versions.content import NATIONAL, parse, read_file


@pytest.fixture
def moving(house):
    return Moving(Scene("greve"))


def listed(moving, part):
    with clock.standing_at(moving.scene.now):
        answer = api(moving.actor(part)).get(f"/api/v1/families/{moving.scene.family.uuid}/moves/")
    assert answer.status_code == 200
    return {move["id"]: move for move in answer.json()["results"]}


def test_each_role_reads_the_moves_it_carries_and_why_one_is_shut(moving):
    enquiry = listed(moving, "caseworker")
    assert enquiry["pause"]["refusal"] and enquiry["reopen"]["refusal"] and enquiry["site"]["refusal"]
    assert enquiry["withdraw"]["refusal"] is None
    for move in enquiry.values():
        jsonschema.Draft202012Validator.check_schema(move["form"])
    page = moving.look("caseworker", f"/familier/{moving.scene.family.uuid}/handlinger/")
    assert "Kan ikke gøres nu" in page and str(enquiry["pause"]["refusal"]) in page
    moving.scene.settle()
    at_the_house = listed(moving, "practitioner")
    assert set(at_the_house) == {
        move.slug for move in MOVES if "practitioner" in {role.value for role in roles_with(move.action)}
    }
    assert at_the_house["pause"]["refusal"] is None
    assert "Flere handlinger" in moving.look("practitioner")


def test_a_page_chooses_nobody_beforehand_and_has_no_form_where_nothing_can_be_done(moving):
    moving.scene.settle()
    at = f"/familier/{moving.scene.family.uuid}/handlinger/"

    def page(part, slug):
        with clock.standing_at(moving.scene.now):
            return Page(browser(moving.actor(part)).get(f"{at}{ADDRESSES[slug]}/").content.decode())

    handed = page("teamlead", "hand-over")
    assert len(handed.fields["task"]) > 2 and handed.given["task"] == handed.given["to"] == {""}
    elsewhere = page("caseworker", "path")
    assert elsewhere.given["person"] == {""} and "where" not in elsewhere.given
    shut = page("caseworker", "resume")
    assert "Indsatsen er ikke på pause." in shut.text and "resumed_on" not in shut.fields


def test_the_same_key_makes_a_move_once(moving):
    moving.scene.settle()
    with clock.standing_at(moving.scene.now):
        client = api(moving.actor("caseworker"))
        address = f"/api/v1/families/{moving.scene.family.uuid}/moves/pause/"
        data = {"paused_on": str(moving.today), "reason": "hospital"}
        first, second = (
            client.post(address, data, format="json", headers={"Idempotency-Key": "one"}) for _ in range(2)
        )
    assert first.status_code == second.status_code == 201 and first.json() == second.json()


@pytest.mark.parametrize("name", ["correction_days", "reopening_days"])
def test_days_below_zero_are_refused_with_words(name):
    content = read_file(next(iter(sorted(NATIONAL.glob("*.toml")))))
    content["moves"] = {"correction_days": 7, "reopening_days": 7, name: -1}
    with pytest.raises(ValueError, match="no negative days"):
        parse(content)
