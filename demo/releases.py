"""What the demonstration shows of releases: an agreement, one that is ready, and rows and tables that wait for review."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from demo.people import SLUGS
from demo.walk import Company
from evaluation.agreeing import register_agreement
from evaluation.asking import request_release
from evaluation.building import build
from evaluation.dataset_names import DatasetName
from evaluation.ending import count_population
from evaluation.models import Agreement, Release
from evaluation.rounds import attend
from placement import clock
from placement.access.actor import Actor, actor_for
from placement.access.models import Staff
from workflows.kernel.models import Task
from workflows.kernel.services import complete_task
from workflows.kernel.steps import Situation, version_of

NUMBER = "2026-17"


def seed_releases(*, now: datetime) -> None:
    """By the real services, as the cast: the evaluator asks, one privacy officer reviews, every lead approves.

    What is there already stays; a seeding that was killed goes on where it was.
    """
    evaluator = actor_for(Staff.objects.get(username="vive.evaluator"), None)
    if evaluator is None:
        raise LookupError("vive.evaluator")
    then = now - timedelta(days=3)
    with evaluator.acting(), transaction.atomic():
        registered, begun = Agreement.objects.exists(), Release.objects.count()
    if not registered:
        with clock.standing_at(then), evaluator.acting(), transaction.atomic():
            _register(evaluator, then)
    if begun < 2:
        ready = _ask(evaluator, "Første statusnotat: hvem familierne er, og hvor langt de er nået.", then)
        _to_the_end(ready, then + timedelta(hours=2))
    if begun < 2:
        _ask(evaluator, "Andet statusnotat: udslusningens trin og det, der måles undervejs.", now)
    if begun < 3:
        _ask(evaluator, "Tabeller, der kan lægges frem for styregruppen.", now, kind="T3")
    with evaluator.acting():
        count_population(now=now)


def _register(evaluator: Actor, now: datetime) -> Agreement:
    return register_agreement(
        actor=evaluator,
        number=NUMBER,
        title="Evaluering af familieanbringelse i tre kommuner",
        purpose="At beskrive, hvordan modellen føres ud i livet, hvad den koster, og hvad den fører til.",
        legal_basis="processor",
        role="processor",
        people=[str(evaluator.staff.uuid)],
        ends_on=date(now.year + 2, 12, 31),
        datasets=DatasetName.values,
        now=now,
    )


def _ask(evaluator: Actor, purpose: str, now: datetime, kind: str = "T1") -> Release:
    with clock.standing_at(now):
        with evaluator.acting(), transaction.atomic():
            release = request_release(
                actor=evaluator,
                kind=kind,
                purpose=purpose,
                agreement=NUMBER,
                datasets=DatasetName.values,
                now=now,
            )
        with evaluator.acting():
            build(release_uuid=release.uuid, now=now)
        attend(release_uuid=release.uuid, now=now)
    return release


def _to_the_end(release: Release, now: datetime) -> None:
    """Reviewed in Greve, approved by every lead."""
    towns = [Company(slug, code) for code, slug in SLUGS.items()]
    with clock.standing_at(now):
        say(
            towns[0].actor("privacy"),
            release,
            "review",
            now=now,
            reason="Rapporten er læst. Formål og aftale passer.",
        )
        attend(release_uuid=release.uuid, now=now)
        for town in towns:
            say(town.actor("authoritylead"), release, "approve", now=now)
        attend(release_uuid=release.uuid, now=now)


def say(
    actor: Actor, release: Any, step: str, *, now: datetime, approved: bool = True, reason: str = ""
) -> Task:
    """Complete the release's open ``review`` or ``approve`` of the actor's municipality, on what it rests on now."""
    with actor.acting():
        with transaction.atomic():
            waiting = Task.objects.open().filter(
                release_uuid=release.uuid, owner_permission=f"evaluation.{step}"
            )
            task = waiting.select_related("process").get()
            read = version_of(task.flow_task.facts(Situation(actor=actor, task=task, now=now)))
        return complete_task(
            actor=actor,
            task_uuid=task.uuid,
            data={"approved": approved, "reason": reason},
            facts_version=read,
            now=now,
        )
