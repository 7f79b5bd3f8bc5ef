"""The table of paths is walked by the cast, line by line; and no way of any frozen graph is missing from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.test import override_settings

from placement import clock
from tests.cast import Cast
from tests.deciding import BEGUN, begin
from tests.scene import Scene
from tests.workflows.paths import FAMILIES, RELEASES, TABLE, Edge, Path, resolved
from tests.workflows.test_frozen_graphs import stored

_PASSED = """
SELECT b.id, a.id, regexp_replace(a.flow_task, '^.*[.]', ''), regexp_replace(b.flow_task, '^.*[.]', '')
  FROM kernel_task_previous way JOIN kernel_task b ON b.id = way.from_task_id
  JOIN kernel_task a ON a.id = way.to_task_id JOIN kernel_process p ON p.id = b.process_id
 WHERE p.flow_class LIKE '%%.' || %s AND a.process_id = b.process_id
"""


def drawn() -> dict[str, set[Edge]]:
    """The ways of each flow, as the stored listing has them."""
    found: dict[str, set[Edge]] = {}
    flow = ""
    for line in stored():
        if line.startswith(" "):
            node, _type, *ways = re.split(r"\s+(?:->\s+)?", line.strip())
            found[flow] |= {(node, way.split(":")[-1]) for way in ways}
        elif line:
            flow = line.split()[0].rsplit(".", 1)[-1]
            found[flow] = set()
    return found


class Walk:
    """Walks lines of the table, and notes what each passed."""

    def __init__(self, looking: psycopg.Connection[Any]) -> None:
        self.looking = looking
        self.seen: dict[str, set[tuple[int, int]]] = {}
        self.passed: dict[str, list[Edge]] = {}

    def family(self, lines: list[Path]) -> None:
        """Walk lines that follow one another in one family's journey."""
        scene = Scene("greve")
        scene.company.steady = True
        for line in lines:
            if line.begun == "concern":
                scene.receive_concern(**dict(line.begun_with))
            elif line.begun == "investigation":
                scene.begin_investigation(**dict(line.begun_with))
            elif line.begun == "two plans":
                scene.begin_two_plans()
            elif line.begun == "conference":
                scene.ask_conference()
            elif line.begun == "consent taken back":
                scene.take_back_consent()
            elif line.begun == "an EPDS":
                scene.answer_epds(**dict(line.begun_with))
            elif line.begun in BEGUN:
                begin(scene, line.begun)
            for step, otherwise in line.answers:
                with scene.company.actor("authoritylead").acting(), transaction.atomic():
                    said = resolved(otherwise, scene.family, clock.danish_day(scene.now))
                scene.take(self._task(scene, line, step), **said)
            self._note(line)

    @staticmethod
    def _task(scene: Scene, line: Path, step: str) -> Any:
        waiting = [t for t in scene.open_tasks() if t.flow_task.flow_class.__name__ == line.flow]
        found = [task for task in waiting if task.flow_task.name == step]
        assert found, f"{line}: {step} is not open, but {[task.flow_task.name for task in waiting]}"
        return found[0]

    def releases(self, lines: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """Walk the way of releases, as the evaluator asks for them and the worker builds them."""
        from evaluation import building
        from evaluation.services import request_release

        evaluator = Cast().evaluator
        for line in lines:
            with override_settings(DEMO_MODE=True), monkeypatch.context() as broken, evaluator.acting():
                if dict(line.answers)["build"]:
                    broken.setattr(building, "read", _fails)
                release = request_release(
                    actor=evaluator,
                    kind="T1",
                    purpose="Evaluering",
                    agreement="2026-17",
                    datasets=["registration"],
                    now=clock.now(),
                )
                building.build(release_uuid=release.uuid, now=clock.now())
            self._note(line)

    def _note(self, line: Path) -> None:
        """What the work has passed in the line's flow since the line of that flow before."""
        before = self.seen.setdefault(line.flow, set())
        new = [row for row in self.looking.execute(_PASSED, [line.flow]) if (row[0], row[1]) not in before]
        before |= {(row[0], row[1]) for row in new}
        self.passed[str(line)] = sorted((source, target) for _b, _a, source, target in new)


def _fails(names: Any) -> Any:
    raise ValueError


@pytest.fixture(scope="module")
def walked(superuser_url: str, shared_house: None) -> Iterator[Walk]:
    """Each line walked once; the tests only look."""
    with psycopg.connect(superuser_url, autocommit=True) as looking, pytest.MonkeyPatch.context() as patch:
        walk = Walk(looking)
        for lines in FAMILIES:
            walk.family(lines)
        walk.releases(RELEASES, patch)
        yield walk


@pytest.mark.parametrize("line", TABLE, ids=str)
def test_a_path_passes_the_nodes_it_is_said_to(walked: Walk, line: Path) -> None:
    passed, told = Counter(walked.passed[str(line)]), Counter(line.edges)
    assert passed == told, f"not in the table: {passed - told}, not passed: {told - passed}"


def test_no_way_of_any_graph_is_missing_from_the_table_and_none_is_invented() -> None:
    told: dict[str, set[Edge]] = {}
    for line in TABLE:
        told.setdefault(line.flow, set()).update(line.edges)
    for flow, ways in drawn().items():
        assert told.get(flow, set()) == ways, flow
    assert set(told) == set(drawn())


def test_each_path_has_a_name_of_its_own_and_says_what_the_next_step_is() -> None:
    assert len({str(line) for line in TABLE}) == len(TABLE)
    for line in TABLE:
        nodes = line.chains[0].split()
        first, last = line.answers[0][0], line.answers[-1][0]
        assert first in " ".join(line.chains) and nodes[-1] != last, line
