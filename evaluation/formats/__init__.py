"""The files of a release: canonical CSV and Parquet, Stata and SPSS, a SAS program, descriptions, a signed manifest.

`write` puts them into a folder, all or none; `archive` makes one encrypted file of them; `verify` says whether a release
is as it was made. Everything comes from the declarations in `evaluation.variables` and one table in memory for each
dataset; decision 0031 says why these formats and what is canonical.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.formats import ddi, labelled, package, plain, readable, readme, sas
from evaluation.formats.archive import ARCHIVE_TYPE, archive, fresh_password
from evaluation.formats.checking import checked
from evaluation.formats.folder import Folder
from evaluation.formats.manifest import (
    MANIFEST,
    SIGNATURE,
    key_id,
    manifest_text,
    public_key,
    signature_text,
    signing_key,
    verify,
)
from evaluation.formats.parts import About, DiskFull, NotWritten, Table, Undeclared, WeakPassword, WrittenFile
from evaluation.formats.words import LANGUAGES
from placement.paper.printing import print_paper

__all__ = [
    "ARCHIVE_TYPE",
    "About",
    "DiskFull",
    "File",
    "NotWritten",
    "Table",
    "Undeclared",
    "WeakPassword",
    "WrittenFile",
    "archive",
    "fresh_password",
    "public_key",
    "verify",
    "write",
]


def write(folder: Path, tables: Sequence[Table], about: About) -> list[WrittenFile]:
    """Write a release into ``folder``, which is there already: every format of every table, descriptions, manifest.

    Each file is written beside its name and then given it; whatever goes wrong, nothing that was written here is
    left. The same tables and ``about`` are the same bytes. Raises Undeclared for what no declaration names, DiskFull,
    and NotWritten for anything else; what stops the program goes on as it is.
    """
    with Folder(folder).whole() as into:
        tables = [checked(table) for table in tables]
        csvs = _csv_files(into, tables)
        _derived_files(into, tables, about)
        into.text(package.PACKAGE, package.JSON_TYPE, package.package_text(tables, csvs, about))
        into.text(ddi.DDI_NAME, ddi.DDI_TYPE, ddi.codebook(tables, csvs, about))
        for language in LANGUAGES:
            name = f"codebook/codebook.{language}"
            into.text(f"{name}.html", readable.HTML_TYPE, readable.html(tables, about, language))
            into.text(f"{name}.pdf", readable.PDF_TYPE, print_paper(readable.paper(tables, about, language)))
        into.text(readme.README_NAME, readme.TEXT_TYPE, readme.readme(tables, about))
        key = signing_key()
        manifest = manifest_text(into.files, about, signed_by=key_id(key.public_key()))
        into.text(MANIFEST, package.JSON_TYPE, manifest)
        into.text(SIGNATURE, readme.TEXT_TYPE, signature_text(manifest, key))
        return into.files


def _csv_files(into: Folder, tables: Sequence[Table]) -> list[WrittenFile]:
    for table in tables:
        with into.file(f"{table.dataset.name}.csv", plain.CSV_TYPE, table.frame.height) as path:
            plain.write_csv(table, path)
    return list(into.files)


def _derived_files(into: Folder, tables: Sequence[Table], about: About) -> None:
    def stata(table: Table, path: Path) -> None:
        labelled.write_stata(table, path, created=about.created)

    def spss(table: Table, path: Path) -> None:
        labelled.write_spss(table, path, created=about.created)

    ways: tuple[tuple[str, str, Callable[[Table, Path], None]], ...] = (
        ("parquet/{}.parquet", plain.PARQUET_TYPE, plain.write_parquet),
        ("stata/{}.dta", labelled.STATA_TYPE, stata),
        ("spss/{}.sav", labelled.SPSS_TYPE, spss),
    )
    for name, media_type, way in ways:
        for table in tables:
            with into.file(name.format(table.dataset.name), media_type, table.frame.height) as path:
                way(table, path)
    into.text("sas/import.sas", sas.SAS_TYPE, sas.program(tables, about))


@dataclass(frozen=True)
class File:
    """One finished file with its content. ``rows`` is None for a file that is not a table."""

    name: str
    media_type: str
    content: bytes
    sha256: str
    rows: int | None = None
