"""Processes: who they are beyond their number, and how they end with us.

A process number alone proves nothing: numbers are used again, and a zombie answers to `kill -0`. So a process
is known by its number and its start time, and a zombie counts as dead.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PROC = Path("/proc")
_PR_SET_PDEATHSIG = 1


def _stat(pid: int) -> tuple[str, str] | None:
    """(state, start time) of a process, or None when there is none."""
    if (PROC / "self" / "stat").exists():
        try:
            text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return None
        fields = text.rpartition(")")[2].split()  # the name before it may hold spaces and brackets
        return fields[0], fields[19]
    shown = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split(None, 1)
    return (shown[0], shown[1].strip()) if len(shown) == 2 else None


def alive(pid: int) -> bool:
    """Whether this number is a process that still does something (a zombie does not)."""
    found = _stat(pid)
    return found is not None and not found[0].startswith(("Z", "X"))


def identity(pid: int) -> str:
    """Number and start time, which together name one process for ever; '' when it is dead."""
    found = _stat(pid)
    return f"{pid} {found[1]}" if found is not None and alive(pid) else ""


def is_same(recorded: str) -> bool:
    """Whether the process recorded by `identity` still lives."""
    number = recorded.partition(" ")[0]
    return number.isdigit() and identity(int(number)) == recorded


def working_in(folder: Path) -> Iterator[int]:
    """Numbers of live processes whose working directory is `folder`: a PostgreSQL server and its children."""
    if (PROC / "self" / "cwd").exists():
        for entry in PROC.iterdir():
            if entry.name.isdigit():
                # A process that ends while we look, or belongs to somebody else, is not one of ours.
                with contextlib.suppress(OSError):
                    if os.readlink(entry / "cwd") == str(folder) and alive(int(entry.name)):
                        yield int(entry.name)
        return
    shown = subprocess.run(
        ["ps", "-axo", "pid=,command="], capture_output=True, text=True, check=False
    ).stdout
    for line in shown.splitlines():
        number, _, command = line.strip().partition(" ")
        if f"-D {folder}" in command and alive(int(number)):
            yield int(number)


def marked(name: str, value: str) -> list[int]:
    """Live processes of ours with this variable in their environment (Linux; elsewhere none are found)."""
    if not value or not (PROC / "self" / "environ").exists():
        return []
    wanted = f"{name}={value}".encode()
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            # Gone this moment, or somebody else's: not ours either way.
            with contextlib.suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0") and alive(int(entry.name)):
                    found.append(int(entry.name))
    return found


def end_with_us(signal_number: int = signal.SIGTERM) -> Callable[[], None] | None:
    """For `preexec_fn`: on Linux the child gets this signal when we die, even by kill -9. None elsewhere.

    The child must be started from the main thread, whose death is what the kernel looks at.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)  # loaded here: between fork and exec there is no loading
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:  # we died before we could ask
            os._exit(1)

    return ask


def end_group(pid: int, patience: float = 10.0, first: int = signal.SIGTERM) -> None:
    """End the process group led by `pid`: politely, then not. Returns when nobody is left in it."""
    for number in (first, signal.SIGKILL):
        try:
            os.killpg(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):  # not our child, then there is nothing to reap
                os.waitpid(pid, os.WNOHANG)
            if not _group_alive(pid):
                return
            time.sleep(0.02)


def end_one(pid: int, patience: float = 10.0) -> None:
    """End one process that need not be our child: politely, then not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not alive(pid):
                return
            time.sleep(0.02)


def _group_alive(group: int) -> bool:
    """Whether a process group has a live member (zombies of others do not count)."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    if not (PROC / "self" / "stat").exists():
        return True
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
                if int(fields[2]) == group and fields[0] not in "ZX":
                    return True
    return False
