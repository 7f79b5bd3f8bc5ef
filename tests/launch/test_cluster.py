"""The embedded PostgreSQL lives through what happens to it. Every test here has a real server."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from launch import binaries, postgres, processes
from launch.paths import ROOT, Paths
from launch.postgres import Cluster
from launch.words import Refusal
from tests.launch.conftest import MakeCluster


@pytest.fixture
def cluster(make_cluster: MakeCluster) -> Cluster:
    """A cluster that runs, made once for this file; every test gets an object of its own, like a new
    command.
    """
    made = make_cluster("main")
    made.start()
    made.ensure_database()
    return made


def ask(cluster: Cluster, url: str, statement: str) -> subprocess.CompletedProcess[str]:
    """Run one statement through a login of the application."""
    return subprocess.run(
        [cluster.binaries / "psql", "-X", "-A", "-t", "-w", "-c", statement, url],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_created_adopted_left_by_the_last_and_started_with_its_data(make_cluster: MakeCluster) -> None:
    first, second = make_cluster("shared"), make_cluster("shared")
    assert first.start() == "created"
    first.sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    assert second.start() == "adopted"
    assert first.postmaster() == second.postmaster()
    assert first.leave() is False, "the other one still uses it"
    assert second.running()
    assert second.leave() is True
    assert not second.running()
    assert first.start() == "started"
    assert first.sql("SELECT n FROM kept") == "7"
    assert first.leave() is True


def test_a_server_started_to_be_kept_stays_until_it_is_stopped(make_cluster: MakeCluster) -> None:
    first, second = make_cluster("kept"), make_cluster("kept")
    first.start()
    assert first.leave(keep=True) is False
    assert second.start() == "adopted"
    assert second.leave() is False
    assert second.running()
    second.stop()
    assert not second.running()


def wait_until_dead(pid: int) -> None:
    """A killed process takes a moment to die; until then it is rightly taken for running."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state in "ZX":
            return
        time.sleep(0.01)
    raise AssertionError("the process did not die")


def test_what_was_committed_is_there_after_kill_9(cluster: Cluster) -> None:
    cluster.sql("CREATE TABLE IF NOT EXISTS survivors (n int); INSERT INTO survivors VALUES (1)")
    pid = cluster.postmaster()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until_dead(pid)
    assert cluster.start() == "started"
    assert cluster.postmaster() != pid
    assert int(cluster.sql("SELECT count(*) FROM survivors")) >= 1


def test_a_zombie_is_not_taken_for_a_server(make_cluster: MakeCluster) -> None:
    parent, other = make_cluster("zombie"), make_cluster("zombie")
    parent.start()
    pid = parent.postmaster()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    # It is dead, but `parent` has not collected its child: the number still answers to kill -0.
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    os.kill(pid, 0)
    assert other.start() == "started"
    assert other.postmaster() != pid


def test_a_number_that_another_program_has_now_is_not_taken_for_a_server(make_cluster: MakeCluster) -> None:
    cluster = make_cluster("reused")
    cluster.start()
    pid = cluster.postmaster()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with subprocess.Popen(["sleep", "60"]) as bystander:
        try:
            for left in (cluster.data / "postmaster.pid", cluster.socket / ".s.PGSQL.5432.lock"):
                lines = left.read_text(encoding="utf-8").splitlines()
                left.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n", encoding="utf-8")
            assert make_cluster("reused").start() == "started"
            assert bystander.poll() is None, "the bystander was left alone"
        finally:
            bystander.kill()


def test_a_start_that_was_cut_off_in_initdb_begins_again(make_cluster: MakeCluster) -> None:
    cluster = make_cluster("half")
    half = cluster.home / "data.half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    assert cluster.start() == "created"
    assert not half.exists()


def test_it_listens_on_no_port_and_nobody_else_enters_its_folders(cluster: Cluster) -> None:
    assert cluster.sql("SHOW listen_addresses") == ""
    assert cluster.sql("SHOW data_checksums") == "on"
    for folder in (cluster.home, cluster.data, cluster.socket):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    pid = cluster.postmaster()
    assert pid is not None
    if Path("/proc/net/tcp").exists():
        sockets = {os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")}
        for table in ("tcp", "tcp6"):
            listed = Path(f"/proc/{pid}/net/{table}")
            rows = listed.read_text(encoding="ascii").splitlines()[1:] if listed.exists() else []
            assert not {f"socket:[{row.split()[9]}]" for row in rows} & sockets
        if os.geteuid() == 0:
            assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_only_the_right_password_opens_it(cluster: Cluster) -> None:
    url = cluster.urls()["DATABASE_URL"]
    assert ask(cluster, url, "SELECT current_user").stdout == "ff_web\n"
    assert (
        "authentication failed"
        in ask(cluster, url.replace(cluster.passwords["web"], "guess"), "SELECT 1").stderr
    )
    assert "password" in ask(cluster, url.replace(f":{cluster.passwords['web']}", ""), "SELECT 1").stderr


def test_the_logins_are_what_the_bootstrap_says_and_no_more(cluster: Cluster) -> None:
    rows = cluster.sql(
        "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication, rolcanlogin, "
        "rolinherit "
        "FROM pg_roles WHERE rolname LIKE 'ff\\_%' AND NOT rolsuper ORDER BY 1"
    ).splitlines()
    assert rows == [
        "ff_evaluation|f|f|f|f|f|t|f",
        "ff_evaluation_owner|f|f|f|f|f|f|f",
        "ff_owner|f|f|f|f|f|t|t",
        "ff_web|f|f|f|f|f|t|f",
        "ff_worker|f|f|f|f|f|t|f",
    ]
    members = cluster.sql(
        "SELECT string_agg(pg_get_userbyid(member), ',') FROM pg_auth_members "
        "WHERE pg_get_userbyid(roleid) LIKE 'ff\\_%' AND pg_get_userbyid(member) <> 'ff_superuser'"
    )
    assert members == "ff_owner"


@pytest.mark.parametrize("login", ["DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_EVALUATION_URL"])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMP TABLE families (n int)",
        "CREATE TABLE public.families (n int)",
        "CREATE SCHEMA mine",
        "SET ROLE ff_owner",
        "SET ROLE ff_evaluation_owner",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "ALTER ROLE ff_web BYPASSRLS",
        "SELECT rolpassword FROM pg_authid",
    ],
)
def test_the_logins_are_refused_what_they_do_not_need(cluster: Cluster, login: str, statement: str) -> None:
    answer = ask(cluster, cluster.urls()[login], statement)
    assert answer.returncode != 0
    assert "permission denied" in answer.stderr or "read-only" in answer.stderr or "must be" in answer.stderr


