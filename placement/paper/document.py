"""What stands on a paper, as data: headings, text, lists, pictures and tables, in the order in which they are read.

Every text is text. Nothing in it is ever read as markup, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True)
class Heading:
    """Level 2 begins a section, level 3 a part of one; the paper's own title is level 1."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; line breaks in it stand. ``muted``: small and grey, for what goes without saying."""

    kind: ClassVar[str] = "paragraph"
    text: str
    muted: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of short texts. ``word``: what stands in bold before one, "" for nothing."""

    kind: ClassVar[str] = "bullets"
    items: Sequence[Bullet]


@dataclass(frozen=True)
class Bullet:
    text: str
    word: str = ""
    small: str = ""


@dataclass(frozen=True)
class Entry:
    """Something that happened: what it is called, when and by whom, its words, and its named lines."""

    kind: ClassVar[str] = "entry"
    title: str
    small: str = ""
    text: str = ""
    lines: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Picture:
    """A picture of ours as SVG with what it shows in words, kept together with its title."""

    kind: ClassVar[str] = "picture"
    title: str
    svg: str
    words: str
    about: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Table:
    """Numbers. Each row has as many texts as ``head``; a long table of few columns stands in parts side by side."""

    kind: ClassVar[str] = "table"
    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = Heading | Paragraph | Bullets | Entry | Picture | Table


@dataclass(frozen=True)
class Paper:
    """One document. ``footer`` stands on every page, before "page of pages"."""

    title: str
    lead: str
    footer: str
    page_words: tuple[str, str]
    language: str
    printed_at: datetime
    blocks: list[Block] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """The paper as plain data; each block says its kind."""
        return {
            "title": self.title,
            "lead": self.lead,
            "footer": self.footer,
            "page_words": list(self.page_words),
            "language": self.language,
            "blocks": [{"kind": block.kind, **asdict(block)} for block in self.blocks],
        }
