"""The model as data: what a model version says, read once into one typed value.

What the law or the model does not settle is a default of ours here, and can be changed without a programmer.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workflows.model_versions.clock_rules import ClockRule, parse_clocks
from workflows.model_versions.exit_ladder import ExitRung, parse_ladder

NATIONAL = Path(__file__).with_name("national")


@dataclass(frozen=True)
class Model:
    """What flows and guards read: deadlines, cadences, the team's professions, the exit ladder, contacts, clocks."""

    #: Working days from a task's birth until it is due, by action.
    due_working_days: Mapping[str, int]
    #: Days between two rounds of a core element.
    cadence_days: Mapping[str, int]
    required_professions: tuple[str, ...]
    professions: tuple[str, ...]
    exit_ladder: tuple[ExitRung, ...]
    #: Months after the journey closed at which the family is contacted.
    contact_months: tuple[int, ...]
    #: The deadlines that what happens in the work starts and stops.
    clocks: tuple[ClockRule, ...]

    def rung(self, code: str) -> ExitRung:
        """The exit step called ``code``; raises KeyError for an unknown one."""
        for rung in self.exit_ladder:
            if rung.code == code:
                return rung
        raise KeyError(code)

    def rung_after(self, code: str | None) -> ExitRung | None:
        """The step after ``code`` (the first when None), or None after the last."""
        codes = [rung.code for rung in self.exit_ladder]
        index = 0 if code is None else codes.index(code) + 1
        return self.exit_ladder[index] if index < len(codes) else None

    def rung_before(self, code: str) -> ExitRung:
        """The step before ``code``; the first one's is itself."""
        codes = [rung.code for rung in self.exit_ladder]
        return self.exit_ladder[max(0, codes.index(code) - 1)]


def parse(content: Mapping[str, Any]) -> Model:
    """A stored or written model version as a `Model`; raises ValueError with what is wrong with it."""
    try:
        model = Model(
            due_working_days={str(k): int(v) for k, v in content["due_working_days"].items()},
            cadence_days={str(k): int(v) for k, v in content["cadence_days"].items()},
            required_professions=tuple(content["team"]["required_professions"]),
            professions=tuple(content["team"]["professions"]),
            exit_ladder=parse_ladder(content["exit_steps"]),
            contact_months=tuple(content["contacts"]["months_after_closing"]),
            clocks=parse_clocks(content["clocks"]),
        )
    except KeyError as missing:
        raise ValueError(f"the model version lacks {missing}") from missing
    if not set(model.required_professions) <= set(model.professions):
        raise ValueError("a required profession is not in the list of professions")
    if list(model.contact_months) != sorted(set(model.contact_months)):
        raise ValueError("the months of contact must rise")
    return model


def read_file(path: Path) -> dict[str, Any]:
    """A model version as its owners write it (TOML)."""
    with path.open("rb") as file:
        return tomllib.load(file)
