"""Processes and tasks: the engine's state, and at the same time the worklist and the API's ``tasks/``.

Each row belongs to a family of one municipality; or to a release, which carries none and stands under the purpose
"evaluation"; or to a municipality's word on a release, which carries the municipality and no family.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import AbstractProcess, AbstractTask

from placement import clock
from placement.access.models import Municipality, MunicipalityModel, Staff
from placement.access.policies import IN_MUNICIPALITY_OR_EVALUATION, FourEyes
from placement.families.models import Family
from workflows.kernel.querysets import ClockQuerySet, NoticeQuerySet, TaskQuerySet
from workflows.model_versions.models import Adaptation, ModelVersion


class Element(models.TextChoices):
    """Which part of the work a process belongs to; the five core elements and what surrounds them."""

    JOURNEY = "journey", _("Forløbet")
    TEAM = "team", _("Indsatsteam")
    MENTALISATION = "mentalisation", _("Mentaliseringsbaseret tilgang")
    PROGRESSION = "progression", _("Opfølgning på progression")
    NETWORK = "network", _("Netværk")
    EXIT = "exit", _("Udslusning")
    SCREENING = "screening", _("Screening")
    INVESTIGATION = "investigation", _("Undersøgelse")
    RELEASE = "release", _("Udtræk")


CORE_ELEMENTS = (Element.TEAM, Element.MENTALISATION, Element.PROGRESSION, Element.NETWORK, Element.EXIT)

_FAMILY_OR_RELEASE = Q(family__isnull=False, municipality__isnull=False, release_uuid__isnull=True) | Q(
    family__isnull=True, release_uuid__isnull=False
)


class _ClockedModel(models.Model):
    """The engine stamps rows with the server's time; ours follow the house's clock (they differ in a demo)."""

    _stamps: ClassVar[tuple[str, ...]] = ()
    _stamped: dict[str, datetime | None]

    class Meta:
        abstract = True

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **how: Any
    ) -> Any:
        row = super().from_db(db, field_names, values, **how)
        row._stamped = {name: row.__dict__.get(name) for name in cls._stamps}
        return row

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self._stamped = {name: self.__dict__.get(name) for name in self._stamps}

    def _follow_clock(self) -> None:
        known = getattr(self, "_stamped", {})
        for name in self._stamps:
            value = getattr(self, name)
            if value is not None and known.get(name) != value:
                setattr(self, name, clock.now())
        self._stamped = {name: getattr(self, name) for name in self._stamps}


class Process(_ClockedModel, AbstractProcess):  # type: ignore[misc]
    """One run of one flow: a family's journey, one of its core elements, or the way of a release."""

    row_policy = IN_MUNICIPALITY_OR_EVALUATION
    _stamps = ("finished",)

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, null=True, related_name="processes")
    release_uuid = models.UUIDField(null=True, editable=False)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, null=True, related_name="+")
    adaptation = models.ForeignKey(Adaptation, on_delete=models.PROTECT, null=True, related_name="+")
    parent_task = models.ForeignKey(
        "kernel.Task", on_delete=models.PROTECT, null=True, related_name="subprocesses"
    )
    created = models.DateTimeField(default=clock.now)
    data = models.JSONField(default=dict, blank=True)

    # The engine asks for these two; we keep what a process is about in its own columns.
    seed: Any = None
    artifact: Any = None

    objects = models.Manager()

    class Meta:
        verbose_name = _("proces")
        constraints = [models.CheckConstraint(condition=_FAMILY_OR_RELEASE, name="process_family_or_release")]
        indexes = [models.Index(fields=["municipality", "family"], name="process_by_family")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._follow_clock()
        super().save(*args, **kwargs)


class Task(_ClockedModel, AbstractTask):  # type: ignore[misc]
    """One step of a process. An open human task is a line on somebody's worklist."""

    row_policy = IN_MUNICIPALITY_OR_EVALUATION
    four_eyes = FourEyes(
        "excluded", "owner", "finished", "NEW.status = 'DONE' AND NEW.excluded_id IS NOT NULL"
    )
    _stamps = ("assigned", "started", "finished")

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    process = models.ForeignKey(Process, on_delete=models.PROTECT)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, null=True, related_name="tasks")
    release_uuid = models.UUIDField(null=True, editable=False)
    element = models.CharField(max_length=14, choices=Element.choices)
    role = models.CharField(_("venter på"), max_length=20, blank=True)
    due = models.DateField(_("frist"), null=True, blank=True)
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    excluded = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # As the engine has it, but for the way back, which its own (empty) table of tasks has taken.
    owner_permission_content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, blank=True, null=True, related_name="+"
    )
    created = models.DateTimeField(default=clock.now)
    data = models.JSONField(default=dict, blank=True)

    seed: Any = None
    artifact: Any = None

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("opgave")
        constraints = [
            models.CheckConstraint(condition=_FAMILY_OR_RELEASE, name="task_family_or_release"),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(excluded__isnull=True) | ~Q(owner=F("excluded")),
                name="task_not_done_by_the_excluded",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "owner_permission", "due", "id"],
                condition=Q(finished__isnull=True, flow_task_type="HUMAN"),
                name="task_open_by_permission",
            ),
            models.Index(
                fields=["municipality", "family"],
                condition=Q(finished__isnull=True, flow_task_type="HUMAN"),
                name="task_open_by_family",
            ),
            models.Index(fields=["municipality", "family", "id"], name="task_by_family"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self._take_over_from_process()
        self._follow_clock()
        super().save(*args, **kwargs)

    def _take_over_from_process(self) -> None:
        self.municipality_id = self.process.municipality_id
        self.family_id = self.process.family_id
        self.release_uuid = self.process.release_uuid
        self.element = self.flow_task.flow_class.element


class StopReason(models.TextChoices):
    """Why a clock no longer runs."""

    DONE = "done", _("Sket")
    WITHDRAWN = "withdrawn", _("Forløbet er afbrudt")
    PREGNANCY_LOST = "lost", _("Ikke længere aktuel")
    NOT_NEEDED = "not_needed", _("Begrundet fravalgt")
    DROPPED = "dropped", _("Opgaven er faldet bort")
    CLOSED = "closed", _("Forløbet er afsluttet")


class Clock(MunicipalityModel):
    """One running or stopped deadline of a family: by which rule, since what, until when, who is told.

    Title, source and the ends are kept as they were when it started: a clock explains itself for good, whatever
    version of the model is written later.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="clocks")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, null=True, related_name="+")
    rule = models.CharField(_("regel"), max_length=60)
    title = models.CharField(_("frist"), max_length=160)
    source = models.CharField(_("kilde"), max_length=160)
    trigger = models.CharField(max_length=30)
    stopped_by = models.CharField(max_length=30)
    #: The record it is about (a notification, an exit step, a task), when there can be several at once.
    about = models.UUIDField(null=True, blank=True)
    begun_at = models.DateTimeField(_("begyndt"))
    warn_at = models.DateTimeField(_("påmindelse"), null=True, blank=True)
    due_at = models.DateTimeField(_("frist"))
    reminds = models.CharField(max_length=20)
    escalates_to = models.CharField(max_length=20)
    #: The law's own deadlines are those that run while a family is away.
    runs_while_paused = models.BooleanField(default=False)
    ends_with_journey = models.BooleanField(default=False)
    #: Before this moment nothing can be done about it: it is on nobody's list.
    opens_at = models.DateTimeField(_("åbner"), null=True, blank=True)
    #: Why it ends on that day, when somebody decided the day.
    day_reason = models.TextField(_("hvorfor den dag"), blank=True, default="")
    #: When the house was told of what started it; none for what was stored before 0.4.0.
    recorded_at = models.DateTimeField(null=True, blank=True, default=clock.now)
    held_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=12, choices=StopReason.choices, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("frist")
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=F("begun_at")), name="clock_ends_after_start"),
            models.CheckConstraint(
                condition=Q(warn_at__isnull=True) | Q(warn_at__lte=F("due_at")), name="clock_warns_before_end"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(opens_at__lt=F("due_at")),
                name="clock_opens_before_end",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True) | Q(begun_at__lte=F("recorded_at")),
                name="clock_not_before_its_trigger",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stop_reason="")
                | Q(Q(stopped_at__isnull=False), ~Q(stop_reason="")),
                name="clock_stopped_with_reason",
            ),
            models.UniqueConstraint(
                fields=["municipality", "family", "rule", "about"],
                condition=Q(stopped_at__isnull=True),
                nulls_distinct=False,
                name="clock_runs_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "due_at"],
                condition=Q(stopped_at__isnull=True, held_at__isnull=True, escalated_at__isnull=True),
                name="clock_to_escalate",
            ),
            models.Index(
                fields=["municipality", "warn_at"],
                condition=Q(
                    stopped_at__isnull=True,
                    held_at__isnull=True,
                    warned_at__isnull=True,
                    escalated_at__isnull=True,
                ),
                name="clock_to_warn",
            ),
            models.Index(fields=["municipality", "family"], name="clock_by_family"),
            # The list of what runs, in its order: a page of it is read off the index.
            models.Index(
                F("municipality"),
                F("held_at").asc(nulls_first=True),
                F("due_at"),
                F("id"),
                condition=Q(stopped_at__isnull=True),
                name="clock_late_first",
            ),
            models.Index(
                fields=["municipality", "due_at"],
                condition=Q(runs_while_paused=True),
                name="clock_of_the_law",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} until {self.due_at}"

    def is_late(self, now: datetime) -> bool:
        """Whether its end passed while it ran: it still runs and does not stand still, or it was stopped too late."""
        if self.stopped_at is None and self.held_at is not None:
            return False
        return (self.stopped_at or now) > self.due_at

    @property
    def due_on(self) -> date:
        """The last Danish day on which it is kept."""
        return clock.danish_day(self.due_at - timedelta(microseconds=1))

    @property
    def by_the_hour(self) -> bool:
        """Whether it ends at an hour of its own, and not with a day."""
        return clock.end_of(self.due_on) != self.due_at


class ClockChange(MunicipalityModel):
    """What started a clock, or the day it was given, was put right: its ends before and after, and why."""

    # A trace: nobody rewrites it.
    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="changes")
    begun_before = models.DateTimeField()
    begun_after = models.DateTimeField()
    due_before = models.DateTimeField(_("frist før"))
    due_after = models.DateTimeField(_("frist nu"))
    reason = models.TextField(_("hvorfor"))
    changed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("flyttet"))

    class Meta:
        verbose_name = _("flyttet frist")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="clock_change_says_why"),
            models.CheckConstraint(
                condition=~Q(begun_before=F("begun_after"), due_before=F("due_after")),
                name="clock_change_changes_something",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family"], name="clock_change_by_family")]

    def __str__(self) -> str:
        return f"change of clock {self.clock_id}"


class LateKind(models.TextChoices):
    """Why a deadline was not kept, in words that can be counted without telling about anybody."""

    UNREACHABLE = "unreachable", _("Familien kunne ikke nås")
    FAMILY = "family", _("Familiens forhold, fx fødsel eller sygdom")
    OTHERS = "others", _("Vi ventede på andre, fx en udtalelse")
    WORKLOAD = "workload", _("Travlhed eller fravær hos os")
    WRITTEN_LATE = "written_late", _("Det skete i tide, men blev skrevet for sent")
    OVERSEEN = "overseen", _("Det blev overset")
    OTHER = "other", _("Andet")


class LateReason(MunicipalityModel):
    """Why one clock was not kept, said once. Who sees the family reads the words; the municipality counts the kind."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="late_reasons")
    #: When the clock ended, as it stood when the reason was given.
    due_at = models.DateTimeField(_("frist"))
    kind = models.CharField(_("hvorfor"), max_length=12, choices=LateKind.choices)
    text = models.TextField(_("forklaring"))
    given_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("forklaret"))

    class Meta:
        verbose_name = _("grund til overskredet frist")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "clock"], name="late_reason_given_once"),
            models.CheckConstraint(condition=~Q(text=""), name="late_reason_says_why"),
            models.CheckConstraint(condition=Q(given_at__gt=F("due_at")), name="late_reason_after_the_end"),
        ]

    def __str__(self) -> str:
        return f"reason of clock {self.clock_id}"


class Told(models.TextChoices):
    """Why somebody is told about a deadline."""

    WARNED = "warned", _("Nærmer sig")
    ESCALATED = "escalated", _("Overskredet")


class Notice(MunicipalityModel):
    """One person told about one deadline: before it, or after it. Written by the sweep alone.

    What the person may still see of it, follows from the family: somebody who has left the team sees nothing.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="notices")
    recipient = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Told.choices)
    told_at = models.DateTimeField(_("sendt"))
    read_at = models.DateTimeField(_("set"), null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("besked om frist")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "recipient", "clock", "kind"], name="notice_told_once"
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(read_at__gte=F("told_at")),
                name="notice_read_after_told",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "recipient"],
                condition=Q(read_at__isnull=True),
                name="notice_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: clock {self.clock_id}"
