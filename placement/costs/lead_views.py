"""Hvad indsatsen koster: for those who lead. Sums of the municipality, the weeks that are counted, rates, other costs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from placement import clock
from placement.access import submissions, trail
from placement.access.errors import Refused
from placement.access.models import Site, StaffMembership
from placement.access.pages import RolePage
from placement.access.roles import Action
from placement.costs import selectors
from placement.costs.forms import OtherCostForm, RatesForm, WeeksForm, WithdrawForm
from placement.costs.models import AskedWeeks, OtherCost, TimeWeek, Withdrawable, YearOfRates
from placement.costs.selectors import OFFERED, UNDER_WAY, chosen_year
from placement.costs.services.choosing import choose_weeks, withdraw
from placement.costs.services.kroner import record_other_cost, set_rates
from placement.costs.sheet import month_words, sheet, write_csv
from placement.costs.summary import summary
from placement.costs.weeks import Week
from placement.families.models import Family
from placement.families.people import family_title
from placement.staffing.models import CASE_ROLES

#: Beside which field of a form a refusal of the services stands.
FIELD_OF_REFUSAL = {
    "end-before-start": "last",
    "weeks-twice": "first",
    "cost-in-future": "day",
    "day-impossible": "day",
    "amount-not-positive": "amount",
    "amount-decimals": "amount",
    "amount-too-large": "amount",
    "start-up-with-family": "stage",
    "rates-twice": "instead_because",
    "year-impossible": "year",
    "reason-missing": "reason",
}


class _LeadPage(RolePage):
    read_action = Action.SEE_COSTS
    write_action = Action.ADMINISTER_COSTS

    def ways(self, current: str) -> list[dict[str, Any]]:
        """The pages about costs, as links."""
        titles = {
            "costs": _("Oversigt"),
            "costs-weeks": _("Uger, der tælles"),
            "costs-rates": _("Satser"),
            "costs-other": _("Andre udgifter"),
        }
        return [
            {"title": title, "url": reverse(name), "current": name == current}
            for name, title in titles.items()
        ]

    def attempt(self, request: HttpRequest, form: BaseForm, produce: Callable[[], Any]) -> Refused | None:
        """Do what a form asks, once per opened form; a refusal that the form can mend stands at its field."""
        token = request.POST.get("submit_token", "")
        asked = {name: str(value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}

        def answer() -> dict[str, Any]:
            produce()
            return {}

        try:
            submissions.once(
                actor=self.actor,
                key=f"page:{token}" if token else None,
                asked=submissions.fingerprint(request.path, asked),
                produce=answer,
            )
        except Refused as refused:
            if refused.status != 422:
                raise
            field = FIELD_OF_REFUSAL.get(refused.type)
            form.add_error(field if field in form.fields else None, str(refused.message))
            return refused
        return None

    def found(self, model: type[Withdrawable], record: uuid.UUID) -> Withdrawable:
        """A record of the municipality; raises Http404."""
        one = model._default_manager.filter(municipality_id=self.municipality_id, uuid=record).first()
        if one is None:
            raise Http404
        return one

    def taken_back(self, request: HttpRequest, model: type[Withdrawable]) -> tuple[WithdrawForm, bool]:
        """Withdraw what the form names: the form, and whether that was done."""
        form = WithdrawForm(request.POST)
        if not form.is_valid():
            return form, False
        record = self.found(model, form.cleaned_data["record"])
        refused = self.attempt(
            request,
            form,
            lambda: withdraw(
                actor=self.actor, record=record, reason=form.cleaned_data["reason"], now=clock.now()
            ),
        )
        if refused is None:
            messages.success(
                request, _("Det er trukket tilbage og tæller ikke mere. Det bliver stående med grunden.")
            )
        return form, refused is None


def _opened_token(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("submit_token", ""))
    except ValueError:
        return uuid.uuid4()


def _years(name: str, year: int) -> list[dict[str, Any]]:
    here, this = reverse(name), clock.today().year
    return [
        {"year": one, "url": f"{here}?aar={one}", "current": one == year}
        for one in sorted({this - 1, this, year})
    ]


class SummaryPage(_LeadPage):
    """The municipality's year (``?aar=``): sums, in the order in which SØM asks for them. No name stands on it."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        year = chosen_year(request.GET.get("aar"))
        found = summary(self.municipality_id, year=year, today=clock.today())
        context = {
            "ways": self.ways("costs"),
            "years": _years("costs", year),
            "summary": found,
            "steps": sheet(found, municipality=self.actor.municipality_name),
            "months": [
                {"title": str(MONTHS[month.month]), **month_words(found, month)} for month in found.months
            ],
            "sheet_url": f"{reverse('costs-sheet')}?aar={year}",
            "rates_url": f"{reverse('costs-rates')}?aar={year}",
            "weeks_url": reverse("costs-weeks"),
        }
        return render(request, "costs/summary.html", context)


