"""Files of a release: read back by the programs' own formats, the same again, and never half of them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pyreadstat
import pytest
import pyzipper
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from evaluation.formats import (
    NotWritten,
    Table,
    Undeclared,
    WeakPassword,
    WrittenFile,
    archive,
    fresh_password,
    public_key,
    verify,
    write,
)
from evaluation.formats.checking import schema_of
from evaluation.formats.manifest import public_text
from evaluation.formats.naming import SHORTEST_NAME, cut_bytes, cut_letters, short_names
from evaluation.formats.plain import decimal
from evaluation.formats.reasons import HIGHEST, LOWEST, REASONS
from evaluation.formats.sas import format_name
from evaluation.variables import DATASETS, MEASUREMENTS, MISSING_REASONS, REGISTRATION, Dataset, Variable
from tests.conftest import ROOT, run_command
from tests.evaluation.formats.samples import ABOUT, a_table, all_tables

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "ddi" / "codebook-2.5-part.xsd"))
PASSWORD = "correct-horse-battery-staple"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[WrittenFile]]:
    """One release of every dataset, written once."""
    folder = tmp_path_factory.mktemp("release")
    return folder, write(folder, all_tables(), ABOUT)


def rows_of(folder: Path, dataset: Dataset) -> list[dict[str, str]]:
    with (folder / f"{dataset.name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_reason_has_its_own_letter_and_number_in_every_format() -> None:
    assert REASONS.keys() >= {*MISSING_REASONS, "suppressed"}
    assert all(REASONS[code].title == title for code, title in MISSING_REASONS.items())
    assert (
        len({one.letter for one in REASONS.values()})
        == len({one.number for one in REASONS.values()})
        == len(REASONS)
    )
    assert all(LOWEST <= one.number <= HIGHEST and one.title_en for one in REASONS.values())
    # What is in files that people keep is never given to another reason.
    kept = {"suppressed": ("a", -999_999), "not_asked": ("b", -999_998), "not_on_list": ("g", -999_993)}
    assert {code: (REASONS[code].letter, REASONS[code].number) for code in kept} == kept


def test_csv_is_plain_and_the_same_rows_as_parquet(release: tuple[Path, list[WrittenFile]]) -> None:
    folder, _files = release
    for table in all_tables():
        raw = (folder / f"{table.dataset.name}.csv").read_bytes()
        assert raw.endswith(b"\r\n") and not raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\r\n") == 21
        parquet = pl.read_parquet(folder / f"parquet/{table.dataset.name}.parquet")
        assert parquet.equals(table.frame)
        for row, cells in zip(parquet.iter_rows(named=True), rows_of(folder, table.dataset), strict=True):
            assert {name: plainly(value) for name, value in row.items()} == cells


def plainly(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return decimal(value) if isinstance(value, float) else str(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(7.0, "7"), (7.5, "7.5"), (-0.1, "-0.1"), (1e-7, "0.0000001"), (1e22, "1" + "0" * 22), (0.0, "0")],
)
def test_numbers_are_plain_decimals(value: float, text: str) -> None:
    assert decimal(value) == text and float(text) == value


def test_parquet_has_no_smallest_or_largest_and_says_what_columns_mean(tmp_path: Path) -> None:
    from evaluation.formats import plain

    table = a_table(REGISTRATION)
    canary = Table(REGISTRATION, table.frame.with_columns(family_id=pl.lit("cafecafecafecafe")))
    plain.write_parquet(canary, tmp_path / "quiet")
    canary.frame.write_parquet(tmp_path / "talking", statistics=True)
    assert b"cafecafecafecafe" in foot(tmp_path / "talking")
    assert b"cafecafecafecafe" not in foot(tmp_path / "quiet")
    told = json.loads(pl.read_parquet_metadata(tmp_path / "quiet")["familieforloeb"])
    assert told["variables"]["child_at_start"]["title"]["da"] == "Mor gravid eller barn født ved start"
    assert told["reasons"]["suppressed"]["en"] == "Suppressed to prevent recognition"


def foot(path: Path) -> bytes:
    """The footer of a Parquet file, where statistics would be."""
    raw = path.read_bytes()
    return raw[-8 - int.from_bytes(raw[-8:-4], "little") : -8]


def test_stata_has_labels_in_danish_and_the_reason_in_the_value(
    release: tuple[Path, list[WrittenFile]],
) -> None:
    folder, _files = release
    for dataset in DATASETS.values():
        frame, meta = pyreadstat.read_dta(
            str(folder / f"stata/{dataset.name}.dta"), user_missing=True, output_format="dict"
        )
        assert (
            (folder / f"stata/{dataset.name}.dta")
            .read_bytes()
            .startswith(b"<stata_dta><header><release>118<")
        )
        names = short_names(dataset.columns, letters=SHORTEST_NAME)
        assert list(frame) == list(names.values())
        for cells, variable in ((rows_of(folder, dataset), one) for one in dataset.variables):
            name = names[variable.name]
            assert meta.column_names_to_labels[name] == cut_letters(variable.title, 80)
            labels = meta.variable_value_labels.get(name, {})
            for row, found in zip(cells, frame[name], strict=True):
                if variable.missing and not row[variable.name]:
                    reason = REASONS[row[variable.reason_name]]
                    if is_text(variable):
                        assert found == ""
                    else:
                        assert (found, labels[found]) == (reason.letter, reason.title)
                elif variable.values:
                    assert labels[found] == variable.values[row[variable.name]]
                else:
                    assert seen(found) == row[variable.name], (variable.name, found)
            if variable.missing:
                why = names[variable.reason_name]
                words = meta.variable_value_labels[why]
                assert [words.get(one) for one in frame[why]] == [
                    REASONS[row[variable.reason_name]].title if row[variable.reason_name] else None
                    for row in cells
                ]


def test_spss_has_labels_in_danish_and_the_reason_as_a_user_missing_value(
    release: tuple[Path, list[WrittenFile]],
) -> None:
    folder, _files = release
    for dataset in DATASETS.values():
        path = str(folder / f"spss/{dataset.name}.sav")
        frame, meta = pyreadstat.read_sav(path, user_missing=True, output_format="dict")
        plain, _meta = pyreadstat.read_sav(path, output_format="dict")
        for variable in dataset.variables:
            cells = rows_of(folder, dataset)
            assert meta.column_names_to_labels[variable.name] == variable.title
            labels = meta.variable_value_labels.get(variable.name, {})
            for row, found, known in zip(cells, frame[variable.name], plain[variable.name], strict=True):
                if variable.missing and not row[variable.name]:
                    reason = REASONS[row[variable.reason_name]]
                    if is_text(variable):
                        assert found == ""
                    else:
                        assert (found, labels[found]) == (reason.number, reason.title)
                        assert known is None  # SPSS leaves it out of every calculation
                elif variable.values:
                    assert labels[found] == variable.values[row[variable.name]]
                else:
                    assert seen(found) == row[variable.name], (variable.name, found)


def is_text(variable: Variable) -> bool:
    return variable.type == "string" and not variable.values


def seen(found: Any) -> str:
    return decimal(found) if isinstance(found, float) else str(found)


def test_a_long_label_is_cut_and_not_refused(tmp_path: Path) -> None:
    long = "Æ" * 300
    variable = Variable("score", "1", "number", long, missing="NULL")
    coded = Variable("code", "1", "string", "Kode", values={"a": long, "b": "b"})
    dataset = replace(MEASUREMENTS, title=long, variables=(variable, coded), key=(), order=())
    frame = pl.DataFrame({"score": [1.0, None], "score_missing": [None, "suppressed"], "code": ["a", "b"]})
    write(tmp_path, [Table(dataset, frame)], ABOUT)
    _frame, meta = pyreadstat.read_dta(str(tmp_path / "stata/measurements.dta"), output_format="dict")
    assert meta.column_names_to_labels["score"] == "Æ" * 79 + "…"
    assert meta.variable_value_labels["code"][1] == long
    _frame, meta = pyreadstat.read_sav(str(tmp_path / "spss/measurements.sav"), output_format="dict")
    assert meta.column_names_to_labels["score"] == cut_bytes(long, 256)
    assert meta.variable_value_labels["code"][1] == cut_bytes(long, 120)


@pytest.mark.parametrize("rows", [0, 1])
def test_a_table_without_rows_or_without_a_missing_value_can_be_read(rows: int, tmp_path: Path) -> None:
    frame = pl.concat(
        [a_table(MEASUREMENTS, 20).frame.tail(1)] * rows or [a_table(MEASUREMENTS, 20).frame.clear()]
    )
    write(tmp_path, [Table(MEASUREMENTS, frame)], ABOUT)
    for read, name in (
        (pyreadstat.read_dta, "stata/measurements.dta"),
        (pyreadstat.read_sav, "spss/measurements.sav"),
    ):
        found, meta = read(str(tmp_path / name), user_missing=True, output_format="dict")
        assert list(found) == list(MEASUREMENTS.columns) and len(found["day"]) == rows
        assert "Undertrykt af hensyn til genkendelse" in meta.variable_value_labels["score"].values()


def test_names_that_are_cut_stay_apart() -> None:
    names = short_names([f"{'a' * 40}{n}" for n in range(50)], letters=SHORTEST_NAME)
    assert len(set(names.values())) == 50
    assert all(len(one) <= SHORTEST_NAME and not one[-1].isdigit() for one in names.values())


def test_the_sas_program_names_every_column_within_sas_s_limits(
    release: tuple[Path, list[WrittenFile]],
) -> None:
    folder, _files = release
    text = (folder / "sas/import.sas").read_bytes().decode()
    assert "\r\n" in text and text.count("proc format;") == text.count("\r\ndata ") == len(DATASETS)
    assert text.count("run;") == 2 * len(DATASETS)
    outside = "".join(text.split("'")[::2])
    assert text.count("'") % 2 == 0 and outside.count("(") == outside.count(")")
    for dataset in DATASETS.values():
        assert f'infile "&folder/{dataset.name}.csv" dsd' in text
        body = text.split(f"data {dataset.name}\r\n")[1].split("run;")[0]
        assert "encoding='utf-8'" in body
        listed = body.split("  input\r\n")[1].split(";")[0].split()
        assert listed == list(short_names(dataset.columns, letters=SHORTEST_NAME).values())
        assert all(len(name) <= 32 for name in listed)
        for variable in dataset.variables:
            name = short_names([variable.name], letters=SHORTEST_NAME)[variable.name]
            assert f"  label {name} = '{variable.title}';" in body
            shape = format_name(dataset, variable.name, text=variable.type == "string")
            assert len(shape) <= 32 and not shape[-1].isdigit()
            if variable.values:
                assert f"  value {shape}\r\n" in text and f"  format {name} {shape}.;" in body
            if variable.missing and variable.type != "string":
                assert f"= 'suppressed' then {name} = .A;" in body


def test_the_codebook_says_everything_declared_and_nothing_counted(
    release: tuple[Path, list[WrittenFile]],
) -> None:
    folder, _files = release
    for language, warning in (("da", "Personoplysninger"), ("en", "Personal data")):
        page = (folder / f"codebook/codebook.{language}.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in page and warning in page
        assert all(word not in page for word in ("http:", "https:", "src=", "<script", "url("))
        for dataset in DATASETS.values():
            for variable in dataset.variables:
                assert f'id="{dataset.name}.{variable.name}"' in page
        few = write_only_html(language)
        assert few == page  # the rows change nothing
        pdf = (folder / f"codebook/codebook.{language}.pdf").read_bytes()
        assert b"pdfuaid:part" in pdf


def write_only_html(language: str) -> str:
    from evaluation.formats import readable

    return readable.html(all_tables(rows=8), ABOUT, language)


def test_the_readme_says_what_it_is_in_both_languages(release: tuple[Path, list[WrittenFile]]) -> None:
    text = (release[0] / "README.txt").read_text(encoding="utf-8")
    for word in (
        "PERSONOPLYSNINGER",
        "PERSONAL DATA",
        "haven::read_sav",
        "import.sas",
        "Stata 14",
        "2026-17",
    ):
        assert word in text


def test_the_same_tables_are_the_same_bytes(release: tuple[Path, list[WrittenFile]], tmp_path: Path) -> None:
    with override("en"):
        again = write(tmp_path, all_tables(), ABOUT)
    assert [(one.name, one.sha256) for one in again] == [(one.name, one.sha256) for one in release[1]]
    assert archive(again, None) == archive(release[0], None)


def test_a_release_is_verified_and_every_change_is_found(
    release: tuple[Path, list[WrittenFile]], tmp_path: Path
) -> None:
    folder, files = release
    assert verify(folder) == []
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["pseudonym_key_id"] == "k-2026-17" and manifest["recipe_hash"] == "a" * 64
    assert {one["name"] for one in manifest["files"]} == {f.name for f in files} - {
        "manifest.json",
        "manifest.sig",
    }
    contents = {one.name: one.path.read_bytes() for one in files}
    registration = contents["registration.csv"]
    tampered = {
        "registration.csv er ikke den fil": {"registration.csv": registration.replace(b"born", b"lost", 1)},
        "passer ikke": {"manifest.json": contents["manifest.json"].replace(b'"T1"', b'"T3"')},
        "hører ikke til": {"data.csv": b"1"},
    }
    for words, change in tampered.items():
        faults = verify(archive({**contents, **change}, PASSWORD), password=PASSWORD)
        assert len(faults) == 1 and words in faults[0]
    without = {name: content for name, content in contents.items() if name != "README.txt"}
    assert verify(archive(without, None)) == ["README.txt mangler."]
    assert verify(archive({}, None)) == ["manifest.json mangler."]
    assert "forkert adgangskode" in verify(archive(contents, PASSWORD), password=fresh_password())[0]
    assert "beskadiget" in verify(b"PK no zip")[0]
    assert "kan ikke læses" in verify(tmp_path / "nowhere.zip")[0]


def test_the_archive_is_encrypted_and_opens_with_its_password(
    release: tuple[Path, list[WrittenFile]], tmp_path: Path
) -> None:
    packed = archive(release[1], PASSWORD)
    assert b"family_id" not in packed and archive(release[1], PASSWORD) != packed
    with pytest.raises((RuntimeError, NotImplementedError)), zipfile.ZipFile(io.BytesIO(packed)) as plain:
        plain.read("registration.csv")
    with pyzipper.AESZipFile(io.BytesIO(packed)) as opened:
        opened.setpassword(PASSWORD.encode())
        assert opened.testzip() is None
        assert all(one.wz_aes_strength == 3 and one.wz_aes_version == 2 for one in opened.infolist())
    with pytest.raises(WeakPassword):
        archive(release[1], "short")
    assert len({fresh_password() for _round in range(20)}) == 20
    path = tmp_path / "release.zip"
    path.write_bytes(packed)
    said = run_command("verify_release", str(path), process="web", FAMILIEFORLOEB_PASSWORD=PASSWORD)
    assert "som det blev lavet" in said and public_text(public_key()) in said


BAD: dict[str, Any] = {
    "another column": lambda frame: frame.rename({"score": "note"}),
    "a value not on the list": lambda frame: frame.with_columns(respondent=pl.lit("0101901234")),
    "a value not of its pattern": lambda frame: frame.with_columns(family_id=pl.lit("Anna")),
    "a text that is run": lambda frame: frame.with_columns(instrument_version=pl.lit("=1+1")),
    "an empty cell without reason": lambda frame: frame.with_columns(score_missing=pl.lit(None, pl.String)),
    "a reason nobody knows": lambda frame: frame.with_columns(score_missing=pl.lit("because")),
    "an empty cell that may not be": lambda frame: frame.with_columns(day=pl.lit(None, pl.Int64)),
    "a text for a number": lambda frame: frame.with_columns(day=pl.lit("1")),
    "a number for a text": lambda frame: frame.with_columns(family_id=pl.lit(1)),
    "a number kept for missing values": lambda frame: frame.with_columns(day=pl.lit(LOWEST)),
    "no number": lambda frame: frame.with_columns(scale_min=pl.lit(float("nan"))),
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_what_no_declaration_names_is_refused_and_not_said_aloud(change: Any, tmp_path: Path) -> None:
    table = a_table(MEASUREMENTS)
    with pytest.raises(Undeclared) as refused:
        write(tmp_path, [table, Table(MEASUREMENTS, change(table.frame))], ABOUT)
    assert refused.value.type == "release-undeclared"
    assert "measurements" in str(refused.value)
    assert not any(word in str(refused.value) for word in ("0101901234", "Anna", "because"))
    assert list(tmp_path.iterdir()) == []


#: A process of its own in which no file may grow beyond a limit: the system itself says no, as on a full disk.
LIMITED = """
import resource, sys, signal
from pathlib import Path
import django
django.setup()
from evaluation.formats import DiskFull, write
from tests.evaluation.formats.samples import ABOUT, all_tables
folder = Path(sys.argv[1])
mine = folder / "mine.txt"
mine.write_text("mine")
tables = all_tables()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    write(folder, tables, ABOUT)
except DiskFull as full:
    print(full.type, [str(one.relative_to(folder)) for one in sorted(folder.rglob("*"))], full)
