"""Private files, written whole or not at all, and locks that a killed process lets go of by itself."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from launch.words import Refusal


def _temporary(folder: Path, text: str) -> Path:
    """A finished, synced 0600 file in `folder`, to be moved into place."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return Path(name)


def write_private(path: Path, text: str) -> None:
    """Replace `path` by a file with this text that only its owner reads. A reader sees the old or the new
    one.
    """
    os.replace(_temporary(path.parent, text), path)


def create_private(path: Path, text: str) -> bool:
    """Make `path` unless it exists (even if another process makes it this moment); True when we made it."""
    temporary = _temporary(path.parent, text)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
    return True


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in `path`; a Refusal that names the file when it is something else."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise Refusal(f"{path} is not a readable JSON file ({error}). Restore it from a backup.") from error
    if not isinstance(value, dict):
        raise Refusal(f"{path} does not hold a JSON object. Restore it from a backup.")
    return value


class Busy(Exception):
    """Somebody else holds the lock."""


class Lock:
    """An advisory lock on a file. The kernel releases it when the holder dies, however it dies.

    Children do not inherit it (Python opens files close-on-exec).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self, *, shared: bool = False, wait: bool = True) -> None:
        """Take or change the lock; raises Busy when it is held otherwise and `wait` is false."""
        handle = self.open()
        how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(handle, how)
        except BlockingIOError:
            raise Busy(str(self.path)) from None

    def open(self) -> int:
        """Open the file, making it if need be; its handle."""
        if self._handle is None:
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        return self._handle

    def release(self) -> None:
        """Let go; safe to call twice."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock on `path` for a block, waiting for it if need be."""
    lock = Lock(path)
    lock.take()
    try:
        yield
    finally:
        lock.release()
