"""The family's page put together: where the journey stands, what is next, and what has changed."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import charts
from placement.access.actor import Actor
from placement.access.roles import ROLE_TITLES, Action, Role
from placement.clock import today
from placement.families.codes import BirthState, PersonKind
from placement.families.models import Consent, Family, FamilyGrant, GrantFunction, Phase
from placement.families.people import family_title
from placement.journal.models import NoteKind
from placement.journal.selectors import notes
from placement.meetings.models import Meeting
from placement.progression.models import GoalRating, Measurement
from placement.progression.selectors import goals_with_last_rating, series, t_scores
from placement.templatetags.words import danish_date, decimal_comma
from workflows.exit import selectors as exits
from workflows.exit.models import ExitStep
from workflows.journey.day import task_card
from workflows.journey.history import note_url
from workflows.journey.services import journey_of
from workflows.journey.summaries import summaries
from workflows.kernel.models import CORE_ELEMENTS, Element, Process, Task
from workflows.kernel.steps import model_of

LATEST_NOTES = 10
LATEST_ROWS = 40


def family_picture(actor: Actor, family: Family) -> dict[str, Any]:
    """The context of templates/workflows/family.html."""
    prefetch_related_objects([family], "people")
    journey = journey_of(family)
    waiting = list(Task.objects.waiting_for(actor).filter(family=family))
    for task in waiting:
        task.family = family  # the one whose people are already here
    open_tasks = list(Task.objects.open().filter(family=family).order_by("due", "id"))

    def address(name: str, action: Action) -> str:
        """The address of a page below the family, for those who may use it."""
        return reverse(name, kwargs={"family": family.uuid}) if actor.may(action) else ""

    return {
        "family": _head(family, journey),
        "log_url": address("log", Action.WRITE_NOTE),
        "access_log_url": address("family-reads", Action.SEE_READ_HISTORY),
        "child_view_url": address("child-view", Action.RECORD_CHILD_VIEW),
        "consent_url": address("family-consent", Action.RECORD_CONSENT),
        "team_url": address("family-caseworker", Action.APPOINT_CASEWORKER),
        "notices": _notices(family),
        "people_url": address("family-people", Action.SEE_FAMILIES),
        "next_tasks": [{**task_card(task), "family_title": ""} for task in waiting],
        "elements": _elements(family, open_tasks, {task.pk for task in waiting}),
        "team": _team(family),
        "progression": _progression(family),
        "ladder": _ladder(family, journey),
        "events": _events(actor, family),
        "events_url": address("family-history", Action.SEE_FAMILIES),
    }


def _head(family: Family, journey: Process | None) -> dict[str, Any]:
    people = list(family.people.all())
    caseworker = (
        FamilyGrant.objects.filter(
            content_object=family, function=GrantFunction.CASEWORKER, ends__isnull=True
        )
        .select_related("user")
        .first()
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
                "title": p.name
                or (_("Ventet barn") if p.birth_state == BirthState.EXPECTED else str(_("Barn"))),
                "born": p.born_on,
                "due": p.due_on if p.birth_state == BirthState.EXPECTED else None,
            }
            for p in people
            if p.kind == PersonKind.CHILD and p.birth_state != BirthState.LOST
        ],
        "unit": family.unit.name,
        "site": family.site.name if family.site else "",
        "started": family.started_on,
        "moved_in": family.moved_in_on,
        "version": journey.model_version.title if journey and journey.model_version else "",
        "caseworker": str(caseworker.user) if caseworker else "",
    }


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


def _elements(family: Family, open_tasks: list[Task], mine: set[int]) -> list[dict[str, Any]]:
    runs = {
        run.flow_class.element: run
        for run in Process.objects.filter(family=family, parent_task__isnull=False).order_by("id")
    }
    said = summaries(family)
    cards = []
    for element in CORE_ELEMENTS:
        task = next((t for t in open_tasks if t.element == element), None)
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
            }
        )
    return cards


def _team(family: Family) -> list[dict[str, Any]]:
    """Everybody appointed today, each person once."""
    grants = FamilyGrant.objects.filter(content_object=family, ends__isnull=True).select_related("user")
    people: dict[int, dict[str, Any]] = {}
    for grant in grants.exclude(function=GrantFunction.REFERRER).order_by("function", "id"):
        role = (
            str(grant.get_function_display())
            if grant.function == GrantFunction.CASEWORKER
            else grant.profession
        )
        known = people.setdefault(
            grant.user_id, {"name": str(grant.user), "role": role, "since": grant.starts, "until": grant.ends}
        )
        if known["role"] != role:
            known["role"] = f"{known['role']}, {role}"
            known["since"] = min(known["since"], grant.starts)
    return list(people.values())


def _progression(family: Family) -> dict[str, Any]:
    titles = {element.value: str(element.label) for element in Element}
    ticks = [
        charts.Tick(on=step.carried_out_on, label=step.code, kind="step")
        for step in ExitStep.objects.filter(family=family, carried_out_on__isnull=False).order_by("id")
        if step.carried_out_on
    ] + [
        charts.Tick(on=held, label=_("møde"), kind="meeting")
        for held in Meeting.objects.filter(family=family)
        .order_by("held_on")
        .values_list("held_on", flat=True)
    ]
    daily = [line for line in series(family) if line.instrument == "hverdagslog"]
    panels = [
        charts.Panel(
            key=line.element,
            title=titles[line.element],
            points=[charts.Point(on=on, value=float(value)) for on, value in line.points],
            ticks=ticks,
        )
        for line in daily
    ]
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
        for goal, _last in goals_with_last_rating(family, active=False)
    ]
    svg = charts.progression_panels(
        goals, low=-2, high=2, until=today(), prefix="g"
    ) + charts.progression_panels(panels, low=0, high=10, until=today(), prefix="p")
    rows = [
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
            "goal": r.goal.title,
            "on": r.follow_up.held_on,
            "value": r.score,
            "word": "",
            "who": str(r.follow_up.held_by),
        }
        for r in GoalRating.objects.filter(goal__family=family)
        .select_related("goal", "follow_up__held_by")
        .order_by("-follow_up__held_on", "-id")[:LATEST_ROWS]
    ]
    return {"svg": svg, "rows": rows, "attained": _attained(family)}


def _attained(family: Family) -> str:
    """How far the goals together had come at the last follow-up, and what the number means."""
    scores = t_scores(family)
    if not scores:
        return ""
    on, score = scores[-1]
    return _("Målene tilsammen den %(day)s: %(score)s (GAS T-score, hvor 50 er som forventet).") % {
        "day": danish_date(on),
        "score": decimal_comma(score),
    }


def _ladder(family: Family, journey: Process | None) -> dict[str, Any] | None:
    if journey is None or exits.latest_plan(family) is None:
        return None
    rungs = exits.ladder(family, model_of(journey))
    steps = [charts.Step(title=f"{rung.code} {rung.title}", state=rung.state) for rung in rungs]  # type: ignore[arg-type]
    ground = reverse("exit-ground", kwargs={"family": family.uuid})
    return {"svg": charts.exit_ladder(steps), "url": ground}


def _events(actor: Actor, family: Family) -> list[dict[str, Any]]:
    return [
        {
            "at": note.happened_at,
            "kind": note.get_kind_display(),
            "text": note.text,
            "who": str(note.author),
            "score": note.measurement.score if note.measurement else None,
            "draft": note.kind == NoteKind.DRAFT,
            "corrected": note.version > 1,
            "url": note_url(actor, note, family),
            "url_title": _("Se eller ret"),
        }
        for note in notes(family)[:LATEST_NOTES]
    ]
