"""Municipality, unit, site, staff and what they hold; and the base of every table that carries a municipality."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.policies import IN_MUNICIPALITY_OR_EVALUATION, FourEyes
from placement.access.roles import NATIONAL_ROLES, ROLE_TITLES, Role


class Municipality(models.Model):
    """A Danish municipality under its official code (Greve 253, Randers 730, Odense 461); reference data."""

    code = models.PositiveSmallIntegerField(_("kommunekode"), primary_key=True)
    name = models.CharField(_("navn"), max_length=60, unique=True)
    slug = models.SlugField(_("kortnavn"), max_length=60, unique=True)
    active = models.BooleanField(_("bruger systemet"), default=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("kommune")

    def __str__(self) -> str:
        return self.name


class MunicipalityModel(models.Model):
    """Base of every table that carries a municipality: row security, composite keys and trail follow from it.

    `placement.access.isolation` reads the class attributes below when it protects the table.
    """

    #: Whether each insert, update and delete is written to the trail by trigger.
    trailed: ClassVar[bool] = True
    #: What the web and worker roles may do with rows of their own municipality (DELETE: the worker alone).
    privileges: ClassVar[str] = "SELECT, INSERT, UPDATE"
    #: Columns whose values the trail replaces by "changed" (they are ciphertext or indexes of it).
    hidden_columns: ClassVar[tuple[str, ...]] = ()
    #: For a table of decisions on what somebody asked for: which columns say who asked, who decided, and when.
    four_eyes: ClassVar[FourEyes | tuple[FourEyes, ...] | None] = None
    #: SQL of the functions by which somebody who is not logged in reaches one row of it; run at every preparation.
    doors: ClassVar[Path | None] = None

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Unit(MunicipalityModel):
    """A unit of the authority (myndighed): it decides."""

    name = models.CharField(_("navn"), max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="unit_name_once")]

    def __str__(self) -> str:
        return self.name


class Site(MunicipalityModel):
    """A site (anbringelsessted): its staff live beside the family."""

    name = models.CharField(_("navn"), max_length=120)
    places = models.PositiveSmallIntegerField(_("pladser"), default=6)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="site_name_once")]

    def __str__(self) -> str:
        return self.name


class Staff(AbstractUser):
    """A member of staff: the person who logs in. What they may do follows from their memberships."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    is_demo = models.BooleanField(_("demoperson"), default=False)

    class Meta:
        verbose_name = _("medarbejder")

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class StaffMembershipQuerySet(models.QuerySet["StaffMembership"]):
    def in_force(self, day: date) -> StaffMembershipQuerySet:
        """Memberships that hold on ``day`` (both ends included)."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)


class StaffMembership(models.Model):
    """One role of one person in one municipality, dated; national roles carry no municipality."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="memberships")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(_("rolle"), max_length=20, choices=[(r.value, ROLE_TITLES[r]) for r in Role])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    profession = models.CharField(_("faggruppe"), max_length=40, blank=True)
    starts = models.DateField(_("fra"), default=clock.today)
    ends = models.DateField(_("til og med"), null=True, blank=True)

    objects = StaffMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="staff_membership_end_after_start",
            ),
            models.CheckConstraint(
                condition=Q(municipality__isnull=True, role__in=sorted(NATIONAL_ROLES))
                | Q(Q(municipality__isnull=False), ~Q(role__in=sorted(NATIONAL_ROLES))),
                name="staff_membership_national_or_municipal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff}: {self.get_role_display()}"


class StaffToken(models.Model):
    """An API token: one person in one municipality. Only the SHA-256 digest is stored."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="tokens")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    revoked = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"token of {self.staff_id}"


class Submission(models.Model):
    """The answer to one write that may be sent again: same key, same person, same answer.

    A page's hidden submit token and the API's ``Idempotency-Key`` are the same thing.
    """

    row_policy = IN_MUNICIPALITY_OR_EVALUATION
    trailed = False
    #: Answers are forgotten after a week (they may repeat a note's text), so they may be deleted.
    privileges = "SELECT, INSERT, UPDATE, DELETE"

    id = models.BigAutoField(primary_key=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "staff", "key"], name="submission_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"submission {self.pk}"


class TrailWrite(models.Model):
    """One inserted, changed or deleted row of a case table, written by a trigger that SQL cannot switch off."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    municipality = models.ForeignKey(Municipality, on_delete=models.DO_NOTHING, null=True, related_name="+")
    staff_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=20)
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    operation = models.CharField(max_length=6)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    transaction = models.BigIntegerField()

    class Meta:
        db_table = "trail_write"
        indexes = [models.Index(fields=["municipality", "table_name", "row_id"], name="trail_write_row")]

    def __str__(self) -> str:
        return f"{self.operation} {self.table_name} {self.row_id}"


class TrailRead(models.Model):
    """One look at a family: who, when, by which route. Committed before the page is built."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    municipality = models.ForeignKey(Municipality, on_delete=models.DO_NOTHING, related_name="+")
    staff_id = models.BigIntegerField()
    family_id = models.BigIntegerField()
    route = models.CharField(max_length=80)
    method = models.CharField(max_length=8)

    class Meta:
        db_table = "trail_read"
        indexes = [models.Index(fields=["municipality", "family_id", "-at"], name="trail_read_family")]

    def __str__(self) -> str:
        return f"read of family {self.family_id}"
