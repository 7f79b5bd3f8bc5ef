"""The press: one PDF from one paper, in a process of its own that knows nothing else.

Started by `placement.paper.printing` with an empty environment: no database, no secrets. Standard input is
JSON (`paper`, `unshown`: what is said when a letter cannot be drawn, `printed_at` in seconds, `memory` in bytes, `seconds` of
processor time), standard output the PDF. Texts come in as data (`sys.inputs`), so none of them is read as markup. Files
are read from the folder `pages` alone, nothing from the network: no package is imported, and none could be found.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

PAGES = Path(__file__).resolve().parent / "pages"
#: Where packages would be looked for: a folder that does not exist.
NOWHERE = PAGES / "none"
#: From here on characters are pictures (emoji), which no font of ours has: they are said by name instead.
PICTURES = 0x1F000
#: Only how an emoji before or after them looks: joiners, the choice of colours, skin.
SILENT = {"\u200d", "\ufe0e", "\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))}


def main() -> int:
    """Print the paper on standard input. 1 and a line on standard error when it cannot be done."""
    asked = json.load(sys.stdin.buffer)
    _stay_within(memory=asked["memory"], seconds=asked["seconds"])
    # Only now: what is loaded and started counts as well.
    import typst

    paper = _drawable(asked["paper"])
    try:
        try:
            pdf = _compile(paper, asked["printed_at"], standards=["ua-1"])
        except typst.TypstError:
            # The strict standard refuses letters that no font has. Better a paper that says so than none.
            paper["blocks"].insert(0, {"kind": "paragraph", "text": asked["unshown"], "muted": False})
            pdf = _compile(paper, asked["printed_at"], standards=[])
    except typst.TypstError as failed:
        # A message may quote what stands on the paper: no further than to there.
        sys.stderr.write(f"typst: {failed.message.split('`')[0]}\n")
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


def _compile(paper: dict[str, Any], printed_at: int, *, standards: list[Any]) -> bytes:
    import typst

    fonts = typst.Fonts(
        # Ours, and for other alphabets those that typst brings.
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[PAGES / "fonts"],
    )
    compiler = typst.Compiler(
        PAGES / "paper.typ",
        root=PAGES,
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(paper)},
        package_path=NOWHERE,
        package_cache_path=NOWHERE,
    )
    pdf = compiler.compile(format="pdf", pdf_standards=standards, timestamp=printed_at)
    if not isinstance(pdf, bytes):
        raise TypeError("a document is one file")
    return pdf


def _drawable(told: Any) -> Any:
    """The same with every text as it can be drawn; the pictures' own are numbers and days."""
    if isinstance(told, str):
        return _text(told)
    if isinstance(told, dict):
        return {name: value if name == "svg" else _drawable(value) for name, value in told.items()}
    return [_drawable(value) for value in told] if isinstance(told, list) else told


def _text(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    drawn = []
    for letter in text:
        if letter in SILENT or (unicodedata.category(letter) == "Cc" and letter not in "\n\t"):
            continue
        named = unicodedata.name(letter, "").lower() if ord(letter) >= PICTURES else ""
        drawn.append(f"[{named}]" if named else letter)
    return "".join(drawn)


def _stay_within(*, memory: int, seconds: int) -> None:
    """Let the system end this process when it takes more: elsewhere than on Linux only the time is kept."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    sys.exit(main())
