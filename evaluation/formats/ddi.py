"""DDI-Codebook 2.5 (ddialliance.org): the codebook that data archives read, in Danish and English."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from evaluation.formats.package import moment
from evaluation.formats.parts import About, Table, WrittenFile, english
from evaluation.formats.reasons import REASONS
from evaluation.formats.words import DA, DESCRIPTION, EN, LANGUAGES, SDC, SORTS
from evaluation.variables import Variable

DDI_NAME = "codebook/ddi-codebook-2.5.xml"
DDI_TYPE = "application/xml"
NAMESPACE = "ddi:codebook:2_5"
#: Whose words the variables' formats are: DDI has a list of vendors and wants to be told who it is when it is another.
FORMATS, FORMATS_NAME, FORMATS_AGENCY = "table-schema", "Table Schema field types", "Frictionless Data"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def codebook(tables: Sequence[Table], files: Sequence[WrittenFile], about: About) -> bytes:
    """The document; ``files`` are the CSV files of ``tables``. Counts are of rows and columns only."""
    root = Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5", _LANG: DA})
    _vocabulary(root)
    _study(root, tables, about)
    for number, (table, file) in enumerate(zip(tables, files, strict=True), start=1):
        _file(root, number, table, file)
    data = SubElement(root, "dataDscr")
    for number, table in enumerate(tables, start=1):
        for variable in table.dataset.variables:
            _variable(data, number, variable)
            if variable.missing:
                _reason(data, number, variable)
    ElementTree.indent(root)
    written = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'.encode()


def _vocabulary(root: Element) -> None:
    used = SubElement(SubElement(root, "docDscr"), "controlledVocabUsed")
    SubElement(used, "codeListID").text = FORMATS
    SubElement(used, "codeListName").text = FORMATS_NAME
    SubElement(used, "codeListAgencyName").text = FORMATS_AGENCY
    usage = SubElement(used, "usage")
    SubElement(usage, "selector").text = "/codeBook/dataDscr/var/varFormat"
    SubElement(usage, "attribute").text = "@otherSchema"


def _study(root: Element, tables: Sequence[Table], about: About) -> None:
    study = SubElement(root, "stdyDscr")
    citation = SubElement(study, "citation")
    titles = SubElement(citation, "titlStmt")
    _text(titles, "titl", about.title, DA)
    SubElement(titles, "IDNo", {"agency": "Familieforløb"}).text = about.release_id
    production = SubElement(citation, "prodStmt")
    SubElement(production, "prodDate", {"date": moment(about.created)}).text = moment(about.created)
    SubElement(production, "software").text = "Familieforløb"
    version = SubElement(citation, "verStmt")
    SubElement(version, "version", {"type": about.kind}).text = about.kind
    info = SubElement(study, "stdyInfo")
    for language in LANGUAGES:
        _text(info, "abstract", DESCRIPTION[language][about.personal_data], language)
    _text(info, "abstract", about.purpose, DA)
    if about.cohort:
        summary = SubElement(info, "sumDscr")
        _text(summary, "universe", about.cohort, DA)
    access = SubElement(study, "dataAccs")
    for language in LANGUAGES:
        # A statement of use has room for one restriction: each language has its own.
        use = SubElement(access, "useStmt", {_LANG: language})
        _text(use, "restrctn", DESCRIPTION[language][about.personal_data], language)
        if about.agreement:
            _text(use, "conditions", about.agreement, DA)
    for words in about.notes:
        _text(study, "notes", words, DA)


def _file(root: Element, number: int, table: Table, file: WrittenFile) -> None:
    described = SubElement(root, "fileDscr", {"ID": f"F{number}", "URI": file.name})
    text = SubElement(described, "fileTxt", {_LANG: DA})
    SubElement(text, "fileName").text = file.name
    _text(text, "fileCont", table.dataset.title, DA)
    size = SubElement(text, "dimensns")
    SubElement(size, "caseQnty").text = str(file.rows)
    SubElement(size, "varQnty").text = str(len(table.dataset.columns))
    SubElement(text, "fileType", {"charset": "UTF-8"}).text = "text/csv"
    if title := english(table.dataset, "title"):
        # Its contents have room for one language: the other stands in a description of its own.
        translated = SubElement(described, "fileTxt", {_LANG: EN})
        SubElement(translated, "fileName").text = file.name
        _text(translated, "fileCont", title, EN)


def _variable(data: Element, number: int, variable: Variable) -> None:
    var = SubElement(
        data,
        "var",
        {
            "ID": f"F{number}_{variable.name}",
            "name": variable.name,
            "files": f"F{number}",
            "intrvl": "contin"
            if variable.type in {"number", "integer"} and not variable.values
            else "discrete",
        },
    )
    _labels(var, variable.title, variable.title_en)
    _both(var, "txt", variable, "description")
    values = {"1": "Ja", "0": "Nej"} if variable.type == "boolean" else variable.values
    in_english = {"1": "Yes", "0": "No"} if variable.type == "boolean" else variable.values_en
    for code, title in values.items():
        category = SubElement(var, "catgry")
        SubElement(category, "catValu").text = code
        _labels(category, title, in_english.get(code, ""))
    if variable.missing:
        for code, reason in REASONS.items():
            category = SubElement(var, "catgry", {"missing": "Y"})
            SubElement(category, "catValu").text = code
            _labels(category, reason.title, reason.title_en)
    _both(var, "concept", variable, "why")
    _format(var, variable.type)
    for language in LANGUAGES:
        words = f"{SORTS[language][variable.sort.value]}. {SDC[language][variable.sort.value]}"
        _text(var, "notes", words, language, type="sdc", subject="statistical disclosure control")
    _both(var, "notes", variable, "unit", type="unit")
    _both(var, "notes", variable, "source", type="source")


def _reason(data: Element, number: int, variable: Variable) -> None:
    name = variable.reason_name
    var = SubElement(
        data,
        "var",
        {"ID": f"F{number}_{name}", "name": name, "files": f"F{number}", "intrvl": "discrete"},
    )
    _labels(
        var, f"Hvorfor mangler: {variable.title}", variable.title_en and f"Why missing: {variable.title_en}"
    )
    for code, reason in REASONS.items():
        category = SubElement(var, "catgry")
        SubElement(category, "catValu").text = code
        _labels(category, reason.title, reason.title_en)
    _format(var, "string")


def _format(var: Element, kind: str) -> None:
    said = {"type": "character" if kind == "string" else "numeric", "schema": "other", "otherSchema": FORMATS}
    SubElement(var, "varFormat", said | ({"category": "date"} if kind == "date" else {})).text = kind


def _labels(parent: Element, danish: str, in_english: str) -> None:
    _text(parent, "labl", danish, DA)
    if in_english:
        _text(parent, "labl", in_english, EN)


def _both(parent: Element, tag: str, variable: Variable, part: str, **attributes: str) -> None:
    if said := getattr(variable, part):
        _text(parent, tag, said, DA, **attributes)
    if said := english(variable, part):
        _text(parent, tag, said, EN, **attributes)


def _text(parent: Element, tag: str, text: str, language: str, **attributes: str) -> None:
    SubElement(parent, tag, {**attributes, _LANG: language}).text = _allowed(text)


def _allowed(text: str) -> str:
    """The text without what XML 1.0 cannot hold."""
    return "".join(letter for letter in text if letter in "\t\n\r" or letter >= " ")
