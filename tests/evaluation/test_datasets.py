"""Every dataset is read through the evaluation's log-in on a family that was walked to its end, and says what it did."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import pytest
from django.db import connections, transaction
from django.db.utils import DatabaseError, ProgrammingError

from evaluation import extract
from evaluation.pseudonyms import LETTERS, create_key, destroy_key, key_id
from evaluation.variables import DATASETS, MISSING_REASONS
from placement import clock
from tests.cast import Cast
from tests.scene import CHILD, GRANDMOTHER, PARENT, Scene


@dataclass
class Walked:
    """One family of Greve walked to the end, one of Odense begun, and the project they are read for."""

    greve: Scene
    odense: Scene
    project: UUID
    as_of: date
    frames: dict[str, pl.DataFrame]


def with_key() -> UUID:
    """A project that has its key."""
    project = uuid4()
    with Cast().evaluator.acting(), transaction.atomic():
        create_key(project)
    return project


@pytest.fixture(scope="module")
def walked(shared_house: None) -> Walked:
    """Walked once for all the tests here: they only read."""
    greve, odense = Scene("greve"), Scene("odense")
    odense.settle()
    greve.settle()
    greve.answer_epds(dict.fromkeys(range(1, 10), 1) | {10: 0})
    greve.go_on_to_the_end()
    project, as_of = with_key(), greve.now.date() + timedelta(days=400)
    return Walked(greve, odense, project, as_of, extract.frames(DATASETS, project=project, as_of=as_of))


def test_every_dataset_comes_with_its_declared_columns_and_types(walked: Walked) -> None:
    for name, frame in walked.frames.items():
        assert dict(frame.schema) == extract.polars_schema(DATASETS[name]), name
        assert not frame.select(DATASETS[name].key).is_duplicated().any(), name
    empty = {name for name, frame in walked.frames.items() if frame.is_empty()}
    assert empty <= {"training", "self_assessments", "time_costs", "rates"}


def test_each_value_is_of_its_list_or_pattern_and_each_gap_has_its_reason(walked: Walked) -> None:
    for name, frame in walked.frames.items():
        for v in DATASETS[name].variables:
            found = [value for value in frame[v.name].to_list() if value is not None]
            if v.values:
                assert set(found) <= set(v.values), (name, v.name)
            if v.pattern:
                assert all(re.search(v.pattern, value) for value in found), (name, v.name)
            if v.missing:
                reasons = frame.select(gap=pl.col(v.name).is_null(), why=pl.col(v.reason_name))
                for gap, why in reasons.iter_rows():
                    assert gap == (why in MISSING_REASONS), (name, v.name, why)
            else:
                assert frame[v.name].null_count() == 0, (name, v.name)


def test_no_name_and_nobody_of_the_network_is_in_any_of_them(walked: Walked) -> None:
    said = "".join(frame.write_csv() for frame in walked.frames.values())
    for name in (PARENT, CHILD, *PARENT.split(), GRANDMOTHER):
        assert name not in said
    # Ids are letters: no row number, and nothing that could pass for a CPR number.
    assert not re.search(r"\d{6}-?\d{4}", said)
    family = walked.greve.family
    assert str(family.uuid) not in said and family.number not in said


def test_the_same_family_is_the_same_in_each_dataset(walked: Walked) -> None:
    families = set(walked.frames["registration"]["family_id"])
    assert len(families) == 2
    for name, frame in walked.frames.items():
        if "family_id" in frame.columns:
            assert set(frame["family_id"]) <= families, name
    people = set(walked.frames["children"]["person_id"]) | set(walked.frames["parents"]["person_id"])
    assert len(people) == 4 and not people & families


def test_the_walked_family_tells_its_course(walked: Walked) -> None:
    own = pl.col("municipality_code") == 253
    frames = {n: f.filter(own) for n, f in walked.frames.items() if "municipality_code" in f.columns}
    [family] = frames["families"].to_dicts()
    assert (family["parents"], family["children"], family["older_children"]) == (1, 1, 0)
    assert (
        family["enquired_day"]
        <= 0
        <= family["moved_in_day"]
        < family["moved_out_day"]
        <= family["closed_day"]
    )
    [stay] = frames["stays"].to_dicts()
    assert stay["nights"] == family["moved_out_day"] - family["moved_in_day"]
    [child] = frames["children"].filter(pl.col("kind") == "child").to_dicts()
    assert (child["age_months_at_start"], child["age_years_at_start_missing"]) == (2, "not_relevant")
    [outcome] = frames["outcomes"].to_dicts()
    assert outcome["outcome"] is not None and outcome["child_lives"] is not None
    maps = frames["network"].sort("number")
    assert maps["number"].to_list() == list(range(1, maps.height + 1))
    assert (maps["near"] + maps["middle"] + maps["far"]).to_list() == maps["people"].to_list()
    assert max(maps["people"].to_list()) >= 1
    assert max(frames["goals"]["ratings"].to_list()) >= 1
    assert max(frames["meetings"]["colleagues_present"].to_list()) >= 1
    assert set(frames["sessions"]["status"]) == {"held"}


def test_fidelity_is_a_row_for_each_rule_and_never_more_done_than_asked(walked: Walked) -> None:
    from workflows.fidelity.indicators import INDICATORS

    frame = walked.frames["fidelity"]
    assert frame.height == 2 * len(INDICATORS)
    said = frame.filter(pl.col("expected").is_not_null())
    assert (said["done"] <= said["expected"]).all() and (said["expected"] >= 1).all()
    begun = frame.filter(pl.col("municipality_code") == 461, pl.col("element") == "exit")
    assert set(begun.filter(pl.col("expected").is_null())["expected_missing"]) <= {"not_yet_due"}
    greve = {
        r["indicator"]: (r["done"], r["expected"])
        for r in frame.filter(pl.col("municipality_code") == 253).to_dicts()
    }
    assert greve["goals_in_time"] == (1, 1) and greve["map_in_time"] == (1, 1)
    assert greve["support_in_place"][1] == 1


def test_the_page_of_those_who_lead_a_site_counts_by_the_same_rules(walked: Walked) -> None:
    from workflows.fidelity.sites import counted, rules_of

    ours = pl.col("municipality_code") == 253
    dataset = {
        r["indicator"]: (r["expected"], r["done"]) for r in walked.frames["fidelity"].filter(ours).to_dicts()
    }
    day = walked.greve.now + timedelta(days=400)
    assert day.date() == walked.as_of
    both = [walked.greve.family.pk, walked.odense.family.pk]
    cast = Cast()
    with clock.standing_at(day), cast.greve.teamlead.acting(), transaction.atomic():
        rules = rules_of(both)
    # Odense's family is not hers to count, whatever she asks for.
    assert {rule.family for rule in rules} == {walked.greve.family.pk}
    assert {rule.code: (rule.expected, rule.done) for rule in rules} == dataset
    lines = counted(rules)
    assert all(line.families + line.silent == 1 and line.done <= line.expected for line in lines)
    with clock.standing_at(day), cast.randers.teamlead.acting(), transaction.atomic():
        assert rules_of(both) == []


def test_a_municipality_that_takes_no_part_is_in_no_dataset(walked: Walked) -> None:
    frames = extract.frames(DATASETS, project=walked.project, as_of=walked.as_of, municipalities=[253])
    for name, frame in frames.items():
        assert set(frame["municipality_code"].drop_nulls()) <= {253}, name
    none = extract.frames(["registration"], project=walked.project, municipalities=[])
    assert none["registration"].is_empty()


def test_the_same_request_gives_the_same_bytes(walked: Walked) -> None:
    again = extract.frames(DATASETS, project=walked.project, as_of=walked.as_of)
    assert all(again[name].equals(frame) for name, frame in walked.frames.items())


def test_batches_are_bounded_and_together_they_are_the_whole(walked: Walked) -> None:
    whole = walked.frames["fidelity"]
    parts = list(extract.batches("fidelity", project=walked.project, as_of=walked.as_of, rows=7))
    assert [part.height for part in parts[:-1]] == [7] * (len(parts) - 1) and 0 < parts[-1].height <= 7
    assert pl.concat(parts).equals(whole)
    [empty] = extract.batches("registration", project=walked.project, municipalities=[])
    assert empty.columns == list(DATASETS["registration"].columns) and empty.is_empty()


def test_rows_and_frames_tell_the_same(walked: Walked) -> None:
    [one] = extract.read(["registration"], project=walked.project, as_of=walked.as_of)
    assert [row[0] for row in one.rows] == walked.frames["registration"]["family_id"].to_list()


class Full:
    """A disk that is full after the first line."""

    def __init__(self) -> None:
        self.taken = io.BytesIO()

    def write(self, content: bytes) -> int:
        if self.taken.tell():
            raise OSError("no space left on device")
        return self.taken.write(content)


def test_a_sink_that_breaks_ends_the_reading_and_the_next_one_works(walked: Walked) -> None:
    with pytest.raises(OSError), extract.snapshot(walked.project, as_of=walked.as_of) as moment:
        moment.copy_to(DATASETS["fidelity"], Full())
    cancelled = extract.batches("fidelity", project=walked.project, as_of=walked.as_of, rows=1)
    next(cancelled)
    cancelled.close()
    sink = io.BytesIO()
    with extract.snapshot(walked.project, as_of=walked.as_of) as moment:
        assert moment.copy_to(DATASETS["fidelity"], sink) == walked.frames["fidelity"].height
    assert sink.getvalue().count(b"\n") == walked.frames["fidelity"].height


def test_what_no_declaration_names_does_not_leave(walked: Walked) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET ROLE ff_evaluation_owner")
        cursor.execute("ALTER VIEW evaluation.training RENAME TO training_as_declared")
        cursor.execute(
            "CREATE VIEW evaluation.training AS SELECT *, 'Anna'::text AS provider FROM evaluation.training_as_declared"
        )
        cursor.execute("GRANT SELECT ON evaluation.training TO ff_evaluation")
    try:
        frame = extract.frames(["training"], project=walked.project)["training"]
        assert frame.columns == list(DATASETS["training"].columns)
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP VIEW evaluation.training")
            cursor.execute("ALTER VIEW evaluation.training_as_declared RENAME TO training")
            cursor.execute("RESET ROLE")
    with pytest.raises(ValueError, match="declares no variable called name"):
        extract.read(["parents"], project=walked.project, variables={"parents": ["name"]})
    [asked] = extract.read(["parents"], project=walked.project, variables={"parents": ["education"]})
    assert asked.dataset.columns == ("person_id", "education", "education_missing")
    assert len(asked.rows[0]) == 3


# Pseudonyms --------------------------------------------------------------------------------------------------


def test_two_projects_have_no_pseudonym_in_common_and_one_has_the_same_again(walked: Walked) -> None:
    other = extract.frames(["registration", "parents"], project=with_key(), as_of=walked.as_of)
    here = walked.frames
    assert not set(other["registration"]["family_id"]) & set(here["registration"]["family_id"])
    assert not set(other["parents"]["person_id"]) & set(here["parents"]["person_id"])
    assert all(
        re.fullmatch(f"[{LETTERS}]{{20}}", one) for one in other["registration"]["family_id"].to_list()
    )


def test_two_kinds_of_subject_with_one_id_have_two_pseudonyms(walked: Walked) -> None:
    from evaluation import pseudonyms

    subject = uuid4()
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        pseudonyms.state(walked.project, using="owner")
        cursor.execute(
            "SELECT sec.pseudonym(sec.inner_part(sec.project(), kind), sec.outer_part(sec.project()), %s) "
            "FROM unnest(ARRAY['family', 'person']) kind",
            [subject],
        )
        [(family,), (person,)] = cursor.fetchall()
    assert family != person


def test_without_a_project_nothing_is_read(walked: Walked) -> None:
    with pytest.raises(DatabaseError, match="no project"), connections["evaluation"].cursor() as cursor:
        cursor.execute("SELECT family_id FROM evaluation.registration")
    with pytest.raises(DatabaseError, match="the project has no key"):
        extract.read(["registration"], project=uuid4())


def test_a_project_nobody_signed_is_refused(walked: Walked) -> None:
    from evaluation import pseudonyms

    own = pseudonyms.token(walked.project)
    _project, *rest = own.split("|")
    for forged in (
        "|".join([str(with_key()), *rest]),
        own[:-1] + ("0" if own[-1] != "0" else "1"),
        str(walked.project),
    ):
        with transaction.atomic(using="evaluation"), connections["evaluation"].cursor() as cursor:
            cursor.execute("SELECT set_config('app.project', %s, true)", [forged])
            with pytest.raises(DatabaseError, match="forged project"), transaction.atomic(using="evaluation"):
                cursor.execute("SELECT family_id FROM evaluation.registration")


def test_other_secrets_make_no_other_pseudonyms_but_an_error(walked: Walked, settings: Any) -> None:
    settings.PSEUDONYM_KEY = b"\1" * 32
    with pytest.raises(DatabaseError, match="made with other secrets"):
        extract.read(["registration"], project=walked.project)


def test_a_key_that_was_destroyed_is_gone_for_good(walked: Walked) -> None:
    project = with_key()
    assert extract.read(["registration"], project=project)
    evaluator = Cast().evaluator
    with evaluator.acting(), transaction.atomic():
        assert create_key(project) is False  # it has one
    with pytest.raises(ProgrammingError, match="permission denied"), evaluator.acting(), transaction.atomic():
        destroy_key(project)  # the web's log-in may not
    with evaluator.acting(), transaction.atomic(using="owner"):
        assert destroy_key(project, using="owner") is True
        assert destroy_key(project, using="owner") is False
    with pytest.raises(DatabaseError, match="the project has no key"):
        extract.read(["registration"], project=project)
    with pytest.raises(DatabaseError, match="was destroyed"), evaluator.acting(), transaction.atomic():
        create_key(project)


def test_a_key_is_not_made_in_a_case_and_no_login_reads_one(walked: Walked) -> None:
    with (
        pytest.raises(DatabaseError, match="the evaluation's"),
        Cast().greve.teamlead.acting(),
        transaction.atomic(),
    ):
        create_key(uuid4())
    for alias in ("default", "evaluation"):
        with pytest.raises(DatabaseError, match="permission denied"), connections[alias].cursor() as cursor:
            cursor.execute("SELECT * FROM sec.project_key")
    assert re.fullmatch("[0-9a-f]{16}", key_id(walked.project)) and key_id(walked.project) != key_id(uuid4())
