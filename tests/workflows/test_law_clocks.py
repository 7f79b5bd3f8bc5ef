"""Every deadline rule of the national version as a table: from which moment, until which day, by which source.

A rule without its rows fails, and so does a row without its rule. Days are Danish ones and are kept until midnight.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from placement.clock import DENMARK, end_of
from workflows.model_versions.clock_rules import UNCHECKED_WORDS, ClockRule, Given, Unit, parse_clocks
from workflows.model_versions.content import NATIONAL, parse, read_file

RULES = {rule.code: rule for rule in parse(read_file(NATIONAL / "2026-1.toml")).clocks}

#: What each rule is tried with. 2026: Easter Monday is 6 April, Whit Monday 25 May; the clocks are put on 29 March and
#: 25 October; the last hours before a new year; and the same trigger put right to another moment.
SITUATIONS = ("start", "weekend", "holiday", "new year", "clocks put", "trigger put right")


@dataclass(frozen=True)
class Kind:
    """One rule: what its source says, and (begun, given day or "", the end) for each of `SITUATIONS`.

    An end is a day, which is kept until it is over, or a moment.
    """

    says: str
    rows: tuple[tuple[str, str, str], ...]


DAYS_14 = (
    ("2026-11-10 09:00", "", "2026-11-24"),
    ("2026-11-07 23:30", "", "2026-11-21"),
    ("2026-12-11 09:00", "", "2026-12-25"),
    ("2026-12-20 09:00", "", "2027-01-03"),
    ("2026-10-20 09:00", "", "2026-11-03"),
    ("2026-11-09 09:00", "", "2026-11-23"),
)
DAYS_7 = (
    ("2026-11-10 09:00", "", "2026-11-17"),
    ("2026-11-07 23:30", "", "2026-11-14"),
    ("2026-12-18 09:00", "", "2026-12-25"),
    ("2026-12-28 09:00", "", "2027-01-04"),
    ("2026-10-20 09:00", "", "2026-10-27"),
    ("2026-11-09 09:00", "", "2026-11-16"),
)
WEEKS_4 = (
    ("2026-11-10 09:00", "", "2026-12-08"),
    ("2026-11-07 23:30", "", "2026-12-05"),
    ("2026-11-27 09:00", "", "2026-12-25"),
    ("2026-12-20 09:00", "", "2027-01-17"),
    ("2026-10-20 09:00", "", "2026-11-17"),
    ("2026-11-09 09:00", "", "2026-12-07"),
)
MONTHS_3 = (
    ("2026-11-10 09:00", "", "2027-02-10"),
    ("2026-11-07 23:30", "", "2027-02-07"),  # a Sunday is a last day like any other
    ("2026-09-25 09:00", "", "2026-12-25"),
    ("2026-11-30 09:00", "", "2027-02-28"),  # February has no thirtieth
    ("2026-08-01 09:00", "", "2026-11-01"),
    ("2026-11-09 09:00", "", "2027-02-09"),
)
GIVEN_DAY = (
    ("2026-11-10 09:00", "2026-12-01", "2026-12-01"),
    ("2026-11-10 09:00", "2026-11-29", "2026-11-29"),
    ("2026-11-10 09:00", "2026-12-25", "2026-12-25"),
    ("2026-11-10 09:00", "2027-01-04", "2027-01-04"),
    ("2026-10-01 09:00", "2026-10-25", "2026-10-25"),
    ("2026-11-10 09:00", "2026-12-08", "2026-12-08"),
)

TABLE: dict[str, Kind] = {
    "concern-assessment": Kind(
        "§ 133: inden 24 timer",
        (
            ("2026-11-10 09:00", "", "2026-11-11 09:00"),
            ("2026-11-07 15:00", "", "2026-11-08 15:00"),
            ("2026-12-24 16:00", "", "2026-12-25 16:00"),
            ("2026-12-31 22:00", "", "2027-01-01 22:00"),
            # 24 hours are 24 hours: on the day that has 23, and on the one that has 25.
            ("2026-03-28 12:00", "", "2026-03-29 13:00"),
            ("2026-10-24 12:00", "", "2026-10-25 11:00"),
        ),
    ),
    "concern-receipt": Kind(
        "§ 138, som vi læser den: inden 6 hverdage",
        (
            ("2026-11-10 09:00", "", "2026-11-18"),
            ("2026-11-07 15:00", "", "2026-11-16"),
            ("2026-05-19 09:00", "", "2026-05-28"),  # Whit Monday does not count
            ("2026-12-28 09:00", "", "2027-01-06"),  # nor does New Year's Day
            ("2026-10-23 09:00", "", "2026-11-02"),
            ("2026-11-11 09:00", "", "2026-11-19"),
        ),
    ),
    "examination": Kind(
        "§ 20: inden 4 måneder efter kommunen blev opmærksom",
        (
            ("2026-05-11 00:00", "", "2026-09-11"),
            ("2026-08-15 00:00", "", "2026-12-15"),  # aware on a Saturday
            ("2026-08-25 00:00", "", "2026-12-25"),
            ("2026-10-31 00:00", "", "2027-02-28"),
            ("2026-01-15 00:00", "", "2026-05-15"),
            ("2026-05-04 00:00", "", "2026-09-04"),
        ),
    ),
    "examination-put-off": Kind("§ 20, som vi læser den", GIVEN_DAY),
    "child-plan": Kind("§ 91: inden 3 måneder efter afgørelsen", MONTHS_3),
    "first-follow-up": Kind(
        "§ 95: når den sideløbende undersøgelse er afsluttet, dog senest 3 måneder", MONTHS_3
    ),
    "next-follow-up": Kind("§ 95: den dag, kommunen har besluttet og begrundet", GIVEN_DAY),
    "placement-at-birth": Kind("§ 49: uden samtykke tidligst 3 måneder før termin", GIVEN_DAY),
    "complaint-reassessment": Kind("§ 66, som vi læser den: inden 4 uger", WEEKS_4),
    "access-answered": Kind(
        "§ 16, som vi læser den: normalt inden 7 arbejdsdage",
        (
            ("2026-11-10 09:00", "", "2026-11-19"),
            ("2026-11-07 15:00", "", "2026-11-17"),
            ("2026-05-19 09:00", "", "2026-05-29"),  # Whit Monday does not count
            ("2026-12-28 09:00", "", "2027-01-07"),  # nor does New Year's Day
            ("2026-10-23 09:00", "", "2026-11-03"),
            ("2026-11-11 09:00", "", "2026-11-20"),
        ),
    ),
    "agreement-follow-up": Kind("Modellen, vores forslag: 7 dage", DAYS_7),
    "family-plan-follow-up": Kind("Familierådslagning, vores forslag: ca. 3 måneder", MONTHS_3),
    "session-supervised": Kind(
        "Modellen, vores forslag: 10 arbejdsdage",
        (
            ("2026-11-10 09:00", "", "2026-11-24"),
            ("2026-11-07 23:30", "", "2026-11-20"),
            ("2026-04-01 09:00", "", "2026-04-20"),  # Easter: Thursday to Monday
            ("2026-12-28 09:00", "", "2027-01-12"),
            ("2026-10-20 09:00", "", "2026-11-03"),
            ("2026-11-11 09:00", "", "2026-11-25"),
        ),
    ),
    "team-named": Kind("Modellen, vores forslag: 14 dage", DAYS_14),
    "goals-with-parents": Kind("Modellen, vores forslag: 4 uger", WEEKS_4),
    "network-mapped": Kind("Modellen, vores forslag: 4 uger", WEEKS_4),
    "plan-after-setback": Kind("Modellen, vores forslag: 14 dage", DAYS_14),
    "meeting-after-concern": Kind(
        "Modellen, vores forslag: 2 arbejdsdage",
        (
            ("2026-11-10 09:00", "", "2026-11-12"),
            ("2026-11-06 23:30", "", "2026-11-10"),
            ("2026-04-01 09:00", "", "2026-04-08"),  # Easter: Thursday to Monday
            ("2026-12-30 09:00", "", "2027-01-04"),
            ("2026-10-23 09:00", "", "2026-10-27"),
            ("2026-11-11 09:00", "", "2026-11-13"),
        ),
    ),
}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=DENMARK)


def end(text: str) -> datetime:
    return moment(text) if " " in text else end_of(date.fromisoformat(text))


CASES = [
    pytest.param(code, begun, day, until, id=f"{code}: {situation}")
    for code, kind in TABLE.items()
    for situation, (begun, day, until) in zip(SITUATIONS, kind.rows, strict=True)
]


def test_every_rule_of_the_national_version_has_its_rows_and_no_row_is_of_none() -> None:
    """A new rule is entered here, with every situation, before it is anybody's deadline."""
    assert set(TABLE) == set(RULES)
    for code, kind in TABLE.items():
        assert len(kind.rows) == len(SITUATIONS), code
        assert len({begun + day for begun, day, _until in kind.rows}) == len(SITUATIONS), code


