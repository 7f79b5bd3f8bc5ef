"""How each kind of record is told on a family's history: when, what, by whom, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model, Prefetch, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from placement import clock
from placement.families.codes import TargetGroupTrait
from placement.families.models import ChildView, Consent, Decision, Family, FamilyGrant
from placement.journal.models import Note, NoteKind
from placement.meetings.models import (
    DecisionOutcome,
    Meeting,
    MeetingKind,
    MentalisationBaseline,
    MinutesGiven,
    Session,
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
from workflows.exit.models import AuthorityWord, ExitPlan, ExitStep, ExitStepDecision
from workflows.journey.models import FollowUpContact
from workflows.kernel.models import Element, Task
from workflows.model_versions.models import VersionMove
from workflows.progression.selectors import trend_line
from workflows.screening.models import Concern, ConcernAssessment

Line = tuple[str, str]


@dataclass(frozen=True)
class Told:
    """One entry in words. ``lines``: what else was written, each under its own heading."""

    title: str
    who: str = ""
    text: str = ""
    lines: list[Line] = field(default_factory=list)
    element: str = ""
    score: Decimal | None = None
    draft: bool = False
    corrected: bool = False


@dataclass(frozen=True)
class Source:
    """One kind of entry: its rows, the field that dates them (others than None), and how one is told."""

    kind: str
    rows: Callable[[Family], QuerySet[Any]]
    at: str
    tell: Callable[[Any], Told]


def said(row: Model, *names: str) -> list[Line]:
    """The fields that hold something, each under its own label and in words."""
    lines = []
    for name in names:
        column = row._meta.get_field(name)
        display = getattr(row, f"get_{name}_display", None)
        value = display() if display else getattr(row, name)
        if isinstance(value, bool):
            value = _("Ja") if value else _("Nej")
        elif isinstance(value, date):
            value = danish_date(value)
        if value not in (None, ""):
            lines.append((capfirst(str(getattr(column, "verbose_name", name))), str(value)))
    return lines


def _line(title: str, *texts: str) -> list[Line]:
    said_so = [text for text in texts if text]
    return [(title, "\n".join(said_so))] if said_so else []


def _answer(approved: bool | None) -> str:
    return _("Godkendt") if approved else _("Afvist")


def milestones(family: Family) -> Iterator[tuple[str, date | datetime, Told]]:
    """(kind, when, told) of what stands on the family itself."""
    journey = Element.JOURNEY.value
    yield (
        "enquiry",
        family.enquired_at,
        Told(
            _("Henvendelse"),
            str(family.registered_by),
            family.enquiry_text,
            said(family, "source"),
            journey,
        ),
    )
    days = [
        ("started", family.started_on, _("Indsatsen er begyndt"), ("home_before", "home_language")),
        ("moved_in", family.moved_in_on, _("Flyttet ind"), ("room",)),
        ("moved_out", family.moved_out_on, _("Flyttet ud"), ()),
        ("closed", family.closed_on, _("Forløbet er afsluttet"), ("outcome", "family_view_of_outcome")),
    ]
    for kind, on, title, names in days:
        if on is not None:
            yield kind, on, Told(title, lines=said(family, *names), element=journey)


def _assessment(task: Task) -> Told:
    family = task.process.family
    assert family is not None
    traits = dict(TargetGroupTrait.choices)
    return Told(
        str(task.title),
        str(task.owner or ""),
        family.assessment,
        said(family, "in_target_group")
        + _line(_("Udfordringsbillede"), *(str(traits.get(trait, trait)) for trait in family.traits)),
        Element.JOURNEY.value,
    )


def _note(note: Note) -> Told:
    return Told(
        str(NoteKind(note.kind).label),
        str(note.author),
        note.text,
        said(note, "reason"),
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
        _line(_("Til stede"), ", ".join(there))
        + _line(_("Inviteret, men ikke til stede"), ", ".join(away))
        + _line(_("Faggrupper, der manglede"), ", ".join(meeting.missing))
        + said(meeting, "parents_present", "parents_absent_reason")
        + _line(_("Beslutninger"), *decided)
        + said(meeting, "outcome", "next_on"),
        Element.TEAM.value if meeting.kind == MeetingKind.TEAM else Element.NETWORK.value,
    )


def _followed_up(row: DecisionOutcome) -> Told:
    return Told(
        _("Mødets beslutning er gjort") if row.done else _("Mødets beslutning er ikke gjort"),
        str(row.closed_by),
        row.decision.text,
        said(row, "reason"),
        Element.TEAM.value,
    )


def _minutes_given(row: MinutesGiven) -> Told:
    to_whom = _line(_("Hvem"), str(row.person))
    lines = to_whom + _line(_("Mødet"), danish_date(row.meeting.held_on)) + said(row, "how")
    return Told(_("Referatet er givet"), str(row.given_by), "", lines, Element.TEAM.value)


def _session(row: Session) -> Told:
    return Told(
        _("Mentaliserende samtale"),
        str(row.held_by),
        row.summary,
        said(row, "kind", "focus", "outcome", "next_on"),
        Element.MENTALISATION.value,
    )


def _baseline(row: MentalisationBaseline) -> Told:
    return Told(
        _("Udgangspunkt for mentalisering"),
        str(row.taken_by),
        "",
        said(row, "strengths", "focus"),
        Element.MENTALISATION.value,
        row.measurement.score if row.measurement else None,
    )


def _goal_set(goal: Goal) -> Told:
    names = ("purpose_link", "level_m2", "level_m1", "level_0", "level_p1", "level_p2")
    return Told(
        _("Nyt mål"),
        str(goal.set_by),
        goal.title,
        _line(_("Afgørelsens formål"), goal.decision.purpose if goal.decision else "")
        + said(goal, *names, "baseline", "weight")
        + _line(_("Formuleret sammen med"), ", ".join(str(part.person) for part in goal.participants.all()))
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
        _line(_("Vurdering af mål (0 er som forventet)"), *ratings)
        + _line(_("Tendens"), trend_line(row))
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
        said(drawn, "moment", "drawn_with_parents") + _line(_("Personer på kortet"), *people),
        Element.NETWORK.value,
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


def _child_view(row: ChildView) -> Told:
    return Told(
        _("Barnets perspektiv"), str(row.author), row.text, said(row, "source"), Element.JOURNEY.value
    )


def _consent(row: Consent) -> Told:
    who = _line(_("Hvem"), str(row.person))
    told = said(row, "how", "informed_about")
    return Told(_("Samtykke er givet"), str(row.recorded_by), "", who + told, Element.JOURNEY.value)


def _consent_withdrawn(row: Consent) -> Told:
    return Told(
        _("Samtykket er trukket tilbage"),
        lines=_line(_("Hvem"), str(row.person)),
        element=Element.JOURNEY.value,
    )


def _decision_asked(row: Decision) -> Told:
    lines = said(row, "purpose", "expected_weeks", "legal_basis")
    asked = _("Ønske om afgørelse")
    return Told(
        asked,
        str(row.requested_by),
        "",
        [*lines, *_line(_("Barnets perspektiv"), row.child_view.text)],
        Element.JOURNEY.value,
    )


def _decision(row: Decision) -> Told:
    return Told(
        _("Afgørelse: %(answer)s") % {"answer": _answer(row.approved).lower()},
        str(row.decided_by or ""),
        row.reason,
        said(row, "purpose"),
        Element.JOURNEY.value,
    )


def _plan(row: ExitPlan) -> Told:
    lines = said(row, "destination", "alternative", "shown_to_parents_on", "residence", "residence_task")
    lines += said(row, "residence_by", "home_situation", "receiving_support", "contact_person")
    return Told(_("Udslusningsplan"), str(row.made_by), "", lines, Element.EXIT.value)


def _of_step(step: ExitStep, title: str, who: object, text: str, lines: list[Line]) -> Told:
    attempt = said(step, "attempt") if step.attempt > 1 else []
    return Told(f"{title} {step.code}", str(who or ""), text, [*attempt, *lines], Element.EXIT.value)


def _step_asked(step: ExitStep) -> Told:
    lines = said(step, "planned_from", "planned_until")
    return _of_step(step, _("Ønske om udslusningstrin"), step.requested_by, step.why_now, lines)


def _step_decided(row: ExitStepDecision) -> Told:
    lines = _line(_("Teamlederens svar"), _answer(row.approved))
    return _of_step(row.step, _("Afgørelse om udslusningstrin"), row.decided_by, row.reason, lines)


def _authority(row: AuthorityWord) -> Told:
    lines = _line(_("Myndighedens svar"), _answer(row.approved)) + said(row, "effective_from", "legal_basis")
    return _of_step(row.step, _("Myndighedens ord om trin"), row.decided_by, row.reason, lines)


def _step_done(step: ExitStep) -> Told:
    lines = said(step, "accompanied_by")
    return _of_step(step, _("Udslusningstrin gennemført:"), step.carried_out_by, "", lines)


def _step_abandoned(step: ExitStep) -> Told:
    title = _("Ikke gennemført: udslusningstrin")
    return _of_step(step, title, step.abandoned_by, step.abandoned_reason, [])


def _step_evaluated(step: ExitStep) -> Told:
    lines = said(step, "staff_view", "parents_view")
    if step.child_view:
        lines += _line(_("Barnets perspektiv"), step.child_view.text)
    lines += said(step, "result", "back_reason", "child_needs")
    return _of_step(step, _("Evaluering af udslusningstrin"), step.evaluated_by, "", lines)


def _contact(row: FollowUpContact) -> Told:
    return Told(
        _("Kontakt efter %(months)d måneder") % {"months": row.months},
        str(row.held_by),
        row.summary,
        said(row, "reached", "lives_together"),
        Element.JOURNEY.value,
        corrected=row.corrected_at is not None,
    )


def _concern(row: Concern) -> Told:
    """That it came, and how urgent; its words are not everybody's who sees the family."""
    return Told(
        _("Underretning modtaget"),
        str(row.registered_by),
        lines=said(row, "acute"),
        element=Element.SCREENING.value,
    )


