"""The evaluation knows by which version a family lives, and by which each of its exit steps was decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from placement import clock
from tests.versions import approved
from tests.workflows.test_two_versions import AUTHORITYS
from workflows.journey.moves.ending import withdraw
from workflows.journey.moves.reopening import reopen
from workflows.journey.moving import move_family, preview
from workflows.model_versions.models import ModelVersion


def moved(story: Any) -> None:
    """A lead moves the family to the version that has come into force."""
    story.now += timedelta(hours=5)
    lead, target = story.company.actor("teamlead"), ModelVersion.objects.get(code="2026-2")
    with clock.standing_at(story.now), lead.acting():
        with transaction.atomic():
            seen = preview(family=story.family, version=target, now=story.now)
        move_family(
            actor=lead,
            family=story.family,
            version=target,
            reason="Aftalt med forældrene.",
            facts_version=seen.facts_version,
            now=story.now,
        )


def steps(rows: Any) -> list[tuple[str, str, str]]:
    """Of each step: its code, the version, and whether the authority was needed."""
    return [(row["code"], row["model_version"], row["authority_needed"]) for row in rows["exit_steps"]]


def test_a_step_is_told_by_the_version_it_was_decided_under(
    versions: None,
    story: Any,
    built: Any,
    tables: Any,
) -> None:
    story.exit_steps(1)
    story.step("request_step")
    approved(AUTHORITYS)
    assert steps(tables(built())) == [("U1", "2026-1", "0"), ("U2", "2026-1", "0")]
    moved(story)
    # The first was decided before, by a version in which it was the site's; the second is decided from now on.
    rows = tables(built())
    assert steps(rows) == [("U1", "2026-1", "0"), ("U2", "2026-2", "0")]
    (family,) = rows["registration"]
    assert (family["model_version"], family["model_moves"]) == ("2026-2", "1")
    story.step("approve_step")
    story.step("carry_out_step")
    story.step("evaluate_step", evaluate_step={"result": "back"})
    story.step("request_step")
    assert steps(tables(built())) == [
        ("U1", "2026-1", "0"),
        ("U2", "2026-2", "0"),
        ("U1", "2026-2", "1"),
    ]


def test_a_step_of_an_earlier_journey_stays_with_the_version_of_that_journey(
    versions: None,
    story: Any,
    built: Any,
    tables: Any,
) -> None:
    story.exit_steps(1)
    approved(AUTHORITYS)
    lead = story.company.actor("authoritylead")
    story.now += timedelta(days=1)
    with clock.standing_at(story.now), lead.acting(), transaction.atomic():
        story.family.refresh_from_db()
        withdraw(
            actor=lead,
            family=story.family,
            now=story.now,
            ended_on=clock.today(),
            reason="other",
            initiator="family",
            planned=True,
            text="Familien flyttede.",
        )
    story.now += timedelta(days=1)
    with clock.standing_at(story.now), lead.acting(), transaction.atomic():
        story.family.refresh_from_db()
        reopen(actor=lead, family=story.family, now=story.now, reason="De kom tilbage.")
    story.until("move_in")
    rows = tables(built())
    assert steps(rows) == [("U1", "2026-1", "0")]
    assert [row["model_version"] for row in rows["registration"]] == ["2026-2"]
