"""Measure the ratios. `python3 manage.py bench` gives it a database of its own, thrown away afterwards."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from bench.seeding import open_tasks, seed, seed_clocks
from bench.timing import Comparison, table

#: Pairs at most of what takes seconds each and is far from the database.
LONG_PAIRS = 5


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
        parser.add_argument(
            "--only", action="append", default=[], metavar="NAME", help="this measure only; may be repeated"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")

    def handle(self, *args: Any, only: list[str], **options: Any) -> None:
        described = os.environ.get("FAMILIEFORLOEB_TEST_CLUSTER")
        if settings.PROCESS != "test" or not described:
            raise CommandError("The bench runs on a throw-away database only: python3 manage.py bench")
        cluster = json.loads(described)
        # Imported here: the plain flow must not be known where it is not measured.
        from bench.extracting import seed_measurements
        from bench.measures import Bench, plain_tables
        from demo.people import create_people

        create_people(using="owner")
        measures = {**(bench := Bench.prepare(options["rounds"])).measures(), **_elsewhere(options)}
        if unknown := sorted(set(only) - set(measures)):
            raise CommandError(
                f"No measure is called {', '.join(unknown)}. There are: {', '.join(measures)}."
            )
        seed(tasks=options["tasks"], using="owner")
        url = cluster["superuser_url"].replace("{database}", cluster["database"])
        with psycopg.connect(url, autocommit=True) as superuser, plain_tables(superuser):
            clocks = seed_clocks(superuser, clocks=options["clocks"])
            seed_measurements(superuser, rows=options["measurements"])
            comparisons = [
                one for name, measure in measures.items() if not only or name in only for one in measure()
            ]
            version = superuser.info.parameter_status("server_version")
        connection.close()
        found = {
            "tasks": open_tasks("owner"),
            "clocks": clocks,
            "rounds": bench.rounds,
            "postgresql": version,
            "python": platform.python_version(),
            **(
                {} if only and "anonymising" not in only else {"anonymising": _memory(options["anonymising"])}
            ),
            "ratios": comparisons,
        }
        self.stdout.write(_as_json(found) if options["json"] else _as_table(found))


def _elsewhere(options: dict[str, Any]) -> dict[str, Callable[[], list[Comparison]]]:
    """The measures that need nothing of what was seeded."""
    from bench.anonymising import compare_anonymising
    from bench.beside import compare_beside

    rounds = options["rounds"]
    return {
        "anonymising": lambda: [
            compare_anonymising(rows=options["anonymising"], rounds=min(rounds, LONG_PAIRS))
        ],
        "beside": lambda: [compare_beside(rounds=rounds)],
    }


def _memory(rows: int) -> dict[str, Any]:
    from bench.anonymising import memory

    return {"rows": rows, **memory(rows)}


def _as_json(found: dict[str, Any]) -> str:
    return json.dumps(
        {**found, "ratios": [one.as_json() for one in found["ratios"]]}, indent=2, ensure_ascii=False
    )


def _as_table(found: dict[str, Any]) -> str:
    head = "{tasks} open tasks, {clocks} open deadlines, {rounds} pairs, PostgreSQL {postgresql}\n\n"
    text = head.format(**found) + table(found["ratios"])
    if peak := found.get("anonymising"):
        text += (
            f"\n\nanonymising {peak['rows']} rows: {peak['peak_bytes'] / 1e6:.0f} MB at most, "
            f"{peak['looked_at']} of {peak['nodes']} possibilities counted out"
        )
    return text
