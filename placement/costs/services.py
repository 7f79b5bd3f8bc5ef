"""Every write of hours, other costs and rates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.days import check_possible
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.models import Site, StaffMembership
from placement.access.roles import Action
from placement.clock import danish_day
from placement.costs.codes import (
    ABOUT_A_FAMILY,
    ABOUT_NONE,
    EARLIEST_YEAR,
    LATEST_YEAR,
    QUARTERS_IN_HOUR,
    UNKNOWN_PROFESSION,
    Activity,
    CostCategory,
    CostStage,
    OtherCostKind,
    category_of,
)
from placement.costs.models import (
    AskedWeeks,
    HourlyRate,
    NightRate,
    OtherCost,
    TimeEntry,
    TimeWeek,
    WeekDraft,
    WeekReopening,
    Withdrawable,
    YearOfRates,
)
from placement.costs.selectors import is_asked
from placement.costs.weeks import Week
from placement.families.models import Family
from placement.progression.codes import Element
from placement.staffing.models import CASE_ROLES
from placement.staffing.querysets import municipality_of

LARGEST_DRAFT = 20_000
LONGEST_REASON = 300
#: The largest amounts that are kept, in kroner; anything above is mistyped.
LARGEST_COST = Decimal("99999999.99")
LARGEST_HOURLY = Decimal("9999.99")
LARGEST_NIGHTLY = Decimal("99999.99")
LONGEST_MEETING = 24 * QUARTERS_IN_HOUR


@dataclass(frozen=True)
class Hours:
    """So many quarters of an hour of one kind; ``family`` None: about no single one, ``element`` '': across them."""

    activity: str
    quarters: int
    family: Family | None = None
    element: str = ""
    stage: str = CostStage.OPERATION

    @property
    def key(self) -> tuple[int | None, str, str, str]:
        return (self.family.pk if self.family else None, self.element, self.activity, self.stage)


@dataclass(frozen=True)
class SiteNight:
    """What one family's night at a site is reckoned at, in kroner; ``occupancy`` as a share of one, if known."""

    site: Site
    amount: Decimal
    occupancy: Decimal | None = None


@transaction.atomic
def save_week(
    *,
    actor: Actor,
    week: Week,
    hours: Sequence[Hours],
    seen: int,
    now: datetime,
    send: bool = False,
    submit_token: UUID | None = None,
) -> TimeWeek:
    """Let the person's week be exactly ``hours``, and close it with ``send``; a number that changes stays as it was.

    ``seen``: the revision of the week that was read, 0 for one not saved yet. The same hours once more change nothing.
    Hours about a family that the person does not see any more stay as they are.
    Raises NotAllowed; Http404 for a family that the person does not see; Refused: ``week-in-future``, ``week-not-asked``,
    ``hours-negative``, ``hours-too-many``, ``hours-twice``, ``activity-unknown``, ``element-unknown``, ``stage-unknown``,
    ``start-up-with-family``; StaleState: ``week-sent`` for a closed one, ``week-changed`` when it was saved meanwhile.
    """
    _may(actor, Action.REGISTER_TIME)
    today = danish_day(now)
    if week.monday > today:
        raise Refused(_("Ugen ligger i fremtiden. Skriv timerne, når den er begyndt."), type="week-in-future")
    _check_hours(hours)
    _check_seen(actor, hours)
    kept = _held(actor, week)
    if kept is None and not is_asked(municipality_of(actor), week):
        raise Refused(_("Der bliver ikke spurgt om tid i den uge."), type="week-not-asked")
    if kept is None:
        kept = _begun(actor, week, now)
    elif kept.sent_at is not None:
        raise StaleState(_("Ugen er sendt. Åbn den igen, hvis noget skal rettes."), type="week-sent")
    else:
        standing = _standing(kept)
        hidden = _hidden(actor, standing.values())
        wanted = {one.key: one.quarters for one in hours if one.quarters}
        same = wanted == {key: entry.quarters for key, entry in standing.items() if entry not in hidden}
        if same and not send:
            _take_draft(actor, week, submit_token, now)
            return kept
        if kept.revision != seen and not same:
            raise StaleState(
                _("Ugen er gemt et andet sted imens. Se tallene igennem, og gem igen."), type="week-changed"
            )
        kept.revision += 1
    _write(actor, kept, hours, week=week, today=today, now=now)
    kept.saved_at = now
    kept.sent_at = now if send else None
    kept.save(update_fields=["revision", "saved_at", "sent_at"])
    _take_draft(actor, week, submit_token, now)
    return kept


