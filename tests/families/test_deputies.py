"""Somebody acts for a colleague of the same role: the colleague's reach, only while it lasts, and never alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from placement import clock
from placement.access.actor import Actor, actor_for
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.models import Staff
from placement.access.roles import Action, Role
from placement.families import services as families
from placement.families.models import Family, GrantFunction
from placement.staffing.models import Deputyship
from placement.staffing.selectors import standing_in
from placement.staffing.services import appoint_deputy, withdraw_deputy
from tests import oracle
from tests.cast import Cast, Town, api, browser
from tests.families.test_visible_to import appoint, ids_of, place, register, sees
from tests.neighbours import another_unit_and_site, remove_elsewhere
from workflows.kernel.models import Task

Looking = psycopg.Connection[Any]
LONGEST = 42


@pytest.fixture
def newcomer(looking: Looking, cast: Cast) -> Any:
    """Makes a colleague who has no families: a member of staff with one role in Greve, somewhere else."""
    made: list[int] = []

    def make(role: Role, *, unit: int | None = None, site: int | None = None) -> Actor:
        staff = Staff.objects.using("owner").create(
            username=f"vikar.{role.value}.{len(made)}", first_name="Vera", last_name="Vikar"
        )
        made.append(staff.pk)
        looking.execute(
            "INSERT INTO access_staffmembership (staff_id, municipality_id, role, unit_id, site_id, profession, "
            "starts) VALUES (%s, 253, %s, %s, %s, '', '2024-01-02')",
            [staff.pk, role.value, unit, site],
        )
        actor = actor_for(Staff.objects.get(pk=staff.pk), 253)
        assert actor is not None
        return actor

    yield make
    looking.execute("SET session_replication_role = replica")
    looking.execute("DELETE FROM access_staffmembership WHERE staff_id = ANY(%s)", [made])
    looking.execute("DELETE FROM access_staff WHERE id = ANY(%s)", [made])


@pytest.fixture
def elsewhere(looking: Looking, superuser_url: str) -> Any:
    yield another_unit_and_site(looking, 253)
    remove_elsewhere(superuser_url)


def stand_in(deputy: Actor, colleague: Actor, **otherwise: Any) -> Deputyship:
    """``deputy`` acts for ``colleague``, who asks for it, this week."""
    (role,) = colleague.roles
    given: dict[str, Any] = {
        "actor": colleague,
        "deputy": deputy.staff,
        "stands_in_for": colleague.staff,
        "role": role,
        "starts": clock.today(),
        "ends": clock.today() + timedelta(days=7),
        "reason": "Ferie",
        "longest_days": LONGEST,
        "now": clock.now(),
    } | otherwise
    with given["actor"].acting(), transaction.atomic():
        return appoint_deputy(**given)


def past_the_trail(looking: Looking, change: str, values: list[Any]) -> None:
    """Change a row as nobody can: without a word in the history."""
    looking.execute("SET session_replication_role = replica")
    looking.execute(change, values)
    looking.execute("SET session_replication_role = origin")


def dated(deputyship: Deputyship, looking: Looking, starts: date, ends: date) -> None:
    past_the_trail(
        looking,
        "UPDATE staffing_deputyship SET starts = %s, ends = %s WHERE id = %s",
        [starts, ends, deputyship.pk],
    )


@pytest.mark.parametrize(
    ("first", "last", "holds"), [(0, 0, True), (-7, 0, True), (-7, 7, True), (-7, -1, False), (1, 7, False)]
)
def test_a_deputy_sees_the_colleagues_families_from_the_first_to_the_last_day(
    cast: Cast, looking: Looking, newcomer: Any, elsewhere: Any, first: int, last: int, holds: bool
) -> None:
    family = register(cast.greve.authoritylead)
    place(looking, family, unit=elsewhere[0], site=elsewhere[1])
    appoint(family, cast.greve.practitioner, GrantFunction.TEAM, clock.today() - timedelta(days=9))
    deputy = newcomer(Role.PRACTITIONER)
    assert not sees(deputy, family)
    today = clock.today()
    dated(
        stand_in(deputy, cast.greve.practitioner),
        looking,
        today + timedelta(days=first),
        today + timedelta(days=last),
    )
    assert sees(deputy, family) is holds
    assert api(deputy).get(f"/api/v1/families/{family.uuid}/").status_code == (200 if holds else 404)


def test_a_deputy_has_exactly_the_colleagues_reach_in_that_role(
    cast: Cast, looking: Looking, newcomer: Any, elsewhere: Any
) -> None:
    """For each role: what the colleague sees, the deputy sees, and nothing else."""
    unit, site = ids_of(looking)
    greve = cast.greve
    at_home, away, enquiry, referred = (
        register(greve.caseworker), register(greve.authoritylead), register(greve.authoritylead),
        register(greve.healthvisitor),
    )  # fmt: skip
    place(looking, at_home, unit=unit, site=site)
    place(looking, away, unit=elsewhere[0], site=elsewhere[1])
    for family in (at_home, away):
        appoint(family, greve.teamlead2, GrantFunction.TEAM, clock.today())
    for part in ("caseworker", "practitioner", "healthvisitor"):
        appoint(at_home, getattr(greve, part), GrantFunction.TEAM, clock.today())
    every = [at_home, away, enquiry, referred]
    for part, role in (
        ("caseworker", Role.CASEWORKER),
        ("authoritylead", Role.AUTHORITY_LEAD),
        ("practitioner", Role.PRACTITIONER),
        ("teamlead", Role.TEAM_LEAD),
        ("healthvisitor", Role.HEALTH_VISITOR),
    ):
        colleague = getattr(greve, part)
        deputy = newcomer(role)
        assert not any(sees(deputy, family) for family in every), part
        stand_in(deputy, colleague)
        assert [sees(deputy, f) for f in every] == [sees(colleague, f) for f in every], part
        assert any(sees(deputy, f) for f in every)
        told = oracle.person(looking, deputy.staff_id, 253, clock.today())
        assert [sees(deputy, f) for f in every] == [
            oracle.sees(looking, told, f.pk, clock.today()) for f in every
        ]


def test_a_deputy_does_not_pass_on_what_they_stand_in_with(cast: Cast, newcomer: Any) -> None:
    family = register(cast.greve.authoritylead)
    appoint(family, cast.greve.practitioner, GrantFunction.TEAM, clock.today())
    first, second = newcomer(Role.PRACTITIONER), newcomer(Role.PRACTITIONER)
    stand_in(first, cast.greve.practitioner)
    stand_in(second, first)
    assert sees(first, family)
    assert not sees(second, family)


def test_a_role_that_the_deputy_or_the_colleague_has_lost_gives_nothing(
    cast: Cast, looking: Looking, newcomer: Any
) -> None:
    family = register(cast.greve.authoritylead)
    colleague, deputy = newcomer(Role.PRACTITIONER), newcomer(Role.PRACTITIONER)
    appoint(family, colleague, GrantFunction.TEAM, clock.today())
    stand_in(deputy, colleague)
    assert sees(deputy, family)
    yesterday = clock.today() - timedelta(days=1)
    looking.execute(
        "UPDATE access_staffmembership SET ends = %s WHERE staff_id = %s", [yesterday, colleague.staff_id]
    )
    assert not sees(deputy, family)


def test_a_deputy_of_another_role_gets_only_what_that_role_reaches(
    cast: Cast, looking: Looking, newcomer: Any
) -> None:
    """Caseworker and practitioner at once, deputy as practitioner: the colleague's own cases stay closed."""
    family = register(cast.greve.authoritylead)
    appoint(family, cast.greve.caseworker, GrantFunction.CASEWORKER, clock.today())
    both = newcomer(Role.PRACTITIONER)
    looking.execute(
        "INSERT INTO access_staffmembership (staff_id, municipality_id, role, profession, starts) VALUES "
        "(%s, 253, 'caseworker', '', %s), (%s, 253, 'practitioner', '', %s)",
        [both.staff_id, clock.today(), cast.greve.caseworker.staff_id, clock.today()],
    )
    colleague, deputy = actor_for(cast.greve.caseworker.staff, 253), actor_for(both.staff, 253)
    assert colleague is not None and deputy is not None
    made = stand_in(
        deputy, cast.greve.caseworker.narrowed([Role.PRACTITIONER]), actor=colleague, ends=clock.today()
    )
    assert made.role == "practitioner"
    assert not sees(deputy, family)


