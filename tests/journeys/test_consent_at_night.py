"""A consent taken back at night asks the same Danish day; and what it becomes is written as what it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from placement import clock
from placement.clock import DENMARK
from placement.families.models import PersonPath
from tests.cast import browser
from tests.deciding import Deciding, begin
from tests.scene import CHILD, PARENT, Scene
from workflows.kernel.models import Clock
from workflows.model_versions.clock_rules import Event

#: Moments in Denmark: before and after midnight, and the nights in which the clocks are put (the second hour of
#: 25 October comes twice).
NIGHTS = [
    datetime(2026, 3, 20, 23, 50, tzinfo=DENMARK),
    datetime(2026, 3, 22, 0, 10, tzinfo=DENMARK),
    datetime(2026, 3, 28, 23, 50, tzinfo=DENMARK),
    datetime(2026, 3, 29, 3, 10, tzinfo=DENMARK),
    datetime(2026, 10, 24, 23, 50, tzinfo=DENMARK),
    datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=DENMARK),
]


@pytest.fixture
def deciding(house):
    made = Deciding(Scene("greve", now=datetime(2026, 3, 16, 9, tzinfo=UTC)))
    made.to_the_request()
    return made


def consent(deciding, what):
    """The caseworker writes it on the consent's page, as of the Danish day it is."""
    with clock.standing_at(deciding.scene.now):
        done = browser(deciding.actor("caseworker")).post(
            f"/familier/{deciding.scene.family.uuid}/samtykke/",
            {"submit_token": uuid4(), "person": deciding.person(PARENT), "what": what,
             "on": f"{clock.today():%d.%m.%Y}", "how": "oral" if what == "given" else ""},
        )  # fmt: skip
    assert done.status_code == 302, done.content.decode()


def taken_back(deciding):
    """Taken back, and the same day's question answered: whether the child is safe."""
    consent(deciding, "withdrawn")
    deciding.completed(
        "caseworker", "assess_withdrawal", child_safe=True, next_step="talk", text="Barnet er trygt i huset."
    )


def test_the_task_is_due_the_danish_day_on_which_it_was_taken_back(deciding):
    for night in NIGHTS:
        deciding.scene.now = night.astimezone(UTC)
        consent(deciding, "withdrawn")
        task = deciding.task("assess_withdrawal")
        assert task.due == night.date() and task.role == "caseworker", night
        with deciding.actor("authoritylead").acting(), transaction.atomic():
            running = Clock.objects.running().get(about=task.uuid)
        assert running.due_at == clock.end_of(night.date())
        deciding.completed(
            "caseworker", "assess_withdrawal", child_safe=True, next_step="talk", text="Barnet er trygt."
        )
        assert deciding.open_steps() == ["request_decision", "settle_track"]
        # What it became: no new consent yet, so that is no answer.
        answer = {"track": "new_consent", "decided_on": str(deciding.today), "text": "Hun er med igen."}
        assert "barnets lov § 32" in deciding.stopped("caseworker", "settle_track", **answer)
        consent(deciding, "given")
        deciding.completed("caseworker", "settle_track", **answer | {"decided_on": str(deciding.today)})
        assert deciding.open_steps() == ["request_decision"]
    tracks = deciding.stands()["tracks"]
    assert [one["track"] for one in tracks] == ["new_consent"] * len(NIGHTS)
    assert all(one["goes_on"] and one["cause"] == "consent_withdrawn" for one in tracks)


def test_the_stay_ends_its_clocks_stop_and_those_of_the_law_run_on(deciding):
    deciding.tell(Event.MOVED_IN)
    deciding.scene.receive_concern()
    taken_back(deciding)
    deciding.completed(
        "caseworker", "settle_track", track="ended", decided_on=str(deciding.today), text="Hun rejser hjem."
    )
    family = deciding.family()
    assert (family.phase, family.outcome) == ("closed", "withdrawn")
    clocks = deciding.clocks()
    assert clocks["team-named"].stop_reason == "withdrawn"
    assert clocks["concern-assessment"].stopped_at is None
    assert deciding.open_steps() == ["assess_concern", "send_receipt"]
    assert "Opholdet er slut" in deciding.history()


def test_support_without_consent_is_another_help_and_says_by_which_law(deciding):
    taken_back(deciding)
    deciding.completed(
        "caseworker", "settle_track", track="without_consent", decided_on=str(deciding.today),
        text="Børne- og ungeudvalget har truffet afgørelse.",
    )  # fmt: skip
    track = deciding.stands()["tracks"][0]
    assert (track["track"], track["legal_basis"]) == ("without_consent", "Barnets lov §§ 37-41")
    assert deciding.family().outcome == "other_offer"


