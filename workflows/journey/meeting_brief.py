"""The paper for the next meeting: what has changed since the last one, what was promised, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placement.access.actor import Actor
from placement.clock import DENMARK, danish_day, today
from placement.families.models import ChildView, Family, Phase
from placement.families.people import family_title
from placement.journal.codes import NoteKind
from placement.journal.models import Note
from placement.journal.selectors import notes
from placement.meetings.minutes import parties
from placement.meetings.models import Meeting, MeetingDecision, MeetingKind, MinutesGiven
from placement.meetings.selectors import last_meeting
from placement.network.selectors import agreements_to_follow_up
from placement.progression.models import Goal
from placement.progression.selectors import last_follow_up
from placement.templatetags.words import danish_date
from workflows.journey.history import as_event, since
from workflows.journey.services import journey_of
from workflows.kernel.models import Process
from workflows.kernel.steps import model_of
from workflows.measuring.models import ScoreAction
from workflows.measuring.picture import state_words
from workflows.measuring.points import WAITING, DueMeasurement, State, due_list
from workflows.team.selectors import missing_now

#: What is told of the time since the last meeting. Notes are counted and not read out, and what is told of a
#: notification of concern has a page of its own: the paper lies on a table.
CHANGED = frozenset(
    {
        "moved_in", "moved_out", "paused", "resumed", "path", "site_change", "child_view", "decision",
        "goal_set", "goal_closed", "follow_up", "setback_answer", "network_map", "session", "baseline",
        "meeting", "decision_followed_up", "agreement", "agreement_followed_up", "administration",
        "score_action", "exit_plan", "exit_step_decided", "exit_step_done", "exit_step_abandoned",
        "exit_step_evaluated", "exit_visit", "exit_safety_plan", "exit_home_check",
    }
)  # fmt: skip

#: Notes whose words are needed at the table.
READ_OUT = (NoteKind.CHILD_VIEW, NoteKind.AGREEMENT)

LIVES_HERE = frozenset({Phase.MOVED_IN})


def meeting_brief(actor: Actor, family: Family) -> dict[str, Any]:
    """The context of templates/workflows/meeting_brief.html. As many queries whatever has been written."""
    journey, meeting = journey_of(family), last_meeting(family, MeetingKind.TEAM)
    begins, why = _begins(family, meeting)
    written = _written(family, begins)
    changed = [
        entry
        for entry in since(family, begins, CHANGED)
        if meeting is None or entry.kind != "meeting" or entry.row.pk != meeting.pk
    ]
    due = due_list(family, journey=journey)
    return {
        "family_title": family_title(family),
        "family_url": reverse("family", kwargs={"family": family.uuid}),
        "development_url": reverse("family-development", kwargs={"family": family.uuid}),
        "measurements_url": reverse("measurements", kwargs={"family": family.uuid}),
        "pdf_url": reverse("family-meeting-brief-pdf", kwargs={"family": family.uuid}),
        "begins": begins,
        "why": why,
        "today": today(),
        "changed": [{**as_event(actor, family, entry), "url": ""} for entry in changed],
        "counts": _counted(written),
        "read_out": [
            {"at": note.happened_at, "kind": str(note.get_kind_display()), "text": note.text, "who": str(note.author)}
            for note in written
            if note.kind in READ_OUT
        ],
        "decisions": _decisions(family, begins),
        "agreements": [
            _promise(agreement.what, agreement.who, agreement.by_on)
            for agreement in agreements_to_follow_up(family)
        ],
        "missing": _missing(family, journey, meeting, begins),
        "measurements": [_measurement(one) for one in due if one.state in WAITING],
        "completeness": completeness_words(due),
    }  # fmt: skip


def _begins(family: Family, meeting: Meeting | None) -> tuple[date, str]:
    """The day from which on things are told, and why that one."""
    if meeting is not None:
        return meeting.held_on, _("det seneste teammøde")
    if family.moved_in_on is not None:
        return family.moved_in_on, _("indflytningen; der er ikke holdt teammøde endnu")
    return danish_day(family.enquired_at), _("henvendelsen; der er ikke holdt teammøde endnu")


def _written(family: Family, begins: date) -> list[Note]:
    """The notes of the time since then: written for others, and not taken back."""
    told = notes(family).filter(happened_at__gte=datetime.combine(begins, time.min, DENMARK), withdrawn=False)
    return list(told.exclude(kind__in=[NoteKind.DRAFT, NoteKind.WEEKLY]))


def _counted(written: Sequence[Note]) -> str:
    """How many notes of each kind there are since then, in words; "" for none."""
    counts = Counter(note.kind for note in written)
    return ", ".join(f"{NoteKind(kind).label}: {counts[kind]}" for kind in NoteKind.written() if counts[kind])


def _decisions(family: Family, begins: date) -> list[dict[str, Any]]:
    """What meetings decided and nobody has closed; what is nobody's task cannot be closed, and is told once."""
    open_ones = MeetingDecision.objects.filter(
        Q(person__isnull=False) | Q(meeting__held_on__gte=begins),
        meeting__family=family,
        became__isnull=True,
    ).select_related("person", "meeting")
    return [
        _promise(one.text, str(one.person) if one.person else one.responsible, one.due_on)
        for one in open_ones.order_by("due_on", "id")
    ]


