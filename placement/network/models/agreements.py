"""What somebody in the network will do, and afterwards whether it happened."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family


class Agreement(MunicipalityModel):
    """What somebody in the network will do, and afterwards whether it happened."""

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("familie")
    )
    what = models.TextField(_("hvad"))
    who = models.CharField(_("hvem"), max_length=80)
    by_on = models.DateField(_("inden"))
    made_on = models.DateField(_("aftalt"))
    made_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    kept = models.BooleanField(_("holdt"), null=True, blank=True)
    followed_up_on = models.DateField(_("fulgt op"), null=True, blank=True)
    followed_up_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("fulgt op af"),
    )
    comment = models.TextField(_("hvordan det gik"), blank=True)
    #: The family group conference whose plan it is a line of; none for one made at a network meeting.
    about = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("aftale")
        verbose_name_plural = _("aftaler")
        ordering = ["by_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(what="") & ~Q(who=""), name="agreement_says_who_does_what"),
            models.CheckConstraint(condition=Q(by_on__gte=F("made_on")), name="agreement_due_after_made"),
            models.CheckConstraint(
                condition=Q(kept__isnull=True, followed_up_on__isnull=True, followed_up_by__isnull=True)
                | Q(kept__isnull=False, followed_up_on__gte=F("made_on"), followed_up_by__isnull=False),
                name="agreement_followed_up_whole",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "by_on"], name="agreement_by_family")]

    def __str__(self) -> str:
        return f"agreement {self.pk}"
