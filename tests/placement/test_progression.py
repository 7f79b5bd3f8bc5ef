"""Goals, follow-ups and measurements: what is refused, what the database refuses too, what the reads say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from placement import clock
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.families.codes import PersonKind
from placement.families.people import add_person
from placement.progression import selectors, services
from placement.progression.codes import DAILY_LOG
from placement.progression.models import FollowUp, Goal, GoalRating, Measurement
from placement.progression.services import NewGoal, Rating

CALM = NewGoal(
    title="Trøste Bo", level_0="Trøster ham de fleste gange", weight=2, formulated_with_parents=True
)
SLEEP = NewGoal(title="En fast aften", level_0="Samme rækkefølge fem aftener om ugen")


def refused(type_of, act, **kwargs):
    with pytest.raises(Refused) as said, transaction.atomic():
        act(**kwargs)
    assert said.value.type == type_of
    assert str(said.value.message)


@pytest.fixture
def goals(practitioner, family, at_work):
    with at_work(practitioner):
        return services.set_goals(actor=practitioner, family=family, goals=[CALM, SLEEP], now=clock.now())


@pytest.fixture
def follow_up(practitioner, family, goals):
    today = clock.today()
    return {
        "actor": practitioner,
        "family": family,
        "held_on": today,
        "ratings": [Rating(goals[0], 1, "Mere ro"), Rating(goals[1], -1)],
        "adjust": False,
        "investigate": False,
        "plan": False,
        "next_on": today + timedelta(days=60),
        "next_reason": "Midt i forløbet",
        "now": clock.now(),
    }


@pytest.fixture
def score(practitioner, family):
    return {
        "actor": practitioner,
        "family": family,
        "element": "mentalisation",
        "instrument": "kpcs",
        "score": Decimal("38"),
        "scale_min": Decimal(0),
        "scale_max": Decimal(45),
        "measured_on": clock.today(),
        "now": clock.now(),
    }


def test_goals_need_a_title_and_what_is_expected(practitioner, family, at_work):
    base = {"actor": practitioner, "family": family, "now": clock.now()}
    with at_work(practitioner):
        refused("goals-missing", services.set_goals, goals=[], **base)
        refused("goal-incomplete", services.set_goals, goals=[CALM, NewGoal(title="x", level_0="  ")], **base)
        refused("goal-weight", services.set_goals, goals=[NewGoal(title="x", level_0="y", weight=4)], **base)
        assert not Goal.objects.filter(family=family).exists()


def test_a_changed_goal_is_a_new_one_and_the_old_keeps_its_rating(
    practitioner, family, goals, follow_up, at_work
):
    with at_work(practitioner):
        services.record_follow_up(**follow_up)
        new = services.revise_goal(
            actor=practitioner, goal=goals[1], new=CALM, reason="For højt sat", now=clock.now()
        )
        assert new.replaces == goals[1]
        assert new.active
        assert not goals[1].active
        assert [goal for goal, _ in selectors.goals_with_last_rating(family)] == [goals[0], new]
        assert [r.score for r in goals[1].ratings.all()] == [-1]
        with pytest.raises(StaleState), transaction.atomic():
            services.close_goal(goal=goals[1], reason="igen", now=clock.now())


def test_a_follow_up_rates_every_active_goal(practitioner, family, goals, follow_up, at_work):
    with at_work(practitioner):
        refused("goals-unrated", services.record_follow_up, **{**follow_up, "ratings": [Rating(goals[0], 0)]})
        twice = [Rating(goals[0], 0), Rating(goals[0], 1)]
        refused("goal-unknown", services.record_follow_up, **{**follow_up, "ratings": twice})
        services.close_goal(goal=goals[1], reason="Nået", now=clock.now())
        refused("goal-unknown", services.record_follow_up, **follow_up)
        outside = [Rating(goals[0], 3)]
        refused("goal-score", services.record_follow_up, **{**follow_up, "ratings": outside})
        assert not FollowUp.objects.filter(family=family).exists()


def test_a_follow_up_sets_the_next_date_and_says_why(practitioner, follow_up, at_work):
    today = clock.today()
    with at_work(practitioner):
        for change, type_of in (
            ({"held_on": today + timedelta(days=1)}, "follow-up-in-future"),
            ({"next_on": today}, "next-not-later"),
            ({"next_reason": " "}, "reason-missing"),
            ({"plan": True}, "answer-missing"),
        ):
            refused(type_of, services.record_follow_up, **{**follow_up, **change})


def test_reads_of_goals_show_the_newest_rating_and_the_t_score(
    practitioner, family, goals, follow_up, at_work
):
    with at_work(practitioner):
        services.record_follow_up(**{**follow_up, "held_on": clock.today() - timedelta(days=30)})
        services.record_follow_up(
            **{**follow_up, "ratings": [Rating(goals[0], 2), Rating(goals[1], 0)], "outcome": "keep_goals"}
        )
        newest = {goal.title: rating.score for goal, rating in selectors.goals_with_last_rating(family)}
        assert newest == {CALM.title: 2, SLEEP.title: 0}
        assert [t for _day, t in selectors.t_scores(family)] == [Decimal("54.0"), Decimal("66.1")]


def test_a_measurement_lies_on_its_scale_and_not_in_the_future(practitioner, score, at_work):
    with at_work(practitioner):
        for change, type_of in (
            ({"element": "sleep"}, "unknown-element"),
            ({"respondent": "neighbour"}, "unknown-respondent"),
            ({"score": Decimal(46)}, "outside-scale"),
            ({"score": Decimal("NaN")}, "outside-scale"),
            ({"scale_max": None}, "scale-missing"),
            ({"scale_max": Decimal(0)}, "wrong-scale"),
            ({"score": None}, "score-missing"),
            ({"missing_reason": "declined"}, "score-missing"),
            ({"score": None, "missing_reason": "because"}, "score-missing"),
            ({"measured_on": clock.today() + timedelta(days=1)}, "measured-in-future"),
            ({"measured_on": date(206, 3, 2)}, "day-impossible"),
            ({"instrument": DAILY_LOG.slug}, "wrong-scale"),
        ):
            refused(type_of, services.record_measurement, **{**score, **change})
        missing = services.record_measurement(**{**score, "score": None, "missing_reason": "declined"})
        assert missing.score is None


def test_a_child_is_not_measured_before_its_birth(practitioner, family, score, at_work):
    with at_work(practitioner):
        child = family.people.get(kind=PersonKind.CHILD)
        early = {**score, "person": child, "measured_on": child.born_on - timedelta(days=1)}
        refused("before-birth", services.record_measurement, **early)
        unborn = add_person(
            family=family, kind=PersonKind.CHILD, due_on=clock.today() + timedelta(days=40), now=clock.now()
        )
        refused("before-birth", services.record_measurement, **{**score, "person": unborn})
        assert services.record_measurement(**{**score, "person": child}).person == child


def test_a_person_of_another_family_is_not_measured(cast, practitioner, family, score, at_work):
    from tests.placement.houses import family_in

    other = family_in(cast.greve)
    with at_work(practitioner):
        foreign = other.people.get(kind=PersonKind.CHILD)
        refused("person-unknown", services.record_measurement, **{**score, "person": foreign})
        refused("person-unknown", services.person_of, family=family, person=foreign.uuid)


def test_who_does_not_measure_is_refused(cast, family, score, at_work):
    lead = cast.greve.authoritylead
    with at_work(lead), pytest.raises(NotAllowed), transaction.atomic():
        services.record_measurement(**{**score, "actor": lead})


def test_a_corrected_measurement_counts_once(practitioner, family, score, at_work):
    with at_work(practitioner):
        first = services.record_measurement(**score)
        refused("reason-missing", services.record_measurement, **score, replaces=first)
        right = services.record_measurement(
            **{**score, "score": Decimal(40)}, replaces=first, reason="Talt forkert"
        )
        with pytest.raises(StaleState), transaction.atomic():
            services.record_measurement(**score, replaces=first, reason="igen")
        (line,) = selectors.series(family)
        assert line.points == ((clock.today(), Decimal(40)),)
        assert selectors.last_measurements(family) == {"mentalisation": right}


def test_the_database_refuses_what_the_services_refuse(practitioner, family, goals, score, at_work):
    with at_work(practitioner):
        measured = services.record_measurement(**score)
        row = {f.attname: getattr(measured, f.attname) for f in Measurement._meta.fields}
        del row["id"], row["uuid"]
        for change, name in (
            ({"score": Decimal(46)}, "measurement_inside_scale"),
            ({"score": None}, "measurement_score_or_reason"),
            ({"scale_min": Decimal(38), "scale_max": Decimal(38)}, "measurement_scale_has_length"),
            ({"replaces_id": measured.pk}, "measurement_corrected_with_reason"),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                Measurement.objects.create(**{**row, **change})
        with pytest.raises(IntegrityError, match="goal_closed_after_set_with_reason"), transaction.atomic():
            Goal.objects.filter(pk=goals[0].pk).update(closed_on=clock.today())


@pytest.mark.parametrize("model", [Measurement, GoalRating, FollowUp])
def test_what_is_measured_is_never_changed_or_deleted(practitioner, family, score, follow_up, at_work, model):
    with at_work(practitioner):
        services.record_measurement(**score)
        services.record_follow_up(**follow_up)
    for attempt in (
        lambda: model.objects.update(municipality_id=253),
        lambda: model.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), at_work(practitioner):
            attempt()
