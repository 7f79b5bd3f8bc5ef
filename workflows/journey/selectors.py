"""What the journey's decisions are about, as the one who decides reads it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from placement.clock import danish_day
from placement.families.models import Decision
from workflows.kernel.steps import Situation


def enquiry_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """The enquiry that is assessed."""
    family = situation.family
    return [
        (_("Modtaget"), f"{family.enquired_at:%d.%m.%Y}"),
        (_("Fra"), family.get_source_display()),
        (_("Henvendelsen"), family.enquiry_text),
    ]


def rejection_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """Why the request before this one was rejected, by whom and when; empty when none was."""
    last = Decision.objects.standing().filter(family=situation.family).select_related("decided_by").first()
    if last is None or last.approved is not False or last.decided_at is None:
        return []
    said = _("%(who)s, %(day)s") % {"who": last.decided_by, "day": f"{danish_day(last.decided_at):%d.%m.%Y}"}
    return [(_("Afvist"), f"{said}: {last.reason}"), (_("Formålet var"), last.purpose)]


def decision_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """The request that waits: purpose, duration, who asked, and the child's view it rests on."""
    waiting = (
        Decision.objects.standing()
        .filter(family=situation.family, approved__isnull=True)
        .select_related("requested_by", "child_view__child")
        .first()
    )
    if waiting is None:
        return []
    weeks = _("%(weeks)d uger") % {"weeks": waiting.expected_weeks}
    asked = _("%(who)s, %(day)s") % {"who": waiting.requested_by, "day": f"{waiting.requested_at:%d.%m.%Y}"}
    return [
        (_("Formål"), waiting.purpose),
        (_("Forventet varighed"), weeks),
        (_("Hjemmel"), waiting.legal_basis),
        (_("Ønsket af"), asked),
        (_("Barnets perspektiv"), waiting.child_view.text),
        (_("Vurdering"), situation.family.assessment),
    ]
