"""Coded lists of progression: core elements, who answered, why a score is missing, which way the goals go."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Element(models.TextChoices):
    """The five core elements, in the order of the programme."""

    TEAM = "team", _("Indsatsteam")
    MENTALISATION = "mentalisation", _("Mentaliseringsbaseret tilgang")
    PROGRESSION = "progression", _("Opfølgning på progression")
    NETWORK = "network", _("Netværk")
    EXIT = "exit", _("Udslusning")


class Respondent(models.TextChoices):
    """Whose answer a score is."""

    STAFF = "staff", _("Medarbejder")
    PARENT = "parent", _("Forælder")
    TOGETHER = "together", _("Forælder og medarbejder sammen")
    CHILD = "child", _("Barnet selv")


class MissingReason(models.TextChoices):
    """Why there is no score: a missing value never stands without its reason."""

    NOT_ASKED = "not_asked", _("Ikke spurgt")
    DECLINED = "declined", _("Familien ønskede ikke at svare")
    NOT_RELEVANT = "not_relevant", _("Ikke relevant")
    NOT_YET_DUE = "not_yet_due", _("Ikke tid endnu")
    #: Of a correction alone: there was a score, and what gave it does not stand any more. Nobody chooses it on a form.
    WITHDRAWN = "withdrawn", _("Taget tilbage")


#: What whoever writes may say about a score or an answer that is missing.
REASONS_TO_GIVE = [(reason.value, reason.label) for reason in MissingReason if reason != "withdrawn"]


class Trend(models.TextChoices):
    """Which way the goals went at a follow-up, by the rule of the family's model version that day."""

    TOO_FEW = "too_few", _("For lidt at sige noget ud fra")
    RISING = "rising", _("Går frem")
    STEADY = "steady", _("Står stille")
    SLIPPING = "slipping", _("Går lidt tilbage")
    NEGATIVE = "negative", _("Går tilbage")


class SetbackChoice(models.TextChoices):
    """What the team does about a negative trend."""

    CHANGE_GOALS = "change_goals", _("Målene ændres")
    CHANGE_PLAN = "change_plan", _("Planen ændres, og målene står")
    STAND = "stand", _("Planen står, som den er")


@dataclass(frozen=True)
class Scale:
    """An instrument of our own: what is scored, between which ends, and in which version."""

    slug: str
    version: str
    title: Promise
    low: Decimal
    high: Decimal


#: The quick log's optional score: how today went with the chosen core element, 0-10.
DAILY_LOG = Scale("hverdagslog", "1", _("Hverdagslog"), Decimal(0), Decimal(10))

#: Staff's picture of the parents' interest in the child's inner life, 1-7. Our own single question, after the
#: idea of one of PRFQ's subscales; it is not PRFQ and is not comparable with it.
INTEREST_IN_CHILD = Scale(
    "interesse-for-barnets-indre-liv", "1", _("Interesse for barnets indre liv"), Decimal(1), Decimal(7)
)

#: The scales whose ends nobody may choose freely, by slug.
OWN_SCALES = {scale.slug: scale for scale in (DAILY_LOG, INTEREST_IN_CHILD)}