class SummarySheet(_LeadPage):
    """The same sums as a sheet to copy from: CSV as Danish spreadsheets read it."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        year = chosen_year(request.GET.get("aar"))
        found = summary(self.municipality_id, year=year, today=clock.today())
        content = write_csv(sheet(found, municipality=self.actor.municipality_name, by_month=True))
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="omkostninger-{year}.csv"'
        return response


class WeeksPage(_LeadPage):
    """Which weeks the municipality's staff are asked about their hours."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._page(request, WeeksForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if request.POST.get("do") == "withdraw":
            taking, done = self.taken_back(request, AskedWeeks)
            return (
                redirect("costs-weeks")
                if done
                else self._page(request, WeeksForm(), taking=taking, status=422)
            )
        form = WeeksForm(request.POST)
        if form.is_valid():
            said = dict(form.cleaned_data)
            first, last = Week.of(said.pop("first")), said.pop("last")

            def choose() -> None:
                choose_weeks(
                    actor=self.actor,
                    first=first,
                    last=Week.of(last) if last else None,
                    now=clock.now(),
                    **said,
                )

            if self.attempt(request, form, choose) is None:
                messages.success(request, _("Ugerne er valgt. De ansatte ser det på siden Min uge."))
                return redirect("costs-weeks")
        return self._page(request, form, status=422)

    def _page(
        self, request: HttpRequest, form: WeeksForm, *, taking: WithdrawForm | None = None, status: int = 200
    ) -> HttpResponse:
        choices = AskedWeeks.objects.filter(municipality_id=self.municipality_id)
        context = {
            "ways": self.ways("costs-weeks"),
            "choices": [
                {
                    "choice": one,
                    "first": Week.of(one.first_day),
                    "last": Week.of(one.last_day) if one.last_day else None,
                }
                for one in choices.select_related("recorded_by", "withdrawn_by")
            ],
            "form": form,
            "taking": taking,
            "here": reverse("costs-weeks"),
            "submit_token": _opened_token(request),
        }
        return render(request, "costs/weeks.html", context, status=status)


