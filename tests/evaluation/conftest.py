"""A family with something to count, and a release of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction

from placement import clock
from tests import releasing

START = datetime(2026, 3, 2, 10, tzinfo=UTC)


class Story:
    """A family that is walked one step a day; ``until`` a step is about to be taken."""

    def __init__(self, slug: str, code: int) -> None:
        from demo.walk import Company
        from workflows.journey.services import begin_journey

        self.company = Company(slug, code)
        self.now = START
        caseworker = self.company.actor("caseworker")
        with clock.standing_at(self.now), caseworker.acting(), transaction.atomic():
            self.family = begin_journey(
                actor=caseworker,
                source="casework",
                enquiry_text="Hemmelig henvendelse",
                traits=["network"],
                people=[
                    {
                        "kind": "parent",
                        "name": "Anna Hemmelig",
                        "born_on": START.date().replace(year=1999),
                        "custody_holder": True,
                        "education": "primary",
                    },
                    {"kind": "child", "name": "Bo Hemmelig", "born_on": START.date() - timedelta(days=30)},
                    {"kind": "sibling", "name": "Ib Hemmelig", "born_on": START.date().replace(year=2021)},
                ],
                now=self.now,
            )

    def step(self, *nodes: str, **choices: Any) -> str:
        """Take the first open task (of ``nodes``, if any are named) a day later; the node's name."""
        from demo.walk import open_tasks, take

        self.now += timedelta(days=1)
        waiting = open_tasks(self.company, self.family)
        task = next(t for t in waiting if not nodes or t.flow_task.name in nodes)
        _actor, done = take(self.company, task, now=self.now, rng=Random(3), choices=choices)
        return str(done.flow_task.name)

    def until(self, node: str) -> None:
        """Walk the journey until ``node`` waits."""
        from demo.walk import open_tasks

        while not any(t.flow_task.name == node for t in open_tasks(self.company, self.family)):
            self.step()

    def exit_steps(self, count: int) -> None:
        """Walk ``count`` exit steps to their evaluation, each approved by somebody who did not ask for it."""
        self.step("plan_exit")
        for _round in range(count):
            self.step("request_step")
            self.step("approve_step")
            self.step("carry_out_step")
            self.step("evaluate_step")

    def measure(self, **values: Any) -> Any:
        """One measurement by the practitioner."""
        from placement.progression.services import record_measurement

        practitioner = self.company.actor("practitioner")
        given: dict[str, Any] = {"element": "progression", "measured_on": self.now.date(), **values}
        with clock.standing_at(self.now), practitioner.acting(), transaction.atomic():
            return record_measurement(actor=practitioner, family=self.family, now=self.now, **given)


@pytest.fixture
def story(cast: Any) -> Story:
    """A family of Greve in which the five core elements have begun."""
    story = Story("greve", 253)
    story.until("plan_exit")
    return story


@pytest.fixture
def requested(cast: Any) -> Callable[..., Any]:
    """``requested(...)``: a release the evaluator has asked for."""
    return lambda **changed: releasing.request(cast.evaluator, **changed)


@pytest.fixture
def built(cast: Any) -> Callable[..., Any]:
    """``built(...)``: a release as the worker leaves it, before the municipalities have heard of it."""

    def make(**changed: Any) -> Any:
        release = releasing.request(cast.evaluator, **changed)
        releasing.build(cast.evaluator, release)
        return releasing.fresh(cast.evaluator, release)

    return make


@pytest.fixture
def tables(cast: Any) -> Callable[[Any], dict[str, list[dict[str, str]]]]:
    """``tables(release)``: the CSV files as lists of rows, by dataset."""
    import csv
    import io

    from evaluation.models import ReleaseFile

    def read(release: Any) -> dict[str, list[dict[str, str]]]:
        # The web reads the files of what is available only.
        with releasing.as_the_worker(), cast.evaluator.acting(), transaction.atomic():
            files = {f.name: bytes(f.content) for f in ReleaseFile.objects.filter(release=release)}
        return {
            name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(content.decode(), newline="")))
            for name, content in files.items()
            if name.endswith(".csv")
        }

    return read