def _promise(text: str, who: str, due: date | None) -> dict[str, Any]:
    late = due is not None and due < today()
    return {
        "text": text,
        "who": who,
        "due": due,
        "mark": "wait" if late else "",
        "word": _("Over tiden") if late else _("Åben"),
    }


def _missing(family: Family, journey: Process | None, meeting: Meeting | None, begins: date) -> list[str]:
    """What the table should know is not there, in sentences."""
    found = []
    if (view := _child_view(family, begins)) != "":
        found.append(view)
    if (rated := _follow_up(family)) != "":
        found.append(rated)
    if journey is not None and family.phase in LIVES_HERE:
        lacking = missing_now(family, model_of(journey).required_professions, today())
        if lacking:
            found.append(_("Teamet mangler: %(professions)s.") % {"professions": ", ".join(lacking)})
    found += _minutes(family, meeting)
    asked = ScoreAction.objects.filter(family=family, done_at__isnull=True).order_by("asked_at", "id")
    found += [
        _("Der er ikke handlet på en score: %(what)s.")
        % {"what": action.asked.replace("\n", "; ").rstrip(".")}
        for action in asked
    ]
    return found


def _child_view(family: Family, begins: date) -> str:
    """Said when nobody has written the child's perspective since then, neither in the log nor by itself."""
    viewed = ChildView.objects.filter(family=family).aggregate(last=Max("obtained_on"))["last"]
    noted = (
        Note.objects.current()
        .filter(family=family, kind=NoteKind.CHILD_VIEW, withdrawn=False)
        .aggregate(last=Max("happened_at"))["last"]
    )
    days = [day for day in (viewed, danish_day(noted) if noted else None) if day is not None]
    if not days:
        return _("Barnets perspektiv er aldrig skrevet.")
    if max(days) >= begins:
        return ""
    return _("Barnets perspektiv er ikke skrevet siden %(day)s.") % {"day": danish_date(max(days))}


def _follow_up(family: Family) -> str:
    last = last_follow_up(family)
    if last is None:
        if not Goal.objects.active().filter(family=family).exists():
            return _("Der er ingen mål endnu.") if family.phase in LIVES_HERE else ""
        return _("Målene er ikke fulgt op endnu.")
    if last.next_on >= today() or family.phase not in LIVES_HERE:
        return ""
    return _("Målene skulle være fulgt op %(day)s.") % {"day": danish_date(last.next_on)}


def _minutes(family: Family, meeting: Meeting | None) -> list[str]:
    """Who was not given the last meeting's minutes."""
    if meeting is None:
        return []
    given = set(MinutesGiven.objects.filter(meeting=meeting).values_list("person_id", flat=True))
    return [
        _("%(name)s har ikke fået referatet af mødet %(day)s.")
        % {"name": person, "day": danish_date(meeting.held_on)}
        for person in parties(family, meeting.held_on)
        if person.pk not in given
    ]


def _measurement(one: DueMeasurement) -> dict[str, Any]:
    mark, word = state_words(one.state)
    return {"title": f"{one.definition.short}: {one.person}", "due": one.due, "mark": mark, "word": word}


def completeness_words(due: Sequence[DueMeasurement]) -> str:
    """How many of the measurements that there has been time for were answered."""
    counts = Counter(one.state for one in due)
    answered, declined = counts[State.DONE], counts[State.DECLINED]
    asked = answered + declined + counts[State.DUE] + counts[State.LATE] + counts[State.MISSED]
    if not asked:
        return _("Modellen har ikke bedt om målinger endnu.")
    said = ngettext(
        "%(answered)d af %(asked)d måling, der har været tid til, er besvaret.",
        "%(answered)d af %(asked)d målinger, der har været tid til, er besvaret.",
        asked,
    ) % {"answered": answered, "asked": asked}
    parts = [
        words % {"count": count}
        for words, count in (
            (_("Ikke besvaret, med grund: %(count)d."), declined),
            (_("Åbne: %(count)d."), counts[State.DUE]),
            (_("Over tiden: %(count)d."), counts[State.LATE]),
            (_("Aldrig målt: %(count)d."), counts[State.MISSED]),
        )
        if count
    ]
    return " ".join([said, *parts])
