"""How answers on instruments, and what somebody did about a score, are told on a family's history."""

from __future__ import annotations

from django.utils.translation import gettext as _

from workflows.journey.entries.base import Source, Told, said
from workflows.kernel.models import Element
from workflows.measuring.acting import name_of, score_lines
from workflows.measuring.models import Administration, ScoreAction


def _administration(made: Administration) -> Told:
    return Told(
        name_of(made),
        str(made.recorded_by),
        "" if made.missing_reason else "\n".join(score_lines(made)),
        said(made, "person", "missing_reason", "respondent", "language", "repeat_by", "reason"),
        Element.PROGRESSION.value,
        corrected=bool(made.reason),
    )


def _score_action(action: ScoreAction) -> Told:
    return Told(
        _("Handling på en score"),
        str(action.done_by),
        action.text,
        said(action, "asked", "taken"),
        Element.PROGRESSION.value,
    )


MEASURED: tuple[Source, ...] = (
    Source(
        "administration",
        lambda f: (
            Administration.objects.filter(family=f, replaced_by__isnull=True)
            .select_related("recorded_by", "person")
            .prefetch_related("scores")
        ),
        "answered_on",
        _administration,
    ),
    Source(
        "score_action",
        lambda f: ScoreAction.objects.filter(family=f, done_at__isnull=False).select_related("done_by"),
        "done_at",
        _score_action,
    ),
)
