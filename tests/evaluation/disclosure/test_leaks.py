"""What must never be in a file is found in any of them, wherever it hides."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib

import polars as pl
import pytest

from evaluation.disclosure.leaks import Hit, scan

ALLOWED = {
    "family_id": re.compile(r"[0-9a-f]{16}"),
    "outcome": {"home_together", "child_placed"},
    "setbacks": None,
    "started_on": re.compile(r"\d{4}-\d{2}-\d{2}"),
}
GOOD = (
    b"family_id,outcome,setbacks,started_on\n00000000000000aa,home_together,2,2026-01-05\n,child_placed,,\n"
)
#: The CPR number of nobody: no control digit fits, but the day exists.
CPR = "311299-0000"


def kinds(hits: list[Hit]) -> set[str]:
    return {hit.kind for hit in hits}


def test_a_clean_release_has_no_hit() -> None:
    files = {
        "data/registration.csv": GOOD,
        "datapackage.json": b'{"title": "Udtr\xc3\xa6k", "bytes": 12345678}',
    }
    assert scan(files, ALLOWED, ["kanariefugl"]) == []


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (CPR, "CPR"),
        ("3112990000", "CPR"),
        ("911299-0000", "CPR"),  # of somebody whose day counts from 61
        ("ring 12 34 56 78", "telephone"),
        ("+4512345678", "telephone"),
        ("mor@example.dk", "e-mail"),
        ("2670 Greve", "postal address"),
        ("den 3. 4. 2026", "date"),
        ("talt med Mette", "name"),
        ("kanariefugl", "canary"),
    ],
)
def test_what_stands_in_a_text_is_found_in_a_cell_a_label_and_a_name(value: str, kind: str) -> None:
    value = "91" + value[2:] if value.startswith("911") else value
    files = {
        "a.csv": f"outcome\n{value}\n".encode(),
        "b.json": json.dumps({"label": value}).encode(),
    }
    hits = scan(files, ALLOWED, ["kanariefugl"])
    assert {hit.kind for hit in hits if hit.file == "a.csv"} >= {kind, "not on its list"}
    if kind != "postal address":  # a codebook names municipalities and years
        assert kind in {hit.kind for hit in hits if hit.file == "b.json"}


def test_a_code_that_is_not_on_its_list_and_a_column_nobody_declared() -> None:
    assert kinds(scan({"a.csv": b"outcome\nunknown\n"}, ALLOWED)) == {"not on its list"}
    assert kinds(scan({"a.csv": b"remarks\nfine\n"}, ALLOWED)) == {"undeclared column"}
    assert kinds(scan({"a.csv": b"setbacks\nmange\n"}, ALLOWED)) == {"not on its list"}
    assert kinds(scan({"a.csv": b"setbacks,outcome\n1\n"}, ALLOWED)) == {"malformed line"}


def test_a_hit_says_where_and_never_what() -> None:
    (hit,) = [one for one in scan({"a.csv": f"outcome\n\n{CPR}\n".encode()}, ALLOWED) if one.kind == "CPR"]
    assert hit.file == "a.csv"
    assert "outcome" in hit.where
    assert CPR not in str(hit.describe())


def test_file_names_zips_pdfs_and_binaries_are_opened() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside.csv", f"outcome\n{CPR}\n")
    pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nstream\n" + zlib.compress(b"hej kanariefugl") + b"\nendstream\n"
    files = {
        f"{CPR}.csv": b"setbacks\n1\n",
        "all.zip": packed.getvalue(),
        "codebook.pdf": pdf,
        "data.sav": b"\x00\x01\x02label: kanariefugl\x00" + f"note {CPR}".encode() + b"\x00",
    }
    hits = scan(files, ALLOWED, ["kanariefugl"])
    assert {(hit.file, hit.kind) for hit in hits} >= {
        (f"{CPR}.csv", "CPR"),
        ("all.zip/inside.csv", "CPR"),
        ("codebook.pdf", "canary"),
        ("data.sav", "canary"),
        ("data.sav", "CPR"),
    }


def test_parquet_is_read_with_its_statistics_and_metadata() -> None:
    def parquet(frame: pl.DataFrame, **more: str) -> bytes:
        out = io.BytesIO()
        frame.write_parquet(out, metadata=more or None)
        return out.getvalue()

    clean = pl.DataFrame({"outcome": ["home_together"], "setbacks": [3]})
    assert scan({"a.parquet": parquet(clean)}, ALLOWED, ["kanariefugl"]) == []
    assert "canary" in kinds(
        scan({"a.parquet": parquet(clean, note="kanariefugl")}, ALLOWED, ["kanariefugl"])
    )
    dirty = pl.DataFrame({"outcome": ["home_together", CPR]})
    hits = scan({"a.parquet": parquet(dirty)}, ALLOWED)
    assert {hit.where for hit in hits if hit.kind == "CPR"} >= {"outcome", "statistics"}
    assert kinds(scan({"a.parquet": parquet(pl.DataFrame({"pay": [1.0]}))}, ALLOWED)) == {"undeclared column"}


def test_a_manifest_may_say_when_and_nothing_else_may() -> None:
    said = b'{"created": "2026-01-05"}'
    assert kinds(scan({"manifest.json": said, "other.json": said}, {}, dates_in=["manifest.json"])) == {
        "date"
    }
    assert {
        hit.file for hit in scan({"manifest.json": said, "other.json": said}, {}, dates_in=["manifest.json"])
    } == {"other.json"}
