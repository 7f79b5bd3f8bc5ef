"""The evaluation's chosen families as a version's file says them, and what staff who hold sessions must have had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from placement.research.codes import (
    MUNICIPALITIES,
    PLACES,
    TURNS,
    VIDEO_FROM_MONTHS,
    VIDEOS,
    ResearchActivity,
)
from placement.research.rules import ActivityRule, ResearchAnchor, ResearchRules, Window


@dataclass(frozen=True)
class MentalisationRules:
    """Kinds of training that those who hold mentalising sessions have had and still have; none: nothing is asked."""

    training: tuple[str, ...]
    source: str


def parse_mentalisation(content: Mapping[str, Any]) -> MentalisationRules:
    """``[mentalisation]`` of a version; one without it asks for nothing. Raises ValueError for an unknown training."""
    written = content.get("mentalisation", {})
    rules = MentalisationRules(tuple(written.get("training", ())), str(written.get("source", "")))
    known = {row.get("code") for row in content["training_kinds"]}
    unknown = [code for code in rules.training if code not in known]
    if unknown:
        raise ValueError(f"mentalisation asks for {unknown[0]!r}, which is no kind of training")
    return rules


def parse_research(content: Mapping[str, Any]) -> ResearchRules | None:
    """``[research]`` with its windows and activities; None for a version in which nobody is chosen.

    Raises ValueError for more than the evaluation has agreed on: other municipalities, a fifth family in one, a
    third in a window, a video of a child younger than two months, an activity that does not exist, windows that
    overlap. Those numbers stand in the database too.
    """
    written = content.get("research")
    if written is None:
        return None
    try:
        rules = ResearchRules(
            municipalities=tuple(int(code) for code in written["municipalities"]),
            families=int(written["families"]),
            source=str(written["source"]),
            windows=tuple(_window(row) for row in content["research_windows"]),
            activities=tuple(_activity(row) for row in content["research_activities"]),
        )
    except KeyError as missing:
        raise ValueError(f"research lacks {missing}") from missing
    if not set(rules.municipalities) <= set(MUNICIPALITIES):
        raise ValueError("research: a municipality is not one of the evaluation's three")
    if not 1 <= rules.families <= PLACES:
        raise ValueError(f"research: a municipality chooses from 1 to {PLACES} families")
    for one, later in zip(rules.windows, rules.windows[1:], strict=False):
        if later.first <= one.last:
            raise ValueError(f"research window {later.code!r} begins before {one.code!r} has ended")
    for codes, what in (
        ([window.code for window in rules.windows], "windows"),
        ([rule.code for rule in rules.activities], "activities"),
    ):
        if len(set(codes)) != len(codes):
            raise ValueError(f"two research {what} have the same code")
    return rules


def _window(row: Mapping[str, Any]) -> Window:
    name = row.get("code", "?")
    try:
        window = Window(
            code=str(row["code"]),
            title=str(row["title"]),
            first=date.fromisoformat(row["first"]),
            last=date.fromisoformat(row["last"]),
            families=int(row["families"]),
            source=str(row["source"]),
        )
    except KeyError as missing:
        raise ValueError(f"research window {name!r} lacks {missing}") from missing
    except (TypeError, ValueError) as wrong:
        raise ValueError(f"research window {name!r}: {wrong}") from wrong
    if window.last < window.first:
        raise ValueError(f"research window {name!r} ends before it begins")
    if not 1 <= window.families <= TURNS:
        raise ValueError(f"research window {name!r} gives from 1 to {TURNS} families")
    return window


def _activity(row: Mapping[str, Any]) -> ActivityRule:
    name = row.get("code", "?")
    try:
        rule = ActivityRule(
            code=ResearchActivity(row["code"]).value,
            title=str(row["title"]),
            after=ResearchAnchor(row["after"]),
            opens_days=int(row["opens_days"]),
            due_days=int(row["due_days"]) if "due_days" in row else None,
            child_months=int(row["child_months"]) if "child_months" in row else None,
            expected_only=bool(row.get("expected_only", False)),
            source=str(row["source"]),
        )
    except KeyError as missing:
        raise ValueError(f"research activity {name!r} lacks {missing}") from missing
    except ValueError as wrong:
        raise ValueError(f"research activity {name!r}: {wrong}") from wrong
    if rule.opens_days < 0 or (rule.due_days is not None and rule.due_days < 1):
        raise ValueError(f"research activity {name!r} is due before it opens")
    if (rule.code in VIDEOS) != (rule.child_months is not None):
        raise ValueError(
            f"research activity {name!r}: a child's age belongs to the videos, and to each of them"
        )
    if rule.child_months is not None and rule.child_months < VIDEO_FROM_MONTHS:
        raise ValueError(
            f"research activity {name!r}: a child is at least {VIDEO_FROM_MONTHS} months old on a video"
        )
    return rule
