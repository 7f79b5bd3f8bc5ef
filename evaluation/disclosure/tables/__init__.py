"""Tables that may leave: counts, means and sums by rules, and nothing that can be reckoned back (T3).

Counts are of families. A cell of a few is hidden; for the public the rest is rounded, and totals are the sums of rounded
cells, so that no total says what a hidden cell was. For partners nothing is rounded, and further cells are hidden instead.
Every stratum has at least ten families, or the geography gets coarser, or the table is refused with the reason.

`build` makes one table, `publish_all` all tables of a release, held against each other by an attacker (`attacker.audit`).
"""

from evaluation.disclosure.standard import tables_over as standard
from evaluation.disclosure.standard import told_of
from evaluation.disclosure.tables.attacker import Attacker, audit, known
from evaluation.disclosure.tables.building import build
from evaluation.disclosure.tables.counts import further
from evaluation.disclosure.tables.describing import as_dataset
from evaluation.disclosure.tables.parts import (
    HIDDEN,
    PARTNER,
    PUBLIC,
    TOO_FEW,
    WHOLE,
    Cell,
    Rules,
    TableResult,
)
from evaluation.disclosure.tables.publishing import publish_all

__all__ = [
    "HIDDEN", "PARTNER", "PUBLIC", "TOO_FEW", "WHOLE", "Attacker", "Cell", "Rules", "TableResult", "as_dataset", "audit",
    "build", "further", "known", "publish_all", "standard", "told_of",
]  # fmt: skip
