"""The worker's own rounds: each overdue task is told about once, in its own municipality; old answers go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from placement import clock
from placement.access import context, submissions
from tests.cast import browser
from tests.conftest import run_python
from workflows.journey.services import begin_journey
from workflows.kernel.jobs import ANSWERS_KEPT, forget_old_answers, remind_municipality
from workflows.kernel.models import Clock


@pytest.fixture
def enquiries(cast):
    families = {}
    for town in (cast.greve, cast.randers):
        with town.caseworker.acting():
            families[town.slug] = begin_journey(
                actor=town.caseworker,
                source="casework",
                enquiry_text="",
                traits=[],
                people=[
                    {"kind": "parent", "name": "Sara", "born_on": date(1999, 3, 1), "custody_holder": True},
                    {"kind": "child", "born_on": date(2026, 1, 2)},
                ],
                now=clock.now(),
            )
    return families


def test_an_overdue_task_is_told_about_once_and_says_so(cast, enquiries):
    later = clock.now() + timedelta(days=30)
    with clock.standing_at(later), context.access(cast.greve.code, None, context.JOB):
        assert remind_municipality() == 1
        assert remind_municipality() == 0
    with cast.randers.caseworker.acting(), transaction.atomic():
        assert Clock.objects.get().escalated_at is None, "another municipality's is not touched"
    with clock.standing_at(later):
        assert "påmindet" in browser(cast.greve.caseworker).get(reverse("day")).content.decode()


def test_a_task_within_its_deadline_is_left_alone(cast, enquiries):
    with context.access(cast.greve.code, None, context.JOB):
        assert remind_municipality() == 0


def test_a_sweep_without_a_municipality_is_refused(cast):
    with context.access(None, None, context.EVALUATION), pytest.raises(RuntimeError):
        remind_municipality()


def test_answers_are_kept_for_a_week_and_then_forgotten(cast, looking):
    caseworker = cast.greve.caseworker
    for _twice in range(2):
        with caseworker.acting(), transaction.atomic():
            answer = submissions.once(actor=caseworker, key="k", asked="a", produce=lambda: {"n": 1})
            assert answer == {"n": 1}
    nightly = (
        "-c",
        "import django; django.setup(); from workflows.kernel.jobs import forget_answers; forget_answers(0)",
    )
    run_python(*nightly, process="worker")
    assert looking.execute("SELECT count(*) FROM access_submission").fetchone() == (1,)
    looking.execute("UPDATE access_submission SET created = created - %s", [ANSWERS_KEPT])
    run_python(*nightly, process="worker")
    assert looking.execute("SELECT count(*) FROM access_submission").fetchone() == (0,)


def test_the_web_server_deletes_nothing(cast):
    with pytest.raises(ProgrammingError), cast.greve.caseworker.acting(), transaction.atomic():
        forget_old_answers()


def test_every_round_of_the_worker_is_known_by_its_own_name(cast):
    names = run_python(
        "-c",
        "import django; django.setup(); from procrastinate.contrib.django import app; "
        "import workflows.kernel.jobs, evaluation.jobs; print(sorted(p.task.name for p in "
        "app.periodic_registry.periodic_tasks.values()))",
        process="worker",
    )
    for name in ("forget_answers", "remind", "remove_old_jobs", "retry_stalled"):
        assert name in names
