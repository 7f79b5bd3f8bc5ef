"""Giving an open task to a named colleague, and taking it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.actor import Actor, actor_for
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.models import Staff, StaffMembership
from placement.access.roles import PERSONAL, ROLE_TITLES, Action, Role
from placement.families.models import Family, FamilyGrant
from workflows.journey.moves.base import LEADS
from workflows.journey.moves.models import HandOver
from workflows.kernel.models import Task

_CASE_ROLES = (
    Role.CASEWORKER,
    Role.AUTHORITY_LEAD,
    Role.PRACTITIONER,
    Role.TEAM_LEAD,
    Role.HEALTH_VISITOR,
)


def may_be_moved(actor: Actor, family: Family) -> list[Task]:
    """The family's open tasks that ``actor`` may hand over: those they may do and hold, and for a lead all of them."""
    tasks = Task.objects.open().filter(family=family).select_related("owner").order_by("due", "id")
    return [task for task in tasks if _concerns(actor, task)]


def colleagues(family: Family) -> list[tuple[Staff, str]]:
    """(colleague, their roles) among whom somebody may see the family; whether they do is asked when it counts."""
    today = clock.today()
    appointed = FamilyGrant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=today), content_object=family, starts__lte=today
    )
    held = (
        StaffMembership.objects.in_force(today)
        .filter(
            Q(staff__in=appointed.values("user"))
            | Q(role=Role.TEAM_LEAD.value, site_id=family.site_id)
            | Q(role__in=[Role.AUTHORITY_LEAD.value, Role.CASEWORKER.value], unit_id=family.unit_id),
            municipality_id=family.municipality_id,
            role__in=[role.value for role in _CASE_ROLES],
            staff__is_active=True,
        )
        .select_related("staff")
        .order_by("staff__first_name", "staff__last_name", "id")
    )
    titles: dict[Staff, list[str]] = {}
    for membership in held:
        titles.setdefault(membership.staff, []).append(str(ROLE_TITLES[Role(membership.role)]))
    return [(staff, ", ".join(roles)) for staff, roles in titles.items()]


@transaction.atomic
def hand_over(*, actor: Actor, family: Family, task: UUID, to: UUID, note: str, now: datetime) -> HandOver:
    """Give the open task to a colleague who may do it; held by another, it goes from them. Nobody loses the right.

    Raises StaleState when the task is done, NotAllowed for somebody it does not concern, Refused:
    ``not-staff-here``, ``cannot-take-task`` (no such right, no sight of the family, or their own request),
    ``already-theirs``.
    """
    found = _open(family, task)
    if not _concerns(actor, found):
        raise NotAllowed(_("Opgaven er ikke din at give videre."))
    colleague = Staff.objects.filter(uuid=to).first()
    able = actor_for(colleague, family.municipality_id) if colleague else None
    if colleague is None or able is None:
        raise Refused(_("Personen arbejder ikke i kommunen. Vælg en anden."), type="not-staff-here")
    action = Action(found.owner_permission)
    sees = Family.objects.visible_to(able, to_do=action).filter(pk=family.pk).exists()
    if not able.may(action) or not sees or found.excluded_id == colleague.pk:
        raise Refused(
            _(
                "%(name)s kan ikke løse opgaven: rollen giver ikke ret til det, familien er ikke synlig, "
                "eller det er personens eget ønske. Vælg en anden."
            )
            % {"name": colleague},
            type="cannot-take-task",
        )
    if found.owner_id == colleague.pk:
        raise Refused(_("%(name)s har allerede opgaven.") % {"name": colleague}, type="already-theirs")
    _end(found, by=actor.staff, now=now)
    activation = found.flow_task.activation_class(found)
    (activation.assign if found.owner_id is None else activation.reassign)(colleague)
    return HandOver.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        task=found,
        given_to=colleague,
        given_by=actor.staff,
        given_at=now,
        note=note.strip(),
    )


@transaction.atomic
def take_back(*, actor: Actor, family: Family, task: UUID, now: datetime) -> HandOver:
    """The task is nobody's by name again. Raises StaleState (``not-handed-over``), NotAllowed as `hand_over` does."""
    found = _open(family, task)
    held = HandOver.objects.filter(task=found, taken_back_at__isnull=True).first()
    if held is None or found.owner_id is None:
        raise StaleState(_("Opgaven er ikke givet til nogen."), type="not-handed-over")
    if not _concerns(actor, found) and held.given_by_id != actor.staff_id:
        raise NotAllowed(_("Opgaven er ikke din at tage tilbage."))
    _end(found, by=actor.staff, now=now)
    found.flow_task.activation_class(found).unassign()
    held.refresh_from_db()
    return held


def release_from_strangers(*, family: Family, by: Staff, now: datetime) -> int:
    """Take back what is held by somebody who does not see the family any more. Returns how many tasks."""
    released = 0
    for task in Task.objects.open().filter(family=family, owner__isnull=False).select_related("owner"):
        holder = actor_for(task.owner, family.municipality_id) if task.owner else None
        if holder is None or not Family.objects.visible_to(holder).filter(pk=family.pk).exists():
            _end(task, by=by, now=now)
            task.flow_task.activation_class(task).unassign()
            released += 1
    return released


def _open(family: Family, task: UUID) -> Task:
    found: Task | None = Task.objects.open().filter(family=family, uuid=task).select_related("owner").first()
    if found is None:
        raise StaleState(_("Opgaven er allerede løst eller faldet bort. Genindlæs siden."))
    return found


def _concerns(actor: Actor, task: Task) -> bool:
    mine = actor.may(Action(task.owner_permission)) and task.excluded_id != actor.staff_id
    if task.owner_permission in PERSONAL and task.owner_id is not None:
        # One person's by name, often because they stand outside the case: no colleague takes it over by themselves.
        mine = False
    return mine or bool(actor.roles & LEADS) or task.owner_id == actor.staff_id


def _end(task: Task, *, by: Staff, now: datetime) -> None:
    HandOver.objects.filter(task=task, taken_back_at__isnull=True).update(taken_back_at=now, taken_back_by=by)