"""


@pytest.mark.parametrize("limit", [1_000, 40_000, 100_000, 150_000])
def test_a_disk_that_fills_leaves_nothing(limit: int, tmp_path: Path) -> None:
    """Within a CSV file, a Stata file, the data package and the codebook, in this order."""
    said = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path), str(limit)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.stdout == (
        "release-disk-full ['mine.txt'] Der er ikke plads til filerne. Ingen af dem er skrevet.\n"
    ), said.stderr


class Cancelled(BaseException):
    """Somebody stopped the worker."""


@pytest.mark.parametrize("error", [Cancelled, ValueError])
def test_what_stops_half_way_leaves_nothing(
    error: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_arguments: Any) -> Any:
        assert (tmp_path / "measurements.csv").exists()
        raise error

    monkeypatch.setattr("evaluation.formats.readable.html", stop)
    with pytest.raises(Cancelled if error is Cancelled else NotWritten) as raised:
        write(tmp_path, [a_table(MEASUREMENTS)], ABOUT)
    assert list(tmp_path.iterdir()) == []
    if error is ValueError:
        assert str(raised.value) == "Filerne kunne ikke skrives. Ingen af dem er der."


NAMES = st.from_regex(r"[a-z][a-z_]{0,40}[a-z]", fullmatch=True).filter(
    lambda name: not name.endswith("_missing")
)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200
).filter(str.strip)
CODES = st.dictionaries(
    st.from_regex(r"[a-zæøå0-9][a-zæøå0-9 ,;\"-]{0,30}", fullmatch=True), WORDS, min_size=1, max_size=6
)
VALUES: dict[str, Any] = {
    "integer": st.integers(-(10**5), 10**9),
    "number": st.floats(-(10**5), 10**9, allow_nan=False, width=64),
    "boolean": st.booleans(),
    "date": st.dates(),
}


@st.composite
def declared_tables(draw: st.DrawFn) -> Table:
    """A table over a dataset that somebody might declare: any names, words, types and missing values."""
    variables, columns = [], {}
    rows = draw(st.integers(0, 5))
    for name in draw(st.lists(NAMES, min_size=1, max_size=5, unique=True)):
        kind = draw(st.sampled_from(["string", *VALUES]))
        codes = draw(CODES) if kind == "string" else {}
        may_miss = draw(st.booleans())
        variables.append(
            Variable(
                name,
                "x",
                kind,
                draw(WORDS),
                values=codes,
                missing="x" if may_miss else "",
                title_en=draw(WORDS),
            )
        )
        value = st.sampled_from(list(codes)) if codes else VALUES[kind]
        reasons = [
            draw(st.none() | st.sampled_from(list(REASONS))) if may_miss else None for _row in range(rows)
        ]
        columns[name] = [None if why else draw(value) for why in reasons]
        if may_miss:
            columns[f"{name}_missing"] = reasons
    dataset = replace(MEASUREMENTS, title=draw(WORDS), variables=tuple(variables), key=(), order=())
    return Table(dataset, pl.DataFrame(columns, schema=schema_of(dataset)))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(table=declared_tables())
def test_any_declared_table_is_written_and_comes_back_as_it_was(table: Table) -> None:
    with (
        pytest.MonkeyPatch.context() as patched,
        TemporaryDirectory() as made,
    ):
        # Typst takes a third of a second for each paper, and knows nothing of the rows.
        patched.setattr("evaluation.formats.print_paper", lambda paper: b"%PDF")
        folder = Path(made)
        write(folder, [table], ABOUT)
        assert verify(folder) == []
        assert pl.read_parquet(folder / "parquet/measurements.parquet").equals(table.frame)
        for row, cells in zip(table.frame.iter_rows(named=True), rows_of(folder, table.dataset), strict=True):
            assert {name: plainly(value) for name, value in row.items()} == cells
        stata = short_names(table.dataset.columns, letters=SHORTEST_NAME)
        readers = (
            (pyreadstat.read_dta, "stata/measurements.dta", "letter"),
            (pyreadstat.read_sav, "spss/measurements.sav", "number"),
        )
        for read, name, mark in readers:
            found, _meta = read(str(folder / name), user_missing=True, output_format="dict")
            names = (
                stata
                if mark == "letter"
                else dict(zip(table.dataset.columns, table.dataset.columns, strict=True))
            )
            assert list(found) == list(names.values())
            for variable in table.dataset.variables:
                back = found[names[variable.name]]
                assert len(back) == table.frame.height
                if variable.missing:
                    for value, why in zip(back, table.frame[variable.reason_name], strict=True):
                        if why and variable.type != "date":
                            assert value == getattr(REASONS[why], mark)
        SCHEMA.assertValid(etree.parse(folder / "codebook/ddi-codebook-2.5.xml"))
