"""A family's network put together for its page: maps beside each other, people with their checks, what was agreed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placement import network_chart
from placement.access.actor import Actor
from placement.access.roles import Action
from placement.clock import today
from placement.families.models import Family
from placement.network.comparing import Compared, compare, map_sentence, sentence
from placement.network.genogram import last_genogram
from placement.network.models import (
    Agreement,
    ContactAnswer,
    Generation,
    Genogram,
    Moment,
    NetworkInvitation,
    NetworkMap,
    NetworkPerson,
    OwnPlacement,
    SafetyOutcome,
    Sector,
)
from placement.network.people import Standing, standings
from placement.network.selectors import last_map
from placement.templatetags.words import danish_date
from workflows.network.safety import Known, known_of, why_not

#: Invitations and agreements on the page; the older ones are in the family's history.
SHOWN = 20


def network_context(actor: Actor, family: Family) -> dict[str, Any]:
    """The context of templates/network/network.html, but for its head; as many queries whatever is written."""
    known = known_of(family)
    found = standings(family)
    may_write = actor.may(Action.WORK_WITH_NETWORK)
    return {
        "barred": known.barred,
        "violence": known.violence,
        "maps": maps_of(family),
        "people": [_person(family, one, known, may_write) for one in found],
        "off_record": _off_record(family),
        "invitations": [_invitation(one) for one in _invitations(family)],
        "agreements": [_agreement(family, one, may_write) for one in _agreements(family)],
        "genogram": genogram_of(family),
        "write": {
            kind: record_url(family, kind) if may_write else ""
            for kind in ("person", "answer", "check", "invitation", "genogram", "agreement")
        },
        "conferences_url": reverse("conferences", kwargs={"family": family.uuid}),
    }


def record_url(family: Family, kind: str, **about: Any) -> str:
    """Where a record of the network is written, about somebody when that is known."""
    address = reverse("network-record", kwargs={"family": family.uuid, "kind": kind})
    return address + "".join(f"?{name}={value}" for name, value in about.items())


def maps_of(family: Family) -> dict[str, Any] | None:
    """The first map and the newest that differs in time: drawn, told and compared. None before the first."""
    first = last_map(family, Moment.START)
    last = last_map(family, Moment.EXIT) or last_map(family)
    if last is None:
        return None
    if first is None or first.pk == last.pk:
        first = None
    numbers = _numbers([first, last] if first else [last])
    compared = compare(first, last) if first else None
    new = {person.pk for person in compared.came} if compared else set()
    drawn = [
        _map(one, numbers, new, f"net{place}")
        for place, one in enumerate([first, last] if first else [last], start=1)
        if one is not None
    ]
    return {
        "drawn": drawn,
        "sentence": sentence(compared) if compared else map_sentence(last),
        "support": compared.support if compared else None,
        "changes": _changes(compared, numbers) if compared else [],
    }


def _key(person: NetworkPerson) -> tuple[str, int]:
    return ("member", person.member_id) if person.member_id else ("place", person.pk)


def _numbers(maps: Iterable[NetworkMap]) -> dict[tuple[str, int], int]:
    """One number for one person, on every map."""
    numbers: dict[tuple[str, int], int] = {}
    for drawn in maps:
        for person in drawn.people.all():
            numbers.setdefault(_key(person), len(numbers) + 1)
    return numbers


def _map(
    drawn: NetworkMap, numbers: dict[tuple[str, int], int], new: set[int], prefix: str
) -> dict[str, Any]:
    people = sorted(drawn.people.all(), key=lambda person: numbers[_key(person)])
    title = _("%(moment)s, %(day)s") % {
        "moment": drawn.get_moment_display(),
        "day": danish_date(drawn.drawn_on),
    }
    told = map_sentence(drawn)
    marks = [
        network_chart.Mark(
            number=numbers[_key(person)],
            label=person.label,
            sector=person.sector,
            closeness=person.closeness,
            direction=person.direction,
            strained=person.strained,
            new=person.pk in new,
        )
        for person in people
    ]
    return {
        "title": title,
        "sentence": told,
        "remark": drawn.remark,
        "svg": network_chart.network_map(
            marks,
            {value: str(label) for value, label in Sector.choices},
            title=title,
            sentence=told,
            prefix=prefix,
        ),
        "rows": [
            {
                "number": numbers[_key(person)],
                "label": person.label,
                "sector": person.get_sector_display(),
                "closeness": person.get_closeness_display(),
                "direction": person.get_direction_display(),
                "strained": person.strained,
                "new": person.pk in new,
            }
            for person in people
        ],
    }


def _changes(compared: Compared, numbers: dict[tuple[str, int], int]) -> list[dict[str, Any]]:
    groups = (
        (_("Kommet til"), compared.came),
        (_("Ikke med mere"), compared.left),
        (_("Rykket nærmere"), compared.nearer),
        (_("Rykket længere væk"), compared.farther),
        (_("Samme sted"), compared.as_before),
        (_("Kan ikke sammenlignes"), compared.unmatched),
    )
    return [
        {"title": title, "people": [{"number": numbers[_key(one)], "label": one.label} for one in people]}
        for title, people in groups
        if people
    ]


def _off_record(family: Family) -> list[str]:
    """Who stands on the newest map without a record of their own, so that nothing can be checked about them."""
    drawn = last_map(family)
    return [person.label for person in drawn.people.all() if person.member_id is None] if drawn else []


def _person(family: Family, standing: Standing, known: Known, may_write: bool) -> dict[str, Any]:
    reason = why_not(standing, known)
    safety, contact = standing.safety, standing.contact
    about = {"person": standing.member.uuid}
    return {
        "label": standing.member.label,
        "state": "no" if reason else "yes",
        "word": _("Må ikke inviteres nu") if reason else _("Kan inviteres"),
        "reason": reason,
        "checked": ""
        if safety is None
        else _("%(outcome)s, %(day)s, %(who)s")
        % {
            "outcome": safety.get_outcome_display(),
            "day": danish_date(safety.checked_on),
            "who": safety.checked_by,
        },
        "terms": safety.terms if safety and safety.outcome == SafetyOutcome.CARE else "",
        "answered": ""
        if contact is None
        else _("%(answer)s, %(day)s (%(how)s)")
        % {
            "answer": contact.get_answer_display(),
            "day": danish_date(contact.answered_on),
            "how": contact.get_how_display().lower(),
        },
        "check_url": record_url(family, "check", **about) if may_write else "",
        "answer_url": record_url(family, "answer", **about) if may_write else "",
        "answer_word": _("Skriv, at ja'et er trukket tilbage, eller et nyt svar")
        if contact and contact.answer == ContactAnswer.GIVEN
        else _("Skriv personens eget svar"),
    }


def _invitations(family: Family) -> list[NetworkInvitation]:
    rows = NetworkInvitation.objects.filter(family=family).select_related("member", "invited_by", "safety")
    return list(rows.order_by("-planned_on", "-id")[:SHOWN])


def _invitation(row: NetworkInvitation) -> dict[str, Any]:
    came = {True: _("Kom"), False: _("Kom ikke"), None: _("Venter")}[row.came]
    return {
        "label": row.member.label,
        "occasion": row.get_occasion_display(),
        "on": row.planned_on,
        "came": came,
        "terms": row.safety.terms,
        "who": str(row.invited_by),
    }


def _agreements(family: Family) -> list[Agreement]:
    rows = Agreement.objects.filter(family=family).select_related("made_by", "followed_up_by")
    waiting = list(rows.filter(kept__isnull=True).order_by("by_on", "id"))
    return waiting + list(rows.filter(kept__isnull=False).order_by("-followed_up_on", "-id")[:SHOWN])


def _agreement(family: Family, row: Agreement, may_write: bool) -> dict[str, Any]:
    if row.kept is None:
        late = row.by_on < today()
        state, word = ("wait", _("Skal følges op")) if late else ("now", _("Løber"))
    else:
        state, word = ("yes", _("Holdt")) if row.kept else ("no", _("Ikke holdt"))
    waits = row.kept is None and may_write
    return {
        "what": row.what,
        "who": row.who,
        "by": row.by_on,
        "state": state,
        "word": word,
        "comment": row.comment,
        "followed": row.followed_up_on,
        "conference": row.about is not None,
        "url": record_url(family, "agreement", agreement=row.uuid) if waits else "",
    }


def genogram_of(family: Family) -> dict[str, Any] | None:
    """The newest genogram, drawn and as rows; None before the first."""
    drawn = last_genogram(family)
    if drawn is None:
        return None
    people, relations = list(drawn.people.all()), list(drawn.relations.all())
    title = _("Genogram, %(day)s") % {"day": danish_date(drawn.drawn_on)}
    told = genogram_sentence(drawn)
    notes = {OwnPlacement.YES: _("selv anbragt"), OwnPlacement.NO: _("ikke anbragt")}
    return {
        "title": title,
        "sentence": told,
        "remark": drawn.remark,
        "svg": network_chart.genogram(
            [
                network_chart.Kin(
                    one.pk, one.label, one.generation, notes.get(OwnPlacement(one.own_placement), "")
                )
                for one in people
            ],
            [network_chart.Bond(tie.one_id, tie.other_id, tie.kind, tie.broken) for tie in relations],
            {value: str(label) for value, label in Generation.choices},
            title=title,
            sentence=told,
        ),
        "people": [
            {
                "label": one.label,
                "generation": one.get_generation_display(),
                "own_placement": one.get_own_placement_display(),
            }
            for one in people
        ],
        "relations": [
            {
                "one": tie.one.label,
                "kind": tie.get_kind_display(),
                "other": tie.other.label,
                "broken": tie.broken,
            }
            for tie in relations
        ],
    }


def genogram_sentence(drawn: Genogram) -> str:
    """What the picture shows, in words."""
    people, relations = list(drawn.people.all()), list(drawn.relations.all())
    placed = [one.label for one in people if one.own_placement == OwnPlacement.YES]
    broken = [f"{tie.one.label} – {tie.other.label}" for tie in relations if tie.broken]
    generations = len({one.generation for one in people})
    parts = [
        ngettext("%(n)d person", "%(n)d personer", len(people)) % {"n": len(people)}
        + " "
        + ngettext("i %(n)d generation.", "i %(n)d generationer.", generations) % {"n": generations}
    ]
    parts.append(
        _("Selv anbragt som barn: %(who)s.") % {"who": ", ".join(placed)}
        if placed
        else _("Ingen er skrevet som selv anbragt.")
    )
    if broken:
        parts.append(_("Brudt kontakt: %(who)s.") % {"who": ", ".join(broken)})
    return " ".join(parts)
