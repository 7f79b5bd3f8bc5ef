"""Coded lists of the evaluation's own activities."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResearchActivity(models.TextChoices):
    """What a chosen family is asked for, each voluntary by itself. The registration form is none: all families have it."""

    PREGNANCY_INTERVIEW = "pregnancy-interview", _("Graviditetsinterview")
    SECURITY_TALK = "security-talk", _("Samtale om tryghed i forældrerollen")
    VIDEO_START = "video-start", _("Samspilsvideo ved start")
    VIDEO_END = "video-end", _("Samspilsvideo ved slutning")
    VIVE_INTERVIEW = "vive-interview", _("VIVEs interview")


#: A child takes part in these: every custody holder consents, and the child must be old enough.
VIDEOS = (ResearchActivity.VIDEO_START, ResearchActivity.VIDEO_END)

#: VIVE's rule on videos: the child is at least so old. The database holds it too.
VIDEO_FROM_MONTHS = 2

#: The municipalities of the evaluation, and how many families VIVE follows in each: twelve in all, and no thirteenth.
MUNICIPALITIES = (253, 461, 730)
PLACES = 4
#: The most that any starting window may give.
TURNS = 2


class ResearchAnswer(models.TextChoices):
    """What somebody said when they were asked about one activity."""

    YES = "yes", _("Ja, vil gerne")
    NO = "no", _("Nej tak")


class ResearchStatus(models.TextChoices):
    """What became of one activity."""

    DONE = "done", _("Gennemført")
    DECLINED = "declined", _("Familien sagde nej")
    NOT_RELEVANT = "not_relevant", _("Ikke relevant")


class EndOfSelection(models.TextChoices):
    """Why a family is no longer one of the chosen; its place is free again."""

    WITHDRAWN = "withdrawn", _("Familien ønsker ikke at være med mere")
    LEFT = "left", _("Familien er ikke længere i indsatsen")
    MISTAKE = "mistake", _("Valgt ved en fejl")


class How(models.TextChoices):
    """How somebody was informed and answered."""

    WRITTEN = "written", _("Skriftligt")
    ORAL = "oral", _("Mundtligt")
