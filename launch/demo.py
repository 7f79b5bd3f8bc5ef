"""`python3 manage.py demo`: the whole product on this computer, with synthetic families.

In order: the virtual environment, the database, its tables, the demo families, the worker, the web server.
The port answers only when all before it is done and `var/demo.json` is complete. Ctrl-C or SIGTERM stops all
that was started; after `kill -9` the next start clears up and goes on with the data as they were.

`var/demo.json` (mode 0600): {"url", "users": [{"username", "password", "role", "municipality", "api_token"}],
"database": {"app_url"}}. The users are written by the command `demo_people`, the rest by every start.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from launch import binaries, environment, postgres, processes, secrets, settings
from launch.children import Brood, Service, must
from launch.files import Busy, Lock, read_json, write_private
from launch.paths import Paths, find
from launch.words import Refusal, say

HOST = "127.0.0.1"
# What else the demo leaves in var and `--reset` removes; keys and passwords stay.
MADE = ("demo.json", "clock.json", "static", "static.stamp", "logs")


class Stopped(BaseException):
    """Somebody asked us to stop (SIGTERM, Ctrl-C, a closed terminal)."""


def main(arguments: list[str]) -> int:
    """Carry out the command; 0 when it served until it was asked to stop."""
    parser = argparse.ArgumentParser(
        prog="manage.py demo", description="Familieforløb with synthetic families."
    )
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")
    parser.add_argument("--no-serve", action="store_true", help="prepare everything, then stop everything")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away first")
    options = parser.parse_args(arguments)
    if not 0 < options.port < 65536:
        raise Refusal("--port must be between 1 and 65535.")
    paths = find()
    lock = _only_one(paths)
    demo = Demo(paths, options.port)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        demo.brood.clear_earlier()
        if not options.no_serve:
            _port_is_free(options.port)
        if options.reset:
            reset(paths)
        demo.prepare()
        if options.no_serve:
            say("everything is prepared; start it with: python3 manage.py demo")
        else:
            demo.serve()
        return 0
    except Stopped:
        return 0
    finally:
        # A second Ctrl-C must not leave half of it running.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        demo.stop()
        lock.release()


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _only_one(paths: Paths) -> Lock:
    lock = Lock(paths.var / "demo.lock")
    try:
        lock.take(wait=False)
    except Busy:
        who = (paths.var / "demo.lock").read_text(encoding="ascii").strip()
        raise Refusal(
            f"A demo of this folder runs already ({who or 'it is just starting'}).\n"
            "Stop that one first, or give this one a folder of its own: FAMILIEFORLOEB_VAR=/another/folder"
        ) from None
    (paths.var / "demo.lock").write_text(f"process {os.getpid()}", encoding="ascii")
    return lock


def _port_is_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # a port that is only cooling down is free
        try:
            probe.bind((HOST, port))
        except OSError as error:
            why = "only root may" if isinstance(error, PermissionError) else "another program has it"
            raise Refusal(
                f"Port {port} on {HOST} cannot be used ({error.strerror}): {why}.\n"
                f"Choose another: python3 manage.py demo --port {port + 1 if 1023 < port < 65535 else 8000}"
            ) from error


def reset(paths: Paths) -> None:
    """Throw away the demo's data: the embedded database of this folder and what the demo left in var."""
    if settings.own_database() is not None:
        raise Refusal("--reset empties the embedded database only. Empty a database of your own by hand.")
    say("throwing the demo's data away")
    account = binaries.server_account()
    homes = [paths.var / "postgres"] if account is None else postgres.homes_of(paths)
    for home in homes:
        if home.exists():
            # No programs are needed to stop a server and remove its files, and .venv may not be there yet.
            postgres.Cluster(home, {}, binaries.Binaries(Path(), 0), account).destroy()
    for name in MADE:
        made = paths.var / name
        if made.is_dir():
            shutil.rmtree(made)
        else:
            made.unlink(missing_ok=True)


