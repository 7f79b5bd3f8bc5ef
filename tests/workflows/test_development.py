"""How a family develops: pictures, sentences and numbers say the same, and never more than the scores allow."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from placement import clock
from placement.families.models import Family, Person
from placement.instruments.definition import Better, CutOff, Words
from placement.progression.models import Measurement
from placement.progression.services import record_measurement
from tests.cast import browser
from tests.placement.houses import family_in
from tests.scene import Scene
from tests.walking import Page
from workflows.journey.development import development
from workflows.measuring.course_words import course_sentences, direction_mark
from workflows.measuring.courses import course, courses
from workflows.measuring.services import Given, record_administration

FIRST = date(2026, 1, 5)
LOW = CutOff("low", Words("Lav trivsel", "Low well-being"), at_most=Decimal(50))


def told(*values: float, **more):
    scores = [(FIRST + timedelta(days=30 * place), value) for place, value in enumerate(values)]
    how = {"element": "progression", "title": "X", "low": 0.0, "high": 100.0, "better": Better.HIGHER}
    return course(scores, **(how | more))


# The sentences -------------------------------------------------------------------------------------------


def test_few_scores_are_told_as_few():
    assert course_sentences(told()) == ["Ingen scorer endnu."]
    assert course_sentences(told(44)) == [
        "1 score: 44 den 05.01.2026.",
        "Målt på 1 dag: for få til at sige, hvilken vej det går. Der skal mindst fire til.",
    ]
    assert direction_mark(told(10, 50, 90)) == ("", "For få til at sige noget")


def test_a_direction_is_told_with_its_ends():
    found = told(20, 30, 40, 50, 60)
    assert course_sentences(found) == [
        "5 scorer. Seneste 60 den 05.05.2026.",
        "Går frem: anslået +40 point over hele tiden, fra +40 til +40 (90 % sikkerhed).",
    ]
    assert "mellem" not in " ".join(course_sentences(found))


@pytest.mark.parametrize(
    ("values", "better", "word"),
    [
        ((1, 2, 3, 4), Better.HIGHER, ("yes", "Går frem")),
        ((1, 2, 3, 4), Better.LOWER, ("wait", "Går tilbage")),
        ((4, 3, 2, 1), Better.LOWER, ("yes", "Går frem")),
        ((4, 3, 2, 1), Better.HIGHER, ("wait", "Går tilbage")),
        # A number that is no better when it is higher is never told as progress.
        ((1, 2, 3, 4), Better.NEITHER, ("", "Stiger")),
        ((4, 3, 2, 1), Better.NEITHER, ("", "Falder")),
        ((1, 3, 2, 4), Better.HIGHER, ("", "Kan ikke siges endnu")),
        ((3, 3, 3, 3), Better.LOWER, ("", "Står stille")),
    ],
)
def test_what_a_direction_means_depends_on_which_way_is_better(values, better, word):
    assert direction_mark(told(*values, better=better)) == word


def test_what_cannot_be_said_is_said_with_how_wide_it_is():
    said = course_sentences(told(1, 3, 2, 4))[-1]
    assert said.startswith("Hvilken vej det går, kan ikke siges endnu: fra −") and "til +" in said


@pytest.mark.parametrize(("last", "words"), [(50, "på den side af grænsen"), (51, "når ikke grænsen")])
def test_the_cut_off_is_told_with_its_side(last, words):
    said = course_sentences(told(60, last, cut_offs=(LOW,)))[1]
    assert words in said and "50 eller derunder (Lav trivsel)" in said


@pytest.mark.parametrize(
    ("last", "better", "words"),
    [
        (49, Better.HIGHER, "+9 point. Det kan være tilfældigt, for der skal 10 til."),
        (50, Better.HIGHER, "+10 point. Det er bedre, og mere end tilfældigt."),
        (30, Better.HIGHER, "−10 point. Det er dårligere, og mere end tilfældigt."),
        (30, Better.LOWER, "−10 point. Det er bedre, og mere end tilfældigt."),
        (50, Better.NEITHER, "+10 point. Det er mere end tilfældigt."),
    ],
)
def test_a_change_is_more_than_chance_from_the_instruments_own_number_on(last, better, words):
    found = told(40, last, better=better, reliable=10.0, measured_with=True)
    assert f"Fra første til seneste: {words}" in course_sentences(found)


def test_an_instrument_without_such_a_number_says_so():
    assert "Redskabet siger ikke" in " ".join(course_sentences(told(1, 2, measured_with=True)))


@pytest.mark.parametrize(("last", "word"), [(1, "over"), (0, "som"), (-1, "under")])
def test_the_goal_is_told_with_where_the_last_score_stands(last, word):
    assert f"Seneste er {word} målet, 0." in course_sentences(told(-2, last, goal=0.0, low=-2.0, high=2.0))


def test_gathered_scores_say_how_they_are_gathered():
    found = course(
        [(FIRST + timedelta(days=day), 5.0) for day in range(100)],
        element="team", title="X", low=0.0, high=10.0, better=Better.HIGHER,
    )  # fmt: skip
    assert "100 scorer." in course_sentences(found)[0] and "scorerne i 7 dage" in course_sentences(found)[0]


# The courses of a family ---------------------------------------------------------------------------------


@pytest.fixture
def family(cast):
    return family_in(cast.greve)


def score(cast, family, value: int, *, days_ago: int, instrument: str = "hverdagslog", **more) -> Measurement:
    with cast.greve.practitioner.acting(), transaction.atomic():
        return record_measurement(
            actor=cast.greve.practitioner, family=family, element="network", instrument=instrument,
            score=Decimal(value), measured_on=clock.today() - timedelta(days=days_ago), now=clock.now(), **more,
        )  # fmt: skip


def who5(cast, family, answer: int, *, days_ago: int = 0) -> None:
    actor = cast.greve.practitioner
    with actor.acting(), transaction.atomic():
        record_administration(
            actor=actor, family=family, instrument="who-5",
            person=Person.objects.get(family=family, kind="parent"),
            answered_on=clock.today() - timedelta(days=days_ago), respondent="parent",
            given=Given(answers=dict.fromkeys(range(1, 6), answer)), now=clock.now(),
        )  # fmt: skip


def courses_of(cast, family: Family):
    with cast.greve.practitioner.acting(), transaction.atomic():
        return courses(family)


def test_an_instrument_brings_its_scale_its_cut_off_and_its_number_for_chance(cast, family):
    who5(cast, family, 2, days_ago=60)
    who5(cast, family, 4)
    [found] = courses_of(cast, family)
    assert (found.title, found.low, found.high, found.better) == ("WHO-5: Maja", 0, 100, Better.HIGHER)
    assert [value for _day, value in found.scores] == [40, 80]
    assert [cut_off.code for cut_off in found.cut_offs] == ["low"]
    assert found.reliable == 10


def test_other_ends_and_another_person_are_another_course(cast, family):
    with cast.greve.practitioner.acting(), transaction.atomic():
        child = Person.objects.get(family=family, kind="child")
    ends = {"scale_min": Decimal(0), "scale_max": Decimal(10)}
    score(cast, family, 5, days_ago=3, instrument="soevn", **ends)
    score(cast, family, 5, days_ago=2, instrument="soevn", **ends, person=child)
    score(cast, family, 5, days_ago=1, instrument="soevn", scale_min=Decimal(0), scale_max=Decimal(20))
    found = courses_of(cast, family)
    assert [(one.title, one.high) for one in found] == [("soevn", 10), ("soevn", 20), ("soevn: Bo", 10)]
    assert {one.better for one in found} == {Better.NEITHER}


def test_a_corrected_score_counts_as_it_stands(cast, family):
    old = score(cast, family, 9, days_ago=1)
    score(cast, family, 2, days_ago=1, replaces=old, reason="Tastefejl")
    [found] = courses_of(cast, family)
    assert [value for _day, value in found.scores] == [2]
    assert found.title == "Hverdagslog, Netværk"


# The page ------------------------------------------------------------------------------------------------


def shown(cast, family) -> Page:
    address = reverse("family-development", kwargs={"family": family.uuid})
    return Page(browser(cast.greve.practitioner).get(address).content.decode())


def test_a_new_familys_page_says_that_there_is_nothing_yet(cast, family):
    assert "Der er ikke målt noget endnu" in shown(cast, family).text


def test_the_page_says_what_the_picture_shows_and_has_the_numbers(cast, family):
    for place, answer in enumerate((4, 3, 2, 1)):
        who5(cast, family, answer, days_ago=40 - 10 * place)
    text = shown(cast, family).text
    assert "WHO-5: Maja" in text and "Går tilbage" in text
    assert "−60 point. Det er dårligere, og mere end tilfældigt." in text
    assert "Seneste 20 (Stor risiko)" in text and text.count("20 (Stor risiko)") == 3
    assert "Grænse 50" in text


def test_goals_stand_first_with_the_meetings_and_exit_steps_on_the_axis(cast):
    scene = Scene("greve")
    scene.settle()
    for step in ("hold_meeting", "set_goals", "follow_up"):
        scene.take(scene.open_task(step))
    scene.go_on_to("carry_out_step")
    scene.take(scene.open_task("carry_out_step"))
    with cast.greve.practitioner.acting(), transaction.atomic(), clock.standing_at(scene.now):
        told = development(Family.objects.visible_to(cast.greve.practitioner).get(pk=scene.family.pk))
    kinds = {event["kind"] for event in told["timeline"]}
    assert kinds == {"step", "meeting"}
    titles = [one["title"] for group in told["groups"] for one in group["courses"]]
    assert "Målene tilsammen (GAS T-score)" in titles
    [(first, *_more)] = [group["courses"] for group in told["groups"] if group["key"] == "progression"]
    assert first["about"], "the model's own rule says which way the goals go"
    assert not first["word"]


def test_five_years_of_scores_take_as_many_queries_as_a_few(cast, family):
    def queries() -> int:
        actor = cast.greve.practitioner
        with actor.acting(), transaction.atomic():
            fresh = Family.objects.visible_to(actor).get(pk=family.pk)
            with CaptureQueriesContext(connection) as asked:
                page = development(fresh)
        drawn = [course["svg"].count("<circle") for group in page["groups"] for course in group["courses"]]
        assert max(drawn) <= 40
        return len(asked)

    who5(cast, family, 3)
    score(cast, family, 5, days_ago=1)
    few = queries()
    with cast.greve.practitioner.acting(), transaction.atomic():
        Measurement.objects.bulk_create(
            Measurement(
                municipality_id=family.municipality_id, family=family, element=element, instrument="hverdagslog",
                score=Decimal(day % 11), scale_min=Decimal(0), scale_max=Decimal(10),
                measured_on=clock.today() - timedelta(days=day), recorded_by=cast.greve.practitioner.staff,
            )
            for day in range(1, 5 * 365, 3) for element in ("team", "exit", "network")
        )  # fmt: skip
    who5(cast, family, 4, days_ago=9)
    assert queries() == few
