"""Measure the ratios. `python3 manage.py bench` gives it a database of its own, thrown away afterwards."""

from __future__ import annotations

import json
import os
import platform
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from bench.seeding import open_tasks, seed, seed_clocks
from bench.timing import table


class Command(BaseCommand):
    help = "Mål, hvad husets værn koster i forhold til det mindste, der kunne gøre det samme."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tasks", type=int, default=100_000, help="open tasks to seed (100000)")
        parser.add_argument("--clocks", type=int, default=100_000, help="open deadlines to seed (100000)")
        parser.add_argument(
            "--anonymising", type=int, default=1_000_000, help="rows to make anonymous (1000000)"
        )
        parser.add_argument("--measurements", type=int, default=100_000, help="measurements to seed (100000)")
        parser.add_argument("--rounds", type=int, default=60, help="pairs per measure (60)")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")

    def handle(
        self,
        *args: Any,
        tasks: int,
        clocks: int,
        measurements: int,
        rounds: int,
        anonymising: int,
        **options: Any,
    ) -> None:
        described = os.environ.get("FAMILIEFORLOEB_TEST_CLUSTER")
        if settings.PROCESS != "test" or not described:
            raise CommandError("The bench runs on a throw-away database only: python3 manage.py bench")
        cluster = json.loads(described)
        # Imported here: the plain flow must not be known where it is not measured.
        from bench.anonymising import compare_anonymising, memory
        from bench.beside import compare_beside
        from bench.extracting import seed_measurements
        from bench.measures import Bench, plain_tables
        from demo.people import create_people

        create_people(using="owner")
        bench = Bench.prepare(rounds)
        seed(tasks=tasks, using="owner")
        url = cluster["superuser_url"].replace("{database}", cluster["database"])
        with psycopg.connect(url, autocommit=True) as superuser, plain_tables(superuser):
            clocks = seed_clocks(superuser, clocks=clocks)
            seed_measurements(superuser, rows=measurements)
            comparisons = bench.all()
            # Seconds each, and far from the database: a few pairs tell.
            comparisons.append(compare_anonymising(rows=anonymising, rounds=min(rounds, 5)))
            comparisons.append(compare_beside(rounds=rounds))
            peak = memory(anonymising)
            version = superuser.info.parameter_status("server_version")
        connection.close()
        standing = open_tasks("owner")
        if options["json"]:
            found = {
                "tasks": standing,
                "clocks": clocks,
                "rounds": rounds,
                "postgresql": version,
                "python": platform.python_version(),
                "anonymising": {"rows": anonymising, **peak},
                "ratios": [one.as_json() for one in comparisons],
            }
            self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
            return
        self.stdout.write(
            f"{standing} open tasks, {clocks} open deadlines, {rounds} pairs, PostgreSQL {version}\n\n"
            f"{table(comparisons)}\n\n"
            f"anonymising {anonymising} rows: {peak['peak_bytes'] / 1e6:.0f} MB at most, "
            f"{peak['looked_at']} of {peak['nodes']} possibilities counted out"
        )
