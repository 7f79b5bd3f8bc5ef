"""Everything an attacker might try, tried on a generated release before anybody may approve it.

Each attack answers with a result in plain Danish for a privacy officer who is no statistician: what was tried, what it
found, what that means. A result that is `hard` and has not passed stops rows (T2) and tables (T3); nobody can override it.
For a research extract (T1), which is personal data and says so, most are figures to know and only a leak is hard.

The numbers are those of docs/decisions/0030-disclosure.md. A12 (the oracle program anonymeter, and a person who tries) is not
run here: `manage.py test --oracles`, and once a year by hand.
"""

from evaluation.disclosure.attacks.between import differences
from evaluation.disclosure.attacks.extract import order_and_keys, starts, trajectories
from evaluation.disclosure.attacks.files import gates_hold, leak_scan
from evaluation.disclosure.attacks.parts import After, AttackResult, Looked
from evaluation.disclosure.attacks.rows import (
    enough,
    homogeneous,
    linked,
    membership_of_rows,
    own_oracle,
    same_families_again,
    small_classes,
    unique_on_four,
)
from evaluation.disclosure.attacks.running import run
from evaluation.disclosure.attacks.tables import (
    flagged,
    membership_of_tables,
    reconstruction,
    small_cells,
    two_programs,
)

__all__ = [
    "After", "AttackResult", "Looked", "differences", "enough", "flagged", "gates_hold", "homogeneous", "leak_scan",
    "linked", "membership_of_rows", "membership_of_tables", "order_and_keys", "own_oracle", "reconstruction", "run",
    "same_families_again", "small_cells", "small_classes", "starts", "trajectories", "two_programs", "unique_on_four",
]  # fmt: skip
