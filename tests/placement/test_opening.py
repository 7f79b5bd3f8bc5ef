"""The way into a family: the look is written first and stays, and nobody learns what they may not see."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from placement.families.opening import FamilyPage
from placement.journal import services
from tests.cast import api, browser

PAGE, ADDRESS = "log", "api-notes"


def looks(looking):
    return looking.execute("SELECT staff_id, route, method FROM trail_read ORDER BY id").fetchall()


def test_each_look_is_written_by_route_and_method(practitioner, family, looking):
    browser(practitioner).get(reverse(PAGE, kwargs={"family": family.uuid}))
    api(practitioner).get(reverse(ADDRESS, kwargs={"family": family.uuid}))
    mine = practitioner.staff_id
    assert looks(looking) == [(mine, PAGE, "GET"), (mine, ADDRESS, "GET")]


@pytest.mark.parametrize("name", [PAGE, ADDRESS])
def test_a_failure_undoes_the_work_and_never_the_look(practitioner, family, looking, monkeypatch, name):
    written = services.write_note

    def break_after_writing(**kwargs):
        written(**kwargs)
        raise RuntimeError("after the note")

    monkeypatch.setattr(services, "write_note", break_after_writing)
    client = (browser if name == PAGE else api)(practitioner)
    client.raise_request_exception = False
    body = {"kind": "observation", "text": "x"}
    how = {} if name == PAGE else {"format": "json"}
    assert client.post(reverse(name, kwargs={"family": family.uuid}), body, **how).status_code == 500
    assert looks(looking) == [(practitioner.staff_id, name, "POST")]
    assert looking.execute("SELECT count(*) FROM journal_note").fetchone() == (0,)


@pytest.mark.parametrize("name", [PAGE, ADDRESS])
def test_a_foreign_family_answers_as_one_that_does_not_exist(cast, family, looking, name):
    way = browser if name == PAGE else api
    theirs = reverse(name, kwargs={"family": family.uuid})
    nobodys = reverse(name, kwargs={"family": uuid4()})
    for actor in (
        cast.randers.practitioner,
        cast.randers.teamlead,
        cast.greve.oncall,
        cast.evaluator,
        cast.admin,
    ):
        client = way(actor)
        foreign, unknown = client.get(theirs), client.get(nobodys)
        assert (foreign.status_code, unknown.status_code) == (404, 404), actor
        assert foreign.content.replace(str(family.uuid).encode(), b"") == unknown.content, actor
    assert looks(looking) == []


def test_the_role_is_asked_after_the_family(cast, family, looking):
    lead = api(cast.greve.authoritylead)
    mine = reverse("api-measurements", kwargs={"family": family.uuid})
    answer = lead.post(mine, {}, format="json")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:familieforloeb:problem:not-allowed")
    assert lead.post(mine.replace(str(family.uuid), str(uuid4())), {}, format="json").status_code == 404


@pytest.mark.parametrize("name", [PAGE, ADDRESS])
def test_a_method_that_is_not_there_opens_nothing(practitioner, family, looking, name):
    client = (browser if name == PAGE else api)(practitioner)
    assert client.delete(reverse(name, kwargs={"family": family.uuid})).status_code == 405
    assert looks(looking) == []


def test_without_log_in_nothing_is_opened(client, family, looking):
    assert client.get(reverse(PAGE, kwargs={"family": family.uuid})).status_code == 302
    assert client.get(reverse(ADDRESS, kwargs={"family": family.uuid})).status_code == 401
    assert looks(looking) == []


def test_a_page_that_writes_must_name_its_action():
    with pytest.raises(TypeError, match="write_action"):

        class Careless(FamilyPage):
            def post(self, request, family):
                raise AssertionError
