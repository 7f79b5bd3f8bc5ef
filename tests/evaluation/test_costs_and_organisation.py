"""Time, expenses, rates, training and self-assessments leave as sums and codes, and tell of no member of staff."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import psycopg

from evaluation import extract
from evaluation.variables import DATASETS
from tests.evaluation.test_datasets import with_key
from tests.scene import Scene

NAMES = ["time_costs", "rates", "training", "self_assessments"]

#: As the house would have it, written past its services: one sent week, one that is open, and what they are reckoned at.
WRITTEN = """
SET session_replication_role = replica;
INSERT INTO costs_timeweek (id, uuid, municipality_id, staff_id, monday, profession, revision, saved_at, sent_at)
SELECT n, gen_random_uuid(), 253, other.id, DATE '2025-12-29', profession, 1, now(), sent
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM access_staff) other
  JOIN (VALUES (1, 'psykolog', now()), (2, 'sundhedsplejerske', NULL),
               (3, 'fysioterapeut', now())) v(n, profession, sent)
       ON other.place = v.n;
INSERT INTO costs_timeentry (uuid, municipality_id, week_id, family_id, element, activity, stage, category, quarters, recorded_at)
SELECT gen_random_uuid(), 253, week, family, element, activity, 'operation', category, quarters, now()
  FROM (VALUES (1, {family}, 'mentalisation', 'contact', 'operation', 10), (1, NULL, '', 'training', 'training', 8),
               (2, NULL, '', 'supervision', 'operation', 4), (3, NULL, '', 'supervision', 'operation', 4))
       v(week, family, element, activity, category, quarters);
INSERT INTO costs_yearofrates (id, uuid, municipality_id, year, price_year, recorded_by_id, recorded_at, withdrawn_reason)
VALUES (1, gen_random_uuid(), 253, 2026, 2025, {staff}, now(), '');
INSERT INTO costs_hourlyrate (uuid, municipality_id, rates_id, profession, amount)
VALUES (gen_random_uuid(), 253, 1, 'psykolog', 510.50);
INSERT INTO costs_nightrate (uuid, municipality_id, rates_id, site_id, amount, occupancy)
SELECT gen_random_uuid(), 253, 1, min(id), 4200, 0.85 FROM access_site WHERE municipality_id = 253;
INSERT INTO staffing_trainingrecord (uuid, municipality_id, staff_id, kind, title, held_on, provider, certificate,
 recorded_by_id, recorded_at)
SELECT gen_random_uuid(), 253, {staff}, kind, 'Anna underviste', DATE '2026-01-05' + n, 'Anna', false, {staff}, now()
  FROM (VALUES ('mentalisation-supervision', 0), ('mentalisation-supervision', 30), ('vores-eget', 0)) v(kind, n);
INSERT INTO model_versions_selfassessment (id, uuid, municipality_id, site_id, year, made_by_id, made_at)
SELECT 1, gen_random_uuid(), 253, min(id), 2026, {staff}, now() FROM access_site WHERE municipality_id = 253;
INSERT INTO model_versions_selfassessmentline (uuid, municipality_id, assessment_id, key, title, level, level_title, remark)
VALUES (gen_random_uuid(), 253, 1, 'values', 'Værdier', 2, 'På vej', 'Anna er træt'),
       (gen_random_uuid(), 253, 1, 'annas-ide', 'Annas idé', 1, 'Ikke begyndt', '');
