"""Take away the record that a gate rests on, and it closes, on the page and in the API; put it back, and it opens.

The facts that were read before are stale then, which is another answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from placement import clock
from placement.access.actor import Actor
from tests import story
from tests.cast import browser
from tests.walking import ByApi, Page, Walker, as_form
from tests.watching import changed, nothing_written, removed
from tests.workflows.test_frozen_graphs import flows
from workflows.kernel.nodes import HumanStep

Looking = psycopg.Connection[Any]
Away = Callable[[Looking, str], AbstractContextManager[None]]


def without(table: str) -> Away:
    """All of the family's rows of a table are gone."""
    return lambda looking, family: removed(looking, table, f"family_id = {family}")


def withdrawn(looking: Looking, family: str) -> AbstractContextManager[None]:
    return changed(looking, "families_consent", f"family_id = {family}", withdrawn_on="2026-12-31")


def no_decision_on_the_latest_step(table: str) -> Away:
    latest = "(SELECT max(id) FROM flow_exit_exitstep WHERE family_id = {})"
    return lambda looking, family: removed(looking, table, f"step_id = {latest.format(family)}")


def latest_step_is_not_evaluated(looking: Looking, family: str) -> AbstractContextManager[None]:
    latest = f"id = (SELECT max(id) FROM flow_exit_exitstep WHERE family_id = {family} AND evaluated_at IS NOT NULL)"
    return changed(looking, "flow_exit_exitstep", latest, evaluated_at=None, result="", child_view_id=None)


def latest_step_has_no_childs_view(looking: Looking, family: str) -> AbstractContextManager[None]:
    latest = f"SELECT child_view_id FROM flow_exit_exitstep WHERE family_id = {family} AND evaluated_at IS NOT NULL"
    return removed(looking, "families_childview", f"id = ({latest} ORDER BY id DESC LIMIT 1)")


def latest_step_is_not_carried_out(looking: Looking, family: str) -> AbstractContextManager[None]:
    latest = f"id = (SELECT max(id) FROM flow_exit_exitstep WHERE family_id = {family})"
    return changed(looking, "flow_exit_exitstep", latest, carried_out_on=None)


def one_profession_is_missing(looking: Looking, family: str) -> AbstractContextManager[None]:
    nurse = f"content_object_id = {family} AND function = 'team' AND profession = 'sundhedsplejerske'"
    return changed(looking, "families_familygrant", nurse, profession="psykolog")


def changed_in(table: str, **values: Any) -> Away:
    """All of the family's rows of a table say something else."""
    return lambda looking, family: changed(looking, table, f"family_id = {family}", **values)


def latest_word_takes_effect_on_no_day(looking: Looking, family: str) -> AbstractContextManager[None]:
    latest = f"step_id = (SELECT max(id) FROM flow_exit_exitstep WHERE family_id = {family})"
    return changed(looking, "flow_exit_authorityword", latest, effective_from=None)


def agreements_are_broken(looking: Looking, family: str) -> AbstractContextManager[None]:
    found = looking.execute(
        "SELECT made_by_id FROM network_agreement WHERE family_id = %s", [family]
    ).fetchone()
    assert found is not None
    told = {"kept": False, "followed_up_on": "2026-12-31", "followed_up_by_id": found[0]}
    return changed(looking, "network_agreement", f"family_id = {family}", **told)


@contextmanager
def a_concern_is_open(looking: Looking, family: str) -> Iterator[None]:
    """Here a record too much closes the gate: a notification that nobody has assessed."""
    looking.execute("SET session_replication_role = replica")
    looking.execute(
        "INSERT INTO flow_screening_concern (uuid, municipality_id, family_id, received_at, notifier, what, acute, "
        "violence_possible, registered_by_id, registered_at, outcome, needs_second, closed_reason) "
        "SELECT gen_random_uuid(), municipality_id, id, enquired_at, 'school', 'Bekymring', false, false, "
        "registered_by_id, enquired_at, '', false, '' FROM families_family WHERE id = %s",
        [family],
    )
    try:
        yield
    finally:
        looking.execute("DELETE FROM flow_screening_concern WHERE family_id = %s", [family])
        looking.execute("SET session_replication_role = origin")