def test_the_colleagues_tasks_wait_for_the_deputy_but_never_what_either_asked_for(
    cast: Cast, looking: Looking, newcomer: Any
) -> None:
    from tests.scene import Scene

    scene = Scene("greve")
    scene.go_on_to("approve_decision")
    task = scene.open_task("approve_decision")
    lead = cast.greve.authoritylead
    deputy = newcomer(Role.AUTHORITY_LEAD)

    def listed(actor: Actor) -> bool:
        with actor.acting(), transaction.atomic():
            return Task.objects.waiting_for(actor).filter(pk=task.pk).exists()

    assert listed(lead) and not listed(deputy)
    made = stand_in(deputy, lead)
    assert listed(deputy)
    assert api(deputy).get(f"/api/v1/tasks/{task.uuid}/").status_code == 200

    for asked_by in (deputy, lead):
        past_the_trail(
            looking, "UPDATE kernel_task SET excluded_id = %s WHERE id = %s", [asked_by.staff_id, task.pk]
        )
        assert not listed(deputy), asked_by
        for client in (api(deputy), browser(deputy)):
            address = f"/api/v1/tasks/{task.uuid}/" if client.__class__.__name__ == "APIClient" else (
                f"/opgaver/{task.uuid}/"
            )  # fmt: skip
            assert client.get(address).status_code == 403
        answer = api(deputy).post(
            f"/api/v1/tasks/{task.uuid}/complete/", {"approved": True, "reason": "Ja"}, format="json"
        )
        assert answer.json()["type"].endswith(":four-eyes")
    with lead.acting():
        withdraw_deputy(actor=lead, deputyship=made, now=clock.now())
    assert not listed(deputy)
    assert api(deputy).get(f"/api/v1/tasks/{task.uuid}/").status_code == 404


