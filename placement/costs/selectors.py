"""Reads of hours and rates: what is asked, what a week is prefilled with, what was put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet

from placement import clock
from placement.access.actor import Actor
from placement.costs.codes import Activity, CostStage
from placement.costs.models import (
    AskedWeeks,
    OtherCost,
    TimeEntry,
    TimeWeek,
    WeekDraft,
    WeekReopening,
    YearOfRates,
)
from placement.costs.weeks import Week
from placement.families.models import Family, FamilyGrant, GrantFunction, Phase
from placement.meetings.models import Attendance, MeetingKind, Session, SessionStatus
from placement.progression.codes import Element
from placement.staffing.querysets import municipality_of

#: Families that hours are offered for without being looked for.
UNDER_WAY = (Phase.STARTED, Phase.MOVED_IN, Phase.EXITED)
#: So many families a week offers at most: one writes about those one works with.
OFFERED = 60

#: (family or None, core element or '', stage): one line of a week.
Line = tuple[int | None, str, str]
#: A line and an activity: one number of a week.
Cell = tuple[int | None, str, str, str]


def asked_weeks(municipality_id: int) -> QuerySet[AskedWeeks]:
    """The choices of weeks that stand, newest first."""
    return AskedWeeks.objects.filter(municipality_id=municipality_id, withdrawn_at__isnull=True)


def asking(municipality_id: int, week: Week) -> AskedWeeks | None:
    """The choice by which hours of ``week`` are asked for; None when nothing is asked."""
    covering = asked_weeks(municipality_id).filter(first_day__lte=week.monday)
    return covering.filter(Q(last_day__isnull=True) | Q(last_day__gte=week.sunday)).first()


def is_asked(municipality_id: int, week: Week) -> bool:
    """Whether the municipality's staff are asked about their hours in ``week``."""
    return asking(municipality_id, week) is not None


def next_asked(municipality_id: int, after: Week) -> Week | None:
    """The next week after ``after`` that is asked for; None when none is chosen."""
    coming = after.later(1)
    ahead = asked_weeks(municipality_id).filter(Q(last_day__isnull=True) | Q(last_day__gte=coming.sunday))
    days = [max(first, coming.monday) for first in ahead.values_list("first_day", flat=True)]
    return Week(min(days)) if days else None


@dataclass(frozen=True)
class OpenedWeek:
    """Everything the page and the API say about one person's week; families are those the person sees."""

    week: Week
    asked: bool
    kept: TimeWeek | None
    families: dict[int, Family]
    #: Those that hours can be added for, in the order of their numbers.
    offered: list[Family]
    #: The numbers as they stand, or as the week is prefilled while nothing is saved; in quarters.
    cells: dict[Cell, int]
    #: Lines without a number yet.
    lines: list[Line]
    #: Numbers about families that the person does not see any more.
    hidden: dict[Cell, int] = field(default_factory=dict)
    draft: WeekDraft | None = None

    @property
    def prefilled(self) -> bool:
        return self.kept is None and bool(self.cells)

    @property
    def revision(self) -> int:
        return self.kept.revision if self.kept else 0


def opened_week(actor: Actor, week: Week, *, like_last: bool = False) -> OpenedWeek:
    """The person's week: as saved, or else prefilled; with ``like_last`` as the week before was."""
    municipality = municipality_of(actor)
    kept = _week_of(actor, week)
    choice = asking(municipality, week)
    offered = list(
        Family.objects.visible_to(actor)
        .filter(phase__in=UNDER_WAY)
        .order_by("number")
        .prefetch_related("people")[:OFFERED]
    )
    if like_last and (kept is None or kept.sent_at is None):
        cells = _cells_of(_week_of(actor, week.later(-1)))
    elif kept is not None:
        cells = _cells_of(kept)
    elif choice is not None:
        cells = _from_the_work(actor, week, choice)
    else:
        cells = Counter()
    standing = _cells_of(kept) if like_last and kept is not None else cells
    families = {family.pk: family for family in offered}
    further = {cell[0] for cell in (*cells, *standing) if cell[0] is not None} - set(families)
    if further:
        seen = Family.objects.visible_to(actor).filter(pk__in=further).prefetch_related("people")
        families |= {family.pk: family for family in seen}
    hidden = {cell: number for cell, number in standing.items() if cell[0] and cell[0] not in families}
    shown = {cell: number for cell, number in cells.items() if cell[0] is None or cell[0] in families}
    return OpenedWeek(
        week=week,
        asked=choice is not None,
        kept=kept,
        families=families,
        offered=offered,
        cells=shown,
        lines=_lines(actor, week, shown, families) if kept is None or kept.sent_at is None else [],
        hidden=hidden,
        draft=WeekDraft.objects.filter(
            municipality_id=municipality, staff_id=actor.staff_id, monday=week.monday
        )
        .exclude(data={})
        .first(),
    )


def _week_of(actor: Actor, week: Week) -> TimeWeek | None:
    mine = TimeWeek.objects.filter(municipality_id=municipality_of(actor), staff_id=actor.staff_id)
    return mine.filter(monday=week.monday).first()


