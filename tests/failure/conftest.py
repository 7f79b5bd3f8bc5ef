"""Holding a process inside its COMMIT, from outside: a trigger of the test's own, in the test's database only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from launch import processes
from tests import serving

Looking = psycopg.Connection[Any]

NAME = "doomed"
"""What the process to be killed is called by the database server."""

_HOLD = f"""
CREATE FUNCTION hold_the_doomed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('application_name') = '{NAME}' THEN
        WHILE NOT pg_try_advisory_xact_lock_shared(4711) LOOP
            PERFORM pg_sleep(0.02);
        END LOOP;
    END IF;
    RETURN NULL;
END $$
"""


def until(happened: Callable[[], Any], *, seconds: float = 40) -> Any:
    """Wait for something; what it was."""
    end = time.monotonic() + seconds
    while not (found := happened()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
    return found


class Doomed:
    """A process of one of the product's log-ins that is going to be killed."""

    def __init__(self, looking: Looking, process: str, *words: str, notices: bool, given: Any = None) -> None:
        self.looking = looking
        environ = serving.environment(process) | {"PGAPPNAME": NAME}
        if notices:
            # The server asks now and then whether the other end is still there, and gives up when it is not.
            environ["PGOPTIONS"] = "-c client_connection_check_interval=50"
        self.child = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=serving.ROOT, env=environ, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=processes.end_with_us(signal.SIGKILL),
        )  # fmt: skip
        assert self.child.stdin is not None
        self.child.stdin.write(json.dumps(given))
        self.child.stdin.close()

    def wait_inside_commit(self) -> None:
        """Until it has said COMMIT, and the server is still at it."""
        until(lambda: self._doing("query = 'COMMIT' AND wait_event = 'PgSleep'"))

    def wait_until_it_says(self, word: str) -> None:
        assert self.child.stdout is not None
        assert self.child.stdout.readline().strip() == word

    def kill(self) -> None:
        """SIGKILL; it had no time for anything."""
        assert self.child.poll() is None
        os.killpg(self.child.pid, signal.SIGKILL)
        assert self.child.wait() == -signal.SIGKILL

    def wait_until_the_server_gave_up(self) -> None:
        until(lambda: not self._doing("true"))

    def _doing(self, what: str) -> bool:
        found = self.looking.execute(
            "SELECT FROM pg_stat_activity WHERE datname = current_database() "
            f"AND application_name = '{NAME}' AND {what}"
        ).fetchall()
        return bool(found)


@pytest.fixture
def doomed(looking: Looking) -> Iterator[Callable[..., Doomed]]:
    """Start a process that will be killed; one that outlives the test is ended."""
    started: list[Doomed] = []

    def start(process: str, *words: str, notices: bool = True, given: Any = None) -> Doomed:
        started.append(Doomed(looking, process, *words, notices=notices, given=given))
        return started[-1]

    yield start
    for one in started:
        if one.child.poll() is None:
            one.kill()
        one.wait_until_the_server_gave_up()


@pytest.fixture
def held(superuser_url: str, house: None) -> Iterator[Callable[[str], Any]]:
    """``with held(table):`` a doomed process stays inside the COMMIT of what it wrote to that table."""

    @contextmanager
    def hold(table: str) -> Iterator[None]:
        with psycopg.connect(superuser_url, autocommit=True) as holder:
            holder.execute("SELECT pg_advisory_lock(4711)")
            holder.execute(_HOLD)
            holder.execute(
                f"CREATE CONSTRAINT TRIGGER hold_the_doomed AFTER INSERT OR UPDATE ON {table} "
                "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold_the_doomed()"
            )
            try:
                yield
            finally:
                holder.execute("SELECT pg_advisory_unlock(4711)")
                holder.execute("DROP FUNCTION hold_the_doomed() CASCADE")

    yield hold
