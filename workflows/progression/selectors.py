"""What the steps of progression show about the goals before somebody answers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from placement.progression.codes import Trend
from placement.progression.models import FollowUp
from placement.progression.selectors import earlier_scores
from placement.templatetags.words import danish_date, decimal_comma
from workflows.kernel.steps import Situation
from workflows.progression.guards import latest_follow_up

#: How many of a goal's levels are shown, the newest last.
LEVELS_SHOWN = 4


def setback_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """The negative trend of the latest follow-up, as a whole and goal by goal; empty when it shows none."""
    latest = latest_follow_up(situation.family.pk)
    if latest is None or latest.trend != Trend.NEGATIVE:
        return []
    brief: list[tuple[Any, Any]] = [(_("Tendens"), trend_line(latest)), (_("Mål for mål"), _levels(latest))]
    answer = latest.setback_answers.first()
    if answer is not None:
        brief.append((answer.get_choice_display(), answer.reason))
    return brief


def trend_line(follow_up: FollowUp) -> str:
    """The trend of one follow-up in a sentence; '' for one that was never judged."""
    word = follow_up.get_trend_display()
    if not word or follow_up.t_before is None:
        return word
    return _("%(trend)s, T-score %(before)s → %(now)s den %(day)s") % {
        "trend": word,
        "before": decimal_comma(follow_up.t_before),
        "now": decimal_comma(follow_up.t_now),
        "day": danish_date(follow_up.held_on),
    }


def _levels(follow_up: FollowUp) -> str:
    goals = [rating.goal for rating in follow_up.ratings.select_related("goal")]
    scores = earlier_scores(goals, until=follow_up.held_on)
    return "\n".join(
        f"{goal.title}: {' → '.join(signed(score) for score in scores[goal.pk][-LEVELS_SHOWN:])}"
        for goal in goals
    )


def signed(score: int) -> str:
    """A level as it is written: −2, 0, +1."""
    return f"{score:+d}".replace("-", "−") if score else "0"
