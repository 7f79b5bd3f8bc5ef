"""An unborn child with plan A and plan B: both shown to the parents, § 49's day kept, another term, a birth, a loss."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from placement import clock
from placement.access import context
from placement.access.errors import GateClosed, Refused, StaleState
from placement.clock import DENMARK, add_months, danish_day
from placement.families.models import Person
from placement.families.people import correct_person
from tests.cast import api, browser
from tests.scene import Scene
from tests.walking import Page
from workflows.investigation.models import ParallelPlan, ParallelTrack
from workflows.investigation.parallel import follow_child
from workflows.journey.moves.ending import lose_pregnancy
from workflows.kernel.clocks.sweep import sweep
from workflows.kernel.forms import InvalidStep
from workflows.kernel.models import Clock, ClockChange, Notice, StopReason


@pytest.fixture
def expecting(house: None) -> Scene:
    """A family in the target group, with two plans beside a pregnancy: term in 150 days."""
    scene = Scene("greve")
    scene.take(scene.open_task("assess_target_group"))
    scene.begin_two_plans(days=150)
    return scene


def asked(scene: Scene, question: Any) -> Any:
    with scene._standing(), scene.company.actor("caseworker").acting(), transaction.atomic():
        return question()


def track_of(scene: Scene) -> ParallelTrack:
    return asked(
        scene, lambda: ParallelTrack.objects.select_related("child").filter(family=scene.family).latest("id")
    )


def clock_of(scene: Scene) -> Clock:
    return asked(scene, lambda: Clock.objects.get(family=scene.family, rule="placement-at-birth"))


def page(scene: Scene, rest: str = "", part: str = "caseworker") -> str:
    with scene._standing():
        client = browser(scene.company.actor(part))
        return Page(client.get(f"/familier/{scene.family.uuid}/{rest}").content.decode()).text


def stand_on(scene: Scene, day: date) -> None:
    scene.now = datetime.combine(day, time(10), tzinfo=DENMARK)


def to_other_term(scene: Scene, due_on: date) -> None:
    """The caseworker puts the term right, on the page of the family's people."""
    child = track_of(scene).child
    with scene._standing():
        client = browser(scene.company.actor("caseworker"))
        answer = client.post(
            f"/familier/{scene.family.uuid}/personer/",
            {"form": "correct", "person": str(child.uuid), "name": "", "due_on": f"{due_on:%d.%m.%Y}"},
        )
    assert answer.status_code == 302, Page(answer.content.decode()).text


def told_to(scene: Scene) -> set[str]:
    with context.access(scene.family.municipality_id, None, context.JOB):
        sweep(municipality_id=scene.family.municipality_id, now=scene.now)
    rows = asked(
        scene,
        lambda: list(
            Notice.objects.filter(clock__rule="placement-at-birth").values_list("kind", "recipient__username")
        ),
    )
    return {f"{kind} {who}" for kind, who in rows}


