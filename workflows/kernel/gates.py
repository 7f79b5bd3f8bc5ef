"""Gateways that every core element shares."""

from __future__ import annotations

from typing import Any

from placement.families.models import Phase


def has_exited(activation: Any) -> bool:
    """Whether the family has moved out: then each core element ends with the round it is in.

    The engine's processes come with the family as it was read under its lock, and as the step has changed it.
    """
    return bool(activation.process.family.phase == Phase.EXITED)
