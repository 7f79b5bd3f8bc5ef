"""The worker killed with -9 in the middle of its sweep, or right after it: everybody is told, and nobody twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests import serving
from tests.failure.conftest import until
from tests.failure.killing import AFTER, BEFORE, MOMENTS, Looking, Start
from tests.scene import PARENT, Scene

#: The next round of the sweep is at most a minute away, and the machine may be busy.
A_ROUND = 150.0


def told(looking: Looking) -> list[tuple[Any, ...]]:
    return looking.execute(
        "SELECT s.username, n.clock_id, n.kind FROM kernel_notice n JOIN access_staff s ON s.id = n.recipient_id "
        "ORDER BY 1, 2, 3"
    ).fetchall()


def untold(looking: Looking) -> int:
    """Deadlines that have passed and of which nobody has been told."""
    row = looking.execute(
        "SELECT count(*) FROM kernel_clock WHERE stopped_at IS NULL AND due_at <= now() AND escalated_at IS NULL"
    ).fetchone()
    assert row is not None
    return int(row[0])


def mails(since: set[Path]) -> Counter[str]:
    """How many mails each address has got."""
    found: Counter[str] = Counter()
    for path in set((Path(settings.VAR_DIR) / "mail").glob("*")) - since:
        text = path.read_text(encoding="utf-8")
        assert PARENT not in text and "2025-" not in text and "2026-0" not in text
        found.update(line.removeprefix("To: ") for line in text.splitlines() if line.startswith("To: "))
    return found


@pytest.mark.parametrize("moment", MOMENTS)
def test_whatever_the_moment_each_is_told_and_mailed_once(
    house: None, looking: Looking, doomed: Start, held: Any, tmp_path: Path, moment: str
) -> None:
    Scene("greve").go_on_to("plan_exit")  # a year ago: by now its open steps are late, and it has no team
    late = untold(looking)
    assert late > 3
    earlier = set((Path(settings.VAR_DIR) / "mail").glob("*"))
    if moment == AFTER:
        # The round is over, and nobody has been mailed: that is other work, and another worker's.
        worker = doomed("worker", "tests.failure.doomed", "sweeps")
        worker.wait_until_it_says("committed")
        worker.kill()
        assert untold(looking) == 0 and mails(earlier) == Counter()
    else:
        with held("kernel_notice"):
            worker = doomed("worker", "django", "run_worker", notices=moment == BEFORE)
            worker.wait_inside_commit()
            worker.kill()
            if moment == BEFORE:
                worker.wait_until_the_server_gave_up()
            assert told(looking) == [] and untold(looking) == late
    worker.wait_until_the_server_gave_up()
    first = told(looking)
    assert bool(first) is (moment != BEFORE)
    with serving.worker(tmp_path / "worker.log") as another:
        until(lambda: untold(looking) == 0, seconds=A_ROUND)
        people = {username for username, _clock, _kind in told(looking)}
        until(lambda: set(mails(earlier)) == {f"{name}@example.invalid" for name in people}, seconds=A_ROUND)
        assert "Traceback" not in another.said
    finally_told = told(looking)
    assert len(finally_told) == len(set(finally_told))
    assert moment == BEFORE or finally_told == first
    assert {kind for _name, _clock, kind in finally_told} == {"escalated"}
    assert {"greve.teamlead", "greve.teamlead2", "greve.authoritylead"} <= people
    assert set(mails(earlier).values()) == {1}