def test_an_unborn_child_with_a_parallel_plan_from_the_first_word_to_the_settling(expecting: Scene) -> None:
    scene = expecting
    term = track_of(scene).child.due_on
    assert term is not None
    earliest = add_months(term, -3)
    # Coming parents take the same way: screened, examined, with the four months (§§ 24-27).
    scene.begin_investigation(child=track_of(scene).child)
    scene.take(scene.open_task("screen"))
    assert "Om kommende forældre" in page(scene, "undersoegelse/")

    # Both plans are the parents' to see, beside each other and on paper.
    with pytest.raises(StaleState):
        asked(scene, lambda: _again(scene))
    scene.take(scene.open_task("write_plans"))
    for shown in (page(scene, "undersoegelse/"), page(scene, "undersoegelse/plan-a-og-b/")):
        assert "Familien flytter sammen ind i huset" in shown and "bor barnet hos en plejefamilie" in shown
        assert f"{earliest:%d.%m.%Y}" in shown and "§ 49" in shown

    # Before the first day nobody is reminded, no list has it, and a decision is refused with the rule and the day.
    assert told_to(scene) == set()
    assert "om anbringelse ved fødslen" not in page(scene)
    decided = {"outcome": "decided", "reasons": "Udvalget har hørt begge forældre."}
    with pytest.raises(GateClosed) as refused:
        scene.take(
            scene.open_task("settle_at_birth"), **decided, decided_on=danish_day(scene.now).isoformat()
        )
    assert f"{earliest:%d.%m.%Y}" in str(refused.value.message) and "§ 49" in str(refused.value.message)

    # The term is put right: the day moves with it, and everybody can see from where and why.
    later = term + timedelta(days=14)
    to_other_term(scene, later)
    moved = clock_of(scene)
    assert moved.due_on == later and danish_day(moved.opens_at) == add_months(later, -3)  # type: ignore[arg-type]
    (change,) = asked(scene, lambda: list(ClockChange.objects.filter(clock=moved)))
    assert change.reason == "Terminen er rettet."
    assert "Terminen er rettet." in page(scene, "historik/")

    # The day comes: the caseworker is told, the deadline stands on the lists, and the decision can be written.
    stand_on(scene, add_months(later, -3))
    assert told_to(scene) == {"warned greve.caseworker"}
    assert "om anbringelse ved fødslen" in page(scene)
    yesterday = danish_day(scene.now) - timedelta(days=1)
    with pytest.raises(GateClosed):
        scene.take(scene.open_task("settle_at_birth"), **decided, decided_on=yesterday.isoformat())
    scene.take(scene.open_task("settle_at_birth"), **decided, decided_on=danish_day(scene.now).isoformat())
    track = track_of(scene)
    assert (track.outcome, track.term_on, track.earliest_on) == ("decided", later, add_months(later, -3))
    assert clock_of(scene).stop_reason == StopReason.DONE
    assert "Afklaret, hvad der gælder ved fødslen" in page(scene, "historik/")
    with scene._standing():
        lead = api(scene.company.actor("authoritylead"))
        (told,) = lead.get(f"/api/v1/families/{scene.family.uuid}/parallel-tracks/").json()["results"]
        (found,) = lead.get(f"/api/v1/families/{scene.family.uuid}/investigations/").json()["results"]
    assert told["outcome"] == "decided" and told["plans"][0]["plan_b"] and found["child"] == told["child"]


def _again(scene: Scene) -> Any:
    from workflows.investigation.parallel import begin_parallel_track

    return begin_parallel_track(
        actor=scene.company.actor("caseworker"), family=scene.family, child=track_of(scene).child,
        why="Igen.", now=scene.now,
    )  # fmt: skip


def test_plans_are_not_shown_to_parents_while_the_risk_is_not_judged(expecting: Scene) -> None:
    expecting.begin_investigation(violence_possible=True)
    with pytest.raises(GateClosed, match="§ 18"):
        expecting.take(expecting.open_task("write_plans"))
    # What protects the child does not wait for it: both plans are written, and shown once the parents may see them.
    expecting.take(expecting.open_task("write_plans"), shown_on=None)
    assert "Ikke vist endnu" in page(expecting, "undersoegelse/")
    assert "ingen planer at vise" in page(expecting, "undersoegelse/plan-a-og-b/")
    expecting.take(expecting.open_task("assess_risk"))
    expecting.take(expecting.open_task("settle_at_birth"), outcome="rewrite")
    with pytest.raises(InvalidStep):
        expecting.take(expecting.open_task("write_plans"), shown_on=None)
    expecting.take(expecting.open_task("write_plans"))


