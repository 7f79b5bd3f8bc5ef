"""Other costs, and what an hour and a night are reckoned at in a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.days import check_possible
from placement.access.errors import Refused
from placement.access.models import Site
from placement.access.roles import Action
from placement.clock import danish_day
from placement.costs.codes import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    CostCategory,
    OtherCostKind,
)
from placement.costs.models import (
    HourlyRate,
    NightRate,
    OtherCost,
    YearOfRates,
)
from placement.costs.services.checks import check_kroner, check_may, check_stage
from placement.costs.services.choosing import withdraw
from placement.families.models import Family
from placement.staffing.querysets import municipality_of

#: The largest amounts that are kept, in kroner; anything above is mistyped.
LARGEST_COST = Decimal("99999999.99")
LARGEST_HOURLY = Decimal("9999.99")
LARGEST_NIGHTLY = Decimal("99999.99")


@dataclass(frozen=True)
class SiteNight:
    """What one family's night at a site is reckoned at, in kroner; ``occupancy`` as a share of one, if known."""

    site: Site
    amount: Decimal
    occupancy: Decimal | None = None


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
    check_may(actor, Action.ADMINISTER_COSTS)
    check_possible(day, now=now)
    if day > danish_day(now):
        raise Refused(_("Datoen ligger i fremtiden. Skriv udgiften, når den er der."), type="cost-in-future")
    if kind not in OtherCostKind.values:
        raise Refused(_("Vælg, hvad der er betalt for."), type="cost-kind")
    if category not in CostCategory.values:
        raise Refused(_("Vælg en af de fire kategorier."), type="cost-category")
    check_stage(stage, family)
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
    check_may(actor, Action.ADMINISTER_COSTS)
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
