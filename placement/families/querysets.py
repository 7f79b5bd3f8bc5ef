"""The one door to families: which of them a person may see today."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from placement import clock
from placement.access.actor import Actor
from placement.access.roles import Action, Role, roles_with
from placement.staffing.fragments import Condition, acted_for, is_one_of, places_of

if TYPE_CHECKING:
    from typing import Self

    from placement.families.models import Decision, Family  # noqa: F401

#: Which roles an appointment serves, by why it was given. Somebody of several roles who is on a family's team as
#: a practitioner does not become its caseworker there; a caseworker on the team is one, as the team's member.
SERVES: dict[str, frozenset[Role]] = {
    "caseworker": frozenset({Role.CASEWORKER}),
    "team": frozenset({Role.CASEWORKER, Role.PRACTITIONER, Role.HEALTH_VISITOR}),
    "referrer": frozenset({Role.CASEWORKER, Role.HEALTH_VISITOR}),
    "reassessor": frozenset({Role.CASEWORKER}),
    "convener": frozenset({Role.CASEWORKER}),
}


class FamilyQuerySet(models.QuerySet["Family"]):
    """Families; start from `visible_to`, or say why not."""

    def visible_to(self, actor: Actor, *, to_do: Action | None = None) -> FamilyQuerySet:
        """The families ``actor`` may see today: by role, dated appointment, unit and site.

        Who stands in for a colleague in a role reaches what the colleague reaches in that role, while it lasts.

        With ``to_do``: those on which they may also do that. Only the roles that carry the action count, each
        where it is held: who leads one site and helps out at another approves at the first alone.

        An appointment that ended yesterday gives nothing today. Roles without cases see none.
        """
        if to_do is not None:
            actor = actor.narrowed(roles_with(to_do))
        if actor.municipality_id is None:
            return self.none()
        condition = self._reach(actor)
        if condition is None:
            return self.none()
        return self.filter(condition, municipality_id=actor.municipality_id)

    def unscoped(self, *, reason: str) -> FamilyQuerySet:
        """All families of the context's municipality, for work that is nobody's look (``reason`` says which)."""
        if not reason:
            raise ValueError("say why the scope does not apply")
        return self.all()

    def _reach(self, actor: Actor) -> Q | None:
        today = clock.today()
        reach: list[Q] = []
        appointed = _by_roles(actor)
        if appointed:
            reach.append(Q(_appointed(actor, appointed, today)))
        if Role.CASEWORKER in actor.roles:
            # An enquiry without a team yet is everybody's in the unit, so that none lies unread.
            unit = places_of(actor, Role.CASEWORKER, "unit_id", today)
            reach.append(Q(_WITHOUT_A_TEAM) & Q(is_one_of("unit_id", unit)))
        registrars = actor.roles & {Role.CASEWORKER, Role.HEALTH_VISITOR}
        if registrars:
            who = acted_for(actor, registrars, today)
            reach.append(Q(_WITHOUT_A_TEAM) & Q(is_one_of("registered_by_id", who)))
        if Role.AUTHORITY_LEAD in actor.roles:
            reach.append(Q(is_one_of("unit_id", places_of(actor, Role.AUTHORITY_LEAD, "unit_id", today))))
        if Role.TEAM_LEAD in actor.roles:
            reach.append(Q(is_one_of("site_id", places_of(actor, Role.TEAM_LEAD, "site_id", today))))
        return reduce(or_, reach) if reach else None


#: Nobody but whoever referred the family, or calls its conference together, has been appointed to it.
_WITHOUT_A_TEAM = Condition(
    "NOT EXISTS (SELECT FROM families_familygrant had WHERE had.content_object_id = {pk}"
    " AND had.function <> ALL (ARRAY['referrer', 'convener']))",
    [],
    ("pk",),
)

_APPOINTED = """EXISTS (SELECT FROM families_familygrant given
 WHERE given.content_object_id = {{pk}} AND given.starts <= %s AND (given.ends IS NULL OR given.ends >= %s)
   AND ({ways}))"""


def _appointed(actor: Actor, by_roles: dict[frozenset[Role], list[str]], today: date) -> Condition:
    """An appointment in force today of the actor, or of whom they stand in for, that serves one of their roles."""
    ways: list[str] = []
    values: list[Any] = [today, today]
    for roles, functions in by_roles.items():
        who, whom = acted_for(actor, roles, today)
        ways.append(f"(given.user_id = ANY ({who}) AND given.function = ANY (%s))")
        values += [*whom, functions]
    return Condition(_APPOINTED.format(ways=" OR ".join(ways)), values, ("pk",))


def _by_roles(actor: Actor) -> dict[frozenset[Role], list[str]]:
    """The functions of an appointment, by which of the actor's roles they serve: one group for who has one role."""
    groups: dict[frozenset[Role], list[str]] = {}
    for function, roles in SERVES.items():
        if roles & actor.roles:
            groups.setdefault(actor.roles & roles, []).append(function)
    return groups


class FamilyManager(models.Manager.from_queryset(FamilyQuerySet)):  # type: ignore[misc]
    """Manager of `FamilyQuerySet`; a test sees to it that code starts from `visible_to` or `unscoped`."""


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions on a stay."""

    def standing(self) -> Self:
        """Those of the journey that runs: what an ended journey asked for or decided opens nothing."""
        return self.filter(lapsed_at__isnull=True)