def test_a_decision_that_the_colleague_asked_for_is_not_the_deputys_to_make(
    cast: Cast, looking: Looking, newcomer: Any
) -> None:
    from placement.families.models import Decision
    from tests.scene import Scene

    scene = Scene("greve")
    scene.go_on_to("approve_decision")
    asked_by = scene.company.actor("caseworker")
    looking.execute(
        "INSERT INTO access_staffmembership (staff_id, municipality_id, role, profession, starts) "
        "VALUES (%s, 253, 'authoritylead', '', %s)",
        [asked_by.staff_id, clock.today()],
    )
    both = actor_for(asked_by.staff, 253)
    assert both is not None
    deputy = newcomer(Role.AUTHORITY_LEAD)
    stand_in(deputy, both.narrowed([Role.AUTHORITY_LEAD]), actor=both)
    with deputy.acting(), transaction.atomic():
        decision = Decision.objects.get(family=scene.family, approved__isnull=True)
        with pytest.raises(NotAllowed) as said:
            families.decide(
                actor=deputy, decision=decision, approved=True, reason="", facts={}, now=clock.now()
            )
    assert said.value.type == "four-eyes"


def test_what_a_deputy_reads_and_writes_stands_under_their_own_name(
    cast: Cast, looking: Looking, newcomer: Any
) -> None:
    family = register(cast.greve.authoritylead)
    appoint(family, cast.greve.practitioner, GrantFunction.TEAM, clock.today())
    deputy = newcomer(Role.PRACTITIONER)
    stand_in(deputy, cast.greve.practitioner)
    answer = api(deputy).post(
        f"/api/v1/families/{family.uuid}/notes/",
        {"kind": "observation", "text": "Rolig nat."},
        format="json",
    )
    assert answer.json()["author"]["name"] == "Vera Vikar"
    looked = looking.execute("SELECT DISTINCT staff_id FROM trail_read WHERE family_id = %s", [family.pk])
    assert looked.fetchall() == [(deputy.staff_id,)]
    wrote = looking.execute("SELECT staff_id FROM trail_write WHERE table_name = 'journal_note'")
    assert wrote.fetchall() == [(deputy.staff_id,)]
    kept = looking.execute(
        "SELECT staff_id, operation FROM trail_write WHERE table_name = 'staffing_deputyship'"
    )
    assert kept.fetchall() == [(cast.greve.practitioner.staff_id, "INSERT")]


def refusal(deputy: Actor, colleague: Actor, **otherwise: Any) -> str:
    with pytest.raises(Refused) as said:
        stand_in(deputy, colleague, **otherwise)
    return said.value.type


def test_what_a_deputyship_cannot_be_is_refused_and_leaves_nothing(
    cast: Cast, looking: Looking, newcomer: Any
) -> None:
    me, other = cast.greve.practitioner, newcomer(Role.PRACTITIONER)
    today = clock.today()
    assert refusal(me, me) == "deputy-oneself"
    assert refusal(other, me, ends=today + timedelta(days=LONGEST)) == "deputy-too-long"
    assert refusal(other, me, starts=today - timedelta(days=1)) == "deputy-in-past"
    assert refusal(other, me, ends=today - timedelta(days=1)) == "end-before-start"
    assert refusal(other, me, reason=" ") == "reason-missing"
    assert refusal(cast.greve.caseworker, me) == "deputy-role"
    assert refusal(cast.randers.practitioner, me) == "deputy-role"
    assert refusal(other, me, role=Role.TEAM_LEAD) == "deputy-role"
    assert refusal(cast.greve.oncall, me, role=Role.ON_CALL) == "deputy-role"
    ending = today + timedelta(days=2)
    looking.execute(
        "UPDATE access_staffmembership SET ends = %s WHERE staff_id = %s", [ending, other.staff_id]
    )
    assert refusal(other, me) == "deputy-role"
    assert looking.execute("SELECT count(*) FROM staffing_deputyship").fetchone() == (0,)
    stand_in(other, me, ends=ending)
    assert refusal(other, me, starts=ending, ends=ending) == "deputy-already"


