"""How an exit ended, written down once, as it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.families.models import Family, Person
from workflows.exit.models import ExitHome, ExitRecord


@transaction.atomic
def record_exit(
    *,
    actor: Actor,
    family: Family,
    planned: bool,
    initiator: str,
    child_lives: str,
    support_at_exit: str,
    homes: Mapping[Person, str],
    now: datetime,
) -> ExitRecord:
    """Write down what became of the family. ``homes``: where each parent lives.

    The outcome and the family's own view stand on the family. Raises Refused (``person-unknown``) for a home of
    somebody who is not of the family.
    """
    if any(person.family_id != family.pk for person in homes):
        raise Refused(_("Personen hører ikke til familien."), type="person-unknown")
    record = ExitRecord.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        planned=planned,
        initiator=initiator,
        child_lives=child_lives,
        support_at_exit=support_at_exit.strip(),
        recorded_by=actor.staff,
        recorded_at=now,
    )
    ExitHome.objects.bulk_create(
        ExitHome(municipality_id=family.municipality_id, record=record, parent=person, lives=lives)
        for person, lives in homes.items()
    )
    return record
