"""Files: CSV (RFC 4180, UTF-8) described by a Frictionless data package (specs.frictionlessdata.io, v1)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from evaluation.extract import Extract
from evaluation.models import Release
from evaluation.variables import MISSING_REASONS, REGISTRATION, Dataset, Variable

PACKAGE = "datapackage.json"
CSV_TYPE = "text/csv"
JSON_TYPE = "application/json"

_DESCRIPTION = (
    "Rækker på familieniveau med pseudonymer. Det er personoplysninger i form, også uden navne og "
    "CPR-numre, og må kun bruges efter aftalen og i et sikkert miljø. Kontrollen mod genkendelse er ikke "
    "bygget endnu; derfor er udtrækket lavet i en demo, og alle personer i det er opdigtede. Der følger "
    "ingen licens med: data må ikke gives videre. En tom celle har sin grund i kolonnen med samme navn og "
    "endelsen _missing."
)


@dataclass(frozen=True)
class File:
    """One finished file. ``rows`` is None for a file that is not a table."""

    name: str
    media_type: str
    content: bytes
    rows: int | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def files_of(release: Release, extracts: Iterable[Extract], *, built_at: datetime) -> list[File]:
    """The files of a release: one CSV per dataset, and the package that describes them."""
    tables = [(extract.dataset, csv_file(extract)) for extract in extracts]
    package = json.dumps(data_package(release, tables, built_at=built_at), ensure_ascii=False, indent=2)
    return [*(file for _dataset, file in tables), File(PACKAGE, JSON_TYPE, f"{package}\n".encode())]


def csv_file(extract: Extract) -> File:
    """A dataset as CSV: a header, then the rows; nothing is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(extract.dataset.columns)
    writer.writerows([_cell(value) for value in row] for row in extract.rows)
    return File(
        name=f"{extract.dataset.name.value}.csv",
        media_type=CSV_TYPE,
        content=text.getvalue().encode(),
        rows=len(extract.rows),
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def data_package(
    release: Release, tables: Sequence[tuple[Dataset, File]], *, built_at: datetime
) -> dict[str, Any]:
    """The descriptor. It names no licence, because none is given: the standard has no word for that."""
    names = {dataset.name for dataset, _file in tables}
    return {
        "profile": "tabular-data-package",
        "name": f"familieforloeb-{release.kind.lower()}-{release.uuid}",
        "id": str(release.uuid),
        "title": "Familieforløb: udtræk til evaluering",
        "description": _DESCRIPTION,
        "created": built_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "kind": release.kind,
        "purpose": release.purpose,
        "agreement": release.agreement,
        "resources": [_resource(dataset, file, names) for dataset, file in tables],
    }


def _resource(dataset: Dataset, file: File, names: set[Any]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [descriptor for v in dataset.variables for descriptor in _fields(v)],
        "missingValues": [""],
        "primaryKey": list(dataset.key),
    }
    if dataset is not REGISTRATION and REGISTRATION.name in names:
        schema["foreignKeys"] = [
            {
                "fields": ["family_id"],
                "reference": {"resource": REGISTRATION.name.value, "fields": ["family_id"]},
            }
        ]
    return {
        "profile": "tabular-data-resource",
        "name": dataset.name.value,
        "path": file.name,
        "title": dataset.title,
        "description": dataset.description,
        "format": "csv",
        "mediatype": file.media_type,
        "encoding": "utf-8",
        "bytes": len(file.content),
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": schema,
    }


def _fields(variable: Variable) -> list[dict[str, Any]]:
    constraints: dict[str, Any] = {}
    if not variable.missing:
        constraints["required"] = True
    if variable.values:
        constraints["enum"] = list(variable.values)
    if variable.pattern:
        constraints["pattern"] = variable.pattern
    shown: dict[str, Any] = {"name": variable.name, "type": variable.type, "title": variable.title}
    if variable.description:
        shown["description"] = variable.description
    if variable.type == "boolean":
        shown |= {"trueValues": ["1"], "falseValues": ["0"]}
    if constraints:
        shown["constraints"] = constraints
    if variable.values:
        shown["categories"] = _categories(variable.values)
    if not variable.missing:
        return [shown]
    reason = {
        "name": variable.reason_name,
        "type": "string",
        "title": f"Hvorfor mangler: {variable.title}",
        "description": "Tom, når værdien findes.",
        "constraints": {"enum": list(MISSING_REASONS)},
        "categories": _categories(MISSING_REASONS),
    }
    return [shown, reason]


def _categories(values: Any) -> list[dict[str, str]]:
    return [{"value": code, "label": label} for code, label in values.items()]
