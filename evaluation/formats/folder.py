"""A folder that gets whole files or none."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from evaluation.formats.parts import DiskFull, NotWritten, WrittenFile

#: What the system says when there is no room: the disk, the quota, or the largest file a process may write.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_BLOCK = 1024**2


class Folder:
    """Files written beside their name and then given it, each with its digest; taken back when one fails."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: list[WrittenFile] = []
        self._made: list[Path] = []

    @contextmanager
    def whole(self) -> Iterator[Folder]:
        """All the files or none: whatever ends the block takes away what it wrote.

        Raises DiskFull or NotWritten for what went wrong with the disk or in a writer; what stops a program
        (and what is a NotWritten already) goes on as it is.
        """
        try:
            yield self
        except NotWritten:
            self._take_back()
            raise
        except Exception as error:
            full = self._is_full(error)
            self._take_back()
            if full:
                raise DiskFull(_("Der er ikke plads til filerne. Ingen af dem er skrevet.")) from error
            raise NotWritten(_("Filerne kunne ikke skrives. Ingen af dem er der.")) from error
        except BaseException:
            self._take_back()
            raise

    @contextmanager
    def file(self, name: str, media_type: str, rows: int | None = None) -> Iterator[Path]:
        """Where to write the file called ``name`` (at most one folder in it); it is there when the block ends well."""
        final = self.path / name
        if not final.parent.exists():
            final.parent.mkdir()
            self._made.append(final.parent)
        half = final.with_name(f".half-{final.name}")
        try:
            yield half
            _flush(half)
            sha256, size = digest_of(half)
            half.replace(final)
        except BaseException as error:
            full = isinstance(error, Exception) and self._is_full(error)
            half.unlink(missing_ok=True)
            if full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise
        self.files.append(WrittenFile(name, final, media_type, sha256, size, rows))

    def text(self, name: str, media_type: str, content: str | bytes) -> None:
        """A small file that is known already."""
        with self.file(name, media_type) as path:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def _take_back(self) -> None:
        for file in self.files:
            file.path.unlink(missing_ok=True)
        self.files.clear()
        for made in reversed(self._made):
            if not any(made.iterdir()):
                made.rmdir()

    def _is_full(self, error: BaseException) -> bool:
        """Whether it was for want of room. Writers in C do not say why they stopped, so it is tried."""
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, OSError) and cause.errno is not None:
                return cause.errno in FULL
            cause = cause.__cause__
        trial = self.path / ".half-room"
        try:
            with trial.open("wb", buffering=0) as file:
                for _block in range(4):
                    if file.write(bytes(_BLOCK)) < _BLOCK:
                        return True
        except OSError as found:
            return found.errno in FULL
        finally:
            trial.unlink(missing_ok=True)
        return False


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 (hex) and size in bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


def _flush(path: Path) -> None:
    """What the system has not written yet may be what there is no room for."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
