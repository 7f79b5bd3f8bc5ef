"""The team in full: named in time, its meetings with agenda and attendance, its decisions, its substitutes."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction

from demo.answers import decision_for
from placement import clock
from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.roles import Role
from placement.families.models import Family, FamilyGrant
from placement.families.substitutes import appoint_substitute, end_substitute
from placement.meetings import minutes
from placement.meetings.models import AgendaKind, Meeting, MeetingDecision, MinutesGiven
from placement.staffing.services import appoint_deputy
from tests.cast import api, browser
from tests.walking import Page
from tests.workflows.test_elements import Walk
from workflows.kernel.clocks.services import happened
from workflows.kernel.forms import InvalidStep
from workflows.kernel.models import Clock, Process, Task
from workflows.kernel.services import complete_task
from workflows.model_versions.clock_rules import Event
from workflows.model_versions.content import NATIONAL, parse, read_file
from workflows.team.agenda import agenda, agendas_of
from workflows.team.selectors import team_members


@pytest.fixture
def walk(cast: Any) -> Walk:
    return Walk()


def meeting_of(walk: Walk) -> Meeting:
    return walk.look(lambda: Meeting.objects.filter(family=walk.family).order_by("-id")[0])


def named(walk: Walk, part: str = "practitioner") -> dict[str, Any]:
    """Decisions that give that part of the cast something to do."""
    return walk.look(lambda: decision_for(part, walk.family, clock.today()))


def action_point(walk: Walk) -> Task:
    return next(task for task in walk.open() if task.flow_task.name == "do_action_point")


def waits_for(walk: Walk, actor: Actor, task: Task) -> bool:
    with clock.standing_at(walk.now), actor.acting(), transaction.atomic():
        return Task.objects.waiting_for(actor).filter(pk=task.pk).exists()


def do(walk: Walk, actor: Actor, task: Task, **data: Any) -> Task:
    with clock.standing_at(walk.now), actor.acting():
        return complete_task(actor=actor, task_uuid=task.uuid, data=data, now=walk.now)


# Named in time, and meeting --------------------------------------------------------------------------------


def test_a_team_with_every_required_profession_stops_the_clock(walk: Walk) -> None:
    walk.look(lambda: happened(family=walk.family, event=Event.MOVED_IN, at=walk.now))
    clocks = Clock.objects.filter(family=walk.family, rule="team-named")
    assert walk.look(lambda: clocks.get().stopped_at) is None
    walk.step("team")
    assert walk.look(lambda: clocks.get().stopped_at) == walk.now


def test_a_team_meeting_stops_the_clock_that_asks_for_one(walk: Walk) -> None:
    walk.step("team")
    walk.look(lambda: happened(family=walk.family, event=Event.EXIT_STEP_WENT_WRONG, at=walk.now))
    running = Clock.objects.running().filter(family=walk.family, rule="meeting-after-concern")
    assert walk.look(running.count) == 1
    walk.step("team")
    assert walk.look(running.count) == 0


#: The clock of the meeting itself, and those that run for months in every family at this point of its stay.
AFTER_CONCERN = "Teamet har holdt møde om det, der gik galt"
ALWAYS = [
    "Målinger: Ved indflytning",
    "Barnets plan er lavet, eller det er besluttet, at der ikke laves en",
    "Den første opfølgning på støtten er holdt",
    "Målinger: Efter tre måneder",
]


def clocks_of(lines: Any) -> list[str]:
    """The titles of the clocks on an agenda."""
    return [line.title for line in lines if line.item.kind == AgendaKind.CLOCK]


def test_the_agenda_is_made_of_what_is_open_and_kept_with_the_meeting(walk: Walk) -> None:
    walk.step("team")
    walk.step("progression")
    walk.step("network")
    walk.look(lambda: happened(family=walk.family, event=Event.EXIT_STEP_WENT_WRONG, at=walk.now))
    step = walk.task("team")
    before = walk.look(lambda: agenda(walk.family, without=step))
    kinds = [line.item.kind for line in before]
    assert kinds.count(AgendaKind.GOAL) == 2
    assert clocks_of(before) == [AFTER_CONCERN, *ALWAYS]
    assert kinds.count(AgendaKind.TASK) == 4  # one of each of the other elements, and not the meeting itself
    walk.step("team")
    held = meeting_of(walk)
    kept = walk.look(lambda: agendas_of([held])[held.pk])
    assert [line.title for line in kept] == [line.title for line in before]
    # The clock has stopped and is no longer on the next agenda, but stays on that of the meeting that was held.
    assert walk.look(lambda: clocks_of(agenda(walk.family))) == ALWAYS


def test_the_step_shows_the_agenda_and_the_meeting_is_no_second_copy_of_it(walk: Walk, looking: Any) -> None:
    walk.step("team")
    walk.step("progression")
    with clock.standing_at(walk.now):
        page = browser(walk.company.actor("practitioner")).get(f"/opgaver/{walk.task('team').uuid}/")
    assert "Dagsorden: åbne mål" in page.content.decode()
    walk.step("team")
    stored = looking.execute("SELECT to_jsonb(a) FROM meetings_agendaitem a").fetchall()
    assert stored
    goals = walk.look(lambda: [goal.title for goal in walk.family.goals.all()])
    assert not any(title in str(row) for title in goals for row in stored)


def test_attendance_by_profession_says_what_was_missing(walk: Walk) -> None:
    walk.step("team")
    there = [str(walk.company.actor(part).staff.uuid) for part in ("practitioner", "caseworker")]
    walk.step("team", present=there)
    assert meeting_of(walk).missing == ["sundhedsplejerske"]
    walk.step("team")
    assert meeting_of(walk).missing == []


def test_nobody_was_at_a_meeting_before_they_came_to_the_team(walk: Walk, looking: Any) -> None:
    walk.step("team")
    before = walk.look(lambda: (walk.now - timedelta(days=2)).date().isoformat())
    task = walk.task("team")
    with pytest.raises(InvalidStep) as said:
        walk.step("team", held_on=before)
    assert "kom først på teamet" in said.value.errors["present"][0]
    assert walk.task("team").pk == task.pk
    assert not walk.look(lambda: Meeting.objects.filter(family=walk.family).exists())
    tomorrow = (walk.now + timedelta(days=4)).date().isoformat()
    with pytest.raises(InvalidStep):
        walk.step("team", held_on=tomorrow)


def test_parents_who_were_not_there_are_explained(walk: Walk) -> None:
    walk.step("team")
    with pytest.raises(InvalidStep) as said:
        walk.step("team", parents_present=False, parents_absent_reason=" ")
    assert "parents_absent_reason" in said.value.errors
    walk.step("team", parents_present=False, parents_absent_reason="Barnet var sygt.")
    assert meeting_of(walk).parents_absent_reason == "Barnet var sygt."


# Decisions that become tasks -------------------------------------------------------------------------------


def test_what_a_colleague_is_to_do_is_that_colleagues_task(walk: Walk) -> None:
    walk.step("team")
    walk.step("team", **named(walk))
    task = action_point(walk)
    practitioner, other = walk.company.actor("practitioner"), walk.company.actor("healthvisitor")
    assert (task.owner_id, task.due) == (
        practitioner.staff_id,
        walk.look(lambda: MeetingDecision.objects.get().due_on),
    )
    assert [waits_for(walk, a, task) for a in (practitioner, other, walk.company.actor("teamlead"))] == [
        True,
        False,
        True,
    ]
    with clock.standing_at(walk.now):
        day = Page(browser(practitioner).get("/min-dag/").content.decode())
        assert f"/opgaver/{task.uuid}/" in day.links
        assert "Aftale et ekstra besøg hos lægen" in day.text
        assert api(other).get(f"/api/v1/tasks/{task.uuid}/").status_code == 403
    with pytest.raises(NotAllowed):
        do(walk, other, task, done=True, reason="")
    with pytest.raises(InvalidStep):
        do(walk, practitioner, task, done=False, reason="")
    do(walk, practitioner, task, done=False, reason="Lægen havde ingen tid.")
    became = walk.look(lambda: MeetingDecision.objects.get().became)
    assert (became.done, became.reason, became.closed_by_id) == (
        False,
        "Lægen havde ingen tid.",
        practitioner.staff_id,
    )
    with pytest.raises(StaleState):
        do(walk, practitioner, task, done=True, reason="")
    # The meeting's own step goes on undisturbed, and the family's version is found as before.
    assert walk.node("team") == "hold_meeting"
    journey = walk.look(
        lambda: Process.objects.filter(family=walk.family, parent_task__isnull=True).order_by("id").first()
    )
    assert journey.flow_class.__name__ == "JourneyFlow"


def test_a_colleagues_task_needs_a_day_and_a_decision_without_one_is_no_task(walk: Walk) -> None:
    walk.step("team")
    decisions = named(walk)["decisions"]
    with pytest.raises(InvalidStep) as said:
        walk.step("team", decisions=[{**decisions[0], "due_on": ""}])
    assert "decisions" in said.value.errors
    walk.step("team", decisions=[{"text": "Vi holder fast", "responsible": "Forældrene"}])
    assert [task.flow_task.name for task in walk.open() if task.element == "team"] == ["hold_meeting"]


def test_a_lead_or_a_deputy_does_it_for_the_colleague_under_their_own_name(walk: Walk, looking: Any) -> None:
    walk.step("team")
    walk.step("team", **named(walk, "caseworker"))
    task = action_point(walk)
    colleague = walk.company.actor("caseworker")
    looking.execute(
        "INSERT INTO access_staffmembership (staff_id, municipality_id, role, profession, starts) "
        "VALUES (%s, 253, 'caseworker', '', '2026-01-02')",
        [walk.company.actor("healthvisitor").staff_id],
    )
    deputy = walk.company.actor("healthvisitor")
    assert not waits_for(walk, deputy, task)
    with clock.standing_at(walk.now), colleague.acting():
        appoint_deputy(
            actor=colleague, deputy=deputy.staff, stands_in_for=colleague.staff, role=Role.CASEWORKER,
            starts=clock.today(), ends=clock.today(), reason="Ferie", longest_days=42, now=walk.now,
        )  # fmt: skip
    assert waits_for(walk, deputy, task)
    do(walk, deputy, task, done=True, reason="")
    assert walk.look(lambda: MeetingDecision.objects.get().became.closed_by_id) == deputy.staff_id


def test_a_deputy_sits_at_the_meeting_in_the_colleagues_place(walk: Walk) -> None:
    walk.step("team")
    colleague, deputy = walk.company.actor("teamlead"), walk.company.actor("teamlead2")
    walk.step(
        "team",
        outcome="change_team",
    )
    team = walk.look(lambda: team_members(walk.family, clock.today()))
    walk.step(
        "team",
        members=[
            *({"person": str(g.user.uuid), "profession": g.profession} for g in team),
            {"person": str(colleague.staff.uuid), "profession": "psykolog"},
        ],
    )
    with clock.standing_at(walk.now), colleague.acting():
        appoint_deputy(
            actor=colleague, deputy=deputy.staff, stands_in_for=colleague.staff, role=Role.TEAM_LEAD,
            starts=clock.today(), ends=clock.today() + timedelta(days=7), reason="Kursus", longest_days=42,
            now=walk.now,
        )  # fmt: skip
    others = [str(g.user.uuid) for g in team]
    walk.step("team", present=[*others, str(deputy.staff.uuid)])
    held = meeting_of(walk)
    sat = walk.look(lambda: {a.staff_id: (a.profession, a.present) for a in held.attendance.all()})
    assert sat[deputy.staff_id] == ("psykolog", True)
    assert sat[colleague.staff_id] == ("psykolog", False)


# Minutes ---------------------------------------------------------------------------------------------------


def test_the_minutes_are_for_the_parties_and_say_nothing_of_the_agenda(walk: Walk) -> None:
    walk.step("team")
    walk.look(lambda: happened(family=walk.family, event=Event.CONCERN_RECEIVED, at=walk.now))
    walk.step("team", minutes="Vi talte om nætterne.")
    held = meeting_of(walk)
    address = f"/familier/{walk.family.uuid}/moeder/{held.uuid}/referat/"
    with clock.standing_at(walk.now):
        text = Page(browser(walk.company.actor("practitioner")).get(address).content.decode()).text
        meetings = browser(walk.company.actor("practitioner")).get(f"/familier/{walk.family.uuid}/moeder/")
    assert "Vi talte om nætterne." in text and "Sofie Lind" in text
    # A notification of concern is nothing that a printed page tells the parents by the way.
    assert "nderretning" not in text
    assert "nderretning" in meetings.content.decode()
    assert address in Page(meetings.content.decode()).links


def test_minutes_are_given_to_parties_on_a_day_after_the_meeting(walk: Walk) -> None:
    walk.step("team")
    walk.step("team")
    held, actor = meeting_of(walk), walk.company.actor("practitioner")
    address = f"/familier/{walk.family.uuid}/moeder/{held.uuid}/referat/"
    mother, child = walk.look(lambda: list(walk.family.people.order_by("id")))
    today = walk.look(clock.today)

    def given(**otherwise: Any) -> str:
        with clock.standing_at(walk.now), actor.acting(), transaction.atomic():
            try:
                minutes.give_minutes(
                    **{
                        "actor": actor, "meeting": held, "person": mother, "given_on": today, "how": "paper",
                        "now": walk.now, **otherwise,
                    }
                )  # fmt: skip
            except Refused as refused:
                transaction.set_rollback(True)
                return refused.type
        return ""

    assert given(person=child) == "minutes-not-a-party"
    assert given(given_on=today + timedelta(days=1)) == "minutes-in-future"
    assert given(given_on=held.held_on - timedelta(days=1)) == "minutes-before-meeting"
    assert given(how="pigeon") == "minutes-how"
    assert not walk.look(lambda: MinutesGiven.objects.exists())
    with clock.standing_at(walk.now):
        client = browser(actor)
        sent = client.post(
            address, {"person": str(mother.uuid), "given_on": f"{today:%d.%m.%Y}", "how": "paper"}
        )
        assert sent.status_code == 302
        assert "På papir" in client.get(address).content.decode()
    assert given() == "minutes-twice"
    assert walk.look(lambda: MinutesGiven.objects.get().given_by_id) == actor.staff_id


def test_a_child_of_ten_is_a_party(walk: Walk) -> None:
    day = date(2026, 3, 2)

    def born(on: date) -> bool:
        walk.family.people.filter(kind="child").update(born_on=on)
        return any(person.kind == "child" for person in minutes.parties(walk.family, day))

    assert walk.look(lambda: born(date(2016, 3, 2)))
    assert not walk.look(lambda: born(date(2016, 3, 3)))


# Substitutes -----------------------------------------------------------------------------------------------


def put_in(walk: Walk, **otherwise: Any) -> FamilyGrant:
    lead = walk.company.actor("teamlead")
    day = walk.look(clock.today)
    asked = {
        "family": walk.family,
        "member": walk.company.actor("practitioner").staff,
        "staff": walk.company.actor("teamlead2").staff,
        "by": lead,
        "starts": day,
        "ends": day + timedelta(days=13),
        "today": day,
    } | otherwise
    with clock.standing_at(walk.now), lead.acting(), transaction.atomic():
        return appoint_substitute(**asked)


def test_a_substitute_is_on_the_team_for_a_time_as_the_member_is(walk: Walk) -> None:
    walk.step("team")
    made = put_in(walk)
    assert made.profession == "familiebehandler"
    team = walk.look(lambda: team_members(walk.family, clock.today()))
    assert made.user_id in {grant.user_id for grant in team}
    assert made.user_id in {g.user_id for g in walk.look(lambda: team_members(walk.family, made.ends))}
    after = made.ends + timedelta(days=1)
    assert made.user_id not in {g.user_id for g in walk.look(lambda: team_members(walk.family, after))}
    with clock.standing_at(walk.now):
        page = browser(walk.company.actor("teamlead")).get(f"/familier/{walk.family.uuid}/")
    assert "vikar for Sofie Lind" in page.content.decode()


def test_a_substitute_sees_the_family_from_the_first_to_the_last_day(walk: Walk) -> None:
    walk.step("team")
    day = walk.look(clock.today)
    # The health visitor who is nobody's: off the team, then a substitute on it.
    walk.step("team", outcome="change_team")
    team = walk.look(lambda: team_members(walk.family, clock.today()))
    visitor = walk.company.actor("healthvisitor")
    lead2 = walk.company.actor("teamlead2")
    keep = [
        {"person": str(g.user.uuid), "profession": g.profession}
        for g in team
        if g.user_id != visitor.staff_id
    ]
    walk.step("team", members=[*keep, {"person": str(lead2.staff.uuid), "profession": "sundhedsplejerske"}])
    day = walk.look(clock.today)
    made = put_in(walk, member=lead2.staff, staff=visitor.staff, starts=day, ends=day + timedelta(days=1))

    def sees(after_days: int) -> bool:
        with (
            clock.standing_at(walk.now + timedelta(days=after_days)),
            visitor.acting(),
            transaction.atomic(),
        ):
            return Family.objects.visible_to(visitor).filter(pk=walk.family.pk).exists()

    assert [sees(0), sees(1), sees(2)] == [True, True, False]
    with (
        clock.standing_at(walk.now + timedelta(days=2)),
        walk.company.actor("teamlead").acting(),
        pytest.raises(StaleState),
    ):
        end_substitute(grant=made, by=walk.company.actor("teamlead"), today=clock.today())


def test_what_a_substitute_cannot_be_is_refused(walk: Walk) -> None:
    walk.step("team")
    day = walk.look(clock.today)
    me = walk.company.actor("practitioner").staff

    def refusal(**otherwise: Any) -> str:
        with pytest.raises(Refused) as said:
            put_in(walk, **otherwise)
        return said.value.type

    assert refusal(staff=me) == "substitute-oneself"
    assert refusal(ends=day - timedelta(days=1)) == "end-before-start"
    assert refusal(starts=day - timedelta(days=1)) == "substitute-in-past"
    assert refusal(member=walk.company.actor("teamlead").staff) == "not-on-the-team"
    assert refusal(staff=walk.company.actor("caseworker").staff) == "already-on-the-team"
    with pytest.raises(NotAllowed):
        put_in(walk, by=walk.company.actor("practitioner"))
    assert not walk.look(lambda: FamilyGrant.objects.filter(stands_in_for__isnull=False).exists())


def test_a_substitute_stays_when_the_team_is_set_again_and_leaves_with_the_member(walk: Walk) -> None:
    walk.step("team")
    made = put_in(walk)
    walk.step("team", outcome="change_team")
    walk.step("team")
    made = walk.look(lambda: FamilyGrant.objects.get(pk=made.pk))
    assert made.ends == made.starts + timedelta(days=13)
    walk.step("team", outcome="change_team")
    team = walk.look(lambda: team_members(walk.family, clock.today()))
    lead = walk.company.actor("teamlead").staff
    others = [
        {"person": str(g.user.uuid), "profession": g.profession}
        for g in team
        if g.user_id not in (made.user_id, made.stands_in_for_id)
    ]
    walk.step("team", members=[*others, {"person": str(lead.uuid), "profession": "familiebehandler"}])
    made = walk.look(lambda: FamilyGrant.objects.get(pk=made.pk))
    assert made.ends == walk.look(clock.today) - timedelta(days=1)


def test_the_team_lead_puts_in_and_stops_a_substitute_on_the_page(walk: Walk) -> None:
    walk.step("team")
    lead, other = walk.company.actor("teamlead"), walk.company.actor("practitioner")
    address = f"/familier/{walk.family.uuid}/team/"
    with clock.standing_at(walk.now):
        day = clock.today()
        form = {
            "member": str(other.staff.uuid),
            "staff": str(walk.company.actor("teamlead2").staff.uuid),
            "starts": f"{day:%d.%m.%Y}",
            "ends": f"{day + timedelta(days=5):%d.%m.%Y}",
        }
        assert browser(other).post(address, form).status_code == 403
        assert browser(lead).post(address, form).status_code == 302
        assert browser(lead).post(address, form).status_code == 422
        made = walk.look(lambda: FamilyGrant.objects.get(stands_in_for__isnull=False))
        assert "Birgit Skov" in browser(other).get(address).content.decode()
        stop = {"form": "end", "grant": str(made.uuid)}
        assert browser(lead).post(address, stop | {"grant": "0"}).status_code == 404
        assert browser(lead).post(address, stop).status_code == 302
        assert walk.look(lambda: FamilyGrant.objects.get(pk=made.pk).ends) == day


def test_the_familys_page_says_who_is_missing(walk: Walk, looking: Any) -> None:
    lead = walk.company.actor("teamlead")
    address = f"/familier/{walk.family.uuid}/"
    with clock.standing_at(walk.now):
        before = Page(browser(lead).get(address).content.decode()).text
    assert "Mangler familiebehandler, socialrådgiver, sundhedsplejerske" in before
    walk.step("team")
    visitor = walk.company.actor("healthvisitor")
    with clock.standing_at(walk.now):
        assert "Mangler" not in Page(browser(lead).get(address).content.decode()).text
        looking.execute(
            "UPDATE access_staffmembership SET ends = %s WHERE staff_id = %s",
            [clock.today() - timedelta(days=1), visitor.staff_id],
        )
        try:
            assert "Mangler sundhedsplejerske" in Page(browser(lead).get(address).content.decode()).text
        finally:
            looking.execute(
                "UPDATE access_staffmembership SET ends = NULL WHERE staff_id = %s", [visitor.staff_id]
            )


# The model version -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        ("meeting_types", {"cadence": "never"}, "rhythm"),
        ("meeting_types", {"required_professions": ["troldmand"]}, "profession"),
        ("meeting_types", {"at_least": 0}, "nobody"),
        ("meeting_types", {"code": "other"}, "'team' is missing"),
        ("training_kinds", {"valid_months": 0}, "before it begins"),
        ("training_kinds", {"professions": ["troldmand"]}, "profession"),
    ],
)
def test_a_version_that_contradicts_itself_is_refused(part: str, change: dict[str, Any], words: str) -> None:
    content = read_file(NATIONAL / "2026-1.toml")
    content[part][0] |= change
    with pytest.raises(ValueError, match=words):
        parse(content)


def test_two_meeting_types_of_one_name_are_refused() -> None:
    content = read_file(NATIONAL / "2026-1.toml")
    content["meeting_types"] *= 2
    with pytest.raises(ValueError, match="two meeting types"):
        parse(content)
    content = read_file(NATIONAL / "2026-1.toml")
    content["staff"]["deputy_longest_days"] = 0
    with pytest.raises(ValueError, match="at least a day"):
        parse(content)


def test_the_random_choice_of_the_cast_is_an_answer(walk: Walk) -> None:
    """What the demonstration answers to an action point is right in both ways it may fall."""
    from demo.answers import _action_point

    answers = {
        _action_point(walk.family, None, date(2026, 1, 1), Random(seed))["done"]  # type: ignore[arg-type]
        for seed in range(30)
    }
    assert answers == {True, False}
