"""Move the demonstration's day (demo mode only)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from placement import clock


class Command(BaseCommand):
    help = "Flyt demoens dag: --advance 30d, --today 2026-12-24, eller --real for i dag."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--advance", metavar="30d")
        how.add_argument("--today", metavar="2026-12-24")
        how.add_argument("--real", action="store_true")

    def handle(self, *args: Any, advance: str | None, today: str | None, real: bool, **options: Any) -> None:
        try:
            if real:
                clock.move_demo_clock(timedelta(0))
            elif advance:
                days = re.fullmatch(r"(-?\d+)d", advance)
                if not days:
                    raise CommandError("Skriv antal dage, f.eks. --advance 30d.")
                clock.move_demo_clock(clock.demo_offset() + timedelta(days=int(days[1])))
            elif today:
                clock.move_demo_clock(clock.demo_offset() + (date.fromisoformat(today) - clock.today()))
        except (RuntimeError, ValueError) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Demoens dag er {clock.today():%d.%m.%Y}.")