def _held(actor: Actor, week: Week) -> TimeWeek | None:
    """The person's week, held until the transaction ends."""
    mine = TimeWeek.objects.select_for_update().filter(
        municipality_id=municipality_of(actor), staff_id=actor.staff_id, monday=week.monday
    )
    return mine.first()


def _begun(actor: Actor, week: Week, now: datetime) -> TimeWeek:
    try:
        with transaction.atomic():
            return TimeWeek.objects.create(
                municipality_id=municipality_of(actor),
                staff=actor.staff,
                monday=week.monday,
                profession=profession_of(actor, week, danish_day(now)),
                saved_at=now,
            )
    except IntegrityError:
        raise StaleState(
            _("Ugen er gemt et andet sted imens. Se tallene igennem, og gem igen."), type="week-changed"
        ) from None


def profession_of(actor: Actor, week: Week, today: date) -> str:
    """The person's profession in the week: that of a membership which held on its last day that has begun."""
    held = StaffMembership.objects.in_force(min(week.sunday, today)).filter(
        staff_id=actor.staff_id,
        municipality_id=municipality_of(actor),
        role__in=[role.value for role in CASE_ROLES],
    )
    found = held.exclude(profession="").order_by("id").values_list("profession", flat=True).first()
    return found or UNKNOWN_PROFESSION


def _check_hours(hours: Sequence[Hours]) -> None:
    for one in hours:
        if one.quarters < 0:
            raise Refused(_("Timer kan ikke være negative. Ret tallet."), type="hours-negative")
        if one.activity not in Activity.values:
            raise Refused(_("Aktiviteten findes ikke. Vælg en anden."), type="activity-unknown")
        if one.activity not in (ABOUT_A_FAMILY if one.family else ABOUT_NONE):
            raise Refused(
                _("“Med familien” skrives på en familie, supervision og uddannelse uden familie."),
                type="activity-not-here",
            )
        if one.element and one.element not in Element.values:
            raise Refused(_("Kerneelementet findes ikke. Vælg et andet."), type="element-unknown")
        _check_stage(one.stage, one.family)
    keys = [one.key for one in hours if one.quarters]
    if len(keys) != len(set(keys)):
        raise Refused(
            _("Den samme familie og det samme kerneelement står i to linjer. Skriv timerne i én af dem."),
            type="hours-twice",
        )


def _check_stage(stage: str, family: Family | None) -> None:
    if stage not in CostStage.values:
        raise Refused(_("Vælg, om det er opstart eller drift."), type="stage-unknown")
    if family is not None and stage != CostStage.OPERATION:
        raise Refused(
            _("Det, der bruges på en familie, er drift. Opstart er det, der er brugt uden for familierne."),
            type="start-up-with-family",
        )


def _check_seen(actor: Actor, hours: Sequence[Hours]) -> None:
    named = {one.family.pk for one in hours if one.family is not None}
    if named and Family.objects.visible_to(actor).filter(pk__in=named).count() != len(named):
        raise Http404


def _standing(week: TimeWeek) -> dict[tuple[int | None, str, str, str], TimeEntry]:
    entries = TimeEntry.objects.filter(week=week, replaced_at__isnull=True)
    return {(entry.family_id, entry.element, entry.activity, entry.stage): entry for entry in entries}


def _hidden(actor: Actor, entries: Collection[TimeEntry]) -> list[TimeEntry]:
    """Those about families that the person does not see any more."""
    named = {entry.family_id for entry in entries if entry.family_id is not None}
    if not named:
        return []
    seen = set(Family.objects.visible_to(actor).filter(pk__in=named).values_list("pk", flat=True))
    return [entry for entry in entries if entry.family_id is not None and entry.family_id not in seen]


