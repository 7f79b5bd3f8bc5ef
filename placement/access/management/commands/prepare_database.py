"""Bring the database to where the code is: migrations, keys, isolation, reference data. Owner's login."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from django.utils.module_loading import import_string

from placement.access import isolation
from placement.access.keys import install_keys
from placement.access.migrating import calmly
from placement.access.municipalities import load_municipalities

#: What higher floors take away before and prepare after the migrations, named by string: (using) -> None.
BEFORE = ("evaluation.schema.remove",)
STEPS = ("workflows.model_versions.services.load_national_versions", "evaluation.schema.install")
#: What they do last, with the whole of it in place, each municipality under its own context: () -> int.
LAST = ("workflows.kernel.clocks.tasks.start_missing",)


class Command(BaseCommand):
    help = "Migrér, læg nøgler ind, sæt rækkesikkerhed, og indlæs kommuner og modelversioner."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--database", default="default", help="alias der logger ind som ejer")

    def handle(self, *args: Any, database: str, **options: Any) -> None:
        # Views stand in the way of changing the columns they read; they come back below.
        for step in BEFORE:
            import_string(step)(using=database)
        with calmly():
            call_command("migrate", database=database, interactive=False, verbosity=0, skip_checks=True)
        connection = connections[database]
        with transaction.atomic(using=database):
            isolation.isolate(connection)
            install_keys(connection)
            load_municipalities(using=database)
            for step in STEPS:
                import_string(step)(using=database)
        problems = isolation.problems(connection)
        if problems:
            raise CommandError("Tabeller uden værn:\n" + "\n".join(problems))
        for step in LAST:
            import_string(step)()
        self.stdout.write("Databasen er klar.")