def _concern_assessed(row: ConcernAssessment) -> Told:
    return Told(
        str(row.get_turn_display()),
        str(row.assessed_by),
        lines=said(row, "outcome"),
        element=Element.SCREENING.value,
    )


def _concern_closed(row: Concern) -> Told:
    return Told(_("Underretning afsluttet"), str(row.closed_by), element=Element.SCREENING.value)


def _appointed(row: FamilyGrant) -> Told:
    lines = _line(str(row.get_function_display()), f"{row.user}, {row.profession}".rstrip(", "))
    lines += said(row, "stands_in_for")
    return Told(_("Udpeget"), str(row.granted_by), "", lines, Element.TEAM.value)


def _left(row: FamilyGrant) -> Told:
    lines = _line(str(row.get_function_display()), f"{row.user}, {row.profession}".rstrip(", "))
    return Told(_("Udpegningen er slut"), lines=lines, element=Element.TEAM.value)


def _steps(family: Family) -> QuerySet[ExitStep]:
    people = ("requested_by", "carried_out_by", "abandoned_by", "evaluated_by", "child_view")
    return ExitStep.every.filter(family=family).select_related(*people)


def _measured_alone(family: Family) -> QuerySet[Measurement]:
    """Scores that no note, no baseline and no answers on an instrument tell of."""
    told = Note.objects.filter(family=family, measurement__isnull=False).values("measurement")
    taken = MentalisationBaseline.objects.filter(family=family, measurement__isnull=False)
    current = Measurement.objects.current().filter(family=family, scale_score__isnull=True)
    alone = current.exclude(Q(pk__in=told) | Q(pk__in=taken.values("measurement")))
    return alone.select_related("recorded_by", "person")


