"""What parents may read is decided by the kind of note, and never loosened backwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from placement import clock
from placement.access.errors import NotAllowed, Refused
from placement.journal import services
from placement.journal.codes import NoteKind
from placement.journal.models import Note, ParentsReading
from placement.journal.parents import ReadingRules, decide_parents_reading, not_for_parents, reading_rules
from tests.cast import api, browser


@pytest.fixture
def authority(cast):
    return cast.greve.authoritylead


NOW = clock.now()


def a_note(kind="assessment", at=NOW, **more):
    return Note(kind=kind, text="x", recorded_at=at, **more)


def test_before_anybody_decides_the_careful_standard_holds():
    rules = ReadingRules()
    assert {kind for kind in NoteKind.values if rules.at(kind)} == {"observation", "agreement"}


def test_a_decision_holds_from_then_on_in_one_direction_only():
    opened = ReadingRules((("assessment", True, NOW),))
    assert not_for_parents(a_note(at=NOW), opened) is None
    before = not_for_parents(a_note(at=NOW - timedelta(minutes=1)), opened)
    assert "skrevet, mens" in str(before)
    closed = ReadingRules((("observation", False, NOW),))
    assert "læses ikke" in str(not_for_parents(a_note("observation", NOW - timedelta(days=9)), closed))


def test_what_was_taken_back_and_an_internal_draft_are_never_read():
    rules = ReadingRules((("draft", True, NOW - timedelta(days=1)),))
    assert not_for_parents(a_note("draft"), rules)
    assert not_for_parents(a_note("observation", withdrawn=True), ReadingRules())


def test_an_authority_lead_decides_with_a_reason(cast, authority, at_work):
    with at_work(authority):
        for wrong, kind in (
            ({"kind": "diary", "allowed": True, "reason": "x"}, "note-kind"),
            ({"kind": "draft", "allowed": True, "reason": "x"}, "never-for-parents"),
            ({"kind": "weekly", "allowed": True, "reason": " "}, "reason-missing"),
        ):
            with pytest.raises(Refused) as said, transaction.atomic():
                decide_parents_reading(actor=authority, now=clock.now(), **wrong)
            assert said.value.type == kind
        decide_parents_reading(actor=authority, kind="weekly", allowed=True, reason="Aftalt", now=clock.now())
        assert reading_rules(authority.municipality_id).at("weekly")
        row = {"municipality_id": authority.municipality_id, "decided_by": authority.staff}
        for wrong, name in (
            ({"kind": "draft", "allowed": True, "reason": "x"}, "parents_reading_never_drafts"),
            ({"kind": "weekly", "allowed": True, "reason": ""}, "parents_reading_with_reason"),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                ParentsReading.objects.create(**row, **wrong)
    lead = cast.greve.teamlead
    with at_work(lead), pytest.raises(NotAllowed), transaction.atomic():
        decide_parents_reading(actor=lead, kind="weekly", allowed=True, reason="x", now=clock.now())


def test_the_pages_show_what_parents_may_read_and_decide_on_it(authority, practitioner, family, at_work):
    with at_work(practitioner):
        for kind, text in (
            ("observation", "Bo smilede"),
            ("assessment", "Mor er træt"),
            ("draft", "Spørg Ida"),
        ):
            services.write_note(actor=practitioner, family=family, kind=kind, text=text, now=clock.now())
    client = browser(practitioner)
    seen = client.get(reverse("parents-view", kwargs={"family": family.uuid})).content.decode()
    assert "Bo smilede" in seen and "Mor er træt" not in seen and "Spørg Ida" not in seen
    assert "Vurdering: notattypen læses ikke af forældrene (1)" in seen
    here = reverse("parents-reading")
    assert "Beslut" not in client.get(here).content.decode()
    lead = browser(authority)
    refused = lead.post(here, {"kind": "draft", "allowed": "yes", "reason": "x"})
    assert refused.status_code == 422 and "læses aldrig af forældrene" in refused.content.decode()
    assert lead.post(here, {"kind": "assessment", "allowed": "yes", "reason": "Åbenhed"}).status_code == 302
    assert "Åbenhed" in client.get(here).content.decode()
    seen = client.get(reverse("parents-view", kwargs={"family": family.uuid})).content.decode()
    assert "Mor er træt" not in seen, "written before the decision"
    notes = api(practitioner).get(reverse("api-notes", kwargs={"family": family.uuid})).json()["results"]
    assert {note["kind"]: note["parents_may_read"] for note in notes} == {
        "observation": True, "assessment": False, "draft": False,
    }  # fmt: skip
