"""Reads about deputies and training that pages and guards ask."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from placement import clock
from placement.access.actor import Actor
from placement.access.models import Staff
from placement.staffing.models import Deputyship, TrainingRecord
from placement.staffing.querysets import led_by, municipality_of


def standing_in(actor: Actor) -> list[Deputyship]:
    """Those the actor acts for today, with what role and until when."""
    mine = Deputyship.objects.of_deputy(actor).filter(role__in=[role.value for role in actor.roles])
    return list(mine.select_related("stands_in_for").order_by("ends", "id"))


def stands_in_for(actor: Actor, staff_id: int) -> bool:
    """Whether the actor acts for that colleague today."""
    return Deputyship.objects.of_deputy(actor).filter(stands_in_for_id=staff_id).exists()


def deputies_of(staff: QuerySet[Staff], first: date, last: date) -> list[Deputyship]:
    """Who acts for one of ``staff`` on some day from ``first`` to ``last``, in whatever role."""
    found = Deputyship.objects.filter(
        stands_in_for__in=staff, withdrawn_at__isnull=True, starts__lte=last, ends__gte=first
    )
    return list(found.select_related("deputy", "stands_in_for").order_by("id"))


def deputyships_shown_to(actor: Actor) -> QuerySet[Deputyship]:
    """Those the actor has to do with: as deputy, as the colleague, or as the lead of one of them. Newest first."""
    people = led_by(actor).values("pk")
    concerned = Q(deputy__in=people) | Q(stands_in_for__in=people)
    shown = Deputyship.objects.filter(concerned, municipality_id=municipality_of(actor))
    return shown.select_related("deputy", "stands_in_for", "made_by", "withdrawn_by")


def kinds_valid_on(staff: Staff, kinds: Collection[str], day: date) -> set[str]:
    """Which of ``kinds`` of training that person had had on ``day``, and that still counted then."""
    had = TrainingRecord.objects.filter(staff=staff, kind__in=kinds, held_on__lte=day)
    counted = had.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
    return set(counted.values_list("kind", flat=True))


class Validity(StrEnum):
    """How a record of training stands on a day."""

    VALID = "valid"
    ENDS_SOON = "ends_soon"
    ENDED = "ended"
    MISSING = "missing"


def validity_of(record: TrainingRecord | None, *, warn_days: int, day: date | None = None) -> Validity:
    """Whether the record counts on ``day`` (today), and still will ``warn_days`` later."""
    today = day or clock.today()
    if record is None:
        return Validity.MISSING
    if record.valid_until is None or record.valid_until > today + timedelta(days=warn_days):
        return Validity.VALID
    return Validity.ENDED if record.valid_until < today else Validity.ENDS_SOON
