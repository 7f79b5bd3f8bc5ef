"""Screening, examination and their clocks: the risk before anybody is involved, four months from awareness, moved visibly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from placement.access.errors import GateClosed, NotAllowed, Refused, StaleState
from placement.clock import add_months, danish_day, moment_on
from placement.families.models import Decision, Family
from tests.cast import browser
from tests.scene import Scene
from tests.walking import Page
from workflows.investigation import services
from workflows.investigation.models import Investigation, RiskJudgement
from workflows.investigation.selectors import network_may_be_involved, parents_may_be_involved
from workflows.journey.moves.correcting import correct_step
from workflows.kernel.clocks import changing, explaining
from workflows.kernel.clocks import services as clocks
from workflows.kernel.forms import InvalidStep
from workflows.kernel.models import Clock, ClockChange, LateKind, LateReason, StopReason, Task
from workflows.model_versions.clock_rules import Event


@pytest.fixture
def enquiry(house: None) -> Scene:
    """A family about which there is an enquiry and nothing more."""
    return Scene("greve")


@pytest.fixture
def stay(house: None) -> Scene:
    """A family in the house, with its team."""
    scene = Scene("greve")
    scene.settle()
    return scene


def asked(scene: Scene, question: Any, *given: Any) -> Any:
    """What the caseworker finds, as the scene stands."""
    with scene._standing(), scene.company.actor("caseworker").acting(), transaction.atomic():
        return question(*given)


def clock_of(scene: Scene, rule: str) -> Clock:
    return asked(scene, lambda: Clock.objects.filter(family=scene.family, rule=rule).latest("id"))


def judge(scene: Scene, **otherwise: Any) -> RiskJudgement:
    told: dict[str, Any] = {
        "risk": "Far har truet mor.", "protection": "De mødes hver for sig.",
        "parents_may_be_involved": True, "network_may_be_involved": True,
    }  # fmt: skip
    scene.now += timedelta(hours=1)
    actor = scene.company.actor("caseworker")
    return asked(
        scene,
        lambda: services.judge_risk(actor=actor, family=scene.family, now=scene.now, **(told | otherwise)),
    )


def may(scene: Scene) -> tuple[bool, bool]:
    """Whether (the parents, the network) may be involved now."""
    return tuple(
        asked(scene, lambda ask=ask: ask(scene.family).allowed)
        for ask in (parents_may_be_involved, network_may_be_involved)
    )  # type: ignore[return-value]


# The risk comes first -------------------------------------------------------------------------------------


def test_a_screening_without_the_risk_judged_is_refused_where_violence_is_possible(enquiry: Scene) -> None:
    enquiry.begin_investigation()
    with pytest.raises(GateClosed, match="§ 18"):
        enquiry.take(enquiry.open_task("screen"), violence_possible=True)
    judge(enquiry)
    enquiry.take(enquiry.open_task("screen"), violence_possible=True)
    found = asked(enquiry, lambda: Investigation.objects.get(family=enquiry.family))
    assert found.track == "examination" and found.risk_id is not None and found.violence_possible


def test_what_is_known_from_the_beginning_is_judged_before_the_screening(enquiry: Scene) -> None:
    enquiry.begin_investigation(violence_possible=True)
    names = [task.flow_task.name for task in enquiry.open_tasks() if task.element == "investigation"]
    assert names == ["assess_risk"] and may(enquiry) == (False, False)
    enquiry.take(enquiry.open_task("assess_risk"), network_may_be_involved=False)
    assert may(enquiry) == (True, False)
    reason = asked(enquiry, lambda: str(network_may_be_involved(enquiry.family).reason))
    assert "netværket" in reason and "§ 18" in reason


def test_the_database_refuses_a_screening_without_the_risk_too(enquiry: Scene) -> None:
    enquiry.begin_investigation(violence_possible=True)
    with pytest.raises(IntegrityError, match="investigation_risk_before_screening"):
        asked(
            enquiry,
            lambda: Investigation.objects.filter(family=enquiry.family).update(
                track="nothing", reasons="Fordi.", screened_at=enquiry.now,
                screened_by=enquiry.company.actor("caseworker").staff,
            ),
        )  # fmt: skip


def test_nobody_is_involved_after_a_sign_of_violence_until_the_risk_was_judged_anew(enquiry: Scene) -> None:
    assert may(enquiry) == (True, True), "no sign is no ban"
    enquiry.receive_concern(violence_possible=True)
    assert may(enquiry) == (False, False)
    judge(enquiry)
    assert may(enquiry) == (True, True)
    enquiry.now += timedelta(hours=1)
    enquiry.receive_concern(violence_possible=True)
    assert may(enquiry) == (False, False), "the judgement was made before this sign"
    enquiry.take(enquiry.open_task("assess_concern"), violence_possible=False)
    assert may(enquiry) == (False, False), "one of the two notifications still says so"
    judge(enquiry, parents_may_be_involved=False, network_may_be_involved=False, protection="")
    assert may(enquiry) == (False, False)
    judge(enquiry, parents_may_be_involved=False)
    assert may(enquiry) == (False, True), "the newest judgement stands"


def test_the_family_s_trait_of_violence_is_a_sign(enquiry: Scene) -> None:
    enquiry.family.traits = ["violence"]
    asked(enquiry, lambda: enquiry.family.save(update_fields=["traits"]))
    assert may(enquiry) == (False, False)
    shown = asked_page(enquiry, "")
    assert "Inddrag ikke alle endnu" in shown
    judge(enquiry)
    assert may(enquiry) == (True, True)


def asked_page(scene: Scene, rest: str) -> str:
    with scene._standing():
        client = browser(scene.company.actor("caseworker"))
        return Page(client.get(f"/familier/{scene.family.uuid}/{rest}").content.decode()).text


def test_whoever_is_involved_while_somebody_is_at_risk_is_protected(enquiry: Scene) -> None:
    with pytest.raises(Refused, match="beskyttes"):
        judge(enquiry, protection=" ")
    enquiry.begin_investigation(violence_possible=True)
    with pytest.raises(InvalidStep):
        enquiry.take(enquiry.open_task("assess_risk"), protection="")


def test_a_practitioner_begins_no_screening(stay: Scene) -> None:
    with pytest.raises(NotAllowed):
        stay.begin_investigation("practitioner")


# Four months from awareness -------------------------------------------------------------------------------


def test_the_four_months_run_from_the_awareness_and_not_from_the_day_it_was_written_down(
    enquiry: Scene,
) -> None:
    aware_on = danish_day(enquiry.now) - timedelta(days=40)
    enquiry.begin_investigation(aware_on=aware_on)
    enquiry.take(enquiry.open_task("screen"))
    running = clock_of(enquiry, "examination")
    assert running.due_on == add_months(aware_on, 4)
    assert running.begun_at == moment_on(aware_on, now=enquiry.now)
    assert enquiry.open_task("examine").due == running.due_on
    assert "§ 20" in running.source


def test_an_awareness_in_the_future_is_refused_and_so_is_a_clock_before_its_trigger(enquiry: Scene) -> None:
    tomorrow = danish_day(enquiry.now) + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        enquiry.begin_investigation(aware_on=tomorrow)
    assert refused.value.type == "aware-in-future"
    with pytest.raises(Refused) as early:
        asked(
            enquiry,
            lambda: clocks.happened(
                family=enquiry.family, event=Event.DECISION_MADE, at=enquiry.now + timedelta(days=1)
            ),
        )
    assert early.value.type == "trigger-in-future"
    with pytest.raises(IntegrityError, match="clock_not_before_its_trigger"):
        asked(
            enquiry,
            lambda: Clock.objects.filter(family=enquiry.family).update(
                begun_at=enquiry.now + timedelta(days=1), due_at=enquiry.now + timedelta(days=9)
            ),
        )


def test_the_afdaekning_that_becomes_an_examination_keeps_the_day_of_awareness(enquiry: Scene) -> None:
    aware_on = danish_day(enquiry.now) - timedelta(days=10)
    enquiry.begin_investigation(aware_on=aware_on)
    enquiry.take(enquiry.open_task("screen"), track="clarification")
    assert not asked(
        enquiry, lambda: Clock.objects.filter(family=enquiry.family, rule="examination").exists()
    )
    enquiry.now += timedelta(days=30)
    enquiry.take(enquiry.open_task("clarify"), goes_on=True)
    assert clock_of(enquiry, "examination").due_on == add_months(aware_on, 4)


def test_what_takes_longer_has_a_preliminary_assessment_and_a_day_that_somebody_decided(
    enquiry: Scene,
) -> None:
    enquiry.begin_investigation()
    enquiry.take(enquiry.open_task("screen"))
    enquiry.now += timedelta(days=110)
    later = danish_day(enquiry.now) + timedelta(days=45)
    put_off = {"concluded": False, "preliminary": "Barnet trives.", "why_late": "Udtalelsen mangler."}
    with pytest.raises(InvalidStep):
        enquiry.take(enquiry.open_task("examine"), **put_off | {"why_late": ""}, expected_on=str(later))
    enquiry.take(enquiry.open_task("examine"), **put_off, expected_on=str(later))
    four, decided = clock_of(enquiry, "examination"), clock_of(enquiry, "examination-put-off")
    assert four.stop_reason == StopReason.DONE and not four.is_late(enquiry.now)
    assert (decided.due_on, decided.day_reason) == (later, "Udtalelsen mangler.")
    even_later = later + timedelta(days=30)
    enquiry.take(
        enquiry.open_task("examine"),
        **put_off | {"why_late": "Den mangler stadig."},
        expected_on=str(even_later),
    )
    moved = clock_of(enquiry, "examination-put-off")
    (change,) = asked(enquiry, lambda: list(ClockChange.objects.filter(clock=moved)))
    assert moved.due_on == even_later and change.reason == "Den mangler stadig."
    assert enquiry.open_task("examine").due == even_later
    enquiry.take(enquiry.open_task("examine"))
    assert clock_of(enquiry, "examination-put-off").stop_reason == StopReason.DONE


def test_an_awareness_put_right_moves_the_clock_and_says_from_where_and_why(enquiry: Scene) -> None:
    found = enquiry.begin_investigation()
    enquiry.take(enquiry.open_task("screen"))
    before = clock_of(enquiry, "examination").due_on
    earlier = found.aware_on - timedelta(days=20)
    actor = enquiry.company.actor("caseworker")

    def correct(reason: str, day: date) -> Any:
        fresh = Investigation.objects.get(pk=found.pk)
        return services.correct_awareness(
            actor=actor, investigation=fresh, aware_on=day, reason=reason, now=enquiry.now
        )

    for reason, day, kind in (
        (" ", earlier, "reason-missing"),
        ("Fordi.", found.aware_on + timedelta(days=1), "aware-in-future"),
        ("Fordi.", found.aware_on, "aware-unchanged"),
    ):
        with pytest.raises(Refused) as refused:
            asked(enquiry, correct, reason, day)
        assert refused.value.type == kind
    asked(enquiry, correct, "Mailen fra skolen kom før.", earlier)
    running = clock_of(enquiry, "examination")
    assert running.due_on == add_months(earlier, 4) < before
    assert enquiry.open_task("examine").due == running.due_on
    assert "Mailen fra skolen kom før." in asked_page(enquiry, "")
    assert f"Flyttet fra {before:%d.%m.%Y}" in asked_page(enquiry, "undersoegelse/")
    assert "Frist flyttet" in asked_page(enquiry, "historik/")


def test_one_need_is_examined_at_a_time(enquiry: Scene) -> None:
    enquiry.begin_investigation()
    with pytest.raises(StaleState):
        enquiry.begin_investigation()
    enquiry.take(enquiry.open_task("screen"), track="nothing")
    enquiry.begin_investigation()


# Beside a measure: the earlier of the two (§ 95) ------------------------------------------------------------


def test_the_first_follow_up_is_due_three_months_after_the_start_or_when_the_examination_is_done(
    stay: Scene,
) -> None:
    first = clock_of(stay, "first-follow-up")
    assert first.due_on == add_months(danish_day(first.begun_at), 3)
    stay.begin_investigation()
    stay.take(stay.open_task("screen"))
    stay.now += timedelta(days=5)
    stay.take(stay.open_task("examine"))
    found = asked(stay, lambda: Investigation.objects.get(family=stay.family))
    assert found.alongside
    sooner = clock_of(stay, "first-follow-up")
    assert sooner.due_on == found.concluded_on < first.due_on
    (change,) = asked(stay, lambda: list(changing.changes_of(stay.family)))
    assert "sideløbende" in change.reason and change.due_before == first.due_at


def test_a_start_put_right_after_the_examination_was_done_keeps_its_day(house: None) -> None:
    scene = Scene("greve")
    scene.go_on_to("move_in")
    scene.begin_investigation()
    scene.take(scene.open_task("screen"))
    scene.now += timedelta(days=1)
    scene.take(scene.open_task("examine"))
    found = asked(scene, lambda: Investigation.objects.get(family=scene.family))
    lead = scene.company.actor("authoritylead")
    with scene._standing(), lead.acting(), transaction.atomic():
        started = Task.objects.get(family=scene.family, flow_task__endswith=".start_intervention")
        family = Family.objects.visible_to(lead).get(pk=scene.family.pk)
        correct_step(actor=lead, family=family, task=started.uuid, reason="Forkert hus.", now=scene.now)
    began = asked(scene, lambda: Decision.objects.get(family=scene.family)).decided_at
    scene.take(scene.open_task("start_intervention"), started_on=danish_day(began).isoformat())
    assert clock_of(scene, "first-follow-up").due_on == found.concluded_on


def test_an_examination_that_ends_after_the_three_months_changes_nothing(stay: Scene) -> None:
    first = clock_of(stay, "first-follow-up")
    stay.begin_investigation()
    stay.take(stay.open_task("screen"))
    stay.now += timedelta(days=100)
    stay.take(stay.open_task("examine"))
    assert clock_of(stay, "first-follow-up").due_at == first.due_at
    assert not asked(stay, lambda: changing.changes_of(stay.family).exists())


def test_a_held_follow_up_starts_the_clock_of_the_day_that_was_agreed_with_its_reason(stay: Scene) -> None:
    stay.take(stay.open_task("set_goals"))
    stay.take(stay.open_task("follow_up"))
    assert clock_of(stay, "first-follow-up").stop_reason == StopReason.DONE
    agreed = clock_of(stay, "next-follow-up")
    assert agreed.due_on == danish_day(stay.now) + timedelta(days=60)
    assert agreed.day_reason.startswith("Målene bevæger sig")
    assert "§ 95" in agreed.source


def test_a_day_that_is_decided_has_a_reason_and_lies_ahead(stay: Scene) -> None:
    for given, kind in (
        ({"day": None}, "day-missing"),
        ({"day": danish_day(stay.now)}, "day-without-reason"),
        ({"day": danish_day(stay.now) - timedelta(days=1), "day_reason": "Fordi."}, "day-before-trigger"),
    ):
        with pytest.raises(Refused) as refused:
            asked(
                stay,
                lambda given=given: clocks.happened(
                    family=stay.family, event=Event.FOLLOW_UP_AGREED, at=stay.now, **given
                ),
            )
        assert refused.value.type == kind


def test_the_plan_s_three_months_run_from_the_decision_and_end_with_the_journey(stay: Scene) -> None:
    plan = clock_of(stay, "child-plan")
    assert plan.due_on == add_months(danish_day(plan.begun_at), 3) and "§ 91" in plan.source
    concern = asked(stay, lambda: clocks.close(family=stay.family, at=stay.now))
    assert concern and clock_of(stay, "child-plan").stop_reason == StopReason.CLOSED
    assert clock_of(stay, "first-follow-up").stop_reason == StopReason.CLOSED


# Never late in silence --------------------------------------------------------------------------------------


def test_why_it_was_late_is_asked_and_said_once(enquiry: Scene) -> None:
    enquiry.begin_investigation(aware_on=danish_day(enquiry.now) - timedelta(days=140))
    enquiry.take(enquiry.open_task("screen"))
    late = clock_of(enquiry, "examination")
    assert "Overskredet: hvorfor?" in asked_page(enquiry, "")
    actor = enquiry.company.actor("caseworker")

    def explain(text: str, clock: Clock = late) -> LateReason:
        return explaining.explain(actor=actor, clock=clock, kind=LateKind.OTHERS, text=text, now=enquiry.now)

    in_time = clock_of(enquiry, "flow_journey.assess_target_group")
    with pytest.raises(Refused, match="ikke overskredet"):
        asked(enquiry, explain, "Fordi.", in_time)
    with pytest.raises(Refused, match="hvorfor"):
        asked(enquiry, explain, " ")
    asked(enquiry, explain, "Vi fik først papirerne i går.")
    with pytest.raises(StaleState):
        asked(enquiry, explain, "En anden grund.")
    shown = asked_page(enquiry, "")
    assert "Overskredet: hvorfor?" not in shown and "Vi fik først papirerne i går." in shown
    assert "Vi fik først papirerne i går." in asked_page(enquiry, "historik/")


def test_the_database_keeps_one_reason_and_none_before_the_end(enquiry: Scene) -> None:
    running = clock_of(enquiry, "flow_journey.assess_target_group")
    with pytest.raises(IntegrityError, match="late_reason_after_the_end"):
        asked(
            enquiry,
            lambda: LateReason.objects.create(
                municipality_id=enquiry.family.municipality_id, family=enquiry.family, clock=running,
                due_at=running.due_at, kind=LateKind.OTHER, text="Fordi.",
                given_by=enquiry.company.actor("caseworker").staff, given_at=running.due_at,
            ),
        )  # fmt: skip
