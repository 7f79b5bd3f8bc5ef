"""Writing down who stands in the case, a view obtained another way, and how a party was heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.access.transactions import one_write
from placement.clock import danish_day
from placement.families.models import Family, Person
from placement.families.parties import has_turned, is_party
from placement.families.services import record_child_view
from workflows.decisions.codes import CaseRole
from workflows.decisions.models import CasePerson, Hearing, ViewWaiver
from workflows.decisions.selectors import model_for
from workflows.kernel.steps import Situation
from workflows.model_versions.decision_rules import DecisionRules

Answer = Mapping[str, Any]


def check_party(person: Person, day: date, rules: DecisionRules) -> None:
    """Raises Refused (``not-a-party``) for somebody who is no party of the case on ``day`` (barnets lov § 3)."""
    if not is_party(person, day, from_years=rules.party_from_years):
        raise Refused(
            _(
                "%(name)s er ikke part i sagen den dag. Parter er forældre med forældremyndighed og børn, der er "
                "fyldt %(years)d år (barnets lov § 3)."
            )
            % {"name": person, "years": rules.party_from_years},
            type="not-a-party",
        )


@one_write
def record_case_person(
    *,
    actor: Actor,
    party: Person,
    role: str,
    name: str,
    scope: str,
    starts: date,
    now: datetime,
    born_on: date | None = None,
    ends: date | None = None,
    confidentiality_on: date | None = None,
) -> CasePerson:
    """Write down a party's supporter (bisidder) or representative, from ``starts`` to ``ends``.

    Raises Refused: ``not-a-party``, ``case-person-incomplete``, ``end-before-start``, ``supporter-too-young``,
    ``confidentiality-missing`` (barnets lov § 6).
    """
    rules = model_for(party.family).decisions
    check_party(party, max(starts, danish_day(now)), rules)
    if not name.strip() or not scope.strip():
        raise Refused(_("Skriv navnet, og hvad personen er med til."), type="case-person-incomplete")
    if ends is not None and ends < starts:
        raise Refused(_("Det kan ikke slutte, før det er begyndt. Ret datoen."), type="end-before-start")
    supporter = role == CaseRole.SUPPORTER
    if supporter and not has_turned(born_on, rules.supporter_from_years, starts):
        raise Refused(
            _(
                "En bisidder skal være fyldt %(years)d år (barnets lov § 6). Skriv fødselsdatoen, eller find en anden."
            )
            % {"years": rules.supporter_from_years},
            type="supporter-too-young",
        )
    if supporter and (confidentiality_on is None or confidentiality_on > min(starts, danish_day(now))):
        raise Refused(
            _(
                "En bisidder har tavshedspligt (barnets lov § 6). Skriv, hvornår det er erklæret: senest den første dag."
            ),
            type="confidentiality-missing",
        )
    return CasePerson.objects.create(
        municipality_id=party.municipality_id,
        family_id=party.family_id,
        party=party,
        role=role,
        name=name.strip(),
        born_on=born_on,
        scope=scope.strip(),
        starts=starts,
        ends=ends,
        confidentiality_on=confidentiality_on,
        from_years=rules.supporter_from_years if supporter else 0,
        recorded_by=actor.staff,
        recorded_at=now,
    )


@one_write
def end_case_person(*, case_person: CasePerson, ends: date) -> CasePerson:
    """The last day on which somebody stands in the case. Raises Refused (``end-before-start``)."""
    if ends < case_person.starts:
        raise Refused(_("Det kan ikke slutte, før det er begyndt. Ret datoen."), type="end-before-start")
    case_person.ends = ends
    case_person.save(update_fields=["ends"])
    return case_person


@transaction.atomic
def waive_child_view(
    *, actor: Actor, child: Person, reason: str, text: str, obtained_on: date, now: datetime
) -> ViewWaiver:
    """In a quite special case the child is not asked: why, and what is known of its view another way.

    Raises Refused (``reason-missing``), and what `record_child_view` raises.
    """
    if not reason.strip():
        raise Refused(
            _(
                "Skriv, hvorfor barnet ikke er spurgt: det er kun i helt særlige tilfælde (barnets lov § 5, stk. 4)."
            ),
            type="reason-missing",
        )
    view = record_child_view(
        actor=actor, child=child, source="carer", text=text, obtained_on=obtained_on, now=now
    )
    return ViewWaiver.objects.create(
        municipality_id=child.municipality_id,
        family_id=child.family_id,
        view=view,
        reason=reason.strip(),
        waived_by=actor.staff,
        waived_at=now,
    )


@transaction.atomic
def hear_parties(
    *,
    actor: Actor,
    family: Family,
    parties: Iterable[Person],
    facts: str,
    how: str,
    sent_on: date,
    deadline_on: date,
    now: datetime,
) -> list[Hearing]:
    """Ask each of ``parties`` about facts they do not know; each has a hearing and a way of its own.

    Raises Refused: ``not-a-party``, ``hearing-empty``, ``hearing-in-future``, ``hearing-deadline``.
    """
    from workflows.decisions.flow import HearingFlow

    rules = model_for(family).decisions
    asked = list(parties)
    if not facts.strip() or not asked:
        raise Refused(
            _("Skriv, hvem der høres, og hvilke oplysninger det drejer sig om."), type="hearing-empty"
        )
    if sent_on > danish_day(now):
        raise Refused(_("Høringen kan ikke være sendt i fremtiden. Ret datoen."), type="hearing-in-future")
    if deadline_on <= max(sent_on, danish_day(now)):
        raise Refused(
            _("Svarfristen skal ligge efter i dag og efter den dag, høringen er sendt. Sæt en senere dag."),
            type="hearing-deadline",
        )
    made = []
    for party in asked:
        check_party(party, danish_day(now), rules)
        hearing = Hearing.objects.create(
            municipality_id=family.municipality_id,
            family=family,
            party=party,
            needed=True,
            facts=facts.strip(),
            how=how,
            sent_on=sent_on,
            deadline_on=deadline_on,
            asked_by=actor.staff,
            asked_at=now,
        )
        HearingFlow.start.run(family=family, about={"hearing": hearing.pk})
        made.append(hearing)
    return made


@transaction.atomic
def hearing_not_needed(
    *, actor: Actor, family: Family, parties: Iterable[Person], reason: str, now: datetime
) -> list[Hearing]:
    """Why the parties need not be heard: nothing they do not know, or nothing against them.

    Raises Refused: ``not-a-party``, ``reason-missing``.
    """
    rules = model_for(family).decisions
    if not reason.strip():
        raise Refused(
            _("Skriv, hvorfor partshøring ikke er nødvendig (forvaltningsloven § 19)."), type="reason-missing"
        )
    made = []
    for party in parties:
        check_party(party, danish_day(now), rules)
        made.append(
            Hearing.objects.create(
                municipality_id=family.municipality_id,
                family=family,
                party=party,
                needed=False,
                reason=reason.strip(),
                asked_by=actor.staff,
                asked_at=now,
                closed_at=now,
                closed_by=actor.staff,
            )
        )
    return made


def hearing_of(process: Any) -> Hearing:
    """The hearing that a run of the flow is about."""
    return Hearing.objects.select_related("party").get(family=process.family, pk=process.data["hearing"])


def close_hearing(situation: Situation, answer: Answer) -> None:
    """The party's answer, or that there was none when the deadline had passed.

    Raises Refused: ``hearing-answer-missing``, ``hearing-answer-before-asked``, ``hearing-in-future``,
    ``hearing-still-open``; StaleState when it is closed.
    """
    hearing = hearing_of(situation.process)
    if hearing.closed_at is not None:
        raise StaleState(_("Partshøringen er allerede afsluttet. Genindlæs siden."))
    if answer["answered"]:
        check_answer(hearing, answer["answered_on"], answer["answer"], situation.now)
        hearing.answered_on = answer["answered_on"]
        hearing.answer = answer["answer"].strip()
    elif hearing.deadline_on is not None and situation.today <= hearing.deadline_on:
        raise Refused(
            _("Svarfristen er %(day)s. Vent, til den er gået, før I skriver, at parten ikke har svaret.")
            % {"day": f"{hearing.deadline_on:%d.%m.%Y}"},
            type="hearing-still-open",
        )
    hearing.closed_at = situation.now
    hearing.closed_by = situation.actor.staff
    hearing.save(update_fields=["answered_on", "answer", "closed_at", "closed_by"])


def check_answer(hearing: Hearing, answered_on: date | None, text: str, now: datetime) -> None:
    """Raises Refused: ``hearing-answer-missing``, ``hearing-answer-before-asked``, ``hearing-in-future``."""
    if answered_on is None or not text.strip():
        raise Refused(_("Skriv, hvornår parten svarede og hvad."), type="hearing-answer-missing")
    if hearing.sent_on is not None and answered_on < hearing.sent_on:
        raise Refused(
            _("Svaret kan ikke være kommet, før høringen er sendt. Ret datoen."),
            type="hearing-answer-before-asked",
        )
    if answered_on > danish_day(now):
        raise Refused(_("Svaret kan ikke være kommet i fremtiden. Ret datoen."), type="hearing-in-future")