class RatesPage(_LeadPage):
    """What an hour and a night are reckoned at, by year; ``?aar=`` fills the form with that year's."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        year = chosen_year(request.GET.get("aar"))
        return self._page(request, self._form(year))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = self._form(None, request.POST)
        if form.is_valid():

            def write() -> None:
                set_rates(
                    actor=self.actor,
                    year=form.cleaned_data["year"],
                    price_year=form.cleaned_data["price_year"],
                    hourly=form.hourly,
                    nightly=form.nightly,
                    instead_because=form.cleaned_data["instead_because"],
                    now=clock.now(),
                )

            if self.attempt(request, form, write) is None:
                messages.success(request, _("Satserne er gemt og gælder for hele året."))
                return redirect("costs-rates")
        return self._page(request, form, status=422)

    def _form(self, year: int | None, data: Any = None) -> RatesForm:
        standing = selectors.rates_of(self.municipality_id).filter(year=year).first() if year else None
        return RatesForm(
            data,
            professions=self._professions(),
            sites=list(Site.objects.filter(municipality_id=self.municipality_id).order_by("name")),
            standing=standing,
            initial={"year": year, "price_year": standing.price_year if standing else year},
        )

    def _professions(self) -> list[str]:
        """Those of the staff who work with families today, and those whose hours are in."""
        held = StaffMembership.objects.in_force(clock.today()).filter(
            municipality_id=self.municipality_id, role__in=[role.value for role in CASE_ROLES]
        )
        told = TimeWeek.objects.filter(municipality_id=self.municipality_id)
        names = {
            *held.values_list("profession", flat=True),
            *told.values_list("profession", flat=True),
        }
        return sorted(names - {""})

    def _page(self, request: HttpRequest, form: RatesForm, *, status: int = 200) -> HttpResponse:
        everything = YearOfRates.objects.filter(municipality_id=self.municipality_id)
        here = reverse("costs-rates")
        context = {
            "ways": self.ways("costs-rates"),
            "years": [
                {"rates": one, "url": f"{here}?aar={one.year}#write" if one.withdrawn_at is None else ""}
                for one in everything.select_related("recorded_by", "withdrawn_by").prefetch_related(
                    "hourly", "nightly__site"
                )
            ],
            "form": form,
            "here": here,
            "submit_token": _opened_token(request),
        }
        return render(request, "costs/rates.html", context, status=status)


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class OtherCostsPage(_LeadPage):
    """What is paid for besides time, in a year (``?aar=``). Each family it names is a look, committed first."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._page(request, OtherCostForm(families=self._look(request)))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        families = self._look(request)
        if request.POST.get("do") == "withdraw":
            with transaction.atomic():
                taking, done = self.taken_back(request, OtherCost)
            if done:
                return redirect("costs-other")
            return self._page(request, OtherCostForm(families=families), taking=taking, status=422)
        form = OtherCostForm(request.POST, families=families)
        if form.is_valid():
            said = dict(form.cleaned_data)
            chosen = said.pop("family")

            def write() -> None:
                family = Family.objects.visible_to(self.actor).get(uuid=chosen) if chosen else None
                record_other_cost(actor=self.actor, family=family, now=clock.now(), **said)

            with transaction.atomic():
                refused = self.attempt(request, form, write)
            if refused is None:
                messages.success(request, _("Udgiften er gemt."))
                return redirect("costs-other")
        return self._page(request, form, status=422)

    def _look(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The families that the page names, looked at; as choices. Raises Http404 for one that is not on it."""
        with transaction.atomic(durable=True):
            seen = Family.objects.visible_to(self.actor).order_by("number").prefetch_related("people")
            offered = {family.pk: family for family in seen.filter(phase__in=UNDER_WAY)[:OFFERED]}
            listed = {cost.family_id for cost in self._costs(request) if cost.family_id} - set(offered)
            asked = request.POST.get("family", "")
            named = {family.pk: family for family in seen.filter(pk__in=listed)} if listed else {}
            if asked and asked not in {str(family.uuid) for family in offered.values()}:
                chosen = _one(seen, asked)
                offered[chosen.pk] = chosen
            self.named = offered | named
            trail.record_reads(family_ids=sorted(self.named), route="costs-other", method=str(request.method))
        return [(str(family.uuid), family_title(family)) for family in offered.values()]

    def _costs(self, request: HttpRequest) -> list[OtherCost]:
        year = chosen_year(request.GET.get("aar"))
        return list(selectors.other_costs(self.municipality_id, year)[:200])

    def _page(
        self,
        request: HttpRequest,
        form: OtherCostForm,
        *,
        taking: WithdrawForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        with transaction.atomic():
            context = {
                "ways": self.ways("costs-other"),
                "year": chosen_year(request.GET.get("aar")),
                "years": _years("costs-other", chosen_year(request.GET.get("aar"))),
                "costs": [
                    {
                        "cost": cost,
                        "about": self._about(cost),
                    }
                    for cost in self._costs(request)
                ],
                "form": form,
                "taking": taking,
                "here": reverse("costs-other"),
                "submit_token": _opened_token(request),
            }
            return render(request, "costs/other.html", context, status=status)

    def _about(self, cost: OtherCost) -> str:
        if cost.family_id is None:
            return ""
        family = self.named.get(cost.family_id)
        return family_title(family) if family else _("En familie, du ikke ser")


def _one(seen: Any, text: str) -> Family:
    try:
        found: Family | None = seen.filter(uuid=uuid.UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found
