"""Brings an empty database, as the owner, to the tables that version 0.1.0 made: by the files of that time.

Run as ``python -m tests.upgrading`` with DATABASE_URL and DATABASE_OWNER_URL leading there.
"""

from __future__ import annotations

import django

#: Ours whose tables 0.1.0 had; of each it had the first file and no other.
APPS_OF_0_1_0 = (
    "access", "families", "journal", "meetings", "network", "progression", "flow_exit", "flow_journey",
    "kernel", "model_versions", "evaluation",
)  # fmt: skip
#: Of others. Viewflow's and guardian's files are long, and quick while there are few tables.
OTHERS = ("contenttypes", "auth", "sessions", "viewflow", "guardian", "procrastinate")


def main() -> None:
    """Apply the files."""
    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.loader import MigrationLoader

    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    others = [leaf for label in OTHERS for leaf in executor.loader.graph.leaf_nodes(label)]
    executor.migrate([*others, *((label, "0001_initial") for label in APPS_OF_0_1_0)])


if __name__ == "__main__":
    main()
