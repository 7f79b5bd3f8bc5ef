"""The least coarsening of whole columns that meets a recipe, found exactly.

A node says how far each hierarchy has gone. Rows of classes that do not hold (fewer than k families, fewer than l values of
a sensitive variable, one value above alpha) are blanked, not dropped: their descriptions go, what happened to the family
stays. At most `max_suppressed` of the rows may be blanked, and those blanked are a class that must hold too.

Loss of a node: the mean over rows of what their descriptions lose (`Hierarchy.losses`: generalised information loss),
blanked rows losing all. It can never be below what the hierarchies lose without blanking, and that bound only grows
upwards. The search (after the best-first and predictive-tagging searches of Flash and Incognito) walks the nodes that
may still be better than the best one known. Two rules let it leave nodes out, and both are exact:

* a node whose bound is above the best loss cannot be better;
* a row whose class has too few families or values has it in every finer class too, so when that alone is more than may
  be blanked, all finer nodes fail with it. (The share alpha is no such rule: a class within it can be made to break it by a
  neighbour that joins, so it is only asked of nodes that are looked at.)

All works on the table of frequencies, which is summed anew whenever all nodes left are coarser than it.
"""

from evaluation.disclosure.lattice.by_hand import brute_force
from evaluation.disclosure.lattice.parts import SAME, Node, Solution
from evaluation.disclosure.lattice.protecting import coded, protected
from evaluation.disclosure.lattice.releasing import BLANKED, LEFT_OUT, apply
from evaluation.disclosure.lattice.searching import search

__all__ = [
    "BLANKED", "LEFT_OUT", "SAME", "Node", "Solution", "apply", "brute_force", "coded", "protected", "search",
]  # fmt: skip
