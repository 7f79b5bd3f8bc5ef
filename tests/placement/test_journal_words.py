"""Tags and templates are the municipality's own, and a note keeps the words it was written with."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse

from placement import clock
from placement.access.errors import NotAllowed, Refused
from placement.journal import services, standard
from placement.journal.codes import WordList
from placement.journal.models import Note
from placement.journal.words import offered, template_in, words_of, write_word
from tests.cast import api, browser


@pytest.fixture
def lead(cast):
    return cast.greve.teamlead


def write(actor, family, **more):
    note = {"kind": "observation", "text": "Mor læste ham højt.", "now": clock.now(), **more}
    return services.write_note(actor=actor, family=family, **note)


def test_the_standard_is_there_before_anybody_has_chosen(practitioner, at_work):
    with at_work(practitioner):
        words = words_of(practitioner.municipality_id)
    assert [w.title for w in offered(words, WordList.SITUATION)][:3] == ["Måltid", "Søvn", "Bad"]
    assert "Læse signaler" in [w.title for w in offered(words, WordList.THEME)]
    assert [w.title for w in offered(words, WordList.TEMPLATE)] == [
        "Observation",
        "Aftale",
        "Barnets perspektiv",
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("code = \"sleep\"", "code = \"meal\""), "stands twice"),
        (("title = \"Bad\"", "title = \"\""), "lacks its code or its title"),
        (("kind = \"agreement\"", "kind = \"weekly\""), "a template, and nothing else"),
        (("draft = false", "draft = true"), "never read by parents"),
        (("weekly = false\n", ""), "for each kind"),
        (("undo_minutes = 15", "undo_minutes = 0"), "minutes within a day"),
    ],
)  # fmt: skip
def test_a_standard_that_contradicts_itself_is_not_loaded(change, why):
    text = standard.FILE.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=why):
        standard.read(text.replace(*change))


def test_a_note_keeps_the_words_it_was_written_with(practitioner, lead, family, at_work):
    with at_work(practitioner):
        note = write(practitioner, family, situations=["comfort"], themes=["reads-signals"])
        assert note.tag_lines() == [("Situation", "Trøst"), ("Tema", "Læse signaler")]
    with at_work(lead):
        write_word(actor=lead, list="situation", code="comfort", title="Ro og trøst", now=clock.now())
        write_word(
            actor=lead,
            list="theme",
            code="reads-signals",
            title="Læse signaler",
            retired=True,
            now=clock.now(),
        )
    with at_work(practitioner):
        assert Note.objects.get(pk=note.pk).tag_lines()[0] == ("Situation", "Trøst")
        with pytest.raises(Refused) as said, transaction.atomic():
            write(practitioner, family, themes=["reads-signals"])
        assert said.value.type == "unknown-tag"
        assert write(practitioner, family, situations=["comfort"]).tag_titles == {"comfort": "Ro og trøst"}
        kept = services.correct_note(
            actor=practitioner, note=note, kind="observation", text="Far læste.", reason="Forkert",
            now=clock.now(),
        )  # fmt: skip
        assert (kept.themes, kept.tag_titles) == (note.themes, note.tag_titles), (
            "a correction may keep its tags"
        )


def test_the_municipality_adds_a_word_of_its_own_and_a_neighbour_does_not_see_it(cast, lead, at_work):
    with at_work(lead):
        word = write_word(actor=lead, list="situation", title="Gåtur på åen", now=clock.now())
        assert word.code == "gaatur-paa-aaen"
        again = write_word(actor=lead, list="theme", title="Gåtur på åen", now=clock.now())
        assert (again.list, again.code) == ("theme", "gaatur-paa-aaen")
        for wrong, kind in (
            ({"list": "mood", "title": "x"}, "word-list"),
            ({"list": "theme", "title": " "}, "word-title"),
            ({"list": "theme", "title": "læse SIGNALER"}, "word-title"),
            ({"list": "theme", "title": "x", "code": "nobody"}, "word-unknown"),
            ({"list": "template", "title": "x", "text": "y"}, "word-template"),
        ):
            with pytest.raises(Refused) as said, transaction.atomic():
                write_word(actor=lead, now=clock.now(), **wrong)
            assert said.value.type == kind
    randers = cast.randers.teamlead
    with at_work(randers):
        assert "gaatur-paa-aaen" not in {word.code for word in words_of(randers.municipality_id)}


def test_only_a_lead_changes_words(practitioner, at_work):
    with at_work(practitioner), pytest.raises(NotAllowed), transaction.atomic():
        write_word(actor=practitioner, list="theme", title="x", now=clock.now())


def test_the_page_changes_a_word_and_says_what_is_wrong(lead, practitioner):
    client, here = browser(lead), reverse("log-words")
    page = client.get(f"{here}?ret=template:observation").content.decode()
    assert "Barnets signaler:" in page
    entry = {"list": "situation", "code": "meal", "title": "Spisning", "kind": "", "text": ""}
    assert client.post(here, entry).status_code == 302
    assert "Spisning" in browser(practitioner).get(here).content.decode()
    assert 'name="title"' not in browser(practitioner).get(here).content.decode()
    refused = client.post(here, {**entry, "title": "Søvn"})
    assert refused.status_code == 422
    assert "som ingen andre på listen har" in refused.content.decode()


def test_tags_are_chosen_in_the_log_and_shown_with_the_note(practitioner, family, at_work):
    client, log = browser(practitioner), reverse("log", kwargs={"family": family.uuid})
    entry = {
        "kind": "agreement",
        "text": "Mor ringer",
        "situations": ["meal", "play"],
        "themes": ["cooperation"],
    }
    assert client.post(log, entry).status_code == 302
    shown = client.get(reverse("family", kwargs={"family": family.uuid})).content.decode()
    assert "Måltid, Leg" in shown and "Samarbejde med fagfolk" in shown
    assert (
        "Måltid, Leg"
        in client.get(reverse("family-history", kwargs={"family": family.uuid})).content.decode()
    )
    assert client.post(log, {**entry, "themes": ["gossip"]}).status_code == 422


def test_a_template_is_put_below_what_was_typed_and_nothing_is_lost(practitioner, family):
    client, log = browser(practitioner), reverse("log", kwargs={"family": family.uuid})
    page = client.post(
        log,
        {"kind": "draft", "text": "Bo sov.", "situations": ["sleep", "comfort"], "template": "child-view"},
    )
    shown = page.content.decode()
    assert page.status_code == 200
    assert "Bo sov.\n\nDet gjorde eller sagde barnet:" in shown
    assert 'value="child-view" id="id_kind_3" checked' in shown
    assert (
        shown.count('name="situations"') == shown.count('name="situations" value=')
        and shown.count("checked") >= 3
    )
    assert template_in("", standard.standard().words[-1]).startswith("Det gjorde")


def test_the_api_tells_the_words_and_takes_them(practitioner, family, at_work):
    client = api(practitioner)
    listed = client.get("/api/v1/log-words/").json()["results"]
    assert {"id": "situation:meal", "list": "situation", "code": "meal", "title": "Måltid", "kind": "", "text": "",
            "retired": False} in listed  # fmt: skip
    address = reverse("api-notes", kwargs={"family": family.uuid})
    made = client.post(
        address, {"kind": "child-view", "text": "x", "themes": ["safety"]}, format="json"
    ).json()
    assert (made["situations"], made["themes"], made["withdrawn"]) == ([], ["safety"], False)
    refused = client.post(address, {"kind": "child-view", "text": "x", "themes": ["gossip"]}, format="json")
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:familieforloeb:problem:unknown-tag")
    corrected = client.post(
        f"{address}{made['id']}/corrections/",
        {"kind": "child-view", "text": "y", "reason": "z"},
        format="json",
    ).json()
    assert corrected["themes"] == ["safety"], "tags that are not named stay"
