"""Log lines that name no person: what went wrong and where, never the values it went wrong with."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import TypeAlias

_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class Discreet(logging.Formatter):
    """Formats an exception as its classes and the places in our code, without its message.

    A database error's message quotes the failing row, a validation error's the value that was typed.
    """

    def formatException(self, ei: _ExcInfo) -> str:
        lines: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            lines += traceback.format_tb(error.__traceback__)
            lines.append(f"{type(error).__module__}.{type(error).__qualname__} (message withheld)\n")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "".join(lines).rstrip()
