"""Coded lists about a decision's parties, letters, complaints and plan, and about another track."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseRole(models.TextChoices):
    """Why somebody who is no party stands in the case."""

    SUPPORTER = "supporter", _("Bisidder (barnets lov § 6)")
    REPRESENTATIVE = "representative", _("Partsrepræsentant (forvaltningsloven § 8)")


class Channel(models.TextChoices):
    """How something reached a party, or was said by them."""

    POST = "post", _("Digital Post")
    PAPER = "paper", _("Brev på papir")
    HAND = "hand", _("Givet i hånden")
    TALK = "talk", _("Sagt i en samtale")


class LetterKind(models.TextChoices):
    """For whom a letter's words are chosen."""

    PARENT = "parent", _("Brev til en forælder")
    CHILD = "child", _("Brev til et barn, der er part")


class Reassessed(models.TextChoices):
    """What the municipality's own look at a complaint led to."""

    UPHELD = "upheld", _("Afgørelsen fastholdes")
    PARTLY = "partly", _("Afgørelsen ændres delvist")
    CHANGED = "changed", _("Klageren får fuldt medhold")


class BoardOutcome(models.TextChoices):
    """What Ankestyrelsen decided."""

    UPHELD = "upheld", _("Stadfæstet")
    CHANGED = "changed", _("Ændret")
    RETURNED = "returned", _("Hjemvist til ny behandling")
    DISMISSED = "dismissed", _("Afvist")


class Anew(models.TextChoices):
    """What follows of a decision that was changed after a complaint."""

    NEW = "new", _("En ny afgørelse om opholdet")
    ANNULLED = "annulled", _("Afgørelsen ophæves: opholdet fortsætter ikke på den")
    NONE = "none", _("Ingen ny afgørelse: opholdet er slut, eller det er afgjort på anden vis")


class Insight(models.TextChoices):
    """How a party's request to see the case file was answered."""

    GIVEN = "given", _("Parten har fået det hele")
    PARTLY = "partly", _("Parten har fået noget af det")
    REFUSED = "refused", _("Parten har fået afslag")


class PlanTrack(models.TextChoices):
    """What a child's plan is for; with a placement it is mandatory (barnets lov § 91)."""

    STAY = "stay", _("Familieanbringelse (barnets lov § 32)")
    PLACEMENT = "placement", _("Anbringelse (barnets lov §§ 46-47)")


class Track(models.TextChoices):
    """How a family goes on when the voluntary stay cannot as before. None of them is a failure."""

    NEW_CONSENT = "new_consent", _("Opholdet fortsætter på et nyt samtykke")
    ENDED = "ended", _("Opholdet er slut")
    WITHOUT_CONSENT = "without_consent", _("Støtte uden samtykke (barnets lov §§ 37-41)")
    PLACED = "placed", _("Barnet anbringes (barnets lov §§ 46-47)")


class TrackCause(models.TextChoices):
    """Why the track was looked at."""

    CONSENT_WITHDRAWN = "consent_withdrawn", _("Samtykket blev trukket tilbage")
    PLACEMENT = "placement", _("En anbringelse")
