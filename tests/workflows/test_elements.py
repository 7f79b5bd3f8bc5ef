"""Team, mentalisation, progression and network: each round walked twice, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import jsonschema
import pytest
from django.db import transaction
from django.http import QueryDict

from demo.answers import Choices, answer
from demo.walk import Company, open_tasks, take
from placement import clock
from placement.access.errors import GateClosed, NotAllowed
from placement.families.models import Family, FamilyGrant, Phase
from placement.meetings.models import Meeting, MentalisationBaseline, Session
from placement.network.models import Agreement, Moment, NetworkMap
from placement.progression.models import FollowUp, Goal
from workflows.journey.services import begin_journey
from workflows.kernel.forms import InvalidStep
from workflows.kernel.models import Process, Task
from workflows.kernel.schema import form_schema
from workflows.kernel.services import complete_task, read_task

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
RNG = Random(7)


class Walk:
    """A family of Greve whose five elements have begun, and a day that moves on with each step."""

    def __init__(self) -> None:
        self.company = Company("greve", 253)
        self.now = START
        caseworker = self.company.actor("caseworker")
        with clock.standing_at(self.now), caseworker.acting(), transaction.atomic():
            self.family = begin_journey(
                actor=caseworker,
                source="casework",
                enquiry_text="",
                traits=[],
                people=[
                    {
                        "kind": "parent",
                        "name": "Anna",
                        "born_on": START.date().replace(1999),
                        "custody_holder": True,
                    },
                    {"kind": "child", "name": "Bo", "born_on": START.date() - timedelta(days=30)},
                ],
                now=self.now,
            )
        while not any(task.element == "team" for task in self.open()):
            self.step("journey")

    def open(self) -> list[Task]:
        return open_tasks(self.company, self.family)

    def node(self, element: str) -> str:
        """The element's one open step; '' when it has ended."""
        names = [task.flow_task.name for task in self.open() if task.element == element]
        assert len(names) <= 1
        return names[0] if names else ""

    def task(self, element: str) -> Task:
        return next(task for task in self.open() if task.element == element)

    def step(self, element: str, **answer: Any) -> None:
        """Complete the element's open step three days later; ``answer`` differs from the usual one."""
        self.now += timedelta(days=3)
        task = self.task(element)
        choices: Choices = {task.flow_task.name: answer}
        take(self.company, task, now=self.now, rng=RNG, choices=choices)

    def look(self, read: Callable[[], Any]) -> Any:
        with clock.standing_at(self.now), self.company.actor("teamlead").acting(), transaction.atomic():
            return read()

    def leave_the_house(self) -> None:
        """As the exit's last step does it."""

        def write() -> None:
            Family.objects.unscoped(reason="a test").filter(pk=self.family.pk).update(phase=Phase.EXITED)

        self.look(write)

    def ended(self, element: str) -> bool:
        processes = self.look(
            lambda: list(Process.objects.filter(family=self.family, finished__isnull=False))
        )
        return element in {process.flow_class.element for process in processes}


@pytest.fixture
def walk(cast: Any) -> Walk:
    return Walk()


ROUNDS: dict[str, tuple[list[str], dict[str, Any]]] = {
    # element: (the steps of a round that goes on, the answer that leads back to the first of all steps)
    "team": (["hold_meeting"], {"outcome": "change_team"}),
    "mentalisation": (["hold_session"], {"outcome": "renew_baseline"}),
    "progression": (["follow_up"], {"outcome": "revise_goals"}),
    "network": (["hold_meeting", "make_agreement"], {"outcome": "redraw_map"}),
}
FIRST = {
    "team": "appoint_team",
    "mentalisation": "take_baseline",
    "progression": "set_goals",
    "network": "map_network",
}
AGAIN: dict[str, dict[str, Any]] = {"network": {"moment": "again"}}


@pytest.mark.parametrize("element", ROUNDS)
def test_each_element_is_walked_twice_goes_back_and_ends_after_the_exit(walk: Walk, element: str) -> None:
    steps, back = ROUNDS[element]
    assert walk.node(element) == FIRST[element]
    walk.step(element)
    for _round in range(2):
        for name in steps:
            assert walk.node(element) == name
            walk.step(element)
    walk.step(element, **back)
    for name in steps[1:]:
        assert walk.node(element) == name
        walk.step(element)
    assert walk.node(element) == FIRST[element]
    walk.step(element, **AGAIN.get(element, {}))

    walk.leave_the_house()
    for name in steps:
        assert walk.node(element) == name
        assert not walk.ended(element)
        walk.step(element, **(back if name == steps[0] else {}))
    assert walk.node(element) == ""
    assert walk.ended(element)
    others = {task.element for task in walk.open()}
    assert others == {"team", "mentalisation", "progression", "network", "exit"} - {element}


