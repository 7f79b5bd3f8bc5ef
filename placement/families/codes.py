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
    MOVED_AWAY = "moved_away", _("Familien er flyttet til en anden kommune")
    PREGNANCY_LOST = "pregnancy_lost", _("Graviditeten er ophørt")


#: What a journey that ran to its end may have led to; the others break it off (see `EndReason`).
AFTER_THE_EXIT = tuple(
    (outcome.value, outcome.label)
    for outcome in (
        Outcome.HOME_TOGETHER,
        Outcome.HOME_WITH_SUPPORT,
        Outcome.CHILD_PLACED,
        Outcome.OTHER_OFFER,
        Outcome.WITHDRAWN,
    )
)


class EndReason(models.TextChoices):
    """Why a journey was broken off before its end; each says how it is counted (`OUTCOME_OF`)."""

    CONSENT = "consent", _("Forældrene ønsker ikke opholdet længere")
    CHILD_PLACED = "child_placed", _("Barnet anbringes")
    OTHER_STAY = "other_stay", _("Familien går til en anden familieanbringelse")
    OTHER_OFFER = "other_offer", _("Familien går til et andet tilbud")
    TREATMENT = "treatment", _("En forælder går i egen behandling")
    MOVED_AWAY = "moved_away", _("Familien flytter til en anden kommune")
    NOT_NEEDED = "not_needed", _("Familien klarer sig uden opholdet")
    PREGNANCY_LOST = "lost", _("Graviditeten er ophørt")
    OTHER = "other", _("Andet")


OUTCOME_OF: dict[EndReason, Outcome] = {
    EndReason.CONSENT: Outcome.WITHDRAWN,
    EndReason.CHILD_PLACED: Outcome.CHILD_PLACED,
    EndReason.OTHER_STAY: Outcome.OTHER_OFFER,
    EndReason.OTHER_OFFER: Outcome.OTHER_OFFER,
    EndReason.TREATMENT: Outcome.OTHER_OFFER,
    EndReason.MOVED_AWAY: Outcome.MOVED_AWAY,
    EndReason.NOT_NEEDED: Outcome.HOME_TOGETHER,
    EndReason.PREGNANCY_LOST: Outcome.PREGNANCY_LOST,
    EndReason.OTHER: Outcome.WITHDRAWN,
}


class Initiator(models.TextChoices):
    """Whose wish it was that a journey was broken off."""

    FAMILY = "family", _("Familien")
    AUTHORITY = "authority", _("Myndigheden")
    SITE = "site", _("Anbringelsesstedet")
    TOGETHER = "together", _("Aftalt i fællesskab")


class PauseReason(models.TextChoices):
    """Why a family is away from the house for a while."""

    HOSPITAL = "hospital", _("Indlæggelse på hospital")
    BIRTH = "birth", _("Fødsel og barsel på hospital")
    TREATMENT = "treatment", _("Behandling et andet sted")
    RELATIVES = "relatives", _("Sygdom eller dødsfald i familien")
    OTHER = "other", _("Andet")


class Whereabouts(models.TextChoices):
    """Where one person of a family lives. None of them is a failure."""

    WITH_FAMILY = "with_family", _("Sammen med familien")
    FOSTER = "foster", _("Plejefamilie")
    INSTITUTION = "institution", _("Børne- og ungehjem")
    OTHER_PARENT = "other_parent", _("Hos den anden forælder")
    RELATIVES = "relatives", _("Hos slægtninge eller netværk")
    OWN_HOME = "own_home", _("Egen bolig")
    TREATMENT = "treatment", _("Behandling eller hospital")
    OTHER = "other", _("Andet")
