"""Coded lists about a notification of concern."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Notifier(models.TextChoices):
    """Who notified, by their relation to the child: never the name of a private person."""

    HEALTH_VISITOR = "health_visitor", _("Sundhedsplejen")
    MIDWIFE = "midwife", _("Jordemoder eller familieambulatorium")
    HOSPITAL = "hospital", _("Sygehus")
    DOCTOR = "doctor", _("Læge")
    DAYCARE = "daycare", _("Dagtilbud")
    SCHOOL = "school", _("Skole")
    SITE = "site", _("Anbringelsesstedet")
    POLICE = "police", _("Politi")
    AUTHORITY = "authority", _("En anden myndighed eller kommune")
    CHILD = "child", _("Barnet eller en søskende")
    RELATIVE = "relative", _("Familie eller netværk")
    CITIZEN = "citizen", _("En anden borger")
    ANONYMOUS = "anonymous", _("Anonym")


class ConcernOutcome(models.TextChoices):
    """What an assessment led to."""

    NO_CONCERN = "no_concern", _("Ingen bekymring, der skal følges op")
    IN_PLAN = "in_plan", _("Følges op i den plan, familien har")
    EXAMINATION = "examination", _("Ny undersøgelse")
    ACUTE = "acute", _("Akut handling for barnet")


class Turn(models.TextChoices):
    """Whose assessment it is: the one within a day, or that of somebody not earlier involved (§ 137)."""

    FIRST = "first", _("Vurdering inden for et døgn")
    SECOND = "second", _("Ny vurdering efter § 137")
