"""`python3 manage.py test [arguments for pytest]`: every check the project has, on a throw-away database.

With `--oracles` alone: disclosure control against others' programs (launch/oracles.py), which is not in the rest.

Without arguments: formatting, lint, types, migrations, then the tests with the browser. With arguments:
pytest alone, with those arguments. The exit status is the verdict and pytest's own summary is the last word
of a good run.

The tests find what they need in their environment:

FAMILIEFORLOEB_TEST_CLUSTER, a JSON object:
    "socket"         folder of the server's socket
    "database"       name of a database in which bootstrap.sql was run and nothing else
    "superuser_url"  libpq URI with "{database}" where the name goes
    "urls"           {"DATABASE_URL": such a URI, "DATABASE_OWNER_URL", "DATABASE_WORKER_URL",
                     "DATABASE_EVALUATION_URL"}
    "passwords"      {"superuser", "owner", "web", "worker", "evaluation"}
    "binaries"       folder of postgres, psql, pg_dump
FAMILIEFORLOEB_CHROMIUM, the path of the Chromium to drive
DATABASE_URL and the other three, leading to that database
FAMILIEFORLOEB_VAR and FAMILIEFORLOEB_SECRETS, a folder and keys of the run's own, with static files collected
FAMILIEFORLOEB_PROCESS=test
FAMILIEFORLOEB_ORACLES (with `--oracles`), a JSON object: the Python of each oracle's environment

Everything of a run is removed at its end; what a killed run left is removed by the next.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from launch import environment, oracles, postgres, processes, secrets, settings
from launch.debian import apt_install
from launch.paths import Paths, find
from launch.words import Refusal, say

DATABASE = "familieforloeb_test"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHECKED = ("manage.py", "launch", "placement", "workflows", "evaluation", "demo", "bench", "oracles", "tests")


ASK_ORACLES = "--oracles"


class Stopped(BaseException):
    """Somebody asked us to stop."""


def main(arguments: list[str]) -> int:
    """Run the checks; 0 only when every one of them passed."""
    paths = find()
    browser = chromium(required=not arguments)
    python = environment.ensure(paths, test=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with throw_away_run(paths, sharing=0 if arguments else _processors()) as environ:
            environ["FAMILIEFORLOEB_CHROMIUM"] = browser
            return _checks(paths, python, environ, arguments)
    except Stopped:
        return 143


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _processors() -> int:
    """How many processes share the tests: one a processor, up to four (each has a database to prepare)."""
    return min(4, os.cpu_count() or 1)


def chromium(*, required: bool) -> str:
    """The path of Chromium, installed when it is missing and we may; '' when it is missing and not
    required.
    """
    chosen = os.environ.get("FAMILIEFORLOEB_CHROMIUM", "")
    if chosen:
        return chosen
    found = _which_chromium()
    if not found and apt_install(["chromium", "chromium-sandbox"], "the browser tests need Chromium"):
        found = _which_chromium()
    if not found:
        words = "The browser tests need Chromium. Debian: sudo apt-get install chromium"
        if required:
            raise Refusal(words)
        say(words)
    return found


def database_of(worker: str) -> str:
    """The name of the database that one of several processes sharing the tests (gw0, gw1, ...) has."""
    return f"{DATABASE}_{worker}"


def _which_chromium() -> str:
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), "")


@contextmanager
def throw_away_run(paths: Paths, *, sharing: int = 0) -> Iterator[dict[str, str]]:
    """A throw-away cluster and var folder; yields the environment (see the module's head) that leads to
    them. ``sharing``: so many processes are going to share the tests, each with a database of its own
    (`tests/workers.py`).
    """
    passwords = secrets.fresh()["database"]
    cluster = postgres.throw_away(paths, passwords)
    try:
        how = cluster.start()
        say(f"a throw-away database server was {how} (PostgreSQL {cluster.binaries.major})")
        for database in [DATABASE, *(database_of(f"gw{number}") for number in range(sharing))]:
            cluster.create_database(database)
        own = Paths(paths.root, cluster.home / "var")
        own.var.mkdir(mode=0o700)
        chosen = {**os.environ, "FAMILIEFORLOEB_SECRETS": str(own.secrets)}
        own.secrets.touch(mode=0o600)
        own.secrets.write_text(json.dumps({**secrets.fresh(), "database": passwords}), encoding="utf-8")
        environ = settings.build(own, cluster.urls(DATABASE), "test", demo=False, environ=chosen)
        environ["FAMILIEFORLOEB_TEST_CLUSTER"] = json.dumps(described(cluster))
        environ["PYTEST_PLUGINS"] = "tests.workers"
        yield environ
    finally:
        cluster.destroy()


def described(cluster: postgres.Cluster) -> dict[str, object]:
    """FAMILIEFORLOEB_TEST_CLUSTER as an object."""
    stand_in = "database_name_goes_here"
    return {
        "socket": str(cluster.socket),
        "database": DATABASE,
        "superuser_url": cluster.superuser_url(stand_in).replace(stand_in, "{database}"),
        "urls": {name: url.replace(stand_in, "{database}") for name, url in cluster.urls(stand_in).items()},
        "passwords": {name: cluster.passwords[name] for name in secrets.LOGINS},
        "binaries": str(cluster.binaries.folder),
    }


def _checks(paths: Paths, python: Path, environ: dict[str, str], arguments: list[str]) -> int:
    def run(*command: str, process: str = "") -> int:
        wanted = {**environ, "FAMILIEFORLOEB_PROCESS": process} if process else environ
        child = subprocess.Popen(
            [str(python), "-m", *command], cwd=paths.root, env=wanted,
            preexec_fn=processes.end_with_us(signal.SIGTERM),
        )  # fmt: skip
        try:
            return child.wait()
        except BaseException:
            # Ctrl-C reaches it too; give it the time to clean up after itself.
            child.terminate()
            child.wait()
            raise

    static = run("django", *settings.COLLECT_STATIC)
    if arguments == [ASK_ORACLES]:
        return static or oracles.run(paths, environ, run)
    if arguments:
        say("only pytest runs when it is given arguments; without any, every check does")
        return static or run("pytest", *arguments)
    present = [name for name in CHECKED if (paths.root / name).exists()]
    checks: list[tuple[str, Callable[[], int]]] = [
        ("formatting (ruff format)", lambda: run("ruff", "format", "--check", "--quiet", *present)),
        ("lint (ruff check)", lambda: run("ruff", "check", "--quiet", *present)),
        ("types (mypy)", lambda: run("mypy")),
        (
            "migrations (makemigrations --check)",
            lambda: run("django", "makemigrations", "--check", "--dry-run", process="owner"),
        ),
    ]
    failed = ["collectstatic"] if static else []
    for name, check in checks:
        say(name)
        if check() != 0:
            failed.append(name)
            say(f"FAILED: {name}")
    say("tests (pytest)")
    # A file's tests stay together, and the browser's stay last (tests/browser/conftest.py).
    shared = ["-n", str(_processors()), "--dist", "loadfile", "--no-loadscope-reorder"]
    status = run("pytest", *shared, "--durations=10", "--durations-min=2")
    if failed:
        print(
            f"\nThe tests ended with status {status}, but before them FAILED: {', '.join(failed)}", flush=True
        )
    return status or (1 if failed else 0)
