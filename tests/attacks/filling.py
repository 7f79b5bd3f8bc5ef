"""A row in every table of the case that a family's walk leaves empty: pauses, moves, notifications, deputies and so on.

Written through the models, under the municipality's own context, so that policies, composite keys and constraints
hold for them as for any row. What the rows say does not matter here, only whose they are.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models, transaction

from placement import clock
from placement.access.models import Municipality, MunicipalityModel, Staff
from placement.costs.weeks import Week
from placement.families.models import Decision, Family, Person
from placement.journal.models import Note
from placement.network.models import GenogramPerson
from workflows.decisions.models import PlanDecision
from workflows.kernel.models import Process
from workflows.model_versions.models import Adaptation

#: What a table's constraints ask for beyond a value of the right kind; a function finds it.
SAYS: dict[str, dict[str, Any]] = {
    "Note": {"text": "Skjult"},
    "ReleaseApproval": {"datasets": ["registration"]},
    "FollowUp": {"next_on": lambda: clock.today() + timedelta(days=30)},
    "SiteChange": {"from_room": "1", "to_room": "2"},
    "VersionMove": {"to_adaptation": lambda: Adaptation.objects.first()},
    "Withdrawal": {"text": "Skjult", "initiator": "parents", "planned": True},
    "EarlierJourney": {"following": lambda: Process.objects.order_by("-id").first()},
    "DecisionOutcome": {"reason": "Skjult"},
    "Answer": {"missing_reason": "declined"},
    "SelfReport": {
        "invited_as": ["practitioner"],
        "expires_at": lambda: clock.now() + timedelta(hours=1),
    },
    "ClockChange": {"due_after": lambda: clock.now() + timedelta(days=1)},
    "LateReason": {"due_at": lambda: clock.now() - timedelta(days=1)},
    "Investigation": {"why": "Skjult"},
    "ParallelTrack": {"why": "Skjult"},
    "CasePerson": {"role": "representative"},
    "Hearing": {"reason": "Skjult", "closed_at": clock.now, "closed_by": lambda: _last()},
    # Approved by another than its writer, and sent: so that there can be a complaint.
    "DecisionLetter": {
        "decision": lambda: Decision.objects.filter(approved=True).first(),
        "approved_by": lambda: _last(),
        "approved_at": clock.now,
        "how": "post",
        "sent_on": clock.today,
        "sent_by": lambda: _last(),
    },
    # It changed the decision: so that one can be made anew.
    "Complaint": {
        "in_time": True,
        "reassessed": "changed",
        "reassessed_reason": "Skjult",
        "reassessed_by": lambda: _last(),
        "reassessed_at": clock.now,
    },
    "Redecision": {"outcome": "none"},
    "AccessRequest": {"due_on": lambda: clock.today() + timedelta(days=7)},
    "TrackChange": {"cause": "placement"},
    "PlanDecision": {"decision": lambda: Decision.objects.filter(approved=True).first()},
    "ChildPlan": {"plan_decision": lambda: PlanDecision.objects.first()},
    "ConferenceMeeting": {"without_plan": "Skjult"},
    "GenogramRelation": {"other": lambda: _another_relative()},
    "ParentBaseline": {"strengths": "Skjult"},
    "AskedWeeks": {"first_day": lambda: _monday()},
    "TimeWeek": {"monday": lambda: _monday(), "profession": "Skjult"},
    "TimeEntry": {"activity": "meeting", "stage": "operation", "category": "operation", "quarters": 4},
    "WeekReopening": {"reason": "Skjult", "was_sent_at": clock.now},
    "WeekDraft": {"monday": lambda: _monday()},
    "OtherCost": {"amount": Decimal(100), "stage": "operation"},
    "YearOfRates": {"year": 2026, "price_year": 2026},
    "HourlyRate": {"amount": Decimal(400)},
    "NightRate": {"amount": Decimal(4000)},
    "NoteSource": {"note": lambda: Note.objects.order_by("id").first()},
}


def _monday() -> date:
    return Week.of(clock.today()).monday


def _last() -> Staff | None:
    return Staff.objects.order_by("-id").first()


def _another_relative() -> GenogramPerson:
    one = GenogramPerson.objects.order_by("id")[0]
    return GenogramPerson.objects.create(
        municipality_id=one.municipality_id, genogram=one.genogram, label="En anden", generation=2
    )


def fill(scene: Any) -> None:
    """One row of each kind that the scene's municipality has none of, about the scene's family where it is about one."""
    lead = scene.company.actor("authoritylead")
    with lead.acting(), transaction.atomic():
        waiting = [model for model in apps.get_models() if issubclass(model, MunicipalityModel)]
        waiting = [model for model in waiting if not model._base_manager.exists()]
        # A row that another points at comes first.
        for _turn in range(len(waiting)):
            waiting = [model for model in waiting if not _made(model, scene, lead)]
        assert waiting == []


def _made(model: type[models.Model], scene: Any, lead: Any) -> bool:
    values = _values(model, scene, lead)
    if values is None:
        return False
    model._base_manager.create(**values)
    return True


def _values(model: type[models.Model], scene: Any, lead: Any) -> dict[str, Any] | None:
    """A value for each column that must have one; None while a row that it points at is missing."""
    values: dict[str, Any] = {}
    people = iter(Staff.objects.filter(username__startswith=f"{scene.town}.").order_by("id"))
    for field in model._meta.local_fields:
        if field.primary_key or field.null or field.name in SAYS.get(model.__name__, {}):
            continue
        if isinstance(field, models.ForeignKey):
            values[field.name] = _pointed_at(field, scene, people)
            if values[field.name] is None:
                return None
        elif field.has_default() and not field.choices:
            continue
        else:
            values[field.name] = _some(field)
    said = SAYS.get(model.__name__, {})
    return values | {name: value() if callable(value) else value for name, value in said.items()}


def _pointed_at(field: Any, scene: Any, people: Any) -> Any:
    target = field.related_model
    if target is Municipality:
        return Municipality.objects.get(code=scene.family.municipality_id)
    if target is Family:
        return scene.family
    if target is Staff:
        # Each column another person: whoever asks is not who decides.
        return next(people)
    if target is Person:
        return Person.objects.filter(family=scene.family, kind="child").first()
    return target._base_manager.order_by("id").first()


def _some(field: Any) -> Any:
    if field.blank and isinstance(field, models.CharField | models.TextField):
        return ""
    if field.choices:
        return next(value for value, _label in field.flatchoices if value != "")
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.IntegerField):
        return 1
    if isinstance(field, models.DateTimeField):
        return clock.now()
    if isinstance(field, models.DateField):
        return clock.today()
    if isinstance(field, models.JSONField):
        return {}
    return "Skjult"
