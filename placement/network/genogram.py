"""Writing and reading a family's generations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.clock import danish_day
from placement.families.models import Family
from placement.network.models import (
    Generation,
    Genogram,
    GenogramPerson,
    GenogramRelation,
    OwnPlacement,
    RelationKind,
)


@dataclass(frozen=True)
class Relative:
    """Somebody in the genogram: first name or relation, generation (1 is the oldest), placed as a child or not."""

    label: str
    generation: int
    own_placement: str = OwnPlacement.UNKNOWN


@dataclass(frozen=True)
class Tie:
    """How ``one`` belongs to ``other``, both by the labels of the same drawing. A parent is ``one``."""

    one: str
    other: str
    kind: str
    broken: bool = False


@transaction.atomic
def draw_genogram(
    *,
    actor: Actor,
    family: Family,
    drawn_on: date,
    people: Sequence[Relative],
    ties: Sequence[Tie],
    now: datetime,
    remark: str = "",
) -> Genogram:
    """Draw the generations as they are told that day.

    Raises Refused: ``genogram-in-future``, ``genogram-empty``, ``genogram-person`` (incomplete),
    ``genogram-label-twice``, ``genogram-relation`` (incomplete, of one with themselves, or of somebody not drawn),
    ``genogram-relation-twice``, ``genogram-generations`` when a parent is not of an older generation.
    """
    if drawn_on > danish_day(now):
        raise Refused(
            _("Genogrammet kan ikke være tegnet i fremtiden. Ret datoen."), type="genogram-in-future"
        )
    if not people:
        raise Refused(_("Skriv mindst én person."), type="genogram-empty")
    row_of: dict[str, int] = {}
    for one in people:
        label = one.label.strip()
        if (
            not label
            or one.generation not in Generation.values
            or one.own_placement not in OwnPlacement.values
        ):
            raise Refused(
                _("Hver person skal have et fornavn eller en relation og en generation."),
                type="genogram-person",
            )
        if label in row_of:
            raise Refused(
                _("To hedder «%(label)s». Skriv noget, der skiller dem ad.") % {"label": label},
                type="genogram-label-twice",
            )
        row_of[label] = one.generation
    _check_ties(ties, row_of)
    drawn = Genogram.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        drawn_on=drawn_on,
        remark=remark.strip(),
        drawn_by=actor.staff,
        recorded_at=now,
    )
    made = {
        one.label.strip(): GenogramPerson.objects.create(
            municipality_id=family.municipality_id,
            genogram=drawn,
            label=one.label.strip(),
            generation=one.generation,
            own_placement=one.own_placement,
        )
        for one in people
    }
    GenogramRelation.objects.bulk_create(
        GenogramRelation(
            municipality_id=family.municipality_id,
            genogram=drawn,
            one=made[tie.one.strip()],
            other=made[tie.other.strip()],
            kind=tie.kind,
            broken=tie.broken,
        )
        for tie in ties
    )
    return drawn


def _check_ties(ties: Sequence[Tie], row_of: dict[str, int]) -> None:
    seen: set[tuple[frozenset[str], str]] = set()
    for tie in ties:
        one, other = tie.one.strip(), tie.other.strip()
        for label in (one, other):
            if label not in row_of:
                raise Refused(
                    _("«%(label)s» står ikke blandt personerne. Skriv navnet, som det står dér.")
                    % {"label": label},
                    type="genogram-relation",
                )
        if one == other or tie.kind not in RelationKind.values:
            raise Refused(_("En relation er mellem to. Vælg hvilken."), type="genogram-relation")
        key = (frozenset({one, other}), tie.kind)
        if key in seen:
            raise Refused(
                _("«%(one)s» og «%(other)s» har den samme relation to gange.") % {"one": one, "other": other},
                type="genogram-relation-twice",
            )
        seen.add(key)
        if tie.kind == RelationKind.PARENT_CHILD and row_of[one] >= row_of[other]:
            raise Refused(
                _("«%(one)s» kan ikke være forælder til «%(other)s» i den generation.")
                % {"one": one, "other": other},
                type="genogram-generations",
            )


def last_genogram(family: Family) -> Genogram | None:
    """The newest drawing with its people and relations, or None."""
    drawn = Genogram.objects.filter(family=family).prefetch_related(
        "people", "relations__one", "relations__other"
    )
    return drawn.select_related("drawn_by").order_by("-drawn_on", "-id").first()