CONCERN = "nderretning"
SAFETY: list[tuple[str, Away, str]] = [
    ("exit.approve_step", without("flow_exit_safetyplan"), "Sikkerhedsplanen mangler"),
    ("exit.approve_step", a_concern_is_open, CONCERN),
]
CONSENT = "amtykke"
CHILD = "Barnets perspektiv"
#: Each gate: the step, what is taken away, and words of the reason. In the order of the journey.
GATES: list[tuple[str, Away, str]] = [
    ("journey.request_decision", without("families_consent"), CONSENT),
    ("journey.request_decision", withdrawn, CONSENT),
    ("journey.approve_decision", without("families_consent"), CONSENT),
    ("journey.approve_decision", without("families_childview"), CHILD),
    ("journey.approve_decision", without("flow_decisions_hearing"), "Partshøring mangler"),
    ("journey.start_intervention", without("families_consent"), CONSENT),
    ("journey.start_intervention", withdrawn, CONSENT),
    ("journey.start_intervention", without("families_childview"), CHILD),
    ("journey.start_intervention", without("families_decision"), "ingen godkendt afgørelse"),
    ("journey.move_in", withdrawn, CONSENT),
    ("journey.move_in", without("families_childview"), CHILD),
    ("journey.move_in", without("families_decision"), "ingen godkendt afgørelse"),
    ("team.hold_meeting", one_profession_is_missing, "Teamet mangler: sundhedsplejerske"),
    ("mentalisation.hold_session", without("meetings_mentalisationbaseline"), "Udgangspunktet mangler"),
    ("progression.set_goals", without("families_decision"), "formål"),
    ("progression.follow_up", without("progression_goal"), "ingen mål"),
    ("network.hold_meeting", without("network_networkmap"), "Netværkskortet mangler"),
    ("network.make_agreement", without("meetings_meeting"), "netværksmøde"),
    ("exit.request_step", without("flow_exit_exitplan"), "Udslusningsplanen mangler"),
    ("exit.request_step", withdrawn, CONSENT),
    ("exit.approve_step", without("flow_exit_exitplan"), "Udslusningsplanen mangler"),
    ("exit.approve_step", withdrawn, CONSENT),
    *SAFETY,
    (
        "exit.approve_step",
        changed_in("flow_exit_exitplan", residence="", residence_task=""),
        "Boligen er ikke afklaret",
    ),
    ("exit.carry_out_step", a_concern_is_open, CONCERN),
    ("exit.carry_out_step", no_decision_on_the_latest_step("flow_exit_exitstepdecision"), "ikke godkendt"),
    ("exit.carry_out_step", withdrawn, CONSENT),
    ("exit.evaluate_step", latest_step_is_not_carried_out, "ikke gennemført"),
]
#: The same for the second step of the ladder, and for trial living.
NEXT_STEP: list[tuple[str, Away, str]] = [
    ("exit.request_step", latest_step_is_not_evaluated, "ikke evalueret"),
    ("exit.approve_step", latest_step_is_not_evaluated, "ikke evalueret"),
    ("exit.approve_step", latest_step_has_no_childs_view, CHILD),
    ("exit.approve_step", without("flow_exit_exitvisit"), "besøg med forældrenes og teamets evaluering"),
]
#: Staying the night.
THE_NIGHT: list[tuple[str, Away, str]] = [
    ("exit.approve_step", changed_in("flow_exit_safetyplan", night_contact=""), "om natten"),
    ("exit.approve_step", without("flow_exit_homecheck"), "Boligen skal være set"),
    (
        "exit.approve_step",
        agreements_are_broken,
        "For få aftaler med netværket",
    ),
]


