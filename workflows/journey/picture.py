"""The family's page put together: where the journey stands, what is next, and what has changed."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import charts
from placement.access.actor import Actor
from placement.access.roles import ROLE_TITLES, Action, Role
from placement.clock import now, today
from placement.families.codes import BirthState, PersonKind, Whereabouts
from placement.families.models import Consent, Family, FamilyGrant, GrantFunction, Phase
from placement.families.people import family_title, nameless
from placement.families.stay_models import PersonPath
from placement.families.stays import current_pause
from placement.journal.codes import NoteKind
from placement.journal.selectors import notes
from placement.meetings.models import Meeting
from placement.progression.change import gathered
from placement.progression.codes import DAILY_LOG
from placement.progression.models import FollowUp, Measurement
from placement.progression.selectors import Series, goals_with_last_rating, last_follow_up, series
from workflows.exit import selectors as exits
from workflows.exit.models import ExitStep
from workflows.investigation.selectors import involvement
from workflows.journey.attainment import attainment
from workflows.journey.day import task_card
from workflows.journey.deadlines import clock_line
from workflows.journey.flow_page import flow_url
from workflows.journey.history import note_url
from workflows.journey.services import journey_of
from workflows.journey.summaries import summaries
from workflows.kernel.clocks.explaining import to_explain
from workflows.kernel.clocks.selectors import running_of
from workflows.kernel.models import CORE_ELEMENTS, Element, Process, Task
from workflows.kernel.steps import model_of
from workflows.measuring.picture import waiting_count
from workflows.research.picture import research_line
from workflows.research.standing import standing_of
from workflows.screening.picture import notices as concern_notices
from workflows.team.selectors import missing_now

LATEST_NOTES = 10
LATEST_ROWS = 40
DEADLINES_SHOWN = 8


def family_picture(actor: Actor, family: Family) -> dict[str, Any]:
    """The context of templates/workflows/family.html."""
    prefetch_related_objects([family], "people")
    journey = journey_of(family)
    waiting = list(Task.objects.waiting_for(actor).filter(family=family))
    for task in waiting:
        task.family = family  # the one whose people are already here
    open_tasks = list(Task.objects.open().filter(family=family).order_by("due", "id"))
    mine = {task.pk for task in waiting}
    runs = _runs(family)
    on_cards = {element: _own_step(runs.get(element), open_tasks) for element in CORE_ELEMENTS}
    steps, follow_up = list(exits.steps(family)), last_follow_up(family)
    appointed = _appointed(family)
    said = summaries(family, last_step=steps[0] if steps else None, last_follow_up=follow_up)

    def address(name: str, action: Action) -> str:
        """The address of a page below the family, for those who may use it."""
        return reverse(name, kwargs={"family": family.uuid}) if actor.may(action) else ""

    return {
        "family": _head(family, journey, appointed),
        "log_url": address("log", Action.WRITE_NOTE),
        "access_log_url": address("family-reads", Action.SEE_READ_HISTORY),
        "child_view_url": address("child-view", Action.RECORD_CHILD_VIEW),
        "consent_url": address("family-consent", Action.RECORD_CONSENT),
        "model_url": address("family-model", Action.MOVE_FAMILY),
        "team_url": address("family-caseworker", Action.APPOINT_CASEWORKER),
        "notices": _notices(family),
        "concern_notices": concern_notices(family),
        "concerns_url": address("concerns", Action.SEE_FAMILIES),
        "investigation_url": address("investigation", Action.SEE_FAMILIES),
        "stopped": _not_to_be_involved(family),
        "late": _late(actor, family),
        "decisions_url": address("decisions", Action.READ_DECISIONS),
        "network_url": address("network", Action.SEE_FAMILIES),
        "people_url": address("family-people", Action.SEE_FAMILIES),
        "moves_url": address("family-moves", Action.SEE_FAMILIES),
        "paused": current_pause(family),
        "next_tasks": [{**task_card(task), "family_title": ""} for task in waiting],
        "waiting_elsewhere": [
            {**task_card(task, may=False), "family_title": ""}
            for task in open_tasks
            if task.pk not in mine and task not in on_cards.values()
        ],
        "elements": _elements(family, runs, on_cards, mine, said),
        "deadlines": [clock_line(running) for running in running_of(family)[:DEADLINES_SHOWN]],
        "deadlines_url": reverse("deadlines"),
        "team": _team(appointed),
        "team_missing": _missing(family, journey),
        "team_page_url": address("family-team", Action.SEE_FAMILIES),
        "meetings_url": address("family-meetings", Action.SEE_FAMILIES),
        "brief_url": address("family-meeting-brief", Action.SEE_FAMILIES),
        "mentalisation_url": address("family-mentalisation", Action.SEE_FAMILIES),
        "research_url": address("family-research", Action.SEE_FAMILIES),
        "registration_url": address("registration", Action.RECORD_RESEARCH),
        "research_line": research_line(family, standing_of(family, journey=journey)),
        "progression": {
            **_progression(family, steps, follow_up),
            "url": address("family-development", Action.SEE_FAMILIES),
        },
        "measurements_url": address("measurements", Action.SEE_FAMILIES),
        "measurements_due": waiting_count(family, journey),
        "ladder": _ladder(family, journey, steps),
        "events": _events(actor, family),
        "weekly_url": address("weekly-summary", Action.WRITE_NOTE),
        "parents_view_url": address("parents-view", Action.SEE_FAMILIES),
        "events_url": address("family-history", Action.SEE_FAMILIES),
        "flow_url": flow_url(family, Element.JOURNEY),
    }


def _not_to_be_involved(family: Family) -> list[str]:
    """Why the parents, or the network, may not be involved now (barnets lov § 18); each reason once."""
    found = [one for one in involvement(family).values() if not one.allowed]
    return list(dict.fromkeys(str(one.reason) for one in found))


def _late(actor: Actor, family: Family) -> dict[str, Any] | None:
    """The law's deadlines that were not kept and wait for somebody to say why; None when there are none."""
    waiting = list(to_explain(family, now()))
    if not waiting:
        return None
    url = reverse("move-explain-late", kwargs={"family": family.uuid})
    return {
        "clocks": [clock_line(one) for one in waiting],
        "url": url if actor.may(Action.EXPLAIN_LATE) else "",
    }