@pytest.mark.parametrize("code", TABLE)
def test_each_rule_names_its_paragraph_and_says_when_nobody_has_read_it(code: str) -> None:
    rule = RULES[code]
    assert TABLE[code].says in rule.source
    assert ("§" in rule.source) is rule.runs_while_paused, (
        "the law's run while a family is away; the model's wait"
    )
    unread = any(words in rule.source for words in UNCHECKED_WORDS)
    assert unread is (not rule.checked or not rule.runs_while_paused), code


@pytest.mark.parametrize(("code", "begun", "day", "until"), CASES)
def test_it_ends_when_the_table_says(code: str, begun: str, day: str, until: str) -> None:
    rule, given = RULES[code], date.fromisoformat(day) if day else None
    assert rule.due_at(moment(begun), given) == end(until)
    warned = rule.warn_at(moment(begun), given)
    assert warned is None or warned < end(until)


@pytest.mark.parametrize(
    ("term", "opens"),
    [
        ("2027-02-10", "2026-11-10"),
        ("2027-05-31", "2027-02-28"),  # February has no thirty-first
        ("2027-01-31", "2026-10-31"),
        ("2026-06-29", "2026-03-29"),  # the night the clocks are put
        ("2026-12-31", "2026-09-30"),
    ],
)
def test_a_decision_at_birth_opens_three_months_before_term_and_reminds_then(term: str, opens: str) -> None:
    rule = RULES["placement-at-birth"]
    day = date.fromisoformat(term)
    assert rule.opens_on(day) == date.fromisoformat(opens)
    assert rule.opens_at(day) == moment(f"{opens} 00:00")
    assert rule.warn_at(moment("2026-01-01 09:00"), day) == rule.opens_at(day)


