"""Renew the English catalogue: locale/en/LC_MESSAGES/django.po and the .mo that Django reads.

A developer's tool; an installation never runs it, and it needs no gettext. Use::

    .venv/bin/python tools/translations.py

Texts that are new come in without a translation (a test fails until they have one), texts that are gone go out,
and what is translated stays. The file names stand without line numbers and nothing is dated, so that a change
in the catalogue is a change of texts.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("placement", "workflows", "evaluation", "demo")
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
#: Our own Danish for a few of the framework's messages; written by hand, only made into a .mo here.
OWN_DANISH = ROOT / "locale" / "da" / "LC_MESSAGES" / "django.po"
HEADER = {
    "Project-Id-Version": "familieforloeb",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}

#: The text, its plural ("" for none) and its context ("" for none) say which entry of a catalogue is meant.
Text = tuple[str, str, str]

# Where the text, its plural and its context stand among the arguments of each function.
_PLACES = {
    "gettext": (0, None, None),
    "ngettext": (0, 1, None),
    "pgettext": (1, None, 0),
    "npgettext": (1, 2, 0),
}
_ALIASES = {"_": "gettext", "gettext_noop": "gettext"} | {f"{name}_lazy": name for name in _PLACES}
_QUOTED = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
# What Django's templatize makes of a template: calls of gettext between blanked-out text.
_CALL = re.compile(rf"\b(_|n?p?gettext)\(((?:{_QUOTED})(?:, ?(?:{_QUOTED}))*)(?:, ?count)? ?\)")


class NotLiteral(ValueError):
    """A call of gettext whose text is not written out, so that no catalogue can have it."""


def texts_of_module(source: str) -> Iterator[Text]:
    """Every text that a Python module asks to have translated, in the order of the source.

    Raises NotLiteral (with the line) for a text that is put together or comes from a variable.
    """
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        name = _ALIASES.get(name, name)
        if name in _PLACES:
            yield _text(name, [_literal(argument) for argument in call.args], f"line {call.lineno}")


def texts_of_template(source: str) -> Iterator[Text]:
    """Every text of a template: `translate`, `blocktranslate` and `_("…")` in tags and variables."""
    code = templatize(source)
    found = 0
    for match in _CALL.finditer(code):
        found += 1
        name = _ALIASES.get(match[1], match[1])
        yield _text(name, list(ast.literal_eval(f"({match[2]},)")), match[0])
    if found != len(re.findall(r"\b(?:_|n?p?gettext)\(", code)):
        raise NotLiteral(f"only {found} of its texts can be read")


def _literal(argument: ast.expr) -> str | None:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return None


def _text(name: str, arguments: list[str | None], where: str) -> Text:
    found = []
    for place in _PLACES[name]:
        word = "" if place is None else arguments[place] if place < len(arguments) else None
        if word is None:
            raise NotLiteral(f"{name}, {where}: the text is not written out")
        found.append(word)
    return (found[0], found[1], found[2])


def sources() -> Iterator[tuple[Path, list[Text]]]:
    """Every file of ours that shows texts, with its texts. Migrations keep old texts and show none."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, _read(path, texts_of_module)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield path, _read(path, texts_of_template)


def _read(path: Path, texts: Callable[[str], Iterator[Text]]) -> list[Text]:
    try:
        return list(texts(path.read_text(encoding="utf-8")))
    except NotLiteral as failure:
        raise NotLiteral(f"{path.relative_to(ROOT)}: {failure}") from None


def extracted() -> dict[Text, list[str]]:
    """Every text of the source with the files that show it, in the order of the files."""
    found: dict[Text, list[str]] = {}
    for path, texts in sources():
        for text in texts:
            files = found.setdefault(text, [])
            if (name := path.relative_to(ROOT).as_posix()) not in files:
                files.append(name)
    # A text with a plural somewhere is one entry of the catalogue, also where it stands without.
    for text, _plural, context in [key for key in found if key[1]]:
        for name in found.pop((text, "", context), []):
            if name not in found[(text, _plural, context)]:
                found[(text, _plural, context)].append(name)
    return found


def key(entry: polib.POEntry) -> Text:
    """Which text an entry of a catalogue is about."""
    return (entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def renewed(old: polib.POFile) -> polib.POFile:
    """The catalogue of the source as it is now, with the translations of the old one."""
    kept = {key(entry): entry for entry in old if not entry.obsolete}
    new = polib.POFile(wrapwidth=110)
    new.header = (
        "English for the Danish texts of the pages. Renewed by tools/translations.py (docs/translations.md)."
    )
    new.metadata = dict(HEADER)
    for (text, plural, context), files in extracted().items():
        before = kept.get((text, plural, context))
        entry = polib.POEntry(
            msgid=text,
            msgctxt=context or None,
            occurrences=[(name, "") for name in files],
            comment=before.comment if before else "",
            tcomment=before.tcomment if before else "",
        )
        if re.search(r"%\(\w+\)[a-z]|%s|%%", text):
            entry.flags = ["python-format"]
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = dict(before.msgstr_plural) if before else {0: "", 1: ""}
        else:
            entry.msgstr = before.msgstr if before else ""
        new.append(entry)
    return new


def main() -> int:
    old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    new = renewed(old)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(CATALOGUE))
    new.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    polib.pofile(str(OWN_DANISH)).save_as_mofile(str(OWN_DANISH.with_suffix(".mo")))
    untranslated = new.untranslated_entries()
    print(f"{len(new)} texts, {len(untranslated)} without a translation")
    for entry in untranslated:
        print(f"  {entry.msgid!r}")
    return 1 if untranslated else 0


if __name__ == "__main__":
    sys.exit(main())
