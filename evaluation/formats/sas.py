"""A SAS program that reads the CSV files with types, labels, value labels and reasons (.A, .B …).

Text alone: what stands in it are declarations, never data. SAS's limits: names of 32 characters, a format's name also
without a digit at its end (and a text format's with its $), labels of 256 bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluation.formats.naming import SHORTEST_NAME, cut_bytes, short_names
from evaluation.formats.parts import About, Table
from evaluation.formats.reasons import REASONS
from evaluation.variables import Dataset, Variable

SAS_TYPE = "application/x-sas"
NAME, LABEL = SHORTEST_NAME, 256
#: As long as a text without a list may be.
LONGEST = 200


def program(tables: Sequence[Table], about: About) -> str:
    """The program for all the datasets of a release."""
    lines = [
        f"/* {_comment(about.title)} ({about.kind}, {about.release_id}) */",
        "/* Skriv mappen med filerne her. / Write the folder of the files here. SAS: session encoding UTF-8. */",
        "%let folder = .;",
        "options validvarname=v7;",
        "",
    ]
    for table in tables:
        lines += [*_formats(table.dataset), "", *_data(table.dataset), ""]
    return "\r\n".join(lines)


def format_name(dataset: Dataset, column: str, *, text: bool) -> str:
    """The name of the format of a column: unique in the program, not ending in a digit, $ before that of a text."""
    whole = f"{dataset.name}_{column}_f"
    name = short_names([whole], letters=NAME - 1)[whole]
    return f"${name}" if text else name


def _formats(dataset: Dataset) -> Iterator[str]:
    yield "proc format;"
    for variable in dataset.variables:
        text = variable.type == "string"
        pairs = [(_code(code, text), title) for code, title in _values(variable).items()]
        if variable.missing and variable.type not in {"string", "date"}:
            pairs += [(f".{reason.letter.upper()}", reason.title) for reason in REASONS.values()]
        if pairs:
            yield f"  value {format_name(dataset, variable.name, text=text)}"
            yield from (f"    {code} = {_quoted(cut_bytes(title, LABEL))}" for code, title in pairs)
            yield "  ;"
    if any(variable.missing for variable in dataset.variables):
        yield f"  value {format_name(dataset, 'reasons', text=True)}"
        yield from (f"    {_quoted(code)} = {_quoted(reason.title)}" for code, reason in REASONS.items())
        yield "  ;"
    yield "run;"


def _data(dataset: Dataset) -> Iterator[str]:
    names = short_names(dataset.columns, letters=NAME)
    yield f"data {short_names([str(dataset.name)], letters=NAME)[str(dataset.name)]}"
    yield f"    (label={_quoted(cut_bytes(dataset.title, LABEL))});"
    yield f'  infile "&folder/{dataset.name}.csv" dsd dlm="," firstobs=2 lrecl=32767 termstr=crlf'
    yield "    encoding='utf-8' truncover;"
    columns: list[str] = []
    for variable in dataset.variables:
        yield f"  informat {names[variable.name]} {_informat(variable)};"
        if shown := _format(dataset, variable):
            yield f"  format {names[variable.name]} {shown};"
        yield f"  label {names[variable.name]} = {_quoted(cut_bytes(variable.title, LABEL))};"
        columns.append(names[variable.name])
        if variable.missing:
            why = names[variable.reason_name]
            yield f"  informat {why} $20.;"
            yield f"  format {why} {format_name(dataset, 'reasons', text=True)}.;"
            yield f"  label {why} = {_quoted(cut_bytes(f'Hvorfor mangler: {variable.title}', LABEL))};"
            columns.append(why)
    yield "  input"
    yield from (f"    {name}" for name in columns)
    yield "  ;"
    for variable in dataset.variables:
        if variable.missing and variable.type != "string":
            for code, reason in REASONS.items():
                yield (
                    f"  if {names[variable.reason_name]} = {_quoted(code)} then "
                    f"{names[variable.name]} = .{reason.letter.upper()};"
                )
    yield "run;"


def _values(variable: Variable) -> dict[str, str]:
    if variable.type == "boolean":
        return {"1": "Ja", "0": "Nej"}
    return dict(variable.values) if variable.type != "date" else {}


def _informat(variable: Variable) -> str:
    if variable.type == "date":
        return "yymmdd10."
    if variable.type != "string":
        return "best32."
    longest = max((len(code.encode()) for code in variable.values), default=LONGEST)
    return f"${longest}."


def _format(dataset: Dataset, variable: Variable) -> str:
    if variable.type == "date":
        return "yymmdd10."
    text = variable.type == "string"
    if _values(variable) or (variable.missing and not text):
        return f"{format_name(dataset, variable.name, text=text)}."
    return "" if text else "best12."


def _code(code: str, text: bool) -> str:
    return _quoted(code) if text else code


def _quoted(text: str) -> str:
    """A literal of SAS: in single quotes nothing is a macro."""
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def _comment(text: str) -> str:
    return " ".join(text.split()).replace("*/", "* /")
