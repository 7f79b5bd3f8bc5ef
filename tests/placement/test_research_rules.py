"""What is due for a chosen family and when: pure rules, no database."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from placement.access.no_video import names_media
from placement.families.models import Person
from placement.research.models import ResearchConsent, ResearchOutcome, SelectedFamily
from placement.research.rules import ResearchAnchor, ResearchRules
from placement.research.selectors import Item, ItemState, items
from workflows.model_versions.content import NATIONAL, parse, read_file
from workflows.model_versions.research_rules import parse_research

CONTENT = read_file(NATIONAL / "2026-1.toml")
START, IN = date(2025, 3, 3), date(2025, 3, 17)


def rules() -> ResearchRules:
    found = parse_research(CONTENT)
    assert found is not None
    return found


def person(number: int, kind: str, **said: Any) -> Person:
    state = "born" if said.get("born_on") or kind == "parent" else "expected"
    return Person(pk=number, kind=kind, birth_state=state, **said)


MOTHER = person(1, "parent", name="Maja", custody_holder=True)
FATHER = person(2, "parent", name="Ib", custody_holder=True)
AWAITED = person(3, "child", due_on=date(2025, 5, 20))
BORN = person(3, "child", born_on=date(2025, 5, 25))


def said(number: int, who: Person, activity: str, answer: str = "yes", **more: Any) -> ResearchConsent:
    return ResearchConsent(
        pk=number, person_id=who.pk, activity=activity, answer=answer, answered_on=START, **more
    )


def stand(
    code: str,
    *,
    on: date,
    people: list[Person],
    consents: list[ResearchConsent],
    outcomes: list[ResearchOutcome] | None = None,
    moved_in: date | None = IN,
    exit_begun: date | None = None,
    ended_on: date | None = None,
    selected_on: date = START,
) -> Item:
    found = items(
        rules(),
        SelectedFamily(started_on=START, selected_on=selected_on, ended_on=ended_on),
        people=people,
        anchors={
            ResearchAnchor.STARTED: START,
            ResearchAnchor.MOVED_IN: moved_in,
            ResearchAnchor.EXIT_BEGUN: exit_begun,
        },
        consents=consents,
        outcomes=outcomes or [],
        today=on,
    )
    return next(item for item in found if item.rule.code == code)


@pytest.mark.parametrize(
    ("on", "people", "state", "opens"),
    [
        (date(2025, 4, 1), [MOTHER, AWAITED], ItemState.UPCOMING, None),
        (date(2025, 7, 24), [MOTHER, BORN], ItemState.UPCOMING, date(2025, 7, 25)),
        (date(2025, 7, 25), [MOTHER, BORN], ItemState.DUE, date(2025, 7, 25)),
        (date(2025, 8, 22), [MOTHER, BORN], ItemState.DUE, date(2025, 7, 25)),
        (date(2025, 8, 23), [MOTHER, BORN], ItemState.LATE, date(2025, 7, 25)),
    ],
)
def test_the_first_video_is_due_from_the_day_the_child_is_two_months(
    on: date, people: list[Person], state: ItemState, opens: date | None
) -> None:
    item = stand("video-start", on=on, people=people, consents=[said(1, MOTHER, "video-start")])
    assert (item.state, item.opens) == (state, opens)
    if opens is None:
        assert item.expected == date(2025, 7, 20), "the due date says when, until the child is born"


def test_a_child_that_is_old_enough_waits_for_moving_in_only() -> None:
    older = person(3, "child", born_on=date(2024, 12, 31))
    consents = [said(1, MOTHER, "video-start")]
    before = stand("video-start", on=IN, people=[MOTHER, older], consents=consents, moved_in=None)
    assert (before.state, before.opens) == (ItemState.UPCOMING, None)
    assert stand("video-start", on=IN, people=[MOTHER, older], consents=consents).state is ItemState.DUE


def test_the_last_day_of_february_is_two_months_after_the_last_of_december() -> None:
    child = person(3, "child", born_on=date(2024, 12, 31))
    item = stand(
        "video-start",
        on=IN,
        people=[MOTHER, child],
        consents=[said(1, MOTHER, "video-start")],
        moved_in=START,
    )
    assert item.opens == max(START, date(2025, 2, 28))


def test_a_family_that_is_chosen_later_has_its_time_from_then_on() -> None:
    consents, late = [said(1, MOTHER, "video-start")], date(2025, 9, 1)
    item = stand("video-start", on=late, people=[MOTHER, BORN], consents=consents, selected_on=late)
    assert (item.state, item.opens, item.due) == (ItemState.DUE, date(2025, 7, 25), date(2025, 9, 29))


def test_a_pregnancy_interview_is_for_those_who_awaited_a_child_at_the_start() -> None:
    consents = [said(1, MOTHER, "pregnancy-interview")]
    awaited = stand("pregnancy-interview", on=START, people=[MOTHER, AWAITED], consents=consents)
    assert (awaited.state, awaited.due) == (ItemState.DUE, START + timedelta(days=21))
    older = person(3, "child", born_on=START - timedelta(days=1))
    assert (
        stand("pregnancy-interview", on=START, people=[MOTHER, older], consents=consents).state
        is ItemState.NOT_RELEVANT
    )


def test_the_last_video_comes_with_the_first_step_of_the_exit() -> None:
    consents = [said(1, MOTHER, "video-end")]
    far = date(2025, 10, 1)
    assert stand("video-end", on=far, people=[MOTHER, BORN], consents=consents).state is ItemState.UPCOMING
    begun = stand("video-end", on=far, people=[MOTHER, BORN], consents=consents, exit_begun=date(2025, 9, 20))
    assert (begun.state, begun.opens) == (ItemState.DUE, date(2025, 9, 20))


@pytest.mark.parametrize(
    ("consents", "state"),
    [
        ([], ItemState.UNASKED),
        ([said(1, MOTHER, "video-start")], ItemState.UNASKED),
        ([said(1, MOTHER, "video-start"), said(2, FATHER, "video-start", "no")], ItemState.REFUSED),
        ([said(1, MOTHER, "video-start"), said(2, FATHER, "video-start")], ItemState.DUE),
        (
            [said(1, MOTHER, "video-start"), said(2, FATHER, "video-start", withdrawn_on=date(2025, 7, 26))],
            ItemState.WITHDRAWN,
        ),
        (
            [
                said(1, MOTHER, "video-start"),
                said(2, FATHER, "video-start", withdrawn_on=date(2025, 7, 26)),
                said(3, FATHER, "video-start"),
            ],
            ItemState.DUE,
        ),
        ([said(1, MOTHER, "video-end"), said(2, FATHER, "video-end")], ItemState.UNASKED),
    ],
)
def test_a_video_takes_the_yes_of_every_custody_holder(
    consents: list[ResearchConsent], state: ItemState
) -> None:
    item = stand("video-start", on=date(2025, 7, 27), people=[MOTHER, FATHER, BORN], consents=consents)
    assert item.state is state


def test_one_parents_yes_is_enough_for_a_talk_and_each_activity_stands_by_itself() -> None:
    consents = [
        said(1, MOTHER, "security-talk"),
        said(2, FATHER, "security-talk", "no"),
        said(3, MOTHER, "vive-interview", "no"),
        said(4, FATHER, "vive-interview", "no"),
    ]
    people = [MOTHER, FATHER, BORN]
    assert (
        stand("security-talk", on=date(2025, 4, 1), people=people, consents=consents).state is ItemState.DUE
    )
    assert (
        stand("vive-interview", on=date(2025, 4, 1), people=people, consents=consents).state
        is ItemState.REFUSED
    )


def test_a_yes_taken_back_is_said_so_though_the_other_parent_was_never_asked() -> None:
    back = said(1, MOTHER, "security-talk", withdrawn_on=date(2025, 4, 1))
    people = [MOTHER, FATHER, BORN]
    item = stand("security-talk", on=date(2025, 4, 1), people=people, consents=[back])
    assert item.state is ItemState.WITHDRAWN
    no = said(1, MOTHER, "security-talk", "no")
    asked = stand("security-talk", on=date(2025, 4, 1), people=people, consents=[no])
    assert asked.state is ItemState.UNASKED, "the father may still be asked"


def test_a_family_that_has_left_is_asked_for_nothing_and_what_was_done_stays() -> None:
    consents = [said(1, MOTHER, "security-talk"), said(2, MOTHER, "vive-interview")]
    done = ResearchOutcome(pk=1, activity="security-talk", status="done", happened_on=date(2025, 4, 1))
    left = date(2025, 5, 1)
    people = [MOTHER, BORN]
    kept = stand("security-talk", on=left, people=people, consents=consents, outcomes=[done], ended_on=left)
    assert kept.state is ItemState.DONE
    item = stand("vive-interview", on=left, people=people, consents=consents, outcomes=[done], ended_on=left)
    assert item.state is ItemState.ENDED


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2024, 8, 31), None),
        (date(2024, 9, 1), "autumn-2024"),
        (date(2025, 1, 31), "autumn-2024"),
        (date(2025, 2, 1), "2025"),
        (date(2025, 9, 30), "2025"),
        (date(2025, 10, 1), "later"),
        (date(2028, 1, 1), None),
    ],
)
def test_a_family_belongs_to_the_window_it_began_in(day: date, code: str | None) -> None:
    window = rules().window_of(day)
    assert (window.code if window else None) == code


def test_vives_two_windows_say_so_and_ours_says_that_it_is_ours() -> None:
    sources = {window.code: window.source for window in rules().windows}
    assert sources["autumn-2024"].startswith("VIVE") and sources["2025"].startswith("VIVE")
    assert "ikke VIVEs" in sources["later"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda c: c["research"].update(families=5), "from 1 to 4"),
        (lambda c: c["research"].update(municipalities=[101]), "evaluation's three"),
        (lambda c: c["research"].pop("source"), "lacks"),
        (lambda c: c["research_windows"][0].update(families=3), "from 1 to 2"),
        (lambda c: c["research_windows"][0].update(last="2025-02-01"), "begins before"),
        (lambda c: c["research_windows"][0].update(first="1. september"), "autumn-2024"),
        (lambda c: c["research_activities"][2].update(child_months=1), "at least 2"),
        (lambda c: c["research_activities"][0].update(child_months=2), "belongs to the videos"),
        (lambda c: c["research_activities"][0].update(code="registration"), "registration"),
        (lambda c: c["research_activities"][0].update(due_days=0), "due before"),
        (lambda c: c["mentalisation"].update(training=["yoga"]), "no kind of training"),
    ],
)
def test_a_version_that_asks_for_more_than_was_agreed_is_refused(change: Any, fault: str) -> None:
    content = copy.deepcopy(CONTENT)
    change(content)
    with pytest.raises(ValueError, match=fault):
        parse(content)


def test_a_version_of_before_reads_on_and_chooses_nobody() -> None:
    content = copy.deepcopy(CONTENT)
    for part in ("research", "research_windows", "research_activities", "mentalisation"):
        del content[part]
    del content["cadence_days"]["mentalisation_baseline"]
    del content["limits"]["cadence_days"]["mentalisation_baseline"]
    model = parse(content)
    assert model.research is None and model.mentalisation.training == ()


@pytest.mark.parametrize(
    "text",
    [
        "https://video.example.dk/123",
        "Se HTTP://x.dk",
        "www.vive.dk/upload",
        "familie17.mp4",
        "Optagelsen hedder MAJA.MOV.",
        r"C:\videoer\maja",
        r"\\server\delt\maja",
        "youtu.be/abc",
        "clip.webm, 5 minutter",
    ],
)
def test_a_video_or_a_link_is_known_when_it_is_seen(text: str) -> None:
    assert names_media(text)


@pytest.mark.parametrize(
    "text",
    [
        "V-0417",
        "Sendt til VIVE den 3.4.2025 kl. 14.30",
        "Vi så klippet sammen; mor talte om barnets blik.",
        "Samspil kl. 9:30, ca. 5 min.",
        "bl.a. om movement",
        "",
    ],
)
def test_ordinary_words_are_not_taken_for_a_video(text: str) -> None:
    assert not names_media(text)
