"""The real worker, for as long as there is work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from tests.conftest import ROOT

#: ``{before}`` is run first.
WORKER = """
import os, signal
import django
django.setup()
import asyncio
from procrastinate.contrib.django import app
from evaluation import building, flow, rounds
{before}
async def take_up():
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=0):
        await app.job_manager.retry_job(job)
with app.replace_connector(app.connector.get_worker_connector()):
    async def main():
        async with app.open_async():
            await take_up()
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
    asyncio.run(main())
"""


def work(before: str = "", *, seconds: int = 60) -> int:
    """Let it work until nothing is left, or ``before`` ends it; how it ended. At most ``seconds``."""
    environ = {**os.environ, "FAMILIEFORLOEB_PROCESS": "worker"}
    done = subprocess.run(
        [sys.executable, "-c", WORKER.format(before=before)],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stdout + done.stderr
    return done.returncode
