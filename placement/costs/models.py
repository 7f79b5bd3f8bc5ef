"""Weeks of hours, other costs, and what an hour and a night are reckoned at. Money is Danish kroner, never a float.

Nights are not written here: they follow from the stays. What was written and is put right stands beside the new.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Site, Staff
from placement.costs.codes import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    QUARTERS_IN_WEEK,
    Activity,
    CostCategory,
    CostStage,
    OtherCostKind,
)
from placement.families.models import Family
from placement.progression.codes import Element

#: By ISO 8601.
_MONDAY, _SUNDAY = 1, 7


def _withdrawn_whole(name: str) -> models.CheckConstraint:
    """Withdrawn by somebody at some time with a reason, or not at all."""
    return models.CheckConstraint(
        condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
        | Q(Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False), ~Q(withdrawn_reason="")),
        name=name,
    )


class Withdrawable(MunicipalityModel):
    """Base of what is never changed: it is withdrawn with a reason, and something else is written."""

    recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)
    withdrawn_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("trukket tilbage af"),
    )
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("hvorfor"), max_length=300, blank=True)

    class Meta:
        abstract = True


class AskedWeeks(Withdrawable):
    """Weeks in which a municipality's staff write down their hours; outside them nothing is asked.

    ``last_day`` empty: until further notice. The lengths, in quarters of an hour, are what a week is prefilled with.
    """

    first_day = models.DateField(_("fra mandag"))
    last_day = models.DateField(_("til og med søndag"), null=True, blank=True)
    team_meeting_quarters = models.PositiveSmallIntegerField(_("et teammøde"), default=4)
    network_meeting_quarters = models.PositiveSmallIntegerField(_("et netværksmøde"), default=6)
    session_quarters = models.PositiveSmallIntegerField(_("en mentaliserende samtale"), default=4)

    class Meta:
        verbose_name = _("uger, der tælles")
        ordering = ["-first_day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__iso_week_day=_MONDAY), name="asked_weeks_begin_on_a_monday"
            ),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True)
                | Q(last_day__iso_week_day=_SUNDAY, last_day__gt=F("first_day")),
                name="asked_weeks_end_on_a_sunday",
            ),
            models.CheckConstraint(
                condition=Q(
                    team_meeting_quarters__lte=96, network_meeting_quarters__lte=96, session_quarters__lte=96
                ),
                name="asked_weeks_nothing_lasts_longer_than_a_day",
            ),
            _withdrawn_whole("asked_weeks_withdrawn_whole"),
        ]

    def __str__(self) -> str:
        return f"asked weeks {self.pk}"


class TimeWeek(MunicipalityModel):
    """One person's week, from its Monday. Sent is closed; opened again, it says why (`WeekReopening`)."""

    staff = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("medarbejder")
    )
    monday = models.DateField(_("ugens mandag"))
    #: The person's, as it was when the week was first saved: an hour is reckoned by it.
    profession = models.CharField(_("faggruppe"), max_length=40)
    #: How often it has been saved.
    revision = models.PositiveIntegerField(_("udgave"), default=1)
    saved_at = models.DateTimeField(_("gemt"), default=clock.now)
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)

    class Meta:
        verbose_name = _("uge")
        ordering = ["-monday", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "staff", "monday"], name="time_week_once"),
            models.CheckConstraint(
                condition=Q(monday__iso_week_day=_MONDAY), name="time_week_begins_on_a_monday"
            ),
            models.CheckConstraint(condition=~Q(profession=""), name="time_week_has_a_profession"),
            # The house's time zone is Denmark's.
            models.CheckConstraint(
                condition=Q(saved_at__date__gte=F("monday")), name="time_week_not_in_future"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(sent_at__date__gte=F("monday")),
                name="time_week_sent_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"week {self.pk}"

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


class TimeEntry(MunicipalityModel):
    """So many quarters of an hour of one person's week: about which family, if any, doing what, in which core element.

    Another number takes its place as a row of its own; ``replaced_at`` then says when, and the old one still stands.
    """

    week = models.ForeignKey(
        TimeWeek, on_delete=models.PROTECT, related_name="entries", verbose_name=_("uge")
    )
    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("familie")
    )
    #: Empty: across the core elements.
    element = models.CharField(_("kerneelement"), max_length=16, choices=Element.choices, blank=True)
    activity = models.CharField(_("aktivitet"), max_length=12, choices=Activity.choices)
    stage = models.CharField(
        _("opstart eller drift"), max_length=10, choices=CostStage.choices, default=CostStage.OPERATION
    )
    category = models.CharField(_("kategori"), max_length=12, choices=CostCategory.choices)
    quarters = models.PositiveSmallIntegerField(_("kvarterer"))
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)
    replaced_at = models.DateTimeField(_("rettet"), null=True, blank=True)

    class Meta:
        verbose_name = _("tid")
        verbose_name_plural = _("tid")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "week", "family", "element", "activity", "stage"],
                condition=Q(replaced_at__isnull=True),
                nulls_distinct=False,
                name="time_entry_once",
            ),
            models.CheckConstraint(
                condition=Q(quarters__gte=1, quarters__lte=QUARTERS_IN_WEEK), name="time_entry_fits_a_week"
            ),
            models.CheckConstraint(
                condition=Q(activity="training", category="training")
                | Q(~Q(activity="training"), stage="start_up", category="preparation")
                | Q(~Q(activity="training"), stage="operation", category="operation"),
                name="time_entry_category_follows",
            ),
            models.CheckConstraint(
                condition=Q(
                    family__isnull=True, activity__in=["meeting", "coordination", "writing", "transport"]
                )
                | Q(family__isnull=True, activity__in=["supervision", "training"])
                | Q(
                    family__isnull=False,
                    activity__in=["contact", "meeting", "coordination", "writing", "transport"],
                ),
                name="time_entry_activity_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(family__isnull=True) | Q(stage="operation"),
                name="time_entry_with_a_family_is_operation",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True) | Q(replaced_at__gte=F("recorded_at")),
                name="time_entry_replaced_after_it_was_written",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "week"], name="time_entry_by_week")]

    def __str__(self) -> str:
        return f"time {self.pk}"


