"""One family from the first enquiry to the last contact, as the cast: once by pages, once by the API."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from tests import story
from tests.walking import FATHER_CPR, MOTHER_CPR, NAMES, ByApi, ByPages, Walker, history, ways
from tests.workflows.test_frozen_graphs import edges, flows
from workflows.kernel.nodes import HumanStep

ELEMENTS = ("journey", "team", "mentalisation", "progression", "network", "exit")


@pytest.fixture(scope="module")
def looking(superuser_url: str, shared_house: None) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        yield connection


class Everything(logging.Handler):
    """Whatever anything logs, as it would be written, with the traces of failures."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="module", autouse=True)
def logged() -> Iterator[list[str]]:
    """Every logger at its most talkative, from before the first request to after the last."""
    listening = Everything()
    loggers = [
        logging.getLogger(name)
        for name in ("", "familieforloeb", "django", "django.request", "procrastinate")
    ]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(listening)
        logger.setLevel(logging.DEBUG)
    yield listening.lines
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(listening)
        logger.setLevel(level)


@pytest.fixture(scope="module")
def by_pages(shared_house: None) -> Walker:
    return ByPages().walk(story.WHOLE_JOURNEY)


@pytest.fixture(scope="module")
def by_api(shared_house: None) -> Walker:
    return ByApi().walk(story.WHOLE_JOURNEY)


@pytest.fixture(scope="module")
def declined(shared_house: None) -> tuple[Walker, Walker]:
    acts = story.NOT_IN_THE_TARGET_GROUP
    return ByPages().walk(acts), ByApi().walk(acts)


def human(nodes: list[str]) -> list[str]:
    names = {
        f"{flow.element}.{node.name}"
        for flow in flows()
        for node in flow.instance.nodes()
        if isinstance(node, HumanStep)
    }
    return [node for node in nodes if node in names]


@pytest.mark.parametrize("way", ["by_pages", "by_api"])
def test_a_family_walks_from_the_enquiry_to_the_last_contact(
    way: str, looking: psycopg.Connection[Any], request: pytest.FixtureRequest
) -> None:
    walker: Walker = request.getfixturevalue(way)
    assert walker.open() == []
    row = looking.execute(
        "SELECT phase, outcome, started_on IS NOT NULL, moved_in_on < moved_out_on, "
        "moved_out_on <= closed_on FROM families_family WHERE uuid = %s",
        [walker.family_uuid],
    ).fetchone()
    assert row == ("closed", "home_with_support", True, True, True)
    unfinished = looking.execute(
        "SELECT count(*) FROM kernel_process WHERE family_id = %s AND finished IS NULL", [walker.family.pk]
    ).fetchone()
    assert unfinished == (0,)
    # A task is born when it is reached, so the order of births is the order of acts only within an element.
    told = [step for step, _otherwise in story.WHOLE_JOURNEY]
    lived = human(history(looking, walker.family_uuid))
    for element in ELEMENTS:
        assert [n for n in lived if n.startswith(f"{element}.")] == [
            n for n in told if n.startswith(f"{element}.")
        ]
    assert len(lived) == len(told)


def test_pages_and_api_leave_the_same_history(
    by_pages: Walker, by_api: Walker, looking: psycopg.Connection[Any]
) -> None:
    # The five elements are born together, in no order that means anything; each has its own history.
    pages, api = (history(looking, walker.family_uuid) for walker in (by_pages, by_api))
    for element in ELEMENTS:
        assert [n for n in pages if n.startswith(f"{element}.")] == [
            n for n in api if n.startswith(f"{element}.")
        ]
    assert sorted(pages) == sorted(api)
    assert ways(looking, by_pages.family_uuid) == ways(looking, by_api.family_uuid)


def test_pages_and_api_leave_the_same_records(
    by_pages: Walker, by_api: Walker, looking: psycopg.Connection[Any]
) -> None:
    """Row for row in every case table but drafts (only pages keep them), apart from ids and keys."""
    tables = looking.execute(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND column_name IN ('family_id', 'content_object_id') AND table_name NOT LIKE 'trail%' "
        "AND table_name <> 'journal_draft' ORDER BY 1"
    ).fetchall()
    compared = 0
    for (table,) in tables:
        pages, api = (_records(looking, table, walker.family.pk) for walker in (by_pages, by_api))
        assert pages == api, table
        compared += bool(pages)
    assert compared >= 15


def _records(looking: psycopg.Connection[Any], table: str, family: int) -> list[str]:
    key = "content_object_id" if table == "families_familygrant" else "family_id"
    rows = looking.execute(f'SELECT to_jsonb(t) FROM "{table}" t WHERE {key} = %s', [family])
    # Keys of rows differ, and what a clock is about is such a key; days and moments do not: both walk on the same
    # days of the house's clock.
    told = (
        {
            name: value
            for name, value in row.items()
            if not (
                name in {"id", "uuid", "about", "cpr_sealed", "facts", "token", "data"}
                or name.endswith("_id")
            )
        }
        for (row,) in rows
    )
    return sorted(json.dumps(row, sort_keys=True) for row in told)


