"""Which tasks a person may see, and which wait for them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from placement import clock
from placement.access.actor import Actor
from placement.access.roles import LEADS, PERSONAL, Action, Role, actions_of, roles_with
from placement.families.models import Family
from placement.families.stay_models import Pause
from placement.staffing.fragments import Condition, acted_for, stands_in_for_whom

if TYPE_CHECKING:
    from typing import Self

    from workflows.kernel.models import Clock, Notice, Task  # noqa: F401


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks. Not the engine's queryset: its ``inbox`` and ``queue`` know nothing of municipalities."""

    def human(self) -> Self:
        return self.filter(flow_task_type="HUMAN")

    def open(self) -> Self:
        return self.human().filter(finished__isnull=True)

    def with_last_word(self) -> Self:
        """Each with ``told_at``: when somebody was last told about its deadline, or None."""
        from workflows.kernel.models import Clock

        mine = Clock.objects.running().filter(
            municipality_id=OuterRef("municipality_id"),
            family_id=OuterRef("family_id"),
            about=OuterRef("uuid"),
        )
        told = mine.values(told=Coalesce("escalated_at", "warned_at"))[:1]
        return self.annotate(told_at=Subquery(told))

    def with_pause(self) -> Self:
        """Each with ``away_since``: since which day its family is away, or None."""
        pauses = Pause.objects.filter(family=OuterRef("family_id"), resumed_on__isnull=True)
        return self.annotate(away_since=Subquery(pauses.values("paused_on")[:1]))

    def with_asker(self, actor: Actor) -> Self:
        """Each with ``asker_is_stood_in_for``: whether the actor acts today for whoever may not do it."""
        return self.annotate(asker_is_stood_in_for=stands_in_for_whom("excluded_id", actor, clock.today()))

    def visible_to(self, actor: Actor) -> Self:
        """Tasks of families the actor may see; of releases, for an evaluator, and for who has a word on them.

        Of anybody's releases: who asked for one stands in a room above, which the kernel does not know. A release's
        task says nothing but that one is under way, and its content is guarded there. An evaluator meets no human
        step; the municipality's own, on a release with its families in it, are of its privacy officer and its lead.
        """
        if actor.municipality_id is None:
            if actor.may(Action.USE_RELEASES):
                return self.filter(municipality__isnull=True)
            return self.none()
        reach = Q(family_id__in=Family.objects.visible_to(actor).values("pk"))
        if actor.may(Action.SEE_RELEASES):
            reach |= Q(family__isnull=True)
        return self.filter(reach, municipality_id=actor.municipality_id)

    def as_lines(self) -> Any:
        """Rows of what a line of a list shows (see `workflows.kernel.api.Lines`), without making whole tasks."""
        return self.values_list(
            "pk",
            "family_id",
            "uuid",
            "family__uuid",
            "release_uuid",
            "element",
            "flow_task",
            "due",
            named=True,
        )

    def waiting_for(self, actor: Actor) -> Self:
        """Open human tasks that the actor may complete: right action, visible family, not their own request.

        Nor that of a colleague they stand in for, nor what was given to one other person alone.

        The family is visible through a role that carries the action: one condition per set of roles, and so one
        in all for whoever has one role.
        """
        if actor.municipality_id is None:
            return self.none()
        today = clock.today()
        groups = _by_roles(actor.roles)
        permissions = [permission for group in groups.values() for permission in group]
        if len(groups) == 1:
            (roles,) = groups
            reach = Q(family_id__in=Family.objects.visible_to(actor.narrowed(roles)).values("pk"))
        else:
            reach = Q(pk__in=[])
            for roles, carried in groups.items():
                seen = Family.objects.visible_to(actor.narrowed(roles))
                reach |= Q(owner_permission__in=carried, family_id__in=seen.values("pk"))
        if actor.may(Action.SEE_RELEASES):
            # The municipality's word on a release is about no single family: the action alone says whose it is.
            reach |= Q(family__isnull=True)
        waiting = Q(_waiting(actor, permissions, today))
        if not actor.roles <= LEADS:
            waiting &= _not_somebody_else_s(actor, today)
        return self.filter(waiting, reach, municipality_id=actor.municipality_id).order_by("due", "id")


