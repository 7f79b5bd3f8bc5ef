"""The paper for the meeting: what has changed, what was promised, what is missing, and nothing that is for few."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from placement import clock
from placement.families.models import Family
from placement.journal.services import write_note
from tests.cast import browser
from tests.placement.houses import family_in
from tests.scene import WHISPER, Scene
from tests.walking import Page
from workflows.journey.meeting_brief import completeness_words, meeting_brief
from workflows.measuring.points import State


@pytest.fixture
def family(cast):
    return family_in(cast.greve)


def paper(cast, family: Family) -> dict:
    actor = cast.greve.practitioner
    with actor.acting(), transaction.atomic():
        return meeting_brief(actor, Family.objects.visible_to(actor).get(pk=family.pk))


def note(cast, family, text: str, kind: str) -> None:
    actor = cast.greve.practitioner
    with actor.acting():
        write_note(actor=actor, family=family, kind=kind, text=text, now=clock.now())


def test_a_new_familys_paper_says_what_is_not_there(cast, family):
    address = reverse("family-meeting-brief", kwargs={"family": family.uuid})
    text = Page(browser(cast.greve.practitioner).get(address).content.decode()).text
    assert "Barnets perspektiv er aldrig skrevet." in text
    assert "der er ikke holdt teammøde endnu" in text
    assert "Modellen har ikke bedt om målinger endnu." in text


def test_the_childs_view_in_the_log_is_read_out_and_no_longer_missing(cast, family):
    note(cast, family, "Bo søger mors blik.", "child-view")
    found = paper(cast, family)
    assert [one["text"] for one in found["read_out"]] == ["Bo søger mors blik."]
    assert not any("Barnets perspektiv" in text for text in found["missing"])


def test_a_draft_and_a_notification_of_concern_never_lie_on_the_table(cast):
    scene = Scene("greve")
    scene.settle()
    note(cast, scene.family, "Kun til mig selv.", "draft")
    note(cast, scene.family, "En rolig aften.", "observation")
    scene.receive_concern()
    address = reverse("family-meeting-brief", kwargs={"family": scene.family.uuid})
    html = browser(cast.greve.caseworker).get(address).content.decode()
    assert "Kun til mig selv" not in html and WHISPER not in html
    assert "Observation: 1" in Page(html).text


def test_it_begins_at_the_last_meeting_whose_open_decisions_are_told_with_who_and_when(cast):
    scene = Scene("greve")
    scene.settle()
    scene.take(scene.open_task("hold_meeting"), **scene.a_task_for("practitioner"))
    with clock.standing_at(scene.now + timedelta(days=200)):
        found = paper(cast, scene.family)
    [decision] = found["decisions"]
    assert decision["who"] == str(cast.greve.practitioner.staff)
    assert decision["word"] == "Over tiden"
    assert found["why"] == "det seneste teammøde"
    assert not any(event["kind"] == "Teammøde" for event in found["changed"])
    assert any("har ikke fået referatet" in text for text in found["missing"])


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([], "Modellen har ikke bedt om målinger endnu."),
        (["upcoming"], "Modellen har ikke bedt om målinger endnu."),
        (["done"], "1 af 1 måling, der har været tid til, er besvaret."),
        (
            ["done", "declined", "due", "late", "missed", "upcoming"],
            "1 af 5 målinger, der har været tid til, er besvaret. Ikke besvaret, med grund: 1. Åbne: 1. "
            "Over tiden: 1. Aldrig målt: 1.",
        ),
    ],
)
def test_completeness_counts_what_there_has_been_time_for(states, words):
    from types import SimpleNamespace

    assert completeness_words([SimpleNamespace(state=State(state)) for state in states]) == words


def test_it_takes_as_many_queries_whatever_has_been_written(cast, family):
    def queries() -> int:
        actor = cast.greve.practitioner
        with actor.acting(), transaction.atomic():
            fresh = Family.objects.visible_to(actor).get(pk=family.pk)
            with CaptureQueriesContext(connection) as asked:
                meeting_brief(actor, fresh)
        return len(asked)

    note(cast, family, "Ro.", "child-view")
    few = queries()
    for number in range(5):
        note(cast, family, f"Aften {number}", "observation")
        note(cast, family, f"Mor ringer {number}", "agreement")
    assert queries() == few


def test_every_kind_that_is_told_is_one_of_the_historys():
    from workflows.journey.entries import SOURCES
    from workflows.journey.meeting_brief import CHANGED
    from workflows.journey.moves.told import MOVES

    known = {source.kind for source in (*SOURCES, *MOVES)} | {"moved_in", "moved_out"}
    assert known >= CHANGED
    assert not any(kind.startswith("concern") or kind == "note" for kind in CHANGED)
