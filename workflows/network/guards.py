"""When the network may be met and asked. Pure answers over facts read from maps, meetings and agreements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from placement.families.models import Phase
from placement.meetings.models import Meeting, MeetingKind, MeetingOutcome
from placement.network.people import standings
from placement.network.selectors import agreements_to_follow_up, last_map
from workflows.kernel.reading import read_once
from workflows.kernel.steps import Condition, Situation, first_unmet
from workflows.network.safety import RULE, known_of, reasons_of

#: The field that asks whether one earlier agreement was kept: this and the agreement's public id.
KEPT = "kept_"


@dataclass(frozen=True)
class MeetingFacts:
    """What a network meeting rests on."""

    map: int | None
    drawn_on: date | None
    people: int
    #: Whom a meeting may have invited: (what they are called, public id, why not; '' for nobody's reason against).
    known: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class AgreementFacts:
    """What agreements rest on."""

    meeting: int | None
    held_on: date | None
    #: Agreements nobody has followed up, by public id.
    open: tuple[str, ...]
    exited: bool


def meeting_facts(situation: Situation) -> MeetingFacts:
    """Read the latest map, and of everybody in the network whether they may be invited."""
    drawn = last_map(situation.family)
    listed = standings(situation.family)
    reasons = reasons_of(listed, known_of(situation.family))
    return MeetingFacts(
        map=drawn.pk if drawn else None,
        drawn_on=drawn.drawn_on if drawn else None,
        people=len(drawn.people.all()) if drawn else 0,
        known=tuple(
            (one.member.label, str(one.member.uuid), reasons[str(one.member.uuid)]) for one in listed
        ),
    )


def agreement_facts(situation: Situation) -> AgreementFacts:
    """Read the latest network meeting and the agreements that still run."""
    latest = _latest(situation.family.pk)
    return AgreementFacts(
        meeting=latest.pk if latest else None,
        held_on=latest.held_on if latest else None,
        open=tuple(str(agreement.uuid) for agreement in agreements_to_follow_up(situation.family)),
        exited=situation.family.phase == Phase.EXITED,
    )


def meeting_conditions(facts: MeetingFacts) -> tuple[Condition, ...]:
    """There is a map to invite from."""
    return (
        Condition(
            code="network-map",
            title=_("Netværkskortet er tegnet"),
            met=facts.map is not None,
            evidence=_("%(day)s: %(people)d på kortet")
            % {"day": f"{facts.drawn_on:%d.%m.%Y}", "people": facts.people}
            if facts.drawn_on
            else "",
            reason=_("Netværkskortet mangler. Tegn det, før I inviterer."),
        ),
    )


def agreement_conditions(facts: AgreementFacts) -> tuple[Condition, ...]:
    """There was a meeting to agree at."""
    return (
        Condition(
            code="network-meeting",
            title=_("Netværksmødet er holdt"),
            met=facts.meeting is not None,
            evidence=f"{facts.held_on:%d.%m.%Y}" if facts.held_on else "",
            reason=_("Der er ikke holdt et netværksmøde. Skriv mødet først."),
        ),
    )


def may_hold_meeting(facts: MeetingFacts, answer: Mapping[str, Any]) -> str | None:
    """A network meeting has the parents or somebody of their network at the table."""
    if not answer["parents_present"] and not any(person["came"] for person in answer["people"]):
        return str(_("Et netværksmøde holdes med forældrene eller nogen fra netværket. Skriv, hvem der kom."))
    return first_unmet(meeting_conditions(facts)) or uninvited(facts, answer["people"])


def uninvited(facts: MeetingFacts, people: Iterable[Mapping[str, Any]]) -> str | None:
    """Why somebody of these may not have been invited; None when all may (barnets lov § 18(3), as we read it)."""
    reasons = []
    for person in people:
        found = named(facts, person)
        if len(found) == 1:
            reasons.append(found[0][2])
        elif found:
            reasons.append(
                _("Flere i netværket hedder «%(who)s». Skriv dem, så de kan kendes fra hinanden.")
                % {"who": person["label"]}
            )
        else:
            reasons.append(
                _(
                    "«%(who)s» står ikke i familiens netværk og er derfor ikke sikkerhedstjekket (%(rule)s). Skriv "
                    "personen under Netværket først."
                )
                % {"who": person["label"], "rule": RULE}
            )
    return " ".join(dict.fromkeys(str(reason) for reason in reasons if reason)) or None


def named(facts: MeetingFacts, person: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Those of the network that a row of the form can mean: by the public id it carries, else by its exact words."""
    chosen = str(person.get("member") or "")
    if chosen:
        return [one for one in facts.known if one[1] == chosen]
    return [one for one in facts.known if one[0] == person["label"].strip()]


def may_make_agreement(facts: AgreementFacts, answer: Mapping[str, Any]) -> str | None:
    """After each meeting somebody has something to do: a new agreement, or an earlier one that still runs."""
    running = [agreement for agreement in facts.open if answer.get(f"{KEPT}{agreement}") is None]
    if not answer["agreements"] and not running and not facts.exited:
        return str(_("Skriv mindst én aftale. Også det, forældrene selv gør, er en aftale."))
    return first_unmet(agreement_conditions(facts))


def _latest(family_id: int) -> Meeting | None:
    # The one written last: two meetings may be written down in another order than they were held.
    return Meeting.objects.filter(family_id=family_id, kind=MeetingKind.NETWORK).order_by("-id").first()


def must_redraw_map(activation: Any) -> bool:
    """Whether the latest network meeting found that the map no longer fits."""
    latest = read_once(activation.process, _latest)
    return latest is not None and latest.outcome == MeetingOutcome.REDRAW_MAP


def agreed_meeting(process: Any) -> date | None:
    """The day the latest network meeting agreed to meet again, if it did."""
    latest = read_once(process, _latest)
    return latest.next_on if latest else None
