"""`python3 manage.py test --oracles`: disclosure control held against programs that others wrote.

pycanon and anonymeter want other versions of what we use, and of what each other does, so each has an environment of its
own beside `.venv`, made from its own hashed lock file. They are large and slow, and not part of `manage.py test`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from launch import environment
from launch.paths import Paths

ORACLES = ("pycanon", "anonymeter")


@dataclass(frozen=True)
class OraclePaths(Paths):
    """The folders of one oracle: its environment and its lock file stand where ours do."""

    oracle: str

    @property
    def venv(self) -> Path:
        return self.root / f".venv-{self.oracle}"

    def requirements(self, kind: str) -> Path:
        """Its one lock file."""
        return self.root / "requirements" / f"oracle-{self.oracle}.txt"


def prepared(paths: Paths) -> dict[str, str]:
    """The Python of each oracle, its environment made if need be. Raises Refusal when one cannot be."""
    return {name: str(environment.ensure(OraclePaths(paths.root, paths.var, name))) for name in ORACLES}


def run(paths: Paths, environ: dict[str, str], pytest: Callable[..., int]) -> int:
    """Ask every oracle; the exit status of the tests."""
    environ["FAMILIEFORLOEB_ORACLES"] = json.dumps(prepared(paths))
    return pytest("pytest", "oracles", "-n0", "-q", "-s", "-p", "no:cacheprovider")