def _write(
    actor: Actor, kept: TimeWeek, hours: Sequence[Hours], *, week: Week, today: date, now: datetime
) -> None:
    standing = _standing(kept)
    hidden = _hidden(actor, standing.values())
    begun = week.days_begun(today)
    total = sum(one.quarters for one in hours) + sum(entry.quarters for entry in hidden)
    if total > begun * 24 * QUARTERS_IN_HOUR:
        raise Refused(
            _(
                "Der er 24 timer i et døgn: %(days)d af ugens dage er begyndt, så %(hours)d timer er det meste."
            )
            % {"days": begun, "hours": begun * 24},
            type="hours-too-many",
        )
    wanted = {one.key: one for one in hours if one.quarters}
    unchanged = {
        key
        for key, entry in standing.items()
        if entry in hidden or (key in wanted and wanted[key].quarters == entry.quarters)
    }
    gone = [entry.pk for key, entry in standing.items() if key not in unchanged]
    if gone:
        TimeEntry.objects.filter(pk__in=gone).update(replaced_at=now)
    TimeEntry.objects.bulk_create(
        TimeEntry(
            municipality_id=kept.municipality_id,
            week=kept,
            family=one.family,
            element=one.element,
            activity=one.activity,
            stage=one.stage,
            category=category_of(one.activity, one.stage),
            quarters=one.quarters,
            recorded_at=now,
        )
        for key, one in wanted.items()
        if key not in unchanged
    )


@transaction.atomic
def reopen_week(*, actor: Actor, week: Week, reason: str, now: datetime) -> TimeWeek:
    """Open one's own sent week again; the reason stands with it.

    Raises NotAllowed, Refused (``reason-missing``), StaleState (``week-not-sent``).
    """
    _may(actor, Action.REGISTER_TIME)
    _check_reason(reason, _("Skriv, hvorfor ugen skal åbnes igen."))
    kept = _held(actor, week)
    if kept is None or kept.sent_at is None:
        raise StaleState(_("Ugen er ikke sendt, så den er allerede åben."), type="week-not-sent")
    WeekReopening.objects.create(
        municipality_id=kept.municipality_id,
        week=kept,
        reason=reason.strip(),
        was_sent_at=kept.sent_at,
        reopened_by=actor.staff,
        reopened_at=now,
    )
    kept.sent_at = None
    kept.revision += 1
    kept.save(update_fields=["sent_at", "revision"])
    return kept


@transaction.atomic
def save_draft(*, actor: Actor, week: Week, token: UUID, data: Mapping[str, Any], now: datetime) -> bool:
    """Keep what is being typed in one's week; False when that form has been saved: late, it brings nothing back.

    Raises NotAllowed, Refused (``draft-too-large``).
    """
    _may(actor, Action.REGISTER_TIME)
    typed = {str(name): str(value).replace("\x00", "") for name, value in data.items()}
    if sum(len(name) + len(value) for name, value in typed.items()) > LARGEST_DRAFT:
        raise Refused(_("Teksten er for lang til at blive gemt som kladde."), type="draft-too-large")
    draft, _made = WeekDraft.objects.select_for_update().get_or_create(
        municipality_id=municipality_of(actor), staff=actor.staff, monday=week.monday
    )
    if draft.saved_token == token:
        return False
    draft.data, draft.updated = typed, now
    draft.save(update_fields=["data", "updated"])
    return True


def _take_draft(actor: Actor, week: Week, token: UUID | None, now: datetime) -> None:
    WeekDraft.objects.update_or_create(
        municipality_id=municipality_of(actor),
        staff=actor.staff,
        monday=week.monday,
        defaults={"data": {}, "saved_token": token, "updated": now},
    )


