"""The engine stores the names of flows and nodes with every task: the graphs are compared with a listing.

A line that is gone or changed leaves open tasks without a step. A new line is added to the listing by hand; a
breaking change is a new flow class beside the old one.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils.module_loading import module_has_submodule
from viewflow.workflow.fields import get_flow_ref
from viewflow.workflow.flow import Flow

from workflows.kernel.nodes import HumanStep
from workflows.model_versions.content import NATIONAL, parse, read_file

STORED = Path(__file__).with_name("frozen_graphs.txt")


def flows() -> list[Any]:
    """Every flow class with nodes of every installed app, by the name the engine stores."""
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "flow"):
            import_module(f"{config.name}.flow")
    found: set[Any] = set()
    below: list[Any] = [Flow]
    while below:
        below += (classes := below.pop().__subclasses__())
        found |= {flow for flow in classes if list(flow.instance.nodes())}
    # The engine ships flows of its own in none of our apps.
    ours = (flow for flow in found if apps.get_containing_app_config(flow.__module__) is not None)
    return sorted(ours, key=get_flow_ref)


def edges(node: Any) -> list[Any]:
    return list(node._outgoing())


def listing() -> Iterator[str]:
    """One line a node: app label, class, node, its type, and where it leads."""
    for flow in flows():
        yield f"{get_flow_ref(flow)}  [{flow.element.value}]"
        for node in sorted(flow.instance.nodes(), key=lambda n: n.name):
            ways = " ".join(
                f"{edge.label}:{edge.dst.name}" if edge.label else edge.dst.name
                for edge in sorted(edges(node), key=lambda e: (e.label or "", e.dst.name))
            )
            yield f"    {node.name}  {type(node).__name__}" + (f"  -> {ways}" if ways else "")
        yield ""


def stored() -> list[str]:
    return [line.rstrip() for line in STORED.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]


def test_the_graphs_are_the_stored_ones() -> None:
    assert [line for line in listing() if line] == [line for line in stored() if line]


def test_the_listing_holds_the_journey_and_its_five_elements() -> None:
    assert {flow.__name__ for flow in flows()} >= {
        "JourneyFlow",
        "TeamFlow",
        "MentalisationFlow",
        "ProgressionFlow",
        "NetworkFlow",
        "ExitFlow",
    }


def reachable(node: Any) -> set[str]:
    """The names of the nodes that ``node`` leads to, itself only when it stands in a loop."""
    seen: dict[str, Any] = {}
    ahead = [edge.dst for edge in edges(node)]
    while ahead:
        current = ahead.pop()
        if current.name not in seen:
            seen[current.name] = current
            ahead += [edge.dst for edge in edges(current)]
    return set(seen)


@pytest.mark.parametrize("flow", flows(), ids=lambda flow: flow.__name__)
def test_every_node_leads_to_an_end_and_no_split_stands_in_a_loop(flow: Any) -> None:
    ends = {node.name for node in flow.instance.nodes() if type(node).__name__ == "End"}
    for node in flow.instance.nodes():
        assert node.name in ends or reachable(node) & ends, f"{node.name} never ends"
        if type(node).__name__.startswith("Split"):
            assert node.name not in reachable(node), f"{node.name} would grow the token at each round"


@pytest.mark.parametrize(
    ("flow_name", "first", "looped"),
    [
        ("TeamFlow", "appoint_team", {"appoint_team", "hold_meeting"}),
        ("MentalisationFlow", "take_baseline", {"take_baseline", "hold_session"}),
        ("ProgressionFlow", "set_goals", {"set_goals", "follow_up", "answer_setback"}),
        ("NetworkFlow", "map_network", {"map_network", "hold_meeting", "make_agreement"}),
        ("ExitFlow", "request_step", {"request_step", "approve_step", "carry_out_step", "evaluate_step"}),
    ],
)
def test_each_element_loops_and_has_a_way_back(flow_name: str, first: str, looped: set[str]) -> None:
    flow = next(flow for flow in flows() if flow.__name__ == flow_name)
    nodes = {node.name: node for node in flow.instance.nodes()}
    for name in looped:
        assert name in reachable(nodes[name]), f"{name} is not in a loop"
        assert first in reachable(nodes[name]), f"{name} has no way back to {first}"


def test_a_deadline_in_the_model_version_is_that_of_a_step_that_exists() -> None:
    steps = {
        node.action.value for flow in flows() for node in flow.instance.nodes() if isinstance(node, HumanStep)
    }
    for path in NATIONAL.glob("*.toml"):
        assert set(parse(read_file(path)).due_working_days) <= steps
