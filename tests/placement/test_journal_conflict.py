"""Two versions of the same note at once: what can be joined is joined and told, the rest is asked, nothing is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.urls import reverse

from placement import clock
from placement.journal import services
from placement.journal.merging import merge
from placement.journal.models import Draft, Note
from placement.journal.weekly import Week, sign_summary
from tests.cast import browser


def contents():
    """Every content of two fields with three values each."""
    return [{"a": a, "b": b} for a, b in product(range(3), repeat=2)]


def test_a_join_loses_nothing_that_either_changed():
    for base, mine, theirs in product(contents(), repeat=3):
        joined = merge(base, mine, theirs)
        for name in base:
            if name in joined.both:
                assert base[name] not in (mine[name], theirs[name]) and mine[name] != theirs[name]
            elif mine[name] != base[name]:
                assert joined.values[name] == mine[name]
            else:
                assert joined.values[name] == theirs[name]
        assert not set(joined.both) & set(joined.theirs)
        assert merge(base, base, theirs).values == theirs
        assert not merge(base, mine, base).both


@pytest.fixture
def note(practitioner, family, at_work):
    with at_work(practitioner):
        return services.write_note(
            actor=practitioner, family=family, kind="observation", text="Rolig nat.", situations=["sleep"],
            now=clock.now(),
        )  # fmt: skip


def where(family, note):
    return reverse("note-correct", kwargs={"family": family.uuid, "note": note.uuid})


def hidden(page):
    found = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_both_texts_are_shown_and_the_choice_becomes_the_next_version(practitioner, family, note, at_work):
    client, here = browser(practitioner), where(family, note)
    mine = {"kind": "observation", "text": "Urolig nat.", "situations": ["sleep", "comfort"], "reason": "Mit"}
    theirs = {"kind": "assessment", "text": "Mor sov ikke.", "situations": ["sleep"], "reason": "Den andens"}
    assert client.post(here, {**theirs, "submit_token": uuid4()}).status_code == 302
    page = client.post(here, {**mine, "submit_token": str(uuid4())})
    shown = page.content.decode()
    assert page.status_code == 409
    assert "Urolig nat." in shown and "Mor sov ikke." in shown and "Kun den anden har ændret" in shown
    answer = {**hidden(page), "situations": ["sleep", "comfort"], "reason": "Begge dele"}
    assert client.post(here, answer).status_code == 422, "what both changed is asked"
    done = client.post(here, {**answer, "keep_text": "new", "new_text": "Urolig nat, og mor sov ikke."})
    assert done.status_code == 302, done.content.decode()
    with at_work(practitioner):
        stands = Note.objects.current().get(family=family)
        assert (stands.version, stands.kind, stands.text) == (3, "assessment", "Urolig nat, og mor sov ikke.")
        assert stands.situations == ["comfort", "sleep"]
        assert not Draft.objects.open_of(practitioner).exists()


@pytest.mark.parametrize(("keep", "text"), [("mine", "Min"), ("theirs", "Hendes")])
def test_one_of_the_two_texts_may_stand(practitioner, family, note, at_work, keep, text):
    client, here = browser(practitioner), where(family, note)
    assert client.post(here, {"kind": "observation", "text": "Hendes", "reason": "x"}).status_code == 302
    page = client.post(here, {"kind": "observation", "text": "Min", "reason": "y"})
    assert client.post(here, {**hidden(page), "reason": "y", "keep_text": keep}).status_code == 302
    with at_work(practitioner):
        assert Note.objects.current().get(family=family).text == text


def test_a_third_version_meanwhile_is_shown_before_anything_is_written(practitioner, family, note, at_work):
    client, here = browser(practitioner), where(family, note)
    client.post(here, {"kind": "observation", "text": "Anden", "reason": "x"})
    page = client.post(here, {"kind": "observation", "text": "Min", "reason": "y"})
    with at_work(practitioner):
        latest = Note.objects.current().get(family=family)
    client.post(where(family, latest), {"kind": "observation", "text": "Tredje", "reason": "z"})
    again = client.post(here, {**hidden(page), "reason": "y", "keep_text": "mine"})
    assert again.status_code == 409
    assert "Tredje" in again.content.decode() and "Min" in again.content.decode()
    assert client.post(here, {**hidden(again), "reason": "y", "keep_text": "mine"}).status_code == 302


def test_a_draft_of_an_older_version_comes_back_as_the_same_question(practitioner, family, note):
    client, here = browser(practitioner), where(family, note)
    draft = f"/kladder/{uuid4()}/?family={family.uuid}&form={services.correction_form(note)}"
    client.post(draft, {"kind": "observation", "text": "Halv", "reason": "y"})
    client.post(here, {"kind": "observation", "text": "Hel", "reason": "x", "submit_token": uuid4()})
    page = client.get(here)
    assert page.status_code == 200
    assert "Halv" in page.content.decode() and "Hel" in page.content.decode()
    assert client.post(here, {**hidden(page), "reason": "y", "keep_text": "mine"}).status_code == 302
    assert client.get(here).status_code == 302, (
        "without a draft an older version leads to the one that stands"
    )


def test_two_people_meet_over_a_weekly_summary(cast, practitioner, family, note, at_work):
    lead = cast.greve.teamlead
    with at_work(practitioner):
        week = Week.of(clock.today())
        summary = sign_summary(
            actor=practitioner, family=family, week=week, text="En uge.", sources=[note.uuid],
            now=clock.now() + timedelta(seconds=1),
        )  # fmt: skip
    here = where(family, summary)
    assert browser(lead).post(here, {"text": "Lederens uge.", "reason": "x"}).status_code == 302
    client = browser(practitioner)
    page = client.post(here, {"text": "Behandlerens uge.", "reason": "y"})
    assert page.status_code == 409
    shown = page.content.decode()
    assert "Lederens uge." in shown and "Behandlerens uge." in shown and str(lead.staff) in shown
    answer = {
        **hidden(page),
        "reason": "y",
        "keep_text": "new",
        "new_text": "Lederens uge. Behandlerens uge.",
    }
    assert client.post(here, answer).status_code == 302
    with at_work(practitioner):
        stands = Note.objects.current().get(family=family, kind="weekly")
        assert (stands.version, stands.author) == (3, practitioner.staff)
        assert (stands.text, stands.sources.count()) == ("Lederens uge. Behandlerens uge.", 1)
