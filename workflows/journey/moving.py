"""Moving a family to another version of the model: what it would change, read first and then confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import acting_on
from workflows.exit.models import ExitStep
from workflows.journey.flow import JourneyFlow
from workflows.kernel.lock import family_locked
from workflows.kernel.models import Clock, Process, Task
from workflows.kernel.steps import model_of, version_of
from workflows.model_versions.adaptations import adaptation_in_force
from workflows.model_versions.content import Model
from workflows.model_versions.differences import Difference, differences
from workflows.model_versions.models import Adaptation, ModelVersion, VersionMove, VersionStatus


@dataclass(frozen=True)
class Target:
    """What a journey can follow: a national version, and the municipality's adaptation of it if there is one."""

    version: ModelVersion
    adaptation: Adaptation | None

    @property
    def model(self) -> Model:
        return self.adaptation.model if self.adaptation else self.version.model

    @property
    def content(self) -> dict[str, Any]:
        return self.adaptation.content if self.adaptation else dict(self.version.content)

    @property
    def code(self) -> str:
        """The adaptation's code, else the version's."""
        return self.adaptation.code if self.adaptation else self.version.code


@dataclass(frozen=True)
class Postponed:
    """A running deadline that would end at another time."""

    row: Task | Clock
    title: str
    before: date | datetime
    after: date | datetime
    warn_after: datetime | None = None

    @property
    def last_day(self) -> date:
        """The last day that it is kept now."""
        return _last_day(self.before)

    @property
    def new_last_day(self) -> date:
        """The last day that it would be kept then."""
        return _last_day(self.after)


@dataclass(frozen=True)
class _Digested:
    """What somebody read before they confirmed."""

    family: int
    before: str
    after: str
    deadlines: tuple[tuple[str, str, str], ...]
    model: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Preview:
    """What moving ``family`` from where it is to ``target`` would change. Writes nothing."""

    family: Family
    current: Target
    target: Target
    deadlines: tuple[Postponed, ...]

    @cached_property
    def model(self) -> list[Difference]:
        """What reads otherwise from then on: rhythms, conditions of exit steps, contacts and the rest."""
        return differences(self.current.content, self.target.content)

    @cached_property
    def facts_version(self) -> str:
        """A digest: whoever confirms says by it what they read."""
        return version_of(
            _Digested(
                self.family.pk,
                self.current.code,
                self.target.code,
                tuple((d.title, str(d.before), str(d.after)) for d in self.deadlines),
                tuple((d.path, d.before, d.after) for d in self.model),
            )
        )


def _last_day(end: date | datetime) -> date:
    """A day is its own; a moment at midnight ends the day before."""
    return clock.danish_day(end - timedelta(microseconds=1)) if isinstance(end, datetime) else end


def journey_to_move(family: Family) -> Process:
    """The family's running journey. Raises Refused (``journey-over``) when there is none."""
    journey = (
        Process.objects.select_related("model_version", "adaptation__version")
        .filter(family=family, flow_class=JourneyFlow, model_version__isnull=False, finished__isnull=True)
        .order_by("-id")
        .first()
    )
    if journey is None:
        raise Refused(_("Familien har intet forløb i gang. Den kan ikke flyttes."), type="journey-over")
    return journey


def current_target(journey: Process) -> Target:
    """What a journey follows now."""
    assert journey.model_version is not None
    return Target(journey.model_version, journey.adaptation)


def targets(family: Family, journey: Process, *, on: date) -> list[Target]:
    """What the family can be moved to on a day: every version in force, as adapted, but its present one."""
    current = current_target(journey)
    in_force = ModelVersion.objects.filter(status=VersionStatus.IN_FORCE, in_force_from__lte=on)
    found = [target_of(family, version) for version in in_force]
    return [target for target in found if target.code != current.code]


def target_of(family: Family, version: ModelVersion) -> Target:
    """A version as the family's municipality has adapted it."""
    return Target(version, adaptation_in_force(municipality_id=family.municipality_id, version=version))


def preview(*, family: Family, version: ModelVersion, now: datetime) -> Preview:
    """What moving the family to ``version`` (as its municipality has adapted it) would change.

    Raises Refused: ``version-not-in-force`` for a draft, a retired version or one that does not hold yet,
    ``same-version``, ``ladder-does-not-fit`` when the family has been on an exit step that the version does not
    know, ``journey-over``.
    """
    journey = journey_to_move(family)
    current, target = current_target(journey), target_of(family, version)
    if version.status != VersionStatus.IN_FORCE or version.in_force_from > clock.danish_day(now):
        raise Refused(
            _("%(code)s gælder ikke (%(status)s). En familie flyttes kun til en version, der gælder.")
            % {"code": version.code, "status": version.get_status_display()},
            type="version-not-in-force",
        )
    if target.code == current.code:
        raise Refused(_("Familien følger allerede %(code)s.") % {"code": target.code}, type="same-version")
    known = {rung.code for rung in target.model.exit_ladder}
    walked = set(ExitStep.objects.filter(family=family).values_list("code", flat=True))
    if not walked <= known:
        raise Refused(
            _("Familien har været på trin %(steps)s, som %(code)s ikke har.")
            % {"steps": ", ".join(sorted(walked - known)), "code": target.code},
            type="ladder-does-not-fit",
        )
    moved = (*_tasks(family, target), *_clocks(family, model_of(journey), target.model))
    return Preview(family, current, target, moved)


