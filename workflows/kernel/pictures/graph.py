"""A flow as a list to be read downwards: its steps in order, and the ways between them.

The engine keeps a graph with loops. People read from top to bottom: a step comes after everything that can lead to it,
and a way that goes up again is no line but a sentence, "tilbage til …".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Kind = Literal["start", "step", "element", "question", "fork", "join", "machine", "end"]

#: By the engine's own word for what a node is.
_KINDS: Mapping[str, Kind] = {
    "START": "start",
    "HUMAN_START": "start",
    "HUMAN": "step",
    "EXCLUSIVE_GATEWAY": "question",
    "SWITCH": "question",
    "PARALLEL_GATEWAY": "fork",
    "JOIN": "join",
    "END": "end",
}
#: By what a way out of a question is called in the graph.
_ANSWERS: Mapping[str, Promise] = {
    "yes": gettext_lazy("Ja"),
    "no": gettext_lazy("Nej"),
    "nothing": gettext_lazy("Ikke mere"),
    "clarification": gettext_lazy("Afdækning"),
    "examination": gettext_lazy("Undersøgelse"),
    "withdrawn": gettext_lazy("Trukket tilbage"),
    "nobody": gettext_lazy("Alle siger nej"),
    "everybody": gettext_lazy("Alle siger ja"),
    "over": gettext_lazy("Aftalen er løbet ud"),
    "changed": gettext_lazy("Nogen siger nej"),
}


@dataclass(frozen=True)
class Way:
    """From one step to another; `answer` is what it takes at a question, `back` when it goes up again."""

    source: str
    target: str
    answer: str = ""
    back: bool = False


@dataclass(frozen=True)
class Place:
    """One step of the flow, by its frozen name, with its title in the reader's language."""

    name: str
    title: str
    kind: Kind


@dataclass(frozen=True)
class Graph:
    """The steps in reading order, and every way between them."""

    places: tuple[Place, ...]
    ways: tuple[Way, ...]

    def title_of(self, name: str) -> str:
        return next(place.title for place in self.places if place.name == name)

    def ways_from(self, name: str) -> list[Way]:
        return [way for way in self.ways if way.source == name]

    def told(self, name: str) -> list[str]:
        """The ways on from a step in words: every answer of a question, and every way back."""
        return [
            _way_in_words(way, self.title_of(way.target))
            for way in self.ways_from(name)
            if way.answer or way.back
        ]


def graph_of(flow: Any) -> Graph:
    """The graph of a registered flow class, in reading order."""
    from workflows.kernel.nodes import ChildFlow

    nodes = {node.name: node for node in flow.instance.nodes()}
    ways = [
        Way(name, edge.dst.name, str(_ANSWERS.get(edge.label or "", edge.label or "")))
        for name, node in nodes.items()
        for edge in node._outgoing()
    ]
    kinds: dict[str, Kind] = {
        name: "element" if isinstance(node, ChildFlow) else _KINDS.get(node.task_type, "machine")
        for name, node in nodes.items()
    }
    order, ways = in_reading_order(kinds, ways)
    return Graph(
        tuple(Place(name, _title(nodes[name], kinds[name]), kinds[name]) for name in order), tuple(ways)
    )


def in_reading_order(kinds: Mapping[str, Kind], ways: list[Way]) -> tuple[list[str], list[Way]]:
    """The names so that each stands below all that lead to it, and the ways with those that go up marked.

    Of what follows a question, the shorter branch comes first and an end last; of what follows a fork, the order in
    which it is declared.
    """
    outgoing: dict[str, list[Way]] = {name: [] for name in kinds}
    for way in ways:
        outgoing[way.source].append(way)
    starts = [name for name, kind in kinds.items() if kind == "start"]
    roots = starts + [name for name in kinds if name not in starts]

    back = _going_up(roots, outgoing)
    onward = {
        name: [way.target for way in going if (way.source, way.target) not in back]
        for name, going in outgoing.items()
    }
    reach = {name: len(_reached(name, onward)) for name in kinds}

    def first_visited(name: str) -> list[str]:
        """What is visited first ends lowest."""
        last_declared_first = list(dict.fromkeys(reversed(onward[name])))
        if kinds[name] == "fork":
            return last_declared_first
        return sorted(last_declared_first, key=lambda to: (-reach[to], kinds[to] != "end"))

    order: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        for target in first_visited(name):
            visit(target)
        order.append(name)

    # A node that no start leads to is drawn all the same, at the end: visited first.
    led_to = {target for start in starts for target in _reached(start, onward)}
    for name in [*(name for name in roots if name not in led_to), *reversed(starts)]:
        visit(name)
    order.reverse()
    return order, [replace(way, back=(way.source, way.target) in back) for way in ways]


def _going_up(roots: list[str], outgoing: Mapping[str, list[Way]]) -> set[tuple[str, str]]:
    """The ways that lead to a step on the path by which one came: they close a loop."""
    back: set[tuple[str, str]] = set()
    done: set[str] = set()

    def walk(name: str, path: frozenset[str]) -> None:
        for way in outgoing[name]:
            if way.target in path:
                back.add((name, way.target))
            elif way.target not in done:
                walk(way.target, path | {way.target})
        done.add(name)

    for root in roots:
        if root not in done:
            walk(root, frozenset({root}))
    return back


def _reached(name: str, onward: Mapping[str, list[str]]) -> set[str]:
    found = {name}
    ahead = [name]
    while ahead:
        for target in onward[ahead.pop()]:
            if target not in found:
                found.add(target)
                ahead.append(target)
    return found


def _title(node: Any, kind: Kind) -> str:
    if kind == "start":
        return _("Begynder")
    return str(node.task_title or node.name)


def _way_in_words(way: Way, target: str) -> str:
    words = {"answer": way.answer, "target": target}
    if way.answer:
        return (
            _("%(answer)s: tilbage til «%(target)s»") if way.back else _("%(answer)s: %(target)s")
        ) % words
    return _("Tilbage til «%(target)s»") % words
