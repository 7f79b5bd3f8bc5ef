"""What every write about hours and costs is held to: who may, the reason, the stage, an amount of kroner."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused
from placement.access.roles import Action
from placement.costs.codes import CostStage
from placement.families.models import Family

LONGEST_REASON = 300


def check_may(actor: Actor, action: Action) -> None:
    """Raise NotAllowed when none of the person's roles carries ``action``."""
    if not actor.may(action):
        raise NotAllowed(_("Din rolle giver ikke ret til det."))


def check_reason(reason: str, ask: Any) -> None:
    """A reason of some words; ``ask`` says what it is for. Raises Refused: ``reason-missing``, ``reason-too-long``."""
    if not reason.strip():
        raise Refused(ask, type="reason-missing")
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(_("Skriv det med højst 300 tegn."), type="reason-too-long")


def check_stage(stage: str, family: Family | None) -> None:
    """Start-up or operation, and never start-up on a family. Raises Refused: ``stage-unknown``, ``start-up-with-family``."""
    if stage not in CostStage.values:
        raise Refused(_("Vælg, om det er opstart eller drift."), type="stage-unknown")
    if family is not None and stage != CostStage.OPERATION:
        raise Refused(
            _("Det, der bruges på en familie, er drift. Opstart er det, der er brugt uden for familierne."),
            type="start-up-with-family",
        )


def check_kroner(amount: Decimal, largest: Decimal) -> None:
    """A sum of kroner that can be kept: something, in kroner and øre, not more than ``largest``.

    Raises Refused: ``amount-not-positive``, ``amount-decimals``, ``amount-too-large``.
    """
    if not amount.is_finite() or amount <= 0:
        raise Refused(_("Beløbet skal være over 0 kr. Ret det."), type="amount-not-positive")
    if amount > largest:
        raise Refused(_("Beløbet er for stort. Ret det."), type="amount-too-large")
    if amount != round(amount, 2):
        raise Refused(_("Skriv beløbet med højst to decimaler."), type="amount-decimals")