@transaction.atomic
def choose_weeks(
    *,
    actor: Actor,
    first: Week,
    last: Week | None,
    now: datetime,
    team_meeting_quarters: int = 4,
    network_meeting_quarters: int = 6,
    session_quarters: int = 4,
) -> AskedWeeks:
    """Ask the municipality's staff about their hours from ``first`` to ``last``, both included; None: until further notice.

    The lengths are what their weeks are prefilled with. Raises NotAllowed, Refused: ``end-before-start``, ``weeks-twice``
    when some of them are asked already, ``day-impossible``, ``meeting-length``.
    """
    _may(actor, Action.ADMINISTER_COSTS)
    for week in (first, last):
        if week is not None:
            check_possible(week.sunday, now=now)
    if last is not None and last < first:
        raise Refused(_("Slutdatoen ligger før startdatoen. Ret en af dem."), type="end-before-start")
    lengths = (team_meeting_quarters, network_meeting_quarters, session_quarters)
    if not all(0 <= length <= LONGEST_MEETING for length in lengths):
        raise Refused(_("Et møde varer fra 0 til 24 timer. Ret tallet."), type="meeting-length")
    standing = AskedWeeks.objects.filter(municipality_id=municipality_of(actor), withdrawn_at__isnull=True)
    if last is not None:
        standing = standing.filter(first_day__lte=last.sunday)
    if standing.exclude(last_day__lt=first.monday).exists():
        raise Refused(
            _("Nogle af ugerne er allerede valgt. Træk det valg tilbage, eller ret datoerne."),
            type="weeks-twice",
        )
    return AskedWeeks.objects.create(
        municipality_id=municipality_of(actor),
        first_day=first.monday,
        last_day=last.sunday if last else None,
        team_meeting_quarters=team_meeting_quarters,
        network_meeting_quarters=network_meeting_quarters,
        session_quarters=session_quarters,
        recorded_by=actor.staff,
        recorded_at=now,
    )


@transaction.atomic
def record_other_cost(
    *,
    actor: Actor,
    day: date,
    kind: str,
    amount: Decimal,
    category: str,
    stage: str,
    now: datetime,
    family: Family | None = None,
) -> OtherCost:
    """Write down something paid for that is not time: ``amount`` in kroner, with two decimals at most.

    Raises NotAllowed; Http404 for a family that the person does not see; Refused: ``day-impossible``,
    ``cost-in-future``, ``cost-kind``, ``cost-category``, ``stage-unknown``, ``start-up-with-family``,
    ``amount-not-positive``, ``amount-decimals``, ``amount-too-large``.
    """
    _may(actor, Action.ADMINISTER_COSTS)
    check_possible(day, now=now)
    if day > danish_day(now):
        raise Refused(_("Datoen ligger i fremtiden. Skriv udgiften, når den er der."), type="cost-in-future")
    if kind not in OtherCostKind.values:
        raise Refused(_("Vælg, hvad der er betalt for."), type="cost-kind")
    if category not in CostCategory.values:
        raise Refused(_("Vælg en af de fire kategorier."), type="cost-category")
    _check_stage(stage, family)
    check_kroner(amount, LARGEST_COST)
    if family is not None and not Family.objects.visible_to(actor).filter(pk=family.pk).exists():
        raise Http404
    return OtherCost.objects.create(
        municipality_id=municipality_of(actor),
        day=day,
        kind=kind,
        amount=amount,
        category=category,
        stage=stage,
        family=family,
        recorded_by=actor.staff,
        recorded_at=now,
    )


@transaction.atomic
def set_rates(
    *,
    actor: Actor,
    year: int,
    price_year: int,
    hourly: Mapping[str, Decimal],
    nightly: Sequence[SiteNight],
    now: datetime,
    instead_because: str = "",
) -> YearOfRates:
    """Set what an hour of each profession and a night at each site are reckoned at in ``year``, in ``price_year``'s prices.

    A year has its rates once; ``instead_because`` says why they take the place of those that stand, which are kept.
    Raises NotAllowed, Refused: ``year-impossible``, ``rates-empty``, ``rates-twice``, ``profession-missing``,
    ``profession-twice``, ``site-twice``, ``site-elsewhere``, ``occupancy-share``, ``amount-not-positive``, ``amount-decimals``,
    ``amount-too-large``.
    """
    _may(actor, Action.ADMINISTER_COSTS)
    if not all(EARLIEST_YEAR <= one <= LATEST_YEAR for one in (year, price_year)):
        raise Refused(_("Årstallet kan ikke passe. Ret det."), type="year-impossible")
    if not hourly and not nightly:
        raise Refused(_("Skriv mindst én timepris eller én takst."), type="rates-empty")
    _check_rates(actor, hourly, nightly)
    standing = YearOfRates.objects.select_for_update().filter(
        municipality_id=municipality_of(actor), year=year, withdrawn_at__isnull=True
    )
    before = standing.first()
    if before is not None:
        if not instead_because.strip():
            raise Refused(
                _("%(year)d har allerede satser. Skriv, hvorfor de nye skal gælde i stedet.")
                % {"year": year},
                type="rates-twice",
            )
        withdraw(actor=actor, record=before, reason=instead_because, now=now)
    try:
        with transaction.atomic():
            rates = YearOfRates.objects.create(
                municipality_id=municipality_of(actor),
                year=year,
                price_year=price_year,
                recorded_by=actor.staff,
                recorded_at=now,
            )
    except IntegrityError:
        raise Refused(
            _("%(year)d har allerede satser. Skriv, hvorfor de nye skal gælde i stedet.") % {"year": year},
            type="rates-twice",
        ) from None
    HourlyRate.objects.bulk_create(
        HourlyRate(
            municipality_id=rates.municipality_id, rates=rates, profession=profession.strip(), amount=amount
        )
        for profession, amount in hourly.items()
    )
    NightRate.objects.bulk_create(
        NightRate(
            municipality_id=rates.municipality_id,
            rates=rates,
            site=night.site,
            amount=night.amount,
            occupancy=night.occupancy,
        )
        for night in nightly
    )
    return rates


