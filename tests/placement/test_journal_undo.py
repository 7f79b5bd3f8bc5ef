"""Just written can be taken back: visible, with its score, and never deleted."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from placement import clock
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.journal import selectors, services
from placement.journal.models import Note
from placement.journal.undoing import take_back
from placement.progression.models import Measurement
from placement.progression.selectors import last_daily_score
from tests.cast import api, browser


@pytest.fixture
def note(practitioner, family, at_work):
    with at_work(practitioner):
        return services.write_note(
            actor=practitioner, family=family, kind="observation", text="Forkert familie", score=Decimal(2),
            element="team", situations=["meal"], now=clock.now(),
        )  # fmt: skip


def refused(kind, error=Refused, **given):
    with pytest.raises(error) as said, transaction.atomic():
        take_back(**given)
    assert kind is None or said.value.type == kind


def test_a_note_taken_back_stands_as_withdrawn_with_its_words_in_its_history(
    practitioner, family, note, at_work
):
    with at_work(practitioner):
        gone = take_back(actor=practitioner, note=note, now=clock.now())
        assert (gone.withdrawn, gone.text, gone.situations, gone.version) == (True, "", [], 2)
        assert list(selectors.notes(family)) == [gone]
        assert not Note.objects.standing().filter(family=family).exists()
        assert selectors.versions(gone) == [gone, note]
        assert gone.measurement.score is None and gone.measurement.replaces == note.measurement
        assert gone.measurement.missing_reason == "withdrawn"
        assert last_daily_score(family) is None
        refused(None, StaleState, actor=practitioner, note=gone, now=clock.now())
        refused(None, StaleState, actor=practitioner, note=note, now=clock.now())
        with pytest.raises(StaleState), transaction.atomic():
            services.correct_note(
                actor=practitioner, note=gone, kind="observation", text="x", reason="y", now=clock.now()
            )


def test_of_a_correction_only_the_correction_is_taken_back(practitioner, family, note, at_work):
    with at_work(practitioner):
        corrected = services.correct_note(
            actor=practitioner, note=note, kind="assessment", text="Værre", reason="Fejl", score=Decimal(9),
            element="exit", themes=["safety"], now=clock.now(),
        )  # fmt: skip
        back = take_back(actor=practitioner, note=corrected, now=clock.now())
        assert (back.withdrawn, back.kind, back.text, back.version) == (
            False,
            "observation",
            "Forkert familie",
            3,
        )
        assert (back.situations, back.themes) == (["meal"], [])
        assert (back.measurement.score, back.measurement.element) == (2, "team")
        assert Measurement.objects.current().filter(family=family).get() == back.measurement


def test_it_is_the_authors_and_only_for_a_while(cast, practitioner, note, at_work):
    lead = cast.greve.teamlead
    with at_work(lead):
        refused("not-author", NotAllowed, actor=lead, note=note, now=clock.now())
    with at_work(practitioner):
        late = note.recorded_at + timedelta(minutes=15, seconds=1)
        refused("undo-too-late", actor=practitioner, note=note, now=late)
        assert take_back(actor=practitioner, note=note, now=late - timedelta(seconds=2)).withdrawn


def test_the_database_keeps_a_withdrawn_note_without_words(practitioner, note, at_work):
    with at_work(practitioner):
        row = {f.attname: getattr(note, f.attname) for f in Note._meta.fields}
        del row["id"], row["uuid"]
        with pytest.raises(IntegrityError, match="note_withdrawn_has_no_words"), transaction.atomic():
            Note.objects.create(**{**row, "submit_token": uuid4(), "withdrawn": True})


def test_saved_says_how_to_take_it_back_and_the_pages_show_that_it_was(practitioner, family, at_work):
    client, log = browser(practitioner), reverse("log", kwargs={"family": family.uuid})
    saved = client.post(log, {"kind": "observation", "text": "Ups", "score": "3"}, follow=True)
    with at_work(practitioner):
        note = Note.objects.get()
    where = reverse("note-take-back", kwargs={"family": family.uuid, "note": note.uuid})
    assert where in saved.content.decode()
    assert "Ups" in client.get(where).content.decode()
    assert client.post(where, {}).status_code == 422, "only its button means it"
    done = client.post(where, {"answer": "take-back"}, follow=True).content.decode()
    assert "Taget tilbage" in done and "Ups" not in done
    history = client.get(reverse("family-history", kwargs={"family": family.uuid})).content.decode()
    assert "Taget tilbage" in history
    assert client.post(where, {"answer": "take-back"}).status_code == 409
    with at_work(practitioner):
        gone = Note.objects.get(withdrawn=True)
    versions = reverse("note-correct", kwargs={"family": family.uuid, "note": gone.uuid})
    assert versions in done
    shown = client.get(versions).content.decode()
    assert "Ups" in shown and 'name="text"' not in shown, "its words are read, and none are written"


def test_the_api_takes_back_when_it_is_meant(practitioner, family, note):
    client = api(practitioner)
    where = reverse("api-note-withdrawal", kwargs={"family": family.uuid, "note": note.uuid})
    assert client.post(where, {}, format="json").status_code == 422
    assert client.post(where, {"take_back": False}, format="json").status_code == 422
    gone = client.post(where, {"take_back": True}, format="json")
    assert gone.status_code == 201
    assert (gone.json()["withdrawn"], gone.json()["text"], gone.json()["replaces"]) == (
        True,
        "",
        str(note.uuid),
    )
