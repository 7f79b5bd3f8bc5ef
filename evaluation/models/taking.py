"""Taking a release home: links, and who took what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluation.models.base import EvaluationModel
from evaluation.models.releases import Release
from placement.access.models import Staff


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
