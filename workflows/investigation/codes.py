"""What the records of screening, examination and the parallel track choose between. Values are stored; they never change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Track(models.TextChoices):
    """Where a screening leads (barnets lov § 18)."""

    NOTHING = "nothing", _("Ikke mere: der er ikke behov for afdækning eller undersøgelse")
    CLARIFICATION = "clarification", _("Afdækning (§ 19)")
    EXAMINATION = "examination", _("Børnefaglig undersøgelse (§§ 20-22)")


class Need(models.TextChoices):
    """What an afdækning or an examination found."""

    NONE = "none", _("Ikke behov for støtte")
    SUPPORT = "support", _("Behov for støtte")
    PLACEMENT = "placement", _("Anbringelse skal overvejes")


class AtBirth(models.TextChoices):
    """How a parallel track before a birth ended."""

    PLAN_A = "plan_a", _("Plan A holder: ingen afgørelse om anbringelse ved fødslen")
    DECIDED = "decided", _("Børne- og ungeudvalget har truffet afgørelse om anbringelse ved fødslen (§ 49)")
    BORN = "born", _("Barnet er født, før det blev afklaret")
    LOST = "lost", _("Ikke længere aktuelt")
