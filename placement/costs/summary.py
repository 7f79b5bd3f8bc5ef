"""What the intervention cost in a year: hours and what they are reckoned at, other costs, nights. Sums, never a name.

Two ways to reckon stand beside each other and are never added: what was used (hours × hourly cost + other costs), and what
was paid for the places (nights × takst). A takst holds the site's salaries, so the sum of both would count them twice.

Only sent weeks count. A week is counted whole in the month of its Thursday. Kroner are exact here; pages round.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractMonth

from placement.access.models import Site
from placement.costs.codes import QUARTERS_IN_HOUR, CostCategory, CostStage
from placement.costs.models import NightRate, OtherCost, TimeEntry, TimeWeek, YearOfRates
from placement.costs.nights import Counted, Nights, count
from placement.costs.selectors import asked_weeks, rates_of
from placement.costs.weeks import Week
from placement.progression.codes import Element

ZERO = Decimal(0)
#: The core elements in the programme's order, and last what goes across them.
ELEMENTS: tuple[str, ...] = (*Element.values, "")


def hundreds(amount: Decimal) -> Decimal:
    """Rounded to 100 kroner, halves up: what is shown by family or place says no more than that."""
    return (amount / 100).quantize(Decimal(1), ROUND_HALF_UP) * 100


def shared(amount: Decimal, *by: int) -> Decimal | None:
    """An amount shared by families, places, weeks or months, rounded to 100 kroner; None where one of them is none."""
    if not all(by):
        return None
    for many in by:
        amount = amount / many
    return hundreds(amount)


@dataclass
class Spent:
    """Hours, what they are reckoned at, and other costs, in kroner."""

    quarters: int = 0
    salary: Decimal = ZERO
    other: Decimal = ZERO

    @property
    def hours(self) -> Decimal:
        return Decimal(self.quarters) / QUARTERS_IN_HOUR

    @property
    def total(self) -> Decimal:
        return self.salary + self.other

    def add(self, more: Spent) -> None:
        self.quarters += more.quarters
        self.salary += more.salary
        self.other += more.other


@dataclass(frozen=True)
class ProfessionLine:
    """One profession: its quarters by core element, and what an hour is reckoned at (None: nobody has said)."""

    profession: str
    quarters: dict[str, int]
    hourly: Decimal | None

    @property
    def total(self) -> int:
        return sum(self.quarters.values())

    @property
    def salary(self) -> Decimal:
        return (self.hourly or ZERO) * self.total / QUARTERS_IN_HOUR


@dataclass(frozen=True)
class SiteLine:
    """One site: its nights, its places, and the takst of a night (None: nobody has said)."""

    site: Site
    nights: int
    paused: int
    rate: NightRate | None

    @property
    def amount(self) -> Decimal:
        return (self.rate.amount if self.rate else ZERO) * self.nights

    @property
    def empty_places(self) -> Decimal | None:
        """What the places that stood empty cost beside these nights, by the occupancy; None when it is not known."""
        if self.rate is None or self.rate.occupancy is None:
            return None
        return self.amount * (1 / self.rate.occupancy - 1)


@dataclass(frozen=True)
class MonthLine:
    """One month; ``counted``: its weeks of which somebody has sent hours. Without any, nothing is known of its hours."""

    month: int
    spent: Spent
    counted: int
    nights: int
    paused: int
    takst: Decimal


@dataclass(frozen=True)
class Summary:
    """A municipality's year. ``unpriced``: professions with hours that no rate is set for; their hours cost nothing here."""

    year: int
    rates: YearOfRates | None
    months: list[MonthLine]
    categories: dict[tuple[str, str], Spent]
    professions: list[ProfessionLine]
    sites: list[SiteLine]
    sent_weeks: int
    begun_weeks: int
    people: int
    asked: int
    #: Weeks of which somebody has sent hours.
    counted: int
    families: int
    unpriced: list[str] = field(default_factory=list)

    @property
    def has_takst(self) -> bool:
        """Whether a night at any of the sites has a takst."""
        return any(site.rate for site in self.sites)

    @property
    def used(self) -> Spent:
        """Everything that was used."""
        whole = Spent()
        for spent in self.categories.values():
            whole.add(spent)
        return whole

    @property
    def takst(self) -> Decimal:
        return sum((site.amount for site in self.sites), ZERO)

    @property
    def nights(self) -> int:
        return sum(site.nights for site in self.sites)

    @property
    def paused(self) -> int:
        return sum(site.paused for site in self.sites)

    @property
    def places(self) -> int:
        return sum(site.site.places for site in self.sites)

    @property
    def months_begun(self) -> int:
        return len(self.months)


