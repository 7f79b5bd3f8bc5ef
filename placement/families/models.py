"""The family, its people, who may see it, and the records that gates read: consent, the child's view, decisions."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from placement import clock
from placement.access.models import MunicipalityModel, Site, Staff, Unit
from placement.access.policies import FourEyes
from placement.families import codes
from placement.families.querysets import DecisionQuerySet, FamilyManager
from placement.families.stay_models import Pause, PersonPath, SiteChange  # noqa: F401


class Phase(models.TextChoices):
    """Where the journey stands, as everybody calls it. Set by the journey's steps, never by hand."""

    ENQUIRY = "enquiry", _("Henvendelse")
    ASSESSED = "assessed", _("I målgruppen")
    CONSENTED = "consented", _("Samtykke givet")
    DECIDED = "decided", _("Afgørelse truffet")
    STARTED = "started", _("Indsats startet")
    MOVED_IN = "moved_in", _("Flyttet ind")
    EXITED = "exited", _("Flyttet ud")
    CLOSED = "closed", _("Afsluttet")
    DECLINED = "declined", _("Ikke i målgruppen")


class Family(MunicipalityModel):
    """One family on its way through the model, from the first enquiry to the last follow-up contact."""

    number = models.CharField(_("sagsnummer"), max_length=20)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("enhed"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    room = models.CharField(_("værelse"), max_length=20, blank=True)
    phase = models.CharField(_("fase"), max_length=12, choices=Phase.choices, default=Phase.ENQUIRY)

    source = models.CharField(_("kilde"), max_length=20, choices=codes.EnquirySource.choices)
    enquiry_text = models.TextField(_("henvendelsen"), blank=True)
    enquired_at = models.DateTimeField(_("modtaget"), default=clock.now)
    registered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    traits = ArrayField(
        models.CharField(max_length=20, choices=codes.TargetGroupTrait.choices),
        default=list,
        blank=True,
        verbose_name=_("udfordringsbillede"),
    )
    in_target_group = models.BooleanField(_("i målgruppen"), null=True, blank=True)
    assessment = models.TextField(_("vurdering"), blank=True)

    started_on = models.DateField(_("start i indsatsen"), null=True, blank=True)
    moved_in_on = models.DateField(_("flyttet ind"), null=True, blank=True)
    moved_out_on = models.DateField(_("flyttet ud"), null=True, blank=True)
    closed_on = models.DateField(_("afsluttet"), null=True, blank=True)
    outcome = models.CharField(_("udfald"), max_length=20, choices=codes.Outcome.choices, blank=True)
    family_view_of_outcome = models.TextField(_("familiens egen vurdering"), blank=True)
    # Since when the present journey runs, when an earlier one came before it: what was decided, asked for and
    # observed then opens no gate now.
    reopened_at = models.DateTimeField(_("genåbnet"), null=True, blank=True)

    # Only what VIVE's registration form asks and the work itself does not leave behind.
    receives_other_support = models.BooleanField(_("modtager anden støtte"), null=True, blank=True)
    home_before = models.CharField(
        _("boede før hos"), max_length=12, choices=codes.HomeBefore.choices, blank=True
    )
    home_language = models.CharField(
        _("sprog i hjemmet"), max_length=8, choices=codes.HomeLanguage.choices, blank=True
    )

    objects = FamilyManager()

    class Meta:
        verbose_name = _("familie")
        verbose_name_plural = _("familier")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="family_number_once"),
            models.CheckConstraint(
                condition=Q(moved_in_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(moved_in_on__gte=F("started_on")),
                name="family_moves_in_after_start",
            ),
            models.CheckConstraint(
                condition=Q(moved_out_on__isnull=True) | Q(moved_out_on__gte=F("moved_in_on")),
                name="family_moves_out_after_in",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(moved_out_on__isnull=True)
                | Q(closed_on__gte=F("moved_out_on")),
                name="family_closes_after_moving_out",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(moved_in_on__isnull=True)
                | Q(closed_on__gte=F("moved_in_on")),
                name="family_closes_after_moving_in",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(outcome=""), name="family_closed_with_outcome"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "unit"], name="family_by_unit"),
            models.Index(fields=["municipality", "site"], name="family_by_site"),
        ]

    def __str__(self) -> str:
        return self.number


class Person(MunicipalityModel):
    """A parent, a child (born or unborn) or an older sibling. A birth fills in the same record.

    Twins are two children of one family; a lost pregnancy is a state, not a deleted row.
    """

    hidden_columns: ClassVar[tuple[str, ...]] = ("cpr_sealed", "cpr_index")

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="people")
    kind = models.CharField(_("rolle i familien"), max_length=8, choices=codes.PersonKind.choices)
    name = models.CharField(_("navn"), max_length=120, blank=True)
    birth_state = models.CharField(
        max_length=8, choices=codes.BirthState.choices, default=codes.BirthState.BORN
    )
    due_on = models.DateField(_("termin"), null=True, blank=True)
    born_on = models.DateField(_("fødselsdato"), null=True, blank=True)
    custody_holder = models.BooleanField(_("har forældremyndighed"), default=False)
    education = models.CharField(_("uddannelse"), max_length=16, choices=codes.Education.choices, blank=True)
    employment = models.CharField(
        _("arbejdsmarked"), max_length=12, choices=codes.Employment.choices, blank=True
    )
    cpr_sealed = models.BinaryField(null=True, editable=False)
    cpr_index = models.BinaryField(null=True, editable=False, max_length=32)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "family", "cpr_index"],
                condition=Q(cpr_index__isnull=False),
                name="person_cpr_once_per_family",
            ),
            models.CheckConstraint(
                # A parent's birthday may not be known yet.
                condition=~Q(birth_state="born") | Q(born_on__isnull=False) | Q(kind="parent"),
                name="person_born_has_birthday",
            ),
            models.CheckConstraint(
                condition=~Q(birth_state="expected") | Q(due_on__isnull=False, born_on__isnull=True),
                name="person_expected_has_due_date",
            ),
            models.CheckConstraint(
                condition=Q(kind="child") | Q(birth_state="born"), name="person_only_children_are_unborn"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "cpr_index"], name="person_by_cpr")]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())


