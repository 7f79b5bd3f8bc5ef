"""When the goals go backwards: the step that asks, its clock, what stops it, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import transaction

from demo import walk
from demo.answers import Choices
from placement import clock
from placement.access.errors import GateClosed
from placement.families.models import Family, Phase
from placement.progression.models import FollowUp, Goal, SetbackAnswer
from placement.progression.trend import TrendRule
from tests.cast import api, browser
from tests.scene import Scene
from tests.walking import Page
from workflows.kernel.forms import InvalidStep
from workflows.kernel.models import Clock, Task
from workflows.model_versions import models
from workflows.model_versions.content import NATIONAL, parse, read_file

FALL: dict[str, Any] = {"every_goal": -2}


class Goals:
    """A family in the house with its goals set, and its progression walked a day at a time."""

    def __init__(self) -> None:
        self.scene = Scene("greve")
        self.scene.settle()
        self.step()

    def task(self) -> Task:
        (task,) = [task for task in self.scene.open_tasks() if task.element == "progression"]
        return task

    @property
    def waits(self) -> str:
        return str(self.task().flow_task.name)

    def step(self, **otherwise: Any) -> None:
        self.scene.now += timedelta(days=1)
        task = self.task()
        choices: Choices = {task.flow_task.name: otherwise}
        walk.take(self.scene.company, task, now=self.scene.now, rng=Random(7), choices=choices)

    def read(self, look: Any) -> Any:
        with self.scene.company.actor("teamlead").acting(), transaction.atomic():
            return look()

    @property
    def clock(self) -> Clock:
        found: Clock = self.read(
            lambda: Clock.objects.get(family=self.scene.family, rule="plan-after-setback")
        )
        return found

    def clocks(self) -> int:
        count: int = self.read(
            lambda: Clock.objects.filter(family=self.scene.family, rule="plan-after-setback").count()
        )
        return count


@pytest.fixture
def goals(house: None) -> Goals:
    return Goals()


def test_goals_that_hold_or_rise_ask_for_nothing(goals: Goals) -> None:
    goals.step(every_goal=-1)
    goals.step(every_goal=0)
    assert (goals.waits, goals.clocks()) == ("follow_up", 0)


def test_a_setback_asks_within_the_clocks_fourteen_days(goals: Goals) -> None:
    goals.step(**FALL)
    assert goals.waits == "answer_setback"
    fell = goals.read(lambda: FollowUp.objects.get(family=goals.scene.family))
    assert (goals.clock.about, goals.clock.stopped_at) == (fell.uuid, None)
    assert goals.task().due == clock.danish_day(goals.scene.now) + timedelta(days=14)


def test_another_plan_or_a_reason_stops_the_clock_and_the_follow_ups_go_on(goals: Goals) -> None:
    for choice in ("change_plan", "stand"):
        goals.step(every_goal=0)
        goals.step(**FALL)
        goals.step(choice=choice, reason="En fra teamet er med om aftenen.")
        assert goals.waits == "follow_up"
    stopped = goals.read(
        lambda: list(
            Clock.objects.filter(family=goals.scene.family, rule="plan-after-setback").order_by("id")
        )
    )
    assert [clock.stop_reason for clock in stopped] == ["done", "done"]


def test_changed_goals_stop_the_clock_only_when_they_are_changed(goals: Goals) -> None:
    goals.step(**FALL)
    goals.step(choice="change_goals", reason="Målet er for stort.")
    assert (goals.waits, goals.clock.stopped_at) == ("set_goals", None)
    assert goals.task().due == clock.danish_day(goals.clock.due_at - timedelta(hours=1))
    unchanged: dict[str, Any] = {"goals": [], "closed": [], "closed_reason": ""}
    with pytest.raises(GateClosed, match="skulle ændres"):
        goals.step(**unchanged)
    assert goals.clock.stopped_at is None
    goals.step()
    assert goals.clock.stop_reason == "done"
    assert goals.waits == "follow_up"
    assert goals.read(lambda: Goal.objects.filter(replaces__isnull=False).count()) == 1


def test_a_follow_up_that_changes_the_goals_itself_is_not_asked_again(goals: Goals) -> None:
    goals.step(**FALL, outcome="revise_goals")
    assert (goals.waits, goals.clock.stopped_at) == ("set_goals", None)
    goals.step()
    assert goals.clock.stop_reason == "done"


def test_a_family_that_has_moved_out_is_not_asked(goals: Goals) -> None:
    def leave() -> None:
        Family.objects.unscoped(reason="a test").filter(pk=goals.scene.family.pk).update(phase=Phase.EXITED)

    goals.read(leave)
    goals.step(**FALL)
    assert not [task for task in goals.scene.open_tasks() if task.element == "progression"]
    assert goals.clocks() == 0


def test_an_answer_without_words_or_choice_changes_nothing(goals: Goals) -> None:
    goals.step(**FALL)
    for wrong in ({"reason": " "}, {"choice": "wait"}, {"choice": ""}):
        with pytest.raises(InvalidStep):
            goals.step(**wrong)
    assert goals.waits == "answer_setback"
    assert goals.clock.stopped_at is None
    assert goals.read(lambda: SetbackAnswer.objects.count()) == 0


def test_page_and_api_say_what_went_backwards_and_what_was_done(goals: Goals) -> None:
    scene = goals.scene
    goals.step(**FALL)
    practitioner = scene.company.actor("practitioner")
    with clock.standing_at(scene.now):
        step = Page(browser(practitioner).get(f"/opgaver/{goals.task().uuid}/").content.decode()).text
        assert "T-score 37,6 → 25,2" in step and "−1 → −2" in step
        page = Page(browser(practitioner).get(f"/familier/{scene.family.uuid}/").content.decode()).text
    assert "GAS T-score 25,2, mindre end forventet" in page
    assert "Teamet har endnu ikke svaret på tilbagegangen" in page
    assert "Afgørelsens formål: At forældrene får ro" in page
    assert "−2: Sker ikke endnu" in page
    goals.step(choice="stand", reason="Influenza i huset.")
    with clock.standing_at(scene.now):
        page = Page(browser(practitioner).get(f"/familier/{scene.family.uuid}/").content.decode()).text
        history = Page(
            browser(practitioner).get(f"/familier/{scene.family.uuid}/historik/").content.decode()
        ).text
        (shown,) = (
            api(practitioner).get(f"/api/v1/families/{scene.family.uuid}/follow-ups/").json()["results"]
        )
    assert "Planen står, som den er: Influenza i huset." in page
    assert "Influenza i huset." in history and "Formuleret sammen med" in history
    assert (shown["trend"], shown["t_before"], shown["t_now"]) == ("negative", 37.6, 25.2)
    assert shown["setback"]["choice"] == "stand"
    assert [rating["score"] for rating in shown["ratings"]] == [-2, -2]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"t_score_falls_by": 0, "goal_falls_in_a_row": 2}, "above 0"),
        ({"t_score_falls_by": "much", "goal_falls_in_a_row": 2}, "must be a number"),
        ({"t_score_falls_by": 5, "goal_falls_in_a_row": 0}, "at least one fall"),
        ({"t_score_falls_by": 5}, "goal_falls_in_a_row"),
    ],
)
def test_a_rule_that_everything_or_nothing_meets_is_refused(rule: dict[str, Any], words: str) -> None:
    (path,) = NATIONAL.glob("2026-1.toml")
    with pytest.raises(ValueError, match=words):
        parse({**read_file(path), "negative_trend": rule})
    assert parse(read_file(path)).negative_trend.t_score_falls_by == Decimal(5)


def test_the_rule_is_the_one_of_the_families_version(goals: Goals, monkeypatch: Any) -> None:
    """The same fall under a rule that asks for more is no setback."""
    patient = TrendRule(Decimal(20), 3)
    monkeypatch.setattr(models, "parse", lambda stored: replace(parse(stored), negative_trend=patient))
    goals.step(**FALL)
    assert goals.waits == "follow_up"
    assert goals.read(lambda: FollowUp.objects.get(family=goals.scene.family).trend) == "slipping"
