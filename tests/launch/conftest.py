"""What the tests of the set-up room share: clusters of their own, which nothing else in the run touches."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launch import binaries, processes, secrets
from launch.paths import ROOT, Paths
from launch.postgres import Cluster

MakeCluster = Callable[..., Cluster]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """This checkout with a var folder of the test's own."""
    var = tmp_path / "var"
    var.mkdir(mode=0o700)
    return Paths(ROOT, var)


@pytest.fixture(scope="module")
def homes() -> Iterator[Path]:
    """A folder for clusters that the server's own account reaches when the tests run as root."""
    account = binaries.server_account()
    store = binaries.ROOT_STORE if account else Path(tempfile.gettempdir()) / f"ff-{os.geteuid()}"
    store.mkdir(mode=0o711 if account else 0o700, parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="test-", dir=store))
    home.chmod(0o711 if account else 0o700)
    (home / "keeper").write_text(processes.identity(os.getpid()), encoding="ascii")
    yield home
    shutil.rmtree(home)


@pytest.fixture(scope="module")
def make_cluster(homes: Path) -> Iterator[MakeCluster]:
    """Makes Cluster objects; the same name gives the same cluster, as two commands would see it. Destroyed
    at the end.
    """
    account = binaries.server_account()
    passwords = secrets.fresh()["database"]
    found = binaries.reachable(binaries.find(Paths(ROOT, homes)), account)
    made: list[Cluster] = []

    def make(name: str, *, throw_away: bool = False) -> Cluster:
        made.append(Cluster(homes / name, passwords, found, account, throw_away=throw_away))
        return made[-1]

    yield make
    for cluster in made:
        if cluster.home.exists():
            cluster.destroy()