class WeekReopening(MunicipalityModel):
    """A sent week was opened again by its person: why, and when it had been sent."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    week = models.ForeignKey(
        TimeWeek, on_delete=models.PROTECT, related_name="reopenings", verbose_name=_("uge")
    )
    reason = models.CharField(_("hvorfor"), max_length=300)
    was_sent_at = models.DateTimeField(_("var sendt"))
    reopened_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("åbnet af")
    )
    reopened_at = models.DateTimeField(_("åbnet igen"), default=clock.now)

    class Meta:
        verbose_name = _("genåbning af en uge")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="week_reopening_says_why"),
            models.CheckConstraint(
                condition=Q(reopened_at__gte=F("was_sent_at")), name="week_reopened_after_it_was_sent"
            ),
        ]

    def __str__(self) -> str:
        return f"reopening {self.pk}"


class WeekDraft(MunicipalityModel):
    """What is being typed in one's week and not saved yet. Not written to the trail, as other drafts are not."""

    trailed: ClassVar[bool] = False

    staff = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("medarbejder")
    )
    monday = models.DateField(_("ugens mandag"))
    data = models.JSONField(_("indhold"), default=dict, blank=True)
    #: The form that was saved last: what it still sends late brings nothing back.
    saved_token = models.UUIDField(null=True, blank=True, editable=False)
    updated = models.DateTimeField(_("gemt"), default=clock.now)

    class Meta:
        verbose_name = _("kladde til en uge")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "staff", "monday"], name="week_draft_once"),
            models.CheckConstraint(
                condition=Q(monday__iso_week_day=_MONDAY), name="week_draft_begins_on_a_monday"
            ),
        ]

    def __str__(self) -> str:
        return f"draft of week {self.pk}"


class OtherCost(Withdrawable):
    """Something paid for that is not time: how much in kroner, on which day, of which of the four categories."""

    day = models.DateField(_("dato"))
    kind = models.CharField(_("hvad"), max_length=12, choices=OtherCostKind.choices)
    amount = models.DecimalField(_("beløb i kroner"), max_digits=11, decimal_places=2)
    category = models.CharField(_("kategori"), max_length=12, choices=CostCategory.choices)
    stage = models.CharField(_("opstart eller drift"), max_length=10, choices=CostStage.choices)
    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("familie")
    )

    class Meta:
        verbose_name = _("anden udgift")
        verbose_name_plural = _("andre udgifter")
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="other_cost_is_something"),
            models.CheckConstraint(
                condition=Q(family__isnull=True) | Q(stage="operation"),
                name="other_cost_of_a_family_is_operation",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__date__gte=F("day")), name="other_cost_not_in_future"
            ),
            _withdrawn_whole("other_cost_withdrawn_whole"),
        ]
        indexes = [models.Index(fields=["municipality", "day"], name="other_cost_by_day")]

    def __str__(self) -> str:
        return f"other cost {self.pk}"


class YearOfRates(Withdrawable):
    """What hours and nights of one year are reckoned at, and in the prices of which year.

    Put right by withdrawing the whole and writing another.
    """

    year = models.PositiveSmallIntegerField(_("år"))
    price_year = models.PositiveSmallIntegerField(_("prisniveau"))

    class Meta:
        verbose_name = _("satser for et år")
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year"],
                condition=Q(withdrawn_at__isnull=True),
                name="rates_once_a_year",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=EARLIEST_YEAR, year__lte=LATEST_YEAR)
                & Q(price_year__gte=EARLIEST_YEAR, price_year__lte=LATEST_YEAR),
                name="rates_of_a_possible_year",
            ),
            _withdrawn_whole("rates_withdrawn_whole"),
        ]

    def __str__(self) -> str:
        return f"rates {self.pk}"


class HourlyRate(MunicipalityModel):
    """What an hour of one profession costs in kroner: salary with pension, holidays and overhead."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    rates = models.ForeignKey(
        YearOfRates, on_delete=models.PROTECT, related_name="hourly", verbose_name=_("satser")
    )
    profession = models.CharField(_("faggruppe"), max_length=40)
    amount = models.DecimalField(_("kroner i timen"), max_digits=7, decimal_places=2)

    class Meta:
        verbose_name = _("timepris")
        ordering = ["profession"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "rates", "profession"], name="hourly_rate_once_per_profession"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="hourly_rate_is_something"),
            models.CheckConstraint(condition=~Q(profession=""), name="hourly_rate_has_a_profession"),
        ]

    def __str__(self) -> str:
        return f"hourly rate {self.pk}"


class NightRate(MunicipalityModel):
    """A site's takst: kroner for one family's night; how much of its places was in use, if that is known."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    rates = models.ForeignKey(
        YearOfRates, on_delete=models.PROTECT, related_name="nightly", verbose_name=_("satser")
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("sted"))
    amount = models.DecimalField(_("kroner pr. døgn"), max_digits=8, decimal_places=2)
    #: Of one: 0.85 is 85 percent of the places.
    occupancy = models.DecimalField(_("belægning"), max_digits=3, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("takst")
        ordering = ["site_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "rates", "site"], name="night_rate_once_per_site"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="night_rate_is_something"),
            models.CheckConstraint(
                condition=Q(occupancy__isnull=True) | Q(occupancy__gt=0, occupancy__lte=Decimal(1)),
                name="night_rate_occupancy_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"night rate {self.pk}"
