"""What the demonstration shows of the mentalising work and of VIVE's chosen families. All of it is invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from demo.walk import Company
from placement import clock
from placement.access.errors import Refused
from placement.families.codes import PersonKind
from placement.families.models import Family, Phase
from placement.meetings.focus import formulate_focus
from placement.meetings.models import FocusFormulation
from placement.research.codes import ResearchActivity
from placement.research.models import SelectedFamily
from placement.research.selectors import WAITING, chosen_now
from placement.research.services import choose_family, record_answers, record_outcome, withdraw_answer
from workflows.research.reminders import remind
from workflows.research.standing import standing_of

INFORMED = (
    "Hvad aktiviteten er, at den er frivillig, kan trækkes tilbage, og at hjælpen er den samme uanset svaret."
)


def after_families(company: Company, *, now: datetime) -> None:
    """Two families word their focus, one of them anew; two are chosen for VIVE. Once."""
    practitioner = company.actor("practitioner")
    with practitioner.acting(), transaction.atomic():
        if FocusFormulation.objects.exists():
            return
        here = Family.objects.visible_to(practitioner).filter(phase=Phase.MOVED_IN).order_by("id")
        families = list(here.prefetch_related("people")[:4])
    for number, family in enumerate(families[:2]):
        _word(company, family, now - timedelta(days=40), again=number == 0)
    for number, family in enumerate(families[1:3]):
        _choose(company, family, now - timedelta(days=6), doubts=number == 1)


def _word(company: Company, family: Family, now: datetime, *, again: bool) -> None:
    actor = company.actor("practitioner")
    parents = [person for person in family.people.all() if person.kind == PersonKind.PARENT]
    moved_in = family.moved_in_on or clock.danish_day(now)
    now = max(now, clock.moment_on(moved_in, now=now) + timedelta(days=1))
    with clock.standing_at(now), actor.acting(), transaction.atomic():
        formulate_focus(
            actor=actor,
            family=family,
            made_on=clock.danish_day(now),
            understand="Hvad der sker i mor, når barnet græder længe, og hvad barnet så møder.",
            parents_words="Det er, som om hun er sur på mig. Jeg ved godt, at hun ikke er det.",
            together_with=parents,
            now=now,
        )
    if again:
        later = now + timedelta(days=12)
        with clock.standing_at(later), actor.acting(), transaction.atomic():
            formulate_focus(
                actor=actor,
                family=family,
                made_on=clock.danish_day(later),
                understand="Hvordan mor kan mærke sin egen uro først, så barnet får lov at være ked af det.",
                parents_words="Jeg skal lige selv trække vejret. Så er hun bare et barn, der græder.",
                together_with=parents[:1],
                reason="Mor har selv fundet ordene, og de første handlede for meget om gråden.",
                replaces=1,
                now=later,
            )


def _choose(company: Company, family: Family, now: datetime, *, doubts: bool) -> None:
    lead, writer = company.actor("teamlead"), company.actor("practitioner")
    with clock.standing_at(now), lead.acting(), transaction.atomic():
        try:
            selection = choose_family(
                actor=lead,
                family=family,
                rules=standing_of(family).rules,
                why="Førstegangsforældre; de andre udvalgte har ældre børn." if doubts else "",
                now=now,
            )
        except Refused:
            # Begun on a day outside the windows: the demonstration has no chosen family then.
            return
    mother = next(person for person in family.people.all() if person.kind == PersonKind.PARENT)
    answers = {activity.value: "yes" for activity in ResearchActivity}
    if doubts:
        answers[ResearchActivity.VIVE_INTERVIEW.value] = "no"
    for person in family.people.all():
        if person.kind == PersonKind.PARENT and (person == mother or person.custody_holder):
            with clock.standing_at(now), writer.acting(), transaction.atomic():
                record_answers(
                    actor=writer,
                    selection=selection,
                    person=person,
                    answers=answers,
                    answered_on=clock.danish_day(now),
                    how="written",
                    informed_about=INFORMED,
                    now=now,
                )
    _go_on(company, family, selection, now + timedelta(days=2), doubts=doubts)


def _go_on(
    company: Company, family: Family, selection: SelectedFamily, now: datetime, *, doubts: bool
) -> None:
    """One activity is done where one is due; a mother who doubts takes a yes back. The deadlines follow."""
    writer = company.actor("practitioner")
    with clock.standing_at(now), writer.acting(), transaction.atomic():
        standing = standing_of(family)
        due = next((item for item in standing.items if item.state in WAITING), None)
        if doubts:
            mother = next(person for person in standing.people if person.kind == PersonKind.PARENT)
            withdraw_answer(
                actor=writer,
                selection=selection,
                person=mother,
                activity=ResearchActivity.SECURITY_TALK.value,
                on=clock.danish_day(now),
                now=now,
            )
        elif due is not None:
            record_outcome(
                actor=writer,
                selection=selection,
                rule=due.rule,
                status="done",
                happened_on=clock.danish_day(now),
                anchor=standing.anchors[due.rule.after],
                child=due.child,
                reference=f"V-{chosen_now().count():03d}",
                now=now,
            )
        remind(family, now=now)
