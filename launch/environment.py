"""The virtual environment `.venv`: made from the locked, hashed requirements, again when they change.

It is built in place and a stamp is written last, so that a half-made one (a killed start, a full disk) is
never taken for a whole one. Which packages it holds follows from the lock files alone: `run` for everything,
`test` on top of it for `manage.py test`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from launch import processes
from launch.debian import apt_install
from launch.files import Busy, Lock
from launch.paths import Paths
from launch.words import Refusal, say

STAMP = "familieforloeb.json"
MARK = "FAMILIEFORLOEB_INSTALLS_INTO"


def ensure(paths: Paths, *, test: bool = False) -> Path:
    """Have `.venv` hold what running (and, with `test`, testing) needs; returns its Python. Quick when it
    does.

    Raises Refusal, in words that say what to type, when it cannot be made.
    """
    wanted = _wanted(paths, test=test)
    if _fits(paths, wanted):
        return paths.venv_python
    # Beside .venv and not in var: starts with different var folders share one .venv.
    lock = _lock_file(paths)
    try:
        lock.take(wait=False)
    except Busy:
        say("another start is preparing .venv; waiting for it")
        lock.take()
    try:
        if not _fits(paths, wanted):
            _make(paths, wanted)
    finally:
        lock.release()
    return paths.venv_python


def _lock_file(paths: Paths) -> Lock:
    lock = Lock(paths.root / ".venv.lock")
    try:
        lock.open()
    except OSError as error:
        raise Refusal(
            f"Cannot write in {paths.root} ({error.strerror}), where .venv belongs. Use a copy of your own."
        ) from error
    return lock


def _wanted(paths: Paths, *, test: bool) -> dict[str, str]:
    wanted = {
        "python": f"{sys.version_info.major}.{sys.version_info.minor} {Path(sys.base_prefix).resolve()}",
        "run": _digest(paths.requirements("run")),
    }
    if test:
        wanted["test"] = _digest(paths.requirements("test"))
    return wanted


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stamp(paths: Paths) -> dict[str, str]:
    try:
        found = json.loads((paths.venv / STAMP).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _fits(paths: Paths, wanted: dict[str, str]) -> bool:
    """Whether the stamp says all that is wanted. Any Python of the same version will do once it is made."""
    found = _stamp(paths)
    if not paths.venv_python.exists():  # also a link to a Python that is gone
        return False
    same_python = found.get("python", "").split(" ")[0] == wanted["python"].split(" ")[0] or _inside(paths)
    return same_python and all(found.get(key) == wanted[key] for key in wanted if key != "python")


def _inside(paths: Paths) -> bool:
    """Whether this very Python is the one of `.venv`."""
    return Path(sys.prefix).resolve() == paths.venv.resolve() and sys.prefix != sys.base_prefix


def _make(paths: Paths, wanted: dict[str, str]) -> None:
    for pid in processes.marked(MARK, str(paths.venv)):
        processes.end_one(pid)  # an installer that a killed start left: it would write into what we make
    stamp = paths.venv / STAMP
    if paths.venv.is_symlink():
        raise Refusal(
            f"{paths.venv} is a link. Remove it; the folder is made from requirements/ by manage.py."
        )
    run_is_there = _fits(paths, {key: wanted[key] for key in ("python", "run")})
    if not run_is_there:
        if _inside(paths):
            raise Refusal(
                "The requirements have changed since .venv was made, and it cannot be replaced from inside.\n"
                "Start with the computer's own Python: python3 manage.py ..."
            )
        say(f"making .venv with Python {sys.version.split()[0]}")
        stamp.unlink(missing_ok=True)
        _remove(paths.venv)
        installer = _create(paths)
        _install(paths, installer, "run")
    else:
        # From here on it is half-made again; the packages of `run` stay as they are.
        installer = _installer(paths)
        stamp.unlink()
    if "test" in wanted:
        _install(paths, installer, "test")
    half = stamp.with_suffix(".half")
    half.write_text(json.dumps(wanted), encoding="utf-8")
    half.replace(stamp)


def _remove(folder: Path) -> None:
    if folder.exists():
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise Refusal(
                f"Cannot remove the unfinished or outdated {folder}: {error}. Remove it by hand."
            ) from error


def _create(paths: Paths) -> list[list[str]]:
    """Make an empty `.venv`; returns the installers to try, best first.

    A pip of its own is put into it (some seconds) only when there is neither uv nor a pip beside us to do the
    work.
    """
    needs_pip = not shutil.which("uv") and not _pip_beside()
    if needs_pip and not _has_ensurepip():
        apt_install(["python3-venv"], "Python's venv module is missing")
        if not _has_ensurepip():
            raise Refusal(
                "This Python cannot make a virtual environment with pip in it (its ensurepip is missing).\n"
                "Debian and Ubuntu: sudo apt-get install python3-venv   (or install uv), then start again."
            )
    command = [sys.executable, "-I", "-m", "venv"] + ([] if needs_pip else ["--without-pip"])
    answer = subprocess.run(
        [*command, str(paths.venv)], capture_output=True, text=True, check=False,
        preexec_fn=processes.end_with_us(signal.SIGKILL),
    )  # fmt: skip
    if answer.returncode != 0:
        raise Refusal(
            f"{paths.venv} could not be made:\n{(answer.stdout + answer.stderr).strip()[-1500:]}\n"
            "Debian and Ubuntu: sudo apt-get install python3-venv, then start again."
        )
    return _installer(paths)


def _has_ensurepip() -> bool:
    answer = subprocess.run(
        [sys.executable, "-I", "-c", "import ensurepip"], capture_output=True, check=False
    )
    return answer.returncode == 0


def _pip_beside() -> list[str]:
    """The pip of the Python that runs us, which can install into another one (from pip 22.3)."""
    if importlib.util.find_spec("pip") is None:
        return []
    answer = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], capture_output=True, text=True, check=False
    ).stdout.split()
    version = [int(part) for part in answer[1].split(".")[:2]] if len(answer) > 1 else [0, 0]
    return [sys.executable, "-m", "pip"] if version >= [22, 3] else []


def _installer(paths: Paths) -> list[list[str]]:
    """Commands that can install into `.venv`, to be tried in this order; the lock file comes last."""
    careful = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
    commands = []
    uv = shutil.which("uv")
    if uv:
        commands.append([uv, "pip", "install", "--quiet", "--python", str(paths.venv_python), *careful, "-r"])
    pip_options = ["install", "--quiet", "--no-input", "--disable-pip-version-check", *careful, "-r"]
    if next(paths.venv.glob("lib*/python3*/site-packages/pip"), None):
        commands.append([str(paths.venv_python), "-m", "pip", *pip_options])
    elif beside := _pip_beside():
        commands.append([*beside, "--python", str(paths.venv_python), *pip_options])
    elif _has_ensurepip():
        commands.append(["ensurepip"])
        commands.append([str(paths.venv_python), "-m", "pip", *pip_options])
    return commands


def _install(paths: Paths, commands: list[list[str]], kind: str) -> None:
    """Install one lock file with the first installer that manages it."""
    wish = paths.requirements(kind)
    what = "what running needs" if kind == "run" else "what testing needs"
    said = ""
    for command in commands:
        if command == ["ensurepip"]:  # only reached when uv was there and did not manage
            subprocess.run([str(paths.venv_python), "-I", "-m", "ensurepip", "--default-pip"], check=False)
            continue
        say(f"installing {what} with {'uv' if Path(command[0]).stem == 'uv' else 'pip'}")
        answer = subprocess.run(
            [*command, str(wish)], capture_output=True, text=True, check=False,
            env=_installer_environment(paths), preexec_fn=processes.end_with_us(signal.SIGKILL),
        )  # fmt: skip
        if answer.returncode == 0:
            return
        lines = (answer.stdout + answer.stderr).splitlines()
        said = "\n".join(line for line in lines if not line.startswith("WARNING"))[-2000:]
        said = said or f"(status {answer.returncode})"
    raise Refusal(
        f"The packages of {wish} could not be installed:\n{said}\n"
        "Is the network there? Start again; what was begun is thrown away."
    )


def _installer_environment(paths: Paths) -> dict[str, str]:
    """Our environment less what would lead an installer to another target, and the mark by which it is
    found.
    """
    misleading = (
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_USER",
        "PIP_REQUIRE_VIRTUALENV",
        "PYTHONPATH",
        "PYTHONHOME",
    )
    kept = {key: value for key, value in os.environ.items() if key not in misleading}
    return {**kept, MARK: str(paths.venv)}
