"""Descriptions of a release by the standards' own checkers: the data package by frictionless, the codebook by DDI's rules."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from evaluation.formats import write
from evaluation.formats.reasons import REASONS
from evaluation.variables import DATASETS
from tests.evaluation.formats.samples import ABOUT, all_tables

#: The declarations of DDI-Codebook 2.5 that our codebooks use, with the licence that they are under.
SCHEMA = Path(__file__).parent / "ddi" / "codebook-2.5-part.xsd"
DDI = "{ddi:codebook:2_5}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("release")
    write(made, all_tables(), ABOUT)
    return made


def validate(package: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"],
        cwd=package, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_frictionless_finds_the_package_valid_and_a_tampered_one_not(folder: Path, tmp_path: Path) -> None:
    found = validate(folder)
    assert found.returncode == 0, found.stdout
    told = json.loads(found.stdout)
    assert told["valid"] and len(told["tasks"]) == len(DATASETS)
    tampered = tmp_path / "tampered"
    shutil.copytree(folder, tampered)
    csv = tampered / "exit_steps.csv"
    csv.write_bytes(csv.read_bytes().replace(b"U", b"V", 1).replace(b"proceed", b"prosit", 1))
    found = validate(tampered)
    assert found.returncode == 1
    errors = {one["type"] for task in json.loads(found.stdout)["tasks"] for one in task["errors"]}
    assert errors & {"hash-count", "constraint-error", "foreign-key"}


def test_the_package_has_titles_in_both_languages_and_no_licence(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert "licenses" not in package and package["personal_data"] is True
    for resource in package["resources"]:
        assert set(resource["titles"]) == {"da", "en"}
        assert resource["schema"]["missingValues"] == [""]
        reasons = [field for field in resource["schema"]["fields"] if field["name"].endswith("_missing")]
        declared = DATASETS[resource["name"]].variables
        assert len(reasons) == sum(bool(variable.missing) for variable in declared)
        for field in reasons:
            assert field["constraints"]["enum"] == list(REASONS)
            assert {"label", "label_en"} <= set(field["categories"][0])


def test_the_codebook_is_valid_ddi(folder: Path) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    document = etree.parse(folder / "codebook/ddi-codebook-2.5.xml")
    schema.assertValid(document)
    files = {one.get("ID") for one in document.findall(f".//{DDI}fileDscr")}
    assert {one.get("files") for one in document.findall(f".//{DDI}var")} == files
    for tag, change in {"catgry": {"missing": "maybe"}, "varFormat": {"schema": "ours"}}.items():
        broken = etree.fromstring(etree.tostring(document))
        broken.find(f".//{DDI}{tag}").attrib.update(change)
        assert not schema.validate(broken), tag
    broken = etree.fromstring(etree.tostring(document))
    broken.find(f".//{DDI}useStmt").insert(0, etree.Element(f"{DDI}restrctn"))
    assert not schema.validate(broken)


def test_the_codebook_says_whose_words_the_formats_are(folder: Path) -> None:
    document = etree.parse(folder / "codebook/ddi-codebook-2.5.xml")
    [used] = document.findall(f"{DDI}docDscr/{DDI}controlledVocabUsed")
    assert used.findtext(f"{DDI}usage/{DDI}attribute") == "@otherSchema"
    path = used.findtext(f"{DDI}usage/{DDI}selector")
    meant = (
        document.getroot().getroottree().xpath(path.replace("/", "/d:"), namespaces={"d": "ddi:codebook:2_5"})
    )
    formats = document.findall(f".//{DDI}varFormat")
    assert meant == formats
    for one in formats:
        # "other" says nothing without a word from a list that is named.
        assert one.get("schema") == "other" and one.get("otherSchema") == used.findtext(f"{DDI}codeListID")
        assert one.get("category", "other") == ("date" if one.text == "date" else "other")


def test_the_codebook_says_each_variable_in_both_languages_with_its_reasons(folder: Path) -> None:
    document = etree.parse(folder / "codebook/ddi-codebook-2.5.xml")
    variables = document.findall(f".//{DDI}var")
    assert [one.get("name") for one in variables] == [
        column for dataset in DATASETS.values() for column in dataset.columns
    ]
    declared = {(f"F{n}", v.name): v for n, d in enumerate(DATASETS.values(), 1) for v in d.variables}
    for one in variables:
        variable = declared.get((one.get("files"), one.get("name")))
        labels = {label.get(LANG): label.text for label in one.findall(f"{DDI}labl")}
        missing = [c.find(f"{DDI}catValu").text for c in one.findall(f"{DDI}catgry[@missing='Y']")]
        if variable is None:
            assert labels["da"].startswith("Hvorfor mangler: ")
            continue
        assert labels["da"] == variable.title and labels.get("en", "") == variable.title_en
        assert missing == (list(REASONS) if variable.missing else [])
        notes = [note.get(LANG) for note in one.findall(f"{DDI}notes[@type='sdc']")]
        assert notes == ["da", "en"]
    for category in document.findall(f".//{DDI}catgry[@missing='Y']"):
        assert [label.get(LANG) for label in category.findall(f"{DDI}labl")] == ["da", "en"]
    assert not document.findall(f".//{DDI}sumStat") and not document.findall(f".//{DDI}catStat")
