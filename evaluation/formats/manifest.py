"""The signed manifest: what a release consists of, byte for byte, and whether that is what one holds."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import pyzipper
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.translation import gettext as _

from evaluation.formats.package import moment
from evaluation.formats.parts import About, WrittenFile

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
FORMAT = "familieforloeb-release/1"


def signing_key() -> Ed25519PrivateKey:
    """The installation's key for releases. It lies with the other keys, never in the database."""
    return Ed25519PrivateKey.from_private_bytes(settings.RELEASE_KEY)


def public_key() -> Ed25519PublicKey:
    """What whoever gets a release checks it with."""
    return signing_key().public_key()


def public_text(key: Ed25519PublicKey) -> str:
    """A public key as 64 hex digits."""
    return key.public_bytes_raw().hex()


def key_id(key: Ed25519PublicKey) -> str:
    """A short name for a public key: the start of its digest."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def manifest_text(files: Sequence[WrittenFile], about: About, *, signed_by: str) -> str:
    """The manifest as the text that is signed."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "release": about.release_id,
        "kind": about.kind,
        "personal_data": about.personal_data,
        "created": moment(about.created),
        "snapshot_at": moment(about.snapshot_at) if about.snapshot_at else None,
        "cohort": about.cohort,
        "recipe_hash": about.recipe_hash,
        "pseudonym_key_id": about.key_id,
        "signed_by": signed_by,
        "files": [
            {
                "name": file.name,
                "media_type": file.media_type,
                "sha256": file.sha256,
                "bytes": file.bytes,
                "rows": file.rows,
            }
            for file in files
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def signature_text(manifest: str, key: Ed25519PrivateKey) -> str:
    """The signature of a manifest's bytes, in base64."""
    return base64.b64encode(key.sign(manifest.encode())).decode() + "\n"


def verify(
    what: Path | bytes, *, password: str | None = None, key: Ed25519PublicKey | None = None
) -> list[str]:
    """What is wrong with a release, in Danish; an empty list when it is as it was made.

    ``what`` is a folder, an archive's path or an archive's bytes; ``key`` the public key it must be signed with, this
    installation's own otherwise. Never raises for what somebody may have done to the files.
    """
    try:
        contents = _contents(what, password)
        return _faults(contents, key or public_key())
    except (zipfile.BadZipFile, pyzipper.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError):
        return [_("Arkivet kan ikke åbnes: forkert adgangskode, eller det er beskadiget.")]
    except OSError as error:
        return [_("Filerne kan ikke læses: %(why)s") % {"why": error.strerror or type(error).__name__}]


def _contents(what: Path | bytes, password: str | None) -> Mapping[str, Callable[[], bytes]]:
    """The files by name, each to be read when asked for."""
    if isinstance(what, Path) and what.is_dir():
        return {
            path.relative_to(what).as_posix(): path.read_bytes
            for path in sorted(what.rglob("*"))
            if path.is_file()
        }
    archive = pyzipper.AESZipFile(what if isinstance(what, Path) else io.BytesIO(what))
    if password is not None:
        archive.setpassword(password.encode())
    entries = archive.infolist()
    if len({entry.filename for entry in entries}) != len(entries):
        raise zipfile.BadZipFile("a name stands twice")
    return {entry.filename: partial(archive.read, entry) for entry in entries}


def _faults(contents: Mapping[str, Callable[[], bytes]], key: Ed25519PublicKey) -> list[str]:
    for name in (MANIFEST, SIGNATURE):
        if name not in contents:
            return [_("%(name)s mangler.") % {"name": name}]
    manifest = contents[MANIFEST]()
    try:
        key.verify(base64.b64decode(contents[SIGNATURE]().strip(), validate=True), manifest)
    except (InvalidSignature, binascii.Error):
        return [_("Underskriften passer ikke: manifestet er ændret eller underskrevet med en anden nøgle.")]
    faults = []
    listed = {file["name"]: file for file in json.loads(manifest)["files"]}
    for name, file in listed.items():
        if name not in contents:
            faults.append(_("%(name)s mangler.") % {"name": name})
            continue
        content = contents[name]()
        if len(content) != file["bytes"] or hashlib.sha256(content).hexdigest() != file["sha256"]:
            faults.append(_("%(name)s er ikke den fil, der blev lavet.") % {"name": name})
    others = sorted(contents.keys() - listed.keys() - {MANIFEST, SIGNATURE})
    faults += [
        _("%(name)s hører ikke til udtrækket.") % {"name": PurePosixPath(name).name} for name in others
    ]
    return faults