def test_a_day_that_is_given_must_be_given() -> None:
    for rule in RULES.values():
        if rule.unit is Unit.GIVEN:
            with pytest.raises(ValueError, match="must be given"):
                rule.due_at(moment("2026-01-01 09:00"))
    assert {rule.given for rule in RULES.values()} == {None, Given.DECIDED, Given.TERM}


RULE: dict[str, Any] = {
    "code": "x", "title": "X", "source": "Barnets lov § 1", "trigger": "started", "stopped_by": "follow_up_held",
    "reminds": "caseworker", "escalates_to": "authoritylead",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"given": "whenever"}, "its day is given by one of"),
        ({"given": "decided", "earlier": "moved_in"}, "nothing that could come earlier"),
        ({"given": "decided", "warn_before": -1}, "come before the end"),
        ({"months": 3, "opens_months_before": 1}, "only a day that is given"),
        ({"months": 3, "earlier": "started"}, "neither what starts nor what stops"),
        ({"months": 3, "checked": False}, "says so in its source"),
        ({"months": 3, "given": "term"}, "say its length in one of"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_clocks([{**RULE, **change}])


def test_a_reminder_before_a_given_day_is_none_when_it_would_come_before_the_beginning() -> None:
    (rule,) = parse_clocks([{**RULE, "given": "decided", "warn_before": 7}])
    begun = moment("2026-11-10 09:00")
    assert rule.warn_at(begun, date(2026, 11, 12)) is None
    assert rule.warn_at(begun, date(2026, 12, 12)) == end_of(date(2026, 12, 12)) - timedelta(days=7)


def test_the_law_s_own_rules_are_not_a_municipality_s_to_change_unless_nobody_has_read_them() -> None:
    model = parse(read_file(NATIONAL / "2026-1.toml"))
    changeable: list[ClockRule] = [RULES[code] for code in model.limits.clocks]
    assert {rule.code for rule in changeable if rule.runs_while_paused} == {"concern-receipt"}
    assert all(not rule.checked for rule in changeable if rule.runs_while_paused)