"""


def test_hours_and_courses_leave_as_sums_without_anybody(cast: Any, looking: psycopg.Connection[Any]) -> None:
    scene = Scene("greve")
    scene.settle()
    (staff,) = looking.execute(
        "SELECT id FROM access_staff WHERE username = 'greve.practitioner'"
    ).fetchone() or (0,)
    looking.execute(WRITTEN.format(staff=staff, family=scene.family.pk))
    frames = extract.frames(NAMES, project=with_key())
    told = "".join(frame.write_csv() for frame in frames.values())
    assert "Anna" not in told and "anna" not in told and "fysioterapeut" not in told

    spent = {(r["activity"], r["profession"]): r for r in frames["time_costs"].to_dicts()}
    # The open week is not counted; a week belongs to the year of its Thursday.
    assert set(spent) == {("contact", "psykolog"), ("training", "psykolog"), ("supervision", "other")}
    contact = spent["contact", "psykolog"]
    assert {r["year"] for r in spent.values() if r != contact} == {2026}
    # A family's months stand beside no calendar.
    assert (contact["year"], contact["year_missing"]) == (None, "not_relevant")
    assert (contact["hours"], contact["amount"]) == (2.5, 1300.0)
    assert contact["family_id"] is not None and contact["month"] is not None
    training = spent["training", "psykolog"]
    assert (training["hours"], training["amount"], training["family_id_missing"]) == (
        2.0,
        1000.0,
        "not_relevant",
    )
    # A profession with hours and no rate costs nobody knows what, and not nothing.
    unpriced = spent["supervision", "other"]
    assert (unpriced["amount"], unpriced["amount_missing"]) == (None, "not_asked")

    rates = {r["what"]: r for r in frames["rates"].to_dicts()}
    assert (rates["hour"]["amount"], rates["hour"]["site_id"]) == (510.5, None)
    assert (rates["night"]["occupancy"], rates["night"]["profession_missing"]) == (0.85, "not_relevant")
    [_own, supervised] = sorted(frames["training"].to_dicts(), key=lambda r: r["times"])
    assert (supervised["kind"], supervised["times"], supervised["staff"]) == (
        "mentalisation-supervision",
        2,
        1,
    )
    assert _own["kind"] == "other"
    lines = {r["prerequisite"]: r for r in frames["self_assessments"].to_dicts()}
    assert lines["values"]["level"] == 2 and lines[None]["prerequisite_missing"] == "not_on_list"
    assert {r["site_id"] for r in lines.values()} == {rates["night"]["site_id"]}


#: The same hours a week on both sides of New Year, when the hourly cost goes up.
OVER_NEW_YEAR = """
SET session_replication_role = replica;
INSERT INTO costs_timeweek (id, uuid, municipality_id, staff_id, monday, profession, revision, saved_at, sent_at)
SELECT n, gen_random_uuid(), 253, {staff}, monday, 'psykolog', 1, now(), now()
  FROM (VALUES (21, DATE '2025-12-22'), (22, DATE '2025-12-29'), (23, DATE '2026-01-05')) v(n, monday);
INSERT INTO costs_timeentry (uuid, municipality_id, week_id, family_id, element, activity, stage, category, quarters, recorded_at)
SELECT gen_random_uuid(), 253, week, {family}, 'mentalisation', 'contact', 'operation', 'operation', 40, now()
  FROM generate_series(21, 23) week;
INSERT INTO costs_yearofrates (id, uuid, municipality_id, year, price_year, recorded_by_id, recorded_at, withdrawn_reason)
SELECT year, gen_random_uuid(), 253, year, year, {staff}, now(), '' FROM (VALUES (2025), (2026)) v(year);
INSERT INTO costs_hourlyrate (uuid, municipality_id, rates_id, profession, amount)
VALUES (gen_random_uuid(), 253, 2025, 'psykolog', 500), (gen_random_uuid(), 253, 2026, 'psykolog', 900);
UPDATE families_family SET started_on = DATE '2025-11-20' WHERE id = {family};
"""


def test_neither_rows_nor_prices_tell_in_which_of_a_familys_months_the_year_turned(
    cast: Any, looking: psycopg.Connection[Any]
) -> None:
    scene = Scene("greve")
    scene.settle()
    (staff,) = looking.execute(
        "SELECT id FROM access_staff WHERE username = 'greve.practitioner'"
    ).fetchone() or (0,)
    looking.execute(OVER_NEW_YEAR.format(staff=staff, family=scene.family.pk))
    [costs] = extract.frames(["time_costs"], project=with_key()).values()
    rows = sorted((r["month"], r["hours"], r["amount"], r["year"]) for r in costs.to_dicts())
    # Both weeks of the second month in one row, and all at the rate of the year the family began.
    assert rows == [(1, 30.0, 15000.0, None)]


def test_fidelity_of_an_extract_is_counted_as_far_as_all_of_a_half_year_were_followed(cast: Any) -> None:
    scene = Scene("greve")
    scene.settle()
    project, started = with_key(), scene.now.date()

    def expected(as_of: date, to_the_day: bool) -> list[tuple[Any, ...]]:
        with extract.snapshot(project, as_of=as_of, to_the_day=to_the_day) as moment:
            return moment.frame(DATASETS["fidelity"]).sort("indicator").rows()

    last = date(started.year, 12, 31) if started.month > 6 else date(started.year, 6, 30)
    with extract.snapshot(project) as moment:
        began = moment.frame(DATASETS["registration"])["started_on"][0]
    for followed in (0, 40, 120):
        as_of = last + timedelta(days=followed)
        assert expected(as_of, False) == expected(began + timedelta(days=followed), True), followed
    assert expected(last + timedelta(days=120), False) != expected(last + timedelta(days=120), True)
