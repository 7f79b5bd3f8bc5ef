"""Say whether the application may serve on this database (as the web role), and why not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from placement.access.startup import unsafe_reasons


class Command(BaseCommand):
    help = "Kontrollér, at systemet trygt kan starte på denne database."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        reasons = unsafe_reasons()
        if reasons:
            raise CommandError("\n".join(reasons))
        self.stdout.write("Databasen er i orden.")