def _head(family: Family, journey: Process | None, appointed: list[FamilyGrant]) -> dict[str, Any]:
    people = list(family.people.all())
    elsewhere = {
        path.person_id: str(path.get_where_display())
        for path in PersonPath.objects.filter(family=family, ends_on__isnull=True)
        if path.where != Whereabouts.WITH_FAMILY
    }
    caseworker = next(
        (one for one in appointed if one.function == GrantFunction.CASEWORKER and one.ends is None), None
    )
    return {
        "title": family_title(family),
        "number": family.number,
        "phase": family.get_phase_display(),
        "phase_state": {Phase.CLOSED: "yes", Phase.DECLINED: "", Phase.EXITED: "yes"}.get(
            Phase(family.phase), "now"
        ),
        "parents": ", ".join(p.name for p in people if p.kind == PersonKind.PARENT and p.name),
        "children": [
            {
                "title": p.name or nameless(p),
                "born": p.born_on,
                "due": p.due_on if p.birth_state == BirthState.EXPECTED else None,
                "lives": elsewhere.get(p.pk, ""),
            }
            for p in people
            if p.kind == PersonKind.CHILD and p.birth_state != BirthState.LOST
        ],
        "unit": family.unit.name,
        "site": family.site.name if family.site else "",
        "started": family.started_on,
        "moved_in": family.moved_in_on,
        "version": _version(journey),
        "caseworker": str(caseworker.user) if caseworker else "",
    }


