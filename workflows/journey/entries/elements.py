"""How what the team writes in the elements is told: notes, scores, meetings, sessions, goals, network."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, JSONBAgg
from django.db.models import JSONField, Prefetch, Q, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from placement.families.models import Family
from placement.journal.codes import NoteKind
from placement.journal.models import Note
from placement.meetings.models import (
    DecisionOutcome,
    FocusFormulation,
    Meeting,
    MeetingKind,
    MentalisationBaseline,
    MinutesGiven,
    Session,
    SessionStatus,
)
from placement.network.models import Agreement, NetworkMap
from placement.progression.models import (
    FollowUp,
    Goal,
    GoalParticipant,
    GoalRating,
    Measurement,
    SetbackAnswer,
)
from placement.templatetags.words import danish_date, decimal_comma
from workflows.journey.entries.base import Line, Source, Told, line, said
from workflows.kernel.models import Element
from workflows.progression.selectors import trend_line


def _note(note: Note) -> Told:
    return Told(
        str(NoteKind(note.kind).label),
        str(note.author),
        note.text,
        [*note.tag_lines(), *said(note, "reason")],
        note.element,
        note.measurement.score if note.measurement else None,
        note.kind == NoteKind.DRAFT,
        note.version > 1,
    )


def _measurement(row: Measurement) -> Told:
    return Told(
        _("Måling"),
        str(row.recorded_by),
        "",
        said(row, "instrument", "person", "missing_reason", "respondent", "reason"),
        row.element,
        row.score,
        corrected=bool(row.reason),
    )


def _measured_alone(family: Family) -> QuerySet[Measurement]:
    """Scores that no note, no baseline and no answers on an instrument tell of."""
    told = Note.objects.filter(family=family, measurement__isnull=False).values("measurement")
    taken = MentalisationBaseline.objects.filter(family=family, measurement__isnull=False)
    current = Measurement.objects.current().filter(family=family, scale_score__isnull=True)
    alone = current.exclude(Q(pk__in=told) | Q(pk__in=taken.values("measurement")))
    return alone.select_related("recorded_by", "person")


def _named(person: str) -> Any:
    """Who took part, read with the row itself: an entry costs no question of its own."""
    return ArrayAgg(
        f"{person}__name", filter=Q(**{f"{person}__isnull": False}), default=Value([]), order_by=person
    )


def _names(row: Any) -> list[str]:
    return [name or _("uden navn") for name in row.there]


def _parents(row: Any) -> list[Line]:
    return [
        one
        for parent in row.by_parent
        for one in line(parent["name"] or _("Forælder"), parent["strengths"], parent["focus"])
    ]


def _session(row: Session) -> Told:
    held = row.status == SessionStatus.HELD
    return Told(
        _("Mentaliserende samtale") if held else _("Mentaliserende samtale, ikke holdt"),
        str(row.held_by),
        row.summary,
        said(row, "kind", *(() if held else ("status", "reason")), "focus")
        + line(_("Fra familien deltog"), ", ".join(_names(row)))
        + said(row, "outcome", "next_on", "next_kind")
        + line(_("Uden gældende uddannelse eller supervision"), _("Ja") if row.untrained else ""),
        Element.MENTALISATION.value,
    )


def _focus(row: FocusFormulation) -> Told:
    return Told(
        _("Fokus for det mentaliserende arbejde, version %(number)d") % {"number": row.version},
        str(row.written_by),
        row.understand,
        said(row, "parents_words")
        + line(_("Formuleret sammen med"), ", ".join(_names(row)))
        + said(row, "reason"),
        Element.MENTALISATION.value,
        corrected=row.version > 1,
    )


def _baseline(row: MentalisationBaseline) -> Told:
    return Told(
        _("Udgangspunkt for mentalisering"),
        str(row.taken_by),
        "",
        said(row, "strengths", "focus") + _parents(row),
        Element.MENTALISATION.value,
        row.measurement.score if row.measurement else None,
    )


def _goal_set(goal: Goal) -> Told:
    names = ("purpose_link", "level_m2", "level_m1", "level_0", "level_p1", "level_p2")
    return Told(
        _("Nyt mål"),
        str(goal.set_by),
        goal.title,
        line(_("Afgørelsens formål"), goal.decision.purpose if goal.decision else "")
        + said(goal, *names, "baseline", "weight")
        + line(_("Formuleret sammen med"), ", ".join(str(part.person) for part in goal.participants.all()))
        + said(goal, "formulated_with_parents", "absent_reason"),
        Element.PROGRESSION.value,
    )


def _goal_closed(goal: Goal) -> Told:
    return Told(_("Målet er lukket"), "", goal.title, said(goal, "closed_reason"), Element.PROGRESSION.value)


def _follow_up(row: FollowUp) -> Told:
    ratings = [
        f"{rating.goal.title}: {decimal_comma(rating.score)}"
        + (f" – {rating.comment}" if rating.comment else "")
        for rating in row.ratings.all()
    ]
    answers = ("adjust", "adjust_text", "investigate", "investigate_text", "plan", "plan_text", "other_text")
    return Told(
        _("Opfølgning"),
        str(row.held_by),
        "",
        line(_("Vurdering af mål (0 er som forventet)"), *ratings)
        + line(_("Tendens"), trend_line(row))
        + said(row, *answers, "outcome", "next_on", "rhythm_on", "next_reason"),
        Element.PROGRESSION.value,
    )


def _setback(row: SetbackAnswer) -> Told:
    return Told(
        _("Svar på tilbagegang"),
        str(row.answered_by),
        row.reason,
        said(row, "choice"),
        Element.PROGRESSION.value,
    )


def _map(drawn: NetworkMap) -> Told:
    people = []
    for person in drawn.people.all():
        words = [person.get_sector_display(), person.get_closeness_display(), person.get_direction_display()]
        if person.strained:
            words.append(_("anspændt forhold"))
        people.append(f"{person.label}: {', '.join(words)}")
    return Told(
        _("Netværkskort"),
        str(drawn.drawn_by),
        drawn.remark,
        said(drawn, "moment", "drawn_with_parents") + line(_("Personer på kortet"), *people),
        Element.NETWORK.value,
    )


def _meeting(meeting: Meeting) -> Told:
    there: list[str] = []
    away: list[str] = []
    for one in meeting.attendance.all():
        name = str(one.staff) if one.staff else one.label
        (there if one.present else away).append(f"{name} ({one.profession})" if one.profession else name)
    decided = []
    for decision in meeting.decisions.all():
        who = str(decision.person) if decision.person else decision.responsible
        by_whom = ", ".join(part for part in (who, danish_date(decision.due_on)) if part)
        decided.append(f"{decision.text} ({by_whom})" if by_whom else decision.text)
    return Told(
        str(MeetingKind(meeting.kind).label),
        str(meeting.recorded_by),
        meeting.minutes,
        line(_("Til stede"), ", ".join(there))
        + line(_("Inviteret, men ikke til stede"), ", ".join(away))
        + line(_("Faggrupper, der manglede"), ", ".join(meeting.missing))
        + said(meeting, "parents_present", "parents_absent_reason")
        + line(_("Beslutninger"), *decided)
        + said(meeting, "outcome", "next_on"),
        Element.TEAM.value if meeting.kind == MeetingKind.TEAM else Element.NETWORK.value,
    )


def _minutes_given(row: MinutesGiven) -> Told:
    to_whom = line(_("Hvem"), str(row.person))
    lines = to_whom + line(_("Mødet"), danish_date(row.meeting.held_on)) + said(row, "how")
    return Told(_("Referatet er givet"), str(row.given_by), "", lines, Element.TEAM.value)


def _followed_up(row: DecisionOutcome) -> Told:
    return Told(
        _("Mødets beslutning er gjort") if row.done else _("Mødets beslutning er ikke gjort"),
        str(row.closed_by),
        row.decision.text,
        said(row, "reason"),
        Element.TEAM.value,
    )


def _agreement(row: Agreement) -> Told:
    return Told(_("Aftale"), str(row.made_by), row.what, said(row, "who", "by_on"), Element.NETWORK.value)


def _agreement_kept(row: Agreement) -> Told:
    return Told(
        _("Aftalen er holdt") if row.kept else _("Aftalen er ikke holdt"),
        str(row.followed_up_by or ""),
        row.what,
        said(row, "who", "comment"),
        Element.NETWORK.value,
    )


ELEMENTS: tuple[Source, ...] = (
    Source(
        "note",
        lambda f: Note.objects.current().filter(family=f).select_related("author", "measurement"),
        "happened_at",
        _note,
    ),
    Source("measurement", _measured_alone, "measured_on", _measurement),
    Source(
        "baseline",
        lambda f: (
            MentalisationBaseline.objects.filter(family=f)
            .select_related("taken_by", "measurement")
            .annotate(
                by_parent=JSONBAgg(
                    JSONObject(
                        name="parents__person__name", strengths="parents__strengths", focus="parents__focus"
                    ),
                    filter=Q(parents__isnull=False),
                    default=Value([], JSONField()),
                    order_by="parents__id",
                )
            )
        ),
        "taken_on",
        _baseline,
    ),
    Source(
        "session",
        lambda f: (
            Session.objects.filter(family=f)
            .select_related("held_by")
            .annotate(there=_named("participants__person"))
        ),
        "held_on",
        _session,
    ),
    Source(
        "focus",
        lambda f: (
            FocusFormulation.objects.filter(family=f)
            .select_related("written_by")
            .annotate(there=_named("participants__person"))
        ),
        "made_on",
        _focus,
    ),
    Source(
        "goal_set",
        lambda f: (
            Goal.objects.filter(family=f)
            .select_related("set_by", "decision")
            .prefetch_related(Prefetch("participants", GoalParticipant.objects.select_related("person")))
        ),
        "set_on",
        _goal_set,
    ),
    Source(
        "follow_up",
        lambda f: (
            FollowUp.objects.filter(family=f)
            .select_related("held_by")
            .prefetch_related(Prefetch("ratings", GoalRating.objects.select_related("goal")))
        ),
        "held_on",
        _follow_up,
    ),
    Source(
        "setback_answer",
        lambda f: SetbackAnswer.objects.filter(family=f).select_related("answered_by"),
        "answered_at",
        _setback,
    ),
    Source(
        "goal_closed",
        lambda f: Goal.objects.filter(family=f, closed_on__isnull=False),
        "closed_on",
        _goal_closed,
    ),
    Source(
        "network_map",
        lambda f: NetworkMap.objects.filter(family=f).select_related("drawn_by").prefetch_related("people"),
        "drawn_on",
        _map,
    ),
    Source(
        "meeting",
        lambda f: (
            Meeting.objects.filter(family=f)
            .select_related("recorded_by")
            .prefetch_related("attendance__staff", "decisions__person")
        ),
        "held_on",
        _meeting,
    ),
    Source(
        "minutes_given",
        lambda f: MinutesGiven.objects.filter(meeting__family=f).select_related(
            "meeting", "person", "given_by"
        ),
        "given_on",
        _minutes_given,
    ),
    Source(
        "decision_followed_up",
        lambda f: DecisionOutcome.objects.filter(decision__meeting__family=f).select_related(
            "decision", "closed_by"
        ),
        "closed_at",
        _followed_up,
    ),
    Source(
        "agreement",
        lambda f: Agreement.objects.filter(family=f).select_related("made_by"),
        "made_on",
        _agreement,
    ),
    Source(
        "agreement_followed_up",
        lambda f: Agreement.objects.filter(family=f, followed_up_on__isnull=False).select_related(
            "followed_up_by"
        ),
        "followed_up_on",
        _agreement_kept,
    ),
)
