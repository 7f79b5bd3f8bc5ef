"""What a municipality may change in the national version, and the version as it then reads."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from workflows.model_versions.clock_rules import Unit
from workflows.model_versions.ladder import conditions_of

#: The parts of a version that an adaptation's overrides may name; see `adapted`.
PARTS = frozenset({"cadence_days", "due_working_days", "clocks", "contacts", "team", "exit_steps"})


@dataclass(frozen=True)
class Ends:
    """The least and the most, both allowed."""

    least: int
    most: int

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self.least <= number <= self.most


@dataclass(frozen=True)
class Limits:
    """The national version's word on adaptations. What is not named may not be changed."""

    cadence_days: Mapping[str, Ends]
    due_working_days: Mapping[str, Ends]
    #: By the clock's code, in the clock's own unit.
    clocks: Mapping[str, Ends]
    #: Contacts may be added up to so many months after closing; 0: none.
    contact_months_up_to: int
    may_require_professions: bool
    #: Conditions that may be added to any exit step. None can be taken away.
    exit_conditions: tuple[str, ...]


def parse_limits(content: Mapping[str, Any]) -> Limits:
    """The ``[limits]`` of a version; without them nothing may be changed. Raises ValueError for wrong ends."""
    written = content.get("limits", {})
    return Limits(
        cadence_days=_ends(written, "cadence_days"),
        due_working_days=_ends(written, "due_working_days"),
        clocks=_ends(written, "clocks"),
        contact_months_up_to=int(written.get("contact_months_up_to", 0)),
        may_require_professions=bool(written.get("may_require_professions", False)),
        exit_conditions=tuple(written.get("exit_conditions", ())),
    )


def _ends(written: Mapping[str, Any], part: str) -> dict[str, Ends]:
    found = {}
    for name, pair in written.get(part, {}).items():
        whole = isinstance(pair, list) and len(pair) == 2 and all(type(number) is int for number in pair)
        if not whole or not 0 < pair[0] <= pair[1]:
            raise ValueError(
                _("Grænserne for %(name)s skal være to hele tal, det mindste først.") % {"name": name}
            )
        found[name] = Ends(*pair)
    return found


def length_of(clock: Mapping[str, Any]) -> tuple[str, int]:
    """The unit and the length of a clock as written."""
    unit = next(unit.value for unit in Unit if unit.value in clock)
    return unit, 0 if unit == Unit.GIVEN.value else int(clock[unit])


def beyond_limits(content: Mapping[str, Any], overrides: Mapping[str, Any]) -> list[str]:
    """Why these overrides may not be made on this national version, in words; empty when they may."""
    return list(_beyond(content, parse_limits(content), overrides))


def _beyond(content: Mapping[str, Any], limits: Limits, overrides: Mapping[str, Any]) -> Iterator[str]:
    for part in sorted(set(overrides) - PARTS):
        yield _("%(part)s er det samme i alle kommuner.") % {"part": part}
    for part, allowed in (
        ("cadence_days", limits.cadence_days),
        ("due_working_days", limits.due_working_days),
        ("clocks", limits.clocks),
    ):
        for name, number in overrides.get(part, {}).items():
            if name not in allowed:
                yield _("%(part)s er det samme i alle kommuner.") % {"part": name}
            elif number not in allowed[name]:
                yield _("%(name)s: vælg et tal fra %(least)d til %(most)d.") % {
                    "name": name,
                    "least": allowed[name].least,
                    "most": allowed[name].most,
                }
    for month in overrides.get("contacts", {}).get("add_months", []):
        if type(month) is not int or not 0 < month <= limits.contact_months_up_to:
            yield _("Kontakter kan lægges til indtil %(months)d måneder efter afslutningen.") % {
                "months": limits.contact_months_up_to
            }
    required = overrides.get("team", {}).get("require", [])
    if required and not limits.may_require_professions:
        yield _("De påkrævede faggrupper er de samme i alle kommuner.")
    for profession in required:
        if profession not in content["team"]["professions"]:
            yield _("%(name)s er ikke en af modellens faggrupper.") % {"name": profession}
    codes = {step["code"] for step in content["exit_steps"]}
    for code, added in overrides.get("exit_steps", {}).items():
        if code not in codes:
            yield _("Trin %(code)s findes ikke i udslusningen.") % {"code": code}
        for condition in added:
            if condition not in limits.exit_conditions:
                yield _("Betingelsen %(name)s kan ikke lægges til.") % {"name": condition}


def adapted(content: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The national version as it reads with a municipality's overrides.

    ``cadence_days``, ``due_working_days`` and ``clocks`` name new numbers; ``contacts.add_months``,
    ``team.require`` and ``exit_steps`` (conditions by step) only ever add.
    """
    version = copy.deepcopy(dict(content))
    for part in ("cadence_days", "due_working_days"):
        version[part] |= overrides.get(part, {})
    for clock in version["clocks"]:
        if clock["code"] in overrides.get("clocks", {}):
            unit, _length = length_of(clock)
            clock[unit] = overrides["clocks"][clock["code"]]
            if "warn_before" in clock:
                clock["warn_before"] = min(clock["warn_before"], clock[unit] - 1)
    contacts = version["contacts"]
    added = overrides.get("contacts", {}).get("add_months", [])
    contacts["months_after_closing"] = sorted({*contacts["months_after_closing"], *added})
    team = version["team"]
    team["required_professions"] = _with(
        team["required_professions"], overrides.get("team", {}).get("require", [])
    )
    for step in version["exit_steps"]:
        known = conditions_of(step)
        for code in overrides.get("exit_steps", {}).get(step["code"], []):
            if code not in known:
                step["conditions"].append({"code": code})
    return version


def _with(known: list[str], added: list[str]) -> list[str]:
    return [*known, *(name for name in added if name not in known)]
