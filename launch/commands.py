"""What `python3 manage.py ...` does: our own commands here, everything else is Django's, inside `.venv`."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
from pathlib import Path

from launch import environment, postgres, secrets, settings
from launch.paths import Paths, find
from launch.words import Refusal, speak_plainly

HELP = """\
python3 manage.py demo [--port N] [--no-serve] [--reset]   all of it, with made-up families, on 127.0.0.1:8000
python3 manage.py test [arguments for pytest]              every check; with arguments only pytest
python3 manage.py test --oracles                           releases against others' programs; large downloads
python3 manage.py database start|stop|status|urls          the embedded database alone (urls: lines to eval)
python3 manage.py bench [--tasks N] [--rounds N] [--json]  what the guards cost, on a throw-away database
python3 manage.py clock|seed|...         [--help]      Django's commands; `help` lists them
"""


def main(arguments: list[str]) -> int:
    """Carry out one command; the exit status says whether it went well."""
    speak_plainly()
    command = arguments[0] if arguments else ""
    try:
        if command in ("", "-h", "--help"):
            print(HELP, end="")
            return 0
        if command == "demo":
            from launch.demo import main as demo

            return demo(arguments[1:])
        if command == "test":
            from launch.testrun import main as test

            return test(arguments[1:])
        if command == "bench":
            from launch.bench import main as bench

            return bench(arguments[1:])
        if command == "database":
            return database(arguments[1:])
        return django(arguments)
    except Refusal as refusal:
        print(f"\n{refusal}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


def database(arguments: list[str]) -> int:
    """The embedded database by itself, for people who develop."""
    parser = argparse.ArgumentParser(prog="manage.py database")
    parser.add_argument("action", choices=("start", "stop", "status", "urls"))
    action = parser.parse_args(arguments).action
    paths = find()
    environment.ensure(paths)
    cluster = postgres.embedded(paths, secrets.load(paths)["database"])
    if action == "start":
        how = cluster.start()
        cluster.ensure_database()
        cluster.leave(keep=True)
        print(f"The database server was {how}: process {cluster.postmaster()}.")
        print("It stays until: python3 manage.py database stop")
    elif action == "stop":
        cluster.stop()
    elif action == "status":
        pid = cluster.postmaster()
        print(f"running, process {pid}" if pid else "stopped", f"- folder {cluster.home}")
        return 0 if pid else 3
    else:
        urls = {**cluster.urls(), "DATABASE_SUPERUSER_URL": cluster.superuser_url(postgres.DATABASE)}
        for name, value in urls.items():
            print(f"export {name}={shlex.quote(value)}")
    return 0


def django(arguments: list[str]) -> int:
    """Run a Django command in `.venv`, with the embedded database running while it does, if it needs one."""
    paths = find()
    python = environment.ensure(paths)
    if Path(sys.prefix).resolve() != paths.venv.resolve():
        os.execv(python, [str(python), *_flags(), str(paths.root / "manage.py"), *arguments])
    command = arguments[0]
    found = secrets.load(paths)
    urls = settings.own_database()
    if urls is not None:
        _become(paths, urls, command)
        return _execute(arguments)
    cluster = postgres.embedded(paths, found["database"])
    if command in settings.OFFLINE_COMMANDS:
        _become(paths, cluster.urls(), command)
        return _execute(arguments)
    cluster.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is left in order
    try:
        cluster.ensure_database()
        _become(paths, cluster.urls(), command)
        return _execute(arguments)
    finally:
        cluster.leave()


def _flags() -> list[str]:
    """Python's own options that the outer Python was started with and the inner one should have too."""
    return ["-X", "dev"] if sys.flags.dev_mode else []


def _become(paths: Paths, urls: dict[str, str], command: str) -> None:
    """Make the environment of this process the one Django is to see."""
    demo = os.environ.get("FAMILIEFORLOEB_DEMO") == "1" or settings.is_demo(paths, urls)
    built = settings.build(paths, urls, settings.process_of(command), demo=demo)
    os.environ.clear()
    os.environ.update(built)


def _execute(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *arguments])
    return 0
