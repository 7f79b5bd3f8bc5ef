"""A family's notifications of concern as pages and the API show them, and what everybody must know first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from placement.access.actor import Actor
from placement.families.models import Family
from placement.templatetags.words import danish_date, danish_moment
from workflows.kernel.models import Clock, Element, Task
from workflows.model_versions.clock_rules import Event
from workflows.screening.codes import Turn
from workflows.screening.models import Concern, ConcernAssessment
from workflows.screening.selectors import names_of_children, reads_words


def state_of(concern: Concern, assessments: Iterable[ConcernAssessment]) -> str:
    """Where the notification stands: received, second (waits for the new assessment), follow_up or closed."""
    if concern.closed_at is not None:
        return "closed"
    if concern.assessed_at is None:
        return "received"
    anew = any(made.turn == Turn.SECOND for made in assessments)
    return "second" if concern.needs_second and not anew else "follow_up"


def notices(family: Family) -> list[str]:
    """One line for each open notification, for everybody who sees the family; never what it says or from whom."""
    waiting = Concern.objects.open().filter(family=family).order_by("received_at", "id")
    told = list(waiting.prefetch_related("assessments"))
    due = _due(family) if told else {}
    return [_notice(concern, due.get(concern.uuid)) for concern in told]


def _due(family: Family) -> dict[Any, datetime]:
    running = Clock.objects.running().filter(family=family, stopped_by=Event.CONCERN_ASSESSED.value)
    return dict(running.values_list("about", "due_at"))


def _notice(concern: Concern, due: datetime | None) -> str:
    assessments = list(concern.assessments.all())
    sentences = [_("Underretning modtaget %(at)s.") % {"at": danish_moment(concern.received_at)}]
    if concern.acute and concern.assessed_at is None:
        sentences.append(_("Barnet kan være i fare lige nu."))
    if concern.assessed_at is not None:
        sentences.append(
            _("Vurderet: %(outcome)s.") % {"outcome": concern.get_outcome_display()}
            if state_of(concern, assessments) == "follow_up"
            else _("Vurderet én gang; den vurderes på ny af en, der ikke har været inde i sagen.")
        )
    elif due is not None:
        sentences.append(_("Den skal være vurderet senest %(at)s.") % {"at": danish_moment(due)})
    if not may_tell_parents(concern, assessments):
        sentences.append(_("Tal ikke med forældrene om den endnu."))
    return " ".join(sentences)


def may_tell_parents(concern: Concern, assessments: Iterable[ConcernAssessment]) -> bool:
    """Whether the parents may be told: the latest assessment says so, or none is needed first (§ 18)."""
    last = max(assessments, key=lambda made: made.pk, default=None)
    return not concern.violence_possible if last is None else last.parents_may_be_told


def lines(actor: Actor, family: Family) -> list[dict[str, Any]]:
    """Every notification of the family, newest first, with its words for those who may read them."""
    readable = reads_words(actor, family)
    concerns = Concern.objects.filter(family=family).select_related("registered_by", "receipt_sent_by")
    mine: dict[int, list[Task]] = {}
    waiting = Task.objects.waiting_for(actor).filter(family=family, element=Element.SCREENING)
    for task in waiting.select_related("process"):
        mine.setdefault(task.process_id, []).append(task)
    return [
        {
            **_words(concern, readable or concern.registered_by_id == actor.staff_id),
            "title": _("Modtaget %(at)s") % {"at": danish_moment(concern.received_at)},
            "acute": concern.acute,
            "state": state_of(concern, concern.assessments.all()),
            "outcome": concern.get_outcome_display(),
            "assessments": [_assessment(made, readable) for made in concern.assessments.all()],
            "receipt": danish_date(concern.receipt_sent_on),
            "closed": danish_date(concern.closed_at),
            "closed_reason": concern.closed_reason if readable else "",
            "tasks": [
                {"title": task.title, "url": reverse("task", kwargs={"task": task.uuid})}
                for task in mine.get(concern.process_id or 0, [])
            ],
        }
        for concern in concerns.prefetch_related("children__child", "assessments__assessed_by")
    ]


def _words(concern: Concern, readable: bool) -> dict[str, Any]:
    return {
        "readable": readable,
        "what": concern.what if readable else "",
        "notifier": concern.get_notifier_display() if readable else "",
        "children": names_of_children(concern) if readable else "",
    }


def _assessment(made: ConcernAssessment, readable: bool) -> dict[str, Any]:
    return {
        "title": made.get_turn_display(),
        "who": str(made.assessed_by),
        "at": made.assessed_at,
        "outcome": made.get_outcome_display(),
        "reasons": made.reasons if readable else "",
        "safety_risk": made.safety_risk if readable else "",
    }