def test_the_database_keeps_the_three_months_and_both_plans(expecting: Scene) -> None:
    track, actor = track_of(expecting), expecting.company.actor("caseworker")
    term = track.child.due_on
    assert term is not None
    early = {
        "outcome": "decided", "reasons": "Fordi.", "term_on": term, "earliest_on": add_months(term, -3),
        "settled_by": actor.staff, "settled_at": expecting.now,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="placement_at_birth_not_too_early"):
        asked(
            expecting,
            lambda: ParallelTrack.objects.filter(pk=track.pk).update(
                **early, decided_on=add_months(term, -3) - timedelta(days=1)
            ),
        )
    with pytest.raises(IntegrityError, match="parallel_plan_has_both_plans"):
        asked(
            expecting,
            lambda: ParallelPlan.objects.create(
                municipality_id=track.municipality_id, track=track, plan_a="A", plan_b="", turning_point="T",
                shown_on=danish_day(expecting.now), author=actor.staff, written_at=expecting.now,
            ),
        )  # fmt: skip


def test_a_birth_ends_the_track_for_what_the_law_says_of_the_unborn(expecting: Scene) -> None:
    expecting.take(expecting.open_task("write_plans"))
    expecting.now += timedelta(days=140)
    child = track_of(expecting).child
    with expecting._standing():
        client = browser(expecting.company.actor("caseworker"))
        born = client.post(
            f"/familier/{expecting.family.uuid}/personer/",
            {
                "form": "birth", "child": str(child.uuid), "what": "born", "name": "Ida",
                "born_on": f"{danish_day(expecting.now):%d.%m.%Y}",
            },
        )  # fmt: skip
    assert born.status_code == 302, Page(born.content.decode()).text
    assert track_of(expecting).outcome == "born"
    assert clock_of(expecting).stop_reason == StopReason.NOT_NEEDED
    assert "settle_at_birth" not in {task.flow_task.name for task in expecting.open_tasks()}


def test_after_a_lost_pregnancy_nothing_asks_or_reminds(expecting: Scene) -> None:
    expecting.begin_investigation(child=track_of(expecting).child)
    expecting.take(expecting.open_task("screen"))
    actor = expecting.company.actor("caseworker")

    def lose() -> Person:
        child = Person.objects.select_related("family").get(pk=track_of_pk)
        return lose_pregnancy(actor=actor, child=child, goes_on=True, now=expecting.now)

    track_of_pk = track_of(expecting).child_id
    asked(expecting, lose)
    assert track_of(expecting).outcome == "lost"
    names = {task.flow_task.name for task in expecting.open_tasks() if task.element == "investigation"}
    assert names == set()
    stopped = asked(
        expecting,
        lambda: set(
            Clock.objects.filter(
                family=expecting.family, rule__in=["placement-at-birth", "examination"]
            ).values_list("stop_reason", flat=True)
        ),
    )
    assert stopped == {StopReason.PREGNANCY_LOST.value}
    expecting.now += timedelta(days=200)
    assert told_to(expecting) == set()
    assert "Overskredet: hvorfor?" not in page(expecting)


def test_a_term_before_the_track_began_and_a_passed_one_are_refused(expecting: Scene) -> None:
    actor, track = expecting.company.actor("caseworker"), track_of(expecting)

    def put_right() -> None:
        child = Person.objects.select_related("family").get(pk=track.child_id)
        person = correct_person(
            person=child, now=expecting.now, name="", born_on=None, custody_holder=False, education="",
            employment="", due_on=danish_day(expecting.now) - timedelta(days=3),
        )  # fmt: skip
        follow_child(actor=actor, child=person, now=expecting.now)

    with pytest.raises(Refused) as refused:
        asked(expecting, put_right)
    assert refused.value.type == "day-before-trigger"


def test_it_is_on_the_family_s_picture(expecting: Scene, looking: psycopg.Connection[Any]) -> None:
    shown = page(expecting, "forloeb/investigation/")
    assert "Plan A og plan B begyndt" in shown and "Afklar, hvad der gælder ved fødslen" in shown
    assert clock.today() >= danish_day(expecting.now)
