"""The one door to families: which of them a person may see today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from placement import clock
from placement.access.actor import Actor
from placement.access.roles import Action, Role, roles_with

if TYPE_CHECKING:
    from typing import Self

    from placement.families.models import Decision, Family  # noqa: F401

#: Which roles an appointment serves, by why it was given. Somebody of several roles who is on a family's team as
#: a practitioner does not become its caseworker there; a caseworker on the team is one, as the team's member.
SERVES: dict[str, frozenset[Role]] = {
    "caseworker": frozenset({Role.CASEWORKER}),
    "team": frozenset({Role.CASEWORKER, Role.PRACTITIONER, Role.HEALTH_VISITOR}),
    "referrer": frozenset({Role.CASEWORKER, Role.HEALTH_VISITOR}),
}


class FamilyQuerySet(models.QuerySet["Family"]):
    """Families; start from `visible_to`, or say why not."""

    def visible_to(self, actor: Actor, *, to_do: Action | None = None) -> FamilyQuerySet:
        """The families ``actor`` may see today: by role, dated appointment, unit and site.

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
        functions = [function for function, roles in SERVES.items() if roles & actor.roles]
        if functions:
            reach.append(Q(Exists(grants.filter(user_id=actor.staff_id, function__in=functions))))
        if Role.CASEWORKER in actor.roles:
            # An enquiry without a team yet is everybody's in the unit, so that none lies unread.
            reach.append(~Q(has_had_a_team) & Q(unit_id__in=actor.units_as(Role.CASEWORKER)))
        if actor.roles & {Role.CASEWORKER, Role.HEALTH_VISITOR}:
            reach.append(~Q(has_had_a_team) & Q(registered_by_id=actor.staff_id))
        if Role.AUTHORITY_LEAD in actor.roles:
            reach.append(Q(unit_id__in=actor.units_as(Role.AUTHORITY_LEAD)))
        if Role.TEAM_LEAD in actor.roles:
            reach.append(Q(site_id__in=actor.sites_as(Role.TEAM_LEAD)))
        if not reach:
            return None
        condition = reach[0]
        for further in reach[1:]:
            condition |= further
        return condition

    def _grants(self) -> models.QuerySet[Any]:
        from placement.families.models import FamilyGrant

        return FamilyGrant.objects.all()


class FamilyManager(models.Manager.from_queryset(FamilyQuerySet)):  # type: ignore[misc]
    """Manager of `FamilyQuerySet`; a test sees to it that code starts from `visible_to` or `unscoped`."""


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions on a stay."""

    def standing(self) -> Self:
        """Those of the journey that runs: what an ended journey asked for or decided opens nothing."""
        return self.filter(lapsed_at__isnull=True)