def summary(municipality_id: int, *, year: int, today: date) -> Summary:
    """What the municipality's families have cost in ``year``, up to ``today``."""
    rates = rates_of(municipality_id).filter(year=year).first()
    hourly = {rate.profession: rate.amount for rate in rates.hourly.all()} if rates else {}
    nightly = {rate.site_id: rate for rate in rates.nightly.all()} if rates else {}
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    stayed = count(municipality_id, first=first, last=last) if first <= last else Counted({}, 0)
    counted = stayed.nights
    months: dict[int, Spent] = {
        number: Spent() for number in range(1, (last.month if first <= last else 0) + 1)
    }
    categories: dict[tuple[str, str], Spent] = defaultdict(Spent)
    professions: dict[str, Counter[str]] = defaultdict(Counter)
    for monday, profession, element, category, stage, quarters in _hours(municipality_id, year):
        salary = hourly.get(profession, ZERO) * quarters / QUARTERS_IN_HOUR
        more = Spent(quarters=quarters, salary=salary)
        categories[category, stage].add(more)
        months.setdefault(Week(monday).counted_on.month, Spent()).add(more)
        professions[profession][element] += quarters
    for month, category, stage, amount in _other(municipality_id, year):
        more = Spent(other=amount)
        categories[category, stage].add(more)
        months.setdefault(month, Spent()).add(more)
    weeks = TimeWeek.objects.filter(municipality_id=municipality_id, **_of_year(year))
    told = weeks.aggregate(
        begun=Count("pk"),
        sent=Count("sent_at"),
        people=Count("staff", distinct=True),
        counted=ArrayAgg("monday", distinct=True, filter=Q(sent_at__isnull=False), default=[]),
    )
    weeks_counted = Counter(Week(monday).counted_on.month for monday in told["counted"])
    for number in weeks_counted:
        months.setdefault(number, Spent())
    return Summary(
        year=year,
        rates=rates,
        months=[
            _month(number, months[number], weeks_counted[number], counted, nightly)
            for number in sorted(months)
        ],
        categories={
            (category, stage): categories.get((category, stage), Spent())
            for category in CostCategory.values
            for stage in CostStage.values
        },
        professions=[
            ProfessionLine(name, dict(professions[name]), hourly.get(name)) for name in sorted(professions)
        ],
        sites=_sites(municipality_id, counted, nightly),
        sent_weeks=told["sent"],
        begun_weeks=told["begun"] - told["sent"],
        people=told["people"],
        asked=_asked(municipality_id, year, today),
        counted=weeks_counted.total(),
        families=stayed.families,
        unpriced=sorted(name for name in professions if name not in hourly),
    )


def _of_year(year: int) -> dict[str, tuple[date, date]]:
    """Weeks whose Thursday lies in the year."""
    before = timedelta(days=3)
    return {"monday__range": (date(year, 1, 1) - before, date(year, 12, 31) - before)}


def _hours(municipality_id: int, year: int) -> Iterable[tuple[date, str, str, str, str, int]]:
    of_year = {f"week__{name}": value for name, value in _of_year(year).items()}
    entries = TimeEntry.objects.filter(
        municipality_id=municipality_id, replaced_at__isnull=True, week__sent_at__isnull=False, **of_year
    )
    by = ("week__monday", "week__profession", "element", "category", "stage")
    return entries.order_by(*by).values_list(*by).annotate(quarters=Sum("quarters"))


def _other(municipality_id: int, year: int) -> Iterable[tuple[int, str, str, Decimal]]:
    standing = OtherCost.objects.filter(
        municipality_id=municipality_id, day__year=year, withdrawn_at__isnull=True
    )
    by = ("month", "category", "stage")
    months = standing.annotate(month=ExtractMonth("day")).order_by(*by)
    return months.values_list(*by).annotate(amount=Sum("amount"))


def _month(
    number: int,
    spent: Spent,
    weeks: int,
    counted: dict[tuple[int, date], Nights],
    nightly: dict[int, NightRate],
) -> MonthLine:
    mine = {site: one for (site, month), one in counted.items() if month.month == number}
    return MonthLine(
        month=number,
        spent=spent,
        counted=weeks,
        nights=sum(one.there for one in mine.values()),
        paused=sum(one.paused for one in mine.values()),
        takst=sum((nightly[site].amount * one.there for site, one in mine.items() if site in nightly), ZERO),
    )


def _sites(
    municipality_id: int, counted: dict[tuple[int, date], Nights], nightly: dict[int, NightRate]
) -> list[SiteLine]:
    return [
        SiteLine(
            site=site,
            nights=sum(one.there for (where, _month), one in counted.items() if where == site.pk),
            paused=sum(one.paused for (where, _month), one in counted.items() if where == site.pk),
            rate=nightly.get(site.pk),
        )
        for site in Site.objects.filter(municipality_id=municipality_id).order_by("name")
    ]


def _asked(municipality_id: int, year: int, today: date) -> int:
    """How many weeks of the year, begun by ``today``, the staff are asked about."""
    first, last = (day for day in _of_year(year)["monday__range"])
    week = Week.of(first + timedelta(days=6))
    choices = list(asked_weeks(municipality_id))
    found = 0
    while week.monday <= min(last, today):
        found += any(
            choice.first_day <= week.monday and (choice.last_day is None or week.sunday <= choice.last_day)
            for choice in choices
        )
        week = week.later(1)
    return found