def _cells_of(kept: TimeWeek | None) -> Counter[Cell]:
    if kept is None:
        return Counter()
    standing = TimeEntry.objects.filter(week=kept, replaced_at__isnull=True)
    numbers = standing.values_list("family_id", "element", "stage", "activity", "quarters")
    return Counter(
        {(family, element, stage, what): number for family, element, stage, what, number in numbers}
    )


def _from_the_work(actor: Actor, week: Week, choice: AskedWeeks) -> Counter[Cell]:
    """The meetings the person was at and the sessions they held in the week, each as long as the lead said they are."""
    seen = Family.objects.visible_to(actor)
    cells: Counter[Cell] = Counter()
    been = Attendance.objects.filter(
        staff_id=actor.staff_id,
        present=True,
        meeting__held_on__range=(week.monday, week.sunday),
        meeting__family__in=seen,
    )
    for family, kind in been.values_list("meeting__family_id", "meeting__kind"):
        network = kind == MeetingKind.NETWORK
        element = Element.NETWORK if network else Element.TEAM
        length = choice.network_meeting_quarters if network else choice.team_meeting_quarters
        cells[family, element.value, CostStage.OPERATION.value, Activity.MEETING.value] += length
    held = Session.objects.filter(
        held_by_id=actor.staff_id,
        status=SessionStatus.HELD,
        held_on__range=(week.monday, week.sunday),
        family__in=seen,
    )
    for family in held.values_list("family_id", flat=True):
        cell = (family, Element.MENTALISATION.value, CostStage.OPERATION.value, Activity.CONTACT.value)
        cells[cell] += choice.session_quarters
    return Counter({cell: number for cell, number in cells.items() if number})


def _lines(actor: Actor, week: Week, cells: Iterable[Cell], families: dict[int, Family]) -> list[Line]:
    """A line for each family the person is appointed to in the week, and one about none, where there is none yet."""
    named = {cell[0] for cell in cells}
    appointed = FamilyGrant.objects.filter(
        user_id=actor.staff_id,
        function__in=[GrantFunction.CASEWORKER, GrantFunction.TEAM],
        content_object__in=list(families),
        starts__lte=week.sunday,
    ).exclude(ends__lt=week.monday)
    mine = set(appointed.values_list("content_object_id", flat=True)) - named
    lines: list[Line] = [
        (pk, "", CostStage.OPERATION.value)
        for pk in sorted(mine, key=lambda pk: families[pk].number)
        if families[pk].phase in UNDER_WAY
    ]
    return lines if None in named else [*lines, (None, "", CostStage.OPERATION.value)]


@dataclass(frozen=True)
class Correction:
    """A number of a week that was another before: quarters, and when that changed."""

    cell: Cell
    before: int
    after: int
    at: datetime


def corrections(kept: TimeWeek, reopenings: Iterable[WeekReopening]) -> list[Correction]:
    """What was changed since the week was first sent, newest first; what was changed before that is no correction."""
    first_sent = min((one.was_sent_at for one in reopenings), default=None)
    if first_sent is None:
        return []
    found: list[Correction] = []
    entries = list(TimeEntry.objects.filter(week=kept).order_by("recorded_at", "id"))
    for entry in entries:
        cell = (entry.family_id, entry.element, entry.stage, entry.activity)
        if entry.replaced_at is not None and entry.replaced_at > first_sent:
            after = next(
                (
                    later.quarters
                    for later in entries
                    if (later.family_id, later.element, later.stage, later.activity) == cell
                    and later.recorded_at == entry.replaced_at
                ),
                0,
            )
            found.append(Correction(cell, entry.quarters, after, entry.replaced_at))
        elif entry.recorded_at > first_sent and not any(
            other.replaced_at == entry.recorded_at
            and (other.family_id, other.element, other.stage, other.activity) == cell
            for other in entries
        ):
            found.append(Correction(cell, 0, entry.quarters, entry.recorded_at))
    return sorted(found, key=lambda one: one.at, reverse=True)


def reopenings_of(kept: TimeWeek) -> list[WeekReopening]:
    """When and why the week was opened again, newest first."""
    return list(WeekReopening.objects.filter(week=kept))


def rates_of(municipality_id: int) -> QuerySet[YearOfRates]:
    """The rates that stand, the latest year first, with their lines."""
    standing = YearOfRates.objects.filter(municipality_id=municipality_id, withdrawn_at__isnull=True)
    return standing.select_related("recorded_by").prefetch_related("hourly", "nightly__site")


def other_costs(municipality_id: int, year: int) -> QuerySet[OtherCost]:
    """The other costs of a year, those withdrawn among them, newest first."""
    found = OtherCost.objects.filter(municipality_id=municipality_id, day__year=year)
    return found.select_related("recorded_by", "withdrawn_by", "family")


def chosen_year(asked: str | None, *, today: date | None = None) -> int:
    """The year that is asked for; this one when none is, or none that can be meant."""
    this = (today or clock.today()).year
    if asked is None or not (asked.isascii() and asked.isdigit()) or len(asked) != 4:
        return this
    year = int(asked)
    return year if clock.EARLIEST_DAY.year <= year <= this + clock.LATEST_YEARS_AHEAD else this
