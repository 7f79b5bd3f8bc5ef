"""What happens to a stay on its way: it pauses, one of the family goes another way, the family changes house."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Site, Staff
from placement.families import codes


class Pause(MunicipalityModel):
    """The family is away for a while (a hospital): no exit step moves, the model's clocks stand still."""

    family = models.ForeignKey("families.Family", on_delete=models.PROTECT, related_name="pauses")
    paused_on = models.DateField(_("pause fra"))
    reason = models.CharField(_("årsag"), max_length=12, choices=codes.PauseReason.choices)
    text = models.TextField(_("hvad er der sket?"), blank=True)
    paused_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    paused_at = models.DateTimeField(default=clock.now)
    resumed_on = models.DateField(_("genoptaget"), null=True, blank=True)
    resumed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("pause")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "family"],
                condition=Q(resumed_on__isnull=True),
                name="pause_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=F("paused_on")),
                name="pause_resumed_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True, resumed_by__isnull=True, resumed_at__isnull=True)
                | Q(resumed_on__isnull=False, resumed_by__isnull=False, resumed_at__isnull=False),
                name="pause_resumed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"pause {self.pk}"


class PersonPath(MunicipalityModel):
    """Where one of the family lives from a day on, when it is not where the family lives.

    Siblings' paths may part; the family's journey goes on. Coming back is a path of its own (``with_family``).
    """

    family = models.ForeignKey("families.Family", on_delete=models.PROTECT, related_name="paths")
    person = models.ForeignKey("families.Person", on_delete=models.PROTECT, related_name="paths")
    where = models.CharField(_("hvor"), max_length=12, choices=codes.Whereabouts.choices)
    begins_on = models.DateField(_("fra"))
    ends_on = models.DateField(_("til"), null=True, blank=True)
    legal_basis = models.CharField(_("hjemmel"), max_length=60, blank=True)
    text = models.TextField(_("hvorfor"), blank=True)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("persons vej")
        ordering = ["-begins_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "person"],
                condition=Q(ends_on__isnull=True),
                name="path_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="path_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"path {self.pk}"


class SiteChange(MunicipalityModel):
    """The family moved to another house, or to another room of the same, on a day."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey("families.Family", on_delete=models.PROTECT, related_name="site_changes")
    from_site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("fra"))
    to_site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("til"))
    from_room = models.CharField(_("værelse før"), max_length=20, blank=True)
    to_room = models.CharField(_("værelse nu"), max_length=20, blank=True)
    moved_on = models.DateField(_("dato"))
    reason = models.TextField(_("hvorfor"))
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("stedskifte")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_site=F("to_site")) | ~Q(from_room=F("to_room")),
                name="site_change_leads_elsewhere",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="site_change_has_reason"),
        ]

    def __str__(self) -> str:
        return f"change of site {self.pk}"
