"""What the demonstration's families answer is what the instruments take, and frightens nobody by chance."""

from __future__ import annotations

from random import Random

import pytest

from demo.measuring import STANDING, answers_on
from placement.instruments import catalogue
from placement.instruments.scoring import raised, score_items


@pytest.mark.parametrize("instrument", STANDING)
def test_invented_answers_can_be_scored_and_grow_lighter(instrument: str) -> None:
    definition, rng = catalogue.in_use(instrument), Random(7)
    sums = []
    for later in (False, True):
        answered = [
            given for _n in range(60) if not (given := answers_on(instrument, rng, later=later)).empty
        ]
        assert 45 < len(answered) < 60, "some decline, most do not"
        assert not any(raised(definition, given.answers) for given in answered)
        scored = [score_items(definition, given.answers)[0].value for given in answered]
        assert None not in scored
        sums.append(sum(value for value in scored if value is not None) / len(scored))
    before, after = sums
    assert after < before if definition.scales[0].better == "lower" else after > before