def _moved(row: VersionMove) -> Told:
    before, after = (
        adaptation.code if adaptation else version.code
        for version, adaptation in (
            (row.from_version, row.from_adaptation),
            (row.to_version, row.to_adaptation),
        )
    )
    lines = _line(_("Modelversion"), _("fra %(before)s til %(after)s") % {"before": before, "after": after})
    return Told(_("Flyttet til en anden modelversion"), str(row.moved_by), row.reason, lines)


#: In the order of the work: of what happened at the same moment, the later in this list stands as the newer.
SOURCES: tuple[Source, ...] = (
    Source(
        "assessment",
        lambda f: Task.objects.filter(
            family=f, status="DONE", flow_task__endswith=".assess_target_group"
        ).select_related("owner", "process__family"),
        "finished",
        _assessment,
    ),
    Source(
        "appointment",
        lambda f: FamilyGrant.objects.filter(content_object=f).select_related(
            "user", "granted_by", "stands_in_for"
        ),
        "starts",
        _appointed,
    ),
    Source(
        "child_view",
        lambda f: ChildView.objects.filter(family=f).select_related("author"),
        "obtained_on",
        _child_view,
    ),
    Source(
        "consent",
        lambda f: Consent.objects.filter(family=f).select_related("person", "recorded_by"),
        "given_on",
        _consent,
    ),
    Source(
        "consent_withdrawn",
        lambda f: Consent.objects.filter(family=f, withdrawn_on__isnull=False).select_related("person"),
        "withdrawn_on",
        _consent_withdrawn,
    ),
    Source(
        "decision_asked",
        lambda f: Decision.objects.filter(family=f).select_related("requested_by", "child_view"),
        "requested_at",
        _decision_asked,
    ),
    Source(
        "decision",
        lambda f: Decision.objects.filter(family=f, decided_at__isnull=False).select_related("decided_by"),
        "decided_at",
        _decision,
    ),
    Source(
        "note",
        lambda f: Note.objects.current().filter(family=f).select_related("author", "measurement"),
        "happened_at",
        _note,
    ),
    Source("measurement", _measured_alone, "measured_on", _measurement),
    Source(
        "baseline",
        lambda f: MentalisationBaseline.objects.filter(family=f).select_related("taken_by", "measurement"),
        "taken_on",
        _baseline,
    ),
    Source(
        "session", lambda f: Session.objects.filter(family=f).select_related("held_by"), "held_on", _session
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
    Source(
        "exit_plan", lambda f: ExitPlan.every.filter(family=f).select_related("made_by"), "made_on", _plan
    ),
    Source("exit_step_asked", _steps, "requested_at", _step_asked),
    Source(
        "authority_word",
        lambda f: AuthorityWord.objects.filter(step__family=f).select_related("step", "decided_by"),
        "decided_at",
        _authority,
    ),
    Source(
        "exit_step_decided",
        lambda f: ExitStepDecision.objects.filter(step__family=f).select_related("step", "decided_by"),
        "decided_at",
        _step_decided,
    ),
    Source(
        "exit_step_done",
        lambda f: _steps(f).filter(carried_out_on__isnull=False),
        "carried_out_on",
        _step_done,
    ),
    Source(
        "exit_step_abandoned",
        lambda f: _steps(f).filter(abandoned_at__isnull=False),
        "abandoned_at",
        _step_abandoned,
    ),
    Source(
        "exit_step_evaluated",
        lambda f: _steps(f).filter(evaluated_at__isnull=False),
        "evaluated_at",
        _step_evaluated,
    ),
    Source(
        "follow_up_contact",
        lambda f: FollowUpContact.objects.filter(family=f).select_related("held_by"),
        "held_on",
        _contact,
    ),
    Source(
        "version_move",
        lambda f: VersionMove.objects.filter(family=f).select_related(
            "moved_by", "from_version", "from_adaptation", "to_version", "to_adaptation"
        ),
        "moved_at",
        _moved,
    ),
    Source(
        "concern_received",
        lambda f: Concern.objects.filter(family=f).select_related("registered_by"),
        "received_at",
        _concern,
    ),
    Source(
        "concern_assessed",
        lambda f: ConcernAssessment.objects.filter(concern__family=f).select_related("assessed_by"),
        "assessed_at",
        _concern_assessed,
    ),
    Source(
        "concern_closed",
        lambda f: Concern.objects.filter(family=f, closed_at__isnull=False).select_related("closed_by"),
        "closed_at",
        _concern_closed,
    ),
    Source(
        "appointment_ended",
        lambda f: FamilyGrant.objects.filter(content_object=f, ends__lte=clock.today()).select_related(
            "user"
        ),
        "ends",
        _left,
    ),
)
