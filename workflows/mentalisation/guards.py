"""When a session may be held, and where the work goes on. Pure answers over facts read from the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from placement.meetings.models import Session, SessionOutcome
from placement.meetings.selectors import standing_baseline
from workflows.kernel.reading import read_once
from workflows.kernel.steps import Condition, Situation, first_unmet


@dataclass(frozen=True)
class SessionFacts:
    """What a session rests on."""

    baseline: int | None
    taken_on: date | None
    focus: str


def session_facts(situation: Situation) -> SessionFacts:
    """Read the baseline that stands."""
    baseline = standing_baseline(situation.family)
    return SessionFacts(
        baseline=baseline.pk if baseline else None,
        taken_on=baseline.taken_on if baseline else None,
        focus=baseline.focus if baseline else "",
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
    return Session.objects.filter(family_id=family_id).order_by("-id").first()


def must_renew_baseline(activation: Any) -> bool:
    """Whether the latest session found that the baseline no longer fits."""
    latest = read_once(activation.process, _latest)
    return latest is not None and latest.outcome == SessionOutcome.RENEW_BASELINE


def agreed_session(process: Any) -> date | None:
    """The day the latest session agreed to meet again, if it did."""
    latest = read_once(process, _latest)
    return latest.next_on if latest else None