def test_each_loop_is_walked_twice_and_each_way_back_once(
    by_api: Walker, looking: psycopg.Connection[Any]
) -> None:
    lived = Counter(history(looking, by_api.family_uuid))
    for step in (
        "team.hold_meeting", "mentalisation.hold_session", "progression.follow_up", "network.hold_meeting",
        "network.make_agreement", "exit.evaluate_step", "journey.follow_up_contact",
    ):  # fmt: skip
        assert lived[step] >= 2, step
    walked = ways(looking, by_api.family_uuid)
    for back in (
        ("team.team_changes", "team.appoint_team"),
        ("mentalisation.baseline_renewed", "mentalisation.take_baseline"),
        ("progression.goals_change", "progression.set_goals"),
        ("network.map_changes", "network.map_network"),
        ("exit.approved", "exit.request_step"),
        ("exit.authorised", "exit.request_step"),
        ("exit.carried_out", "exit.request_step"),
        ("exit.finished", "exit.request_step"),
        ("journey.decision_approved", "journey.request_decision"),
    ):
        assert back in walked


#: What is begun beside the journey, of elements that every family has: no way that each of them goes. Their own tests
#: are test_consent_taken_back, test_measuring, test_conference and test_paths.
BESIDE = {
    "ConsentWithdrawnFlow", "ScoreFlow", "ConferenceFlow", "HearingFlow", "LetterFlow", "ComplaintFlow", "PlanFlow",
    "TrackFlow", "RedecisionFlow", "AccessFlow",
}  # fmt: skip


def drawn_by(of: Iterable[Any]) -> set[tuple[str, str]]:
    """The ways of these flows' graphs, from node to node."""
    return {
        (f"{flow.element}.{node.name}", f"{flow.element}.{edge.dst.name}")
        for flow in of
        for node in flow.instance.nodes()
        for edge in edges(node)
    }


def test_every_edge_of_every_graph_is_on_the_way(
    by_pages: Walker, by_api: Walker, declined: tuple[Walker, Walker], looking: psycopg.Connection[Any]
) -> None:
    drawn = drawn_by(flow for flow in flows() if flow.element in ELEMENTS and flow.__name__ not in BESIDE)
    assert len(drawn) > 50
    for whole, short in zip((by_pages, by_api), declined, strict=True):
        walked = ways(looking, whole.family_uuid) | ways(looking, short.family_uuid)
        assert walked == drawn


def test_the_step_back_is_on_the_ladder(by_pages: Walker, looking: psycopg.Connection[Any]) -> None:
    rungs = looking.execute(
        "SELECT code, attempt, result FROM flow_exit_exitstep WHERE family_id = %s ORDER BY id",
        [by_pages.family.pk],
    ).fetchall()
    assert rungs == [
        ("U1", 1, "proceed"), ("U2", 1, ""), ("U2", 2, ""), ("U2", 3, "back"), ("U1", 2, "repeat"),
        ("U1", 3, "proceed"), ("U2", 4, "proceed"), ("U3", 1, "proceed"), ("U4", 1, ""), ("U4", 2, "proceed"),
        ("U5", 1, "proceed"),
    ]  # fmt: skip


def test_the_demonstrations_families_are_made_of_the_same_nodes(
    by_pages: Walker, declined: tuple[Walker, Walker], looking: psycopg.Connection[Any]
) -> None:
    from demo.families import STORIES, create_family
    from demo.walk import Company

    walked = ways(looking, by_pages.family_uuid) | ways(looking, declined[0].family_uuid)
    beside = drawn_by(flow for flow in flows() if flow.element not in ELEMENTS or flow.__name__ in BESIDE)
    company = Company("odense", 461)
    seen: set[str] = set()
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    for number in (1, 3, 7, 11):
        family = create_family(company, STORIES[number], number=number, now=now, say=lambda words: None)
        nodes = history(looking, family.uuid)
        assert len(nodes) >= 4
        # What stands beside the journey has its own tests; the walks above begin none of it.
        assert ways(looking, family.uuid) <= walked | beside, STORIES[number].name
        seen |= set(nodes)
    assert len(seen & set(human(sorted(seen)))) >= 20


def test_no_log_names_anybody(by_pages: Walker, by_api: Walker, logged: list[str]) -> None:
    """Two whole journeys, with every logger at its most talkative: no name, no number, no word that was written."""
    for client in (
        by_pages.client(by_pages.company.actor("oncall")),
        by_api.client(by_api.company.actor("oncall")),
    ):
        client.get(f"/familier/{by_pages.family_uuid}/")  # a refusal is logged, so there is something to read
    text = "\n".join(logged)
    assert "django.request" in text
    for word in (*NAMES, MOTHER_CPR, FATHER_CPR, MOTHER_CPR[:6], "urolig for, om der er ro", "aftenrutinen"):
        assert word not in text, word
