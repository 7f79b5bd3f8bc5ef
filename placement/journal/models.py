"""What staff write about a family: notes that are kept for good, and drafts while they are being typed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.families.models import ChildView, Family
from placement.journal.codes import NoteKind, WordList
from placement.journal.log_models import LogWord, ParentsReading  # noqa: F401
from placement.journal.querysets import DraftQuerySet, NoteQuerySet
from placement.progression.codes import Element
from placement.progression.models import Measurement


class Note(MunicipalityModel):
    """One version of one note. It is never changed: a correction is a new version that says why.

    A note that was taken back is a version too, without words (``withdrawn``). Tags are codes of the log's words;
    ``tag_titles`` is how they read to whoever wrote, whatever they are called later.
    """

    privileges: ClassVar[str] = "SELECT, INSERT"

    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="notes", verbose_name=_("familie")
    )
    kind = models.CharField(_("type"), max_length=12, choices=NoteKind.choices)
    text = models.TextField(_("tekst"), blank=True)
    element = models.CharField(_("kerneelement"), max_length=16, choices=Element.choices, blank=True)
    situations = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("situation")
    )
    themes = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("tema"))
    tag_titles = models.JSONField(default=dict, blank=True)
    measurement = models.ForeignKey(
        Measurement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name=_("score"),
    )
    happened_at = models.DateTimeField(_("hvornår det skete"))
    author = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    recorded_at = models.DateTimeField(_("skrevet"), default=clock.now)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("retter"),
    )
    reason = models.TextField(_("hvorfor det er rettet"), blank=True)
    withdrawn = models.BooleanField(_("taget tilbage"), default=False)
    week_starts = models.DateField(_("ugen fra"), null=True, blank=True)
    submit_token = models.UUIDField(null=True, blank=True, editable=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("notat")
        verbose_name_plural = _("notater")
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(measurement__isnull=False) | Q(withdrawn=True),
                name="note_has_text_or_score",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(replaces__isnull=False, text="", situations=[], themes=[]),
                name="note_withdrawn_has_no_words",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, version=1, reason="")
                | (Q(replaces__isnull=False, version__gt=1) & ~Q(reason="")),
                name="note_corrected_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind="weekly", week_starts__iso_week_day=1, measurement__isnull=True)
                | (~Q(kind="weekly") & Q(week_starts__isnull=True)),
                name="note_weekly_names_its_monday",
            ),
            models.UniqueConstraint(
                fields=["municipality", "family", "week_starts"],
                condition=Q(replaces__isnull=True, week_starts__isnull=False),
                name="note_one_summary_a_week",
            ),
            models.UniqueConstraint(
                fields=["municipality", "replaces"],
                condition=Q(replaces__isnull=False),
                name="note_replaced_once",
            ),
            models.UniqueConstraint(
                fields=["municipality", "author", "submit_token"],
                condition=Q(submit_token__isnull=False),
                name="note_once_per_submission",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "family", "-happened_at"], name="note_by_family")]

    def __str__(self) -> str:
        return f"note {self.pk}"

    def tag_lines(self) -> list[tuple[str, str]]:
        """Its tags under the name of their list, as they read when the note was written."""
        said = []
        for of, codes in ((WordList.SITUATION, self.situations), (WordList.THEME, self.themes)):
            if codes:
                said.append((str(of.label), ", ".join(self.tag_titles.get(code, code) for code in codes)))
        return said


class NoteSource(MunicipalityModel):
    """One note, or one child's view, that a weekly summary was made of: the version that was read."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    summary = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="sources")
    note = models.ForeignKey(
        Note, on_delete=models.PROTECT, null=True, blank=True, related_name="summed_up_in"
    )
    child_view = models.ForeignKey(
        ChildView, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("kilde til ugeresumé")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "summary", "note"], name="note_source_note_once"),
            models.UniqueConstraint(
                fields=["municipality", "summary", "child_view"], name="note_source_view_once"
            ),
            models.CheckConstraint(
                condition=Q(note__isnull=False, child_view__isnull=True)
                | Q(note__isnull=True, child_view__isnull=False),
                name="note_source_is_one",
            ),
        ]

    def __str__(self) -> str:
        return f"source {self.pk}"


#: The names under which forms keep drafts; a correction adds its note, a summary its week (and a step has its task's).
LOG_FORM = "log"
WEEKLY_FORM = "weekly:"
CORRECTION = "note-correct:"
CHILD_VIEW_FORM = "child-view"
CONCERN_FORM = "concern"


class Draft(MunicipalityModel):
    """What is being typed in one opened form, known by the form's submit token.

    Autosave and submit change the same row, so the database orders them. It is not written to the trail: each
    autosave would be a line there, and the text arrives in the trail when it becomes a note.
    """

    trailed: ClassVar[bool] = False

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+", verbose_name=_("familie"))
    staff = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("medarbejder")
    )
    submit_token = models.UUIDField(editable=False)
    form = models.CharField(_("formular"), max_length=60)
    data = models.JSONField(_("indhold"), default=dict, blank=True)
    rev = models.PositiveIntegerField(_("udgave"), default=0)
    # Which opened page wrote it last: the same form may stand open on a phone and on a desk.
    page = models.UUIDField(null=True, blank=True, editable=False)
    updated = models.DateTimeField(_("gemt"), default=clock.now)
    submitted = models.DateTimeField(_("sendt"), null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("kladde")
        verbose_name_plural = _("kladder")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "staff", "submit_token"], name="draft_one_per_form"
            ),
            models.CheckConstraint(
                condition=Q(submitted__isnull=True) | Q(data={}), name="draft_submitted_is_empty"
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "staff", "-updated"],
                condition=Q(submitted__isnull=True),
                name="draft_open_by_person",
            )
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
