"""The weekly summary is assembled, not retyped; it is signed, names its sources, and is the team's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from placement import clock
from placement.access.errors import Refused, StaleState
from placement.clock import DENMARK
from placement.families.models import Person
from placement.families.services import record_child_view
from placement.journal import selectors, services
from placement.journal.models import Note, NoteSource
from placement.journal.parents import ReadingRules, not_for_parents
from placement.journal.undoing import take_back
from placement.journal.weekly import (
    Sources,
    Week,
    WeekSummarised,
    assembled,
    sign_summary,
    sources_of,
    summary_of,
)
from tests.cast import api, browser

#: Any week that has passed.
WEEK = Week.of(clock.today() - timedelta(days=14))


def at(day: int, hour: int = 10) -> datetime:
    return datetime.combine(WEEK.starts + timedelta(days=day), datetime.min.time(), DENMARK).replace(
        hour=hour
    )


@pytest.fixture
def week(practitioner, family, at_work):
    """A week with five notes and a child's view; the internal draft and the note of the next week stay out."""
    now = clock.now()

    def write(kind, text, moment, **more):
        return services.write_note(
            actor=practitioner, family=family, kind=kind, text=text, happened_at=moment, now=now, **more
        )

    with at_work(practitioner):
        made = [
            write("observation", "Bo sov i mors arme.", at(0), element="mentalisation", score=Decimal(4),
                  situations=["sleep"], themes=["reads-signals"]),
            write("assessment", "Mor ser mere.", at(2), element="mentalisation", score=Decimal(6),
                  situations=["sleep"]),
            write("agreement", "Far kommer lørdag.", at(3)),
            write("child-view", "Bo søger mor.", at(6, 23)),
        ]  # fmt: skip
        write("draft", "Husk at spørge Ida.", at(4))
        write("observation", "Ny uge.", at(7, 0))
        view = record_child_view(
            actor=practitioner, child=Person.objects.get(family=family, name="Bo"), source="observed",
            text="Rolig ved bryst.", obtained_on=WEEK.starts, now=now,
        )  # fmt: skip
    return [one.uuid for one in (*made, view)]


@pytest.fixture
def sign(practitioner, family):
    def act(sources, text="En god uge.", actor=practitioner, **more):
        return sign_summary(
            actor=actor, family=family, week=WEEK, text=text, sources=sources, now=clock.now(), **more
        )

    return act


def test_a_week_is_read_from_its_name():
    assert Week.read("2026-W53").starts == date(2026, 12, 28)
    assert Week(date(2027, 1, 4)).code == "2027-W01"
    for wrong in ("2026-W54", "2026-48", "W48", "2026-W²", "9999999-W01", ""):
        assert Week.read(wrong) is None, wrong


def test_the_draft_is_the_weeks_own_words_in_order(practitioner, family, week, at_work):
    with at_work(practitioner):
        known = sources_of(family, WEEK)
        text = assembled(known)
    assert known.ids == set(week)
    assert (
        text.index("Barnets perspektiv")
        < text.index("Mentaliseringsbaseret")
        < text.index("Uden kerneelement")
    )
    for words in ("Bo søger mor.", "Rolig ved bryst.", "Observation: Bo sov i mors arme.", "Aftale: Far kommer lørdag.",
                  "Scorer: 4 (", "Søvn (2)", "Læse signaler (1)", str(practitioner.staff)):  # fmt: skip
        assert words in text
    assert "Husk at spørge" not in text and "Ny uge" not in text
    assert assembled(Sources((), ())) == ""


def test_it_is_signed_and_names_what_was_read(practitioner, family, week, sign, at_work):
    with at_work(practitioner):
        note = sign(week[:2] + week[-1:], submit_token=uuid4())
        assert (note.kind, note.week_starts, note.author) == ("weekly", WEEK.starts, practitioner.staff)
        assert {(s.note or s.child_view).uuid for s in note.sources.all()} == {*week[:2], week[-1]}
        assert summary_of(family, WEEK) == note
        assert WEEK.moments[0] < note.happened_at < WEEK.moments[1]
        again = sources_of(family, WEEK)
        assert note.uuid not in again.ids, "a summary is no source of the next"


def test_sent_twice_it_is_one_and_a_second_one_is_refused(cast, practitioner, family, week, sign, at_work):
    token = uuid4()
    with at_work(practitioner):
        note = sign(week, submit_token=token)
        assert sign(week, submit_token=token) == note
        with pytest.raises(services.AlreadySubmitted), transaction.atomic():
            sign(week, text="Andet", submit_token=token)
    lead = cast.greve.teamlead
    with at_work(lead):
        with pytest.raises(WeekSummarised), transaction.atomic():
            sign(week, actor=lead)
        row = {f.attname: getattr(note, f.attname) for f in Note._meta.fields} | {"submit_token": None}
        del row["id"], row["uuid"]
        for change, name in (
            ({}, "note_one_summary_a_week"),
            ({"week_starts": WEEK.starts + timedelta(days=1)}, "note_weekly_names_its_monday"),
            ({"kind": "observation"}, "note_weekly_names_its_monday"),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                Note.objects.create(**{**row, **change})
        with pytest.raises(IntegrityError, match="note_source_is_one"), transaction.atomic():
            NoteSource.objects.create(summary=note, municipality_id=note.municipality_id)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"text": " "}, "note-empty"),
        ({"sources": []}, "sources-missing"),
        ({"sources": [uuid4()]}, "source-changed"),
    ],
)
def test_what_cannot_be_signed(practitioner, week, sign, at_work, change, kind):
    with at_work(practitioner):
        with pytest.raises(Refused) as said, transaction.atomic():
            sign(**{"sources": week, **change})
        assert said.value.type == kind
        assert not Note.objects.filter(kind="weekly").exists()


