"""Who has been involved in a family's case before: read from what people left behind, not from what they say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.db.models import CharField, ForeignKey, Model, QuerySet, Value

from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family, FamilyGrant, GrantFunction
from placement.meetings.models import Attendance
from workflows.kernel.models import Task
from workflows.screening.models import Concern, ConcernAssessment

APPOINTMENT, TASK, ENTRY = "appointment", "task", "entry"


def involved(concern: Concern) -> dict[int, frozenset[str]]:
    """Staff (by key) who were appointed to the family, did a task or wrote anything in its case; and which of these.

    The notification itself does not count: neither its registration and receipt, nor the steps taken with it,
    nor an appointment to assess one anew. One query, whatever tables there are.
    """
    return _told_apart(_arms(concern.family_id, concern))


def involved_in(family: Family) -> dict[int, frozenset[str]]:
    """The same of a family, whatever it was about: who is independent of the case stands in it nowhere.

    An appointment to call a conference together does not count.
    """
    return _told_apart(_arms(family.pk, None))


def _told_apart(found_in: Iterator[QuerySet[Model, tuple[int, str]]]) -> dict[int, frozenset[str]]:
    arms = list(found_in)
    found: dict[int, set[str]] = {}
    for staff, kind in arms[0].union(*arms[1:]):
        found.setdefault(staff, set()).add(kind)
    return {staff: frozenset(kinds) for staff, kinds in found.items()}


#: Appointed from outside, for one thing only.
_FROM_OUTSIDE = (GrantFunction.REASSESSOR, GrantFunction.CONVENER)


def _arms(family: int, concern: Concern | None) -> Iterator[QuerySet[Model, tuple[int, str]]]:
    appointed = FamilyGrant.objects.filter(content_object=family).exclude(function__in=_FROM_OUTSIDE)
    yield _who(appointed, "user", APPOINTMENT)
    yield _who(appointed, "granted_by", ENTRY)
    done = Task.objects.filter(family=family, finished__isnull=False, owner__isnull=False)
    yield _who(done.exclude(process=concern.process_id) if concern else done, "owner", TASK)
    registered = Family.objects.unscoped(reason="who registered it").filter(pk=family)
    yield _who(registered, "registered_by", ENTRY)
    for model, way, name in _entries():
        rows = model._base_manager.filter(**{way: family, f"{name}__isnull": False})
        if concern is None:
            pass
        elif model is Concern:
            rows = rows.exclude(pk=concern.pk)
        elif model is ConcernAssessment:
            rows = rows.exclude(concern=concern)
        yield _who(rows, name, ENTRY)


def _who(rows: QuerySet[Model], name: str, kind: str) -> QuerySet[Model, tuple[int, str]]:
    return rows.order_by().values_list(name, Value(kind, output_field=CharField())).distinct()


@cache
def _entries() -> tuple[tuple[type[Model], str, str], ...]:
    """(table, its way to the family, who did it) of everything written about families.

    Read from the tables as they are, so that a new one counts by itself: who did something is called ``…_by``
    or ``author`` everywhere in the house.
    """
    return tuple(
        (model, way, field.name)
        for model in apps.get_models()
        if issubclass(model, MunicipalityModel) and model is not FamilyGrant
        for way in [_way_to_family(model)]
        if way
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Staff and _did_it(model, field.name)
    )


def _did_it(model: type[Model], name: str) -> bool:
    return name.endswith("_by") or name == "author" or (model is Attendance and name == "staff")


def _way_to_family(model: type[Model], *, further: bool = True) -> str:
    """The look-up that leads from a row to its family, at most by way of one other table; '' when none does."""
    keys = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and isinstance(field.related_model, type)
    ]
    for key in keys:
        if key.related_model is Family:
            return key.name
    for key in keys if further else []:
        way = _way_to_family(key.related_model, further=False) if _about_case(key.related_model) else ""
        if way:
            return f"{key.name}__{way}"
    return ""


def _about_case(model: type[Model]) -> bool:
    return issubclass(model, MunicipalityModel)
