"""`python3 manage.py demo` as somebody types it: what it leaves, what it answers, and that it outlives being killed.

One real demonstration in a var folder of its own, made once for this file; each test starts it again.
"""

from __future__ import annotations

import csv
import http.client
import io
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from launch import binaries, demo, postgres, processes, secrets
from launch.binaries import Binaries
from launch.paths import ROOT, Paths
from tests import releasing
from tests.serving import HOST, free_port

LATER_START_SECONDS = 10
SIDES = {
    "caseworker": "caseworker",
    "caseworker2": "caseworker",
    "authoritylead": "authoritylead",
    "practitioner": "practitioner",
    "teamlead": "teamlead",
    "teamlead2": "teamlead",
    "healthvisitor": "healthvisitor",
    "oncall": "oncall",
    "privacy": "privacy",
}


def _environment(paths: Paths) -> dict[str, str]:
    """What somebody's terminal has, and the var folder; nothing of the test run's own database."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "FAMILIEFORLOEB_VAR": str(paths.var)}


def _command(paths: Paths, *words: str, **how: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=_environment(paths), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        preexec_fn=processes.end_with_us(signal.SIGTERM), **how,
    )  # fmt: skip


def typed(paths: Paths, *words: str) -> tuple[int, str]:
    """Type a command and wait for its end: the exit status, and what it said."""
    child = _command(paths, *words)
    said, _nothing = child.communicate(timeout=300)
    return child.returncode, said


def _destroy(paths: Paths) -> None:
    account = binaries.server_account()
    for home in [paths.var / "postgres"] if account is None else postgres.homes_of(paths):
        if home.exists():
            postgres.Cluster(home, {}, Binaries(Path(), 0), account).destroy()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paths]:
    """A demonstration that was prepared and not yet served."""
    var = tmp_path_factory.mktemp("demonstration") / "var"
    var.mkdir(mode=0o700)
    paths = Paths(ROOT, var)
    try:
        status, said = typed(paths, "demo", "--no-serve")
        assert status == 0, said
        assert "everything is prepared" in said
        yield paths
    finally:
        _destroy(paths)


def server(paths: Paths) -> postgres.Cluster:
    """The demonstration's database server, to look at."""
    found = secrets.load(paths, {})["database"]
    home = postgres.home_of(paths, found)
    return postgres.Cluster(home, found, Binaries(Path(), 0), binaries.server_account())


