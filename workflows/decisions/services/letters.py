"""A decision's letters: drafted, written, approved by another, sent, received; and the municipality's templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.roles import Action
from placement.access.transactions import one_write
from placement.clock import danish_day
from placement.families.models import ChildView, Decision, Family, Person
from workflows.decisions import letters
from workflows.decisions.codes import LetterKind
from workflows.decisions.models import DecisionLetter, LetterTemplate
from workflows.decisions.selectors import decided, letters_of, model_for, parties_of, plan_decision_of
from workflows.kernel.models import Process
from workflows.kernel.steps import Situation
from workflows.kernel.undoing import break_off

Answer = Mapping[str, Any]

#: Fields of the forms, one for each party.
LETTER, HOW, SENT, RECEIVED = "letter_", "how_", "sent_", "received_"


def decision_to_tell(family: Family) -> Decision:
    """The approved decision that stands. Raises Refused (``letter-before-approval``)."""
    decision = decided(family)
    if decision is None:
        raise Refused(
            _("Afgørelsen er ikke godkendt. Et brev om den skrives først bagefter (forvaltningsloven § 22)."),
            type="letter-before-approval",
        )
    return decision


def letters_can_begin(family: Family) -> Decision:
    """The decision whose letters nobody has begun.

    Raises Refused (``letter-before-approval``), StaleState when they are under way or written.
    """
    from workflows.decisions.flow import LetterFlow

    decision = decision_to_tell(family)
    runs = Process.objects.filter(family=family, flow_class=LetterFlow, data__decision=decision.pk)
    if runs.exclude(status="CANCELED").exists():
        raise StaleState(
            _(
                "Brevene om afgørelsen er begyndt. De skrives, godkendes og sendes som opgaver på familiens side."
            )
        )
    return decision


@transaction.atomic
def begin_letters(*, family: Family) -> Process:
    """Begin the way of the letters on the decision. Raises what `letters_can_begin` raises."""
    from workflows.decisions.flow import LetterFlow

    decision = letters_can_begin(family)
    made: Process = LetterFlow.start.run(family=family, about={"decision": decision.pk})
    return made


def check_untold(decision: Decision) -> None:
    """Raises Refused (``something-rests-on-it``) once a letter on the decision is approved, or its plan is settled."""
    told = letters_of(decision).filter(approved_at__isnull=False)
    if told.exists() or plan_decision_of(decision) is not None:
        raise Refused(
            _(
                "Der er bygget videre på afgørelsen: et brev om den er godkendt, eller der er taget stilling til "
                "barnets plan. Den bliver stående; en part kan klage over den."
            ),
            type="something-rests-on-it",
        )


def take_back_approval(decision: Decision) -> None:
    """The approval is opened again: what was begun on it and not yet said to anybody is broken off.

    Raises what `check_untold` raises.
    """
    from workflows.decisions.flow import LetterFlow, PlanFlow

    check_untold(decision)
    begun = Process.objects.filter(
        family=decision.family_id, flow_class__in=[LetterFlow, PlanFlow], finished__isnull=True
    )
    for process in begun.filter(data__decision=decision.pk).order_by("-id"):
        break_off(process)


def decision_of(process: Process) -> Decision:
    """The decision that a run of the flow is about."""
    return Decision.objects.get(family=process.family, pk=process.data["decision"])


def addressees(decision: Decision) -> list[Person]:
    """Whom the letters go to: the parties on the day of the decision."""
    if decision.decided_at is None:
        return []
    years = model_for(decision.family).decisions.party_from_years
    return parties_of(decision.family, danish_day(decision.decided_at), from_years=years)


def letters_to(decision: Decision) -> QuerySet[DecisionLetter]:
    """The letters on a decision to whoever is still to have one: not to somebody whose custody was put right since."""
    return letters_of(decision).filter(party__in=[party.pk for party in addressees(decision)])


def drafts(decision: Decision) -> dict[Person, str]:
    """Each party's letter: as it was last written on the decision as it stands, else drafted from the template."""
    written = {
        letter.party_id: letter.text
        for letter in letters_of(decision)
        if decision.decided_at is not None and letter.written_at >= decision.decided_at
    }
    rules = model_for(decision.family).decisions
    town = decision.municipality.name
    return {
        party: written.get(party.pk)
        or letters.draft(
            decision=decision,
            party=party,
            municipality=town,
            rules=rules,
            own_view=_own_view(party),
        )
        for party in addressees(decision)
    }


def _own_view(party: Person) -> str:
    if letters.kind_for(party) != LetterKind.CHILD:
        return ""
    told = ChildView.objects.filter(child=party, source="told").first()
    return told.text if told else ""


