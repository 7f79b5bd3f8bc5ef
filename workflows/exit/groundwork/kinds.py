"""Which records an exit step rests on: their name in addresses, their form, their service, and how one is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from placement.families.models import Family
from workflows.exit.groundwork import forms, services, visits
from workflows.exit.models import (
    ChildPlanRevision,
    ExitPlan,
    ExitVisit,
    HandoverMeeting,
    HomeCheck,
    PlaceKept,
    ReceivingSupport,
    SafetyPlan,
    SafetyPlanReview,
)
from workflows.kernel.strict import StrictForm


@dataclass(frozen=True)
class RecordKind:
    """One kind of record. ``slug`` stands in addresses and in the API, and never changes."""

    slug: str
    title: Promise
    #: Which steps of the ladder ask for it, for those who read the page.
    purpose: Promise
    model: type[Model]
    form: type[StrictForm]
    write: Callable[..., Model]
    who: str = "recorded_by"
    when: str = "recorded_at"
    #: What is shown first when a record is told in a line.
    day: str = "recorded_at"

    def rows(self, family: Family) -> QuerySet[Any]:
        """The family's records of this kind that count in the present journey, newest first."""
        rows: QuerySet[Any] = self.model._default_manager.filter(family=family).order_by("-id")
        return rows.select_related(self.who)

    def every_row(self, family: Family) -> QuerySet[Any]:
        """All of them, those of an earlier journey too: what the history tells."""
        rows: QuerySet[Any] = self.model._base_manager.filter(family=family).order_by("-id")
        return rows.select_related(self.who)

    def content(self, row: Any) -> dict[str, Any]:
        """What was typed, by the names of the form's fields."""
        return {name: getattr(row, name) for name in self.form.base_fields}

    def written(self, row: Any) -> date | datetime:
        """When it was written."""
        moment: date | datetime = getattr(row, self.when)
        return moment


KINDS: dict[str, RecordKind] = {
    kind.slug: kind
    for kind in (
        RecordKind(
            "plan",
            _("Udslusningsplan"),
            _("Hvor familien skal hen, og hvis ikke."),
            ExitPlan,
            forms.PlanForm,
            services.write_plan,
            who="made_by",
            when="made_on",
            day="made_on",
        ),
        RecordKind(
            "safety-plan",
            _("Sikkerhedsplan"),
            _("Det, der er aftalt om barnets sikkerhed, og hvem der er på vagt om natten."),
            SafetyPlan,
            forms.SafetyPlanForm,
            services.write_safety_plan,
            day="dated_on",
        ),
        RecordKind(
            "safety-review",
            _("Gennemgang af sikkerhedsplanen"),
            _(
                "Hvad barnet viser, og hvad netværket siger om planen. Før flytning, og når planen skal slutte."
            ),
            SafetyPlanReview,
            forms.SafetyReviewForm,
            services.review_safety_plan,
            day="held_on",
        ),
        RecordKind(
            "visit",
            _("Besøg hjemme"),
            _("Hvert besøg på trinnet, som barn, forældre og team havde det."),
            ExitVisit,
            forms.VisitForm,
            visits.record_visit,
            day="held_on",
        ),
        RecordKind(
            "home-check",
            _("Boligtjek"),
            _("Sovested, varme og mad, før familien overnatter."),
            HomeCheck,
            forms.HomeCheckForm,
            services.record_home_check,
            day="checked_on",
        ),
        RecordKind(
            "receiving-support",
            _("Modtagende støtte"),
            _("Hvem der støtter familien efter flytningen, og den første aftale."),
            ReceivingSupport,
            forms.SupportForm,
            services.name_support,
            day="informed_on",
        ),
        RecordKind(
            "place-kept",
            _("Plads, der holdes"),
            _("Så familien kan vende tilbage under prøvebo."),
            PlaceKept,
            forms.PlaceForm,
            services.keep_place,
            day="kept_until",
        ),
        RecordKind(
            "child-plan",
            _("Revision af barnets plan"),
            _("Hvad der er ændret i barnets plan, så den gælder efter flytningen."),
            ChildPlanRevision,
            forms.ChildPlanForm,
            services.record_child_plan,
            day="revised_on",
        ),
        RecordKind(
            "handover",
            _("Overleveringsmøde"),
            _("Dem, der boede ved siden af familien, og dem, der tager imod den."),
            HandoverMeeting,
            forms.HandoverForm,
            services.record_handover,
            day="held_on",
        ),
    )
}