def on_the_ground(step: str) -> list[tuple[str, Away, str]]:
    """What trial living and moving out have in common, for the authority and for the team lead."""
    return [
        (step, without("flow_exit_safetyplan"), "Sikkerhedsplanen mangler"),
        (step, a_concern_is_open, CONCERN),
        (step, without("flow_exit_receivingsupport"), "hvem der støtter familien"),
        (step, without("flow_exit_placekept"), "Pladsen skal holdes"),
    ]


TRIAL_LIVING: list[tuple[str, Away, str]] = [
    ("exit.authorise_step", latest_step_is_not_evaluated, "ikke evalueret"),
    ("exit.authorise_step", without("flow_exit_exitplan"), "Udslusningsplanen mangler"),
    ("exit.authorise_step", withdrawn, CONSENT),
    ("exit.authorise_step", latest_step_has_no_childs_view, CHILD),
    (
        "exit.approve_step",
        no_decision_on_the_latest_step("flow_exit_authorityword"),
        "myndighedens godkendelse",
    ),
    (
        "exit.carry_out_step",
        no_decision_on_the_latest_step("flow_exit_authorityword"),
        "myndighedens godkendelse",
    ),
    ("exit.carry_out_step", without("flow_exit_placekept"), "Pladsen skal holdes"),
    *on_the_ground("exit.authorise_step"),
    *on_the_ground("exit.approve_step"),
]
#: Trial living alone, and moving out alone.
ONLY_TRIAL: list[tuple[str, Away, str]] = [
    (step, away, words)
    for step in ("exit.authorise_step", "exit.approve_step")
    for away, words in (
        (without("flow_exit_homecheck"), "Boligen skal være set"),
        (agreements_are_broken, "For få aftaler"),
        (
            changed_in("flow_exit_receivingsupport", health_visitor_informed_on=None),
            "Fortæl sundhedsplejersken",
        ),
    )
]
ONLY_MOVING: list[tuple[str, Away, str]] = [
    *(
        (step, away, words)
        for step in ("exit.authorise_step", "exit.approve_step")
        for away, words in (
            (changed_in("flow_exit_receivingsupport", first_appointment_on=None), "Aftal den første gang"),
            (without("flow_exit_handovermeeting"), "Hold overleveringsmødet"),
            (agreements_are_broken, "For få aftaler"),
            (changed_in("flow_exit_safetyplanreview", goal_met=False), "er målet nået"),
            (changed_in("flow_exit_safetyplanreview", child_feels_safe=False), "hvordan er det for barnet"),
            (
                changed_in("flow_exit_safetyplanreview", network_goes_on=False),
                "sikkerhedsplanen med netværket",
            ),
            (without("flow_exit_childplanrevision"), "Barnets plan er ikke revideret"),
            (
                changed_in("flow_exit_childplanrevision", revised_on="2020-01-01"),
                "Barnets plan er ikke revideret",
            ),
        )
    ),
    ("exit.approve_step", latest_word_takes_effect_on_no_day, "dag"),
    ("exit.carry_out_step", latest_word_takes_effect_on_no_day, "dag"),
]
#: Conditions that are not closed by the lists above, and where they are.
ELSEWHERE = {
    # The form itself asks whoever has custody; without anybody it has nobody to ask (tests/families/test_people.py).
    ("journey.obtain_consent", "custody"),
    # May be written in the same form; closed in a test of its own below.
    ("journey.request_decision", "child-view"),
}
Pairs = set[tuple[str, str]]


