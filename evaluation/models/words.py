"""The words of releases: what sort, for whom, how it stands, by what right, and what was said."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Which sort of release, by how far the data are from the person. T1 is personal data, whatever it looks like."""

    T1 = "T1", _("T1 – rækker med pseudonymer til forskning efter aftale")
    T2 = "T2", _("T2 – anonymiserede rækker")
    T3 = "T3", _("T3 – tabeller med tal for grupper")


class Audience(models.TextChoices):
    """Whom tables (T3) are for, and so by which rules small numbers go (docs/decisions/0030)."""

    PUBLIC = "public", _("Alle: tal fra 1 til 7 skjules, og de andre afrundes til 5")
    PARTNER = "partner", _("Aftalens parter alene: tal fra 1 til 4 skjules, og flere, så ingen kan regnes ud")


class Status(models.TextChoices):
    """Where a release stands. Values appear in the API."""

    REQUESTED = "requested", _("Bestilt")
    BUILT = "built", _("Bygget og forseglet")
    REPORTED = "reported", _("Hos kommunerne")
    AVAILABLE = "available", _("Klar")
    FAILED = "failed", _("Kunne ikke bygges")
    REFUSED = "refused", _("Afvist af kommunerne")
    WITHDRAWN = "withdrawn", _("Trukket tilbage")
    EXPIRED = "expired", _("Udløbet")


#: Nothing more becomes of a release that stands so.
ENDED = (Status.FAILED, Status.REFUSED, Status.WITHDRAWN, Status.EXPIRED)


class LegalBasis(models.TextChoices):
    """By what right the data leave: personal data as processor, or disclosed for research alone."""

    PROCESSOR = "processor", _("Databehandleraftale (databeskyttelsesforordningen art. 28)")
    RESEARCH = "research", _("Videregivelse til forskning (databeskyttelsesloven § 10)")
    CONSENT = "consent", _("Samtykke fra de registrerede")


class Controller(models.TextChoices):
    """What the evaluator's house is towards the data under the agreement."""

    PROCESSOR = "processor", _("VIVE er databehandler for kommunerne")
    CONTROLLER = "controller", _("VIVE er selv dataansvarlig")


class FollowUp(models.TextChoices):
    """How far an extract (T1) tells of a family (docs/decisions/0037)."""

    DAY = "day", _("Til udtrækkets dag. Dagen for start kan da regnes ud")
    HALF_YEAR = (
        "half_year",
        _("Lige langt for alle med samme halvår for start, så mere end halvåret ikke kan regnes ud"),
    )


class Answer(models.TextChoices):
    """A yes or no; '' while nobody has said anything."""

    YES = "yes", _("Ja")
    NO = "no", _("Nej")
