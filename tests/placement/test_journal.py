"""Notes are never changed, a form makes one note, and a draft that was sent stays sent."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from placement import clock
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.journal import selectors, services
from placement.journal.models import Draft, Note
from placement.progression.models import Measurement


def refused(type_of, act, **kwargs):
    with pytest.raises(Refused) as said, transaction.atomic():
        act(**kwargs)
    assert said.value.type == type_of


@pytest.fixture
def note(practitioner, family):
    return {
        "actor": practitioner,
        "family": family,
        "kind": "observation",
        "text": "Maja sang for Bo i badet.",
        "now": clock.now(),
    }


def test_a_note_with_a_score_is_one_act(practitioner, family, note, at_work):
    with at_work(practitioner):
        written = services.write_note(**note, score=Decimal(7), element="mentalisation")
        measured = Measurement.objects.get(family=family)
        assert written.measurement == measured
        assert (measured.instrument, measured.scale_max, measured.score) == ("hverdagslog", 10, 7)
        assert list(selectors.notes(family)) == [written]


@pytest.mark.parametrize(
    ("change", "type_of"),
    [
        ({"kind": "gossip"}, "note-kind"),
        ({"text": "  "}, "note-empty"),
        ({"element": "sleep"}, "unknown-element"),
        ({"score": Decimal(3)}, "element-missing"),
        ({"score": Decimal(11), "element": "team"}, "outside-scale"),
        ({"happened_at": timedelta(minutes=1)}, "note-in-future"),
        ({"happened_at": datetime(206, 3, 2, tzinfo=UTC)}, "day-impossible"),
    ],
)
def test_a_note_that_cannot_be_leaves_nothing(practitioner, family, note, at_work, change, type_of):
    change = {k: clock.now() + v if isinstance(v, timedelta) else v for k, v in change.items()}
    with at_work(practitioner):
        token = uuid4()
        refused(type_of, services.write_note, **{**note, **change}, submit_token=token)
        assert not Note.objects.filter(family=family).exists()
        assert not Measurement.objects.filter(family=family).exists()
        assert not Draft.objects.filter(submit_token=token).exists()


def test_who_may_not_score_still_writes(cast, family, note, at_work):
    lead = cast.greve.authoritylead
    with at_work(lead):
        services.write_note(**{**note, "actor": lead})
        with pytest.raises(NotAllowed), transaction.atomic():
            services.write_note(**{**note, "actor": lead}, score=Decimal(1), element="team")
        assert not Measurement.objects.filter(family=family).exists()


def test_a_form_sent_twice_is_one_note(practitioner, family, note, at_work):
    token = uuid4()
    with at_work(practitioner):
        first = services.write_note(**note, submit_token=token)
        assert services.write_note(**note, submit_token=token) == first
        with pytest.raises(services.AlreadySubmitted) as again, transaction.atomic():
            services.write_note(**{**note, "text": "Noget andet"}, submit_token=token)
        assert again.value.note == first
        assert selectors.notes(family).count() == 1


def test_a_draft_that_was_sent_is_empty_and_stays_sent(practitioner, family, note, at_work):
    token = uuid4()
    draft = {
        "actor": practitioner,
        "family": family,
        "form": "log",
        "submit_token": token,
        "now": clock.now(),
    }
    with at_work(practitioner):
        assert services.save_draft(**draft, data={"text": ["Ma"]})
        assert services.save_draft(**draft, data={"text": ["Maja"]})
        begun = selectors.draft_to_resume(practitioner, family, "log")
        assert (begun.data, begun.rev, begun.submit_token) == ({"text": ["Maja"]}, 2, token)
        services.write_note(**note, submit_token=token)
        assert not services.save_draft(**draft, data={"text": ["Maja sang"]})
        assert selectors.draft_to_resume(practitioner, family, "log") is None
        assert Draft.objects.get(submit_token=token).data == {}


def test_a_draft_is_its_writers_alone_and_of_its_family(cast, practitioner, family, at_work):
    from tests.placement.houses import family_in

    other = family_in(cast.greve)
    token = uuid4()
    draft = {
        "family": family,
        "form": "log",
        "submit_token": token,
        "now": clock.now(),
        "data": {"text": ["x"]},
    }
    with at_work(practitioner):
        assert services.save_draft(actor=practitioner, **draft)
        assert not services.save_draft(actor=practitioner, **{**draft, "family": other})
        (kept,) = selectors.open_drafts(practitioner)
        assert kept.submit_token == token
        assert selectors.draft_page(kept) == f"/familier/{family.uuid}/log/?kladde={token}"
        refused(
            "draft-too-large",
            services.save_draft,
            actor=practitioner,
            **{**draft, "data": {"text": "x" * 100_001}},
        )
    teamlead = cast.greve.teamlead
    with at_work(teamlead):
        assert services.save_draft(actor=teamlead, **draft), (
            "the same token of another person is another draft"
        )
        assert selectors.open_drafts(teamlead).get().staff == teamlead.staff


def test_drafts_do_not_reach_the_trail(practitioner, family, at_work, looking):
    with at_work(practitioner):
        services.save_draft(
            actor=practitioner,
            family=family,
            form="log",
            submit_token=uuid4(),
            data={"text": ["x"]},
            now=clock.now(),
        )
    assert looking.execute(
        "SELECT count(*) FROM trail_write WHERE table_name = 'journal_draft'"
    ).fetchone() == (0,)


def test_autosaves_and_submits_at_the_same_moment_make_one_note(practitioner, family, note, looking):
    token = uuid4()
    start = threading.Barrier(8)
    notes, failures = [], []

    def submit():
        notes.append(services.write_note(**note, score=Decimal(5), element="team", submit_token=token).pk)

    def autosave():
        services.save_draft(
            actor=practitioner,
            family=family,
            form="log",
            submit_token=token,
            data={"text": ["…"]},
            now=clock.now(),
        )

    def run(work):
        try:
            with practitioner.acting():
                start.wait()
                with transaction.atomic():
                    work()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in [submit, autosave] * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert len(notes) == 4
    assert len(set(notes)) == 1
    counted = "SELECT (SELECT count(*) FROM journal_note), (SELECT count(*) FROM progression_measurement)"
    assert looking.execute(counted).fetchone() == (1, 1)
    stored = looking.execute("SELECT data, submitted IS NOT NULL FROM journal_draft").fetchall()
    assert stored == [({}, True)]


def test_a_correction_is_a_new_version_with_its_score(practitioner, family, note, at_work):
    with at_work(practitioner):
        first = services.write_note(**note, score=Decimal(7), element="team")
        change = {"actor": practitioner, "note": first, "kind": "assessment", "now": clock.now()}
        refused(
            "reason-missing",
            services.correct_note,
            **change,
            text="Ny",
            reason=" ",
            score=Decimal(7),
            element="team",
        )
        refused("score-removed", services.correct_note, **change, text="Ny", reason="Fejl")
        second = services.correct_note(**change, text="Ny", reason="Fejl", score=Decimal(4), element="team")
        assert (second.version, second.replaces, second.happened_at) == (2, first, first.happened_at)
        assert second.measurement.replaces == first.measurement
        assert list(selectors.notes(family)) == [second]
        assert selectors.versions(second) == [second, first]
        with pytest.raises(StaleState), transaction.atomic():
            services.correct_note(**change, text="Ny igen", reason="Fejl", score=Decimal(7), element="team")
        assert Note.objects.get(pk=first.pk).text == note["text"]


def test_only_the_author_corrects(cast, family, note, at_work):
    with at_work(note["actor"]):
        first = services.write_note(**note)
    lead = cast.greve.teamlead
    with at_work(lead), pytest.raises(NotAllowed), transaction.atomic():
        services.correct_note(
            actor=lead, note=first, kind="observation", text="x", reason="y", now=clock.now()
        )


def test_the_database_keeps_notes_as_they_are(practitioner, family, note, at_work):
    with at_work(practitioner):
        first = services.write_note(**note, submit_token=uuid4())
        row = {f.attname: getattr(first, f.attname) for f in Note._meta.fields}
        del row["id"], row["uuid"]
        for change, name in (
            ({}, "note_once_per_submission"),
            ({"submit_token": None, "text": ""}, "note_has_text_or_score"),
            ({"submit_token": None, "version": 2}, "note_corrected_with_reason"),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                Note.objects.create(**{**row, **change})
    for attempt in (lambda: Note.objects.update(text="x"), lambda: Note.objects.all()._raw_delete("default")):
        with pytest.raises(ProgrammingError, match="permission denied"), at_work(practitioner):
            attempt()
