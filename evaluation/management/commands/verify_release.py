"""Say whether a release is as it was made: its files against its signed manifest."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management.base import BaseCommand, CommandError

from evaluation.formats.manifest import key_id, public_key, public_text, verify


class Command(BaseCommand):
    help = "Kontrollér et udtræk (arkiv eller mappe) mod dets underskrevne manifest; uden navn: vis den offentlige nøgle."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("release", nargs="?", type=Path, help="the archive or the folder")
        parser.add_argument("--key", default="", help="another installation's public key, 64 hex digits")

    def handle(self, *args: Any, release: Path | None, key: str, **options: Any) -> None:
        try:
            trusted = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)) if key else public_key()
        except ValueError as wrong:
            raise CommandError("Den offentlige nøgle er 64 hexadecimale cifre.") from wrong
        if release is None:
            self.stdout.write(f"{public_text(trusted)} ({key_id(trusted)})")
            return
        password = None
        if not release.is_dir():
            # Never as an argument, where every process of the computer could read it.
            password = os.environ.get("FAMILIEFORLOEB_PASSWORD") or getpass.getpass("Adgangskode: ") or None
        faults = verify(release, password=password, key=trusted)
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"Udtrækket er, som det blev lavet. Underskrevet med {public_text(trusted)}.")
