"""The environment in which Django's processes run: which database, which secrets, as whom.

Own databases take precedence: when DATABASE_URL (the web role) is set, DATABASE_OWNER_URL,
DATABASE_WORKER_URL and DATABASE_EVALUATION_URL must be too, and the embedded database is not touched.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from launch import postgres, secrets
from launch.files import read_json
from launch.paths import Paths
from launch.words import Refusal

PROCESSES = ("web", "worker", "owner", "test")
# Django commands by the process they run as: those that change the schema as the owner, those that do the
# work of a family as the worker, the rest as the web role.
OWNER_COMMANDS = frozenset(
    {
        "check_isolation",
        "demo_people",
        "makemigrations",
        "migrate",
        "model_version",
        "prepare_database",
        "seed",
        "showmigrations",
    }
)
WORKER_COMMANDS = frozenset({"clock", "run_worker", "seed_demo"})
# Which database logins a process is given. Less than all, so that a hole in the web process is not one in the
# schema.
GIVEN = {
    "web": ("DATABASE_URL",),
    "worker": ("DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_EVALUATION_URL"),
    "owner": tuple(postgres.URL_NAMES.values()),
    "test": tuple(postgres.URL_NAMES.values()),
}
OFFLINE_COMMANDS = frozenset({"collectstatic", "compilemessages", "help", "makemessages", "--version"})

# The engine's own pages are not mounted, and their style sheets name files that its package does not hold.
COLLECT_STATIC = ("collectstatic", "--noinput", "--verbosity=0", "--ignore=viewflow")


def own_database(environ: Mapping[str, str] = os.environ) -> dict[str, str] | None:
    """The four URLs of a database of one's own, or None for the embedded one; a Refusal names what is
    missing.
    """
    found = {name: environ.get(name, "") for name in postgres.URL_NAMES.values()}
    if not any(found.values()):
        return None
    missing = [name for name, value in found.items() if not value]
    if missing:
        raise Refusal(
            f"A database of your own is chosen by four settings, and {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing.\n"
            "DATABASE_URL is the log-in ff_web, DATABASE_OWNER_URL ff_owner, DATABASE_WORKER_URL ff_worker\n"
            "and DATABASE_EVALUATION_URL ff_evaluation; launch/bootstrap.sql makes them."
        )
    return found


def is_demo(paths: Paths, urls: Mapping[str, str]) -> bool:
    """Whether var/demo.json says that this database is the demo's (so that `clock` may move its day)."""
    if not paths.demo_file.exists():
        return False
    database = read_json(paths.demo_file).get("database")
    return isinstance(database, dict) and database.get("app_url") == urls["DATABASE_URL"]


def process_of(command: str, environ: Mapping[str, str] = os.environ) -> str:
    """The process (see PROCESSES) a Django command runs as; FAMILIEFORLOEB_PROCESS says otherwise."""
    chosen = environ.get("FAMILIEFORLOEB_PROCESS", "")
    if chosen:
        if chosen not in PROCESSES:
            raise Refusal(f"FAMILIEFORLOEB_PROCESS must be one of {', '.join(PROCESSES)}, not {chosen!r}.")
        return chosen
    if command in OWNER_COMMANDS:
        return "owner"
    return "worker" if command in WORKER_COMMANDS else "web"


def build(
    paths: Paths,
    urls: Mapping[str, str],
    process: str,
    *,
    demo: bool,
    environ: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """The whole environment of a Django process: ours, with the database logins that `process` may have."""
    hidden = {*postgres.URL_NAMES.values(), "FAMILIEFORLOEB_DEMO", "PYTHONHOME", "PYTHONPATH"}
    built: dict[str, Any] = {key: value for key, value in environ.items() if key not in hidden}
    built |= {name: urls[name] for name in GIVEN[process] if name in urls}
    built |= {
        "DJANGO_SETTINGS_MODULE": environ.get("DJANGO_SETTINGS_MODULE") or "placement.settings",
        "FAMILIEFORLOEB_VAR": str(paths.var),
        "FAMILIEFORLOEB_SECRETS": str(secrets.path_of(paths, environ)),
        "FAMILIEFORLOEB_PROCESS": process,
        "PYTHONUNBUFFERED": "1",
    }
    if demo:
        built["FAMILIEFORLOEB_DEMO"] = "1"
    return built
