"""What a municipality has chosen for its log: its own words, and what parents may read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import MunicipalityModel, Staff
from placement.journal.codes import NoteKind, WordList


class LogWord(MunicipalityModel):
    """A tag or a template in the municipality's words: one of its own, or one of the standard's said otherwise."""

    list = models.CharField(_("liste"), max_length=10, choices=WordList.choices)
    code = models.SlugField(_("kode"), max_length=40)
    title = models.CharField(_("navn"), max_length=60)
    text = models.TextField(_("tekst"), blank=True)
    kind = models.CharField(_("type"), max_length=12, choices=NoteKind.written_choices(), blank=True)
    retired = models.BooleanField(_("bruges ikke mere"), default=False)
    written_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("skrevet"), default=clock.now)

    class Meta:
        verbose_name = _("ord i loggen")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "list", "code"], name="log_word_once"),
            models.CheckConstraint(
                condition=(Q(list="template") & ~Q(text="") & ~Q(kind=""))
                | (~Q(list="template") & Q(text="", kind="")),
                name="log_word_template_has_text",
            ),
        ]

    def __str__(self) -> str:
        return f"log word {self.pk}"


class ParentsReading(MunicipalityModel):
    """From a moment on: whether parents may read a kind of note. The next decision follows; none is changed."""

    privileges: ClassVar[str] = "SELECT, INSERT"

    kind = models.CharField(_("type"), max_length=12, choices=NoteKind.choices)
    allowed = models.BooleanField(_("må læses af forældrene"))
    reason = models.TextField(_("begrundelse"))
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("besluttet"), default=clock.now)

    class Meta:
        verbose_name = _("beslutning om forældres læsning")
        ordering = ["decided_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="draft", allowed=True), name="parents_reading_never_drafts"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="parents_reading_with_reason"),
        ]

    def __str__(self) -> str:
        return f"parents' reading {self.pk}"
