"""Goals, follow-ups and measurements: what is refused, what the database refuses too, what the reads say."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from placement import clock
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.families.codes import PersonKind
from placement.families.people import add_person
from placement.progression import goals as goal_services
from placement.progression import selectors, services
from placement.progression.codes import DAILY_LOG
from placement.progression.models import (
    FollowUp,
    Goal,
    GoalParticipant,
    GoalRating,
    Measurement,
    SetbackAnswer,
)
from placement.progression.services import Rating
from placement.progression.trend import TrendRule
from tests.placement.houses import decision_for, family_in, formulated_with_all, goal

CALM = goal("Trøste Bo", weight=2)
SLEEP = goal("En fast aften")
RULE = TrendRule(t_score_falls_by=Decimal(5), goal_falls_in_a_row=2)


def refused(type_of, act, /, **kwargs):
    with pytest.raises(Refused) as said, transaction.atomic():
        act(**kwargs)
    assert said.value.type == type_of
    assert str(said.value.message)


@pytest.fixture
def formulated(cast, family, at_work):
    decision = decision_for(cast.greve, family)
    with at_work(cast.greve.practitioner):
        return formulated_with_all(decision, family)


@pytest.fixture
def goals(practitioner, family, formulated, at_work):
    with at_work(practitioner):
        return goal_services.set_goals(
            actor=practitioner,
            family=family,
            goals=[CALM, SLEEP],
            formulated=formulated,
            now=clock.now(),
        )


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
        "trend_rule": RULE,
        "rhythm_days": 90,
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


def test_goals_need_a_title_and_all_five_levels(practitioner, family, formulated, at_work):
    base = {"actor": practitioner, "family": family, "formulated": formulated, "now": clock.now()}
    levels = ("level_m2", "level_m1", "level_0", "level_p1", "level_p2")
    with at_work(practitioner):
        refused("goals-missing", goal_services.set_goals, goals=[], **base)
        for gap in ("title", *levels):
            refused(
                "goal-incomplete", goal_services.set_goals, goals=[CALM, replace(CALM, **{gap: " "})], **base
            )
        refused("goal-weight", goal_services.set_goals, goals=[replace(CALM, weight=4)], **base)
        refused("goal-baseline", goal_services.set_goals, goals=[replace(CALM, baseline=-3)], **base)
        assert not Goal.objects.filter(family=family).exists()


def test_goals_serve_an_approved_decision_of_the_same_family(cast, practitioner, family, formulated, at_work):
    base = {"actor": practitioner, "family": family, "goals": [CALM], "now": clock.now()}
    foreign = decision_for(cast.greve, family_in(cast.greve))
    with at_work(practitioner):
        undecided = replace(formulated, decision=copy(formulated.decision))
        undecided.decision.approved = None
        for wrong in (replace(formulated, decision=foreign), undecided):
            refused("goal-without-purpose", goal_services.set_goals, **base, formulated=wrong)
        (made,) = goal_services.set_goals(**base, formulated=formulated)
        assert made.decision.purpose == "Ro om barnet"


def test_goals_say_who_made_them_or_why_a_parent_did_not(cast, practitioner, family, formulated, at_work):
    base = {"actor": practitioner, "family": family, "goals": [CALM], "now": clock.now()}
    mother, child = formulated.together_with
    with at_work(practitioner):
        alone = replace(formulated, together_with=(child,))
        refused("absence-unexplained", goal_services.set_goals, **base, formulated=alone)
        (made,) = goal_services.set_goals(**base, formulated=replace(alone, absent_reason="Mor var indlagt"))
        assert (made.formulated_with_parents, made.absent_reason) == (False, "Mor var indlagt")
        assert [part.person for part in made.participants.all()] == [child]
        (with_all,) = goal_services.set_goals(**base, formulated=formulated)
        assert with_all.formulated_with_parents
        assert {part.person for part in with_all.participants.all()} == {mother, child}
    stranger = family_in(cast.greve)
    with at_work(practitioner):
        foreign = replace(formulated, together_with=(mother, stranger.people.get(kind=PersonKind.PARENT)))
        refused("person-unknown", goal_services.set_goals, **base, formulated=foreign)
        unborn = add_person(
            family=family, kind=PersonKind.CHILD, due_on=clock.today() + timedelta(days=40), now=clock.now()
        )
        refused(
            "person-unknown",
            goal_services.set_goals,
            **base,
            formulated=replace(formulated, together_with=(mother, unborn)),
        )


def test_a_changed_goal_is_a_new_one_and_the_old_keeps_its_rating(
    practitioner, family, goals, formulated, follow_up, at_work
):
    with at_work(practitioner):
        services.record_follow_up(**follow_up)
        new = goal_services.revise_goal(
            actor=practitioner,
            goal=goals[1],
            new=CALM,
            formulated=formulated,
            reason="For højt sat",
            now=clock.now(),
        )
        assert new.replaces == goals[1]
        assert new.active
        assert not goals[1].active
        assert [standing for standing, _ in selectors.goals_with_last_rating(family)] == [goals[0], new]
        assert [r.score for r in goals[1].ratings.all()] == [-1]
        with pytest.raises(StaleState), transaction.atomic():
            goal_services.close_goal(goal=goals[1], reason="igen", now=clock.now())


def test_a_follow_up_rates_every_active_goal(practitioner, family, goals, follow_up, at_work):
    with at_work(practitioner):
        refused("goals-unrated", services.record_follow_up, **{**follow_up, "ratings": [Rating(goals[0], 0)]})
        twice = [Rating(goals[0], 0), Rating(goals[0], 1)]
        refused("goal-unknown", services.record_follow_up, **{**follow_up, "ratings": twice})
        goal_services.close_goal(goal=goals[1], reason="Nået", now=clock.now())
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
        newest = {rated.title: rating.score for rated, rating in selectors.goals_with_last_rating(family)}
        assert newest == {CALM.title: 2, SLEEP.title: 0}
        everything = [goal for goal, _last in selectors.goals_with_last_rating(family, active=False)]
        assert [t for _day, t in selectors.t_scores(everything)] == [Decimal("54.0"), Decimal("66.1")]


def test_a_follow_up_keeps_its_trend_and_the_day_of_the_models_rhythm(
    practitioner, family, goals, follow_up, at_work
):
    today = clock.today()
    down = [Rating(goals[0], -2), Rating(goals[1], -2)]
    with at_work(practitioner):
        first = services.record_follow_up(**{**follow_up, "held_on": today - timedelta(days=30)})
        # From the baseline of -1 and -1 to 1 and -1; the heavier goal counts twice.
        assert (first.trend, first.t_before, first.t_now) == ("rising", Decimal("38.0"), Decimal("54.0"))
        assert first.rhythm_on == today + timedelta(days=60)
        second = services.record_follow_up(**{**follow_up, "ratings": down})
        assert (second.trend, second.t_before, second.t_now) == ("negative", Decimal("54.0"), Decimal("25.9"))
        # Written down later, held before: it is compared with what went before it, not with what came after.
        between = services.record_follow_up(**{**follow_up, "held_on": today - timedelta(days=10)})
        assert (between.trend, between.t_before) == ("steady", Decimal("54.0"))


def test_a_setback_is_answered_once_and_with_words(practitioner, family, goals, follow_up, at_work):
    down = [Rating(goals[0], -2), Rating(goals[1], -2)]
    with at_work(practitioner):
        risen = services.record_follow_up(**{**follow_up, "held_on": clock.today() - timedelta(days=30)})
        fallen = services.record_follow_up(**{**follow_up, "ratings": down})
        base = {"actor": practitioner, "follow_up": fallen, "now": clock.now()}
        says = {"choice": "stand", "reason": "Familien har haft influenza"}
        refused("setback-choice", services.answer_setback, **base, **{**says, "choice": "wait"})
        refused("reason-missing", services.answer_setback, **base, **{**says, "reason": " "})
        refused("no-setback", services.answer_setback, **{**base, "follow_up": risen}, **says)
        assert selectors.setback_to_answer(fallen) and not selectors.setback_to_answer(risen)
        assert services.answer_setback(**base, **says).choice == "stand"
        assert not selectors.setback_to_answer(fallen)
        with pytest.raises(StaleState), transaction.atomic():
            services.answer_setback(**base, **says)


def test_the_database_holds_goals_and_setbacks_to_the_same_rules(
    practitioner, family, goals, follow_up, at_work
):
    with at_work(practitioner):
        fallen = services.record_follow_up(**{**follow_up, "ratings": [Rating(g, -2) for g in goals]})
        for change, name in (
            ({"decision": None}, "goal_active_serves_decision"),
            ({"level_p2": ""}, "goal_active_has_all_levels"),
            ({"baseline": None}, "goal_active_has_all_levels"),
            ({"baseline": 3}, "goal_baseline_minus_2_to_2"),
            ({"formulated_with_parents": False}, "goal_active_with_parents_or_why"),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                Goal.objects.filter(pk=goals[0].pk).update(**change)
        row = {
            "municipality_id": family.municipality_id,
            "family": family,
            "follow_up": fallen,
            "answered_by": practitioner.staff,
        }
        for wrong, name in (
            ({"choice": "stand", "reason": ""}, "setback_answer_has_reason"),
            ({"choice": "wait", "reason": "x"}, "setback_answer_is_one_of_three"),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                SetbackAnswer.objects.create(**row, **wrong)
        judged = {f.attname: getattr(fallen, f.attname) for f in FollowUp._meta.fields}
        del judged["id"], judged["uuid"]
        with pytest.raises(IntegrityError, match="follow_up_trend_has_scores"), transaction.atomic():
            FollowUp.objects.create(**{**judged, "t_now": None})


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


@pytest.mark.parametrize("model", [Measurement, GoalRating, FollowUp, GoalParticipant, SetbackAnswer])
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