def _tasks(family: Family, target: Target) -> Iterator[Postponed]:
    """Open steps whose deadline the target reckons otherwise; what was put off by hand stays put off."""
    runs = Process.objects.select_related("family", "model_version", "adaptation__version")
    for task in Task.objects.human().open().filter(family=family, due__isnull=False).order_by("id"):
        if task.flow_task.due is None:
            continue
        here, there = runs.get(pk=task.process_id), runs.get(pk=task.process_id)
        there.model_version, there.adaptation = target.version, target.adaptation
        with clock.standing_at(task.created):
            before, after = task.flow_task.due(here), task.flow_task.due(there)
        if before and after and before != after:
            assert task.due is not None
            yield Postponed(task, str(task.title), task.due, task.due + (after - before))


def _clocks(family: Family, before: Model, after: Model) -> Iterator[Postponed]:
    """Running clocks whose rule has another length. A rule that is gone lets its clock run as it was started."""
    old, new = ({rule.code: rule for rule in model.every_clock} for model in (before, after))
    for running in Clock.objects.running().filter(family=family).order_by("id"):
        if running.rule not in old or running.rule not in new:
            continue
        was, becomes = old[running.rule], new[running.rule]
        shift = becomes.due_at(running.begun_at) - was.due_at(running.begun_at)
        if shift:
            stood_still = running.due_at - was.due_at(running.begun_at)
            warn = becomes.warn_at(running.begun_at)
            yield Postponed(
                running,
                running.title,
                running.due_at,
                running.due_at + shift,
                warn + stood_still if warn else None,
            )


def move_family(
    *,
    actor: Actor,
    family: Family,
    version: ModelVersion,
    reason: str,
    facts_version: str | None,
    now: datetime,
) -> VersionMove:
    """Let a family follow another version from now on, with the deadlines it then has.

    ``facts_version``: of the preview that was read. Raises what `preview` raises; NotAllowed; Refused:
    ``reason-missing``, ``facts-version-missing``; StaleState (``stale-facts``) when it would change something else by
    now; InUse.
    """
    if not acting_on(actor, family).may(Action.MOVE_FAMILY):
        raise NotAllowed(_("Din rolle giver ikke ret til det."))
    if not reason.strip():
        raise Refused(_("Skriv hvorfor."), type="reason-missing")
    if not facts_version:
        raise Refused(
            _("Send facts_version: det grundlag, du har læst, før du tager stilling."),
            type="facts-version-missing",
        )
    with transaction.atomic(), family_locked(family):
        read = preview(family=family, version=version, now=now)
        if read.facts_version != facts_version:
            raise StaleState(
                _("Grundlaget har ændret sig, siden du læste det. Læs siden igen, og tag stilling på ny."),
                type="stale-facts",
            )
        Process.objects.filter(family=family, model_version__isnull=False, finished__isnull=True).update(
            model_version=read.target.version, adaptation=read.target.adaptation
        )
        for postponed in read.deadlines:
            _postpone(postponed, now)
        return VersionMove.objects.create(
            municipality_id=family.municipality_id,
            family=family,
            from_version=read.current.version,
            from_adaptation=read.current.adaptation,
            to_version=read.target.version,
            to_adaptation=read.target.adaptation,
            reason=reason.strip(),
            moved_by=actor.staff,
            moved_at=now,
            changes=[
                *(
                    {"title": d.title, "before": str(d.last_day), "after": str(d.new_last_day)}
                    for d in read.deadlines
                ),
                *({"title": d.path, "before": d.before, "after": d.after} for d in read.model),
            ],
        )


def _postpone(postponed: Postponed, now: datetime) -> None:
    row = postponed.row
    if isinstance(row, Task):
        assert isinstance(postponed.after, date) and isinstance(postponed.before, date)
        Task.objects.filter(pk=row.pk).update(due=postponed.after)
        for running in Clock.objects.running().filter(family=row.family_id, about=row.uuid):
            _reset(running, postponed.after - postponed.before, running.warn_at, now)
    else:
        assert isinstance(postponed.after, datetime)
        _reset(row, postponed.after - row.due_at, postponed.warn_after, now)


def _reset(running: Clock, shift: timedelta, warn_at: datetime | None, now: datetime) -> None:
    """Give a clock its new ends; whoever was told about the old ones is told again when the new ones come."""
    running.due_at += shift
    running.warn_at = min(warn_at, running.due_at) if warn_at else None
    if running.warn_at is not None and running.warn_at > now:
        running.warned_at = None
    if running.due_at > now:
        running.escalated_at = None
    running.save(update_fields=["due_at", "warn_at", "warned_at", "escalated_at"])