def _check_rates(actor: Actor, hourly: Mapping[str, Decimal], nightly: Sequence[SiteNight]) -> None:
    for profession, amount in hourly.items():
        if not profession.strip() or len(profession.strip()) > 40:
            raise Refused(_("Skriv faggruppen med højst 40 tegn."), type="profession-missing")
        check_kroner(amount, LARGEST_HOURLY)
    if len({profession.strip() for profession in hourly}) != len(hourly):
        raise Refused(_("En faggruppe står to gange. Fjern den ene timepris."), type="profession-twice")
    sites = [night.site.pk for night in nightly]
    if len(sites) != len(set(sites)):
        raise Refused(_("Et sted står to gange. Fjern den ene takst."), type="site-twice")
    if any(night.site.municipality_id != municipality_of(actor) for night in nightly):
        raise Refused(_("Stedet er ikke kommunens. Vælg et andet."), type="site-elsewhere")
    for night in nightly:
        check_kroner(night.amount, LARGEST_NIGHTLY)
        share = night.occupancy
        if share is not None and not (share.is_finite() and 0 < share <= 1 and share == round(share, 2)):
            raise Refused(
                _("Belægningen er en andel af pladserne, fra 1 til 100 procent. Ret tallet."),
                type="occupancy-share",
            )


@transaction.atomic
def withdraw(*, actor: Actor, record: Withdrawable, reason: str, now: datetime) -> None:
    """Take back a choice of weeks, another cost or a year's rates; what was written stays, with why it does not count.

    Raises NotAllowed, Refused (``reason-missing``), StaleState (``withdrawn-already``).
    """
    _may(actor, Action.ADMINISTER_COSTS)
    _check_reason(reason, _("Skriv, hvorfor det trækkes tilbage."))
    standing = type(record)._default_manager.filter(pk=record.pk, withdrawn_at__isnull=True)
    if not standing.update(withdrawn_by=actor.staff, withdrawn_at=now, withdrawn_reason=reason.strip()):
        raise StaleState(_("Det er allerede trukket tilbage. Genindlæs siden."), type="withdrawn-already")


def check_kroner(amount: Decimal, largest: Decimal) -> None:
    """A sum of kroner that can be kept: something, in kroner and øre, not more than ``largest``.

    Raises Refused: ``amount-not-positive``, ``amount-decimals``, ``amount-too-large``.
    """
    if not amount.is_finite() or amount <= 0:
        raise Refused(_("Beløbet skal være over 0 kr. Ret det."), type="amount-not-positive")
    if amount > largest:
        raise Refused(_("Beløbet er for stort. Ret det."), type="amount-too-large")
    if amount != round(amount, 2):
        raise Refused(_("Skriv beløbet med højst to decimaler."), type="amount-decimals")


def _check_reason(reason: str, ask: Any) -> None:
    if not reason.strip():
        raise Refused(ask, type="reason-missing")
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(_("Skriv det med højst 300 tegn."), type="reason-too-long")


def _may(actor: Actor, action: Action) -> None:
    if not actor.may(action):
        raise NotAllowed(_("Din rolle giver ikke ret til det."))