def test_the_rounds_leave_their_records(walk: Walk) -> None:
    for element, (steps, _back) in ROUNDS.items():
        for _step in [FIRST[element], *steps, *steps]:
            walk.step(element)
    family = walk.family
    assert walk.look(lambda: Meeting.objects.filter(family=family, kind="team").count()) == 2
    assert walk.look(lambda: Meeting.objects.filter(family=family, kind="network").count()) == 2
    assert (
        walk.look(
            lambda: MentalisationBaseline.objects.filter(family=family, measurement__isnull=False).count()
        )
        == 1
    )
    assert walk.look(lambda: Session.objects.filter(family=family).count()) == 2
    assert walk.look(lambda: sorted(f.ratings.count() for f in FollowUp.objects.filter(family=family))) == [
        2,
        2,
    ]
    assert walk.look(lambda: NetworkMap.objects.get(family=family).moment) == Moment.START
    agreements = walk.look(lambda: list(Agreement.objects.filter(family=family).order_by("id")))
    assert [agreement.kept is None for agreement in agreements] == [False, True]


def test_deadlines_follow_the_agreed_day_and_the_rhythm(walk: Walk) -> None:
    walk.step("team")
    assert walk.task("team").due == clock.danish_day(walk.now) + timedelta(days=28)
    walk.step("team", next_on=(walk.now + timedelta(days=10)).date().isoformat())
    assert walk.task("team").due == walk.now.date() + timedelta(days=7)
    walk.step("team", next_on="")
    assert walk.task("team").due == walk.now.date() + timedelta(days=28)

    walk.step("progression")
    started = walk.look(lambda: Family.objects.unscoped(reason="a test").get(pk=walk.family.pk).started_on)
    assert started is not None
    assert walk.task("progression").due == started + timedelta(days=90)


def test_a_team_without_a_required_profession_is_refused_by_name(walk: Walk) -> None:
    caseworker = str(walk.company.actor("caseworker").staff.uuid)
    practitioner = str(walk.company.actor("practitioner").staff.uuid)
    with pytest.raises(GateClosed, match="sundhedsplejerske"):
        walk.step("team", members=[{"person": caseworker}, {"person": practitioner}])
    with pytest.raises(InvalidStep):
        walk.step("team", members=[])
    with pytest.raises(InvalidStep):
        walk.step("team", members=[{"person": caseworker}, {"person": caseworker, "profession": "psykolog"}])
    foreign = str(Company("randers", 730).actor("practitioner").staff.uuid)
    with pytest.raises(InvalidStep):
        walk.step("team", members=[{"person": foreign, "profession": "sundhedsplejerske"}])
    assert walk.node("team") == "appoint_team"


def test_leaving_the_team_and_another_profession_are_dated(walk: Walk) -> None:
    walk.step("team")
    walk.step("team", outcome="change_team")
    people = {
        part: str(walk.company.actor(part).staff.uuid)
        for part in ("caseworker", "practitioner", "teamlead2", "healthvisitor")
    }
    walk.step(
        "team",
        members=[
            {"person": people["caseworker"]},
            {"person": people["practitioner"], "profession": "pædagog"},
            {"person": people["teamlead2"], "profession": "familiebehandler"},
            {"person": people["healthvisitor"]},
        ],
    )
    team = FamilyGrant.objects.filter(content_object=walk.family, function="team").order_by("id")
    rows = walk.look(
        lambda: [(g.user.username, g.profession, g.ends is None) for g in team.select_related("user")]
    )
    assert ("greve.practitioner", "familiebehandler", False) in rows
    assert ("greve.practitioner", "pædagog", True) in rows
    assert ("greve.teamlead2", "familiebehandler", True) in rows


def test_only_the_team_lead_appoints(walk: Walk) -> None:
    task = walk.task("team")
    caseworker = walk.company.actor("caseworker")
    with clock.standing_at(walk.now), caseworker.acting(), pytest.raises(NotAllowed):
        complete_task(actor=caseworker, task_uuid=task.uuid, data={}, now=walk.now)


def test_goals_are_closed_replaced_and_added_on_the_way_back(walk: Walk) -> None:
    walk.step("progression")
    walk.step("progression", outcome="revise_goals")
    first, second = walk.look(lambda: list(Goal.objects.filter(family=walk.family).order_by("id")))
    parents = walk.look(lambda: [str(p.uuid) for p in walk.family.people.filter(kind="parent")])
    row: dict[str, Any] = {"title": "Nyt mål", "baseline": -1}
    row |= dict.fromkeys(("level_m2", "level_m1", "level_0", "level_p1", "level_p2"), "Som aftalt")
    with pytest.raises(GateClosed, match="mindst ét mål"):
        walk.step("progression", closed=[str(first.uuid), str(second.uuid)], closed_reason="Nået")
    with pytest.raises(InvalidStep):
        walk.step("progression", closed=[str(first.uuid)], closed_reason="")
    walk.step(
        "progression",
        goals=[row | {"replaces": str(first.uuid)}, row],
        closed=[str(second.uuid)],
        closed_reason="Nået før tid",
        together_with=parents,
    )
    goals = walk.look(lambda: list(Goal.objects.filter(family=walk.family).order_by("id")))
    assert [goal.active for goal in goals] == [False, False, True, True]
    assert [goal.replaces_id for goal in goals] == [None, None, first.pk, None]