def write_letters(situation: Situation, answer: Answer) -> None:
    """The letters' words, one for each party; written again after a rejection.

    Raises Refused: ``letter-empty``, ``letter-unfinished``.
    """
    decision = decision_of(situation.process)
    for party in addressees(decision):
        text = answer[f"{LETTER}{party.uuid}"].strip()
        check_words(party, text)
        DecisionLetter.objects.update_or_create(
            municipality_id=decision.municipality_id,
            decision=decision,
            party=party,
            defaults={
                "family": situation.family,
                "text": text,
                "written_by": situation.actor.staff,
                "written_at": situation.now,
            },
        )


def check_words(party: Person, text: str) -> None:
    """Raises Refused: ``letter-empty``, ``letter-unfinished`` while a place for somebody's own words is left."""
    if not text.strip():
        raise Refused(_("Brevet til %(name)s er tomt.") % {"name": party}, type="letter-empty")
    if letters.UNFINISHED in text.casefold():
        raise Refused(
            _("Brevet til %(name)s har stadig «[skriv …]». Skriv det, der mangler.") % {"name": party},
            type="letter-unfinished",
        )


def approve_letters(situation: Situation, answer: Answer) -> None:
    """Approve all of them as they stand, or none. Raises NotAllowed (``four-eyes``), Refused (``reason-missing``)."""
    waiting = letters_to(decision_of(situation.process))
    if not answer["approved"]:
        if not answer["reason"].strip():
            raise Refused(_("Skriv, hvad der skal ændres i brevene."), type="reason-missing")
        situation.process.data = {**situation.process.data, "rejected": answer["reason"].strip()}
        situation.process.save(update_fields=["data"])
        return
    if waiting.filter(written_by=situation.actor.staff).exists():
        raise NotAllowed(_("Du har selv skrevet brevene. En anden skal godkende dem."), type="four-eyes")
    waiting.update(approved_by=situation.actor.staff, approved_at=situation.now)


def send_letters(situation: Situation, answer: Answer) -> None:
    """Each letter is sent: how, when, and when the party had it if that is known already.

    Raises what `check_sent` and `check_received` raise.
    """
    for letter in letters_to(decision_of(situation.process)):
        key = letter.party.uuid
        sent_on: date = answer[f"{SENT}{key}"]
        check_sent(letter, sent_on, situation.now)
        letter.how, letter.sent_on, letter.sent_by = answer[f"{HOW}{key}"], sent_on, situation.actor.staff
        letter.save(update_fields=["how", "sent_on", "sent_by"])
        received_on = answer.get(f"{RECEIVED}{key}")
        if received_on is not None:
            letter_received(letter=letter, received_on=received_on, now=situation.now)


def check_sent(letter: DecisionLetter, sent_on: date, now: datetime) -> None:
    """Raises Refused: ``letter-before-approval``, ``letter-in-future``."""
    if letter.approved_at is None or sent_on < danish_day(letter.approved_at):
        raise Refused(
            _("Brevet kan ikke være sendt, før det er godkendt. Ret datoen."), type="letter-before-approval"
        )
    if sent_on > danish_day(now):
        raise Refused(_("Brevet kan ikke være sendt i fremtiden. Ret datoen."), type="letter-in-future")


@one_write
def letter_received(*, letter: DecisionLetter, received_on: date, now: datetime) -> DecisionLetter:
    """The day the party had the letter: from it counts how long they may complain.

    Raises Refused: ``letter-not-sent``, ``letter-in-future``, ``letter-received-before-sent``; StaleState when it is
    written already.
    """
    if letter.sent_on is None:
        raise Refused(_("Brevet er ikke sendt. Send det først."), type="letter-not-sent")
    if letter.received_on is not None:
        raise StaleState(_("Det står allerede, hvornår brevet er modtaget. Genindlæs siden."))
    if received_on > danish_day(now):
        raise Refused(_("Brevet kan ikke være modtaget i fremtiden. Ret datoen."), type="letter-in-future")
    if received_on < letter.sent_on:
        raise Refused(
            _("Brevet kan ikke være modtaget, før det er sendt. Ret datoen."),
            type="letter-received-before-sent",
        )
    letter.received_on = received_on
    letter.complaint_until = model_for(letter.family).decisions.complaint_until(received_on)
    letter.save(update_fields=["received_on", "complaint_until"])
    return letter


@one_write
def write_template(*, actor: Actor, kind: str, text: str, now: datetime) -> LetterTemplate:
    """The municipality's words for a letter from now on.

    Raises NotAllowed for a role that does not write them, Refused: ``template-incomplete``,
    ``template-unknown-place``.
    """
    if actor.municipality_id is None or not actor.may(Action.WRITE_LETTER_TEMPLATE):
        raise NotAllowed(_("Din rolle kan ikke skrive brevskabeloner."))
    letters.check_template(text)
    return LetterTemplate.objects.create(
        municipality_id=actor.municipality_id,
        kind=kind,
        text=text.strip(),
        written_by=actor.staff,
        written_at=now,
    )
