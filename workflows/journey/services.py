"""What each step of the journey leaves behind, and how a journey begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.access.models import Site, Unit
from placement.clock import danish_day, moment_on
from placement.families import services as families
from placement.families.codes import PersonKind
from placement.families.models import Decision, Family, GrantFunction, Person, Phase
from placement.families.people import add_person
from workflows.decisions.selectors import ground_of, unseen_words
from workflows.exit.ending import record_exit
from workflows.investigation.services import follow_up_of_parallel
from workflows.journey.guards import child_views, decision_facts, next_contact_months
from workflows.journey.models import FollowUpContact
from workflows.kernel import processes
from workflows.kernel.clocks import services as clocks
from workflows.kernel.models import Process
from workflows.kernel.steps import Situation, as_json
from workflows.measuring.points import stop_measured_points
from workflows.model_versions.adaptations import adaptation_in_force
from workflows.model_versions.clock_rules import Event
from workflows.model_versions.services import version_in_force
from workflows.research.reminders import remind

Answer = Mapping[str, Any]

#: A field of the closing's form: where the parent of that id lives now.
HOME = "home_"


@transaction.atomic
def begin_journey(
    *,
    actor: Actor,
    source: str,
    enquiry_text: str,
    traits: Iterable[str],
    people: Iterable[Mapping[str, Any]],
    now: datetime,
    unit: Unit | None = None,
) -> Family:
    """Register an enquiry with its people and begin the journey: all of it, or nothing.

    ``people``: keyword arguments of `add_person`. Raises what those services raise, and Refused
    (``no-people``) for an enquiry about nobody.
    """
    from workflows.journey.flow import JourneyFlow

    family = families.register_enquiry(
        actor=actor, source=source, enquiry_text=enquiry_text, traits=traits, now=now, unit=unit
    )
    # Parents first: a child's birthday is checked against theirs.
    listed = sorted(people, key=lambda person: person["kind"] != "parent")
    if not listed:
        raise Refused(_("Skriv mindst én forælder eller ét barn."), type="no-people")
    for person in listed:
        add_person(family=family, now=now, **person)
    version = version_in_force(danish_day(now))
    adaptation = adaptation_in_force(municipality_id=family.municipality_id, version=version)
    JourneyFlow.start.run(family=family, model_version=version, adaptation=adaptation)
    return family


def _set(family: Family, **values: Any) -> None:
    for name, value in values.items():
        setattr(family, name, value)
    family.save(update_fields=list(values))


def assess_target_group(situation: Situation, answer: Answer) -> None:
    """The assessor becomes the family's caseworker; the phase follows the answer."""
    family = situation.family
    _set(
        family,
        in_target_group=answer["in_target_group"],
        traits=sorted(answer["traits"]),
        assessment=answer["assessment"],
        phase=Phase.ASSESSED if answer["in_target_group"] else Phase.DECLINED,
    )
    families.appoint(
        family=family,
        staff=situation.actor.staff,
        function=GrantFunction.CASEWORKER,
        by=situation.actor,
        on=situation.today,
        profession="socialrådgiver",
    )


def obtain_consent(situation: Situation, answer: Answer) -> None:
    """One consent per custody holder."""
    for person in Person.objects.filter(family=situation.family, uuid__in=answer["person"]):
        families.give_consent(
            actor=situation.actor,
            person=person,
            given_on=answer["given_on"],
            how=answer["how"],
            informed_about=answer["informed_about"],
            now=situation.now,
        )
    _set(situation.family, phase=Phase.CONSENTED)


def request_decision(situation: Situation, answer: Answer) -> None:
    """Write the child's view if it was given here, then the request."""
    family = situation.family
    if answer["child_view_text"]:
        families.record_child_view(
            actor=situation.actor,
            child=Person.objects.get(family=family, uuid=answer["child"]),
            source=answer["child_view_source"],
            text=answer["child_view_text"],
            obtained_on=situation.today,
            now=situation.now,
        )
    view = child_views(family).first()
    # What was written here may not be enough: a child who is a party is asked, not only observed.
    years = situation.model.decisions.party_from_years
    unseen = ground_of(family, situation.today, from_years=years).unseen
    if view is None or unseen:
        raise Refused(
            _("Barnets perspektiv mangler: %(names)s. Skriv det på familiens side (barnets lov § 5).")
            % {"names": unseen_words(unseen)},
            type="gate-closed",
        )
    families.request_decision(
        actor=situation.actor,
        family=family,
        purpose=answer["purpose"],
        expected_weeks=answer["expected_weeks"],
        child_view=view,
        now=situation.now,
    )


def approve_decision(situation: Situation, answer: Answer) -> None:
    """The authority lead's word, with the facts it was given on."""
    decision = Decision.objects.standing().filter(family=situation.family, approved__isnull=True).first()
    if decision is None:
        raise StaleState(_("Der venter ingen afgørelse. Genindlæs siden."))
    families.decide(
        actor=situation.actor,
        decision=decision,
        approved=answer["approved"],
        reason=answer["reason"],
        facts=as_json(decision_facts(situation)),
        now=situation.now,
    )
    if answer["approved"]:
        _set(situation.family, phase=Phase.DECIDED)
        clocks.happened(family=situation.family, event=Event.DECISION_MADE, at=situation.now)


def _not_before(day: date, earliest: date | None, refusal: Callable[[str], Refused]) -> None:
    if earliest is not None and day < earliest:
        raise refusal(f"{earliest:%d.%m.%Y}")