def test_only_our_logins_may_connect_to_a_database_and_to_its_copies(cluster: Cluster) -> None:
    cluster.create_database("pattern")
    cluster.sql("CREATE TABLE inside (n int)", "pattern")
    cluster.create_database("pattern_copy", template="pattern")
    try:
        for name in ("pattern", "pattern_copy"):
            assert (
                cluster.sql(f"SELECT has_database_privilege('public', '{name}', 'CONNECT, TEMPORARY')") == "f"
            )
            assert ask(cluster, cluster.urls(name)["DATABASE_URL"], "SELECT 1").stdout == "1\n"
            owner = f"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{name}'"
            assert cluster.sql(owner) == "ff_owner"
        assert cluster.sql("SELECT count(*) FROM inside", "pattern_copy") == "0"
    finally:
        cluster.drop_database("pattern")
        cluster.drop_database("pattern_copy")


def test_the_bootstrap_may_be_run_again_and_puts_a_changed_role_right(cluster: Cluster) -> None:
    cluster.sql("ALTER ROLE ff_web BYPASSRLS CREATEROLE")
    cluster.bootstrap(postgres.DATABASE)
    assert cluster.sql("SELECT rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = 'ff_web'") == "f|f"


def test_the_bootstrap_refuses_a_maintenance_database(cluster: Cluster) -> None:
    with pytest.raises(Refusal, match="not in postgres"):
        cluster.bootstrap("postgres")


def test_the_log_keeps_statements_and_values_to_itself(cluster: Cluster) -> None:
    url = cluster.urls()["DATABASE_OWNER_URL"]
    ask(cluster, url, "CREATE TABLE once (cpr text UNIQUE)")
    ask(cluster, url, "INSERT INTO once VALUES ('0101801234')")
    assert ask(cluster, url, "INSERT INTO once VALUES ('0101801234')").returncode != 0
    ask(cluster, url, "DROP TABLE once")
    log = cluster.log.read_text(encoding="utf-8")
    assert "duplicate key" in log
    assert "0101801234" not in log
    assert cluster.passwords["web"] not in log


def test_data_of_another_major_version_are_refused_with_what_to_do(homes: Path) -> None:
    with pytest.raises(Refusal, match=r"(?s)made by PostgreSQL 12.*apt-get install postgresql-12") as refused:
        binaries.find(Paths(ROOT, homes), 12)
    assert "demo --reset" in str(refused.value)


def test_a_long_path_gets_a_short_socket_folder(tmp_path: Path) -> None:
    found = binaries.Binaries(Path(), 0)
    deep = Cluster(tmp_path / ("d" * 90), {}, found)
    odd = Cluster(Path("/srv/a, b"), {}, found)
    for cluster in (deep, odd):
        assert len(os.fsencode(cluster.socket / ".s.PGSQL.5432")) <= 107
        assert "," not in str(cluster.socket)
    assert deep.socket != odd.socket


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    theirs, link = tmp_path / "theirs", tmp_path / "link"
    theirs.mkdir()
    link.symlink_to(theirs)
    with pytest.raises(Refusal, match="somebody else"):
        Cluster(tmp_path / "home", {}, binaries.Binaries(Path(), 0))._private(link)


def test_a_throw_away_server_of_a_killed_run_is_known_by_its_keeper(tmp_path: Path) -> None:
    dead, live = tmp_path / "test-dead", tmp_path / "test-live"
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    for home, keeper in ((dead, f"{ended.pid} 1"), (live, processes.identity(os.getpid()))):
        home.mkdir()
        (home / "keeper").write_text(keeper, encoding="ascii")
    assert postgres._abandoned([dead, live]) == [dead]


def test_two_runs_that_clear_up_after_the_same_killed_run_do_not_stumble(tmp_path: Path) -> None:
    home = tmp_path / "test-dead"
    (home / "data").mkdir(parents=True)
    both = [Cluster(home, {}, binaries.Binaries(Path(), 0), None, throw_away=True) for _run in range(2)]
    for cluster in both:
        cluster.destroy()
    assert list(tmp_path.iterdir()) == []


def test_a_copied_checkout_does_not_share_the_database(tmp_path: Path) -> None:
    home, original, copy = tmp_path / "c0ffee", tmp_path / "original", tmp_path / "copy"
    for var in (original, copy):
        var.mkdir()
        (var / "secrets.json").write_text('{"database": {"cluster": "c0ffee"}}', encoding="ascii")
    postgres._claim(home, Paths(ROOT, original))
    postgres._claim(home, Paths(ROOT, original))
    with pytest.raises(Refusal, match="is a copy of"):
        postgres._claim(home, Paths(ROOT, copy))
    (original / "secrets.json").unlink()  # moved, not copied
    postgres._claim(home, Paths(ROOT, copy))
    assert (home / "belongs-to").read_text(encoding="utf-8") == str(copy)