def test_the_longest_deputyship_has_as_many_days_as_the_model_says(cast: Cast, newcomer: Any) -> None:
    made = stand_in(
        newcomer(Role.PRACTITIONER),
        cast.greve.practitioner,
        ends=clock.today() + timedelta(days=LONGEST - 1),
    )
    assert (made.ends - made.starts).days + 1 == LONGEST


def test_only_the_person_or_their_lead_appoints_a_deputy(cast: Cast, newcomer: Any, elsewhere: Any) -> None:
    greve: Town = cast.greve
    other = newcomer(Role.PRACTITIONER)
    for part in ("caseworker", "authoritylead", "healthvisitor", "oncall"):
        with pytest.raises(NotAllowed):
            stand_in(other, greve.practitioner, actor=getattr(greve, part))
    with pytest.raises(NotAllowed):
        stand_in(other, greve.practitioner, actor=newcomer(Role.TEAM_LEAD, site=elsewhere[1]))
    with pytest.raises(NotAllowed):
        # The lead's deputy leads nobody when it comes to naming further deputies.
        stand_in(other, greve.practitioner, actor=other)
    made = stand_in(other, greve.practitioner, actor=greve.teamlead)
    with pytest.raises(NotAllowed), greve.caseworker.acting():
        withdraw_deputy(actor=greve.caseworker, deputyship=made, now=clock.now())
    with other.acting():
        withdraw_deputy(actor=other, deputyship=made, now=clock.now())
        with pytest.raises(StaleState):
            withdraw_deputy(actor=other, deputyship=made, now=clock.now())


def test_the_database_refuses_a_deputy_for_oneself(cast: Cast) -> None:
    me = cast.greve.practitioner
    with (
        pytest.raises(IntegrityError, match="deputyship_is_not_for_oneself"),
        me.acting(),
        transaction.atomic(),
    ):
        Deputyship.objects.create(
            municipality_id=253, deputy=me.staff, stands_in_for=me.staff, role="practitioner",
            starts=clock.today(), ends=clock.today(), reason="x", made_by=me.staff,
        )  # fmt: skip


def test_a_deputyship_ends_at_midnight_in_denmark(cast: Cast, looking: Looking, newcomer: Any) -> None:
    family = register(cast.greve.authoritylead)
    appoint(family, cast.greve.practitioner, GrantFunction.TEAM, date(2026, 1, 1))
    deputy = newcomer(Role.PRACTITIONER)
    dated(stand_in(deputy, cast.greve.practitioner), looking, date(2026, 6, 1), date(2026, 6, 30))
    for moment, seen in (
        (datetime(2026, 5, 31, 21, 59, tzinfo=UTC), False),
        (datetime(2026, 5, 31, 22, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 30, 22, 1, tzinfo=UTC), False),
    ):
        with clock.standing_at(moment):
            assert sees(deputy, family) is seen, moment
            with deputy.acting(), transaction.atomic():
                assert bool(standing_in(deputy)) is seen


def test_a_deputyship_of_another_municipality_is_not_there(cast: Cast, newcomer: Any) -> None:
    stand_in(newcomer(Role.PRACTITIONER), cast.greve.practitioner)
    with cast.randers.teamlead.acting(), transaction.atomic():
        assert not Deputyship.objects.exists()
    with cast.greve.teamlead.acting(), transaction.atomic():
        assert Deputyship.objects.count() == 1


def test_permissions_on_a_family_follow_the_deputy(cast: Cast, newcomer: Any) -> None:
    family = register(cast.greve.authoritylead)
    appoint(family, cast.greve.practitioner, GrantFunction.TEAM, clock.today())
    deputy = newcomer(Role.PRACTITIONER)
    stand_in(deputy, cast.greve.practitioner)
    with deputy.acting(), transaction.atomic():
        assert deputy.staff.has_perm(Action.WRITE_NOTE.value, Family.objects.visible_to(deputy).get())
