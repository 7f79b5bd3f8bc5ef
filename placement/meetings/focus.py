"""The focus that staff and parents word together: what they try to understand. Revised in versions, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.days import check_possible
from placement.access.errors import Refused, StaleState
from placement.access.no_video import refuse_media
from placement.clock import danish_day
from placement.families.codes import PersonKind
from placement.families.models import Family, Person
from placement.meetings.models import FocusFormulation, FocusParticipant


def formulations(family: Family) -> QuerySet[FocusFormulation]:
    """Every version, the one that stands first, with who took part."""
    versions = FocusFormulation.objects.filter(family=family).order_by("-version")
    return versions.select_related("written_by").prefetch_related("participants__person")


def standing_focus(family: Family) -> FocusFormulation | None:
    """The version that stands, or None before the first."""
    return FocusFormulation.objects.filter(family=family).order_by("-version").first()


@transaction.atomic
def formulate_focus(
    *,
    actor: Actor,
    family: Family,
    made_on: date,
    understand: str,
    parents_words: str,
    together_with: Sequence[Person],
    now: datetime,
    reason: str = "",
    replaces: int = 0,
) -> FocusFormulation:
    """Word the focus with the parents, or word it anew (``reason``: why; needed from the second version on).

    ``replaces``: the number of the version that was read; 0 before the first. Raises Refused:
    ``focus-in-future``, ``day-impossible``, ``focus-incomplete``, ``focus-without-parents`` (it is made with them, and
    never about them), ``not-of-family``, ``focus-reason``, ``video-not-kept``; StaleState when somebody has
    worded it since.
    """
    if made_on > danish_day(now):
        raise Refused(_("Datoen ligger i fremtiden. Ret den."), type="focus-in-future")
    check_possible(made_on, now=now)
    if not understand.strip() or not parents_words.strip():
        raise Refused(
            _("Skriv både, hvad I prøver at forstå, og hvordan forældrene selv siger det."),
            type="focus-incomplete",
        )
    if any(person.family_id != family.pk for person in together_with):
        raise Refused(_("En af deltagerne er ikke i familien. Vælg en anden."), type="not-of-family")
    if not any(person.kind == PersonKind.PARENT for person in together_with):
        raise Refused(
            _("Fokus formuleres sammen med forældrene. Vælg mindst én forælder, der var med."),
            type="focus-without-parents",
        )
    refuse_media(understand, parents_words, reason)
    standing = standing_focus(family)
    if (standing.version if standing else 0) != replaces:
        raise StaleState(_("Fokus er formuleret på ny, siden du læste det. Genindlæs siden."))
    if standing is not None and not reason.strip():
        raise Refused(_("Skriv, hvorfor fokus formuleres på ny."), type="focus-reason")
    try:
        with transaction.atomic():
            made = FocusFormulation.objects.create(
                municipality_id=family.municipality_id,
                family=family,
                version=replaces + 1,
                made_on=made_on,
                understand=understand.strip(),
                parents_words=parents_words.strip(),
                reason=reason.strip() if standing is not None else "",
                written_by=actor.staff,
                recorded_at=now,
            )
    except IntegrityError:
        raise StaleState(_("Fokus er formuleret på ny, siden du læste det. Genindlæs siden.")) from None
    FocusParticipant.objects.bulk_create(
        FocusParticipant(municipality_id=family.municipality_id, formulation=made, person=person)
        for person in {person.pk: person for person in together_with}.values()
    )
    return made
