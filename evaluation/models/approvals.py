"""What one municipality reads of a release and says of it, and who looked at a report."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluation.models.words import Answer, Kind, Status
from evaluation.querysets import ReleaseApprovalQuerySet
from placement.access.models import Municipality, MunicipalityModel, Staff
from placement.access.policies import IN_MUNICIPALITY_OR_EVALUATION, FourEyes


class ReportLook(models.Model):
    """Somebody looked at a release's report. Committed before it is shown, and only ever added to."""

    row_policy: ClassVar[str] = IN_MUNICIPALITY_OR_EVALUATION
    privileges: ClassVar[str] = "SELECT, INSERT"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    release_uuid = models.UUIDField()
    seal = models.CharField(max_length=64)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    # Real time, as everything that tells who looked.
    at = models.DateTimeField(auto_now_add=True)
    route = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("kig i en rapport")
        indexes = [
            models.Index(fields=["municipality", "release_uuid", "staff"], name="report_look_by_release")
        ]

    def __str__(self) -> str:
        return f"look {self.pk}"


#: Why a municipality is left out that did not answer in time.
SILENCE = _("Kommunen svarede ikke inden fristen.")


class ReleaseApproval(MunicipalityModel):
    """What one municipality reads of one round of a release, and what it says: reviewed by its privacy officer (or by
    another municipality's, for all), decided by its authority lead, and perhaps regretted.

    Made by the worker. The report, the seal and who asked stay as they are (the trigger ``release_report_stays``), and
    whoever reviewed or decided did so on that seal.
    """

    four_eyes = (
        FourEyes(asked="requested_by", decided="reviewed_by", at="reviewed_at"),
        FourEyes(asked="requested_by", decided="decided_by", at="decided_at"),
        FourEyes(asked="reviewed_by", decided="decided_by", at="decided_at"),
    )

    release_uuid = models.UUIDField(editable=False)
    round = models.PositiveSmallIntegerField(_("omgang"))
    kind = models.CharField(_("slags"), max_length=2, choices=Kind.choices)
    purpose = models.TextField(_("formål"))
    agreement = models.CharField(_("aftale"), max_length=60)
    datasets = ArrayField(models.CharField(max_length=30), verbose_name=_("datasæt"))
    seal = models.CharField(_("segl"), max_length=64)
    report = models.JSONField(_("rapport"))
    #: How many hard failures the report holds.
    hard_failures = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("bestilt"))
    built_at = models.DateTimeField(_("bygget"))
    #: How the release itself stands, as the worker last told.
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REPORTED)

    reviewed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    #: Whose privacy officer it was.
    reviewed_in = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    review = models.CharField(max_length=3, choices=Answer.choices, blank=True)
    review_reason = models.TextField(blank=True)
    reviewed_seal = models.CharField(max_length=64, blank=True)

    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=3, choices=Answer.choices, blank=True)
    decision_reason = models.TextField(blank=True)
    decided_seal = models.CharField(max_length=64, blank=True)

    #: A no that comes outside the two steps: after a review that served for all, or after a yes.
    refused_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal_reason = models.TextField(blank=True)
    #: The last day of the answer; none for what was asked before there were deadlines, until the worker comes by.
    answer_by = models.DateField(_("svarfrist"), null=True, blank=True)
    #: The permission of the step that was last reminded about.
    reminded_of = models.CharField(max_length=40, blank=True)
    #: When the worker found the deadline over and no answer: it counts as a no, and nobody has said it.
    silent_at = models.DateTimeField(null=True, blank=True)
    #: Since when the round is over and the row decides nothing.
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = ReleaseApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("kommunens svar på et udtræk")
        verbose_name_plural = _("kommunernes svar på udtræk")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "release_uuid", "round"], name="release_approval_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True, review="", reviewed_seal="")
                | Q(
                    reviewed_by__isnull=False,
                    reviewed_at__isnull=False,
                    review__in=Answer.values,
                    reviewed_in__isnull=False,
                    reviewed_seal=F("seal"),
                ),
                name="release_review_on_the_seal",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, decision="", decided_seal="")
                | Q(
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    decision__in=Answer.values,
                    decided_seal=F("seal"),
                    review=Answer.YES,
                ),
                name="release_decision_on_the_seal",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("requested_by")),
                name="release_reviewer_is_not_requester",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="release_approver_is_not_requester",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(reviewed_by__isnull=True)
                | ~Q(decided_by=F("reviewed_by")),
                name="release_approver_is_not_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(hard_failures=0)
                | ~(Q(review=Answer.YES) | Q(decision=Answer.YES))
                | (
                    Q(kind=Kind.T1)
                    & (~Q(review=Answer.YES) | ~Q(review_reason=""))
                    & (~Q(decision=Answer.YES) | ~Q(decision_reason=""))
                ),
                name="release_hard_failures_stop_it",
            ),
            models.CheckConstraint(
                condition=(~Q(review=Answer.NO) | ~Q(review_reason=""))
                & (~Q(decision=Answer.NO) | ~Q(decision_reason="")),
                name="release_no_says_why",
            ),
            models.CheckConstraint(
                condition=Q(refused_by__isnull=True, refused_at__isnull=True, refusal_reason="")
                | (Q(refused_by__isnull=False, refused_at__isnull=False) & ~Q(refusal_reason="")),
                name="release_refusal_says_why",
            ),
            models.CheckConstraint(
                condition=Q(silent_at__isnull=True)
                | Q(
                    answer_by__isnull=False, decision="", refused_at__isnull=True, review__in=["", Answer.YES]
                ),
                name="release_silence_is_no_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"approval {self.pk}"

    @property
    def answer(self) -> str:
        """What the municipality says as a whole: "yes", "no", or "" while it has not said."""
        if self.refused_at or self.silent_at or Answer.NO in (self.review, self.decision):
            return Answer.NO
        return Answer.YES if self.decision == Answer.YES else ""

    @property
    def said_why(self) -> str:
        """The reason that came with the answer, the last word first; of a silence, that it was one."""
        if self.silent_at is not None:
            return str(SILENCE)
        return self.refusal_reason or self.decision_reason or self.review_reason