class GrantFunction(models.TextChoices):
    """Why somebody outside the leads may see a family."""

    CASEWORKER = "caseworker", _("Rådgiver for familien")
    TEAM = "team", _("Indsatsteam")
    REFERRER = "referrer", _("Henviser")
    #: Appointed to assess one notification of concern anew, because they were not earlier involved (§ 137).
    REASSESSOR = "reassessor", _("Ny vurdering efter § 137")
    #: Calls one family group conference together, and is not involved in the case otherwise.
    CONVENER = "convener", _("Koordinator for en familierådslagning")


class FamilyGrant(UserObjectPermissionBase, MunicipalityModel):
    """One person's dated appointment to one family; `visible_to` reads it, appointing and leaving write it."""

    content_object = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="grants")
    user = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="grants")
    function = models.CharField(max_length=10, choices=GrantFunction.choices)
    profession = models.CharField(_("faggruppe"), max_length=40, blank=True)
    starts = models.DateField(_("fra"), default=clock.today)
    ends = models.DateField(_("til og med"), null=True, blank=True)
    granted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    #: The member on leave whose place in the team is taken meanwhile: then there is an end.
    stands_in_for = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("vikar for"),
    )

    # Guardian's manager hands out permissions without dates; ours are written in one place only.
    objects = models.Manager()  # type: ignore[assignment,misc]

    class Meta:
        unique_together: ClassVar[list[list[str]]] = []
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "content_object", "user", "function"],
                condition=Q(ends__isnull=True),
                name="grant_open_once",
            ),
            models.UniqueConstraint(
                fields=["municipality", "content_object"],
                condition=Q(ends__isnull=True, function="caseworker"),
                name="grant_one_caseworker",
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="grant_end_after_start"
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for__isnull=True)
                | Q(Q(function="team", ends__isnull=False), ~Q(user=F("stands_in_for"))),
                name="grant_substitute_is_another_for_a_time",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "user", "content_object"], name="grant_by_user")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.content_object_id}"


class Consent(MunicipalityModel):
    """One custody holder's consent to the stay (barnets lov § 32, stk. 2), and when it was withdrawn if it was."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    given_on = models.DateField(_("givet"))
    how = models.CharField(
        _("hvordan"), max_length=10, choices=[("written", _("Skriftligt")), ("oral", _("Mundtligt"))]
    )
    informed_about = models.TextField(_("hvad der er oplyst om"), blank=True)
    withdrawn_on = models.DateField(_("trukket tilbage"), null=True, blank=True)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    #: Empty for consents from before 0.4.0 alone: a trigger asks for it.
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(recorded_at__isnull=True) | Q(recorded_at__date__gte=F("given_on")),
                name="consent_not_in_future",
            ),
            models.UniqueConstraint(
                fields=["municipality", "person"],
                condition=Q(withdrawn_on__isnull=True),
                name="consent_open_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_withdrawn_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class ChildView(MunicipalityModel):
    """The child's view before a decision (barnets lov § 5, stk. 3-4); for an infant what was observed, and by whom."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="child_views")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="views")
    obtained_on = models.DateField(_("indhentet"))
    source = models.CharField(
        _("kilde"),
        max_length=12,
        choices=[
            ("observed", _("Iagttaget")),
            ("told", _("Fortalt af barnet")),
            ("carer", _("Gennem en, der kender barnet")),
            ("unborn", _("Barnet er ikke født: forholdene omkring graviditeten")),
        ],
    )
    text = models.TextField(_("barnets perspektiv"))
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-obtained_on", "-id"]

    def __str__(self) -> str:
        return f"child's view {self.pk}"


class Decision(MunicipalityModel):
    """The decision on the stay: requested by one person, approved or rejected by another.

    Barnets lov § 32, stk. 1, nr. 6, and stk. 3: purpose and expected duration must be stated.
    """

    four_eyes = FourEyes()

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="decisions")
    legal_basis = models.CharField(_("hjemmel"), max_length=60, default="Barnets lov § 32, stk. 1, nr. 6")
    purpose = models.TextField(_("formål"))
    expected_weeks = models.PositiveSmallIntegerField(_("forventet varighed i uger"))
    child_view = models.ForeignKey(ChildView, on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=clock.now)
    approved = models.BooleanField(_("godkendt"), null=True, blank=True)
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("begrundelse"), blank=True)
    facts = models.JSONField(default=dict, blank=True)
    # The journey it belonged to has ended: asked for or decided, it opens nothing any more.
    lapsed_at = models.DateTimeField(_("bortfaldet"), null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(purpose=""), name="decision_has_purpose"),
            models.CheckConstraint(condition=Q(expected_weeks__gte=1), name="decision_has_duration"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="decision_approver_is_not_requester",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(approved__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="decision_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["municipality", "family"],
                condition=Q(approved__isnull=True, lapsed_at__isnull=True),
                name="decision_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"
