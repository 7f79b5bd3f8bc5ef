"""All files of a release in one archive under a password."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from evaluation import formats

ARCHIVE_TYPE = "application/zip"


def pack(files: Mapping[str, bytes], password: str) -> bytes:
    """The files as one archive that ``password`` opens."""
    encrypted = getattr(formats, "archive", None)
    packed: bytes = encrypted(files, password) if encrypted else _plain(files)
    return packed


def _plain(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()
