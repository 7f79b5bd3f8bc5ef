"""What a release contains: files that fit their description, and the acts of the journey in them."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from typing import Any

from django.db import transaction

from evaluation.models import ReleaseFile, Status
from evaluation.variables import DATASETS, MISSING_REASONS
from placement.instruments import catalogue
from placement.instruments.definition import Entry
from tests import releasing

TYPES = {
    "string": r"(?s).+",
    "integer": r"-?\d+",
    "number": r"-?\d+(\.\d+)?",
    "boolean": r"[01]",
    "date": r"\d{4}-\d\d-\d\d",
}


def package_of(cast: Any, release: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    with releasing.as_the_worker(), cast.evaluator.acting(), transaction.atomic():
        contents = {f.name: bytes(f.content) for f in ReleaseFile.objects.filter(release=release)}
    return json.loads(contents["datapackage.json"]), contents


def test_the_package_describes_the_files(cast: Any, story: Any, built: Any, tables: Any) -> None:
    story.exit_steps(1)
    story.measure(instrument="hverdagslog", score=Decimal("7.5"))
    release = built()
    assert release.status == Status.BUILT
    package, contents = package_of(cast, release)
    rows = tables(release)
    assert [r["path"] for r in package["resources"]] == [
        "registration.csv",
        "measurements.csv",
        "exit_steps.csv",
    ]
    assert "licenses" not in package
    for resource in package["resources"]:
        content = contents[resource["path"]]
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
        assert resource["rows"] == len(rows[resource["name"]]) >= 1
        fields = resource["schema"]["fields"]
        header = content.decode().splitlines()[0].split(",")
        assert header == [f["name"] for f in fields]
        for row in rows[resource["name"]]:
            for field in fields:
                _check_cell(field, row[field["name"]])
        keys = [tuple(row[k] for k in resource["schema"]["primaryKey"]) for row in rows[resource["name"]]]
        assert len(keys) == len(set(keys))


def _check_cell(field: dict[str, Any], cell: str) -> None:
    constraints = field.get("constraints", {})
    if cell == "":
        assert not constraints.get("required"), field["name"]
        return
    assert re.fullmatch(TYPES[field["type"]], cell), (field["name"], cell)
    assert cell in constraints.get("enum", [cell]), (field["name"], cell)
    assert re.search(constraints.get("pattern", ""), cell), (field["name"], cell)


def test_every_missing_value_has_its_reason_and_no_other_has_one(story: Any, built: Any, tables: Any) -> None:
    story.exit_steps(1)
    story.step("request_step")
    story.measure(instrument="hverdagslog", score=Decimal("7"))
    story.measure(instrument="interesse-for-barnets-indre-liv", score=None, missing_reason="declined")
    rows = tables(built())
    for name, found in rows.items():
        assert found
        for row in found:
            for v in DATASETS[name].variables:
                if v.missing:
                    assert (row[v.name] == "") == (row[v.reason_name] in MISSING_REASONS), (name, v.name, row)
                else:
                    assert row[v.name] != "", (name, v.name)


def test_the_registration_row_says_what_the_family_said(story: Any, built: Any, tables: Any) -> None:
    (row,) = tables(built())["registration"]
    assert row["municipality_code"] == "253"
    assert (row["model_version"], row["model_adaptation_missing"]) == ("2026-1", "not_relevant")
    assert row["child_at_start"] == "born"
    assert (row["age_parent_1"], row["age_parent_2"], row["age_parent_2_missing"]) == (
        "27",
        "",
        "not_relevant",
    )
    assert row["older_children"] == "1"
    assert (row["education_parent_1"], row["employment_parent_1_missing"]) == ("primary", "not_asked")
    assert (row["trait_network"], row["trait_violence"]) == ("1", "0")
    assert (row["phase"], row["outcome"], row["outcome_missing"]) == ("moved_in", "", "not_yet_due")
    assert row["moved_in_week"] == "0"


def test_the_registration_row_says_which_adaptation_the_family_follows(
    story: Any, built: Any, tables: Any, looking: Any
) -> None:
    looking.execute(
        "SET session_replication_role = replica"
    )  # nobody acts here, so there is no trail to write
    (lead,) = looking.execute("SELECT id FROM access_staff WHERE username = 'greve.teamlead'").fetchone()
    (made,) = looking.execute(
        "INSERT INTO model_versions_adaptation (uuid, municipality_id, version_id, number, code, overrides, reason, "
        "status, drafted_by_id, drafted_at, decision_reason) SELECT gen_random_uuid(), 253, id, 4, '2026-1-253-4', "
        "'{}', '', 'draft', %s, now(), '' FROM model_versions_modelversion WHERE code = '2026-1' RETURNING id",
        [lead],
    ).fetchone()
    looking.execute("UPDATE kernel_process SET adaptation_id = %s WHERE municipality_id = 253", [made])
    (row,) = tables(built())["registration"]
    assert (row["model_adaptation"], row["model_adaptation_missing"]) == ("2026-1-253-4", "")


def test_a_logged_score_and_an_approved_step_can_be_traced(story: Any, built: Any, tables: Any) -> None:
    earlier = tables(built())
    assert earlier["exit_steps"] == []
    story.measure(instrument="hverdagslog", score=Decimal("7"))
    wrong = story.measure(
        instrument="who-5", score=Decimal("64"), scale_min=Decimal(0), scale_max=Decimal(100)
    )
    story.measure(
        instrument="who-5",
        score=Decimal("60"),
        scale_min=Decimal(0),
        scale_max=Decimal(100),
        replaces=wrong,
        reason="Læst forkert",
    )
    story.exit_steps(1)
    story.step("request_step")
    story.step("approve_step", approve_step={"approved": False, "reason": "Ikke endnu"})
    later = tables(built())
    assert len(later["measurements"]) == len(earlier["measurements"]) + 2
    new = {r["instrument"]: r for r in later["measurements"]}
    assert (new["hverdagslog"]["score"], new["hverdagslog"]["scale_max"]) == ("7", "10")
    assert (new["who-5"]["score"], new["who-5"]["corrected"]) == ("60", "1")
    first, second = later["exit_steps"]
    assert (first["code"], first["approved"], first["result"]) == ("U1", "1", "proceed")
    assert (first["authority_needed"], first["authority_day_missing"]) == ("0", "not_relevant")
    assert int(first["requested_day"]) < int(first["decided_day"]) < int(first["carried_out_day"])
    assert (second["approved"], second["carried_out_day_missing"]) == ("0", "not_relevant")
    assert {r["family_id"] for r in later["exit_steps"]} == {later["registration"][0]["family_id"]}


def test_no_name_text_or_inner_id_is_in_any_file(cast: Any, story: Any, built: Any) -> None:
    story.exit_steps(1)
    _package, contents = package_of(cast, built())
    # Stata's and SPSS's files, Parquet and PDF hold words as they are too, or packed.
    everything = b"".join(contents.values()).decode(errors="replace")
    for word in ("Hemmelig", "Anna", str(story.family.uuid), story.family.number, "beder selv om det"):
        assert word not in everything


def test_a_release_holds_only_what_was_asked_for(cast: Any, story: Any, built: Any, tables: Any) -> None:
    release = built(datasets=["measurements"])
    package, contents = package_of(cast, release)
    assert set(contents) == {
        "measurements.csv",
        "parquet/measurements.parquet",
        "stata/measurements.dta",
        "spss/measurements.sav",
        "sas/import.sas",
        "datapackage.json",
        "codebook/ddi-codebook-2.5.xml",
        "codebook/codebook.da.html",
        "codebook/codebook.da.pdf",
        "codebook/codebook.en.html",
        "codebook/codebook.en.pdf",
        "README.txt",
        "manifest.json",
        "manifest.sig",
    }
    assert "foreignKeys" not in package["resources"][0]["schema"]


def test_families_of_every_municipality_are_in_and_look_the_same_again_under_one_agreement_only(
    story: Any, built: Any, tables: Any
) -> None:
    from tests.evaluation.conftest import Story

    Story("odense", 461).until("move_in")
    first, again, elsewhere = (tables(built(**by)) for by in ({}, {}, {"agreement": "2026-18"}))
    assert first == again
    assert {row["municipality_code"] for row in first["registration"]} == {"253", "461"}
    ids = [{row["family_id"] for row in one["registration"]} for one in (first, elsewhere)]
    assert len(ids[0]) == len(ids[1]) == 2 and not ids[0] & ids[1]


def test_every_score_of_a_shipped_instrument_leaves_under_its_name(
    cast: Any, story: Any, built: Any, tables: Any
) -> None:
    slugs = {
        definition.slug_of(scale)
        for definition in catalogue.shipped()
        if definition.entry is not Entry.GOALS and not definition.certificate
        for scale in definition.scales
    }
    assert {"prfq-pm", "epds", "epds-anxiety", "pss-lack-of-satisfaction", "sdq-prosocial", "who-5"} <= slugs
    for slug in slugs:
        story.measure(
            instrument=slug,
            instrument_version="1",
            score=Decimal(1),
            scale_min=Decimal(0),
            scale_max=Decimal(540),
        )
    release = built()
    assert {row["instrument"] for row in tables(release)["measurements"]} >= slugs
    package, _contents = package_of(cast, release)
    (fields,) = [r["schema"]["fields"] for r in package["resources"] if r["name"] == "measurements"]
    (named,) = [field for field in fields if field["name"] == "instrument"]
    labels = {one["value"]: one["label"] for one in named["categories"]}
    assert {"adbb", "kips", *slugs} <= set(labels)
    assert labels["prfq-pm"] == "PRFQ: forælderens blik for barnets indre liv – Før-mentalisering"
    assert len(set(labels.values())) == len(labels)


def test_a_score_that_was_taken_back_leaves_as_withdrawn(
    cast: Any, story: Any, built: Any, tables: Any
) -> None:
    given = story.measure(instrument="hverdagslog", score=Decimal(7))
    story.measure(
        instrument="hverdagslog",
        score=None,
        missing_reason="withdrawn",
        replaces=given,
        reason="Taget tilbage",
    )
    release = built()
    rows = [
        r
        for r in tables(release)["measurements"]
        if r["instrument"] == "hverdagslog" and r["corrected"] == "1"
    ]
    assert [(row["score"], row["score_missing"]) for row in rows] == [("", "withdrawn")]
    package, _contents = package_of(cast, release)
    (fields,) = [r["schema"]["fields"] for r in package["resources"] if r["name"] == "measurements"]
    (why,) = [field for field in fields if field["name"] == "score_missing"]
    assert {"value": "withdrawn", "label": "Taget tilbage", "label_en": "Taken back"} in why["categories"]