@dataclass
class Running:
    """A demonstration that answers."""

    process: subprocess.Popen[str]
    port: int
    seconds: float
    told: Mapping[str, Any]

    def token(self, username: str) -> str:
        return str(next(user for user in self.told["users"] if user["username"] == username)["api_token"])

    def ask(self, username: str, method: str, address: str, body: Any = None) -> tuple[int, Any]:
        """Call the API as one of the demonstration's people: the status, and the answer."""
        status, answer = self.fetch(username, method, address, body)
        return status, json.loads(answer)

    def fetch(self, username: str, method: str, address: str, body: Any = None) -> tuple[int, bytes]:
        """The same for an answer that is a file."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=20)
        headers = {"Authorization": f"Token {self.token(username)}", "Content-Type": "application/json"}
        connection.request(method, f"/api/v1/{address}", body and json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, text

    def kill(self) -> None:
        """As by the power switch: SIGKILL to the demonstration alone."""
        self.process.kill()
        self.process.wait()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/log-ind/")
        return connection.getresponse().status == 200
    except (ConnectionError, TimeoutError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def served(paths: Paths) -> Iterator[Running]:
    """Start it, wait until its port answers, and have it stopped afterwards if the test did not."""
    port, begun = free_port(), time.monotonic()
    process = _command(paths, "demo", "--port", str(port))
    try:
        while not _answers(port):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < begun + 60, "the demonstration does not answer"
            time.sleep(0.05)
        told = json.loads(paths.demo_file.read_text(encoding="utf-8"))
        yield Running(process, port, time.monotonic() - begun, told)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def _dataset(running: Running) -> dict[str, dict[str, dict[str, str]]]:
    """What the evaluator gets: asked for, built by the worker, downloaded; rows by their id, by file."""
    wish = {"kind": "T1", "purpose": "Evaluering", "agreement": "2026-17"}
    keys = {"measurements": "measurement_id", "exit_steps": "step_id"}
    status, release = running.ask("vive.evaluator", "POST", "releases/", {**wish, "datasets": list(keys)})
    assert status == 201, release
    address = f"releases/{release['id']}/"

    def until(username: str, method: str, what: str, said: Callable[[Any], bool], body: Any = None) -> None:
        end = time.monotonic() + 60
        while not said(running.ask(username, method, f"{address}{what}", body)):
            assert time.monotonic() < end, f"the worker is not done before {what}"
            time.sleep(0.2)

    until("vive.evaluator", "GET", "", lambda answer: answer[1]["status"] == "reported")
    for town in ("greve", "randers", "odense"):
        if town == "greve":
            assert running.ask("greve.privacy", "GET", f"{address}report/")[0] == 200
            assert running.ask("greve.privacy", "POST", f"{address}review/", {})[0] == 200
        lead = f"{town}.authoritylead"
        assert running.ask(lead, "GET", f"{address}report/")[0] == 200
        # One review serves for all, as soon as the worker has carried it there.
        until(lead, "POST", "approve/", lambda answer: answer[0] == 200, {})
    until("vive.evaluator", "GET", "", lambda answer: answer[1]["status"] == "available")
    found = {}
    made = running.ask("vive.evaluator", "POST", f"{address}link/")[1]
    archive = running.fetch("vive.evaluator", "GET", made["url"].removeprefix("/api/v1/"))[1]
    files = releasing.opened(archive, made["password"])
    for name, key in keys.items():
        text = files[f"{name}.csv"].decode()
        found[name] = {row[key]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    return found


def test_what_is_logged_and_approved_in_greve_stands_in_the_evaluator_s_dataset(prepared: Paths) -> None:
    """What the house is for, in one go, on the running product: two people write, a third one counts."""
    with served(prepared) as running:
        before = _dataset(running)
        note = {"kind": "observation", "text": "Far trøstede.", "element": "progression", "score": 7}
        address = f"families/{_a_family(running)}/notes/"
        assert running.ask("greve.practitioner", "POST", address, note)[0] == 201
        waiting = [
            (username, task)
            for username in ("greve.teamlead", "greve.teamlead2")
            for task in running.ask(username, "GET", "tasks/?limit=200")[1]["results"]
            if task["node"] == "approve_step"
        ]
        lead, task = waiting[0]
        facts = running.ask(lead, "GET", f"tasks/{task['id']}/")[1]["facts_version"]
        approval = {"approved": True, "reason": "", "facts_version": facts}
        status, done = running.ask(lead, "POST", f"tasks/{task['id']}/complete/", approval)
        assert (status, done["status"]) == (200, "done"), done
        after = _dataset(running)
    (logged,) = after["measurements"].keys() - before["measurements"].keys()
    score = after["measurements"][logged]
    assert (score["element"], score["instrument"], score["score"]) == ("progression", "hverdagslog", "7")
    assert after["exit_steps"].keys() == before["exit_steps"].keys()
    changed = [step for step, row in after["exit_steps"].items() if row != before["exit_steps"][step]]
    assert len(changed) == 1
    assert (before["exit_steps"][changed[0]]["approved"], after["exit_steps"][changed[0]]["approved"]) == (
        "",
        "1",
    )
    assert all(before["measurements"][row] == after["measurements"][row] for row in before["measurements"])


def _a_family(running: Running) -> str:
    _status, found = running.ask("greve.practitioner", "GET", "families/?limit=1")
    return str(found["results"][0]["id"])


def test_preparing_leaves_a_private_file_and_nothing_that_runs(prepared: Paths) -> None:
    told = json.loads(prepared.demo_file.read_text(encoding="utf-8"))
    assert stat.S_IMODE(prepared.demo_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(prepared.var.stat().st_mode) == 0o700
    assert set(told) == {"url", "users", "database"} and set(told["database"]) == {"app_url"}
    fields = {"username", "password", "role", "municipality", "api_token"}
    assert all(set(user) == fields and user["password"] == "demo" for user in told["users"])
    assert {user["username"]: (user["role"], user["municipality"]) for user in told["users"]} == {
        f"{town.lower()}.{part}": (role, town)
        for town in ("Greve", "Randers", "Odense")
        for part, role in SIDES.items()
    } | {"vive.evaluator": ("evaluator", None), "admin": ("admin", None)}
    assert len({user["api_token"] for user in told["users"]}) == len(told["users"])
    assert not server(prepared).running()
    assert not (prepared.var / "demo.children").exists()


def test_it_answers_within_seconds_when_all_is_there_and_stops_all_it_started(prepared: Paths) -> None:
    with served(prepared) as running:
        assert running.seconds < LATER_START_SECONDS
        assert running.told["url"] == f"http://{HOST}:{running.port}"
        for user in running.told["users"]:
            status, me = running.ask(user["username"], "GET", "me/")
            assert (status, me["username"]) == (200, user["username"])
        with psycopg.connect(running.told["database"]["app_url"]) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("ff_web",)
        refused, said = typed(prepared, "demo", "--port", str(free_port()))
        assert refused == 1 and "runs already" in said
        children = json.loads((prepared.var / "demo.children").read_text(encoding="utf-8"))["leaders"]
        assert len(children) == 2 and all(processes.is_same(one) for one in children)
        assert running.stop(signal.SIGINT) == 0
    assert not any(processes.is_same(one) for one in children)
    assert not server(prepared).running()
    assert not _answers(running.port)


def test_each_municipality_has_its_twelve_families(prepared: Paths) -> None:
    with (
        served(prepared) as running,
        psycopg.connect(server(prepared).superuser_url(postgres.DATABASE)) as looking,
    ):
        counted = looking.execute(
            "SELECT municipality_id, count(*) FROM families_family GROUP BY 1 ORDER BY 1"
        ).fetchall()
        assert counted == [(253, 12), (461, 12), (730, 12)]
        # Each came where it is by the flows: no family without its journey, no journey without its first step.
        undone = looking.execute(
            "SELECT count(*) FROM families_family f WHERE NOT EXISTS (SELECT FROM kernel_task t "
            "WHERE t.family_id = f.id AND t.element = 'journey' AND t.flow_task_type = 'START')"
        ).fetchone()
        assert undone == (0,)
        assert running.ask("greve.teamlead", "GET", "tasks/")[1]["results"]


@pytest.mark.parametrize("killed", ["the demonstration", "its database", "both"])
def test_killed_and_started_again_it_has_what_was_written(prepared: Paths, killed: str) -> None:
    with served(prepared) as running:
        family = _a_family(running)
        note = {"kind": "observation", "text": f"Skrevet, før {killed} blev slået ihjel."}
        status, written = running.ask("greve.practitioner", "POST", f"families/{family}/notes/", note)
        assert status == 201, written
        number = server(prepared).postmaster()
        assert number is not None
        if killed != "the demonstration":
            os.kill(number, signal.SIGKILL)
        if killed != "its database":
            running.kill()
        else:
            # It looks after its server itself.
            end = time.monotonic() + 20
            while server(prepared).postmaster() in {None, number} or not _answers(running.port):
                assert time.monotonic() < end, "the server did not come back"
                time.sleep(0.1)
            assert running.stop() == 0
    with served(prepared) as again:
        assert [u["api_token"] for u in again.told["users"]] == [
            u["api_token"] for u in running.told["users"]
        ]
        status, notes = again.ask("greve.practitioner", "GET", f"families/{family}/notes/")
        assert status == 200 and written["id"] in {one["id"] for one in notes["results"]}


def test_the_day_is_moved_while_it_runs(prepared: Paths) -> None:
    with served(prepared) as running:
        before = running.ask("greve.teamlead", "GET", "tasks/?limit=200")[1]["results"]
        assert not all(task["overdue"] for task in before if task["due"])
        try:
            status, said = typed(prepared, "clock", "--advance", "400d")
            assert status == 0, said
            after = running.ask("greve.teamlead", "GET", "tasks/?limit=200")[1]["results"]
            assert after and all(task["overdue"] for task in after if task["due"])
        finally:
            assert typed(prepared, "clock", "--real")[0] == 0


def test_a_lost_file_gets_new_tokens_and_the_data_stay(prepared: Paths) -> None:
    with served(prepared) as running:
        family = _a_family(running)
        assert running.stop() == 0
    prepared.demo_file.unlink()
    with served(prepared) as again:
        assert again.token("greve.practitioner") != running.token("greve.practitioner")
        assert again.ask("greve.practitioner", "GET", f"families/{family}/")[0] == 200
        assert stat.S_IMODE(prepared.demo_file.stat().st_mode) == 0o600


def test_reset_throws_the_data_away_and_keeps_the_keys(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in postgres.URL_NAMES.values():
        monkeypatch.delenv(name, raising=False)
    keys = secrets.load(paths, {})
    cluster = postgres.embedded(paths, keys["database"])
    try:
        cluster.start()
        paths.demo_file.write_text("{}", encoding="ascii")
        (paths.var / "static").mkdir()
        demo.reset(paths)
        assert not cluster.home.exists() and not cluster.running()
        assert sorted(path.name for path in paths.var.iterdir()) == ["secrets.json"]
        assert secrets.load(paths, {}) == keys
    finally:
        _destroy(paths)
