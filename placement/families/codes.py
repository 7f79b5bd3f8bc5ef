"""Coded lists about families: the target group as the programme describes it, and what follows a child."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetGroupTrait(models.TextChoices):
    """What may characterise the parents, in the order and words of the programme's description."""

    LOW_MENTALISATION = "low_mentalisation", _("Lav mentaliseringsevne")
    OWN_TRAUMA = "own_trauma", _("Traumer i egen opvækst")
    OWN_NEEDS_FIRST = "own_needs_first", _("Svært ved at tilsidesætte egne behov til fordel for barnet")
    STRUCTURE = "structure", _("Svært ved at strukturere en hverdag efter barnets behov")
    ECONOMY = "economy", _("Økonomiske udfordringer")
    SUBSTANCES = "substances", _("Misbrug af rusmidler")
    NO_HOME = "no_home", _("Manglende bolig")
    VIOLENCE = "violence", _("Vold i nære relationer")
    COGNITION = "cognition", _("Kognitiv funktionsnedsættelse")
    MENTAL_ILLNESS = "mental_illness", _("Psykisk lidelse")
    PERSONALITY = "personality", _("Ufærdig eller umoden personlighedsstruktur")
    NETWORK = "network", _("Manglende eller ustabilt netværk")


class PersonKind(models.TextChoices):
    """A person's place in the family."""

    PARENT = "parent", _("Forælder")
    CHILD = "child", _("Barn")
    SIBLING = "sibling", _("Ældre søskende")


class BirthState(models.TextChoices):
    """Whether a child is expected, born, or the pregnancy was lost (then every clock stops quietly)."""

    EXPECTED = "expected", _("Ventes")
    BORN = "born", _("Født")
    LOST = "lost", _("Graviditeten er ophørt")


class EnquirySource(models.TextChoices):
    """Where an enquiry came from."""

    CASEWORK = "casework", _("Egen sagsbehandling")
    HEALTH_VISITOR = "health_visitor", _("Sundhedsplejen")
    MIDWIFE = "midwife", _("Jordemoder eller familieambulatorium")
    FAMILY_HOUSE = "family_house", _("Familiehus")
    NOTIFICATION = "notification", _("Underretning")
    FAMILY = "family", _("Familien selv")


class HomeBefore(models.TextChoices):
    """Whom the parents lived with before (one of VIVE's registration fields)."""

    TOGETHER = "together", _("Forældrene sammen")
    ALONE = "alone", _("Alene")
    RELATIVES = "relatives", _("Hos familie")
    INSTITUTION = "institution", _("Botilbud eller institution")
    OTHER = "other", _("Andet")


class Education(models.TextChoices):
    NONE = "none", _("Ikke afsluttet grundskole")
    PRIMARY = "primary", _("Grundskole")
    UPPER_SECONDARY = "upper_secondary", _("Ungdomsuddannelse")
    VOCATIONAL = "vocational", _("Erhvervsuddannelse")
    HIGHER = "higher", _("Videregående uddannelse")


class Employment(models.TextChoices):
    EMPLOYED = "employed", _("I arbejde")
    EDUCATION = "education", _("Under uddannelse")
    BENEFITS = "benefits", _("Offentlig ydelse")
    PENSION = "pension", _("Førtidspension")
    NONE = "none", _("Ingen tilknytning")


class HomeLanguage(models.TextChoices):
    DANISH = "danish", _("Dansk")
    OTHER = "other", _("Et andet sprog")
    BOTH = "both", _("Dansk og et andet sprog")


class Outcome(models.TextChoices):
    """How a journey ended. Going home together and the child being placed are both results, not failure."""

    HOME_TOGETHER = "home_together", _("Familien bor sammen i eget hjem")
    HOME_WITH_SUPPORT = "home_with_support", _("Familien bor sammen med fortsat støtte")
    CHILD_PLACED = "child_placed", _("Barnet er anbragt")
    OTHER_OFFER = "other_offer", _("Familien er gået til et andet tilbud")
    WITHDRAWN = "withdrawn", _("Familien har selv afsluttet")