def test_the_week_to_come_has_no_summary(practitioner, family, week, at_work):
    with at_work(practitioner), pytest.raises(Refused) as said, transaction.atomic():
        sign_summary(
            actor=practitioner, family=family, week=Week.of(clock.today()).later(1), text="x", sources=week,
            now=clock.now(),
        )  # fmt: skip
    assert said.value.type == "week-in-future"


def test_a_source_corrected_meanwhile_is_noticed(practitioner, week, sign, at_work):
    with at_work(practitioner):
        note = Note.objects.get(uuid=week[2])
        services.correct_note(
            actor=practitioner, note=note, kind="agreement", text="Søndag.", reason="Fejl", now=clock.now()
        )
        with pytest.raises(StaleState) as said, transaction.atomic():
            sign(week)
        assert said.value.type == "source-changed"


def test_it_is_the_teams_and_each_version_is_signed_by_its_writer(cast, practitioner, week, sign, at_work):
    with at_work(practitioner):
        note = sign(week)
    lead = cast.greve.teamlead
    with at_work(lead):
        second = services.correct_note(
            actor=lead,
            note=note,
            kind="weekly",
            text="En blandet uge.",
            reason="Natten mangler",
            now=clock.now(),
        )
        assert (second.author, second.week_starts, second.sources.count()) == (
            lead.staff,
            WEEK.starts,
            len(week),
        )
        with pytest.raises(Refused) as said, transaction.atomic():
            services.correct_note(
                actor=lead, note=second, kind="observation", text="x", reason="y", now=clock.now()
            )
        assert said.value.type == "note-kind"
        back = take_back(actor=lead, note=second, now=clock.now())
        assert (back.text, back.author, back.sources.count()) == ("En god uge.", lead.staff, len(week))


def test_one_taken_back_is_followed_by_the_next(practitioner, family, week, sign, at_work):
    with at_work(practitioner):
        gone = take_back(actor=practitioner, note=sign(week), now=clock.now())
        again = sign(week, text="En bedre uge.")
        assert (gone.withdrawn, again.version, again.replaces) == (True, 3, gone)
        assert summary_of(family, WEEK) == again


def test_parents_read_it_only_when_they_may_read_all_it_is_made_of(practitioner, week, sign, family, at_work):
    long_ago = clock.now() - timedelta(days=99)
    weekly = ReadingRules((("weekly", True, long_ago),))
    more = ReadingRules((*weekly.decided, ("child-view", True, long_ago), ("assessment", True, long_ago)))
    with at_work(practitioner):
        sign(week)
        note = selectors.notes_with_sources(family).get(kind="weekly")
        assert "læses ikke" in str(not_for_parents(note, ReadingRules()))
        assert "bygger på" in str(not_for_parents(note, weekly))
        assert not_for_parents(note, more) is None


def test_the_page_drafts_keeps_what_is_typed_and_shows_what_was_signed(
    practitioner, cast, family, week, at_work
):
    client = browser(practitioner)
    here = f"{reverse('weekly-summary', kwargs={'family': family.uuid})}?uge={WEEK.code}"
    page = client.get(here).content.decode()
    assert "Bo sov i mors arme." in page and page.count('name="sources"') == 5
    entry = {"submit_token": str(uuid4()), "text": "Mor ser mere.", "sources": [str(one) for one in week]}
    refused = client.post(here, {**entry, "sources": []})
    assert refused.status_code == 422 and "mindst ét notat" in refused.content.decode()
    token = uuid4()
    draft = f"/kladder/{token}/?family={family.uuid}&form=weekly:{WEEK.code}"
    assert client.post(draft, {"text": "Halvt", "sources": entry["sources"][:2]}).status_code == 200
    resumed = client.get(here).content.decode()
    assert "Halvt" in resumed and resumed.count("checked") == 2
    assert f"ugeresume/?uge={WEEK.code}" in client.get("/min-dag/").content.decode()
    assert client.post(here, {**entry, "submit_token": str(token)}).status_code == 302
    shown = client.get(here).content.decode()
    assert "Skrevet af" in shown and "Bygger på 5 notater" in shown and 'name="text"' not in shown
    late = browser(cast.greve.teamlead).post(
        here, {**entry, "submit_token": str(uuid4()), "text": "Min egen"}
    )
    assert late.status_code == 409
    assert "Min egen" in late.content.decode() and "Mor ser mere." in late.content.decode()
    assert client.get(here.replace("W", "X")).status_code == 404


def test_the_api_drafts_and_signs(practitioner, family, week):
    client, address = api(practitioner), reverse("api-weekly-summary", kwargs={"family": family.uuid})
    drafted = client.get(address, {"week": WEEK.code}).json()
    assert set(drafted["sources"]) == {str(one) for one in week} and "Bo sov" in drafted["text"]
    assert drafted["summary"] is None
    for wrong in ("x", "0001-W01"):
        assert client.get(address, {"week": wrong}).status_code == 400
    body = {"week": WEEK.code, "text": drafted["text"], "sources": drafted["sources"]}
    signed = client.post(address, body, format="json", headers={"Idempotency-Key": "1"})
    assert signed.status_code == 201, signed.json()
    assert (signed.json()["week_starts"], set(signed.json()["sources"])) == (
        str(WEEK.starts),
        set(drafted["sources"]),
    )
    assert client.post(address, body, format="json", headers={"Idempotency-Key": "1"}).json() == signed.json()
    again = client.post(address, body, format="json")
    assert (again.status_code, again.json()["type"]) == (409, "urn:familieforloeb:problem:week-summarised")
