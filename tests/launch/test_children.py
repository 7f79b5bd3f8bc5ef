"""What the supervisor starts ends with it, and what it should keep alive comes back."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from launch import demo, processes
from launch.children import Brood, Service
from launch.files import Busy, Lock
from launch.paths import ROOT, Paths
from launch.words import Refusal

ENVIRON = {"PATH": os.environ.get("PATH", os.defpath)}
SUPERVISOR = """
import sys, time
from pathlib import Path
from launch.children import Brood
var = Path(sys.argv[1])
child = Brood(var / "children", var).open(["sleep", "300"], {"PATH": "/usr/bin:/bin"})
print(child.pid, flush=True)
time.sleep(300)
"""


def soon(what: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it comes true before the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.02)
    return what()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends children with their parent")
def test_children_end_with_a_supervisor_that_is_killed(paths: Paths) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(paths.var)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        assert processes.alive(child)
        supervisor.kill()
    assert soon(lambda: not processes.alive(child))


def test_the_next_start_ends_what_is_left(paths: Paths) -> None:
    earlier = Brood(paths.var / "children", paths.var)
    left = earlier.open(["sleep", "300"], ENVIRON)
    bystander = subprocess.Popen(["sleep", "300"])
    try:
        Brood(paths.var / "children", paths.var).clear_earlier()
        assert soon(lambda: left.poll() is not None)
        assert bystander.poll() is None
        assert not (paths.var / "children").exists()
    finally:
        bystander.kill()
        bystander.wait()


def test_a_service_that_dies_is_started_again_and_a_stopped_one_is_not(paths: Paths) -> None:
    brood = Brood(paths.var / "children", paths.var / "logs")
    service = Service(brood, "sleeper", ["sleep", "300"], ENVIRON, ROOT)
    service.start()
    assert service.child is not None
    first = service.child.pid
    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while (not service.running() or service.child.pid == first) and time.monotonic() < deadline:
        service.look_after()
        time.sleep(0.02)
    assert service.running()
    second = service.child.pid
    service.stop()
    assert not processes.alive(second)


def test_a_group_ends_whole_even_if_a_member_ignores_us() -> None:
    stubborn = "trap '' TERM; sleep 300 & echo $!; wait; sleep 300"
    with subprocess.Popen(
        ["sh", "-c", stubborn], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as shell:
        assert shell.stdout is not None
        member = int(shell.stdout.readline())
        processes.end_group(shell.pid, patience=0.3)
        assert soon(lambda: not processes.alive(member))


def test_a_process_is_known_by_more_than_its_number() -> None:
    recorded = processes.identity(os.getpid())
    assert processes.is_same(recorded)
    assert not processes.is_same(f"{os.getpid()} 1")
    assert not processes.is_same("")


def test_a_port_that_is_taken_is_said_before_anything_is_done(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAMILIEFORLOEB_VAR", str(paths.var))
    monkeypatch.setattr(demo.Demo, "prepare", lambda self: pytest.fail("something was done"))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with pytest.raises(Refusal, match=rf"Port {port} .* another program has it"):
                demo.main(["--port", str(port)])
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def test_a_port_that_only_root_may_use_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, address: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(Refusal, match=r"Port 80 .* only root may\.\nChoose another: .* --port 8000$"):
        demo._port_is_free(80)


def test_two_demos_of_one_folder_are_refused(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAMILIEFORLOEB_VAR", str(paths.var))
    first = demo._only_one(paths)
    with pytest.raises(Refusal, match=f"runs already .process {os.getpid()}"):
        demo.main([])
    first.release()
    demo._only_one(paths).release()


def test_reset_does_not_touch_a_database_of_ones_own(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "DATABASE_EVALUATION_URL"):
        monkeypatch.setenv(name, "postgresql://somebody@/else")
    with pytest.raises(Refusal, match="by hand"):
        demo.reset(paths)


def test_a_lock_is_let_go_by_the_death_of_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    program = "import sys, time; from pathlib import Path; from launch.files import Lock\n"
    program += "Lock(Path(sys.argv[1])).take(); print('taken', flush=True); time.sleep(300)"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(Busy):
            Lock(path).take(wait=False)
        holder.kill()
    Lock(path).take(wait=False)
