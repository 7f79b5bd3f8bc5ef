"""Take national model versions in and out as files, compare them, and put them in and out of force."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from placement import clock
from placement.access.errors import Refused
from workflows.model_versions import services
from workflows.model_versions.differences import differences
from workflows.model_versions.models import ModelVersion


class Command(BaseCommand):
    help = "Modelversioner: indlæs en fil som kladde, skriv en ud, sammenlign, godkend, tag ud af brug."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="alle versioner")
        acts.add_parser("import", help="indlæs en fil som kladde").add_argument("file", type=Path)
        export = acts.add_parser("export", help="skriv en version ud, som filen var")
        export.add_argument("code")
        export.add_argument("--to", type=Path, help="filen, der skrives; ellers skrives på skærmen")
        compare = acts.add_parser("diff", help="hvad er forskellen")
        compare.add_argument("before")
        compare.add_argument("after")
        approve = acts.add_parser("approve", help="sæt en kladde i kraft")
        approve.add_argument("code")
        approve.add_argument("--by", required=True, help="navnet på den, der godkender")
        acts.add_parser("retire", help="lad ingen flere forløb begynde på den").add_argument("code")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        try:
            getattr(self, f"_{act}")(**options)
        except Refused as refused:
            raise CommandError(str(refused.message)) from None

    def _list(self, **options: Any) -> None:
        for version in ModelVersion.objects.all():
            self.stdout.write(
                f"{version.code}  {version.get_status_display()}  {version.in_force_from:%d.%m.%Y}  {version.title}"
            )

    def _import(self, *, file: Path, **options: Any) -> None:
        try:
            source = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as failure:
            raise CommandError(f"{file}: {failure}") from None
        version = services.import_version(source=source)
        self.stdout.write(f"{version.code}: {version.get_status_display()}.")

    def _export(self, *, code: str, to: Path | None, **options: Any) -> None:
        source = _known(code).source
        if to is None:
            self.stdout.write(source, ending="")
        else:
            to.write_text(source, encoding="utf-8")

    def _diff(self, *, before: str, after: str, **options: Any) -> None:
        for line in differences(_known(before).content, _known(after).content):
            self.stdout.write(f"{line.path}: {line.before or '–'} → {line.after or '–'}")

    def _approve(self, *, code: str, by: str, **options: Any) -> None:
        version = services.approve_version(code=code, by=by, on=clock.today())
        self.stdout.write(f"{version.code} gælder fra {version.in_force_from:%d.%m.%Y}.")

    def _retire(self, *, code: str, **options: Any) -> None:
        self.stdout.write(f"{services.retire_version(code=code).code} er udgået.")


def _known(code: str) -> ModelVersion:
    version = ModelVersion.objects.filter(code=code).first()
    if version is None:
        raise CommandError(f"Der er ingen modelversion {code}.")
    return version
