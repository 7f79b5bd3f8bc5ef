"""Where things lie."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launch.words import Refusal

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Paths:
    """The folders of one installation. `var` holds all that is made at run time and is open to its owner
    only.
    """

    root: Path
    var: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def venv_python(self) -> Path:
        return self.venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    @property
    def secrets(self) -> Path:
        return self.var / "secrets.json"

    @property
    def demo_file(self) -> Path:
        return self.var / "demo.json"

    def requirements(self, kind: str) -> Path:
        """The lock file of one kind: 'run' or 'test'."""
        return self.root / "requirements" / f"{kind}.txt"


def find(environ: Mapping[str, str] = os.environ) -> Paths:
    """The paths of this checkout; FAMILIEFORLOEB_VAR moves the var folder. The var folder is made, mode
    0700.
    """
    chosen = environ.get("FAMILIEFORLOEB_VAR", "")
    paths = Paths(ROOT, Path(chosen).expanduser().resolve() if chosen else ROOT / "var")
    try:
        paths.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        if paths.var.stat().st_mode & 0o077:
            paths.var.chmod(0o700)
    except OSError as error:
        raise Refusal(
            f"Cannot make or close off the folder {paths.var}: {error.strerror}.\n"
            "Give yourself write access to it, or set FAMILIEFORLOEB_VAR to a folder that is yours."
        ) from error
    return paths
