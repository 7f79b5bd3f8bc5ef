"""The datasets that can be asked for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DatasetName(models.TextChoices):
    """Each is one view of the evaluation schema. Values appear in the API and as file names."""

    REGISTRATION = "registration", _("Registreringsskema (en række pr. familie)")
    MEASUREMENTS = "measurements", _("Målinger (en række pr. måling)")
    EXIT_STEPS = "exit_steps", _("Udslusningstrin (en række pr. trin)")
