"""Scoring: answers in, scores out. Pure; what it says is what the definition says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from placement.access.errors import Refused
from placement.instruments.definition import Alert, Band, CutOff, Definition, Method, Scale

#: Of the rules in this module; stored with each score. A rule that is changed gets another number.
SCORING_VERSION = "1"

#: Scores are kept with two decimals.
EXACT = Decimal("0.01")


class NotRelevant:
    """The answer "not relevant" to an item that may be answered so."""

    def __repr__(self) -> str:
        return "not relevant"


NOT_RELEVANT: Final = NotRelevant()

#: The answers to the items by number; an item that was not answered is left out.
Answers = Mapping[int, "int | NotRelevant"]


@dataclass(frozen=True)
class Score:
    """One scale's score; None when too much was missing. ``crossed``: the cut-offs that ask somebody to look."""

    scale: Scale
    value: Decimal | None
    band: Band | None = None
    crossed: tuple[CutOff, ...] = ()


def points(definition: Definition, item: int, answer: int | NotRelevant) -> int:
    """What one answer counts.

    Raises Refused: ``answer-unknown-item`` for an item that is not there, ``answer-outside-scale`` for an answer
    that is not on the item's scale, or "not relevant" where it may not be said.
    """
    items = definition.items
    if items is None or item not in items.numbers:
        raise Refused(_("Redskabet har ikke det spørgsmål."), type="answer-unknown-item")
    if isinstance(answer, NotRelevant):
        if item not in items.not_relevant:
            raise Refused(
                _("Spørgsmål %(item)d kan ikke besvares med “ikke relevant”.") % {"item": item},
                type="answer-outside-scale",
            )
        return items.not_relevant[item]
    low, high = items.ends_of(item)
    if not low <= answer <= high:
        raise Refused(
            _("Svaret på spørgsmål %(item)d skal ligge fra %(low)d til %(high)d. Ret det.")
            % {"item": item, "low": low, "high": high},
            type="answer-outside-scale",
        )
    return low + high - answer if item in items.reversed else answer


def score_items(definition: Definition, answers: Answers, *, months: int | None = None) -> tuple[Score, ...]:
    """Every scale's score of item by item answers; ``months``: the child's age, for cut-offs that depend on it.

    Raises the refusals of `points`.
    """
    counted = {item: points(definition, item, answer) for item, answer in answers.items()}
    values: dict[str, Decimal | None] = {
        scale.code: _of_items(scale, counted)
        for scale in definition.scales
        if scale.method is not Method.SCALES
    }
    return _judged(definition, values, months)


def score_totals(
    definition: Definition, totals: Mapping[str, Decimal], *, months: int | None = None
) -> tuple[Score, ...]:
    """Every scale's score, of scores that were reckoned elsewhere, by the scale's code.

    Raises Refused: ``score-unknown-scale``, ``outside-scale``.
    """
    given = {scale.code: scale for scale in definition.scales if scale.method is Method.GIVEN}
    for code, total in totals.items():
        if code not in given:
            raise Refused(_("Redskabet har ikke den skala."), type="score-unknown-scale")
        low, high = given[code].lowest, given[code].highest
        if not (total.is_finite() and low <= total <= high):
            raise Refused(
                _("%(scale)s skal ligge fra %(low)s til %(high)s. Ret den.")
                % {"scale": given[code].title, "low": f"{low:f}", "high": f"{high:f}"},
                type="outside-scale",
            )
    return _judged(definition, {code: totals.get(code) for code in given}, months)


def raised(definition: Definition, answers: Answers) -> tuple[Alert, ...]:
    """The alerts that the answers raise: an item, not the sum, asks for somebody the same day."""
    return tuple(
        alert
        for alert in definition.alerts
        if alert.item in answers and points(definition, alert.item, answers[alert.item]) >= alert.at_least
    )


def _of_items(scale: Scale, counted: Mapping[int, int]) -> Decimal | None:
    here = [counted[item] for item in scale.items if item in counted]
    if len(scale.items) - len(here) > scale.may_miss or not here:
        return None
    if scale.split_at is not None:
        here = [int(point >= scale.split_at) for point in here]
    mean = Decimal(sum(here)) / len(here)
    whole = mean if scale.method is Method.MEAN else mean * len(scale.items)
    return (whole * scale.times).quantize(EXACT, rounding=ROUND_HALF_UP)


def _judged(
    definition: Definition, values: Mapping[str, Decimal | None], months: int | None
) -> tuple[Score, ...]:
    return tuple(_score(scale, _value(scale, values), months) for scale in definition.scales)


def _value(scale: Scale, values: Mapping[str, Decimal | None]) -> Decimal | None:
    if scale.method is not Method.SCALES:
        return values[scale.code]
    parts = [part for code in scale.of if (part := values[code]) is not None]
    return sum(parts, Decimal(0)) if len(parts) == len(scale.of) else None


def _score(scale: Scale, value: Decimal | None, months: int | None) -> Score:
    if value is None:
        return Score(scale, None)
    crossed = tuple(cut_off for cut_off in scale.cut_offs if cut_off.crossed(value, months))
    return Score(scale, value, scale.band_of(value), crossed)


def changed(scale: Scale, before: Decimal, now: Decimal) -> bool | None:
    """Whether two scores differ by more than chance; None where nobody knows how much that is."""
    return None if scale.reliable_change is None else abs(now - before) >= scale.reliable_change
