"""Mentalisation in full: each parent's baseline, a focus worded with the parents, sessions that were held or not, by whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from placement import clock
from placement.access import context
from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.families.models import Person
from placement.meetings.focus import formulate_focus, formulations, standing_focus
from placement.meetings.models import FocusFormulation, MentalisationBaseline, ParentBaseline, Session
from placement.staffing.services import record_training
from tests.cast import api, browser
from tests.scene import CHILD, PARENT, Scene
from tests.walking import Page
from workflows.kernel.clocks.sweep import sweep
from workflows.kernel.models import Clock, Notice
from workflows.mentalisation.fidelity import months_of


@pytest.fixture
def scene(house: None) -> Scene:
    """A family that lives in the house with its team; nobody of the cast is trained yet."""
    scene = Scene("greve")
    scene.settle()
    return scene


@contextmanager
def at_work(scene: Scene, part: str = "practitioner") -> Iterator[Actor]:
    actor = scene.company.actor(part)
    with clock.standing_at(scene.now), actor.acting(), transaction.atomic():
        yield actor


def people(scene: Scene) -> tuple[Person, Person]:
    """The mother and the child of the scene."""
    mother, child = Person.objects.filter(family=scene.family).order_by("id")
    return mother, child


def word(scene: Scene, **otherwise: Any) -> FocusFormulation:
    with at_work(scene) as actor:
        mother, _child = people(scene)
        return formulate_focus(
            **{
                "actor": actor,
                "family": scene.family,
                "made_on": clock.today(),
                "understand": "Hvad barnets gråd vækker hos mor.",
                "parents_words": "Den går lige i maven på mig.",
                "together_with": [mother],
                "now": scene.now,
            }
            | otherwise
        )


def train(scene: Scene, *kinds: str, days_ago: int = 3) -> None:
    with at_work(scene) as actor:
        for kind in kinds:
            record_training(
                actor=actor, staff=actor.staff, kind=kind, title=kind, provider="Hos nogen", now=scene.now,
                held_on=clock.today() - timedelta(days=days_ago),
                valid_until=clock.today() + timedelta(days=30 - days_ago),
            )  # fmt: skip


# ---- the baseline ----------------------------------------------------------------------------------------


def test_a_baseline_says_where_each_parent_stands_and_the_familys_own_stays(scene: Scene) -> None:
    task = scene.open_task("take_baseline")
    with at_work(scene):
        mother, _child = people(scene)
    scene.take(task, **{f"can_{mother.uuid}": "Ser ham, når han smiler.", f"first_{mother.uuid}": ""})
    with at_work(scene):
        (one,) = ParentBaseline.objects.filter(baseline__family=scene.family)
        assert (one.person, one.strengths, one.focus) == (mother, "Ser ham, når han smiler.", "")
        assert MentalisationBaseline.objects.get(family=scene.family).strengths
    history = Page(
        browser(scene.company.actor("practitioner"))
        .get(f"/familier/{scene.family.uuid}/historik/")
        .content.decode()
    )
    assert f"{PARENT} Ser ham, når han smiler." in history.text


def test_a_baseline_of_before_without_its_parents_is_read_as_ever(scene: Scene) -> None:
    with at_work(scene):
        mother, _child = people(scene)
    scene.take(scene.open_task("take_baseline"), **{f"can_{mother.uuid}": "", f"first_{mother.uuid}": ""})
    with at_work(scene):
        assert not ParentBaseline.objects.exists()
    page = browser(scene.company.actor("teamlead")).get(f"/familier/{scene.family.uuid}/mentalisering/")
    assert "Det kan forældrene allerede" in Page(page.content.decode()).text


@pytest.mark.parametrize(("days", "step"), [(89, "hold_session"), (90, "take_baseline")])
def test_a_baseline_is_taken_anew_when_it_is_as_old_as_the_model_lets_it_be(
    scene: Scene, days: int, step: str
) -> None:
    taken_at = scene.now
    scene.take(scene.open_task("take_baseline"))
    # Counted from the day it was taken; the scene has gone on some hours, maybe past midnight.
    scene.now = taken_at + timedelta(days=days)
    scene.take(scene.open_task("hold_session"))
    open_now = {task.flow_task.name for task in scene.open_tasks() if task.element == "mentalisation"}
    assert open_now == {step}


# ---- the focus -------------------------------------------------------------------------------------------


def test_the_focus_is_worded_with_the_parents_and_worded_anew_where_everybody_sees_it(scene: Scene) -> None:
    first = word(scene)
    scene.now += timedelta(days=20)
    second = word(
        scene, understand="Hvad der hjælper mor med at vente.", reason="Mor ser det selv.", replaces=1
    )
    with at_work(scene):
        standing = standing_focus(scene.family)
        assert standing is not None and standing.pk == second.pk
        assert [made.pk for made in formulations(scene.family)] == [second.pk, first.pk]
    text = Page(
        browser(scene.company.actor("teamlead"))
        .get(f"/familier/{scene.family.uuid}/mentalisering/")
        .content.decode()
    ).text
    assert "Hvad der hjælper mor med at vente." in text and "Mor ser det selv." in text
    assert "Tidligere versioner" in text and "Hvad barnets gråd vækker hos mor." in text
    assert f"Version 2, {clock.danish_day(scene.now):%d.%m.%Y}, sammen med {PARENT}" in text


@pytest.mark.parametrize(
    ("change", "type_of"),
    [
        ({"made_on": timedelta(days=1)}, "focus-in-future"),
        ({"understand": " "}, "focus-incomplete"),
        ({"parents_words": ""}, "focus-incomplete"),
        ({"together_with": []}, "focus-without-parents"),
        ({"together_with": "child"}, "focus-without-parents"),
        ({"together_with": "another"}, "not-of-family"),
        ({"understand": "Se klippet på https://video.dk/17"}, "video-not-kept"),
        ({"parents_words": "maja.mp4"}, "video-not-kept"),
    ],
)
def test_a_focus_that_is_not_made_with_the_parents_is_refused(
    scene: Scene, change: dict[str, Any], type_of: str
) -> None:
    stranger = Scene("greve")
    with at_work(scene):
        _mother, child = people(scene)
    if "made_on" in change:
        change = {"made_on": clock.danish_day(scene.now) + change["made_on"]}
    if change.get("together_with") == "child":
        change = {"together_with": [child]}
    if change.get("together_with") == "another":
        with stranger.company.actor("authoritylead").acting(), transaction.atomic():
            change = {"together_with": [Person.objects.filter(family=stranger.family).order_by("id")[0]]}
    with pytest.raises(Refused) as refused:
        word(scene, **change)
    assert refused.value.type == type_of
    with at_work(scene):
        assert standing_focus(scene.family) is None


def test_a_focus_is_worded_anew_with_a_reason_and_from_the_version_that_was_read(scene: Scene) -> None:
    word(scene)
    with pytest.raises(Refused) as refused:
        word(scene, replaces=1)
    assert refused.value.type == "focus-reason"
    with pytest.raises(StaleState):
        word(scene, reason="Nu", replaces=0)


def test_the_focus_by_page_and_by_program(scene: Scene) -> None:
    practitioner = scene.company.actor("practitioner")
    window, program = browser(practitioner), api(practitioner)
    address = f"/familier/{scene.family.uuid}/mentalisering/fokus/"
    with clock.standing_at(scene.now):
        with at_work(scene):
            mother, child = people(scene)
        today = f"{clock.today():%d.%m.%Y}"
        typed = {
            "made_on": [today], "together_with": [str(mother.uuid), str(child.uuid)],
            "understand": ["Hvad der er svært om natten."], "parents_words": ["Jeg bliver bange."],
        }  # fmt: skip
        page = Page(window.get(address).content.decode())
        assert "reason" not in page.fields
        sent = window.post(address, page.fill_in(typed))
        assert sent.status_code == 302, Page(sent.content.decode()).text
        again = Page(window.get(address).content.decode())
        assert again.hidden["replaces"] == "1" and "reason" in again.fields
        refused = window.post(address, again.fill_in(typed | {"understand": ["Se nat.mov"], "reason": ["x"]}))
        assert refused.status_code == 422
        assert "kun status skrives" in Page(refused.content.decode()).text
        body = {
            "made_on": clock.today().isoformat(), "together_with": [str(mother.uuid)], "understand": "Mindre.",
            "parents_words": "Ro.", "reason": "Nætterne er bedre.", "replaces": 1,
        }  # fmt: skip
        path = f"/api/v1/families/{scene.family.uuid}/focus-formulations/"
        made = program.post(path, body, format="json", headers={"Idempotency-Key": "f2"})
        assert made.status_code == 201 and made.json()["version"] == 2
        assert (
            program.post(path, body, format="json", headers={"Idempotency-Key": "f2"}).json() == made.json()
        )
        assert program.post(path, body, format="json").status_code == 409
        listed = program.get(path).json()["results"]
        assert [one["version"] for one in listed] == [2, 1]
        assert listed[1]["together_with"] == [str(mother.uuid), str(child.uuid)]


# ---- the sessions ----------------------------------------------------------------------------------------


def test_a_session_says_who_took_part_and_what_is_planned(scene: Scene) -> None:
    scene.take(scene.open_task("take_baseline"))
    with at_work(scene):
        mother, child = people(scene)
        planned = clock.today() + timedelta(days=9)
    scene.take(
        scene.open_task("hold_session"), kind="parent_child", participants=[str(mother.uuid), str(child.uuid)],
        next_on=planned.isoformat(), next_kind="video_feedback",
    )  # fmt: skip
    with clock.standing_at(scene.now):
        page = browser(scene.company.actor("teamlead")).get(f"/familier/{scene.family.uuid}/mentalisering/")
        text = Page(page.content.decode()).text
    assert f"Planlagt {planned:%d.%m.%Y} · Videofeedback" in text.replace("  ", " ")
    assert f"{PARENT}, {CHILD}" in text
    assert "1 samtale holdt" in page.content.decode(), "the picture says it in words"


def test_a_video_feedback_that_was_declined_is_a_status_and_the_work_goes_on(scene: Scene) -> None:
    scene.take(scene.open_task("take_baseline"))
    scene.take(
        scene.open_task("hold_session"), kind="video_feedback", status="declined", focus="", participants=[],
        reason="Mor vil ikke filmes.", summary="",
    )  # fmt: skip
    with at_work(scene):
        session = Session.objects.get(family=scene.family)
        assert (session.status, session.reason, session.focus) == ("declined", "Mor vil ikke filmes.", "")
        assert not session.participants.exists() and session.untrained == []
        assert months_of([session], clock.today())[0].not_held == 1
    assert scene.open_task("hold_session")
    text = Page(
        browser(scene.company.actor("teamlead"))
        .get(f"/familier/{scene.family.uuid}/mentalisering/")
        .content.decode()
    ).text
    assert "Forældrene sagde nej" in text and "Mor vil ikke filmes." in text
    history = Page(
        browser(scene.company.actor("teamlead"))
        .get(f"/familier/{scene.family.uuid}/historik/")
        .content.decode()
    ).text
    assert "Mentaliserende samtale, ikke holdt" in history


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"status": "declined"}, "reason", "hvorfor samtalen ikke blev holdt"),
        ({"focus": ""}, "focus", "hvad samtalen handlede om"),
        ({"summary": "Klippet ligger på www.deling.dk/17"}, "summary", "kun status skrives"),
        ({"summary": "Samspil_17.MP4"}, "summary", "kun status skrives"),
        ({"focus": r"C:\film\17"}, "focus", "kun status skrives"),
        ({"participants": "child"}, "participants", "med en forælder"),
        ({"kind": "parent_child", "participants": "mother"}, "participants", "har et barn med"),
    ],
)
def test_a_session_that_cannot_be_is_refused_at_its_field(
    scene: Scene, change: dict[str, Any], field: str, words: str
) -> None:
    scene.take(scene.open_task("take_baseline"))
    with at_work(scene):
        mother, child = people(scene)
    named = {"child": [str(child.uuid)], "mother": [str(mother.uuid)]}
    who = change.get("participants", "mother")
    body = {
        "kind": "individual", "status": "held", "held_on": clock.danish_day(scene.now).isoformat(),
        "focus": "At vente", "summary": "", "outcome": "next_session",
    } | change | {"participants": named[who]}  # fmt: skip
    task = scene.open_task("hold_session")
    with clock.standing_at(scene.now):
        answer = api(scene.company.actor("practitioner")).post(
            f"/api/v1/tasks/{task.uuid}/complete/", body, format="json"
        )
    assert answer.status_code == 422, answer.content.decode()
    assert words in " ".join(answer.json()["errors"][field])
    with at_work(scene):
        assert not Session.objects.exists()


def test_a_program_of_before_that_names_neither_status_nor_people_is_heard(scene: Scene) -> None:
    scene.take(scene.open_task("take_baseline"))
    task, today = scene.open_task("hold_session"), clock.danish_day(scene.now).isoformat()
    body = {"kind": "individual", "held_on": today, "focus": "At vente", "outcome": "next_session"}
    with clock.standing_at(scene.now):
        answer = api(scene.company.actor("practitioner")).post(
            f"/api/v1/tasks/{task.uuid}/complete/", body, format="json"
        )
    assert answer.status_code == 200, answer.content.decode()
    with at_work(scene):
        assert Session.objects.get(family=scene.family).status == "held"


def test_an_uploaded_file_is_refused_with_the_rule(scene: Scene) -> None:
    scene.take(scene.open_task("take_baseline"))
    task = scene.open_task("hold_session")
    window = browser(scene.company.actor("practitioner"))
    film = SimpleUploadedFile("samspil.mp4", b"not a film", content_type="video/mp4")
    with clock.standing_at(scene.now):
        answer = window.post(f"/opgaver/{task.uuid}/", {"kind": "video_feedback", "film": film})
    assert answer.status_code == 422
    assert "Videoer gemmes aldrig her" in Page(answer.content.decode()).text


def test_the_database_keeps_no_link_to_a_video_either(scene: Scene) -> None:
    for change in ({"summary": "https://film.dk/1"}, {"status": "declined"}, {"focus": ""}):
        row = {"kind": "individual", "held_on": clock.danish_day(scene.now), "focus": "At vente"} | change
        with pytest.raises(IntegrityError), at_work(scene) as actor:
            Session.objects.create(
                municipality_id=scene.family.municipality_id, family=scene.family, held_by=actor.staff, **row
            )
    made = word(scene)
    with pytest.raises(DatabaseError), at_work(scene):
        FocusFormulation.objects.filter(pk=made.pk).update(understand="En anden")


# ---- training and supervision ----------------------------------------------------------------------------


def test_a_session_without_valid_supervision_is_told_to_the_team_lead_and_not_stopped(scene: Scene) -> None:
    scene.take(scene.open_task("take_baseline"))
    train(scene, "mentalisation-basic")
    scene.take(scene.open_task("hold_session"))
    with at_work(scene):
        session = Session.objects.get(family=scene.family)
        assert session.untrained == ["mentalisation-supervision"]
        running = Clock.objects.running().get(family=scene.family, rule="session-supervised")
        assert running.source == "Modellen, vores forslag: 10 arbejdsdage"
    assert running.warn_at is not None
    scene.now = running.warn_at + timedelta(hours=1)
    code = scene.family.municipality_id
    with clock.standing_at(scene.now), context.access(code, None, context.JOB):
        sweep(municipality_id=code, now=scene.now)
    with at_work(scene, "authoritylead"):
        told = Notice.objects.filter(clock=running).values_list("recipient__username", flat=True)
        assert set(told) == {"greve.teamlead", "greve.teamlead2"}
    with clock.standing_at(scene.now):
        page = browser(scene.company.actor("teamlead")).get(f"/familier/{scene.family.uuid}/mentalisering/")
    text = Page(page.content.decode()).text
    assert "0 af 1 samtaler er holdt med gældende uddannelse og supervision." in text
    assert "Uden gældende: Mentaliseringssupervision" in text and "Teamlederen får besked" in text


def test_the_deadline_stops_with_the_next_session_by_somebody_supervised(scene: Scene) -> None:
    scene.take(scene.open_task("take_baseline"))
    scene.take(scene.open_task("hold_session"))
    train(scene, "mentalisation-basic", "mentalisation-supervision")
    scene.take(scene.open_task("hold_session"))
    with at_work(scene):
        assert not Clock.objects.running().filter(family=scene.family, rule="session-supervised").exists()
        first, second = Session.objects.filter(family=scene.family).order_by("id")
        assert (
            first.untrained == ["mentalisation-basic", "mentalisation-supervision"] and second.untrained == []
        )
    facts = (
        api(scene.company.actor("teamlead"))
        .get(f"/api/v1/families/{scene.family.uuid}/mentalisation/")
        .json()
    )
    assert (facts["sessions_held"], facts["sessions_trained"]) == (2, 1)
    assert [point["name"] for point in facts["prfq"]] == ["t0", "t1", "t2"]


def test_months_are_counted_without_a_gap_and_the_latest_twelve_are_shown() -> None:
    def held(day: date, kind: str = "individual", status: str = "held") -> Session:
        return Session(held_on=day, kind=kind, status=status)

    months = months_of(
        [
            held(date(2025, 1, 31)),
            held(date(2025, 3, 1), "video_feedback"),
            held(date(2025, 3, 9), status="declined"),
        ],
        date(2025, 4, 2),
    )
    assert [(m.first.month, m.held, m.video_feedback, m.not_held) for m in months] == [
        (1, 1, 0, 0), (2, 0, 0, 0), (3, 1, 1, 1), (4, 0, 0, 0),
    ]  # fmt: skip
    assert len(months_of([held(date(2023, 1, 1))], date(2025, 4, 2))) == 12
    assert months_of([], date(2025, 4, 2)) == ()
