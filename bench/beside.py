"""The evaluator's page while a release is being made beside it, against the same page when nothing else is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from bench.timing import Comparison, Way, compare
from placement.access.models import Staff
from placement.settings import PROCESSORS_FOR_RELEASES

#: What making a release costs, over and over: a million rows made anonymous, by a process set up as the worker is.
_RELEASES = """
from bench.anonymising import RECIPE, population
from evaluation.disclosure import lattice
frame = population(1_000_000)
print("ready", flush=True)
while True:
    lattice.search(frame, RECIPE)
"""


def compare_beside(*, rounds: int) -> Comparison:
    """The list of releases through the whole stack, ``rounds`` times while another process works and while it stands still."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(Staff.objects.get(username="vive.evaluator"))
    address = reverse("releases")
    environ = {**os.environ, "POLARS_MAX_THREADS": str(PROCESSORS_FOR_RELEASES)}
    with subprocess.Popen(
        [sys.executable, "-c", _RELEASES], env=environ, stdout=subprocess.PIPE, text=True
    ) as beside:
        try:
            if beside.stdout is None or beside.stdout.readline().strip() != "ready":
                raise RuntimeError("the process beside did not begin")
            return compare(
                "evaluator's page beside a release / alone",
                Way(
                    "the list of releases while a million rows are made anonymous",
                    _page(client, address),
                    _go(beside),
                ),
                Way("the same page while that process stands still", _page(client, address), _stand(beside)),
                rounds=rounds,
            )
        finally:
            beside.kill()


def _page(client: Client, address: str) -> Callable[[Any], None]:
    def get(_: Any) -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"the page answered {answer.status_code}")

    return get


def _go(process: subprocess.Popen[str]) -> Callable[[], None]:
    return lambda: process.send_signal(signal.SIGCONT)


def _stand(process: subprocess.Popen[str]) -> Callable[[], None]:
    return lambda: process.send_signal(signal.SIGSTOP)
