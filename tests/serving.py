"""The real web server and the real worker beside a test, each a process of its own on the test's database."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launch import processes
from launch.settings import GIVEN

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PATIENCE_SECONDS = 40

_ALL_URLS = frozenset(GIVEN["test"])


@dataclass(frozen=True)
class Serving:
    """A process that serves; ``url`` is empty for the worker."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    @property
    def said(self) -> str:
        """What it has written."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def environment(process: str) -> dict[str, str]:
    """The environment of one of the product's processes in demo mode: no more log-ins than it may have."""
    hidden = _ALL_URLS - set(GIVEN[process])
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    kept.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    return {**kept, "FAMILIEFORLOEB_PROCESS": process, "FAMILIEFORLOEB_DEMO": "1", "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def web(log: Path, *, workers: int = 1) -> Iterator[Serving]:
    """The web server as the demonstration starts it, until the block ends; it has answered before it is given."""
    port = free_port()
    command = [
        "granian", "--interface", "wsgi", "placement.wsgi:application", "--host", HOST, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--workers-kill-timeout", "5", "--no-ws",
        "--log-level", "warning",
    ]  # fmt: skip
    with _running(command, "web", log, f"http://{HOST}:{port}") as serving:
        _wait_for_answer(serving, port)
        yield serving


@contextmanager
def worker(log: Path) -> Iterator[Serving]:
    """The worker, until the block ends."""
    with _running(["django", "run_worker"], "worker", log, "") as serving:
        yield serving


@contextmanager
def _running(module: list[str], process: str, log: Path, url: str) -> Iterator[Serving]:
    with log.open("wb") as written:
        child = subprocess.Popen(
            [sys.executable, "-m", *module], cwd=ROOT, env=environment(process), stdin=subprocess.DEVNULL,
            stdout=written, stderr=subprocess.STDOUT, start_new_session=True,
            preexec_fn=processes.end_with_us(signal.SIGTERM),
        )  # fmt: skip
    try:
        yield Serving(child, url, log)
    finally:
        processes.end_group(child.pid)
        child.wait()


def _wait_for_answer(serving: Serving, port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert serving.process.poll() is None, f"the server ended at its start:\n{serving.said}"
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        try:
            connection.request("GET", "/log-ind/")
            status = connection.getresponse().status
            assert status == 200, f"the server answers with {status}:\n{serving.said}"
            return
        except (ConnectionError, TimeoutError, http.client.HTTPException):
            time.sleep(0.05)  # not there yet
        finally:
            connection.close()
    raise AssertionError(f"the server does not answer:\n{serving.said}")
