"""Gateways that every core element shares."""

from __future__ import annotations

from typing import Any

from placement.families.models import Phase


def has_exited(activation: Any) -> bool:
    """Whether the family has moved out: then each core element ends with the round it is in."""
    family = activation.process.family
    family.refresh_from_db(fields=["phase"])
    return bool(family.phase == Phase.EXITED)
