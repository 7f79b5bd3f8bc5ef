"""Plans, steps and ground of the exit that is under way: those of an earlier journey of the family are history."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate

from placement.clock import DENMARK

_Row = TypeVar("_Row", bound=models.Model)


class _OfThisJourney(models.Manager[_Row]):
    """Rows of the journey that runs. Whoever tells the whole history reads ``every``."""

    def since(self) -> Q:
        raise NotImplementedError

    def get_queryset(self) -> models.QuerySet[_Row]:
        return super().get_queryset().filter(Q(family__reopened_at__isnull=True) | self.since())


class PlansOfThisJourney(_OfThisJourney[_Row]):
    """Exit plans, by the day on which they were laid."""

    def since(self) -> Q:
        return Q(made_on__gte=TruncDate("family__reopened_at", tzinfo=DENMARK))


class StepsOfThisJourney(_OfThisJourney[_Row]):
    """Exit steps, by the moment at which they were asked for."""

    def since(self) -> Q:
        return Q(requested_at__gte=F("family__reopened_at"))


class GroundOfThisJourney(_OfThisJourney[_Row]):
    """What exit steps rest on, by the moment at which it was written: a home that was seen for an earlier stay is not
    seen for this one."""

    def since(self) -> Q:
        return Q(recorded_at__gte=F("family__reopened_at"))
