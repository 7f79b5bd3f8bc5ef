"""Mentalising sessions, and the baseline they start from."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.access.no_video import MEDIA
from placement.families.models import Family, Person
from placement.progression.models import Measurement


class SessionOutcome(models.TextChoices):
    """What a mentalising session leads to."""

    NEXT_SESSION = "next_session", _("Næste samtale")
    RENEW_BASELINE = "renew_baseline", _("Udgangspunktet skal laves om")


class SessionKind(models.TextChoices):
    """How a mentalising session is held."""

    INDIVIDUAL = "individual", _("Samtale med forælder")
    PARENT_CHILD = "parent_child", _("Samspil mellem forælder og barn")
    VIDEO_FEEDBACK = "video_feedback", _("Videofeedback")


class SessionStatus(models.TextChoices):
    """What became of a session that was planned. Of a video feedback it is all that is known here."""

    HELD = "held", _("Holdt")
    DECLINED = "declined", _("Forældrene sagde nej")
    NOT_POSSIBLE = "not_possible", _("Kunne ikke holdes")


class Session(MunicipalityModel):
    """One mentalising session with a parent, or with parent and child: held, or not and why. Never a video.

    ``next_on`` and ``next_kind``: the session that is planned after it.
    """

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("familie")
    )
    kind = models.CharField(_("form"), max_length=16, choices=SessionKind.choices)
    status = models.CharField(
        _("status"), max_length=12, choices=SessionStatus.choices, default=SessionStatus.HELD
    )
    held_on = models.DateField(_("holdt"))
    reason = models.CharField(_("hvorfor ikke"), max_length=300, blank=True)
    focus = models.CharField(_("fokus"), max_length=200, blank=True)
    summary = models.TextField(_("hvad der skete"), blank=True)
    next_on = models.DateField(_("næste gang"), null=True, blank=True)
    next_kind = models.CharField(
        _("næste gangs form"), max_length=16, choices=SessionKind.choices, blank=True
    )
    outcome = models.CharField(
        _("fører til"), max_length=16, choices=SessionOutcome.choices, default=SessionOutcome.NEXT_SESSION
    )
    #: Kinds of training or supervision that whoever held it ought to have had that day, and had not.
    untrained = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("manglede uddannelse")
    )
    held_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("holdt af"))
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("mentaliserende samtale")
        verbose_name_plural = _("mentaliserende samtaler")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(next_on__gt=F("held_on")), name="session_next_is_later"
            ),
            models.CheckConstraint(condition=~Q(focus="") | ~Q(status="held"), name="session_has_focus"),
            models.CheckConstraint(
                condition=Q(status="held") | ~Q(reason=""), name="session_not_held_says_why"
            ),
            models.CheckConstraint(
                condition=~(Q(focus__iregex=MEDIA) | Q(summary__iregex=MEDIA) | Q(reason__iregex=MEDIA)),
                name="session_without_video",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-held_on"], name="session_by_family")]

    def __str__(self) -> str:
        return f"session {self.pk}"


class SessionParticipant(MunicipalityModel):
    """One of the family who took part in a session."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="participants", verbose_name=_("samtale")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem"))

    class Meta:
        verbose_name = _("deltager i en mentaliserende samtale")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "session", "person"], name="session_participant_once"
            )
        ]

    def __str__(self) -> str:
        return f"participant {self.pk}"


class MentalisationBaseline(MunicipalityModel):
    """Where the parents stand when the work begins: what they can already, and what to work on first."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="mentalisation_baselines", verbose_name=_("familie")
    )
    taken_on = models.DateField(_("lavet"))
    strengths = models.TextField(_("det kan forældrene"))
    focus = models.TextField(_("det arbejder vi med først"))
    measurement = models.ForeignKey(
        Measurement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("score"),
    )
    taken_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("lavet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("udgangspunkt for mentalisering")
        verbose_name_plural = _("udgangspunkter for mentalisering")
        ordering = ["-taken_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(strengths="") & ~Q(focus=""), name="baseline_says_something")
        ]

    def __str__(self) -> str:
        return f"baseline {self.pk}"


class ParentBaseline(MunicipalityModel):
    """Where one parent stands in a baseline of the family: what they can already, and what to work on with them."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    baseline = models.ForeignKey(
        MentalisationBaseline,
        on_delete=models.PROTECT,
        related_name="parents",
        verbose_name=_("udgangspunkt"),
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("forælder"))
    strengths = models.TextField(_("det kan forælderen"), blank=True)
    focus = models.TextField(_("det arbejder vi med"), blank=True)

    class Meta:
        verbose_name = _("en forælders udgangspunkt")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "baseline", "person"], name="parent_baseline_once"
            ),
            models.CheckConstraint(
                condition=~Q(strengths="", focus=""), name="parent_baseline_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"parent baseline {self.pk}"


class FocusFormulation(MunicipalityModel):
    """What staff and parents try to understand together, in words they share, and in the parents' own. In versions.

    The highest version stands; the earlier ones stay to be read.
    """

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="focus_formulations", verbose_name=_("familie")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    made_on = models.DateField(_("formuleret"))
    understand = models.TextField(_("det prøver vi at forstå"))
    parents_words = models.TextField(_("med forældrenes ord"))
    reason = models.TextField(_("hvorfor den er ændret"), blank=True)
    written_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("fokusformulering")
        verbose_name_plural = _("fokusformuleringer")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "family", "version"], name="focus_version_once"),
            models.CheckConstraint(
                condition=~Q(understand="") & ~Q(parents_words=""), name="focus_says_something"
            ),
            models.CheckConstraint(
                condition=Q(version=1, reason="") | (Q(version__gt=1) & ~Q(reason="")),
                name="focus_changed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(made_on__lte=F("recorded_at__date")), name="focus_not_in_future"
            ),
            models.CheckConstraint(
                condition=~(Q(understand__iregex=MEDIA) | Q(parents_words__iregex=MEDIA)),
                name="focus_without_video",
            ),
        ]

    def __str__(self) -> str:
        return f"focus formulation {self.pk}"


class FocusParticipant(MunicipalityModel):
    """One of the family who took part in wording the focus."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    formulation = models.ForeignKey(
        FocusFormulation, on_delete=models.PROTECT, related_name="participants", verbose_name=_("fokus")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem"))

    class Meta:
        verbose_name = _("fokus formuleret sammen med")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "formulation", "person"], name="focus_participant_once"
            )
        ]

    def __str__(self) -> str:
        return f"focus participant {self.pk}"
