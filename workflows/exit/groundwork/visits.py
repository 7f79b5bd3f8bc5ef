"""Visits home: they belong to the step that is under way, and what went wrong at one is told to the team's clocks."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.clock import danish_day
from placement.families.models import Family
from workflows.exit.groundwork.checks import not_in_future, written
from workflows.exit.models import ExitStep, ExitVisit
from workflows.kernel.clocks.services import happened
from workflows.kernel.lock import family_locked
from workflows.model_versions.clock_rules import Event


def step_under_way(family: Family) -> ExitStep | None:
    """The step that was approved and has not been evaluated or abandoned."""
    step = ExitStep.objects.filter(family=family).select_related("decision").first()
    under_way = (
        step is not None
        and step.evaluated_at is None
        and step.abandoned_at is None
        and getattr(step, "decision", None) is not None
        and step.decision.approved
    )
    return step if under_way else None


@transaction.atomic
def record_visit(
    *,
    actor: Actor,
    family: Family,
    now: datetime,
    held_on: date,
    kind: str,
    staff_view: str,
    child_signals: str,
    incident: bool,
    parents_view: str = "",
    accompanied_by: str = "",
    incident_text: str = "",
) -> ExitVisit:
    """Write down a visit home on the step that is under way. Something that went wrong starts the team's deadline.

    Without the parents' view a visit does not count as evaluated. Raises Refused: ``no-step-under-way``,
    ``visit-before-approval``, ``groundwork-in-future``, ``groundwork-incomplete``, ``incident-untold``.
    """
    staff_view, child_signals = written(staff_view, child_signals)
    if incident and not incident_text.strip():
        raise Refused(_("Skriv, hvad der skete."), type="incident-untold")
    not_in_future(held_on, now)
    with family_locked(family):
        step = step_under_way(family)
        if step is None:
            raise Refused(
                _("Der er intet godkendt trin i gang. Et besøg hører til et trin."), type="no-step-under-way"
            )
        approved_on = danish_day(step.decision.decided_at)
        if held_on < approved_on:
            raise Refused(
                _("Trinnet blev godkendt %(day)s. Besøget kan ikke ligge før. Ret datoen.")
                % {"day": f"{approved_on:%d.%m.%Y}"},
                type="visit-before-approval",
            )
        visit = ExitVisit.objects.create(
            municipality_id=family.municipality_id,
            family=family,
            step=step,
            held_on=held_on,
            kind=kind,
            accompanied_by=accompanied_by.strip(),
            staff_view=staff_view,
            parents_view=parents_view.strip(),
            child_signals=child_signals,
            incident=incident,
            incident_text=incident_text.strip() if incident else "",
            recorded_by=actor.staff,
            recorded_at=now,
        )
        if incident:
            happened(family=family, event=Event.EXIT_STEP_WENT_WRONG, at=now, about=step.uuid)
    return visit
