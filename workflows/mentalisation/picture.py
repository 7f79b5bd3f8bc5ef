"""A family's mentalising work put together for the page and the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from placement import clock
from placement.families.models import Family
from placement.meetings.focus import formulations
from placement.meetings.models import FocusFormulation, MentalisationBaseline, Session, SessionStatus
from placement.progression.codes import MissingReason
from workflows.kernel.models import Process
from workflows.kernel.processes import journey_of
from workflows.kernel.steps import model_of
from workflows.measuring.acting import score_lines
from workflows.mentalisation.drawing import month_name, months_picture
from workflows.mentalisation.fidelity import Fidelity, PointScores, fidelity_of
from workflows.mentalisation.guards import renewal_due
from workflows.model_versions.content import Model

#: Sessions and baselines on the page; the others are in the family's history.
SHOWN = 20
BASELINES_SHOWN = 6


def model_for(journey: Process | None) -> Model | None:
    return model_of(journey) if journey is not None and journey.model_version else None


def sessions_of(family: Family) -> list[Session]:
    """Every session, newest first, with who took part and who held it."""
    written = Session.objects.filter(family=family).select_related("held_by")
    return list(written.prefetch_related("participants__person").order_by("-held_on", "-id"))


def mentalisation_picture(family: Family) -> dict[str, Any]:
    """The context of templates/mentalisation/family.html, besides the frame. As many queries whatever is written."""
    model = model_for(journey_of(family.pk))
    sessions, versions = sessions_of(family), list(formulations(family))
    taken = MentalisationBaseline.objects.filter(family=family).select_related("taken_by", "measurement")
    baselines = list(taken.prefetch_related("parents__person").order_by("-taken_on", "-id")[:BASELINES_SHOWN])
    facts = fidelity_of(family, model, sessions)
    due = renewal_due(model, baselines[0].taken_on) if model and baselines else None
    return {
        "focus": [_focus(one) for one in versions],
        "baselines": [_baseline(one) for one in baselines],
        "renewal": due,
        "renewal_late": due is not None and clock.today() > due,
        "sessions": [session_line(one, model) for one in sessions[:SHOWN]],
        "planned": planned(sessions),
        "svg": months_picture(facts.months),
        "months": [
            {
                "name": month_name(month),
                "individual": month.individual,
                "parent_child": month.parent_child,
                "video_feedback": month.video_feedback,
                "not_held": month.not_held,
            }
            for month in facts.months
        ],
        "staffing": staffing_line(facts, model),
        "staffing_source": model.mentalisation.source if model else "",
        "unsupervised": facts.staffing.held > facts.staffing.trained,
        "prfq": [_point(point) for point in facts.prfq],
    }


def planned(sessions: list[Session]) -> dict[str, Any] | None:
    """The session that was agreed on at the last one, when none was written since; newest first in ``sessions``."""
    if not sessions or sessions[0].next_on is None:
        return None
    last = sessions[0]
    return {
        "on": last.next_on,
        "kind": str(last.get_next_kind_display()) if last.next_kind else "",
        "late": last.next_on is not None and last.next_on < clock.today(),
    }


def session_line(one: Session, model: Model | None) -> dict[str, Any]:
    """A session as lists show it: its status, never what was filmed."""
    titles = {kind.code: kind.title for kind in model.staff.training_kinds} if model else {}
    held = one.status == SessionStatus.HELD
    return {
        "on": one.held_on,
        "kind": str(one.get_kind_display()),
        "mark": "yes" if held else "no",
        "word": str(one.get_status_display()),
        "who": str(one.held_by),
        "participants": ", ".join(str(part.person) for part in one.participants.all()),
        "focus": one.focus,
        "reason": one.reason,
        "untrained": ", ".join(str(titles.get(kind, kind)) for kind in one.untrained),
    }


def staffing_line(facts: Fidelity, model: Model | None) -> str:
    """How many of the sessions were held by somebody trained and supervised; '' where nothing is asked or held."""
    if model is None or not model.mentalisation.training or not facts.staffing.held:
        return ""
    return _("%(trained)d af %(held)d samtaler er holdt med gældende uddannelse og supervision.") % {
        "trained": facts.staffing.trained,
        "held": facts.staffing.held,
    }


def _focus(one: FocusFormulation) -> dict[str, Any]:
    return {
        "version": one.version,
        "on": one.made_on,
        "understand": one.understand,
        "parents_words": one.parents_words,
        "together_with": ", ".join(str(part.person) for part in one.participants.all()),
        "reason": one.reason,
        "who": str(one.written_by),
    }


def _baseline(one: MentalisationBaseline) -> dict[str, Any]:
    return {
        "on": one.taken_on,
        "who": str(one.taken_by),
        "strengths": one.strengths,
        "focus": one.focus,
        "score": one.measurement.score if one.measurement else None,
        "parents": [
            {"name": str(parent.person), "strengths": parent.strengths, "focus": parent.focus}
            for parent in one.parents.all()
        ],
    }


def _point(point: PointScores) -> dict[str, Any]:
    lines = [
        {
            "person": str(made.person),
            "on": made.answered_on,
            "scores": score_lines(made) if not made.missing_reason else [],
            "missing": str(MissingReason(made.missing_reason).label) if made.missing_reason else "",
        }
        for made in point.made
    ]
    nothing = ""
    if not lines:
        nothing = _("Ikke målt.") if point.due else _("Kommer.")
        if not point.asked:
            nothing = _("Modellen beder ikke om PRFQ her.")
    return {"name": point.name, "title": point.title, "lines": lines, "nothing": nothing}
