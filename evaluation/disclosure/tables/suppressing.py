"""A program of its own: which further cells of one table must be hidden so that none can be reckoned back.

Run as a child, because the engine allows one table at a time in a process and writes the true values into the current
folder, which the caller makes, keeps private and deletes. Reads one JSON object on standard input (``dims``: how many;
``rows``: lists of labels and a count; ``threshold``: counts below it are hidden) and prints a list of [labels, status]:
S shown, U hidden by the threshold, M hidden to protect another.
"""

from __future__ import annotations

import json
import sys

#: How far from the truth an attacker must be kept, in per cent of the count. The most the engine takes: with 30 or 60 our
#: own attacker comes too close three or six times as often, and hiding cells afterwards loses whole tables.
RANGE = 100


def main() -> None:
    """Hide, and print."""
    from pytauargus import protect

    asked = json.load(sys.stdin)
    names = [f"d{number}" for number in range(asked["dims"])]
    micro: dict[str, list[object]] = {name: [] for name in names}
    micro["families"] = []
    for labels, count in asked["rows"]:
        for name, label in zip(names, labels, strict=True):
            micro[name].extend([label] * count)
        micro["families"].extend([1] * count)
    protect(
        micro,
        names,
        response="families",
        safety_rules=f"FREQ({asked['threshold']},{RANGE})",
        suppress="OPT(1)",
        workdir=".",
    )
    # The engine's own answer, a line a cell: labels, response, count, cost, status.
    found = []
    with open("tab1.tab", encoding="utf-8") as lines:
        for line in lines:
            parts = [part.strip('"') for part in line.strip().split(";")]
            if len(parts) > len(names):
                found.append([parts[: len(names)], parts[len(names) + 3]])
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
