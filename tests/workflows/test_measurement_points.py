"""The points at which the model measures a family, as data: what is refused, and with which words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from placement.access.roles import Role
from workflows.model_versions.clock_rules import Event
from workflows.model_versions.content import NATIONAL, parse, read_file
from workflows.model_versions.measurement_points import parse_points
from workflows.model_versions.services import InvalidVersion, read

SHIPPED = NATIONAL / "2026-1.toml"
POINT: dict[str, Any] = {
    "code": "start", "title": "Ved indflytning", "after": "moved_in", "opens_days": 0, "due_days": 28,
    "instruments": ["kpcs"],
}  # fmt: skip


def test_a_point_counts_its_days_from_the_stay():
    (point,) = parse_points({"measurement_points": [POINT | {"opens_days": -7}]})
    assert (point.opens(date(2026, 3, 8)), point.due(date(2026, 3, 8))) == (
        date(2026, 3, 1),
        date(2026, 4, 5),
    )


def test_a_version_without_points_asks_for_none():
    content = read_file(SHIPPED)
    del content["measurement_points"]
    assert parse(content).measurement_points == ()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"after": "yesterday"}, "yesterday"),
        ({"due_days": -1}, "due before it opens"),
        ({"instruments": []}, "needs instruments"),
        ({"warn_days": -1}, "before the last day"),
        ({"instruments": ["kpcs", "kpcs"]}, "each once"),
    ],
)
def test_a_point_that_cannot_be_is_refused_by_name(wrong, reason):
    with pytest.raises(ValueError, match=reason) as refused:
        parse_points({"measurement_points": [POINT | wrong]})
    assert "'start'" in str(refused.value)


def test_two_points_of_one_code_and_one_with_a_gap_are_refused():
    with pytest.raises(ValueError, match="the same code"):
        parse_points({"measurement_points": [POINT, POINT]})
    with pytest.raises(ValueError, match="lacks 'due_days'"):
        parse_points({"measurement_points": [{k: v for k, v in POINT.items() if k != "due_days"}]})


def test_an_instrument_that_nobody_has_is_refused_where_the_file_comes_in():
    source = SHIPPED.read_text(encoding="utf-8")
    assert read(source)["code"] == "2026-1"
    with pytest.raises(InvalidVersion, match="Målepunktet start nævner mmpi, som ikke er et redskab"):
        read(source.replace('["kpcs", "who-5", "epds", "osss-3", "prfq"]', '["mmpi"]', 1))


def test_a_point_has_a_deadline_with_a_reminder_that_never_comes_before_it_opens():
    def rule(**otherwise):
        (point,) = parse_points({"measurement_points": [POINT | otherwise]})
        return point.clock

    start = rule()
    assert (start.code, start.title, start.trigger, start.stopped_by) == (
        "measure-start", "Målinger: Ved indflytning", Event.MOVED_IN, Event.POINT_MEASURED,
    )  # fmt: skip
    assert (start.length, start.warn_before, start.reminds, start.escalates_to) == (
        28, 7, Role.PRACTITIONER, Role.TEAM_LEAD,
    )  # fmt: skip
    assert rule(warn_days=3).warn_before == 3 and rule(warn_days=0).warn_before == 0
    assert rule(opens_days=25).warn_before == 3
    after = rule(after="moved_out")
    assert (after.reminds, after.escalates_to) == (Role.CASEWORKER, Role.AUTHORITY_LEAD)
    # Over on the day that it is counted from: nobody could be told in time.
    assert rule(opens_days=-30, due_days=0) is None


def test_every_point_of_the_shipped_version_has_its_deadline():
    model = parse(read_file(SHIPPED))
    assert {rule.code for rule in model.every_clock} - {rule.code for rule in model.clocks} == {
        "measure-start", "measure-three-months", "measure-exit", "measure-half-year",
    }  # fmt: skip
