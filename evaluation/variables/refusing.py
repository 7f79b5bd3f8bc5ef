"""What no declaration may name or say: people of a family's network, and anybody's number or address."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workflows.fidelity.counted import COUNTED

#: Third parties: people of a family's network, what is checked and agreed about them, and who sat at a meeting. No
#: dataset, view or read grant may name these tables; each begins with one of these words. How many they are is read from
#: the declared counts alone (`workflows.fidelity.counted`), which stand in the schema `COUNTS`.
NEVER_LEAVES = ("network_", "flow_conference_", "meetings_attendance")
COUNTS = "counted"
#: A word of the model versions that begins so, and is no table.
_OF_THE_MODEL = frozenset({"network_meeting"})
_NAMED = re.compile(r"\b(" + "|".join(NEVER_LEAVES) + r")\w*", re.IGNORECASE)


def refuse_third_parties(where: str, sql: str) -> None:
    """Raises ValueError when ``sql`` names a table in which people of a network stand."""
    for named in _NAMED.finditer(sql):
        if named.group() not in _OF_THE_MODEL:
            raise ValueError(
                f"{where}: {named.group()} holds people of a family's network, and none of it leaves"
            )


#: What looks like a person's number, telephone or address in a text that goes into files.
_PERSONAL = {
    "a CPR number": re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{2}[- ]?\d{4}(?!\d)"),
    "a telephone number": re.compile(r"(?<![\d.])(\+45 ?)?\d{2} ?\d{2} ?\d{2} ?\d{2}(?![\d.])"),
    "an e-mail address": re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+"),
}


def refuse_personal(where: str, texts: Iterable[str]) -> None:
    """Raises ValueError when one of the texts holds what looks like a CPR number, a telephone number or an e-mail."""
    for text in texts:
        for what, pattern in _PERSONAL.items():
            if pattern.search(text):
                raise ValueError(f"{where}: a text of the codebook holds {what}")


def counted(name: str) -> str:
    """A declared count of third parties as the views read it. Raises KeyError for one that is not declared."""
    return f"{COUNTS}.{COUNTED[name].name}"
