"""Coded lists of costs, in the words of the Danish authority's model for what an intervention costs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

#: Hours are written in quarters; so many are in a week, day and night.
QUARTERS_IN_HOUR = 4
QUARTERS_IN_WEEK = 7 * 24 * QUARTERS_IN_HOUR

#: Rates are for a year of ours, and at the prices of one.
EARLIEST_YEAR, LATEST_YEAR = 2020, 2099


class CostCategory(models.TextChoices):
    """The four kinds of cost in Social- og Boligstyrelsen's model, in its order."""

    PREPARATION = "preparation", _("Forberedelse")
    TRAINING = "training", _("Uddannelse")
    OPERATION = "operation", _("Drift af indsats")
    MATERIAL = "material", _("Investering i materiel")


class CostStage(models.TextChoices):
    """Whether something was spent to get the intervention going, or to keep it going."""

    START_UP = "start_up", _("Opstart")
    OPERATION = "operation", _("Drift")


class Activity(models.TextChoices):
    """What somebody did with their time: the columns of a week. The list is ours."""

    CONTACT = "contact", _("Med familien")
    MEETING = "meeting", _("Møder")
    COORDINATION = "coordination", _("Koordinering")
    WRITING = "writing", _("Forberede og skrive")
    SUPERVISION = "supervision", _("Supervision")
    TRAINING = "training", _("Uddannelse")
    TRANSPORT = "transport", _("Transport")


#: What is about a family, and what is about none; meetings, coordination, writing and transport may be either.
ABOUT_A_FAMILY = (
    Activity.CONTACT,
    Activity.MEETING,
    Activity.COORDINATION,
    Activity.WRITING,
    Activity.TRANSPORT,
)
ABOUT_NONE = (
    Activity.MEETING,
    Activity.COORDINATION,
    Activity.WRITING,
    Activity.SUPERVISION,
    Activity.TRAINING,
    Activity.TRANSPORT,
)


def category_of(activity: str, stage: str) -> CostCategory:
    """Where hours are counted: training is training; the rest prepares the intervention or runs it, by its stage.

    Supervision is counted as running it. The same is a constraint of the table.
    """
    if activity == Activity.TRAINING:
        return CostCategory.TRAINING
    return CostCategory.PREPARATION if stage == CostStage.START_UP else CostCategory.OPERATION


class OtherCostKind(models.TextChoices):
    """What else than time was paid for."""

    COURSE_FEE = "course_fee", _("Kursusgebyr")
    MATERIAL = "material", _("Materiel")
    INTERPRETER = "interpreter", _("Tolk")
    TEST = "test", _("Test")
    TRANSPORT = "transport", _("Transport")


#: Of somebody whose membership names none.
UNKNOWN_PROFESSION = "ikke oplyst"
