"""Releases: by which agreement, what was asked for, the files that were built, what the municipalities said, who took
them home.

A release carries no municipality. Its rows stand under the signed purpose "evaluation", which only national
evaluators' requests and the jobs they add are given (`placement.access.actor.Actor.purpose`). What a municipality
reads and says of it is a row of that municipality: the report and the seal, never the files.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.querysets import AgreementQuerySet, ReleaseApprovalQuerySet, ReleaseQuerySet
from placement import clock
from placement.access.models import Municipality, MunicipalityModel, Staff
from placement.access.policies import IN_EVALUATION, IN_MUNICIPALITY_OR_EVALUATION, FourEyes


class Kind(models.TextChoices):
    """Which sort of release, by how far the data are from the person. T1 is personal data, whatever it looks like."""

    T1 = "T1", _("T1 – rækker med pseudonymer til forskning efter aftale")
    T2 = "T2", _("T2 – anonymiserede rækker")
    T3 = "T3", _("T3 – tabeller med tal for grupper")


class Audience(models.TextChoices):
    """Whom tables (T3) are for, and so by which rules small numbers go (docs/decisions/0030)."""

    PUBLIC = "public", _("Alle: tal fra 1 til 7 skjules, og de andre afrundes til 5")
    PARTNER = "partner", _("Aftalens parter alene: tal fra 1 til 4 skjules, og flere, så ingen kan regnes ud")


class Status(models.TextChoices):
    """Where a release stands. Values appear in the API."""

    REQUESTED = "requested", _("Bestilt")
    BUILT = "built", _("Bygget og forseglet")
    REPORTED = "reported", _("Hos kommunerne")
    AVAILABLE = "available", _("Klar")
    FAILED = "failed", _("Kunne ikke bygges")
    REFUSED = "refused", _("Afvist af kommunerne")
    WITHDRAWN = "withdrawn", _("Trukket tilbage")
    EXPIRED = "expired", _("Udløbet")


#: Nothing more becomes of a release that stands so.
ENDED = (Status.FAILED, Status.REFUSED, Status.WITHDRAWN, Status.EXPIRED)


class LegalBasis(models.TextChoices):
    """By what right the data leave: personal data as processor, or disclosed for research alone."""

    PROCESSOR = "processor", _("Databehandleraftale (databeskyttelsesforordningen art. 28)")
    RESEARCH = "research", _("Videregivelse til forskning (databeskyttelsesloven § 10)")
    CONSENT = "consent", _("Samtykke fra de registrerede")


class Controller(models.TextChoices):
    """What the evaluator's house is towards the data under the agreement."""

    PROCESSOR = "processor", _("VIVE er databehandler for kommunerne")
    CONTROLLER = "controller", _("VIVE er selv dataansvarlig")


class EvaluationModel(models.Model):
    """Base of the tables of releases: an inner key, an id for addresses, and the policy they stand under."""

    row_policy: ClassVar[str] = IN_EVALUATION

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)

    class Meta:
        abstract = True


class Agreement(EvaluationModel):
    """An agreement by which data leave: what for, by what right, until when, and what it covers. Not changed later.

    The municipalities see it whole in every report they decide on. `key_id` names the key its pseudonyms are made with.
    """

    privileges: ClassVar[str] = "SELECT, INSERT"

    number = models.CharField(_("nummer"), max_length=60)
    title = models.CharField(_("titel"), max_length=200)
    purpose = models.TextField(_("formål"))
    legal_basis = models.CharField(_("grundlag"), max_length=10, choices=LegalBasis.choices)
    role = models.CharField(_("VIVEs rolle"), max_length=10, choices=Controller.choices)
    ends_on = models.DateField(_("udløber"))
    datasets = ArrayField(models.CharField(max_length=30), verbose_name=_("datasæt"))
    #: "dataset.variable" of those it covers; empty: all of its datasets' variables.
    variables = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    key_id = models.CharField(max_length=60)
    registered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=clock.now)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("aftale")
        verbose_name_plural = _("aftaler")
        constraints = [
            models.UniqueConstraint(fields=["number"], name="agreement_number_once"),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(title="") & ~Q(purpose="") & ~Q(key_id=""),
                name="agreement_says_what",
            ),
            models.CheckConstraint(condition=Q(datasets__len__gte=1), name="agreement_covers_something"),
        ]

    def __str__(self) -> str:
        return self.number

    def is_over(self, now: datetime) -> bool:
        """Whether its last day has passed in Denmark at ``now``."""
        return self.ends_on < clock.danish_day(now)

    @property
    def over_words(self) -> str:
        """Why nothing leaves by it any more."""
        return gettext("Aftalen %(number)s udløb den %(day)s. Der udleveres ikke mere efter den.") % {
            "number": self.number,
            "day": f"{self.ends_on:%d.%m.%Y}",
        }


class AgreementPerson(EvaluationModel):
    """Somebody who may work with what leaves by an agreement."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="people")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("navngiven person")
        constraints = [models.UniqueConstraint(fields=["agreement", "staff"], name="agreement_person_once")]

    def __str__(self) -> str:
        return str(self.staff)


class Population(EvaluationModel):
    """How many families there were to count, when the worker last counted: what the gate of T2 is asked with."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    families = models.PositiveIntegerField(_("familier"))
    municipalities = models.PositiveIntegerField(_("kommuner"))
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("optælling")

    def __str__(self) -> str:
        return f"{self.families} families in {self.municipalities} municipalities"


class Release(EvaluationModel):
    """One request for datasets and what became of it. Moved by `evaluation.flow.ReleaseFlow` only.

    A municipality that says no is left out, and the release is built anew as its next round. The database lets one be
    available only with every yes (`doors.sql`).
    """

    doors: ClassVar[Path] = Path(__file__).with_name("doors.sql")

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


class ReleaseLink(EvaluationModel):
    """A way to take all files home at once: packed under a password that is shown once and kept nowhere.

    The address holds a secret of which only the digest is kept.
    """

    privileges: ClassVar[str] = "SELECT, INSERT, DELETE"
    hidden_columns: ClassVar[tuple[str, ...]] = ("archive", "token_digest")

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="links")
    token_digest = models.CharField(max_length=64, unique=True)
    archive = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("lavet"))
    expires_at = models.DateTimeField(_("udløber"))

    class Meta:
        verbose_name = _("link")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="release_link_lasts"),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"


#: How often a link may be used, and one file taken by itself. Ours.
LINK_DOWNLOADS = 3
FILE_DOWNLOADS = 20


class ReleaseDownload(EvaluationModel):
    """Who took which file (or, by a link, all of them), when, and the how manieth time. Committed before the first byte
    leaves; stays when the file is gone."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="downloads")
    #: The link's id, when it was one.
    link = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=120)
    #: Counted for each file and each link by itself.
    number = models.PositiveSmallIntegerField(default=1)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    # Real time, as everything that tells who looked.
    at = models.DateTimeField(auto_now_add=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("hentning")
        verbose_name_plural = _("hentninger")
        constraints = [
            models.UniqueConstraint(
                fields=["release", "link", "name", "sha256", "number"],
                name="release_download_counted",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(link__isnull=False, number__range=(1, LINK_DOWNLOADS))
                | Q(link__isnull=True, number__range=(1, FILE_DOWNLOADS)),
                name="release_download_not_too_often",
            ),
        ]

    def __str__(self) -> str:
        return f"download {self.pk}"


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


class Answer(models.TextChoices):
    """A yes or no; '' while nobody has said anything."""

    YES = "yes", _("Ja")
    NO = "no", _("Nej")


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
