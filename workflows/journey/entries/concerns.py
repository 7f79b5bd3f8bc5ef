"""How notifications of concern are told: that they came and how they were met, never in their words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from workflows.journey.entries.base import Source, Told, said
from workflows.kernel.models import Element
from workflows.screening.models import Concern, ConcernAssessment


def _concern(row: Concern) -> Told:
    """That it came, and how urgent; its words are not everybody's who sees the family."""
    return Told(
        _("Underretning modtaget"),
        str(row.registered_by),
        lines=said(row, "acute"),
        element=Element.SCREENING.value,
    )


def _concern_assessed(row: ConcernAssessment) -> Told:
    return Told(
        str(row.get_turn_display()),
        str(row.assessed_by),
        lines=said(row, "outcome"),
        element=Element.SCREENING.value,
    )


def _concern_closed(row: Concern) -> Told:
    return Told(_("Underretning afsluttet"), str(row.closed_by), element=Element.SCREENING.value)


CONCERNS: tuple[Source, ...] = (
    Source(
        "concern_received",
        lambda f: Concern.objects.filter(family=f).select_related("registered_by"),
        "received_at",
        _concern,
    ),
    Source(
        "concern_assessed",
        lambda f: ConcernAssessment.objects.filter(concern__family=f).select_related("assessed_by"),
        "assessed_at",
        _concern_assessed,
    ),
    Source(
        "concern_closed",
        lambda f: Concern.objects.filter(family=f, closed_at__isnull=False).select_related("closed_by"),
        "closed_at",
        _concern_closed,
    ),
)
