"""The first file that somebody opens: what this is, what it may be used for, and how to open it."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.formats.package import moment
from evaluation.formats.parts import About, Table
from evaluation.formats.words import DESCRIPTION, LANGUAGES, WARNING

README_NAME = "README.txt"
TEXT_TYPE = "text/plain"

_HOW = {
    "da": """\
Sådan åbnes filerne (navn er navnet på et datasæt)
  Regneark, R, Python  navn.csv: UTF-8, komma mellem felter, punktum i decimaler. Excel: Data > Fra tekst/CSV, 65001.
  R                    readr::read_csv("navn.csv") · arrow::read_parquet("parquet/navn.parquet")
                       haven::read_dta("stata/navn.dta") · haven::read_sav("spss/navn.sav", user_na = TRUE)
  Stata 14 og senere   use "stata/navn.dta"   (grunden til en manglende værdi er .a, .b … med ord)
  SPSS                 GET FILE='spss/navn.sav'.   (grunden er en brugerdefineret manglende værdi med ord)
  SAS                  sas/import.sas: skriv mappen i første linje, kør i en UTF-8-session
Hvad felterne betyder: codebook/ (HTML, PDF og DDI-Codebook 2.5 på dansk og engelsk) og datapackage.json.
CSV og Parquet er de filer, der gælder; de andre er lavet af dem.
Er filerne, som de blev lavet? manifest.json har SHA-256 for hver af dem, og manifest.sig er underskriften (Ed25519).
""",
    "en": """\
How to open the files (name is the name of a dataset)
  Spreadsheets, R, Python  name.csv: UTF-8, comma between fields, point in decimals. Excel: Data > From Text/CSV, 65001.
  R                        readr::read_csv("name.csv") · arrow::read_parquet("parquet/name.parquet")
                           haven::read_dta("stata/name.dta") · haven::read_sav("spss/name.sav", user_na = TRUE)
  Stata 14 and later       use "stata/name.dta"   (the reason for a missing value is .a, .b … with words)
  SPSS                     GET FILE='spss/name.sav'.   (the reason is a user-missing value with words)
  SAS                      sas/import.sas: write the folder in the first line, run in a UTF-8 session
What the fields mean: codebook/ (HTML, PDF and DDI-Codebook 2.5 in Danish and English) and datapackage.json.
CSV and Parquet are the files that count; the others are made of them.
Are the files as they were made? manifest.json has each one's SHA-256, and manifest.sig is the signature (Ed25519).
""",
}


def readme(tables: Sequence[Table], about: About) -> str:
    """README.txt: Danish first, then English; lines end as Windows' own editor wants them."""
    head = [about.title, f"{about.kind} · {about.release_id} · {moment(about.created)}"]
    if about.agreement:
        head.append(f"Aftale / Agreement: {about.agreement}")
    lines = [*head, f"Formål / Purpose: {about.purpose}", *about.notes, ""]
    for language in LANGUAGES:
        if about.personal_data:
            lines.append(WARNING[language].upper())
        lines += [DESCRIPTION[language][about.personal_data], "", *_HOW[language].splitlines(), ""]
    lines.append("Datasæt / Datasets: " + ", ".join(str(table.dataset.name) for table in tables))
    return "\r\n".join(lines) + "\r\n"