def check(walker: Walker, looking: Looking, step: str, away: Away, words: str) -> Pairs:
    """The gate of the open ``step`` closes while the record is away; the step stays open and nothing is written.

    The conditions, with their step, that were met before and were not then.
    """
    # A day each: what the last step rests on must not grow too old while all of it is tried.
    walker.now += timedelta(days=1)
    with clock.standing_at(walker.now):
        task, actor = walker.ready(step)
        program, person = walker.client(actor), _browser(walker, actor)
        api_address, page_address = f"/api/v1/tasks/{task.uuid}/", f"/opgaver/{task.uuid}/"
        data = walker.usual(task, actor)
        if step == "journey.request_decision":
            # The child's view has a gate of its own; it is in the same form.
            data |= {"child_view_text": "Ser på mor.", "child_view_source": "observed"}
        read = program.get(api_address).json()
        unmet = {condition["code"] for condition in read["conditions"] if not condition["met"]}
        assert unmet <= {"child-view"}, (step, unmet)
        before = {"facts_version": read["facts_version"]}
        met = {condition["code"] for condition in read["conditions"] if condition["met"]}
        with away(looking, str(walker.family.pk)), nothing_written(looking):
            # A goal that is gone is no longer a field of the form either.
            data = {name: value for name, value in data.items() if not name.startswith("goal_")}
            for response in (
                program.post(f"{api_address}complete/", data | before, format="json"),
                person.post(page_address, as_form(data | before)),
            ):
                assert response.status_code == 409, response.content.decode()
                if response["Content-Type"] == "application/problem+json":
                    stale = response.json()
            assert stale["type"] == "urn:familieforloeb:problem:stale-facts"
            assert "Grundlaget har ændret sig" in stale["detail"]

            shown = program.get(api_address).json()
            assert [c["met"] for c in shown["conditions"]].count(False) >= 1
            now = {"facts_version": shown["facts_version"]}
            # Another ground may offer other exceptions.
            data = {name: value for name, value in data.items() if name in shown["form"]["properties"]}
            response = program.post(f"{api_address}complete/", data | now, format="json")
            assert response.status_code == 422, response.content.decode()
            assert response["Content-Type"] == "application/problem+json"
            assert response.json()["type"] == "urn:familieforloeb:problem:gate-closed"
            assert words in response.json()["detail"]

            page = Page(person.get(page_address).content.decode())
            response = person.post(page_address, page.hidden | as_form(data))
            text = Page(response.content.decode()).text
            assert response.status_code == 422, text
            assert words in text
        assert walker.task(step).pk == task.pk
        return {(step, c["code"]) for c in shown["conditions"] if c["code"] in met and not c["met"]}


def _browser(walker: Walker, actor: Actor) -> Any:
    """One log-in a person for the whole walk."""
    known: dict[int, Any] = walker.__dict__.setdefault("browsers", {})
    if actor.staff_id not in known:
        known[actor.staff_id] = browser(actor)
    return known[actor.staff_id]


def named(walker: Walker, step: str) -> Pairs:
    """The conditions that the open ``step`` names."""
    with clock.standing_at(walker.now + timedelta(days=2)):
        task = walker.task(step)
        program = walker.client(walker.company.for_task(task))
        return {(step, c["code"]) for c in program.get(f"/api/v1/tasks/{task.uuid}/").json()["conditions"]}


def check_all(
    walker: Walker, looking: Looking, acts: list[story.Act], gates: list[tuple[str, Away, str]]
) -> tuple[Pairs, Pairs]:
    """Walk the acts and close each gate on the way: the conditions that were named, and those that were closed."""
    asked: Pairs = set()
    closed: Pairs = set()
    waiting = list(gates)
    for step, otherwise in acts:
        asked |= named(walker, step)
        for gate in [gate for gate in waiting if gate[0] == step]:
            closed |= check(walker, looking, *gate)
            waiting.remove(gate)
        walker.act(step, **otherwise)
    assert waiting == []
    return asked, closed


