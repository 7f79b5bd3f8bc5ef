"""Who is in a family's network: a first name or a relation, whether they want to be contacted, and whether that is safe.

Everybody here is a third party. Nothing of it is exported (`evaluation.variables` refuses to name these tables).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import Family
from placement.meetings.models import Meeting


class NetworkMember(MunicipalityModel):
    """Somebody in the network, the same on every map and at every meeting. No full name, number or address."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="network_members", verbose_name=_("familie")
    )
    label = models.CharField(_("fornavn eller relation"), max_length=60)
    recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("netværksperson")
        verbose_name_plural = _("netværkspersoner")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(label=""), name="network_member_has_label")]
        indexes = [models.Index(fields=["municipality", "family"], name="network_member_by_family")]

    def __str__(self) -> str:
        return f"network member {self.pk}"


class ContactAnswer(models.TextChoices):
    """What a person of the network says to being contacted. The newest answer stands."""

    GIVEN = "given", _("Vil gerne kontaktes")
    DECLINED = "declined", _("Vil ikke kontaktes")
    WITHDRAWN = "withdrawn", _("Har trukket sit ja tilbage")


class HowAsked(models.TextChoices):
    """How the answer was given."""

    TALK = "talk", _("I en samtale")
    PHONE = "phone", _("I telefon")
    WRITTEN = "written", _("Skriftligt")
    THROUGH_PARENTS = "through_parents", _("Gennem forældrene")


class NetworkAnswer(MunicipalityModel):
    """A person's own answer to whether they may be contacted: when, how, and who wrote it down."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    member = models.ForeignKey(
        NetworkMember, on_delete=models.PROTECT, related_name="answers", verbose_name=_("netværksperson")
    )
    answer = models.CharField(_("svar"), max_length=10, choices=ContactAnswer.choices)
    answered_on = models.DateField(_("svaret"))
    how = models.CharField(_("hvordan"), max_length=16, choices=HowAsked.choices)
    recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("svar på kontakt")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(answered_on__lte=F("recorded_at__date")),
                name="network_answer_not_in_future",
            )
        ]

    def __str__(self) -> str:
        return f"network answer {self.pk}"


class SafetyOutcome(models.TextChoices):
    """Whether it is safe for child and parents that this person is invited."""

    SAFE = "safe", _("Kan inviteres")
    CARE = "care", _("Kan inviteres på vilkår")
    NO = "no", _("Må ikke inviteres")


class NetworkSafetyCheck(MunicipalityModel):
    """Before somebody is invited: may there be violence or an honour-related conflict, and what follows from it.

    Barnets lov § 18(3), as we read it: the risk is assessed before the network is involved. The newest check stands.
    """

    privileges: ClassVar[str] = "SELECT, INSERT"

    member = models.ForeignKey(
        NetworkMember, on_delete=models.PROTECT, related_name="checks", verbose_name=_("netværksperson")
    )
    checked_on = models.DateField(_("tjekket"))
    violence_possible = models.BooleanField(_("vold eller æresrelateret konflikt kan være til stede"))
    outcome = models.CharField(_("udfald"), max_length=4, choices=SafetyOutcome.choices)
    reasons = models.TextField(_("hvad vurderingen bygger på"))
    terms = models.TextField(_("vilkår"), blank=True)
    checked_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("vurderet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("sikkerhedstjek")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="network_check_has_reasons"),
            models.CheckConstraint(
                condition=~Q(outcome="care") | ~Q(terms=""), name="network_check_care_has_terms"
            ),
            models.CheckConstraint(
                condition=Q(violence_possible=False) | ~Q(outcome="safe"),
                name="network_check_violence_is_not_safe",
            ),
            models.CheckConstraint(
                # The house's time zone is Denmark's.
                condition=Q(checked_on__lte=F("recorded_at__date")),
                name="network_check_not_in_future",
            ),
        ]

    def __str__(self) -> str:
        return f"network safety check {self.pk}"


class Occasion(models.TextChoices):
    """What somebody is invited to."""

    MEETING = "meeting", _("Netværksmøde")
    CONFERENCE = "conference", _("Familierådslagning")


class NetworkInvitation(MunicipalityModel):
    """Somebody of the network was invited. It names the check and the answer it rests on, and afterwards who came.

    A trigger refuses a row whose check or answer is another person's, is not the newest, or says no; so it does when
    they came. Another one asks that whoever stands among a network meeting's guests was invited to it.
    """

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="network_invitations", verbose_name=_("familie")
    )
    member = models.ForeignKey(
        NetworkMember, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("netværksperson")
    )
    safety = models.ForeignKey(
        NetworkSafetyCheck, on_delete=models.PROTECT, related_name="+", verbose_name=_("sikkerhedstjek")
    )
    contact = models.ForeignKey(
        NetworkAnswer, on_delete=models.PROTECT, related_name="+", verbose_name=_("svar på kontakt")
    )
    occasion = models.CharField(_("hvad er der inviteret til?"), max_length=10, choices=Occasion.choices)
    planned_on = models.DateField(_("mødets dag"))
    #: The family group conference; none for a network meeting.
    about = models.UUIDField(null=True, blank=True, editable=False)
    #: The network meeting, once it has been held.
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("møde")
    )
    came = models.BooleanField(_("kom"), null=True, blank=True)
    invited_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("inviteret af")
    )
    invited_at = models.DateTimeField(_("inviteret"), default=clock.now)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitationer")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "member", "meeting"],
                condition=Q(meeting__isnull=False),
                name="network_invitation_once_a_meeting",
            ),
            models.CheckConstraint(
                condition=~Q(occasion="conference") | Q(about__isnull=False),
                name="network_invitation_names_its_conference",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "family", "-id"], name="network_invitation_by_family")
        ]

    def __str__(self) -> str:
        return f"network invitation {self.pk}"
