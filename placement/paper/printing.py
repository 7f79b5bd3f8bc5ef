"""A paper as a PDF: made by a process of its own, within bounds of time and memory, a few at a time."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

from django.utils.translation import gettext as _

from placement.access.errors import Refused
from placement.paper.document import Paper

log = logging.getLogger(__name__)

PRESS = Path(__file__).resolve().parent / "press.py"
#: How long a paper may take, by the clock and of the processor; how much memory; how much may stand on it (ours).
SECONDS, PROCESSOR_SECONDS = 20, 15
MEMORY = 1024**3
LARGEST = 4 * 1024**2
#: So many at a time in one web process; whoever comes when all are taken waits as long as a page may.
AT_A_TIME = 2
#: Nothing of ours; few threads, so that the bound of memory means the same on a computer with many processors.
ENVIRONMENT = {"RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
_presses = threading.BoundedSemaphore(AT_A_TIME)
WAIT = 5


class NotPrinted(Refused):
    """No PDF could be made: 503. The page that it would show is there all the same."""

    status = 503
    type = "not-printed"


def print_paper(paper: Paper, *, seconds: float = SECONDS, memory: int = MEMORY) -> bytes:
    """The paper as a tagged PDF (PDF/UA-1, fonts embedded), ``seconds`` at most by the clock, ``memory`` bytes.

    Raises NotPrinted with words for whoever asked: too long a paper, too many at a time, or a failure (which is logged
    without anything that stands on the paper).
    """
    told = paper.as_data()
    asked = json.dumps(
        {
            "paper": told,
            "unshown": _("Nogle tegn kan ikke vises på papir. De står på siden."),
            "printed_at": int(paper.printed_at.timestamp()),
            "memory": memory,
            "seconds": PROCESSOR_SECONDS,
        }
    ).encode()
    if len(asked) > LARGEST:
        raise NotPrinted(
            _("Der står for meget til én PDF. Her er siden selv; den kan udskrives fra browseren.")
        )
    if not _presses.acquire(timeout=WAIT):
        raise NotPrinted(_("Der udskrives mange PDF-filer lige nu. Prøv igen om lidt. Her er siden selv."))
    try:
        return _press(asked, seconds)
    finally:
        _presses.release()


def _press(asked: bytes, seconds: float) -> bytes:
    try:
        done = subprocess.run(
            # Isolated: neither the environment nor the folder it is started in says what is imported.
            [sys.executable, "-I", str(PRESS)],
            input=asked,
            capture_output=True,
            env=ENVIRONMENT,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("a paper took more than %s seconds", seconds)
        raise NotPrinted(_failed()) from None
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        # What the press says is about our page; of a crash only the last line, which names the fault.
        said = done.stderr.decode(errors="replace").strip().splitlines()
        log.error("no paper was printed (%s): %s", done.returncode, said[-1][:200] if said else "")
        raise NotPrinted(_failed())
    return done.stdout


def _failed() -> str:
    return _("PDF-filen kunne ikke laves. Her er siden selv; den kan udskrives fra browseren.")
