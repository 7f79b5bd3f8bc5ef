"""The one door to families: which of them a person may see today."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from placement import clock
from placement.access.actor import Actor
from placement.access.roles import Action, Role, roles_with
from placement.staffing.querysets import acted_for, any_of, places_of

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
        grants = self._grants().filter(
            Q(ends__isnull=True) | Q(ends__gte=today), content_object=OuterRef("pk"), starts__lte=today
        )
        has_had_a_team = Exists(
            self._grants().filter(content_object=OuterRef("pk")).exclude(function="referrer")
        )
        reach: list[Q] = []
        appointed = [
            Q(any_of("user_id", acted_for(actor, roles)), function__in=functions)
            for roles, functions in _by_roles(actor).items()
        ]
        if appointed:
            reach.append(Q(Exists(grants.filter(reduce(or_, appointed)))))
        if Role.CASEWORKER in actor.roles:
            # An enquiry without a team yet is everybody's in the unit, so that none lies unread.
            reach.append(
                ~Q(has_had_a_team) & Q(any_of("unit_id", places_of(actor, Role.CASEWORKER, "unit_id")))
            )
        registrars = actor.roles & {Role.CASEWORKER, Role.HEALTH_VISITOR}
        if registrars:
            reach.append(~Q(has_had_a_team) & Q(any_of("registered_by_id", acted_for(actor, registrars))))
        if Role.AUTHORITY_LEAD in actor.roles:
            reach.append(Q(any_of("unit_id", places_of(actor, Role.AUTHORITY_LEAD, "unit_id"))))
        if Role.TEAM_LEAD in actor.roles:
            reach.append(Q(any_of("site_id", places_of(actor, Role.TEAM_LEAD, "site_id"))))
        if not reach:
            return None
        return reduce(or_, reach)

    def _grants(self) -> models.QuerySet[Any]:
        from placement.families.models import FamilyGrant

        return FamilyGrant.objects.all()


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
