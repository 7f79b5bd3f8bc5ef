"""Meetings of the team and with the network: who was there, what was decided and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family, Person


class MeetingKind(models.TextChoices):
    TEAM = "team", _("Teammøde")
    NETWORK = "network", _("Netværksmøde")


class MeetingOutcome(models.TextChoices):
    """What a meeting leads to; the way back is a way on."""

    NEXT_MEETING = "next_meeting", _("Næste møde")
    CHANGE_TEAM = "change_team", _("Teamet skal ændres")
    REDRAW_MAP = "redraw_map", _("Netværkskortet skal tegnes om")


class Meeting(MunicipalityModel):
    """One meeting that was held: who was there, what was decided, when the next one is."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("familie")
    )
    kind = models.CharField(_("mødetype"), max_length=8, choices=MeetingKind.choices)
    held_on = models.DateField(_("holdt"))
    minutes = models.TextField(_("referat"), blank=True)
    next_on = models.DateField(_("næste møde"), null=True, blank=True)
    parents_present = models.BooleanField(_("forældrene deltog"))
    parents_absent_reason = models.TextField(_("hvorfor forældrene ikke deltog"), blank=True)
    outcome = models.CharField(
        _("fører til"), max_length=12, choices=MeetingOutcome.choices, default=MeetingOutcome.NEXT_MEETING
    )
    #: Professions that the model version of that day asked for and that were not there.
    missing = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("faggrupper, der manglede")
    )
    recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("møde")
        verbose_name_plural = _("møder")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(next_on__gt=F("held_on")), name="meeting_next_is_later"
            ),
            models.CheckConstraint(
                condition=Q(parents_present=True) | ~Q(parents_absent_reason=""),
                name="meeting_absence_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome="next_meeting")
                | Q(kind="team", outcome="change_team")
                | Q(kind="network", outcome="redraw_map"),
                name="meeting_outcome_of_its_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "family", "kind", "-held_on"], name="meeting_by_family")
        ]

    def __str__(self) -> str:
        return f"meeting {self.pk}"


class Attendance(MunicipalityModel):
    """One person who was invited: a colleague, or somebody named by first name or relation only."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="attendance", verbose_name=_("møde")
    )
    staff = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("medarbejder"),
    )
    label = models.CharField(_("fornavn eller relation"), max_length=80, blank=True)
    profession = models.CharField(_("faggruppe"), max_length=40, blank=True)
    present = models.BooleanField(_("deltog"), default=True)

    class Meta:
        verbose_name = _("deltager")
        verbose_name_plural = _("deltagere")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(staff__isnull=False) | ~Q(label=""), name="attendance_names_somebody"
            ),
            models.UniqueConstraint(
                fields=["municipality", "meeting", "staff"],
                condition=Q(staff__isnull=False),
                name="attendance_once_per_colleague",
            ),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class MeetingDecision(MunicipalityModel):
    """One thing a meeting decided, who sees to it, and by when."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("møde")
    )
    text = models.TextField(_("beslutning"))
    #: A colleague who does it, by a day: then it is a task. Anybody else is named in words.
    person = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("medarbejder"),
    )
    responsible = models.CharField(_("hvem gør det"), max_length=120, blank=True)
    due_on = models.DateField(_("inden"), null=True, blank=True)

    class Meta:
        verbose_name = _("beslutning")
        verbose_name_plural = _("beslutninger")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="meeting_decision_says_what"),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(due_on__isnull=False),
                name="meeting_decision_task_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"meeting decision {self.pk}"


class DecisionOutcome(MunicipalityModel):
    """What became of a meeting's decision that was somebody's task: done, or not done and why."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    decision = models.OneToOneField(
        MeetingDecision, on_delete=models.PROTECT, related_name="became", verbose_name=_("beslutning")
    )
    done = models.BooleanField(_("gjort"))
    reason = models.TextField(_("hvorfor ikke"), blank=True)
    closed_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    closed_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("opfølgning på beslutning")
        constraints = [
            models.CheckConstraint(
                condition=Q(done=True) | ~Q(reason=""), name="decision_outcome_undone_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"outcome of meeting decision {self.decision_id}"


class AgendaKind(models.TextChoices):
    """What can stand on an agenda."""

    GOAL = "goal", _("Mål")
    TASK = "task", _("Opgave")
    CLOCK = "clock", _("Frist")


class AgendaItem(MunicipalityModel):
    """One thing that was on a meeting's agenda: which record, and its deadline as it was then. Never its text."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="agenda", verbose_name=_("møde")
    )
    kind = models.CharField(max_length=8, choices=AgendaKind.choices)
    record = models.UUIDField()
    due_on = models.DateField(_("frist"), null=True, blank=True)

    class Meta:
        verbose_name = _("punkt på dagsordenen")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "meeting", "kind", "record"], name="agenda_item_once"
            )
        ]

    def __str__(self) -> str:
        return f"agenda item {self.pk}"


class MinutesGiven(MunicipalityModel):
    """A party of the case was given the minutes of a meeting: who, when, how."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="given", verbose_name=_("møde")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem"))
    given_on = models.DateField(_("givet"))
    how = models.CharField(
        _("hvordan"),
        max_length=10,
        choices=[
            ("paper", _("På papir")),
            ("post", _("Digital Post")),
            ("read", _("Gennemgået mundtligt")),
        ],
    )
    given_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("givet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("udleveret referat")
        ordering = ["given_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "meeting", "person", "given_on", "how"], name="minutes_given_once"
            )
        ]

    def __str__(self) -> str:
        return f"minutes of meeting {self.meeting_id} to {self.person_id}"
