"""When a session may be held, and where the work goes on. Pure answers over facts read from the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.meetings.models import MentalisationBaseline, Session, SessionOutcome
from placement.meetings.selectors import standing_baseline
from workflows.kernel.reading import read_once
from workflows.kernel.steps import Condition, Situation, first_unmet, model_of
from workflows.model_versions.content import Model


@dataclass(frozen=True)
class SessionFacts:
    """What a session rests on."""

    baseline: int | None
    taken_on: date | None
    focus: str


def session_facts(situation: Situation) -> SessionFacts:
    """Read the baseline that stands, and the focus that was worded with the parents: it goes before the baseline's."""
    baseline = standing_baseline(situation.family)
    worded = getattr(baseline, "worded_focus", None)
    return SessionFacts(
        baseline=baseline.pk if baseline else None,
        taken_on=baseline.taken_on if baseline else None,
        focus=worded or (baseline.focus if baseline else ""),
    )


def session_conditions(facts: SessionFacts) -> tuple[Condition, ...]:
    """There is a baseline to work from."""
    return (
        Condition(
            code="baseline",
            title=_("Udgangspunktet er skrevet"),
            met=facts.baseline is not None,
            evidence=f"{facts.taken_on:%d.%m.%Y}: {facts.focus}" if facts.taken_on else "",
            reason=_("Udgangspunktet mangler. Skriv det, før samtalerne begynder."),
        ),
    )


def may_hold_session(facts: SessionFacts, answer: Mapping[str, Any]) -> str | None:
    """Sessions build on a baseline."""
    return first_unmet(session_conditions(facts))


def _latest(family_id: int) -> Session | None:
    # The one written last: two sessions may be written down in another order than they were held.
    taken = MentalisationBaseline.objects.filter(family=OuterRef("family")).order_by("-taken_on", "-id")
    sessions = Session.objects.filter(family_id=family_id).order_by("-id")
    return sessions.annotate(baseline_on=Subquery(taken.values("taken_on")[:1])).first()


def renewal_due(model: Model, taken_on: date | None) -> date | None:
    """From which day the baseline is to be taken anew, by the model version's interval; None when it has none."""
    interval = model.cadence_days.get("mentalisation_baseline")
    return None if interval is None or taken_on is None else taken_on + timedelta(days=interval)


def must_renew_baseline(activation: Any) -> bool:
    """Whether the latest session found that the baseline no longer fits, or it is as old as the model lets it be."""
    latest = read_once(activation.process, _latest)
    if latest is None:
        return False
    due = renewal_due(model_of(activation.process), getattr(latest, "baseline_on", None))
    return latest.outcome == SessionOutcome.RENEW_BASELINE or (due is not None and clock.today() >= due)


def agreed_session(process: Any) -> date | None:
    """The day the latest session agreed to meet again, if it did."""
    latest = read_once(process, _latest)
    return latest.next_on if latest else None
