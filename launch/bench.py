"""`python3 manage.py bench`: the ratios, on a throw-away database that no demonstration and no test ever sees."""

from __future__ import annotations

import signal
import subprocess

from launch import environment, processes, settings
from launch.paths import find
from launch.testrun import throw_away_run


def main(arguments: list[str]) -> int:
    """Prepare an empty database, measure, and throw it away; the arguments are the command's own."""
    paths = find()
    python = environment.ensure(paths)
    with throw_away_run(paths) as environ:
        environ["FAMILIEFORLOEB_DEMO"] = "1"
        steps = (
            (settings.COLLECT_STATIC, "web"),
            (("prepare_database",), "owner"),
            (("bench", *arguments), "test"),
        )
        for command, process in steps:
            status = subprocess.run(
                [str(python), "-m", "django", *command],
                cwd=paths.root,
                env={**environ, "FAMILIEFORLOEB_PROCESS": process},
                stdout=None if command[0] == "bench" else subprocess.DEVNULL,
                check=False,
                preexec_fn=processes.end_with_us(signal.SIGTERM),
            ).returncode
            if status:
                return status
    return 0
