"""Model versions: the model is still being developed, so each family keeps the version it started on."""

from __future__ import annotations

from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.model_versions.content import Model, parse


class ModelVersion(models.Model):
    """One version of the model, as data. Reference data: no family in it."""

    code = models.CharField(_("version"), max_length=20, unique=True)
    title = models.CharField(_("titel"), max_length=120)
    in_force_from = models.DateField(_("gælder fra"))
    in_force = models.BooleanField(_("gælder"), default=True)
    content = models.JSONField(_("indhold"))

    class Meta:
        verbose_name = _("modelversion")
        ordering = ["-in_force_from", "-id"]

    def __str__(self) -> str:
        return self.code

    @cached_property
    def model(self) -> Model:
        """The content, typed."""
        return parse(self.content)