class Demo:
    """One run of the demo."""

    def __init__(self, paths: Paths, port: int) -> None:
        self.paths = paths
        self.port = port
        self.python = paths.venv_python
        self.brood = Brood(paths.var / "demo.children", paths.var / "logs")
        self.cluster: postgres.Cluster | None = None
        self.services: list[Service] = []
        self.urls: dict[str, str] = {}
        self._server = ""

    # -- before it serves --------------------------------------------------------------------------

    def prepare(self) -> None:
        """Everything up to a complete var/demo.json."""
        self.python = environment.ensure(self.paths)
        keys = secrets.load(self.paths)
        own = self._own_database()
        if own is None:
            self._start_embedded(keys["database"])
        must(self._module("launch.preflight", "owner"), "the check of the database")
        self._collect_static()
        prepared = self._is_prepared()
        if not prepared:
            say("preparing the database")
            must(self._django("owner", "prepare_database"), "prepare_database")
        if own is not None:
            must(self._django("web", "check_database"), "the check of the database")
        if not prepared or not self._users():
            say("looking after the demo people and their families")
            must(self._django("owner", "demo_people"), "demo_people")
            must(self._django("worker", "seed_demo"), "seed_demo")
        self._remember_prepared()
        self._write_demo_file()

    def _own_database(self) -> dict[str, str] | None:
        """The URLs of a database of one's own, if one is chosen; a choice that is only half made is
        refused.
        """
        self.urls = {name: os.environ[name] for name in postgres.URL_NAMES.values() if os.environ.get(name)}
        try:
            own = settings.own_database()
        except Refusal:
            self._module(
                "launch.preflight", "owner"
            )  # what is wrong with the given ones is worth knowing too
            raise
        if own is not None:
            say("using the database of your own that DATABASE_URL names")
        return own

    def _start_embedded(self, passwords: dict[str, str]) -> None:
        self.cluster = postgres.embedded(self.paths, passwords)
        how = self.cluster.start()
        self._server = processes.identity(self.cluster.postmaster() or 0)
        say(f"the database server was {how} (PostgreSQL {self.cluster.binaries.major})")
        unfinished = self.cluster.home / "unfinished"
        if unfinished.exists():
            say("the first start was cut off; beginning its database again")
            self.cluster.drop_database(postgres.DATABASE)
            self.cluster.forget(postgres.DATABASE)
            self.paths.demo_file.unlink(missing_ok=True)
        if not self.cluster.exists(postgres.DATABASE):
            # Stands until the families are there: half a set of them would pass for a whole one.
            unfinished.touch()
            self.paths.demo_file.unlink(missing_ok=True)  # tokens of a database that is gone
        self.cluster.ensure_database()
        self.urls = self.cluster.urls()

    def _collect_static(self) -> None:
        """Collect static files when ours or the packages changed."""
        present = digest([self.paths.requirements("run"), *_files(self.paths.root / "static", "*")])
        stamp = self.paths.var / "static.stamp"
        if (
            stamp.exists()
            and stamp.read_text(encoding="ascii") == present
            and (self.paths.var / "static").is_dir()
        ):
            return
        say("collecting static files")
        must(self._django("web", *settings.COLLECT_STATIC, "--clear"), "collectstatic")
        stamp.write_text(present, encoding="ascii")

    def _code(self) -> str:
        """A digest of all that decides what prepare_database would do."""
        code = [self.paths.requirements("run"), postgres.BOOTSTRAP, secrets.path_of(self.paths)]
        for package in ("placement", "workflows", "evaluation", "demo"):
            for pattern in ("*.py", "*.sql", "*.json", "*.csv", "*.toml"):
                code += _files(self.paths.root / package, pattern)
        return digest(code)

    def _is_prepared(self) -> bool:
        """Whether this very code prepared this very database before. Never assumed of a database of one's
        own.
        """
        if self.cluster is None or (self.cluster.home / "unfinished").exists():
            return False
        stamp = self.cluster.home / "prepared"
        return stamp.exists() and stamp.read_text(encoding="ascii") == self._code()

    def _remember_prepared(self) -> None:
        if self.cluster is not None:
            if (self.cluster.home / "unfinished").exists():
                # The families were written without waiting for the disk.
                self.cluster.sql("CHECKPOINT")
            (self.cluster.home / "prepared").write_text(self._code(), encoding="ascii")
            (self.cluster.home / "unfinished").unlink(missing_ok=True)

    def _users(self) -> list[dict[str, str | None]]:
        if not self.paths.demo_file.exists():
            return []
        found = read_json(self.paths.demo_file).get("users")
        return found if isinstance(found, list) else []

    def _write_demo_file(self) -> None:
        users = self._users()
        if not users:
            raise Refusal(f"demo_people left no users in {self.paths.demo_file}.")
        written = {"url": self.address, "users": users, "database": {"app_url": self.urls["DATABASE_URL"]}}
        write_private(self.paths.demo_file, json.dumps(written, indent=2, ensure_ascii=False) + "\n")

    @property
    def address(self) -> str:
        """Where the demo is to be seen."""
        return f"http://{HOST}:{self.port}"

    def _django(self, process: str, *command: str) -> int:
        return self._module("django", process, *command)

    def _module(self, module: str, process: str, *arguments: str) -> int:
        return self.brood.step(
            [str(self.python), "-m", module, *arguments], self._environ(process), self.paths.root
        )

    def _environ(self, process: str) -> dict[str, str]:
        built = settings.build(self.paths, self.urls, process, demo=True)
        return built | {"FAMILIEFORLOEB_ADDRESS": f"{self.address}/"}

    # -- while it serves ---------------------------------------------------------------------------

    def serve(self) -> None:
        """Start worker and web server, say where it is, and look after all three until Stopped is raised."""
        python, root = str(self.python), self.paths.root
        worker = Service(
            self.brood, "worker", [python, "-m", "django", "run_worker"], self._environ("worker"), root
        )  # fmt: skip
        web = Service(
            self.brood,
            "web",
            [
                python, "-m", "granian", "--interface", "wsgi", "placement.wsgi:application",
                "--host", HOST, "--port", str(self.port), "--workers", str(min(2, os.cpu_count() or 1)),
                "--blocking-threads", "4", "--workers-kill-timeout", "5",
                "--no-ws", "--log-level", "warning",
            ],
            self._environ("web"),
            root,
        )  # fmt: skip
        self.services = [web, worker]
        worker.start()
        web.start()
        self._wait_for_web(web)
        self._tell()
        while True:
            time.sleep(0.3)
            self._look_after_database()
            for service in self.services:
                service.look_after()

    def _look_after_database(self) -> None:
        if self.cluster is not None and not processes.is_same(self._server):
            how = self.cluster.start()
            self._server = processes.identity(self.cluster.postmaster() or 0)
            say(f"the database server had ended; it was {how}")

    def _wait_for_web(self, web: Service) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if not web.running():
                raise Refusal(
                    f"The web server ended at its start; its log ({web.log}) ends with:\n{web.tail()}"
                )
            connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
            try:
                connection.request("GET", "/", headers={"Host": f"{HOST}:{self.port}"})
                status = connection.getresponse().status
                if status >= 500:
                    raise Refusal(
                        f"The web server answers with status {status}; "
                        f"its log ({web.log}) ends with:\n{web.tail()}"
                    )
                return
            except (ConnectionError, TimeoutError, http.client.HTTPException):
                time.sleep(0.05)  # not there yet
            finally:
                connection.close()
        raise Refusal(f"The web server does not answer; its log ({web.log}) ends with:\n{web.tail()}")

    def _tell(self) -> None:
        users = self._users()
        width = max(len(str(user["username"])) for user in users)
        print(f"\nFamilieforløb runs on {self.address} - every person here is invented.\n\nLog in as:")
        for user in users:
            where = f" in {user['municipality']}" if user.get("municipality") else ""
            print(f"  {user['username']:<{width}}  password {user['password']}  ({user['role']}{where})")
        print(f"\nTheir API tokens are in {self.paths.demo_file}. Stop with Ctrl-C.", flush=True)

    def stop(self) -> None:
        """Stop all that was started; the database too, unless somebody else uses it."""
        for service in self.services:
            service.stop()
        self.brood.forget()
        if self.cluster is not None and self.cluster.home.exists() and not self.cluster.leave():
            say("the database server goes on: another command uses it, or it was started by `database start`")
        if self.services or self.cluster is not None:
            say("stopped")


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    return (
        path for path in sorted(folder.rglob(pattern)) if path.is_file() and "__pycache__" not in path.parts
    )


def digest(files: list[Path]) -> str:
    """One SHA-256 over names and contents."""
    total = hashlib.sha256()
    for path in files:
        total.update(str(path).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
