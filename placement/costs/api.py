"""Hours and rates in the API: one's own week, and what an hour and a night are reckoned at."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from placement import clock
from placement.access import payloads, submissions, trail
from placement.access.actor import Actor
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.problems import InvalidFields
from placement.access.roles import Action
from placement.costs import selectors
from placement.costs.codes import (
    QUARTERS_IN_HOUR,
    QUARTERS_IN_WEEK,
    Activity,
    CostCategory,
    CostStage,
    category_of,
)
from placement.costs.models import HourlyRate, NightRate, YearOfRates
from placement.costs.selectors import Cell, OpenedWeek
from placement.costs.services.week import Hours, save_week
from placement.costs.weeks import Week
from placement.families.models import Family
from placement.progression.codes import Element

#: Entries of one week at most, as of one page.
MOST_ENTRIES = 500


class TimeEntryOut(serializers.Serializer[Any]):
    """So many hours of one kind. `family` null: about no single one; `element` null: across the core elements."""

    family = serializers.UUIDField(allow_null=True)
    element = serializers.ChoiceField(choices=Element.values, allow_null=True)
    activity = serializers.ChoiceField(choices=Activity.values)
    stage = serializers.ChoiceField(choices=CostStage.values)
    category = serializers.ChoiceField(choices=CostCategory.values)
    hours = serializers.DecimalField(max_digits=5, decimal_places=2)


class TimeEntryIn(serializers.Serializer[Any]):
    family = serializers.UUIDField(allow_null=True, required=False, default=None)
    element = serializers.ChoiceField(choices=Element.values, allow_null=True, required=False, default=None)
    activity = serializers.ChoiceField(choices=Activity.values)
    stage = serializers.ChoiceField(
        choices=CostStage.values, required=False, default=CostStage.OPERATION.value
    )
    hours = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=QUARTERS_IN_WEEK // QUARTERS_IN_HOUR,
        help_text="In quarters: 0.25, 0.5, 0.75, 1 …",
    )


class TimeWeekOut(serializers.Serializer[Any]):
    """One's own week. `revision` 0: not saved yet, and then `entries` are what the work of the week suggests."""

    week = serializers.CharField(help_text="2026-W48")
    first_day = serializers.DateField()
    asked = serializers.BooleanField(help_text="Whether the municipality asks for hours in this week.")
    revision = serializers.IntegerField(min_value=0)
    profession = serializers.CharField(help_text="Empty before it is saved.")
    sent_at = serializers.DateTimeField(allow_null=True)
    entries = TimeEntryOut(many=True)
    hidden_hours = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        help_text="About families one does not see any more; they stay as they are.",
    )


class TimeWeekIn(serializers.Serializer[Any]):
    """The whole week: what is not among `entries` is taken out. `send` closes it."""

    revision = serializers.IntegerField(
        min_value=0, max_value=2_000_000_000, help_text="The one that was read."
    )
    send = serializers.BooleanField(required=False, default=False)
    entries = serializers.ListField(child=TimeEntryIn(), max_length=MOST_ENTRIES)


_WEEK = OpenApiParameter("week", str, OpenApiParameter.PATH, description="ISO 8601, e.g. 2026-W48.")


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class OneWeek(APIView):
    """One's own hours of a week. Each family it names is a look, committed first."""

    @extend_schema(
        operation_id="time_week",
        parameters=[_WEEK],
        responses={200: TimeWeekOut, **payloads.problems(401, 403, 404)},
    )
    def get(self, request: Request, week: str) -> Response:
        actor, asked = _asked(request, week)
        return Response(_looked_at(actor, asked, "GET"))

    @extend_schema(
        operation_id="time_week_save",
        parameters=[_WEEK, payloads.IDEMPOTENCY_KEY],
        request=TimeWeekIn,
        responses={200: TimeWeekOut, **payloads.problems(400, 401, 403, 404, 409, 422)},
    )
    def put(self, request: Request, week: str) -> Response:
        actor, asked = _asked(request, week)
        said = payloads.body(request, TimeWeekIn)
        with transaction.atomic():
            hours = _hours(actor, said["entries"])

        def produce() -> dict[str, Any]:
            save_week(
                actor=actor,
                week=asked,
                hours=hours,
                seen=said["revision"],
                send=said["send"],
                now=clock.now(),
            )
            return {}

        submissions.once(
            actor=actor,
            key=request.headers.get("Idempotency-Key"),
            asked=submissions.fingerprint("time-week", asked.code, said),
            produce=produce,
        )
        return Response(_looked_at(actor, asked, "PUT"))


