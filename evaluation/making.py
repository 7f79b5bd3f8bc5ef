"""What a release of each kind is made of, and the report that goes with it: pure, over the rows that were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from evaluation.extract import Extract
from evaluation.formats import CSV_TYPE, File, files_of
from evaluation.models import Agreement, Kind, Release

#: A count of 1 to 7 is not shown, and the others are rounded to 5: a printed 5 could otherwise only be few numbers.
SMALLEST_SHOWN = 8
ROUNDED_TO = 5


@dataclass(frozen=True)
class Made:
    """A round's files, the report on them, and whose families are in them."""

    files: tuple[File, ...]
    report: dict[str, Any]
    municipalities: tuple[int, ...]


def made_of(
    release: Release, extracts: Sequence[Extract], municipalities: tuple[int, ...], *, built_at: datetime
) -> Made:
    """The files and the report of one round. Raises ValueError for a kind that is not made from these rows."""
    extracts = [covered(extract, release.under) for extract in extracts]
    suppressed = 0
    if release.kind == Kind.T1:
        files = files_of(release, extracts, built_at=built_at)
    elif release.kind == Kind.T3:
        tables = [counted(extract) for extract in extracts]
        files = [file for file, _hidden in tables]
        suppressed = sum(hidden for _file, hidden in tables)
    else:
        raise ValueError("anonymised rows are made where there are enough families only")
    return Made(
        tuple(files),
        report_of(release, extracts, municipalities, made_at=built_at, suppressed=suppressed),
        municipalities,
    )


def covered(extract: Extract, agreement: Agreement | None) -> Extract:
    """The extract with the variables that the agreement covers, and the ids that rows are known by."""
    if agreement is None or not agreement.variables:
        return extract
    dataset, named = extract.dataset, set(agreement.variables)
    kept = tuple(
        v for v in dataset.variables if v.name in dataset.key or f"{dataset.name.value}.{v.name}" in named
    )
    narrowed = replace(dataset, variables=kept)
    places = [dataset.columns.index(column) for column in narrowed.columns]
    return Extract(narrowed, [tuple(row[place] for place in places) for row in extract.rows])


def counted(extract: Extract) -> tuple[File, int]:
    """How many rows of a dataset each municipality has, small numbers hidden and the rest rounded; how many were hidden."""
    columns = extract.dataset.columns
    where = columns.index("municipality_code") if "municipality_code" in columns else None
    found = Counter(str(row[where]) if where is not None else "alle" for row in extract.rows)
    lines, hidden = ["municipality_code,rows,rows_missing"], 0
    for code, count in sorted(found.items()):
        if count < SMALLEST_SHOWN:
            hidden += 1
            lines.append(f"{code},,too_few")
        else:
            lines.append(f"{code},{ROUNDED_TO * round(count / ROUNDED_TO)},")
    content = "".join(f"{line}\r\n" for line in lines).encode()
    return File(f"{extract.dataset.name.value}.csv", CSV_TYPE, content, rows=len(found)), hidden


def report_of(
    release: Release,
    extracts: Sequence[Extract],
    municipalities: tuple[int, ...],
    *,
    made_at: datetime,
    suppressed: int,
) -> dict[str, Any]:
    """What the municipalities read before they say anything: what it is for, and what is in it."""
    families = {
        row[extract.dataset.columns.index("family_id")]
        for extract in extracts
        if "family_id" in extract.dataset.columns
        for row in extract.rows
    }
    return {
        "kind": release.kind,
        "made_at": made_at.isoformat(timespec="seconds"),
        "municipalities": list(municipalities),
        "agreement": agreement_words(release.under),
        "five_safes": five_safes(release),
        "datasets": [_dataset(extract) for extract in extracts],
        "counts": {
            "families_in": len(families),
            "families_out": len(families) if release.kind == Kind.T1 else 0,
            "suppressed_cells": suppressed,
            "suppressed_rows": 0,
        },
        "risk": [],
        "loss": {},
        "attacks": [],
        "differences": [],
        "recipe_changes": [],
        "hard_failures": [],
    }


def agreement_words(agreement: Agreement | None) -> dict[str, Any]:
    """The agreement whole, as the municipalities read it."""
    if agreement is None:
        return {}
    return {
        "number": agreement.number,
        "title": agreement.title,
        "purpose": agreement.purpose,
        "legal_basis": agreement.get_legal_basis_display(),
        "role": agreement.get_role_display(),
        "ends_on": agreement.ends_on.isoformat(),
        "people": sorted(str(person.staff) for person in agreement.people.all()),
        "datasets": list(agreement.datasets),
        "variables": list(agreement.variables),
        "key_id": agreement.key_id,
    }


def five_safes(release: Release) -> dict[str, str]:
    """People, project, setting, data, output: what makes each of them safe, in a sentence."""
    agreement = release.under
    named = len(agreement.people.all()) if agreement else 0
    return {
        "people": f"{named} navngivne personer efter aftalen; bestilt af {release.requested_by}.",
        "project": release.purpose,
        "setting": (
            f"{agreement.get_role_display()}; {agreement.get_legal_basis_display()}; til og med "
            f"{agreement.ends_on:%d.%m.%Y}."
            if agreement
            else ""
        ),
        "data": str(release.get_kind_display()),
        "output": "Hentes krypteret gennem et link, der tæller og udløber; filerne slettes efter 30 dage.",
    }


def _dataset(extract: Extract) -> dict[str, Any]:
    dataset = extract.dataset
    return {
        "name": dataset.name.value,
        "title": dataset.title,
        "rows": len(extract.rows),
        "variables": [
            {"name": v.name, "title": v.title, "sort": v.sort.value, "why": v.why} for v in dataset.variables
        ],
    }
