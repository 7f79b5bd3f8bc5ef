"""What somebody begins or writes down around a decision, that no open step waits for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from placement.access.roles import Action
from placement.families.models import Family, Person
from workflows.decisions import act_forms as asks
from workflows.decisions.models import CasePerson, DecisionLetter
from workflows.decisions.services import complaints, insight, letters, parties, plans
from workflows.journey.moves.base import Before, Move, asked

Cleaned = dict[str, Any]


def _made(row: Any) -> dict[str, Any]:
    return {"id": str(row.uuid)}


def _one(rows: Any, uuid: str) -> Any:
    found = rows.filter(uuid=UUID(uuid)).first()
    if found is None:
        raise Http404
    return found


def _person(family: Family, uuid: str) -> Person:
    found: Person = _one(Person.objects.filter(family=family), uuid)
    found.family = family
    return found


def _people(before: Before, uuids: list[str]) -> list[Person]:
    return [_person(before.family, uuid) for uuid in uuids]


def _letter(before: Before, uuid: str) -> DecisionLetter:
    rows = DecisionLetter.objects.filter(family=before.family).select_related("party")
    found: DecisionLetter = _one(rows, uuid)
    found.family = before.family
    return found


def _case_person(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    party = _person(before.family, cleaned.pop("party"))
    return _made(parties.record_case_person(actor=before.actor, party=party, now=before.now, **cleaned))


def _end_case_person(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    found = _one(CasePerson.objects.filter(family=before.family), cleaned["case_person"])
    return _made(parties.end_case_person(case_person=found, ends=cleaned["ends"]))


def _waive(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    child = _person(before.family, cleaned.pop("child"))
    return _made(parties.waive_child_view(actor=before.actor, child=child, now=before.now, **cleaned))


def _hear(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    people = _people(before, cleaned.pop("parties"))
    made = parties.hear_parties(
        actor=before.actor, family=before.family, parties=people, now=before.now, **cleaned
    )
    return _made(made[-1])


def _not_needed(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    people = _people(before, cleaned.pop("parties"))
    made = parties.hearing_not_needed(
        actor=before.actor, family=before.family, parties=people, now=before.now, **cleaned
    )
    return _made(made[-1])


def _received(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    letter = _letter(before, cleaned["letter"])
    return _made(letters.letter_received(letter=letter, received_on=cleaned["received_on"], now=before.now))


def _complaint(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    letter = _letter(before, cleaned.pop("letter"))
    by = cleaned.pop("by")
    speaking = _one(CasePerson.objects.filter(family=before.family), by) if by else None
    return _made(
        complaints.receive_complaint(
            actor=before.actor, letter=letter, by=speaking, now=before.now, **cleaned
        )
    )


def _access(before: Before, cleaned: Cleaned) -> dict[str, Any]:
    party = _person(before.family, cleaned.pop("party"))
    by = cleaned.pop("by")
    speaking = _one(CasePerson.objects.filter(family=before.family), by) if by else None
    return _made(insight.ask_access(actor=before.actor, party=party, by=speaking, now=before.now, **cleaned))


def _nobody_stands_in(before: Before) -> str | None:
    standing = CasePerson.objects.filter(family=before.family).exclude(ends__lt=before.today)
    return None if standing.exists() else gettext("Ingen står i sagen som bisidder eller partsrepræsentant.")


def _cannot_begin_letters(before: Before) -> str | None:
    return asked(lambda: letters.letters_can_begin(before.family))


def _no_letter_waits(before: Before) -> str | None:
    waiting = DecisionLetter.objects.filter(
        family=before.family, sent_on__isnull=False, received_on__isnull=True
    )
    return None if waiting.exists() else gettext("Intet sendt brev mangler en dag, det er modtaget.")


def _no_letter_sent(before: Before) -> str | None:
    if DecisionLetter.objects.filter(family=before.family, sent_on__isnull=False).exists():
        return None
    return gettext("Der kan først klages, når en part har fået sit brev om afgørelsen.")


def _cannot_begin_plan(before: Before) -> str | None:
    return asked(lambda: plans.plan_can_begin(before.family))


def _track_waits(before: Before) -> str | None:
    waits = plans.track_waits(before.family)
    return gettext("Opgaven om, hvordan det går videre, er allerede åben.") if waits else None


ACTS: tuple[Move, ...] = (
    Move(
        "hear",
        _("Hør en part"),
        _("Hver part høres for sig. Når fristen er gået, eller svaret er kommet, afsluttes høringen."),
        Action.HEAR_PARTY,
        asks.HearForm,
        _hear,
    ),
    Move(
        "hearing-not-needed",
        _("Skriv, hvorfor partshøring ikke er nødvendig"),
        _("Afgørelsen kan godkendes, når hver part er hørt, eller det står her, hvorfor ikke."),
        Action.HEAR_PARTY,
        asks.HearingNotNeededForm,
        _not_needed,
    ),
    Move(
        "waive-view",
        _("Barnets perspektiv på anden vis"),
        _("Kun når barnet i et helt særligt tilfælde ikke kan spørges."),
        Action.WAIVE_CHILD_VIEW,
        asks.WaiveViewForm,
        _waive,
    ),
    Move(
        "case-person",
        _("Bisidder eller partsrepræsentant"),
        _("Hvem der er med på partens side, i hvad og hvor længe."),
        Action.RECORD_CASE_PERSON,
        asks.CasePersonForm,
        _case_person,
    ),
    Move(
        "end-case-person",
        _("Bisidder eller partsrepræsentant stopper"),
        "",
        Action.RECORD_CASE_PERSON,
        asks.EndCasePersonForm,
        _end_case_person,
        _nobody_stands_in,
    ),
    Move(
        "letters",
        _("Begynd brevene om afgørelsen"),
        _("Hver part får sit eget brev. En anden godkender dem, før de sendes."),
        Action.WRITE_LETTERS,
        asks.BeginForm,
        lambda before, cleaned: _made(letters.begin_letters(family=before.family)),
        _cannot_begin_letters,
    ),
    Move(
        "letter-received",
        _("Et brev er modtaget"),
        _("Klagefristen regnes fra den dag, parten har fået brevet."),
        Action.SEND_LETTERS,
        asks.ReceivedForm,
        _received,
        _no_letter_waits,
    ),
    Move(
        "complaint",
        _("Registrér en klage"),
        _("Kommunen ser først selv på afgørelsen igen, inden for fire uger."),
        Action.RECEIVE_COMPLAINT,
        asks.ComplaintForm,
        _complaint,
        _no_letter_sent,
    ),
    Move(
        "access",
        _("En part beder om aktindsigt"),
        _("Også et barn, der er part, har sin egen ret til at se sagen. Svaret har en frist."),
        Action.RECEIVE_ACCESS_REQUEST,
        asks.AccessForm,
        _access,
    ),
    Move(
        "plan",
        _("Tag stilling til barnets plan"),
        _("Om der laves en plan for barnet, og hvorfor (barnets lov § 91)."),
        Action.SETTLE_PLAN,
        asks.BeginForm,
        lambda before, cleaned: _made(plans.begin_plan(family=before.family)),
        _cannot_begin_plan,
    ),
    Move(
        "track",
        _("Et barn anbringes, eller familien skifter spor"),
        _("Det skrives som det, det er. Ingen af vejene er et nederlag."),
        Action.SETTLE_TRACK,
        asks.TrackForm,
        lambda before, cleaned: _made(plans.begin_track(family=before.family, why=cleaned["why"])),
        _track_waits,
    ),
)

#: The Danish address of each page.
ADDRESSES = {
    "hear": "partshoering",
    "hearing-not-needed": "partshoering-ikke-noedvendig",
    "waive-view": "perspektiv-paa-anden-vis",
    "case-person": "bisidder-eller-repraesentant",
    "end-case-person": "bisidder-stopper",
    "letters": "breve",
    "letter-received": "brev-modtaget",
    "complaint": "klage",
    "access": "aktindsigt",
    "plan": "barnets-plan",
    "track": "sporskifte",
}
