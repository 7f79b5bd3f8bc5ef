"""Releases, what the registry keeps of them, and their files."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluation.models.agreements import Agreement
from evaluation.models.base import EvaluationModel
from evaluation.models.words import Audience, Kind, Status
from evaluation.querysets import ReleaseQuerySet
from placement import clock
from placement.access.models import Staff


class Release(EvaluationModel):
    """One request for datasets and what became of it. Moved by `evaluation.flow.ReleaseFlow` only.

    A municipality that says no is left out, and the release is built anew as its next round. The database lets one be
    available only with every yes (`doors.sql`).
    """

    doors: ClassVar[Path] = Path(__file__).parent.with_name("doors.sql")

    #: What taking a release back changes; all else is the worker's.
    web_updates: ClassVar[tuple[str, ...]] = ("status", "ended_reason")

    kind = models.CharField(_("slags"), max_length=2, choices=Kind.choices)
    audience = models.CharField(
        _("hvem tabellerne er til"), max_length=7, choices=Audience.choices, default=Audience.PUBLIC
    )
    purpose = models.TextField(_("formål"))
    #: The agreement's number, as it was asked for.
    agreement = models.TextField(_("aftale"))
    under = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="+")
    # Which there are is the service's to say: a dataset more is no change of the table.
    datasets = ArrayField(models.CharField(max_length=30), verbose_name=_("datasæt"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.REQUESTED)
    requested_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("bestilt af")
    )
    requested_at = models.DateTimeField(_("bestilt"), default=clock.now)
    built_at = models.DateTimeField(_("bygget"), null=True, blank=True)
    row_counts = models.JSONField(_("rækker"), default=dict, blank=True)
    round = models.PositiveSmallIntegerField(_("omgang"), default=1)
    #: SHA-256 over the names and digests of this round's files; '' before they are built.
    seal = models.CharField(_("segl"), max_length=64, blank=True)
    report = models.JSONField(_("rapport"), default=dict, blank=True)
    #: Codes of the municipalities whose families are in this round's files.
    municipalities = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    #: Those that were ever asked, in whatever round.
    asked = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    #: Those that said no, in whatever round.
    left_out = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    #: What the municipalities said in this round, by code: {"reviewed", "answer" ("yes", "no" or ""), "reason"}.
    answers = models.JSONField(default=dict, blank=True)
    available_at = models.DateTimeField(_("klar"), null=True, blank=True)
    #: From then on the files are gone.
    expires_at = models.DateTimeField(_("udløber"), null=True, blank=True)
    ended_reason = models.TextField(_("begrundelse"), blank=True)
    #: The name of the error's class; its message could carry a value and is not kept.
    error_type = models.CharField(_("fejlens art"), max_length=80, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("udtræk")
        verbose_name_plural = _("udtræk")
        constraints = [
            models.CheckConstraint(condition=~Q(purpose="") & ~Q(agreement=""), name="release_says_why"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="release_kind_known"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="release_audience_known"),
            models.CheckConstraint(condition=Q(datasets__len__gte=1), name="release_asks_for_something"),
            models.CheckConstraint(
                condition=Q(status="requested", built_at__isnull=True, error_type="", seal="")
                | Q(
                    Q(status__in=["built", "reported", "available", "refused", "expired"]),
                    ~Q(seal=""),
                    built_at__isnull=False,
                    error_type="",
                )
                | (Q(status="failed", built_at__isnull=True) & ~Q(error_type=""))
                | (Q(status="withdrawn", error_type="") & ~Q(ended_reason="")),
                name="release_status_fits",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["available", "expired"])
                | Q(available_at__isnull=False, expires_at__gt=F("available_at"))
                # Its agreement ended before every municipality had said yes.
                | (Q(status="expired", available_at__isnull=True) & ~Q(ended_reason="")),
                name="release_available_for_a_time",
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="release_round_counts_from_one"),
            models.CheckConstraint(
                condition=Q(built_at__isnull=True) | Q(built_at__gte=F("requested_at")),
                name="release_built_after_requested",
            ),
        ]
        indexes = [models.Index(fields=["requested_by", "-id"], name="release_by_person")]

    def __str__(self) -> str:
        return f"release {self.pk}"


class ReleaseRecord(EvaluationModel):
    """What the registry keeps of a built round of anonymised rows or tables, to hold later releases against.

    ``kept`` holds unrounded counts (`evaluation.disclosure.delta.Registered`): nobody is shown it, it is not in the trail,
    and the web's log-in can read neither it nor the recipe.
    """

    privileges: ClassVar[str] = "SELECT, INSERT"
    kept_from_web: ClassVar[tuple[str, ...]] = ("recipe", "kept")
    hidden_columns: ClassVar[tuple[str, ...]] = ("kept",)

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="records")
    round = models.PositiveSmallIntegerField(_("omgang"))
    seal = models.CharField(_("segl"), max_length=64)
    recipe_hash = models.CharField(max_length=64)
    #: The published releases that the round was held against.
    against = ArrayField(models.UUIDField(), default=list)
    #: The frozen recipe as JSON; '' where there is none beyond its hash.
    recipe = models.TextField(blank=True)
    kept = models.TextField()

    class Meta:
        verbose_name = _("registreret udgivelse")
        constraints = [
            models.UniqueConstraint(fields=["release", "round"], name="release_record_once_a_round")
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"


class ReleaseFile(EvaluationModel):
    """One file of one round of a release, written once; gone when the release has ended."""

    privileges: ClassVar[str] = "SELECT, INSERT, DELETE"
    # The trail says that a file was made, and by its digest which; not the rows of data once more.
    hidden_columns: ClassVar[tuple[str, ...]] = ("content",)

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="files")
    round = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("navn"), max_length=120)
    media_type = models.CharField(max_length=60)
    content = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField(_("størrelse"))
    #: Data rows without the header; None for a file that is not a table.
    rows = models.PositiveIntegerField(_("rækker"), null=True, blank=True)

    class Meta:
        verbose_name = _("fil")
        verbose_name_plural = _("filer")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["release", "round", "name"], name="release_file_once")]

    def __str__(self) -> str:
        return self.name