def _waiting(actor: Actor, permissions: list[str], today: date) -> Condition:
    """An open human task for one of ``permissions``, asked for neither by the actor nor by whom they stand in for."""
    who, whom = acted_for(actor, actor.roles, today)
    return Condition(
        "({finished} IS NULL AND {flow_task_type} = 'HUMAN' AND {owner_permission} = ANY (%s) "
        f"AND ({{excluded_id}} IS NULL OR NOT {{excluded_id}} = ANY ({who})))",
        [permissions, *whom],
        ("finished", "flow_task_type", "owner_permission", "excluded_id"),
    )


def _not_somebody_else_s(actor: Actor, today: date) -> Q:
    """A task of one named person is theirs, their deputy's, and that of who sees the family as a lead."""
    who, whom = acted_for(actor, actor.roles, today)
    mine = Condition(
        f"({{owner_permission}} <> ALL (%s) OR {{owner_id}} IS NULL OR {{owner_id}} = ANY ({who}))",
        [sorted(action.value for action in PERSONAL), *whom],
        ("owner_permission", "owner_id"),
    )
    if not actor.roles & LEADS:
        return Q(mine)
    return Q(mine) | Q(family_id__in=Family.objects.visible_to(actor.narrowed(LEADS)).values("pk"))


@cache
def _by_roles(roles: frozenset[Role]) -> dict[frozenset[Role], list[str]]:
    """What ``roles`` may do, grouped by which of them carry it: the role table alone says so."""
    groups: dict[frozenset[Role], list[str]] = {}
    for action in sorted(actions_of(roles)):
        groups.setdefault(roles.intersection(roles_with(action)), []).append(action.value)
    return groups


class ClockQuerySet(models.QuerySet["Clock"]):
    """Clocks of the context's municipality."""

    def running(self) -> Self:
        """Not stopped; held ones are among them."""
        return self.filter(stopped_at__isnull=True)

    def open_at(self, now: datetime) -> Self:
        """Those about which something can be done at ``now``: not what opens later."""
        return self.filter(Q(opens_at__isnull=True) | Q(opens_at__lte=now))

    def of_the_law(self) -> Self:
        """The law's own deadlines; the model's stand still while a family is away."""
        return self.filter(runs_while_paused=True)

    def with_words(self) -> Self:
        """Each with ``moved_from`` and ``moved_why`` (its last change) and ``why_late`` (why it was not kept), or None."""
        from workflows.kernel.models import ClockChange, LateReason

        mine = {"municipality_id": OuterRef("municipality_id"), "clock": OuterRef("pk")}
        last = ClockChange.objects.filter(**mine).order_by("-id")
        said = LateReason.objects.filter(**mine)
        return self.annotate(
            moved_from=Subquery(last.values("due_before")[:1]),
            moved_why=Subquery(last.values("reason")[:1]),
            why_late=Subquery(said.values("text")[:1]),
        )

    def unexplained(self, now: datetime) -> Self:
        """The law's deadlines that were not kept, or are not, and of which nobody has said why.

        After a lost pregnancy nothing is asked about.
        """
        from workflows.kernel.models import LateReason, StopReason

        explained = LateReason.objects.filter(
            municipality_id=OuterRef("municipality_id"), clock=OuterRef("pk")
        )
        late = Q(stopped_at__gt=F("due_at")) | Q(
            stopped_at__isnull=True, held_at__isnull=True, due_at__lt=now
        )
        asked = self.of_the_law().filter(late).exclude(stop_reason=StopReason.PREGNANCY_LOST)
        return asked.filter(~Exists(explained))

    def about(self, record: UUID) -> Self:
        """About ``record``, or about no single record."""
        return self.filter(Q(about=record) | Q(about__isnull=True))

    def visible_to(self, actor: Actor) -> Self:
        """Clocks of families the actor may see."""
        if actor.municipality_id is None:
            return self.none()
        families = Family.objects.visible_to(actor)
        return self.filter(municipality_id=actor.municipality_id, family_id__in=families.values("pk"))

    def late_first(self) -> Self:
        """Running ones, the earliest end first; those that stand still come last, for they are not late."""
        return self.running().order_by(F("held_at").asc(nulls_first=True), "due_at", "id")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Who was told about which deadline."""

    def unread_by(self, actor: Actor) -> Self:
        """What the actor was told and has not put away, of families they may see today."""
        if actor.municipality_id is None:
            return self.none()
        families = Family.objects.visible_to(actor)
        return self.filter(
            municipality_id=actor.municipality_id,
            recipient_id=actor.staff_id,
            read_at__isnull=True,
            family_id__in=families.values("pk"),
        )