class HourlyRateOut(serializers.Serializer[Any]):
    profession = serializers.CharField()
    amount = serializers.DecimalField(max_digits=7, decimal_places=2, help_text="DKK an hour")


class NightRateOut(serializers.Serializer[Any]):
    site = serializers.UUIDField()
    site_name = serializers.CharField()
    amount = serializers.DecimalField(max_digits=8, decimal_places=2, help_text="DKK a night for one family")
    occupancy = serializers.DecimalField(
        max_digits=3, decimal_places=2, allow_null=True, help_text="Share of the places in use, of one."
    )


class YearOfRatesOut(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    price_year = serializers.IntegerField()
    hourly = HourlyRateOut(many=True)
    nightly = NightRateOut(many=True)


class CostRatesOut(serializers.Serializer[Any]):
    results = YearOfRatesOut(many=True)
    next = serializers.CharField(allow_null=True)


class Rates(APIView):
    """The municipality's rates that stand, the latest year first; for those who lead."""

    @extend_schema(
        operation_id="cost_rates_list", responses={200: CostRatesOut, **payloads.problems(401, 403)}
    )
    def get(self, request: Request) -> Response:
        actor = actor_of(request._request)
        if not actor.may(Action.SEE_COSTS) or actor.municipality_id is None:
            raise NotAllowed(_("Din rolle giver ikke ret til det."))
        years = selectors.rates_of(actor.municipality_id)
        return Response({"results": [_year_out(year) for year in years], "next": None})


def _asked(request: Request, text: str) -> tuple[Actor, Week]:
    actor = actor_of(request._request)
    if not actor.may(Action.REGISTER_TIME):
        raise NotAllowed(_("Din rolle giver ikke ret til det."))
    week = Week.read(text)
    if week is None:
        raise Http404
    return actor, week


def _hours(actor: Actor, entries: list[dict[str, Any]]) -> list[Hours]:
    named: set[UUID] = {entry["family"] for entry in entries if entry["family"] is not None}
    seen = Family.objects.visible_to(actor).filter(uuid__in=named) if named else []
    families = {family.uuid: family for family in seen}
    if named - set(families):
        raise Http404
    return [
        Hours(
            activity=entry["activity"],
            quarters=_quarters(entry["hours"], place),
            family=families[entry["family"]] if entry["family"] is not None else None,
            element=entry["element"] or "",
            stage=entry["stage"],
        )
        for place, entry in enumerate(entries)
    ]


def _quarters(hours: Decimal, place: int) -> int:
    quarters = hours * QUARTERS_IN_HOUR
    if quarters != int(quarters):
        raise InvalidFields({f"entries.{place}.hours": [_("Skriv hele kvarterer: 0,25, 0,5, 0,75 eller 1.")]})
    return int(quarters)


def _looked_at(actor: Actor, week: Week, method: str) -> dict[str, Any]:
    with transaction.atomic(durable=True):
        opened = selectors.opened_week(actor, week)
        shown = {cell[0] for cell in opened.cells if cell[0] is not None}
        trail.record_reads(family_ids=sorted(shown), route="api-time-week", method=method)
    return _week_out(opened)


def _week_out(opened: OpenedWeek) -> dict[str, Any]:
    kept = opened.kept
    return dict(
        TimeWeekOut(
            {
                "week": opened.week.code,
                "first_day": opened.week.monday,
                "asked": opened.asked,
                "revision": opened.revision,
                "profession": kept.profession if kept else "",
                "sent_at": kept.sent_at if kept else None,
                "entries": [_entry_out(opened, cell, number) for cell, number in opened.cells.items()],
                "hidden_hours": _in_hours(sum(opened.hidden.values())),
            }
        ).data
    )


def _entry_out(opened: OpenedWeek, cell: Cell, quarters: int) -> dict[str, Any]:
    family, element, stage, activity = cell
    return {
        "family": opened.families[family].uuid if family is not None else None,
        "element": element or None,
        "activity": activity,
        "stage": stage,
        "category": category_of(activity, stage).value,
        "hours": _in_hours(quarters),
    }


def _in_hours(quarters: int) -> Decimal:
    return Decimal(quarters) / QUARTERS_IN_HOUR


def _year_out(rates: YearOfRates) -> dict[str, Any]:
    hourly: list[HourlyRate] = list(rates.hourly.all())
    nightly: list[NightRate] = list(rates.nightly.all())
    lines = [
        {"site": one.site.uuid, "site_name": one.site.name, "amount": one.amount, "occupancy": one.occupancy}
        for one in nightly
    ]
    return dict(
        YearOfRatesOut(
            {"year": rates.year, "price_year": rates.price_year, "hourly": hourly, "nightly": lines}
        ).data
    )
