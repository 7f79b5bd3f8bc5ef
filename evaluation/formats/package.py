"""The data package (specs.frictionlessdata.io, v1): what each CSV file holds, for people and programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from evaluation.formats.parts import About, Table, WrittenFile, english
from evaluation.formats.reasons import REASONS
from evaluation.formats.words import DESCRIPTION
from evaluation.variables import REGISTRATION, Dataset, Variable

PACKAGE = "datapackage.json"
JSON_TYPE = "application/json"


def moment(at: datetime) -> str:
    """A moment as it stands in every file: UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def package_text(tables: Sequence[Table], files: Sequence[WrittenFile], about: About) -> str:
    """The descriptor as text; ``files`` are the CSV files of ``tables``, in the same order."""
    told = data_package(tables, files, about)
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def data_package(tables: Sequence[Table], files: Sequence[WrittenFile], about: About) -> dict[str, Any]:
    """The descriptor. It names no licence, because none is given: the standard has no word for that."""
    names = {table.dataset.name for table in tables}
    description = "\n".join((DESCRIPTION["da"][about.personal_data], *about.notes))
    return {
        "profile": "tabular-data-package",
        "name": f"familieforloeb-{about.kind.lower()}-{about.release_id}",
        "id": about.release_id,
        "title": about.title,
        "description": description,
        "created": moment(about.created),
        "kind": about.kind,
        "purpose": about.purpose,
        "agreement": about.agreement,
        "personal_data": about.personal_data,
        "resources": [_resource(table, file, names) for table, file in zip(tables, files, strict=True)],
    }


def _resource(table: Table, file: WrittenFile, names: set[Any]) -> dict[str, Any]:
    dataset = table.dataset
    schema: dict[str, Any] = {
        "fields": [descriptor for v in dataset.variables for descriptor in _fields(v)],
        "missingValues": [""],
    }
    if dataset.key:
        schema["primaryKey"] = list(dataset.key)
    if _belongs_to_a_family(dataset, names):
        schema["foreignKeys"] = [
            {
                "fields": ["family_id"],
                "reference": {"resource": str(REGISTRATION.name), "fields": ["family_id"]},
            }
        ]
    return {
        "profile": "tabular-data-resource",
        "name": str(dataset.name),
        "path": file.name,
        "title": dataset.title,
        "titles": _titles(dataset.title, english(dataset, "title")),
        "description": dataset.description,
        "description_en": english(dataset, "description"),
        "format": "csv",
        "mediatype": file.media_type,
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": schema,
    }


def _belongs_to_a_family(dataset: Dataset, names: set[Any]) -> bool:
    named = {v.name for v in dataset.variables if not v.missing}
    return dataset.name != REGISTRATION.name and REGISTRATION.name in names and "family_id" in named


def _fields(variable: Variable) -> list[dict[str, Any]]:
    constraints: dict[str, Any] = {}
    if not variable.missing:
        constraints["required"] = True
    if variable.values:
        codes = list(variable.values)
        constraints["enum"] = [int(code) for code in codes] if variable.type == "integer" else codes
    if variable.pattern:
        constraints["pattern"] = variable.pattern
    shown: dict[str, Any] = {
        "name": variable.name,
        "type": variable.type,
        "title": variable.title,
        "titles": _titles(variable.title, variable.title_en),
        "sort": variable.sort.value,
    }
    for word in ("description", "unit", "source", "why"):
        if getattr(variable, word):
            shown[word] = getattr(variable, word)
        if in_english := english(variable, word):
            shown[f"{word}_en"] = in_english
    if variable.type == "boolean":
        shown |= {"trueValues": ["1"], "falseValues": ["0"]}
    if constraints:
        shown["constraints"] = constraints
    if variable.values:
        shown["categories"] = _categories(variable.values, variable.values_en)
    if not variable.missing:
        return [shown]
    reason = {
        "name": variable.reason_name,
        "type": "string",
        "title": f"Hvorfor mangler: {variable.title}",
        "titles": _titles(
            f"Hvorfor mangler: {variable.title}", variable.title_en and f"Why missing: {variable.title_en}"
        ),
        "description": "Tom, når værdien findes.",
        "constraints": {"enum": list(REASONS)},
        "categories": _categories(
            {code: reason.title for code, reason in REASONS.items()},
            {code: reason.title_en for code, reason in REASONS.items()},
        ),
    }
    return [shown, reason]


def _titles(danish: str, english: str) -> dict[str, str]:
    return {"da": danish, "en": english} if english else {"da": danish}


def _categories(values: Mapping[str, str], english: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"value": code, "label": label} | ({"label_en": english[code]} if english.get(code) else {})
        for code, label in values.items()
    ]
