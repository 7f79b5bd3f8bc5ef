"""What a score asks somebody to do: when, whose it is, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from placement import clock
from placement.access.errors import StaleState
from placement.access.roles import Role
from placement.instruments import catalogue
from placement.templatetags.words import danish_date, decimal_comma
from workflows.kernel.steps import Situation
from workflows.measuring.models import Administration, ScoreAction, Urgency
from workflows.measuring.repeating import who_is_near

#: Under this name a process keeps which action it is about.
ACTION = "score_action"


def action_of(process: Any) -> ScoreAction:
    """The action that a process is about."""
    return ScoreAction.objects.select_related("administration__person").get(
        uuid=process.data[ACTION], family=process.family_id
    )


def is_urgent(activation: Any) -> bool:
    """Whether somebody must act the same day."""
    return action_of(activation.process).urgency == Urgency.TODAY


def the_same_day(process: Any) -> date:
    """Due today, whatever the model version says: this is about a person's safety."""
    return clock.today()


def near(process: Any) -> Role:
    """Whom the step waits for first."""
    return who_is_near(process.family)


def name_of(administration: Administration) -> str:
    """What the instrument is called, also when its file is gone."""
    definition = catalogue.find_version(administration.instrument, administration.instrument_version)
    return definition.short if definition else administration.instrument


def score_lines(administration: Administration) -> list[str]:
    """Each score in words: its scale, the number, and the band it lies in."""
    definition = catalogue.find_version(administration.instrument, administration.instrument_version)
    scales = {scale.code: scale for scale in definition.scales} if definition else {}
    lines = []
    for score in administration.scores.all():
        scale = scales.get(score.scale)
        title = str(scale.title) if scale else score.scale
        if score.value is None:
            lines.append(_("%(scale)s: ingen score") % {"scale": title})
            continue
        band = scale.band_of(score.value) if scale else None
        said = f"{title}: {decimal_comma(score.value)}"
        lines.append(f"{said} ({band.title})" if band else said)
        # What somebody is asked to look at says so itself; this is only told.
        lines += [
            str(cut_off.title)
            for cut_off in (scale.cut_offs if scale else ())
            if cut_off.code in score.crossed and not cut_off.task
        ]
    return lines


def action_brief(situation: Situation) -> list[tuple[Any, Any]]:
    """What was measured, about whom, when, and what asks to be looked at."""
    action = action_of(situation.process)
    made = action.administration
    return [
        (_("Hvad der bedes om"), action.asked),
        (_("Måling"), f"{name_of(made)}, {made.person}, {danish_date(made.answered_on)}"),
        (_("Scorer"), "\n".join(score_lines(made))),
    ]


def act(situation: Situation, answer: Mapping[str, Any]) -> None:
    """Write down what was done. Raises StaleState when it has been done already."""
    done = ScoreAction.objects.filter(pk=action_of(situation.process).pk, done_at__isnull=True).update(
        taken=answer["taken"],
        text=answer["text"].strip(),
        done_by=situation.actor.staff,
        done_at=situation.now,
    )
    if not done:
        raise StaleState(_("Der er allerede handlet på scoren. Genindlæs siden."))
