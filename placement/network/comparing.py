"""Two maps of one network beside each other: who came, who left, who moved nearer. People are matched by their record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placement.network.models import NetworkMap, NetworkPerson
from placement.network.selectors import supporting_private_people


@dataclass(frozen=True)
class Compared:
    """What changed from ``first`` to ``last``. ``support``: supportive private people on each, an outcome.

    ``unmatched``: people of either map that have no record, so nobody can say whether they are the same.
    """

    first: NetworkMap
    last: NetworkMap
    came: tuple[NetworkPerson, ...]
    left: tuple[NetworkPerson, ...]
    nearer: tuple[NetworkPerson, ...]
    farther: tuple[NetworkPerson, ...]
    as_before: tuple[NetworkPerson, ...]
    unmatched: tuple[NetworkPerson, ...]
    support: tuple[int, int]


def compare(first: NetworkMap, last: NetworkMap) -> Compared:
    """The two maps, person by person. Both with their people (`selectors.last_map`)."""
    before = {person.member_id: person for person in first.people.all() if person.member_id}
    after = {person.member_id: person for person in last.people.all() if person.member_id}
    both = [(before[key], after[key]) for key in after if key in before]
    unmatched = [
        person for drawn in (first, last) for person in drawn.people.all() if person.member_id is None
    ]
    return Compared(
        first=first,
        last=last,
        came=tuple(person for key, person in after.items() if key not in before),
        left=tuple(person for key, person in before.items() if key not in after),
        nearer=tuple(now for then, now in both if now.closeness < then.closeness),
        farther=tuple(now for then, now in both if now.closeness > then.closeness),
        as_before=tuple(now for then, now in both if now.closeness == then.closeness),
        unmatched=tuple(unmatched),
        support=(supporting_private_people(first), supporting_private_people(last)),
    )


def names(people: Iterable[NetworkPerson]) -> str:
    """Their labels, one after another."""
    return ", ".join(person.label for person in people)


def sentence(compared: Compared) -> str:
    """What the two pictures show, in words: the outcome first, then who."""
    start, now = compared.support
    if now > start:
        said = _("Flere private giver støtte: %(start)d før, %(now)d nu.")
    elif now < start:
        said = _("Færre private giver støtte: %(start)d før, %(now)d nu.")
    else:
        said = _("Lige mange private giver støtte: %(start)d før, %(now)d nu.")
    parts = [said % {"start": start, "now": now}]
    for people, one in (
        (compared.came, _("Kommet til: %(who)s.")),
        (compared.left, _("Ikke med mere: %(who)s.")),
        (compared.nearer, _("Rykket nærmere: %(who)s.")),
        (compared.farther, _("Rykket længere væk: %(who)s.")),
    ):
        if people:
            parts.append(one % {"who": names(people)})
    strained = [person for person in compared.last.people.all() if person.strained]
    if strained:
        parts.append(_("Anspændt nu: %(who)s.") % {"who": names(strained)})
    if compared.unmatched:
        many = len(compared.unmatched)
        parts.append(
            ngettext(
                "%(n)d person er ikke koblet til en person i netværket og kan ikke sammenlignes.",
                "%(n)d personer er ikke koblet til en person i netværket og kan ikke sammenlignes.",
                many,
            )
            % {"n": many}
        )
    return " ".join(parts)


def map_sentence(drawn: NetworkMap) -> str:
    """What one map shows, in words."""
    people = list(drawn.people.all())
    if not people:
        return _("Der er ingen på kortet.")
    count = ngettext("%(n)d person på kortet", "%(n)d personer på kortet", len(people)) % {"n": len(people)}
    near = [person for person in people if person.closeness == 1]
    strained = [person for person in people if person.strained]
    parts = [
        _("%(count)s. %(support)d private giver støtte.")
        % {"count": count, "support": supporting_private_people(drawn)}
    ]
    if near:
        parts.append(_("Tæt på: %(who)s.") % {"who": names(near)})
    if strained:
        parts.append(_("Anspændt: %(who)s.") % {"who": names(strained)})
    return " ".join(parts)
