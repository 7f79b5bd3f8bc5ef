"""Releases: what an evaluator asked for, the files that were built, and who took them home.

A release carries no municipality. Its rows stand under the signed purpose "evaluation", which only national
evaluators' requests and the jobs they add are given (`placement.access.actor.Actor.purpose`).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluation.querysets import ReleaseQuerySet
from placement import clock
from placement.access.models import Staff
from placement.access.policies import IN_EVALUATION


class Kind(models.TextChoices):
    """Which sort of release, by how far the data are from the person. T2 and T3 need disclosure control."""

    T1 = "T1", _("T1 – rækker med pseudonymer til forskning efter aftale")
    T2 = "T2", _("T2 – anonymiserede rækker")
    T3 = "T3", _("T3 – tabeller med tal for grupper")


class Status(models.TextChoices):
    """Where a release stands. Values appear in the API."""

    REQUESTED = "requested", _("Bestilt")
    BUILT = "built", _("Bygget")
    AVAILABLE = "available", _("Klar")
    FAILED = "failed", _("Kunne ikke bygges")


class EvaluationModel(models.Model):
    """Base of the tables of releases: an inner key, an id for addresses, and the policy they stand under."""

    row_policy: ClassVar[str] = IN_EVALUATION

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)

    class Meta:
        abstract = True


class Release(EvaluationModel):
    """One request for datasets and what became of it. Moved by `evaluation.flow.ReleaseFlow` only."""

    kind = models.CharField(_("slags"), max_length=2, choices=Kind.choices)
    purpose = models.TextField(_("formål"))
    agreement = models.TextField(_("aftale"))
    # Which there are is the service's to say: a dataset more is no change of the table.
    datasets = ArrayField(models.CharField(max_length=30), verbose_name=_("datasæt"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.REQUESTED)
    requested_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("bestilt af")
    )
    requested_at = models.DateTimeField(_("bestilt"), default=clock.now)
    built_at = models.DateTimeField(_("bygget"), null=True, blank=True)
    row_counts = models.JSONField(_("rækker"), default=dict, blank=True)
    #: The name of the error's class; its message could carry a value and is not kept.
    error_type = models.CharField(_("fejlens art"), max_length=80, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("udtræk")
        verbose_name_plural = _("udtræk")
        constraints = [
            models.CheckConstraint(condition=~Q(purpose="") & ~Q(agreement=""), name="release_says_why"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="release_kind_known"),
            models.CheckConstraint(condition=Q(datasets__len__gte=1), name="release_asks_for_something"),
            models.CheckConstraint(
                condition=Q(status="requested", built_at__isnull=True, error_type="")
                | Q(status__in=["built", "available"], built_at__isnull=False, error_type="")
                | (Q(status="failed", built_at__isnull=True) & ~Q(error_type="")),
                name="release_status_fits",
            ),
            models.CheckConstraint(
                condition=Q(built_at__isnull=True) | Q(built_at__gte=F("requested_at")),
                name="release_built_after_requested",
            ),
        ]
        indexes = [models.Index(fields=["requested_by", "-id"], name="release_by_person")]

    def __str__(self) -> str:
        return f"release {self.pk}"


class ReleaseFile(EvaluationModel):
    """One file of a release, written once."""

    privileges: ClassVar[str] = "SELECT, INSERT"
    # The trail says that a file was made, and by its digest which; not the rows of data once more.
    hidden_columns: ClassVar[tuple[str, ...]] = ("content",)

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(_("navn"), max_length=60)
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
        constraints = [models.UniqueConstraint(fields=["release", "name"], name="release_file_once")]

    def __str__(self) -> str:
        return self.name


class ReleaseDownload(EvaluationModel):
    """Who took which file, when. Committed before the first byte leaves."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    file = models.ForeignKey(ReleaseFile, on_delete=models.PROTECT, related_name="downloads")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    # Real time, as everything that tells who looked.
    at = models.DateTimeField(auto_now_add=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("hentning")
        verbose_name_plural = _("hentninger")

    def __str__(self) -> str:
        return f"download {self.pk}"