def _version(journey: Process | None) -> str:
    """The version the family follows, and the municipality's adaptation of it."""
    if journey is None or journey.model_version is None:
        return ""
    adapted = f" ({journey.adaptation.code})" if journey.adaptation else ""
    return f"{journey.model_version.title}{adapted}"


def _notices(family: Family) -> list[str]:
    """What everybody who opens the family must know first: a consent that was taken back and not given again."""
    if family.phase in (Phase.CLOSED, Phase.DECLINED):
        return []
    latest: dict[int, Consent] = {}
    given = Consent.objects.filter(family=family, person__custody_holder=True).select_related("person")
    for consent in given.order_by("given_on", "id"):
        latest[consent.person_id] = consent
    return [
        _("%(name)s har trukket sit samtykke tilbage %(day)s. Intet, der kræver samtykke, kan gå videre.")
        % {"name": consent.person, "day": f"{consent.withdrawn_on:%d.%m.%Y}"}
        for consent in latest.values()
        if consent.withdrawn_on is not None
    ]


def _runs(family: Family) -> dict[Element, Process]:
    """The latest run of each core element."""
    return {
        run.flow_class.element: run
        for run in Process.objects.filter(family=family, parent_task__isnull=False)
        .exclude(status="CANCELED")
        .order_by("id")
    }


def _own_step(run: Process | None, open_tasks: list[Task]) -> Task | None:
    """The element's own next step, not something that runs beside it."""
    return next((task for task in open_tasks if run is not None and task.process_id == run.pk), None)


def _elements(
    family: Family,
    runs: dict[Element, Process],
    on_cards: dict[Element, Task | None],
    mine: set[int],
    said: dict[Element, str],
) -> list[dict[str, Any]]:
    cards = []
    for element in CORE_ELEMENTS:
        task = on_cards[element]
        run = runs.get(element)
        state, word = ("", _("ikke begyndt"))
        if run is not None:
            state, word = ("yes", _("afsluttet")) if run.finished else ("now", _("i gang"))
        cards.append(
            {
                "key": element.value,
                "state": state,
                "state_word": word,
                "next_title": task.title if task else "",
                "next_url": reverse("task", kwargs={"task": task.uuid}) if task and task.pk in mine else "",
                "who": str(ROLE_TITLES[Role(task.role)]) if task else "",
                "due": task.due if task else None,
                "summary": said[element],
                "flow_url": flow_url(family, element),
            }
        )
    return cards


def _appointed(family: Family) -> list[FamilyGrant]:
    """The caseworker and the team of today with their substitutes, by function and in the order they came."""
    grants = FamilyGrant.objects.filter(
        Q(ends__isnull=True) | Q(stands_in_for__isnull=False, starts__lte=today(), ends__gte=today()),
        content_object=family,
    ).select_related("user", "stands_in_for")
    beside = (GrantFunction.REFERRER, GrantFunction.REASSESSOR, GrantFunction.CONVENER)
    return list(grants.exclude(function__in=beside).order_by("function", "id"))


def _team(appointed: list[FamilyGrant]) -> list[dict[str, Any]]:
    """Everybody appointed today, each person once."""
    people: dict[int, dict[str, Any]] = {}
    for grant in appointed:
        role = (
            str(grant.get_function_display())
            if grant.function == GrantFunction.CASEWORKER
            else grant.profession
        )
        if grant.stands_in_for is not None:
            role = _("%(profession)s, vikar for %(name)s") % {
                "profession": role,
                "name": grant.stands_in_for,
            }
        known = people.setdefault(
            grant.user_id, {"name": str(grant.user), "role": role, "since": grant.starts, "until": grant.ends}
        )
        if known["role"] != role:
            known["role"] = f"{known['role']}, {role}"
            known["since"] = min(known["since"], grant.starts)
    return list(people.values())


def _missing(family: Family, journey: Process | None) -> tuple[str, ...]:
    """The professions that the model requires and nobody has, once the family lives in the house."""
    if journey is None or family.phase != Phase.MOVED_IN:
        return ()
    return missing_now(family, model_of(journey).required_professions, today())


