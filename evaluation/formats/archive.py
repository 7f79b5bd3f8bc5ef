"""One archive to take home: a zip with AES-256 (WinZip's AE-2), which 7-Zip, WinZip and macOS' Keka open."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyzipper
from django.utils.translation import gettext as _

from evaluation.formats.parts import WeakPassword, WrittenFile

ARCHIVE_TYPE = "application/zip"
#: The format stretches a password a thousand times only, so the password itself must be long: 24 of these 31 are
#: 118 bits. No letter or digit among them looks like another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LETTERS, SHORTEST = 6, 4, 20
#: Every entry's time: a zip has room for one, and the files say themselves when they were made.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def fresh_password() -> str:
    """A password nobody can guess, in groups that can be read aloud."""
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _letter in range(LETTERS)) for _group in range(GROUPS)
    )


def archive(files: Path | Sequence[WrittenFile] | Mapping[str, bytes], password: str | None) -> bytes:
    """The files as one zip; None as password leaves it open, and then the same files are the same bytes.

    ``files`` is a folder, what `write` gave back, or contents by name. Raises WeakPassword for fewer than SHORTEST
    characters. The names of the files can be read without the password; they are the names of datasets.
    """
    if password is not None and len(password) < SHORTEST:
        raise WeakPassword(_("Adgangskoden skal være på mindst %(letters)d tegn.") % {"letters": SHORTEST})
    packed = io.BytesIO()
    with pyzipper.AESZipFile(packed, "w") as zipped:
        if password is not None:
            zipped.setpassword(password.encode())
            # AE-2 leaves out the checksum of the plain bytes, from which a small file could be guessed.
            zipped.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=2)
        for name, content in _contents(files):
            entry = zipped.zipinfo_cls(filename=name, date_time=NO_TIME)
            entry.compress_type = pyzipper.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            zipped.writestr(entry, content)
    return packed.getvalue()


def _contents(files: Path | Sequence[WrittenFile] | Mapping[str, bytes]) -> Iterable[tuple[str, bytes]]:
    if isinstance(files, Path):
        found = {path.relative_to(files).as_posix(): path for path in files.rglob("*") if path.is_file()}
        return ((name, found[name].read_bytes()) for name in sorted(found))
    if isinstance(files, Mapping):
        return sorted(files.items())
    return ((file.name, file.path.read_bytes()) for file in sorted(files, key=lambda file: file.name))
