"""Scoring: examples reckoned by hand from the published rules, and what must hold for any answers at all."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from placement.access.errors import Refused
from placement.instruments import catalogue
from placement.instruments.ages import age_in_months, completed_months, fits
from placement.instruments.definition import Better, Definition, Entry, Method, Scale, Window
from placement.instruments.scoring import (
    NOT_RELEVANT,
    changed,
    points,
    raised,
    score_items,
    score_totals,
)

#: How long an example takes says nothing here but how busy the computer is.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

ITEM_FORMS = [one for one in catalogue.current() if one.entry is Entry.ITEMS]
TOTAL_FORMS = [one for one in catalogue.current() if one.entry is Entry.TOTALS]


def numbered(*answers):
    return dict(enumerate(answers, start=1))


def scores(instrument, answers, months=None):
    return {s.scale.code: s.value for s in score_items(catalogue.in_use(instrument), answers, months=months)}


def crossed(instrument, answers):
    found = score_items(catalogue.in_use(instrument), answers)
    return {cut_off.code for score in found for cut_off in score.crossed}


#: Each shipped definition on its own, so that none is left to chance.
each_form = pytest.mark.parametrize("definition", ITEM_FORMS, ids=lambda one: one.id)
each_total = pytest.mark.parametrize("definition", TOTAL_FORMS, ids=lambda one: one.id)
each = pytest.mark.parametrize("definition", [*ITEM_FORMS, *TOTAL_FORMS], ids=lambda one: one.id)


def filled_in(draw: Any, definition: Definition) -> dict[int, int]:
    """An answer to every item."""
    assert definition.items is not None
    return {item: draw(st.integers(*definition.items.ends_of(item))) for item in definition.items.numbers}


def by_items(definition: Definition) -> list[Scale]:
    return [scale for scale in definition.scales if scale.method in (Method.SUM, Method.MEAN)]


# Reckoned by hand


def test_epds_turns_seven_of_its_items_round():
    # Cox 1987: 1, 2 and 4 count as they stand from the top, the other seven from the bottom.
    assert scores("epds", numbered(*[0] * 10)) == {"total": 21, "anxiety": 6}
    assert scores("epds", numbered(0, 0, 3, 0, 3, 3, 3, 3, 3, 3)) == {"total": 0, "anxiety": 0}
    assert scores("epds", numbered(3, 3, 0, 3, 0, 0, 0, 0, 0, 0)) == {"total": 30, "anxiety": 9}
    assert scores("epds", numbered(1, 1, 2, 1, 2, 2, 2, 2, 2, 2)) == {"total": 10, "anxiety": 3}


def test_epds_asks_from_eleven_and_its_anxiety_items_from_five():
    ten, eleven = numbered(1, 1, 2, 1, 2, 2, 2, 2, 2, 2), numbered(2, 1, 2, 1, 2, 2, 2, 2, 2, 2)
    assert (crossed("epds", ten), crossed("epds", eleven)) == (set(), {"depression"})
    anxious = numbered(0, 0, 1, 2, 2, 3, 3, 3, 3, 3)
    assert scores("epds", anxious) == {"total": 5, "anxiety": 5}
    assert crossed("epds", anxious) == {"anxiety"}


def test_epds_item_ten_calls_whatever_the_sum_is():
    epds = catalogue.in_use("epds")
    quiet = numbered(0, 0, 3, 0, 3, 3, 3, 3, 3, 3)
    assert raised(epds, quiet) == ()
    (alert,) = raised(epds, quiet | {10: 2})
    assert alert.code == "self-harm"
    # Also when so much is missing that there is no sum.
    assert scores("epds", {10: 2})["total"] is None
    assert [one.code for one in raised(epds, {10: 2})] == ["self-harm"]


def test_kpcs_counts_two_for_what_is_not_relevant():
    # Črnčec 2008: 15 items, items 1 and 9 may be "not applicable" and then count 2; 39 or less is low.
    assert scores("kpcs", numbered(*[3] * 15)) == {"total": 45}
    without_partner = numbered(NOT_RELEVANT, *[3] * 7, NOT_RELEVANT, *[3] * 6)
    assert scores("kpcs", without_partner) == {"total": 43}
    assert crossed("kpcs", numbered(*[3] * 9, *[2] * 6)) == {"low"}
    assert crossed("kpcs", numbered(*[3] * 10, *[2] * 5)) == set()
    with pytest.raises(Refused, match="ikke relevant"):
        scores("kpcs", numbered(3, NOT_RELEVANT))


def test_prfq_is_three_means_with_two_items_turned():
    # Luyten 2017: 1-7, items 11 and 18 reversed (8 - x), a mean for each scale and no total.
    assert scores("prfq", numbered(*[4] * 18)) == {"pm": 4, "cm": 4, "ic": 4}
    assert scores("prfq", numbered(*[7] * 18)) == {"pm": 7, "cm": 6, "ic": 6}
    mixed = numbered(1, 5, 7, 2, 5, 6, 1, 4, 7, 1, 2, 6, 3, 5, 7, 1, 4, 1)
    assert scores("prfq", mixed) == {
        "pm": Decimal("1.50"),  # (1 + 2 + 1 + 1 + 3 + 1) / 6
        "cm": Decimal("4.83"),  # (5 + 5 + 4 + 6 + 5 + 4) / 6
        "ic": Decimal("6.67"),  # (7 + 6 + 7 + 6 + 7 + 7) / 6
    }


def test_who_5_is_four_times_the_sum():
    # etf.dk: 0-100, more than 50 is well, 36-50 at risk, 35 or less at high risk.
    def read(*answers):
        (score,) = score_items(catalogue.in_use("who-5"), numbered(*answers))
        return score.value, score.band.title.da, {one.code for one in score.crossed}

    assert read(5, 5, 5, 5, 5) == (100, "Ikke tegn på mistrivsel", set())
    assert read(3, 3, 3, 2, 2) == (52, "Ikke tegn på mistrivsel", set())
    assert read(3, 3, 2, 2, 2) == (48, "Risiko", {"low"})
    assert read(2, 2, 2, 2, 1) == (36, "Risiko", {"low"})
    assert read(2, 2, 2, 1, 1) == (32, "Stor risiko", {"low"})


def test_who_5_changes_by_ten_points_or_not_at_all():
    scale = catalogue.in_use("who-5").scale("total")
    assert changed(scale, Decimal(40), Decimal(52)) is True
    assert changed(scale, Decimal(52), Decimal(40)) is True
    assert changed(scale, Decimal(40), Decimal(48)) is False
    assert changed(catalogue.in_use("kpcs").scale("total"), Decimal(40), Decimal(20)) is None


def test_pss_is_counted_both_ways():
    # The heaviest answers: "strongly agree" to the ten about stress, "strongly disagree" to the eight about joy.
    joy = {1, 2, 5, 6, 7, 8, 17, 18}
    heaviest = {item: 1 if item in joy else 5 for item in range(1, 19)}
    lightest = {item: 6 - answer for item, answer in heaviest.items()}
    assert scores("pss", heaviest) == {"total": 90, "stress": 9, "lack-of-satisfaction": 7}
    assert scores("pss", lightest) == {"total": 18, "stress": 0, "lack-of-satisfaction": 0}
    undecided = dict.fromkeys(range(1, 19), 3)
    assert scores("pss", undecided) == {"total": 54, "stress": 0, "lack-of-satisfaction": 7}


def test_pss_in_danish_leaves_out_two_items_and_shares_none():
    pss = catalogue.in_use("pss")
    stress, joy = pss.scale("stress").items, pss.scale("lack-of-satisfaction").items
    assert (len(stress), len(joy)) == (9, 7)
    assert set(range(1, 19)) - set(stress) - set(joy) == {2, 11}


def test_osss_3_goes_from_three_to_fourteen():
    def read(*answers):
        (score,) = score_items(catalogue.in_use("osss-3"), numbered(*answers))
        return score.value, score.band.title.en

    assert read(1, 1, 1) == (3, "Poor support")
    assert read(2, 3, 3) == (8, "Poor support")
    assert read(3, 3, 3) == (9, "Moderate support")
    assert read(4, 4, 4) == (12, "Strong support")
    assert read(4, 5, 5) == (14, "Strong support")
    with pytest.raises(Refused, match="fra 1 til 4"):
        read(5, 5, 5)


def test_mspss_has_three_sources_and_a_whole():
    answers = (
        dict.fromkeys((1, 2, 5, 10), 7) | dict.fromkeys((3, 4, 8, 11), 4) | dict.fromkeys((6, 7, 9, 12), 1)
    )
    assert scores("mspss", answers) == {"total": 4, "special": 7, "family": 4, "friends": 1}
    between = answers | dict.fromkeys((6, 7, 9, 12), 4) | {12: 5}
    (total, *_rest) = score_items(catalogue.in_use("mspss"), between)
    assert (total.value, total.band.title.en) == (Decimal("5.08"), "Moderate support")


def test_scores_from_paper_are_added_where_the_instrument_says_so():
    sdq = catalogue.in_use("sdq")
    given = {
        code: Decimal(n) for code, n in (("emotional", 4), ("conduct", 3), ("hyperactivity", 7), ("peers", 2))
    }
    found = {one.scale.code: one.value for one in score_totals(sdq, given | {"prosocial": Decimal(9)})}
    assert found["total"] == 16
    partly = {one.scale.code: one.value for one in score_totals(sdq, {"emotional": Decimal(4)})}
    assert (partly["emotional"], partly["total"]) == (4, None)


def test_a_cut_off_for_one_age_says_nothing_at_another():
    form = catalogue.in_use("asq-se-2")

    def read(score, months):
        (found,) = score_totals(form, {"total": Decimal(score)}, months=months)
        return [one.code for one in found.crossed]

    assert (read(45, 6), read(44, 6), read(29, 6)) == (["6-months-watch", "6-months"], ["6-months-watch"], [])
    assert (read(39, 12), read(50, 12)) == ([], ["12-months-watch", "12-months"])
    assert (read(49, 18), read(64, 18)) == ([], ["18-months-watch"])
    assert read(500, 40) == [] == read(500, None)


def test_adbb_above_its_cut_off_asks_to_be_repeated_within_two_weeks():
    adbb = catalogue.in_use("adbb")
    assert adbb.certificate == "adbb"
    (five,) = score_totals(adbb, {"total": Decimal(5)})
    assert [one.repeat_days for one in five.crossed] == [(7, 14)]
    (four,) = score_totals(adbb, {"total": Decimal(4)})
    assert four.crossed == ()


# For any answers


@each_form
@calm
@given(st.data())
def test_a_score_stays_on_its_scale(definition, data):
    answers = filled_in(data.draw, definition)
    for score in score_items(definition, answers):
        assert score.value is not None
        assert score.scale.lowest <= score.value <= score.scale.highest
        assert bool(score.scale.bands) == (score.band is not None)


@each_form
def test_both_ends_of_every_scale_can_be_reached(definition):
    items = definition.items
    for scale in by_items(definition):
        lightest = {
            item: ends[1] if item in items.reversed else ends[0]
            for item in scale.items
            if (ends := items.ends_of(item))
        }
        heaviest = {item: sum(items.ends_of(item)) - answer for item, answer in lightest.items()}
        low = next(one for one in score_items(definition, lightest) if one.scale == scale)
        high = next(one for one in score_items(definition, heaviest) if one.scale == scale)
        assert (low.value, high.value) == (scale.lowest, scale.highest)


@each_form
@calm
@given(st.data())
def test_an_item_that_is_turned_counts_from_the_other_end(definition, data):
    answers = filled_in(data.draw, definition)
    for item, answer in answers.items():
        low, high = definition.items.ends_of(item)
        other = low + high - answer
        expected = other if item in definition.items.reversed else answer
        assert points(definition, item, answer) == expected
        assert points(definition, item, other) == low + high - expected


@each_form
@calm
@given(st.data())
def test_one_answer_further_moves_its_scales_by_just_as_much(definition, data):
    """No item is left out, none counts twice, and a turned one moves the other way."""
    answers = filled_in(data.draw, definition)
    item = data.draw(st.sampled_from(sorted(answers)))
    _low, high = definition.items.ends_of(item)
    assume(answers[item] < high)
    before = {one.scale.code: one.value for one in score_items(definition, answers)}
    after = {
        one.scale.code: one.value for one in score_items(definition, answers | {item: answers[item] + 1})
    }
    way = -1 if item in definition.items.reversed else 1
    for scale in by_items(definition):
        step = after[scale.code] - before[scale.code]
        if item not in scale.items:
            assert step == 0
        elif scale.split_at is not None:
            now = points(definition, item, answers[item])
            assert step == way * ((now < scale.split_at) != (now + way < scale.split_at))
        elif scale.method is Method.MEAN:
            # Both means are kept with two decimals.
            assert abs(step - Decimal(way) / len(scale.items)) <= Decimal("0.01")
        else:
            assert step == way * scale.times


@each_form
@calm
@given(st.data())
def test_a_scale_has_a_score_until_more_is_missing_than_its_rule_allows(definition, data):
    answers = filled_in(data.draw, definition)
    left_out = data.draw(st.sets(st.sampled_from(sorted(answers)), max_size=4))
    kept = {item: answer for item, answer in answers.items() if item not in left_out}
    whole = {one.scale.code: one.value for one in score_items(definition, answers)}
    for score in score_items(definition, kept):
        gaps = len(left_out & set(score.scale.items))
        assert (score.value is None) == (gaps > score.scale.may_miss)
        if gaps == 0:
            assert score.value == whole[score.scale.code]
        if score.value is not None:
            assert score.scale.lowest <= score.value <= score.scale.highest


@calm
@given(st.integers(1, 7), st.integers(0, 5))
def test_the_mean_of_the_others_stands_in_for_a_missing_answer(same, place):
    prfq = catalogue.in_use("prfq")
    items = prfq.scale("pm").items
    answers = dict.fromkeys(items, same)
    del answers[items[place]]
    assert scores("prfq", answers)["pm"] == same


@each_form
@calm
@given(st.data())
def test_an_answer_off_its_scale_is_refused(definition, data):
    answers = filled_in(data.draw, definition)
    item = data.draw(st.sampled_from(sorted(answers)))
    low, high = definition.items.ends_of(item)
    wrong = data.draw(st.one_of(st.integers(max_value=low - 1), st.integers(min_value=high + 1)))
    with pytest.raises(Refused) as refused:
        score_items(definition, answers | {item: wrong})
    assert refused.value.type == "answer-outside-scale"


@each_form
@calm
@given(st.data())
def test_an_item_that_is_not_there_is_refused(definition, data):
    item = data.draw(st.one_of(st.integers(max_value=0), st.integers(min_value=definition.items.count + 1)))
    with pytest.raises(Refused) as refused:
        score_items(definition, {item: 1})
    assert refused.value.type == "answer-unknown-item"


@each
@calm
@given(st.data())
def test_a_cut_off_divides_its_scale_at_the_end_that_is_not_better(definition, data):
    """Each limit itself is on the side that asks, the next score towards the better end is not, and worse ones are."""
    for scale in definition.scales:
        for cut_off in scale.cut_offs:
            assert scale.better is not Better.NEITHER
            worse = 1 if scale.better is Better.LOWER else -1
            worst = scale.highest if worse == 1 else scale.lowest
            limit = cut_off.at_least if worse == 1 else cut_off.at_most
            assert limit is not None
            months = data.draw(st.integers(*cut_off.months)) if cut_off.months else None
            assert cut_off.crossed(limit, months) and cut_off.crossed(worst, months)
            assert not cut_off.crossed(limit - worse * Decimal("0.01"), months)
            further = data.draw(st.decimals(*sorted((limit, worst)), places=2))
            assert cut_off.crossed(further, months)
            if cut_off.months:
                outside = data.draw(st.sampled_from([cut_off.months[0] - 1, cut_off.months[1] + 1, None]))
                assert not cut_off.crossed(worst, outside)


@each
@calm
@given(st.data())
def test_a_score_lies_in_the_band_that_begins_last_below_it(definition, data):
    for scale in definition.scales:
        if not scale.bands:
            assert scale.band_of(scale.lowest) is None
            continue
        score = data.draw(st.decimals(scale.lowest, scale.highest, places=2))
        band = scale.band_of(score)
        assert band is not None and band.lowest <= score
        later = [other for other in scale.bands if other.lowest > band.lowest]
        assert all(score < other.lowest for other in later)


@each_total
@calm
@given(st.data())
def test_a_sum_of_scales_is_their_sum_or_nothing(definition, data):
    given = {
        scale.code: data.draw(st.decimals(scale.lowest, scale.highest, places=2))
        for scale in definition.scales
        if scale.method is Method.GIVEN
    }
    left_out = data.draw(st.sampled_from([None, *given]))
    kept = {code: value for code, value in given.items() if code != left_out}
    found = {one.scale.code: one for one in score_totals(definition, kept)}
    for scale in definition.scales:
        parts = scale.of if scale.method is Method.SCALES else (scale.code,)
        expected = None if left_out in parts else sum((given[code] for code in parts), Decimal(0))
        assert found[scale.code].value == expected
        if expected is None:
            assert (found[scale.code].band, found[scale.code].crossed) == (None, ())


@each_total
@calm
@given(st.data())
def test_a_score_from_paper_stays_on_its_scale_or_is_refused(definition, data):
    scale = data.draw(st.sampled_from([one for one in definition.scales if one.method is Method.GIVEN]))
    inside = data.draw(st.decimals(scale.lowest, scale.highest, places=2))
    found = {one.scale.code: one.value for one in score_totals(definition, {scale.code: inside})}
    assert found[scale.code] == inside
    outside = data.draw(
        st.one_of(st.just(scale.highest + 1), st.just(scale.lowest - 1), st.just(Decimal("NaN")))
    )
    with pytest.raises(Refused) as refused:
        score_totals(definition, {scale.code: outside})
    assert refused.value.type == "outside-scale"


def test_a_scale_that_the_instrument_does_not_have_is_refused():
    with pytest.raises(Refused) as refused:
        score_totals(catalogue.in_use("adbb"), {"sum": Decimal(3)})
    assert refused.value.type == "score-unknown-scale"


# The age


def test_a_month_is_completed_on_its_day():
    born = date(2026, 1, 31)
    assert completed_months(born, date(2026, 1, 31)) == 0
    assert completed_months(born, date(2026, 2, 27)) == 0
    # February has no 31st: its last day completes the month.
    assert completed_months(born, date(2026, 2, 28)) == 1
    assert completed_months(born, date(2026, 1, 30)) == -1


def test_a_child_born_too_early_is_counted_from_the_day_it_was_expected():
    window = Window(2, 24, corrected_from_weeks=3, corrected_until_months=24)
    born, due = date(2026, 1, 1), date(2026, 2, 26)
    assert age_in_months(window, born=born, due=due, day=date(2026, 3, 15)) == 0
    assert age_in_months(window, born=born, due=None, day=date(2026, 3, 15)) == 2
    # Two weeks early is not too early; a window that does not correct never does; at two years it is over.
    assert age_in_months(window, born=born, due=born + timedelta(days=20), day=date(2026, 3, 15)) == 2
    assert age_in_months(Window(2, 24), born=born, due=due, day=date(2026, 3, 15)) == 2
    assert age_in_months(window, born=born, due=due, day=date(2028, 1, 1)) == 24


@calm
@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 3000), st.integers(0, 120))
def test_a_child_is_never_counted_older_for_being_born_too_early(born, days, early):
    window = Window(0, 215, corrected_from_weeks=3, corrected_until_months=24)
    day = born + timedelta(days=days)
    corrected = age_in_months(window, born=born, due=born + timedelta(days=early), day=day)
    assert corrected <= completed_months(born, day)


def test_both_ends_of_a_window_fit():
    window = Window(2, 24)
    assert [fits(window, months) for months in (1, 2, 24, 25)] == [False, True, True, False]
