"""Create the demonstration's families when there are none: each municipality in a process of its own."""

from __future__ import annotations

import gc
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from demo.costs import count_costs
from demo.families import STORIES, create_family
from demo.model import after_families, before_families
from demo.people import SLUGS
from demo.releases import seed_releases
from demo.staffing import train_the_cast
from demo.understanding import after_families as understand
from demo.walk import Company
from placement import clock
from placement.access import context
from placement.families.models import Family


class Command(BaseCommand):
    help = "Opret demoens familier gennem de rigtige arbejdsgange (kun i en tom database)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--municipality", type=int, choices=sorted(SLUGS))

    def handle(self, *args: Any, municipality: int | None, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Demofamilier oprettes kun i demo.")
        if municipality is not None:
            self._seed(municipality)
            return
        running = [
            subprocess.Popen([sys.executable, "-m", "django", "seed_demo", "--municipality", str(code)])
            for code in SLUGS
            if self._begun(code) < len(STORIES)
        ]
        if any([process.wait() for process in running]):
            raise CommandError("Demofamilierne blev ikke færdige. Start igen, så fortsættes der.")
        seed_releases(now=clock.now())
        self.stdout.write("Demofamilierne er klar." if running else "Demofamilierne findes allerede.")

    def _begun(self, code: int) -> int:
        with context.access(code, None, context.SETUP), transaction.atomic():
            return int(Family.objects.unscoped(reason="is the demonstration empty?").count())

    def _seed(self, code: int) -> None:
        # A short life with many small objects: looking for rings of garbage only takes time from it.
        gc.disable()
        # Nobody has been told of these rows yet: that each is on the disk is waited for once, at the end.
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        company = Company(SLUGS[code], code, steady=True)
        now = clock.now()
        if not self._begun(code):
            train_the_cast(company, now)
        before_families(company, now=now)
        # A killed seeding goes on with the family after the last that was begun.
        for number, story in list(enumerate(STORIES))[self._begun(code) :]:
            create_family(
                company, story, number=number, now=now, say=lambda line: self.stdout.write(f"  {line}")
            )
        after_families(company, now=now)
        understand(company, now=now)
        count_costs(company, now=now)
