"""The log's words in one municipality: the standard's, said otherwise or retired where it chose to, and its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused
from placement.access.roles import Action
from placement.journal.codes import NoteKind, WordList
from placement.journal.log_models import LogWord
from placement.journal.standard import Word, standard

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})
TITLE_LENGTH, CODE_LENGTH = 60, 40


def words_of(municipality_id: int) -> list[Word]:
    """Every word, the standard's in its order first, then the municipality's own by title; retired ones too."""
    own = {
        (row.list, row.code): Word(
            row.list, row.code, row.title, row.text, row.kind, retired=row.retired, own=True
        )
        for row in LogWord.objects.filter(municipality_id=municipality_id).order_by("title", "id")
    }
    known = [own.pop((word.list, word.code), word) for word in standard().words]
    return [*known, *own.values()]


def offered(words: Iterable[Word], of: str, *, keep: Sequence[str] = ()) -> list[Word]:
    """The words of one list that can be chosen, and those in ``keep``: what a note has, its correction may have."""
    return [word for word in words if word.list == of and (not word.retired or word.code in keep)]


def checked_tags(
    municipality_id: int,
    situations: Sequence[str],
    themes: Sequence[str],
    *,
    keep: dict[str, str] | None = None,
) -> dict[str, str]:
    """The titles of a note's tags as they read today, by code; those of ``keep`` as they read then.

    Asks nothing when there is no tag. Raises Refused (``unknown-tag``) for one that is not offered.
    """
    titles = dict(keep or {})
    if set(situations) | set(themes) <= set(titles):
        return {code: titles[code] for code in (*situations, *themes)}
    words = words_of(municipality_id)
    for of, codes in ((WordList.SITUATION, situations), (WordList.THEME, themes)):
        known = {word.code: word.title for word in offered(words, of)} | titles
        if not set(codes) <= set(known):
            raise Refused(_("Vælg situation og tema fra listen."), type="unknown-tag")
        titles |= {code: known[code] for code in codes}
    return {code: titles[code] for code in (*situations, *themes)}


@transaction.atomic
def write_word(
    *,
    actor: Actor,
    list: str,
    title: str,
    now: datetime,
    code: str = "",
    text: str = "",
    kind: str = "",
    retired: bool = False,
) -> LogWord:
    """Add a word to one of the log's lists, or (with ``code``) say one otherwise or retire it.

    Notes keep the words they were written with. Raises NotAllowed; Refused: ``word-list``, ``word-title``
    (none, too long, or taken by another of the list), ``word-unknown``, ``word-template`` (a template without
    its text or its kind of note).
    """
    if not actor.may(Action.EDIT_LOG_WORDS) or actor.municipality_id is None:
        raise NotAllowed(_("Din rolle kan ikke ændre loggens ord."))
    if list not in WordList.values:
        raise Refused(_("Vælg, om det er en situation, et tema eller en skabelon."), type="word-list")
    title, text = title.strip(), text.strip()
    known = [word for word in words_of(actor.municipality_id) if word.list == list]
    taken = {word.title.casefold() for word in known if word.code != code and not word.retired}
    if not title or len(title) > TITLE_LENGTH or title.casefold() in taken:
        raise Refused(_("Skriv et navn på højst 60 tegn, som ingen andre på listen har."), type="word-title")
    found = next((word for word in known if word.code == code), None)
    if code and found is None:
        raise Refused(_("Ordet findes ikke. Vælg et fra listen."), type="word-unknown")
    if list == WordList.TEMPLATE:
        if not text or kind not in NoteKind.written():
            raise Refused(
                _("En skabelon har en tekst og siger, hvad notatet bliver. Udfyld begge."),
                type="word-template",
            )
    else:
        text = kind = ""
    word, _made = LogWord.objects.update_or_create(
        municipality_id=actor.municipality_id,
        list=list,
        code=code or _new_code(title, {word.code for word in known}),
        defaults={
            "title": title,
            "text": text,
            "kind": kind,
            "retired": retired,
            "written_by": actor.staff,
            "written_at": now,
        },
    )
    return word


def _new_code(title: str, taken: set[str]) -> str:
    """A code of the title's letters that no other word of the list has or had."""
    stem = slugify(title.translate(_LETTERS))[: CODE_LENGTH - 4] or "ord"
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    return code


def template_in(text: str, template: Word) -> str:
    """What has been written, with the template's headings below it."""
    above = text.strip()
    return f"{above}\n\n{template.text}\n" if above else f"{template.text}\n"


def as_titles(words: Iterable[Word]) -> list[tuple[str, str]]:
    """Words as a form's choices."""
    return [(word.code, word.title) for word in words]
