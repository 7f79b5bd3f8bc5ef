"""Fill a demonstration's database with many invented families and their open tasks (owner's log-in)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from bench.seeding import seed


class Command(BaseCommand):
    help = "Læg mange opdigtede familier med åbne opgaver ind i demoens database (til målinger)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tasks", type=int, default=10_000, help="open tasks (10000)")

    def handle(self, *args: Any, tasks: int, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Syntetiske familier oprettes kun i demo.")
        if settings.PROCESS != "owner":
            raise CommandError(
                "Kun ejerens login kan lægge så mange rækker ind (FAMILIEFORLOEB_PROCESS=owner)."
            )
        try:
            made = seed(tasks=tasks, using="default")
        except IntegrityError as again:
            raise CommandError(
                "Der er allerede syntetiske familier. Begynd forfra med demo --reset."
            ) from again
        self.stdout.write(f"{made} åbne opgaver.")
