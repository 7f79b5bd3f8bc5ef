"""How the set-up room speaks: progress on stdout, and one kind of error that is an answer to a person."""

from __future__ import annotations

import sys
import time

_began = time.monotonic()


class Refusal(Exception):
    """The set-up cannot go on, and the message tells the person at the keyboard what to do about it."""


def speak_plainly() -> None:
    """Let a terminal that cannot show 'ø' show something else rather than stop us."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace", line_buffering=True)


def say(text: str) -> None:
    """Print one line of progress with the seconds since the start."""
    print(f"[{time.monotonic() - _began:5.1f} s] {text}", flush=True)
