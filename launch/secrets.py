"""The secrets of an installation: made once, at the first start, and never written over.

`var/secrets.json` (mode 0600) holds

    django_secret_key   text
    context_key         64 hex digits: signs the database context
    master_key          64 hex digits: encrypts CPR numbers; whoever loses it loses them
    pseudonym_key       64 hex digits: pseudonyms of the evaluation
    release_key         64 hex digits: signs what a release consists of (Ed25519)
    database            {"cluster", "superuser", "owner", "web", "worker", "evaluation"}: the name of the
                        embedded database's folder and the passwords of its logins

FAMILIEFORLOEB_SECRETS points at another file of the same shape; that one must exist already.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from launch.files import create_private, locked, read_json, write_private
from launch.paths import Paths
from launch.words import Refusal, say

KEYS = ("context_key", "master_key", "pseudonym_key", "release_key")
LOGINS = ("superuser", "owner", "web", "worker", "evaluation")


def fresh() -> dict[str, Any]:
    """A new set of secrets."""
    made: dict[str, Any] = {"django_secret_key": secrets.token_urlsafe(64)}
    made.update({name: secrets.token_hex(32) for name in KEYS})
    made["database"] = {"cluster": secrets.token_hex(5), **{name: secrets.token_hex(24) for name in LOGINS}}
    return made


def path_of(paths: Paths, environ: Mapping[str, str] = os.environ) -> Path:
    """The secrets file in use."""
    chosen = environ.get("FAMILIEFORLOEB_SECRETS", "")
    return Path(chosen).expanduser().resolve() if chosen else paths.secrets


def load(paths: Paths, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read the secrets, making `var/secrets.json` first when there is none.

    An older file that lacks a secret which this version needs gets it added; what it holds is kept.
    Raises Refusal when a chosen file is missing, is readable by others, or is no JSON object.
    """
    path = path_of(paths, environ)
    if not path.exists():
        if path != paths.secrets:
            raise Refusal(f"FAMILIEFORLOEB_SECRETS points at {path}, which does not exist.")
        if (paths.var / "postgres" / "data").exists():
            raise Refusal(
                f"{path} is gone, but its database in {paths.var / 'postgres'} is still there and\n"
                "cannot be opened without it. Restore the file from a backup, or throw the data away:\n"
                "python3 manage.py demo --reset"
            )
        if create_private(path, json.dumps(fresh(), indent=2) + "\n"):
            say(f"made new keys and passwords in {path}")
    if path.stat().st_mode & 0o077:
        raise Refusal(f"{path} holds secrets and can be read by others. Type: chmod 600 '{path}'")
    found = read_json(path)
    return found if _complete(found) else _completed(path)


def _complete(found: Mapping[str, Any]) -> bool:
    database = found.get("database")
    return (
        all(found.get(name) for name in ("django_secret_key", *KEYS))
        and isinstance(database, dict)
        and all(database.get(name) for name in ("cluster", *LOGINS))
    )


def _completed(path: Path) -> dict[str, Any]:
    """Add what is missing, one process at a time, never touching what is there."""
    with locked(path.with_suffix(".lock")):
        found = read_json(path)
        made = fresh()
        merged = {**made, **{name: value for name, value in found.items() if value}}
        merged["database"] = {**made["database"], **(found.get("database") or {})}
        if merged != found:
            write_private(path, json.dumps(merged, indent=2) + "\n")
        return merged
