"""The table of paths is walked by the cast, line by line; and no way of any frozen graph is missing from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction

from evaluation import building
from placement import clock
from tests import releasing
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
        """Walk the way of releases, as the evaluator asks, the worker builds and carries, and two towns answer."""
        cast = Cast()
        releasing.families_have_begun([cast.greve, cast.randers], self.looking)
        for line in lines:
            for flow in ("ReleaseFlow", "ReleaseApprovalFlow"):
                self._new(flow)
            with monkeypatch.context() as broken:
                if line.begun == "fails":
                    broken.setattr(building, "made_of", _fails)
                WAYS[line.begun](cast)
            self._note(line)

    def _note(self, line: Path) -> None:
        """What the work has passed in the line's flow since the line of that flow before."""
        new = self._new(line.flow)
        self.passed[str(line)] = sorted((source, target) for _b, _a, source, target in new)

    def _new(self, flow: str) -> list[Any]:
        """What has been passed in ``flow`` since somebody asked before."""
        before = self.seen.setdefault(flow, set())
        new = [row for row in self.looking.execute(_PASSED, [flow]) if (row[0], row[1]) not in before]
        before |= {(row[0], row[1]) for row in new}
        return new


def _fails(*given: Any, **stated: Any) -> Any:
    raise ValueError


def _answered(cast: Cast, *, randers: bool = True, greve: bool = True) -> Any:
    """A release that both towns have answered."""
    release = releasing.to_the_municipalities(cast.evaluator)
    releasing.say(cast.greve.privacy, release, "review")
    releasing.carry(release)
    for town, yes in ((cast.greve, greve), (cast.randers, randers)):
        releasing.say(town.authoritylead, release, "approve", approved=yes, reason="" if yes else "Nej.")
    releasing.carry(release)
    return release


def _expires(cast: Cast) -> None:
    from evaluation.ending import expire

    _answered(cast)
    with cast.evaluator.acting():
        assert len(expire(now=clock.now() + timedelta(days=31))) == 1


def _agreement_ends(cast: Cast) -> None:
    releasing.register(cast.evaluator, "2026-9", ends_on=clock.today())
    release = releasing.to_the_municipalities(cast.evaluator, agreement="2026-9")
    with clock.standing_at(clock.now() + timedelta(days=1)):
        releasing.carry(release)


def _one_says_no(cast: Cast) -> None:
    release = _answered(cast, randers=False)
    releasing.build(cast.evaluator, release)
    releasing.carry(release)
    releasing.say(cast.greve.privacy, release, "review")
    releasing.say(cast.greve.authoritylead, release, "approve")
    releasing.carry(release)


def _take_back(cast: Cast, release: Any) -> None:
    from evaluation.asking import withdraw_release

    with cast.evaluator.acting():
        withdraw_release(actor=cast.evaluator, release_uuid=release.uuid, reason="Fejl.")
    releasing.carry(release)


def _asked_in_greve(cast: Cast, *words: tuple[Any, str, bool]) -> None:
    """One municipality answers and the other has not looked yet."""
    release = releasing.to_the_municipalities(cast.evaluator)
    for actor, step, yes in words:
        releasing.say(actor, release, step, approved=yes, reason="" if yes else "Nej.")


#: How the lines of releases are walked.
WAYS: dict[str, Callable[[Cast], Any]] = {
    "expires": _expires,
    "agreement ends": _agreement_ends,
    "taken back": lambda cast: _take_back(cast, _answered(cast)),
    "taken back early": lambda cast: _take_back(cast, releasing.to_the_municipalities(cast.evaluator)),
    "refused": lambda cast: _answered(cast, greve=False, randers=False),
    "one says no": _one_says_no,
    "fails": lambda cast: releasing.build(cast.evaluator, releasing.request(cast.evaluator)),
    "taken back unbuilt": lambda cast: _take_back(cast, releasing.request(cast.evaluator)),
    "yes": lambda cast: _asked_in_greve(
        cast, (cast.greve.privacy, "review", True), (cast.greve.authoritylead, "approve", True)
    ),
    "no of the lead": lambda cast: _asked_in_greve(
        cast, (cast.greve.privacy, "review", True), (cast.greve.authoritylead, "approve", False)
    ),
    "no of the officer": lambda cast: _asked_in_greve(cast, (cast.greve.privacy, "review", False)),
}


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
