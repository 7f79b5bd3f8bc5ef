"""How each kind of record is told on a family's history: when, what, by whom, and in which words."""

from workflows.journey.entries.base import Line, Source, Told, said
from workflows.journey.entries.clocks import CLOCKS
from workflows.journey.entries.concerns import CONCERNS
from workflows.journey.entries.decisions import DECISIONS
from workflows.journey.entries.elements import ELEMENTS
from workflows.journey.entries.exit import EXIT
from workflows.journey.entries.exit_ground import EXIT_GROUND
from workflows.journey.entries.family import AFTER, BEFORE, LAST, milestones
from workflows.journey.entries.investigated import INVESTIGATED
from workflows.journey.entries.measured import MEASURED
from workflows.journey.entries.network import NETWORK
from workflows.journey.entries.research import RESEARCH

#: In the order of the work: of what happened at the same moment, the later in this list stands as the newer.
SOURCES: tuple[Source, ...] = (
    *BEFORE,
    *DECISIONS,
    *ELEMENTS,
    *EXIT,
    *AFTER,
    *CONCERNS,
    *LAST,
    *EXIT_GROUND,
    *MEASURED,
    *INVESTIGATED,
    *CLOCKS,
    *NETWORK,
    *RESEARCH,
)

__all__ = ["SOURCES", "Line", "Source", "Told", "milestones", "said"]
