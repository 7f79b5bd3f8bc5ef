"""The quick log as somebody with a browser meets it."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from placement.journal.models import Draft, Note
from tests.cast import browser


@pytest.fixture
def client(practitioner):
    return browser(practitioner)


@pytest.fixture
def log_url(family):
    return reverse("log", kwargs={"family": family.uuid})


def token_in(page):
    found = re.search(r'name="submit_token" value="([0-9a-f-]{36})"', page.content.decode())
    assert found, page.content.decode()
    return UUID(found[1])


def draft_in(page):
    found = re.search(r'data-draft-url="([^"]+)"', page.content.decode())
    assert found
    return found[1].replace("&amp;", "&")


def notes_of(actor, at_work):
    with at_work(actor):
        return list(Note.objects.order_by("id"))


def test_a_note_is_written_and_can_be_corrected(client, practitioner, family, log_url, at_work):
    page = client.get(log_url)
    assert page.status_code == 200
    entry = {
        "submit_token": token_in(page),
        "kind": "observation",
        "element": "mentalisation",
        "score": "6",
        "text": "Bo <b>smilede</b>",
    }
    saved = client.post(log_url, entry)
    assert (saved.status_code, saved.url) == (302, reverse("family", kwargs={"family": family.uuid}))
    assert client.post(log_url, entry).status_code == 302
    (note,) = notes_of(practitioner, at_work)
    again = reverse("note-correct", kwargs={"family": family.uuid, "note": note.uuid})
    page = client.get(again)
    assert "Bo &lt;b&gt;smilede&lt;/b&gt;" in page.content.decode()
    change = {**entry, "submit_token": token_in(page), "text": "Bo sov"}
    assert client.post(again, change).status_code == 422, "a correction says why"
    assert client.post(again, {**change, "reason": "Forkert barn"}).status_code == 302
    stale = client.post(again, {**change, "submit_token": uuid4(), "reason": "Igen"})
    assert stale.status_code == 409
    assert "Bo sov" in stale.content.decode(), "what was typed is still there"
    assert [n.version for n in notes_of(practitioner, at_work)] == [1, 2]


def test_what_is_wrong_stands_beside_its_field_and_the_token_stays(client, log_url):
    token = uuid4()
    page = client.post(
        log_url, {"submit_token": token, "kind": "observation", "text": "Fin dag", "happened_at": "i går"}
    )
    assert page.status_code == 422
    assert "Skriv dag og klokkeslæt" in page.content.decode()
    assert "Fin dag" in page.content.decode()
    assert token_in(page) == token


def test_a_score_alone_is_about_what_the_familys_last_score_was_about(client, practitioner, log_url, at_work):
    for entry in ({"score": "5"}, {"score": "6", "element": "network"}, {"score": "7"}):
        assert (
            client.post(log_url, {"submit_token": uuid4(), "kind": "observation", **entry}).status_code == 302
        )
    notes = notes_of(practitioner, at_work)
    with at_work(practitioner):
        assert [n.measurement.element for n in notes] == ["progression", "network", "network"]


@pytest.mark.parametrize("score", ["11", "-1", "NaN", "6,5"])
def test_a_score_that_is_not_on_the_scale_is_a_form_error(client, log_url, score):
    answer = client.post(log_url, {"kind": "observation", "element": "team", "score": score, "text": "x"})
    assert answer.status_code == 422


def test_a_form_sent_again_with_other_text_keeps_the_text(client, practitioner, log_url, at_work):
    entry = {"submit_token": uuid4(), "kind": "observation", "text": "Første"}
    assert client.post(log_url, entry).status_code == 302
    page = client.post(log_url, {**entry, "text": "Anden"})
    assert page.status_code == 409
    assert "Anden" in page.content.decode()
    assert token_in(page) != entry["submit_token"]
    assert client.post(log_url, {**entry, "submit_token": token_in(page), "text": "Anden"}).status_code == 302
    assert [n.text for n in notes_of(practitioner, at_work)] == ["Første", "Anden"]


def test_it_goes_on_where_the_draft_was_left(client, log_url, family):
    page = client.get(log_url)
    answer = client.post(draft_in(page), {"kind": "assessment", "text": "Halvt færdig"})
    assert answer.status_code == 200
    assert answer.json()["saved_at"]
    resumed = client.get(log_url)
    assert token_in(resumed) == token_in(page)
    assert "Halvt færdig" in resumed.content.decode()
    assert (
        client.post(
            log_url, {"submit_token": token_in(page), "kind": "assessment", "text": "Færdig"}
        ).status_code
        == 302
    )
    assert client.post(draft_in(page), {"text": "for sent"}).status_code == 204
    assert "for sent" not in client.get(log_url).content.decode()


def test_a_draft_is_refused_without_a_redirect(cast, family, log_url, practitioner, at_work):
    token = uuid4()
    url = f"{reverse('draft', kwargs={'token': token})}?family={family.uuid}&form=log"
    logged_out = Client().post(url, {"text": "x"})
    assert logged_out.status_code == 401
    assert logged_out["Content-Type"].startswith("application/problem+json")
    for actor in (cast.randers.practitioner, cast.greve.oncall):
        assert browser(actor).post(url, {"text": "x"}).status_code == 404
    mine = browser(practitioner)
    assert mine.get(url).status_code == 405
    assert mine.post(url.replace("form=log", "form=../x"), {}).status_code == 404
    assert mine.post(url.replace(str(family.uuid), "nobody"), {}).status_code == 404
    assert mine.post(url, {"text": "x" * 100_001}).status_code == 422
    with at_work(practitioner):
        assert not Draft.objects.exists()


def test_a_draft_needs_the_forms_protection(practitioner, family):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(practitioner.staff)
    url = f"{reverse('draft', kwargs={'token': uuid4()})}?family={family.uuid}&form=log"
    assert strict.post(url, {"text": "x"}).status_code == 403


def test_somebody_who_may_not_measure_sees_no_scale(cast, log_url):
    page = browser(cast.greve.authoritylead).get(log_url).content.decode()
    assert 'name="score"' not in page
    assert 'name="text"' in page


def test_no_score_is_chosen_beforehand(client, log_url):
    page = client.get(log_url).content.decode()
    chosen = re.findall(r'<input type="radio" name="score" value="(\d*)"[^>]* checked', page)
    assert chosen in ([], [""])


def test_another_familys_note_is_not_found(cast, client, family, log_url):
    from tests.placement.houses import family_in

    other = family_in(cast.greve)
    entry = {"submit_token": uuid4(), "kind": "observation", "text": "x"}
    client.post(reverse("log", kwargs={"family": other.uuid}), entry)
    with cast.greve.practitioner.acting():
        from django.db import transaction

        with transaction.atomic():
            note = Note.objects.get()
    crossed = reverse("note-correct", kwargs={"family": family.uuid, "note": note.uuid})
    assert client.get(crossed).status_code == 404
