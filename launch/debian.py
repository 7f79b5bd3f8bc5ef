"""Installing Debian packages, when we are root on a Debian-like system; otherwise the line to type."""

from __future__ import annotations

import os
import shutil
import subprocess

from launch.words import say


def apt_install(packages: list[str], why: str) -> bool:
    """Install packages with apt when we may; False when we may not, or apt did not manage (its words are
    shown).
    """
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    say(f"{why}: installing {' '.join(packages)} with apt")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        answer = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            say(f"{' '.join(command[:2])} failed:\n{(answer.stdout + answer.stderr).strip()[-1500:]}")
            # A list that cannot be renewed may still be good enough to install from.
            if command[1] == "install":
                return False
    return True
