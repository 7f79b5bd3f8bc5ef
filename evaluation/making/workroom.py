"""The folder in which a round's files are written before the database has them: rows of persons lie in it.

It lies in the installation's own folder, open to its owner alone, and its maker holds a lock on it, which the system lets
go of when the process ends, however it ends. So what a killed worker left is known from what somebody works in.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings


@contextmanager
def empty_folder() -> Iterator[Path]:
    """An empty folder that is gone when the block ends."""
    base = _base()
    with _held(base, wait=True):
        made = Path(mkdtemp(dir=base))
        owner = os.open(made, os.O_RDONLY)
        fcntl.flock(owner, fcntl.LOCK_EX)
    try:
        yield made
    finally:
        shutil.rmtree(made)
        os.close(owner)


def clear() -> int:
    """Delete the folders that belong to no living process; how many. At the worker's start, and before each build."""
    cleared = 0
    base = _base()
    with _held(base, wait=True):
        for left in base.iterdir():
            # Whoever worked in it may have taken it away by now.
            with suppress(FileNotFoundError), _held(left, wait=False) as free:
                if free and left.is_dir():
                    shutil.rmtree(left)
                    cleared += 1
    return cleared


def _base() -> Path:
    base = Path(settings.VAR_DIR) / "builds"
    base.mkdir(mode=0o700, exist_ok=True)
    return base


@contextmanager
def _held(folder: Path, *, wait: bool) -> Iterator[bool]:
    """The folder's lock, for the block; without waiting: whether it was to be had."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