def test_each_gate_closes_without_its_record_and_opens_with_it(house: None, looking: Looking) -> None:
    """The way to the house and the first exit step; then the next step; then the authority's part in the last two."""
    acts = [
        *story.TO_THE_HOUSE,
        *story.MENTALISATION[:2],
        *story.PROGRESSION[:2],
        *story.NETWORK[:3],
        *story.TEAM[:2],
        *story.EXIT[:5],
    ]
    walker = ByApi()
    asked, closed = check_all(walker, looking, acts, GATES)
    for more, gates in (
        (story.ladder_step(), NEXT_STEP),
        (story.ladder_step(), THE_NIGHT),
        (story.ladder_step(authority=True), TRIAL_LIVING + ONLY_TRIAL),
        (story.ladder_step(authority=True), TRIAL_LIVING + ONLY_MOVING),
    ):
        also_asked, also_closed = check_all(walker, looking, more, gates)
        asked |= also_asked
        closed |= also_closed
    assert walker.done[-1] == "exit.evaluate_step"
    # No gate, and no condition of one, was forgotten here.
    assert asked - closed == ELSEWHERE
    gated = {
        f"{flow.element}.{node.name}"
        for flow in flows()
        for node in flow.instance.nodes()
        if isinstance(node, HumanStep) and node.conditions
    }
    # Whoever assesses a notification anew: tests/workflows/test_concern.py. A conference stands beside the journey:
    # tests/journeys/test_conference.py and test_guards.py. So do screening and the two plans before a birth:
    # test_investigation.py and tests/journeys/test_unborn.py. What is decided anew after a complaint: tests/journeys/
    # test_sibling_is_a_party.py. A release is about no family: tests/evaluation/test_way.py.
    beside = {
        "screening.second_assessment", "network.hold_conference", "network.approve_plan", "investigation.screen",
        "investigation.write_plans", "investigation.settle_at_birth",
        "journey.decide_anew", "journey.approve_anew", "release.review", "release.approve",
    }  # fmt: skip
    assert {step for step, _code in asked} == gated - beside


def test_the_childs_view_must_be_written_before_a_decision_is_asked_for(
    house: None, looking: Looking
) -> None:
    walker = ByApi().walk(story.TO_THE_HOUSE[:2])
    walker.now += timedelta(days=2)
    with clock.standing_at(walker.now):
        task = walker.task("journey.request_decision")
        actor = walker.company.for_task(task)
        data = walker.usual(task, actor, child_view_text="")
        del data["child_view_source"]
        with nothing_written(looking):
            response = walker.client(actor).post(f"/api/v1/tasks/{task.uuid}/complete/", data, format="json")
        assert response.status_code == 422
        assert response.json()["type"] == "urn:familieforloeb:problem:gate-closed"
        assert CHILD in response.json()["detail"]
        page = f"/familier/{walker.family_uuid}/barnets-perspektiv/"
        view = {
            "child": data["child"], "obtained_on": walker.now.strftime("%d.%m.%Y"), "child_view_source": "observed",
            "child_view_text": "Ser på mor.",
        }  # fmt: skip
        assert browser(actor).post(page, view).status_code == 302
        walker.complete(actor, task, data)


def test_a_rejection_needs_no_ground(house: None, looking: Looking) -> None:
    """Saying no must be possible just when something is missing."""
    walker = ByApi().walk(story.TO_THE_HOUSE[:3])
    walker.now += timedelta(days=2)
    with withdrawn(looking, str(walker.family.pk)):
        walker.act("journey.approve_decision", **story.REJECTED)
    assert walker.task("journey.request_decision")


@pytest.mark.parametrize("step", [story.TO_THE_HOUSE[5], story.TO_THE_HOUSE[6]], ids=["decision", "start"])
def test_the_facts_are_stored_or_shown_as_they_were(house: None, looking: Looking, step: story.Act) -> None:
    walker = ByApi().walk(story.TO_THE_HOUSE[: story.TO_THE_HOUSE.index(step)])
    walker.act(step[0], **step[1])
    facts = looking.execute(
        "SELECT facts FROM families_decision WHERE family_id = %s AND approved", [walker.family.pk]
    ).fetchone()
    assert facts is not None
    assert facts[0]["consents_standing"] == facts[0]["custody_holders"] == 2
    assert facts[0]["latest_child_view_on"] <= "2026-03-20"
    assert facts[0]["purpose"].startswith("At forældrene får ro")