def test_a_placed_child_has_a_path_and_a_plan_and_nobody_has_failed(deciding):
    taken_back(deciding)
    child = deciding.person(CHILD)
    answer = {"track": "placed", "decided_on": str(deciding.today), "text": "Barnet får ro hos Nete og Ib."}
    said = deciding.stopped("caseworker", "settle_track", **answer)
    assert "Skal udfyldes ved en anbringelse" in said
    placed = deciding.today
    deciding.completed(
        "caseworker", "settle_track", children=[child], where="foster", goes_on=False,
        legal_basis="Barnets lov § 47", **answer,
    )  # fmt: skip
    family = deciding.family()
    assert (family.phase, family.outcome) == ("closed", "child_placed")
    with deciding.actor("authoritylead").acting(), transaction.atomic():
        path = PersonPath.objects.get(family=family, ends_on__isnull=True)
    assert (path.where, path.legal_basis) == ("foster", "Barnets lov § 47")
    # The plan is mandatory: nobody is asked whether, and it has the law's three months.
    asked = deciding.stands()["plan_decisions"][0]
    assert asked["makes_plan"] and asked["plan_for"] == "placement"
    task = deciding.task("make_plan")
    assert task.due == clock.add_months(placed, 3)
    assert "Datoen ligger i fremtiden" in deciding.stopped(
        "caseworker", "make_plan", made_on=str(deciding.today + timedelta(days=1)), children=[child],
        made_with="Forældrene",
    )  # fmt: skip
    # It outlives the stay: neither another journey nor its end takes the plan or its deadline away.
    deciding.made("authoritylead", "reopen", reason="Mor og de andre børn begynder igen.")
    deciding.made(
        "authoritylead", "withdraw", ended_on=str(deciding.today), reason="consent", initiator="family",
        planned=False, text="Hun fortrød.",
    )  # fmt: skip
    assert deciding.task("make_plan") == task and deciding.clocks()["child-plan"].stopped_at is None
    deciding.completed(
        "caseworker", "make_plan", made_on=str(deciding.today), children=[child], made_with="Forældrene"
    )
    assert deciding.stands()["plans"][0]["children"] == [child]
    assert deciding.open_steps() == [] and deciding.clocks()["child-plan"].stop_reason == "done"
    assert "Barnet anbringes" in deciding.history() and "track_change" in deciding.told()


def test_the_caseworker_says_whether_a_plan_is_made_once_there_is_a_decision(house):
    deciding = Deciding(Scene("greve"))
    deciding.not_acted("plan", "plan-before-decision")
    deciding.scene.go_on_to("start_intervention")
    decided = deciding.today
    begin(deciding.scene, "plan")
    deciding.not_acted("plan", "stale-state")
    deciding.completed("caseworker", "settle_plan", makes_plan=True, reason="Målene skal stå et sted.")
    task = deciding.task("make_plan")
    assert task.due == clock.add_months(decided, 3)
    deciding.completed(
        "caseworker", "make_plan", made_on=str(deciding.today), children=[deciding.person(CHILD)],
        made_with="Mor",
    )  # fmt: skip
    plan = deciding.stands()["plans"][0]
    assert not plan["joint"] and plan["made_with"] == "Mor"
    deciding.acted(
        "waive-view", child=deciding.person(CHILD), reason="Barnet er indlagt.", obtained_on=str(deciding.today),
        text="Sygeplejersken fortæller, at han søger mor.",
    )  # fmt: skip
    assert deciding.told() >= {"plan_decided", "child_plan", "view_waived"}


def test_a_follow_up_that_asks_for_a_plan_makes_it_somebody_s_task(house):
    deciding = Deciding(Scene("greve"))
    scene = deciding.scene
    task = scene.go_on(
        lambda task: task.flow_task.name == "follow_up",
        skip=lambda task: task.element not in {"journey", "progression"},
    )
    scene.take(task, plan=True, plan_text="Planen skal sige, hvem der følger ham i dagpleje.")
    held = deciding.today
    task = deciding.task("make_plan")
    assert task.due == clock.add_months(held, 3)
    deciding.completed(
        "caseworker", "make_plan", made_on=str(deciding.today), children=[deciding.person(CHILD)],
        made_with="Mor",
    )  # fmt: skip
    assert len(deciding.stands()["plans"]) == 1 and deciding.stands()["plan_decisions"] == []
    assert "Tag stilling til barnets plan" in deciding.look(
        "caseworker", f"/familier/{scene.family.uuid}/afgoerelser/"
    )