def test_a_follow_up_answers_with_reasons_and_rates_every_goal(walk: Walk) -> None:
    walk.step("progression")
    goal = walk.look(lambda: Goal.objects.filter(family=walk.family).order_by("id").first())
    assert goal is not None
    for wrong in (
        {f"goal_{goal.uuid}": 3},
        {f"goal_{goal.uuid}": None},
        {"adjust": True},
        {"next_reason": ""},
        {"next_on": START.date().isoformat()},
        {"next_on": 20260401},
        {"held_on": (walk.now + timedelta(days=30)).date().isoformat()},
    ):
        with pytest.raises(InvalidStep):
            walk.step("progression", **wrong)
    assert walk.look(lambda: FollowUp.objects.filter(family=walk.family).count()) == 0


def test_an_empty_network_says_so_and_a_meeting_needs_somebody(walk: Walk) -> None:
    for wrong in ({"people": []}, {"people": "Mormor"}, {"people": [{"label": "Mormor"}]}):
        with pytest.raises(InvalidStep):
            walk.step("network", **wrong)
    walk.step("network", people=[], remark="Der er ingen endnu.")
    with pytest.raises(GateClosed, match="hvem der kom"):
        walk.step(
            "network",
            people=[{"label": "Mormor", "came": False}],
            parents_present=False,
            parents_absent_reason="Syge",
        )
    with pytest.raises(InvalidStep):
        walk.step("network", parents_present=False)
    walk.step("network", people=[])
    with pytest.raises(GateClosed, match="mindst én aftale"):
        walk.step("network", agreements=[])
    with pytest.raises(InvalidStep):
        walk.step(
            "network", agreements=[{"what": "Ringer", "who": "Mormor", "by_on": START.date().isoformat()}]
        )


def as_typed(answer: dict[str, Any]) -> QueryDict:
    """What a browser sends for an answer of the API: rows as numbered fields, days as people write them."""
    typed = QueryDict(mutable=True)

    def put(name: str, value: Any) -> None:
        if isinstance(value, bool):
            typed[name] = "true" if value else "false"
        elif isinstance(value, list) and all(isinstance(row, dict) for row in value):
            for index, row in enumerate(value):
                for field, inner in row.items():
                    put(f"{name}-{index}-{field}", inner)
        elif isinstance(value, list):
            typed.setlist(name, value)
        else:
            typed[name] = str(value)

    for name, value in answer.items():
        put(name, value)
    return typed


def test_each_step_is_the_same_on_its_page_and_in_the_api(walk: Walk) -> None:
    """The form is drawn, its schema accepts the API's answer, and the browser's answer means the same."""
    for element, (steps, back) in ROUNDS.items():
        for name in [FIRST[element], *steps, FIRST[element]]:
            task = walk.task(element)
            assert task.flow_task.name == name
            actor = walk.company.for_task(task)
            with clock.standing_at(walk.now), actor.acting(), transaction.atomic():
                fresh = Task.objects.select_related("process__family", "family").get(pk=task.pk)
                today = clock.danish_day(walk.now)
                sent = answer(fresh, on=today, rng=RNG, choices={name: AGAIN.get(element, {})})
                opened = read_task(actor=actor, task=fresh, now=walk.now)
                page = str(opened.form)
                schema = form_schema(opened.form)
                for field, described in schema["properties"].items():
                    assert f'name="{field}' in page, f"{name} does not show {field}"
                    assert described["title"]
                if "moment" not in schema["properties"]:
                    sent.pop("moment", None)
                jsonschema.validate(sent, schema)
                in_api = opened.node.form(sent, situation=opened.situation)
                in_browser = opened.node.form(as_typed(sent), situation=opened.situation)
                assert in_api.is_valid(), in_api.errors
                assert in_browser.is_valid(), in_browser.errors
                assert in_api.cleaned_data == in_browser.cleaned_data
            walk.step(
                element,
                **(back if name == steps[0] else AGAIN[element] if "moment" in schema["properties"] else {}),
            )


def test_a_row_added_on_the_page_counts_and_an_empty_one_does_not(walk: Walk) -> None:
    walk.step("progression")
    walk.step("progression", outcome="revise_goals")
    task = walk.task("progression")
    actor = walk.company.for_task(task)
    typed = as_typed({"goals": [{}, {"title": "", "weight": ""}], "absent_reason": "Mor var indlagt"})
    typed["goals-7-title"] = "Et mål mere"
    typed["goals-7-baseline"] = "-1"
    for level in ("m2", "m1", "0", "p1", "p2"):
        typed[f"goals-7-level_{level}"] = "Som aftalt"
    with clock.standing_at(walk.now), actor.acting(), transaction.atomic():
        opened = read_task(actor=actor, task=Task.objects.get(pk=task.pk), now=walk.now, data=typed)
        assert opened.form.is_valid(), opened.form.errors
        assert [row["title"] for row in opened.form.cleaned_data["goals"]] == ["Et mål mere"]
        assert opened.form.cleaned_data["goals"][0]["weight"] == 1
