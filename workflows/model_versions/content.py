"""The model as data: what a model version says, read once into one typed value.

What the law or the model does not settle is a default of ours here, and can be changed without a programmer.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from placement.progression.trend import TrendRule
from placement.research.rules import ResearchRules
from workflows.model_versions.checks import faults
from workflows.model_versions.clock_rules import ClockRule, TaskClocks, parse_clocks, parse_task_clocks
from workflows.model_versions.decision_rules import DecisionRules, parse_decision_rules
from workflows.model_versions.exit_ladder import ExitRung, parse_ladder
from workflows.model_versions.ladder import in_order
from workflows.model_versions.limits import Limits, parse_limits
from workflows.model_versions.measurement_points import MeasurementPoint, parse_points
from workflows.model_versions.research_rules import MentalisationRules, parse_mentalisation, parse_research
from workflows.model_versions.team_rules import (
    MeetingType,
    StaffRules,
    parse_meeting_types,
    parse_staff_rules,
)

NATIONAL = Path(__file__).with_name("national")


@dataclass(frozen=True)
class OrganisationHeading:
    """One organisational prerequisite (``kind`` prerequisite) or value of the programme, with the owners' text."""

    code: str
    kind: str
    title: str
    text: str


@dataclass(frozen=True)
class MoveRules:
    """How long a move that people need stays open to them."""

    #: Calendar days after a step was completed in which it may be opened again to be corrected.
    correction_days: int
    #: Calendar days after a journey ended in which it may be opened again.
    reopening_days: int


@dataclass(frozen=True)
class Model:
    """What flows and guards read: deadlines, cadences, negative trends, professions, the exit ladder, contacts, clocks."""

    #: Working days from a task's birth until it is due, by action.
    due_working_days: Mapping[str, int]
    #: Days between two rounds of a core element.
    cadence_days: Mapping[str, int]
    #: When a follow-up shows a setback that the team must answer.
    negative_trend: TrendRule
    required_professions: tuple[str, ...]
    professions: tuple[str, ...]
    meeting_types: tuple[MeetingType, ...]
    staff: StaffRules
    exit_ladder: tuple[ExitRung, ...]
    #: Months after the journey closed at which the family is contacted.
    contact_months: tuple[int, ...]
    #: The deadlines that what happens in the work starts and stops.
    clocks: tuple[ClockRule, ...]
    #: The reminder and the escalation of every step that has a deadline.
    task_clocks: TaskClocks
    organisation: tuple[OrganisationHeading, ...]
    #: The answers of the yearly self-assessment, from the first step to the last.
    self_assessment_levels: tuple[str, ...]
    #: What a municipality may change by an adaptation.
    limits: Limits

    def meeting_type(self, code: str) -> MeetingType:
        """The meeting type called ``code``; raises KeyError for an unknown one."""
        return {kind.code: kind for kind in self.meeting_types}[code]

    moves: MoveRules
    #: When the family is measured, and with what.
    measurement_points: tuple[MeasurementPoint, ...]
    #: Parties, complaint and plan of a decision.
    decisions: DecisionRules

    @property
    def every_clock(self) -> tuple[ClockRule, ...]:
        """The clocks as they are written, and those of the measurement points."""
        points = (point.clock for point in self.measurement_points)
        return (*self.clocks, *(rule for rule in points if rule is not None))

    #: What staff who hold mentalising sessions must have had.
    mentalisation: MentalisationRules
    #: The evaluation's chosen families; None when the version chooses none.
    research: ResearchRules | None

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
    return recalled((content,), lambda: _parse(content))


#: Models of late, by the words of what they were made of. Each step of each family asks for one of a very few.
_KNOWN: dict[str, Model] = {}
_KNOWN_AT_MOST = 16


def recalled(made_of: tuple[Mapping[str, Any], ...], make: Callable[[], Model]) -> Model:
    """What ``make`` makes of just these contents, made once. Models are not changed by anybody, so they are shared."""
    words = json.dumps(made_of, default=repr)
    model = _KNOWN.get(words)
    if model is None:
        model = make()
        if len(_KNOWN) >= _KNOWN_AT_MOST:
            _KNOWN.clear()
        _KNOWN[words] = model
    return model


def _parse(content: Mapping[str, Any]) -> Model:
    try:
        model = Model(
            due_working_days={str(k): int(v) for k, v in content["due_working_days"].items()},
            cadence_days={str(k): int(v) for k, v in content["cadence_days"].items()},
            negative_trend=_parse_trend(content["negative_trend"]),
            required_professions=tuple(content["team"]["required_professions"]),
            professions=tuple(content["team"]["professions"]),
            meeting_types=parse_meeting_types(content),
            staff=parse_staff_rules(content),
            exit_ladder=parse_ladder(in_order(content["exit_steps"])),
            contact_months=tuple(content["contacts"]["months_after_closing"]),
            clocks=parse_clocks(content["clocks"]),
            organisation=tuple(
                OrganisationHeading(**{name: heading[name] for name in ("code", "kind", "title", "text")})
                for heading in content["organisation"]
            ),
            self_assessment_levels=tuple(content["self_assessment"]["levels"]),
            limits=parse_limits(content),
            moves=MoveRules(
                correction_days=int(content["moves"]["correction_days"]),
                reopening_days=int(content["moves"]["reopening_days"]),
            ),
            task_clocks=parse_task_clocks(content["task_clocks"]),
            measurement_points=parse_points(content),
            decisions=parse_decision_rules(content),
            mentalisation=parse_mentalisation(content),
            research=parse_research(content),
        )
    except KeyError as missing:
        raise ValueError(f"the model version lacks {missing}") from missing
    if not set(model.required_professions) <= set(model.professions):
        raise ValueError("a required profession is not in the list of professions")
    if reasons := faults(model):
        raise ValueError("\n".join(reasons))
    if list(model.contact_months) != sorted(set(model.contact_months)):
        raise ValueError("the months of contact must rise")
    if model.moves.correction_days < 0 or model.moves.reopening_days < 0:
        raise ValueError("a step or a journey cannot be opened again before it has ended: no negative days")
    return model


def _parse_trend(row: Mapping[str, Any]) -> TrendRule:
    try:
        rule = TrendRule(
            t_score_falls_by=Decimal(str(row["t_score_falls_by"])),
            goal_falls_in_a_row=int(row["goal_falls_in_a_row"]),
        )
    except InvalidOperation:
        raise ValueError("the fall of the T score must be a number") from None
    if not (rule.t_score_falls_by.is_finite() and rule.t_score_falls_by > 0):
        raise ValueError("a negative trend needs a fall of the T score above 0")
    if rule.goal_falls_in_a_row < 1:
        raise ValueError("a negative trend needs at least one fall of a goal in a row")
    return rule


def read_file(path: Path) -> dict[str, Any]:
    """A model version as its owners write it (TOML)."""
    with path.open("rb") as file:
        return tomllib.load(file)
