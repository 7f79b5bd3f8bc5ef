"""Running Django's processes as our children: those that end by themselves (steps) and those that stay
(services).

Each child leads a process group, dies with us on Linux (even when we are killed), and carries a mark in its
environment by which the next start finds what is left where the kernel could not help.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from launch import processes
from launch.files import read_json, write_private
from launch.words import Refusal, say

MARK = "FAMILIEFORLOEB_RUN"


class Brood:
    """The children of one supervisor, on record in a file while they live."""

    def __init__(self, record: Path, logs: Path) -> None:
        self.record = record
        self.logs = logs
        self.token = os.urandom(12).hex()
        self._leaders: list[str] = []

    def clear_earlier(self) -> None:
        """End what a killed supervisor left behind."""
        if not self.record.exists():
            return
        earlier = read_json(self.record)
        left = set(processes.marked(MARK, str(earlier.get("token", ""))))
        left |= {int(one.split(" ")[0]) for one in earlier.get("leaders", []) if processes.is_same(one)}
        for pid in left:
            say(f"ending process {pid}, left by a start that was killed")
            processes.end_one(pid)
        self.record.unlink()

    def open(self, command: Sequence[str], environ: Mapping[str, str], **how: Any) -> subprocess.Popen[bytes]:
        """Start a child that leads its own group; it is on record before it can do harm."""
        child = subprocess.Popen(
            list(command), env={**environ, MARK: self.token}, stdin=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=processes.end_with_us(signal.SIGTERM), **how,
        )  # fmt: skip
        self._leaders.append(processes.identity(child.pid))
        self._leaders = [one for one in self._leaders if processes.is_same(one)]
        write_private(self.record, json.dumps({"token": self.token, "leaders": self._leaders}))
        return child

    def step(self, command: Sequence[str], environ: Mapping[str, str], root: Path) -> int:
        """Run one thing to its end with its output on our terminal; it is ended when we are interrupted."""
        child = self.open(command, environ, cwd=root)
        try:
            return child.wait()
        finally:
            if child.poll() is None:
                processes.end_group(child.pid)

    def forget(self) -> None:
        """All children are gone: nothing is left to find."""
        self.record.unlink(missing_ok=True)


class Service:
    """A child that is to run as long as we do: started again when it dies, more slowly each time."""

    def __init__(
        self, brood: Brood, name: str, command: Sequence[str], environ: Mapping[str, str], root: Path
    ) -> None:
        self.brood, self.name, self.command, self.environ, self.root = (
            brood,
            name,
            list(command),
            environ,
            root,
        )
        self.log = brood.logs / f"{name}.log"
        self.child: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._wait = 0.5
        self._next = 0.0
        self._died = False

    def start(self) -> None:
        """Start it; its output goes to its log."""
        with self._open_log() as log:
            self.child = self.brood.open(self.command, self.environ, cwd=self.root, stdout=log, stderr=log)
        self._started = time.monotonic()
        self._died = False

    def look_after(self) -> None:
        """Start it again when it has died; to be called now and then."""
        now = time.monotonic()
        if self.child is not None and self.child.poll() is None:
            if now - self._started > 60:
                self._wait = 0.5
            return
        if not self._died:
            status = self.child.returncode if self.child is not None else 0
            say(
                f"the {self.name} process ended (status {status}; log: {self.log}); "
                f"starting it again in {self._wait:.1f} s"
            )
            if self.child is not None:
                processes.end_group(self.child.pid, patience=2.0)  # what it left in its group
            self._died = True
            self._next = now + self._wait
            self._wait = min(self._wait * 2, 30.0)
        elif now >= self._next:
            self.start()

    def running(self) -> bool:
        """Whether its leading process lives."""
        return self.child is not None and self.child.poll() is None

    def stop(self, patience: float = 10.0) -> None:
        """End it and its whole group."""
        if self.child is not None:
            processes.end_group(self.child.pid, patience=patience)
            self.child.poll()
            self.child = None

    def tail(self) -> str:
        """The last lines of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])

    def _open_log(self) -> IO[bytes]:
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > 5_000_000:
            self.log.replace(self.log.with_suffix(".old.log"))
        return open(self.log, "ab", opener=lambda path, flags: os.open(path, flags, 0o600))


def must(status: int, what: str) -> None:
    """Refuse to go on after a step that failed; its own words stand above."""
    if status != 0:
        raise Refusal(f"Stopped: {what} did not succeed (status {status}); the reason stands above.")