def _progression(family: Family, steps: list[ExitStep], follow_up: FollowUp | None) -> dict[str, Any]:
    titles = {element.value: str(element.label) for element in Element}
    ticks = [
        charts.Tick(on=step.carried_out_on, label=step.code, kind="step")
        for step in reversed(steps)
        if step.carried_out_on
    ] + [
        charts.Tick(on=held, label=_("møde"), kind="meeting")
        for held in Meeting.objects.filter(family=family)
        .order_by("held_on")
        .values_list("held_on", flat=True)
    ]
    panels = [
        _daily_panel(titles[line.element], line, ticks)
        for line in series(family)
        if line.instrument == DAILY_LOG.slug
    ]
    rated = goals_with_last_rating(family, active=False)
    goals = [
        charts.Panel(
            key=f"goal{goal.pk}",
            title=goal.title,
            points=[
                charts.Point(on=rating.follow_up.held_on, value=float(rating.score))
                for rating in sorted(goal.ratings.all(), key=lambda r: (r.follow_up.held_on, r.pk))
            ],
            goal=0.0,
            ticks=ticks,
        )
        for goal, _last in rated
    ]
    svg = charts.progression_panels(
        goals, low=-2, high=2, until=today(), prefix="g"
    ) + charts.progression_panels(panels, low=0, high=10, until=today(), prefix="p")
    rows: list[dict[str, Any]] = [
        {
            "goal": titles.get(m.element, m.element),
            "on": m.measured_on,
            "value": m.score,
            "word": "",
            "who": str(m.recorded_by),
        }
        for m in Measurement.objects.current()
        .filter(family=family, score__isnull=False)
        .select_related("recorded_by")
        .order_by("-measured_on", "-id")[:LATEST_ROWS]
    ] + [
        {
            "goal": goal.title,
            "on": r.follow_up.held_on,
            "value": r.score,
            "word": "",
            "who": str(r.follow_up.held_by),
        }
        for goal, r in sorted(
            ((goal, r) for goal, _last in rated for r in goal.ratings.all()),
            key=lambda pair: (pair[1].follow_up.held_on, pair[1].pk),
            reverse=True,
        )[:LATEST_ROWS]
    ]
    rows.sort(key=lambda row: row["on"], reverse=True)
    return {"svg": svg, "rows": rows, **attainment(family, rated, follow_up)}


def _daily_panel(title: str, line: Series, ticks: list[charts.Tick]) -> charts.Panel:
    """An element's daily log; years of it are gathered, so that the page stays as quick."""
    days, periods = gathered([(on, float(value)) for on, value in line.points])
    points = [charts.Point(on=period.last, value=period.value) for period in periods]
    return charts.Panel(
        key=line.element, title=title, points=points, ticks=ticks, count=len(line.points), days=days
    )


def _ladder(family: Family, journey: Process | None, steps: list[ExitStep]) -> dict[str, Any] | None:
    if journey is None or exits.latest_plan(family) is None:
        return None
    rungs = exits.ladder(steps, model_of(journey))
    drawn = [charts.Step(title=f"{rung.code} {rung.title}", state=rung.state) for rung in rungs]
    ground = reverse("exit-ground", kwargs={"family": family.uuid})
    return {"svg": charts.exit_ladder(drawn), "url": ground}


def _events(actor: Actor, family: Family) -> list[dict[str, Any]]:
    return [
        {
            "at": note.happened_at,
            "kind": note.get_kind_display(),
            "text": note.text,
            "lines": [{"title": title, "text": text} for title, text in note.tag_lines()],
            "who": str(note.author),
            "score": note.measurement.score if note.measurement else None,
            "draft": note.kind == NoteKind.DRAFT,
            "corrected": note.version > 1,
            "withdrawn": note.withdrawn,
            "url": note_url(actor, note, family),
            "url_title": _("Se eller ret"),
        }
        for note in notes(family)[:LATEST_NOTES]
    ]
