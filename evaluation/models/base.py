"""The base of the tables that stand under the purpose "evaluation"."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from placement.access.policies import IN_EVALUATION


class EvaluationModel(models.Model):
    """Base of the tables of releases: an inner key, an id for addresses, and the policy they stand under."""

    row_policy: ClassVar[str] = IN_EVALUATION

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)

    class Meta:
        abstract = True
