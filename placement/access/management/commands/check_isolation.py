"""Search the catalogue for tables within reach of the application that stand under no policy."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from placement.access import isolation


class Command(BaseCommand):
    help = "Find tabeller, som web-rollen kan nå, uden rækkesikkerhed eller begrundelse."

    def handle(self, *args: Any, **options: Any) -> None:
        problems = isolation.problems(connection)
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write("Alle tabeller inden for rækkevidde står under rækkesikkerhed eller på listen.")
