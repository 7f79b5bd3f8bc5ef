"""Every measured score."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family, Person
from placement.progression.codes import Element, MissingReason, Respondent
from placement.progression.querysets import MeasurementQuerySet


class Measurement(MunicipalityModel):
    """One score on one instrument, or the reason why there is none. Corrected by a new one with a reason."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="measurements", verbose_name=_("familie")
    )
    element = models.CharField(_("kerneelement"), max_length=16, choices=Element.choices)
    instrument = models.SlugField(_("redskab"), max_length=60)
    instrument_version = models.CharField(_("redskabets version"), max_length=20, default="1")
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="measurements",
        verbose_name=_("om"),
    )
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True, blank=True)
    scale_min = models.DecimalField(_("laveste på skalaen"), max_digits=7, decimal_places=2)
    scale_max = models.DecimalField(_("højeste på skalaen"), max_digits=7, decimal_places=2)
    missing_reason = models.CharField(
        _("hvorfor scoren mangler"), max_length=16, choices=MissingReason.choices, blank=True
    )
    measured_on = models.DateField(_("målt"))
    respondent = models.CharField(
        _("svaret af"), max_length=10, choices=Respondent.choices, default=Respondent.STAFF
    )
    recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("retter"),
    )
    reason = models.TextField(_("hvorfor den er rettet"), blank=True)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("måling")
        verbose_name_plural = _("målinger")
        ordering = ["measured_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scale_min__lt=F("scale_max")), name="measurement_scale_has_length"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=F("scale_min"), score__lte=F("scale_max")),
                name="measurement_inside_scale",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=False, missing_reason="")
                | (Q(score__isnull=True) & ~Q(missing_reason="")),
                name="measurement_score_or_reason",
            ),
            models.CheckConstraint(
                condition=~Q(missing_reason=MissingReason.WITHDRAWN.value) | Q(replaces__isnull=False),
                name="measurement_withdrawn_was_there",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, reason="") | (Q(replaces__isnull=False) & ~Q(reason="")),
                name="measurement_corrected_with_reason",
            ),
            models.UniqueConstraint(
                fields=["municipality", "replaces"],
                condition=Q(replaces__isnull=False),
                name="measurement_replaced_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "family", "element", "measured_on"], name="measurement_series"
            )
        ]

    def __str__(self) -> str:
        return f"measurement {self.pk}"
