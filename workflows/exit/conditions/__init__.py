"""The conditions of the exit ladder: which kinds there are, what they rest on, and what they say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from workflows.exit.conditions import closing, laid, received, standing
from workflows.exit.conditions.base import Ground, Kind, Stand, read_ground
from workflows.exit.models import ExitStep
from workflows.kernel.steps import Condition, Situation
from workflows.model_versions.exit_ladder import ConditionCode, ConditionRule, ExitRung

KINDS: dict[ConditionCode, Kind] = {
    kind.code: kind for kind in (*standing.KINDS, *laid.KINDS, *received.KINDS, *closing.KINDS)
}

#: What the authority's own word answers, and what therefore is no ground for giving it.
AUTHORITYS_OWN = frozenset({ConditionCode.AUTHORITY, ConditionCode.DECISION_FROM_MOVE_DAY})


def stand_of(
    situation: Situation, steps: tuple[ExitStep, ...], step: ExitStep | None, rung: ExitRung
) -> Stand:
    """Where the family stands, for the readers."""
    return Stand(
        family=situation.family,
        model=situation.model,
        rung=rung,
        today=situation.today,
        steps=steps,
        step=step,
    )


def read(stand: Stand, rules: Iterable[ConditionRule]) -> Ground:
    """What the rules rest on: one query, however many rules there are."""
    rules = tuple(rules)
    return read_ground(stand, rules, (KINDS[rule.code].reader for rule in rules))


def check(ground: Ground) -> tuple[Condition, ...]:
    """Each condition with its evidence, in the order of the model version. Pure."""
    checked = []
    for rule in ground.rules:
        kind = KINDS[rule.code]
        checked.append(kind.check(ground.facts[kind.reader.name], rule, ground))
    return tuple(checked)


def of_request(rules: Iterable[ConditionRule]) -> tuple[ConditionRule, ...]:
    """Those without which nobody may even ask."""
    return tuple(rule for rule in rules if KINDS[rule.code].at_request)


def of_authority(rules: Iterable[ConditionRule]) -> tuple[ConditionRule, ...]:
    """The ground of the authority's word: all but the word itself."""
    return tuple(rule for rule in rules if rule.code not in AUTHORITYS_OWN)


def of_the_day(rules: Iterable[ConditionRule]) -> tuple[ConditionRule, ...]:
    """Those that must still be met on the day a step is carried out."""
    return tuple(rule for rule in rules if KINDS[rule.code].at_carry_out)


def planned(ground: Ground, *, planned_from: date, planned_until: date | None) -> Ground:
    """The same ground for a step that is being planned for those days."""
    return replace(ground, planned_from=planned_from, planned_until=planned_until)


def noted(ground: Ground) -> list[dict[str, Any]]:
    """The conditions as they are kept with a request or a decision: in the house's language, to be compared later."""
    with translation.override(settings.LANGUAGE_CODE):
        return [
            {"code": c.code, "title": str(c.title), "met": c.met, "evidence": str(c.evidence)}
            for c in check(ground)
        ]


def changed_since(ground: Ground, before: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """The conditions, each saying what it looked like at the request when that is no longer so."""
    then = {row["code"]: row for row in before}
    return tuple(
        replace(condition, change=_change(then.get(condition.code), row))
        for condition, row in zip(check(ground), noted(ground), strict=True)
    )


def _change(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> str:
    if before is None or (before["met"], before["evidence"]) == (now["met"], now["evidence"]):
        return ""
    state = _("opfyldt") if before["met"] else _("manglede")
    return _("Ændret, siden der blev bedt om trinnet. Dengang: %(state)s") % {"state": state} + (
        f" ({before['evidence']})" if before["evidence"] else ""
    )


__all__ = [
    "KINDS",
    "Ground",
    "Kind",
    "Stand",
    "changed_since",
    "check",
    "noted",
    "of_authority",
    "of_request",
    "of_the_day",
    "planned",
    "read",
    "stand_of",
]
