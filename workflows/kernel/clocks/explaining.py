"""Never late in silence: why a deadline was not kept is asked for, and said once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.roles import Action
from placement.families.models import Family
from workflows.kernel.models import Clock, LateReason


def explain(*, actor: Actor, clock: Clock, kind: str, text: str, now: datetime) -> LateReason:
    """Say why the clock was not kept. It is said once: a second word would cover the first.

    Raises NotAllowed, Refused (``clock-not-late``, ``reason-missing``), StaleState (``already-explained``).
    """
    if not actor.may(Action.EXPLAIN_LATE):
        raise NotAllowed(_("Din rolle kan ikke forklare en overskredet frist."))
    if not clock.is_late(now):
        raise Refused(_("Fristen er ikke overskredet. Der er intet at forklare."), type="clock-not-late")
    if not text.strip():
        raise Refused(_("Skriv, hvorfor fristen blev overskredet."), type="reason-missing")
    try:
        with transaction.atomic():
            return LateReason.objects.create(
                municipality_id=clock.municipality_id,
                family_id=clock.family_id,
                clock=clock,
                due_at=clock.due_at,
                kind=kind,
                text=text.strip(),
                given_by=actor.staff,
                given_at=now,
            )
    except IntegrityError:
        raise StaleState(
            _("Der er allerede skrevet, hvorfor. Genindlæs siden."), type="already-explained"
        ) from None


def to_explain(family: Family, now: datetime) -> Any:
    """The family's deadlines of the law that were not kept and that nobody has explained, the oldest first."""
    return Clock.objects.unexplained(now).filter(family=family).order_by("due_at", "id")


def explained(family: Family) -> Any:
    """Why deadlines of the law were not kept, as it was said, the newest first."""
    said = LateReason.objects.filter(family=family).select_related("clock", "given_by")
    return said.order_by("-given_at", "-id")
