"""A declaration is whole, tells nobody's number, and names nothing that is not granted; without the database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from evaluation.variables import DATASETS, MISSING_REASONS, MISSING_REASONS_EN, REGISTRATION
from evaluation.variables.costs import PROFESSIONS
from evaluation.variables.declared import (
    Codes,
    Sort,
    Variable,
    Words,
    refuse_incomplete,
    variable,
)
from evaluation.variables.kit import Unit, Why
from evaluation.variables.organisation import PREREQUISITES, TRAINING_KINDS
from workflows.fidelity.indicators import INDICATORS
from workflows.kernel.models import Element
from workflows.model_versions.content import NATIONAL, parse, read_file

WHOLE: dict[str, Any] = {
    "name": "phase",
    "sql": "f.phase",
    "kind": "string",
    "title": Words("Fase", "Phase"),
    "sort": Sort.PROCESS,
    "unit": Unit.CODE,
    "source": Words("Forløbet", "The journey"),
    "why": Why.IMPLEMENTATION,
    "values": Codes({"started": "Startet"}, {"started": "Started"}),
}


def test_a_whole_declaration_says_it_all_in_both_languages() -> None:
    made = variable(**WHOLE)
    assert made.declared and (made.title, made.title_en) == ("Fase", "Phase")
    assert made.values_en == {"started": "Started"} and made.why_en and made.source_en and made.unit_en


@pytest.mark.parametrize(
    ("changed", "lacking"),
    [
        ({"title": Words("Fase", "")}, "the label in both languages"),
        ({"sort": None}, "its sort"),
        ({"unit": None}, "its unit"),
        ({"source": None}, "its source in the system"),
        ({"source": Words("Forløbet", "")}, "its source in the system"),
        ({"why": None}, "why it is collected"),
        ({"description": Words("Hvor", "")}, "its description in both languages"),
        ({"values": Codes({"started": "Startet"}, {})}, "English words for every value"),
        ({"values": Codes({"started": "Startet"}, {"started": ""})}, "English words for every value"),
    ],
)
def test_an_incomplete_declaration_is_refused(changed: dict[str, Any], lacking: str) -> None:
    with pytest.raises(ValueError, match=lacking):
        variable(**(WHOLE | changed))


def test_a_dataset_with_a_variable_that_is_not_declared_whole_does_not_start() -> None:
    bare = Variable("phase", "f.phase", "string", "Fase", values={"started": "Startet"})
    with pytest.raises(ValueError, match="phase is not declared whole"):
        refuse_incomplete(
            replace(REGISTRATION, variables=(*REGISTRATION.variables[:1], bare), order=("phase",))
        )
    with pytest.raises(ValueError, match="in both languages what it is"):
        refuse_incomplete(replace(REGISTRATION, title_en=""))
    with pytest.raises(ValueError, match="two columns of one name"):
        refuse_incomplete(replace(REGISTRATION, variables=REGISTRATION.variables * 2))
    with pytest.raises(ValueError, match="ordered or keyed"):
        refuse_incomplete(replace(REGISTRATION, key=("room",)))


def test_free_text_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="held to a list or a pattern"):
        variable(**(WHOLE | {"name": "assessment", "sql": "f.assessment", "values": None}))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Anna 010190-1234", "CPR"),
        ("0101901234", "CPR"),
        ("Ring til 22 33 44 55", "telephone"),
        ("+45 22334455", "telephone"),
        ("Skriv til anna@example.dk", "e-mail"),
    ],
)
def test_a_number_or_an_address_of_somebody_is_refused_in_every_text(text: str, what: str) -> None:
    for changed in (
        {"title": Words(text, "Phase")},
        {"title": Words("Fase", text)},
        {"description": Words(text, "Where")},
        {"source": Words("Forløbet", text)},
        {"values": Codes({"started": text}, {"started": "Started"})},
        {"values": Codes({text: "Startet"}, {text: "Started"})},
    ):
        with pytest.raises(ValueError, match=what):
            variable(**(WHOLE | changed))
    with pytest.raises(ValueError, match=what):
        replace(REGISTRATION, title=text)


def test_every_dataset_is_declared_whole_and_carries_its_municipality() -> None:
    for dataset in DATASETS.values():
        refuse_incomplete(dataset)
        assert "municipality_code" in dataset.columns
        for v in dataset.variables:
            assert v.sort in Sort and v.unit and v.unit_en and v.source_en and v.why_en
            assert set(v.values) == set(v.values_en)
            assert (v.sort is Sort.IDENTIFYING) == v.sql.startswith("sec.pseudonym("), v.name
    assert set(MISSING_REASONS) == set(MISSING_REASONS_EN)


def test_the_ten_questions_come_in_the_order_of_the_form() -> None:
    asked = [
        "started_on", "child_at_start", "receives_other_support", "age_parent_1", "older_children", "home_before",
        "trait_low_mentalisation", "education_parent_1", "employment_parent_1", "home_language",
    ]  # fmt: skip
    places = [REGISTRATION.columns.index(name) for name in asked]
    assert places == sorted(places)


def test_what_families_are_at_risk_by_is_marked_so() -> None:
    sorts = {v.name: v.sort for v in REGISTRATION.variables}
    for name in (
        "municipality_code", "started_on", "child_at_start", "age_parent_1", "age_parent_2", "older_children", "home_language",
    ):  # fmt: skip
        assert sorts[name] is Sort.QUASI_IDENTIFYING, name
    assert all(sort is Sort.SENSITIVE for name, sort in sorts.items() if name.startswith("trait_"))
    assert sorts["outcome"] is Sort.OUTCOME


def test_the_code_tables_hold_what_the_national_versions_name() -> None:
    for path in NATIONAL.glob("*.toml"):
        content = read_file(path)
        assert {kind["code"] for kind in content["training_kinds"]} <= set(TRAINING_KINDS.da)
        assert {heading["code"] for heading in content["organisation"]} <= set(PREREQUISITES.da)
        assert set(parse(content).professions) <= set(PROFESSIONS.da)


def test_only_the_declared_variables_can_be_chosen() -> None:
    chosen = REGISTRATION.only(["home_language"])
    assert chosen.columns == ("family_id", "home_language", "home_language_missing")
    assert chosen.order == ("family_id",)
    with pytest.raises(ValueError, match="declares no variable called cpr, name"):
        REGISTRATION.only(["name", "cpr", "home_language"])


def test_every_indicator_says_its_rule_in_both_languages() -> None:
    assert len({one.code for one in INDICATORS}) == len(INDICATORS)
    for one in INDICATORS:
        assert all((one.title.da, one.title.en, one.means.da, one.means.en)), one.code
    assert [one.element for one in INDICATORS] == sorted(
        (one.element for one in INDICATORS), key=list(Element).index
    )
