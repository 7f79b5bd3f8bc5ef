"""See which instruments there are, and check a file before it is put in use."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from placement.instruments import catalogue
from placement.instruments.reading import InvalidDefinition


class Command(BaseCommand):
    help = "Måleredskaber: vis dem, der er, eller kontrollér en fil, før den tages i brug."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="alle redskaber i den nyeste version")
        acts.add_parser("check", help="kontrollér en fil").add_argument("file", type=Path)

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        try:
            getattr(self, f"_{act}")(**options)
        except InvalidDefinition as invalid:
            raise CommandError(str(invalid.message)) from None

    def _list(self, **options: Any) -> None:
        for definition in catalogue.current():
            self.stdout.write(
                f"{definition.id}  {definition.version}  {definition.entry}  {definition.title.da}"
            )

    def _check(self, *, file: Path, **options: Any) -> None:
        definition = catalogue.read_file(file)
        self.stdout.write(f"{definition.short} ({definition.id}, version {definition.version}): i orden.")
        for name in definition.unchecked:
            self.stdout.write(f"  Ikke efterset ved kilden: {name} ({definition.facts[name].source})")