def check_started_on(family: Family, day: date) -> None:
    """The intervention begins on the day of the approved decision or later. Raises Refused (``before-decision``)."""
    approved = Decision.objects.standing().filter(family=family, approved=True).first()
    _not_before(
        day,
        danish_day(approved.decided_at) if approved and approved.decided_at else None,
        lambda on: Refused(
            _("Afgørelsen er truffet %(day)s. Indsatsen kan ikke være startet før. Ret datoen.")
            % {"day": on},
            type="before-decision",
        ),
    )


def check_moved_in_on(family: Family, day: date) -> None:
    """Nobody moves in before the intervention has begun. Raises Refused (``before-start``)."""
    _not_before(
        day,
        family.started_on,
        lambda on: Refused(
            _("Indsatsen startede %(day)s. Indflytningen kan ikke ligge før indsatsens start. Ret datoen.")
            % {"day": on},
            type="before-start",
        ),
    )


def check_closed_on(family: Family, day: date) -> None:
    """A journey is closed when the family has moved out. Raises Refused: ``before-moving-out``, ``before-moving-in``."""
    _not_before(
        day,
        family.moved_out_on,
        lambda on: Refused(
            _("Familien flyttede ud %(day)s. Forløbet kan ikke være afsluttet før. Ret datoen.")
            % {"day": on},
            type="before-moving-out",
        ),
    )
    _not_before(
        day,
        family.moved_in_on,
        lambda on: Refused(
            _("Familien flyttede ind %(day)s. Forløbet kan ikke være afsluttet før. Ret datoen.")
            % {"day": on},
            type="before-moving-in",
        ),
    )


def check_contact_on(family: Family, day: date) -> None:
    """A contact after closing is held after closing. Raises Refused (``before-closing``)."""
    _not_before(
        day,
        family.closed_on,
        lambda on: Refused(
            _("Forløbet er afsluttet %(day)s. Kontakten kan ikke ligge før. Ret datoen.") % {"day": on},
            type="before-closing",
        ),
    )


def start_intervention(situation: Situation, answer: Answer) -> None:
    """The intervention has begun, possibly before anybody moves."""
    check_started_on(situation.family, answer["started_on"])
    _set(
        situation.family,
        started_on=answer["started_on"],
        site=Site.objects.get(uuid=answer["site"]),
        receives_other_support=answer["receives_other_support"],
        home_before=answer["home_before"],
        home_language=answer["home_language"],
        phase=Phase.STARTED,
    )
    clocks.happened(
        family=situation.family,
        event=Event.STARTED,
        at=moment_on(answer["started_on"], now=situation.now),
    )
    # Of a step that was opened again a parallel examination may be done, and a place with VIVE taken.
    follow_up_of_parallel(actor=situation.actor, family=situation.family, now=situation.now)
    remind(situation.family, now=situation.now)


def move_in(situation: Situation, answer: Answer) -> None:
    """The family has moved in; the five core elements begin, and what counts from that day."""
    check_moved_in_on(situation.family, answer["moved_in_on"])
    _set(situation.family, moved_in_on=answer["moved_in_on"], room=answer["room"], phase=Phase.MOVED_IN)
    clocks.happened(
        family=situation.family,
        event=Event.MOVED_IN,
        at=moment_on(answer["moved_in_on"], now=situation.now),
    )
    # Of a step that was opened again the answers are there already.
    stop_measured_points(situation.family, at=situation.now)
    remind(situation.family, now=situation.now)


def close_journey(situation: Situation, answer: Answer) -> None:
    """The journey is closed with its outcome, what became of the family, and its own view; the team's appointments end that day.

    The caseworker's stays: the contacts after closing are theirs.
    """
    check_closed_on(situation.family, answer["closed_on"])
    families.end_team(family=situation.family, last_day=answer["closed_on"])
    parents = Person.objects.filter(family=situation.family, kind=PersonKind.PARENT).order_by("id")
    record_exit(
        actor=situation.actor,
        family=situation.family,
        planned=answer["planned"],
        initiator=answer["initiator"],
        child_lives=answer["child_lives"],
        support_at_exit=answer["support_at_exit"],
        homes={parent: answer[f"{HOME}{parent.uuid}"] for parent in parents},
        now=situation.now,
    )
    _set(
        situation.family,
        closed_on=answer["closed_on"],
        outcome=answer["outcome"],
        family_view_of_outcome=answer["family_view"],
        phase=Phase.CLOSED,
    )
    clocks.close(family=situation.family, at=situation.now, but=situation.task.uuid)


def record_contact(situation: Situation, answer: Answer) -> None:
    """One contact after closing."""
    months = next_contact_months(situation.process)
    if months is None:
        raise StaleState(_("Alle kontakter er holdt. Genindlæs siden."))
    check_contact_on(situation.family, answer["held_on"])
    FollowUpContact.objects.create(
        municipality_id=situation.family.municipality_id,
        family=situation.family,
        journey=situation.process,
        months=months,
        held_on=answer["held_on"],
        reached=answer["reached"],
        lives_together=answer["lives_together"] if answer["reached"] else None,
        summary=answer["summary"],
        held_by=situation.actor.staff,
    )


def journey_of(family: Family) -> Process | None:
    """The family's journey process: the latest, when an earlier one was opened again."""
    return processes.journey_of(family.pk)
