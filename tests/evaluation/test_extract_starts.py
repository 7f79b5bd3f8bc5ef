"""Somebody who has the files of an extract wants the day a family began, of which they are told the half-year.

What they have: every number that counts from the start, and the day of the extract. If two starts in one half-year give the
same files, no reckoning whatever finds which of them it was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from evaluation.disclosure.attacks import Looked, starts
from evaluation.extract import polars_schema
from evaluation.formats import Table
from evaluation.making import horizon, rows
from evaluation.making.attacking import _told, refuse_broken
from evaluation.making.parts import Read, Unreleasable
from evaluation.variables import DATASETS, Dataset
from tests import releasing
from tests.cast import browser

NAMES = (
    "registration", "families", "children", "parents", "stays", "measurements", "goals", "follow_ups", "meetings", "sessions",
    "network", "exit_steps", "outcomes", "contacts", "time_costs",
)  # fmt: skip
ASKED = tuple(DATASETS[name] for name in NAMES)
#: What is told of nobody: each family lives the same, whenever it begins.
CLOSED, BORN = 330, 62
#: The day of the extract.
TODAY = date(2026, 11, 20)


def lived(started: date, today: date = TODAY) -> dict[str, list[dict[str, Any]]]:
    """What the views hold on ``today`` of a family that began on ``started``: all that had happened by then."""
    age = (today - started).days
    closed = CLOSED if age >= CLOSED else None
    lived_for = min(age, CLOSED)
    by = [day for day in range(3, 400, 7) if day <= lived_for]
    ratings = len(by) // 12
    latest = by[-1] if by else None

    def since(day: int, value: Any = True) -> Any:
        """What came to be on that day, and had not before."""
        return value if age >= day else None

    def so_often(every: int) -> int:
        """How often something had been by today that is as often as that."""
        return max(lived_for, 0) // every

    return {
        "registration": [{
            "started_on": started, "closed_week": closed and closed // 7, "moved_in_week": 0 if age >= 4 else None,
            "phase": "closed" if closed else "moved_in" if age >= 4 else "started", "setbacks": so_often(50),
            "setbacks_plan_changed": so_often(90), "model_moves": so_often(100), "goals_week": since(20, 2),
            "moved_out_week": since(CLOSED - 10, (CLOSED - 10) // 7),
        }],
        "families": [{"enquired_day": -40, "closed_day": closed, "expected_weeks": 52, "pause_days": so_often(10),
                      "pauses": so_often(60), "site_changes": so_often(75), "concerns": so_often(110),
                      "decided_day": -20, "moved_in_day": since(4, 4), "moved_out_day": since(CLOSED - 10, CLOSED - 10),
                      # Asked for late: until then it says another reason than that it is not due.
                      "consented_day": since(100, 100), "consented_day_missing": None if age >= 100 else "not_asked"}],
        "children": [{"person_id": "c", "kind": "child", "age_months_at_start": 2, "views": len(by) // 4,
                      "lives": since(150, "foster")},
                     {"person_id": "d", "kind": "child", "age_months_at_start": -2 if age >= BORN else None}],
        "parents": [{"person_id": "p", "number": 1, "sessions_held": len(by), "lives": since(130, "treatment")}],
        "stays": [{"stay_id": "r", "earlier": True, "moved_in_day": -500, "moved_out_day": -400, "nights": 100, "pauses": 2},
                  *([{"stay_id": "s", "earlier": False, "moved_in_day": 4, "moved_out_day": closed and closed - 10,
                      "nights": closed and closed - 14, "pause_nights": closed and 9, "pauses": so_often(60)}]
                    if age >= 4 else [])],
        "measurements": [{"measurement_id": f"m{day}", "instrument": "who-5", "day": day, "corrected": age >= day + 45}
                         for day in by[::4]],
        "goals": [{"goal_id": "g", "set_day": 20, "ratings": ratings, "last_rated_day": latest, "closed_day": since(160, 160),
                   "replaced": bool(since(160)), "first_level": 0 if ratings else None,
                   "last_level": min(ratings, 2) if ratings else None}] if age >= 20 else [],
        "follow_ups": [{"follow_up_id": f"u{d}", "day": d, "next_day": d + 84, "trend": "negative",
                        "setback_choice": since(d + 30, "stand"), "setback_answered_day": since(d + 30, d + 30)}
                       for d in by[::12]],
        "meetings": [{"meeting_id": f"t{day}", "kind": "team", "day": day, "next_day": day + 28, "decisions": 2,
                      "decisions_done": int(age >= day + 40), "decisions_not_done": int(age >= day + 70)} for day in by[::4]],
        "sessions": [{"session_id": f"s{day}", "kind": "individual", "day": day} for day in by],
        "network": [{"number": 1, "day": 9, "people": 7, "invitations": len(by) // 8, "invitations_came": len(by) // 9,
                     "agreements": so_often(30), "agreements_kept": so_often(45), "agreements_not_kept": so_often(95),
                     "conferences": so_often(120), "conferences_with_plan": so_often(140)}] if age >= 9 else [],
        "exit_steps": [
            # One that is said no to by the authority, so that nothing follows; one that is approved and carried out.
            {"step_id": "n", "code": "1", "requested_day": 30, "authority_day": since(95, 95),
             "authority_approved": since(95, False), "decided_day_missing": since(95, "not_relevant") or "not_yet_due",
             "approved_missing": since(95, "not_relevant") or "not_yet_due",
             "result_missing": since(95, "not_relevant") or "not_yet_due"},
            {"step_id": "e", "code": "2", "requested_day": 40, "authority_day": since(48, 48), "authority_approved": since(48),
             "decided_day": since(115, 115), "approved": since(115), "carried_out_day": since(290, 290),
             "evaluated_day": since(300, 300), "result": since(300, "proceed"), "exceptions": 2 if age >= 115 else 0},
        ] if age >= 40 else [],
        "outcomes": [{"closed_day": closed, "t_first": since(90, 41.0), "t_last": since(90, 40.0 + ratings),
                      "goals_rated": ratings, "goals_reached": ratings // 2, "planned_destination": since(170, "own_home"),
                      "planned_alternative": since(170, "own_home"), "receiving_support": int(age >= 175)}],
        "contacts": [{"contact_id": "k", "months": 1, "day": CLOSED + 30}] if age >= CLOSED + 30 else [],
        "time_costs": [{"number": n, "month": n, "hours": 9.0} for n in range(int(lived_for / 30.4375) + 1)],
    }  # fmt: skip


def read(starts_on: list[date], asked: tuple[Dataset, ...] = ASKED, today: date = TODAY) -> Read:
    """What is read of families that began on those days."""
    every = tuple(horizon.with_times(dataset) for dataset in asked)
    lives = {f"f{n}": lived(day, today) for n, day in enumerate(starts_on)}
    frames = {}
    for dataset in (*every, DATASETS["registration"]):
        name, columns = dataset.name.value, polars_schema(dataset)
        found = [
            {key: value for key, value in row.items() if key in columns} | {"family_id": family}
            for family, life in lives.items()
            for row in life[name]
        ]
        frames[name] = pl.DataFrame(
            found, schema_overrides=columns, schema={**columns} if not found else None
        )
        frames[name] = pl.DataFrame(
            [frames[name][c] if c in frames[name].columns else pl.Series(c, [None] * len(found), kind)
             for c, kind in columns.items()]
        ).with_columns(
            # As the views have it of what has not been yet.
            pl.when(pl.col(v.name).is_null())
            .then(pl.col(v.reason_name).fill_null("not_yet_due"))
            .alias(v.reason_name)
            for v in dataset.variables if v.missing
        )  # fmt: skip
    began = frames["registration"].select("family_id", *horizon.BEGAN)
    return Read(asked, frames, (253,), every=every, began=began, as_of=today)


def test_an_agreement_may_follow_families_to_the_day_and_then_says_that_the_day_can_be_reckoned() -> None:
    """What evaluators work with while the families are in the house: days from the start, and no calendar."""
    begun = date(2026, 9, 1)
    given = replace(read([begun]), to_the_day=True)
    content = rows.content_of(given)
    frames = {str(table.dataset.name): table.frame for table in content.tables}
    held = [day for day in range(3, 400, 7) if day <= (TODAY - begun).days]
    assert frames["sessions"]["day"].to_list() == held
    assert frames["parents"]["sessions_held"].to_list() == [len(held)]
    assert frames["registration"]["started_on"].to_list() == ["2026-2"]
    found = starts(Looked(told=_told(given, content.tables), as_of=TODAY, to_the_day=True))
    assert not found.passed and not found.stops
    assert "regnes ud" in content.said["loss"]["Dato for start"]


def files(started: date, today: date = TODAY, asked: tuple[Dataset, ...] = ASKED) -> dict[str, str]:
    content = rows.content_of(read([started], asked, today))
    return {str(table.dataset.name): table.frame.write_csv() for table in content.tables}


@pytest.mark.parametrize(
    "today", [TODAY, date(2026, 7, 1), date(2026, 9, 14), date(2027, 2, 1), date(2027, 8, 30)]
)
def test_each_start_in_a_half_year_gives_the_same_files(today: date) -> None:
    """Nothing that depends on the start alone is different, so nothing tells it."""
    of_first = files(date(2026, 1, 1), today)
    for days in (1, 40, 97, 150, 180):
        other = files(date(2026, 1, 1) + timedelta(days=days), today)
        told_apart = {name for name in NAMES if other[name] != of_first[name]}
        assert not told_apart, (days, told_apart)


def test_the_lives_hold_a_value_of_everything_that_is_cut() -> None:
    """So the test above is of all of it, and of what is added later too."""
    held = read([date(2025, 1, 1)]).frames
    empty = [
        f"{dataset.name}.{v.name}"
        for dataset in ASKED
        for v in dataset.variables
        # Of a child still expected there is a test of its own.
        if horizon.is_cut(dataset, v)
        and v.name != "weeks_to_term_at_start"
        and held[dataset.name.value][v.name].null_count() == held[dataset.name.value].height
    ]
    assert not empty


def test_in_the_half_year_of_the_start_nothing_after_it_is_told() -> None:
    told = files(date(2026, 7, 2))
    assert told["sessions"].count("\n") == 1 and told["registration"].count("\n") == 2


def test_what_lies_within_the_time_all_were_followed_is_told_in_whole_weeks() -> None:
    content = rows.content_of(read([date(2026, 3, 9)]))
    frames = {str(table.dataset.name): table for table in content.tables}
    weeks = frames["sessions"].frame["day"].to_list()
    assert weeks == list(range((TODAY - date(2026, 6, 30)).days // 7 + 1))[: len(weeks)] and len(weeks) >= 20
    day = next(v for v in frames["sessions"].dataset.variables if v.name == "day")
    assert day.unit == "uger fra start i indsatsen" and "Hele uger" in day.description
    # What was closed in time is told whole.
    over = rows.content_of(read([date(2025, 1, 20)]))
    whole = {str(table.dataset.name): table.frame for table in over.tables}
    assert whole["families"]["closed_day"].to_list() == [CLOSED // 7]
    assert whole["parents"]["sessions_held"].to_list() == [len(range(3, CLOSED + 1, 7))]
    assert "halvår" in content.said["loss"]["Dato for start"]


def test_an_agreement_without_the_day_is_cut_by_it_all_the_same() -> None:
    asked = (DATASETS["sessions"].only(["kind"]),)
    first, last = (files(day, asked=asked)["sessions"] for day in (date(2026, 1, 1), date(2026, 6, 30)))
    assert (first == last and first.startswith("session_id,kind,kind_missing\n")) or "day" not in first.split(
        "\n"
    )[0]


def told_of(given: Read, content: Any) -> Looked:
    return Looked(told=_told(given, content.tables), as_of=given.as_of)


def test_the_attack_on_every_extract_finds_one_that_was_not_cut() -> None:
    given = read([date(2026, 1, 15), date(2026, 5, 1), date(2025, 2, 1)])
    content = rows.content_of(given)
    assert starts(told_of(given, content)).passed

    class Uncut:
        tables = tuple(type(content.tables[0])(d, given.frames[d.name.value]) for d in given.every)

    found = starts(told_of(given, Uncut))
    assert (found.stops and found.figure.startswith("2 af 3")) or found.figure.startswith("3 af 3")


def counted(begun: date, *, to_the_day: bool, asked: tuple[Dataset, ...] | None = None) -> Read:
    """An extract of the core elements alone: how many times each ought to have been by now."""
    asked = asked or (DATASETS["fidelity"],)
    columns = polars_schema(DATASETS["fidelity"])
    frame = pl.DataFrame(
        [{"family_id": "f0", "indicator": "sessions", "expected": (TODAY - begun).days // 7}], schema=columns
    )
    began = read([begun]).began
    return Read(asked, {"fidelity": frame.select(asked[0].columns)}, (253,), every=asked, began=began, as_of=TODAY,
                to_the_day=to_the_day)  # fmt: skip


def test_counts_alone_tell_the_time_too_and_the_report_says_so() -> None:
    """So many planned weeks until today are so many weeks since the start."""
    begun = date(2026, 5, 4)
    for given in (
        counted(begun, to_the_day=True),
        replace(read([begun], (DATASETS["parents"].only(["family_id", "sessions_held"]),)), to_the_day=True),
        replace(read([begun], (DATASETS["registration"].only(["phase"]),)), to_the_day=True),
    ):
        content = rows.content_of(given)
        found = starts(Looked(told=_told(given, content.tables), as_of=TODAY, to_the_day=True))
        assert found.figure == "1 af 1 familier" and not found.passed and not found.stops
        assert "regnes ud" in content.said["loss"]["Dato for start"]


def test_counts_that_were_counted_equally_far_for_all_tell_no_more_than_the_half_year() -> None:
    given = counted(date(2026, 5, 4), to_the_day=False)
    content = rows.content_of(given)
    assert starts(told_of(given, content)).passed and "halvår" in content.said["loss"]["Dato for start"]
    # What tells nothing of the time after the start is not said to.
    given = counted(date(2026, 5, 4), to_the_day=True, asked=(DATASETS["fidelity"].only(["element"]),))
    content = rows.content_of(given)
    assert "Dato for start" not in content.said["loss"] and _told(given, content.tables) is None


def test_an_extract_by_half_years_that_tells_more_is_not_made_at_all() -> None:
    """For rows under an agreement a failed test can be overridden with a reason; not what the agreement itself rules out."""
    given = read([date(2026, 1, 15), date(2026, 5, 1)])
    uncut = [Table(d, given.frames[d.name.value]) for d in given.every]
    found = starts(Looked(told=_told(given, uncut), as_of=TODAY))
    with pytest.raises(Unreleasable, match=r"halvår.*Meld det") as refused:
        refuse_broken(given, [found])
    assert not any(sign.isdigit() for sign in str(refused.value)), "it tells no number of families"
    whole = starts(told_of(given, rows.content_of(given)))
    refuse_broken(given, [whole])
    # To the day it is the agreement's to say, and the report tells it.
    refuse_broken(replace(given, to_the_day=True), [found])


def test_of_an_unborn_child_it_is_not_told_when_it_is_due_if_that_tells_the_start() -> None:
    """Still expected today with four weeks to go at the start: the family began in the last weeks."""
    children = DATASETS["children"].only(["weeks_to_term_at_start"])
    given = read([date(2026, 10, 30)], (children,))
    given.frames["children"] = (
        given.frames["children"]
        .head(1)
        .with_columns(
            weeks_to_term_at_start=pl.lit(4, dtype=pl.Int64),
            weeks_to_term_at_start_missing=pl.lit(None, dtype=pl.String),
        )
    )
    [table] = rows.content_of(given).tables
    assert table.frame["weeks_to_term_at_start_missing"].to_list() == ["suppressed"]
    given.frames["children"] = given.frames["children"].with_columns(
        weeks_to_term_at_start=pl.lit(30, dtype=pl.Int64)
    )
    assert rows.content_of(given).tables[0].frame["weeks_to_term_at_start"].to_list() == [30]


def test_the_numbers_of_rows_do_not_count_those_that_are_left_out() -> None:
    asked = (DATASETS["time_costs"].only(["month", "hours"]),)
    given = read([date(2026, 2, 1), date(2026, 6, 20), date(2025, 3, 1)], asked)
    numbered = given.frames["time_costs"].with_columns(
        municipality_code=253, number=pl.int_range(1, pl.len() + 1)
    )
    given.frames["time_costs"] = numbered.select(given.frames["time_costs"].columns)
    [table] = rows.content_of(given).tables
    assert 0 < table.frame.height < numbered.height
    assert table.frame["number"].to_list() == list(range(1, table.frame.height + 1))


@pytest.mark.parametrize("follow_up", ["half_year", "day"])
def test_a_whole_extract_is_built_under_either_agreement_and_its_report_says_which(
    cast: Any, looking: Any, follow_up: str
) -> None:
    releasing.families_have_begun([cast.greve, cast.randers], looking)
    releasing.register(
        cast.evaluator,
        datasets=tuple(DATASETS),
        follow_up=follow_up,
        variables=["registration.phase", "fidelity.done"],
    )
    release = releasing.to_the_municipalities(
        cast.evaluator, datasets=("registration", "fidelity", "exit_steps", "stays", "goals")
    )
    stands = releasing.fresh(cast.evaluator, release)
    assert stands.status == "reported", stands.reasons
    [tried] = [one for one in stands.report["attacks"] if one["code"] == "A15"]
    assert tried["found"] == "0 af 2 familier" if follow_up == "day" else tried["passed"], "they began today"
    assert tried["hard"] is (follow_up == "half_year")
    assert ("regnes ud" in stands.report["agreement"]["follow_up"]) and "Dato for start" in stands.report[
        "loss"
    ]
    shown = browser(cast.greve.privacy).get(f"/udtraek/{release.uuid}/").content.decode()
    assert stands.report["agreement"]["follow_up"] in shown
