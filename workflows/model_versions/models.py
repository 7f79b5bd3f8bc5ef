"""Model versions: the model is still being developed, so each family keeps the version it started on."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement.access.models import MunicipalityModel, Site, Staff
from placement.access.policies import FourEyes
from placement.families.models import Family
from workflows.model_versions.content import Model, parse, recalled
from workflows.model_versions.limits import adapted


class VersionStatus(models.TextChoices):
    """Where a national version stands; it only ever goes down this list."""

    DRAFT = "draft", _("Kladde")
    IN_FORCE = "in_force", _("Gælder")
    RETIRED = "retired", _("Udgået")


class ModelVersion(models.Model):
    """One national version of the model, as data. Reference data: no family in it."""

    code = models.CharField(_("version"), max_length=20, unique=True)
    title = models.CharField(_("titel"), max_length=120)
    in_force_from = models.DateField(_("gælder fra"))
    status = models.CharField(
        _("status"), max_length=10, choices=VersionStatus.choices, default=VersionStatus.DRAFT
    )
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    written_by = models.CharField(_("skrevet af"), max_length=120, default="")
    what_changed = models.TextField(_("ændring"), default="", blank=True)
    reason = models.TextField(_("begrundelse"), default="", blank=True)
    approved_by = models.CharField(_("godkendt af"), max_length=120, default="", blank=True)
    approved_on = models.DateField(_("godkendt"), null=True, blank=True)
    content = models.JSONField(_("indhold"))
    #: The file as its owners wrote it, comments and all: what an export gives back.
    source = models.TextField(default="", blank=True)

    class Meta:
        verbose_name = _("modelversion")
        ordering = ["-in_force_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("written_by")),
                name="model_version_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status=VersionStatus.DRAFT, approved_by="", approved_on__isnull=True)
                | Q(Q(approved_on__isnull=False), ~Q(status=VersionStatus.DRAFT), ~Q(approved_by="")),
                name="model_version_in_force_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @cached_property
    def model(self) -> Model:
        """The content, typed."""
        return parse(self.content)


class AdaptationStatus(models.TextChoices):
    """Where a municipality's adaptation stands."""

    DRAFT = "draft", _("Kladde")
    WITHDRAWN = "withdrawn", _("Trukket tilbage")
    REJECTED = "rejected", _("Afvist")
    IN_FORCE = "in_force", _("Gælder")
    RETIRED = "retired", _("Udgået")


_UNDECIDED = (AdaptationStatus.DRAFT, AdaptationStatus.WITHDRAWN)


class Adaptation(MunicipalityModel):
    """What one municipality does otherwise than a national version, within its limits. Approved by another."""

    four_eyes = FourEyes(asked="drafted_by")

    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    #: "2026-1-253-1": the national version, the municipality's code, the municipality's number.
    code = models.CharField(_("tilpasning"), max_length=40)
    overrides = models.JSONField(_("ændringer"), default=dict)
    reason = models.TextField(_("begrundelse"))
    status = models.CharField(
        _("status"), max_length=10, choices=AdaptationStatus.choices, default=AdaptationStatus.DRAFT
    )
    drafted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("skrevet"))
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("afgjort"), null=True)
    decision_reason = models.TextField(_("svar"), default="", blank=True)

    class Meta:
        verbose_name = _("kommunal tilpasning")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("drafted_by")),
                name="adaptation_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status__in=_UNDECIDED, decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    Q(decided_by__isnull=False, decided_at__isnull=False),
                    ~Q(status__in=_UNDECIDED),
                ),
                name="adaptation_in_force_is_decided",
            ),
            models.UniqueConstraint(fields=["municipality", "number"], name="adaptation_number_once"),
            models.UniqueConstraint(
                fields=["municipality", "version"],
                condition=Q(status=AdaptationStatus.IN_FORCE),
                name="adaptation_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(status=AdaptationStatus.DRAFT),
                name="adaptation_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @cached_property
    def content(self) -> dict[str, Any]:
        """The national version as it reads with the municipality's changes."""
        return adapted(self.version.content, self.overrides)

    @cached_property
    def model(self) -> Model:
        """`content`, typed."""
        return recalled((self.version.content, self.overrides), lambda: parse(self.content))


class VersionMove(MunicipalityModel):
    """A family moved to another version or adaptation, by whom and why, with what it changed for the family."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="version_moves")
    from_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    from_adaptation = models.ForeignKey(Adaptation, on_delete=models.PROTECT, null=True, related_name="+")
    to_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    to_adaptation = models.ForeignKey(Adaptation, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("begrundelse"))
    moved_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(_("flyttet"))
    #: What it changed, as it was read before it was confirmed: lists of {title, before, after}.
    changes = models.JSONField(_("ændringer"), default=list)

    class Meta:
        verbose_name = _("flytning til anden modelversion")
        constraints = [
            models.CheckConstraint(
                condition=~Q(
                    Q(from_version=F("to_version")),
                    Q(from_adaptation=F("to_adaptation"))
                    | Q(from_adaptation__isnull=True, to_adaptation__isnull=True),
                ),
                name="version_move_goes_somewhere",
            )
        ]
        indexes = [models.Index(fields=["municipality", "family"], name="version_move_by_family")]

    def __str__(self) -> str:
        return f"move {self.pk}"


class TextKind(models.TextChoices):
    """Which part of the model's frame a text belongs to."""

    PREREQUISITE = "prerequisite", _("Organisatorisk forudsætning")
    VALUE = "value", _("Værdi")


class OrganisationText(MunicipalityModel):
    """One version of a municipality's own words on a prerequisite or value; the newest version stands."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    key = models.CharField(max_length=60)
    kind = models.CharField(_("art"), max_length=12, choices=TextKind.choices)
    title = models.CharField(_("overskrift"), max_length=160)
    text = models.TextField(_("tekst"))
    version = models.PositiveSmallIntegerField(_("udgave"))
    written_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("skrevet"))

    class Meta:
        verbose_name = _("organisatorisk tekst")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "key", "version"], name="organisation_text_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class SelfAssessment(MunicipalityModel):
    """A site's yearly look at its own organisation: once per calendar year."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("år"))
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("udfyldt"))

    class Meta:
        verbose_name = _("selvvurdering")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "site", "year"], name="self_assessment_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"self-assessment {self.year}"


class SelfAssessmentLine(MunicipalityModel):
    """One prerequisite in a self-assessment. Words of heading and level are kept as they were that day."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    assessment = models.ForeignKey(SelfAssessment, on_delete=models.PROTECT, related_name="lines")
    key = models.CharField(max_length=60)
    title = models.CharField(_("forudsætning"), max_length=160)
    level = models.PositiveSmallIntegerField(_("trin"))
    level_title = models.CharField(_("svar"), max_length=60)
    remark = models.TextField(_("bemærkning"), default="", blank=True)

    class Meta:
        verbose_name = _("linje i selvvurdering")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "assessment", "key"], name="self_assessment_line_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.level}"
