"""A family's measurements put together for pages: lines of what is due, what there is, and what was answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from placement.access.actor import Actor
from placement.access.roles import Action
from placement.families.models import Family
from placement.instruments import catalogue
from placement.instruments.definition import Definition, Entry
from placement.progression.codes import MissingReason
from workflows.kernel.models import Process, Task
from workflows.measuring.acting import ACTION, name_of, score_lines
from workflows.measuring.models import Administration, Answer, Urgency
from workflows.measuring.own_answers.services import can_be_asked
from workflows.measuring.points import WAITING, DueMeasurement, State, due_list
from workflows.measuring.whom import can_be_about, people_of

SHOWN = 40


def measure_url(family: Family, definition: Definition, person: Any = None) -> str:
    """Where an instrument is filled in, about a person when that is known."""
    address = reverse("measure", kwargs={"family": family.uuid, "instrument": definition.id})
    return f"{address}?person={person.uuid}" if person is not None else address


def state_words(state: State) -> tuple[str, str]:
    """A due measurement's mark and word."""
    words = {
        State.DONE: ("yes", _("Besvaret")),
        State.DECLINED: ("yes", _("Ikke besvaret, med grund")),
        State.DUE: ("now", _("Åben")),
        State.LATE: ("wait", _("Over tiden")),
        State.MISSED: ("wait", _("Ikke målt")),
        State.UPCOMING: ("", _("Kommer")),
    }
    return words[state]


def due_lines(family: Family, *, may: bool) -> list[dict[str, Any]]:
    """The due list, what waits first; with an address for whoever may measure."""
    found = due_list(family)
    return [_due_line(family, one, may) for one in sorted(found, key=lambda one: one.state not in WAITING)]


def _due_line(family: Family, one: DueMeasurement, may: bool) -> dict[str, Any]:
    mark, word = state_words(one.state)
    opened = one.state in WAITING
    return {
        "title": f"{one.definition.short}: {one.person}",
        "point": one.title,
        "opens": one.opens,
        "due": one.due,
        "waits": opened,
        "mark": mark,
        "word": word,
        "url": measure_url(family, one.definition, one.person) if may and opened else "",
    }


def waiting_count(family: Family, journey: Process | None) -> int:
    """How many measurements wait for somebody."""
    return sum(one.state in WAITING for one in due_list(family, journey=journey))


def instruments_for(family: Family) -> list[dict[str, Any]]:
    """The instruments that can be used about somebody of the family, by name."""
    people = people_of(family)
    return [
        {
            "title": str(definition.title),
            "minutes": definition.minutes,
            "unchecked": bool(definition.unchecked),
            "url": measure_url(family, definition),
            "ask_url": reverse("ask-parent", kwargs={"family": family.uuid, "instrument": definition.id})
            if can_be_asked(definition)
            else "",
        }
        for definition in catalogue.current()
        if definition.entry is not Entry.GOALS and can_be_about(definition, people)
    ]


def standing(family: Family) -> Any:
    """The administrations that stand, newest first, with everything a line shows."""
    made = Administration.objects.filter(family=family, replaced_by__isnull=True)
    return made.select_related("person", "recorded_by", "self_report").prefetch_related("scores", "actions")


def made_lines(family: Family) -> list[dict[str, Any]]:
    """What has been answered, newest first."""
    return [
        {
            "title": f"{name_of(made)}: {made.person}",
            "on": made.answered_on,
            "who": who_of(made),
            "scores": score_lines(made) if not made.missing_reason else [],
            "missing": _reason(made.missing_reason),
            "asks": [action.asked for action in made.actions.all() if action.done_at is None],
            "url": reverse("administration", kwargs={"family": family.uuid, "administration": made.uuid}),
        }
        for made in standing(family)[:SHOWN]
    ]


def administration_of(family: Family, administration: UUID) -> Administration:
    """One administration of the family by id. Raises Http404."""
    found: Administration | None = standing_or_corrected(family).filter(uuid=administration).first()
    if found is None:
        raise Http404
    return found


def standing_or_corrected(family: Family) -> Any:
    made = Administration.objects.filter(family=family).select_related(
        "person", "recorded_by", "replaces", "self_report"
    )
    return made.prefetch_related("scores", "answers", "actions__done_by", "replaced_by")


def who_of(made: Administration) -> str:
    """Who wrote it down; of a parent's own answer, that it is theirs and who asked for it."""
    if hasattr(made, "self_report"):
        return _("forælderen selv, med en kode fra %(who)s") % {"who": made.recorded_by}
    return str(made.recorded_by)


def told(actor: Actor, made: Administration) -> dict[str, Any]:
    """One administration in words, with what waits to be done about it."""
    family, address = made.family, {"family": made.family.uuid}
    tasks = {
        task.process.data.get(ACTION): task
        for task in Task.objects.waiting_for(actor).filter(family=family).select_related("process")
    }
    newer = next(iter(made.replaced_by.all()), None)
    return {
        "title": name_of(made),
        "person": str(made.person),
        "on": made.answered_on,
        "who": who_of(made),
        "respondent": str(made.get_respondent_display()),
        "language": ", ".join(
            part for part in (made.language, _("med tolk") if made.interpreter else "") if part
        ),
        "version": made.instrument_version,
        "age": made.age_months,
        "scores": score_lines(made) if not made.missing_reason else [],
        "missing": _reason(made.missing_reason),
        "answers": [{"item": answer.item, "text": _answer(answer)} for answer in made.answers.all()],
        "repeat_from": made.repeat_from,
        "repeat_by": made.repeat_by,
        "actions": [
            {
                "asked": action.asked,
                "urgent": action.urgency == Urgency.TODAY and action.done_at is None,
                "done": f"{action.get_taken_display()}: {action.text}" if action.done_at else "",
                "who": str(action.done_by or ""),
                "url": reverse("task", kwargs={"task": task.uuid})
                if (task := tasks.get(str(action.uuid)))
                else "",
            }
            for action in made.actions.all()
        ],
        "reason": made.reason,
        "earlier_url": reverse("administration", kwargs={**address, "administration": made.replaces.uuid})
        if made.replaces
        else "",
        "newer_url": reverse("administration", kwargs={**address, "administration": newer.uuid})
        if newer
        else "",
        "correct_url": reverse("administration-correct", kwargs={**address, "administration": made.uuid})
        if newer is None and actor.may(Action.RECORD_MEASUREMENT) and catalogue.find(made.instrument)
        else "",
    }


def _answer(answer: Answer) -> str:
    if answer.not_relevant:
        return _("Ikke relevant")
    return _reason(answer.missing_reason) if answer.value is None else str(answer.value)


def _reason(code: str) -> str:
    return str(MissingReason(code).label) if code else ""
