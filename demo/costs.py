"""What the invented municipalities know of their costs: weeks of hours, some bills, and rates. All of it is invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from demo.walk import Company
from placement import clock
from placement.access.models import Site
from placement.costs.codes import Activity, CostStage
from placement.costs.models import AskedWeeks
from placement.costs.selectors import opened_week
from placement.costs.services.choosing import choose_weeks
from placement.costs.services.kroner import SiteNight, record_other_cost, set_rates
from placement.costs.services.week import Hours, save_week
from placement.costs.weeks import Week

#: So many weeks back the counting began.
WEEKS = 4
#: Who writes their hours, in the order in which they do it.
WRITERS = ("practitioner", "teamlead", "caseworker", "healthvisitor")

HOURLY = {
    "familiebehandler": Decimal("385.00"),
    "socialrådgiver": Decimal("402.50"),
    "sundhedsplejerske": Decimal("398.75"),
    "psykolog": Decimal("455.00"),
}
TAKST, OCCUPANCY = Decimal("6240.00"), Decimal("0.85")

#: (weeks ago, kind, amount, category, stage)
BILLS = (
    (9, "course_fee", Decimal("18500.00"), "training", "start_up"),
    (7, "material", Decimal("12340.50"), "material", "start_up"),
    (3, "interpreter", Decimal("1480.00"), "operation", "operation"),
    (2, "test", Decimal("960.00"), "material", "operation"),
    (1, "transport", Decimal("615.75"), "operation", "operation"),
)

#: Quarters of an hour on each family one is with, and on what is about none.
WITH_A_FAMILY = ((Activity.CONTACT, 12), (Activity.WRITING, 4), (Activity.COORDINATION, 2))
ABOUT_NONE = ((Activity.SUPERVISION, 6), (Activity.MEETING, 8))


def count_costs(company: Company, *, now: datetime) -> None:
    """Four weeks of hours, bills and rates, each on its day and through the services. Once."""
    lead = company.actor("teamlead")
    with lead.acting(), transaction.atomic():
        if AskedWeeks.objects.exists():
            return
    first = Week.of(clock.danish_day(now)).later(-WEEKS)
    years = sorted({first.later(-9).monday.year, clock.danish_day(now).year})
    with clock.standing_at(now), lead.acting(), transaction.atomic():
        site = Site.objects.filter(municipality_id=company.municipality_id).order_by("id")[0]
        for year in years:
            set_rates(
                actor=lead,
                year=year,
                price_year=year,
                hourly=HOURLY,
                nightly=[SiteNight(site, TAKST, OCCUPANCY)],
                now=now,
            )
        for weeks_ago, kind, amount, category, stage in BILLS:
            record_other_cost(
                actor=lead,
                day=clock.danish_day(now) - timedelta(weeks=weeks_ago),
                kind=kind,
                amount=amount,
                category=category,
                stage=stage,
                now=now,
            )
        choose_weeks(actor=lead, first=first, last=None, now=now)
    for number in range(WEEKS):
        week = first.later(number)
        for part in WRITERS:
            _write(company, part, week, number)


def _write(company: Company, part: str, week: Week, number: int) -> None:
    """One person's week, written the Monday after: what they were at, and what is usual."""
    actor = company.actor(part)
    at = datetime.combine(week.later(1).monday, datetime.min.time(), clock.DENMARK) + timedelta(hours=9)
    with clock.standing_at(at), actor.acting(), transaction.atomic():
        opened = opened_week(actor, week)
        quarters = dict(opened.cells)
        for family, element, stage in opened.lines:
            for activity, usual in WITH_A_FAMILY if family else ABOUT_NONE:
                quarters[family, element, stage, activity.value] = usual + number % 2
        if part == "teamlead" and number == 0:
            quarters[None, "", CostStage.START_UP.value, Activity.TRAINING.value] = 28
        save_week(
            actor=actor,
            week=week,
            hours=[
                Hours(
                    activity=activity,
                    quarters=many,
                    family=opened.families[family] if family else None,
                    element=element,
                    stage=stage,
                )
                for (family, element, stage, activity), many in quarters.items()
            ],
            seen=0,
            send=True,
            now=at,
        )
