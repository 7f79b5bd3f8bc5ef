"""What is written: tables with their declarations, what is to be said about the release, and what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluation.dataset_names import DatasetName
from evaluation.variables import Dataset, Variable


@dataclass(frozen=True)
class Table:
    """A dataset and its rows: the frame's columns are the dataset's, reasons beside their variables."""

    dataset: Dataset
    frame: pl.DataFrame


@dataclass(frozen=True)
class About:
    """What a release says of itself in every one of its descriptions.

    ``kind`` is T1, T2 or T3; ``recipe_hash`` and ``key_id`` are "" where there is no recipe or no pseudonyms; the key
    itself is nowhere. ``cohort`` says in words or as data whose families these are. Times carry their zone.
    """

    kind: str
    release_id: str
    title: str
    purpose: str
    agreement: str
    created: datetime
    recipe_hash: str = ""
    key_id: str = ""
    cohort: str = ""
    snapshot_at: datetime | None = None
    personal_data: bool = True
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class WrittenFile:
    """One finished file in the folder. ``rows`` is None for a file that is not a table."""

    name: str
    path: Path
    media_type: str
    sha256: str
    bytes: int
    rows: int | None = None


class NotWritten(Exception):
    """No files were written, and none is left. ``type`` is stable; the message is Danish and holds no value."""

    type: ClassVar[str] = "release-not-written"


class Undeclared(NotWritten):
    """A column or a value that no declaration names, or a missing value without its reason."""

    type = "release-undeclared"


class DiskFull(NotWritten):
    """There was no room for the files."""

    type = "release-disk-full"


class WeakPassword(NotWritten):
    """A password that could be guessed."""

    type = "release-weak-password"


def english(declared: Variable | Dataset, part: str) -> str:
    """A part of a declaration in English (``title``, ``description``, ``unit`` …); "" when nobody has said."""
    said = str(getattr(declared, f"{part}_en", ""))
    if not said and part == "title" and isinstance(declared.name, DatasetName):
        with override("en"):
            return str(declared.name.label)
    return said


def numbers_of(variable: Variable) -> Mapping[str, int]:
    """The number that stands for each code in Stata and SPSS: its place on the list, from 1."""
    return {code: number for number, code in enumerate(variable.values, start=1)}


def undeclared(dataset: Dataset, column: str, what: str) -> Undeclared:
    return Undeclared(
        _("%(dataset)s.%(column)s: %(what)s") % {"dataset": str(dataset.name), "column": column, "what": what}
    )
