"""Which instruments there are: those that come with the product, and the municipality's own files beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from placement.access.errors import Refused
from placement.instruments.definition import Definition
from placement.instruments.reading import InvalidDefinition, read_definition
from placement.instruments.texts import Texts, read_texts

SHIPPED = Path(__file__).with_name("definitions")


def read_file(path: Path) -> Definition:
    """One file as a definition. Raises InvalidDefinition, which names the file, when it cannot be one."""
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        raise InvalidDefinition(f"{path.name}: {failure}") from None
    try:
        return read_definition(source)
    except InvalidDefinition as invalid:
        said = "\n".join(f"{path.name}: {line}" for line in str(invalid.message).splitlines())
        raise InvalidDefinition(said) from None


def folders() -> list[Path]:
    """Where the files lie: the product's, then the municipality's own if there is such a folder."""
    own = settings.INSTRUMENTS_DIR
    return [SHIPPED, *([Path(own)] if own else [])]


def read_all() -> dict[str, dict[str, Definition]]:
    """Every version of every instrument by id, each version's file read and checked.

    Raises InvalidDefinition for a file that is none, and for two files of the same id and version: answers keep the
    version that they were given on, so a version never comes to mean something else.
    """
    found: dict[str, dict[str, Definition]] = {}
    for path in _files():
        definition = read_file(path)
        versions = found.setdefault(definition.id, {})
        if definition.version in versions:
            raise InvalidDefinition(
                _("%(file)s: %(id)s findes allerede i version %(version)s. Giv filen et nyt versionsnummer.")
                % {"file": path.name, "id": definition.id, "version": definition.version}
            )
        versions[definition.version] = definition
    return found


def _files(below: str = "") -> Iterator[Path]:
    for folder in folders():
        yield from sorted((folder / below).glob("*.toml"))


def shipped() -> list[Definition]:
    """The definitions that come with the product, in the order of their files, whatever a municipality has beside them."""
    return [read_file(path) for path in sorted(SHIPPED.glob("*.toml"))]


def read_all_texts(
    definitions: Mapping[str, Mapping[str, Definition]],
) -> dict[tuple[str, str, str], Texts]:
    """The texts of items by instrument, version and language, from the folders' ``texts/``.

    Raises InvalidDefinition for a text of an instrument that is not there, or that does not fit its items.
    """
    found = {}
    for path in _files("texts"):
        try:
            texts = read_texts(path.read_text(encoding="utf-8"), definitions)
        except (OSError, UnicodeDecodeError) as failure:
            raise InvalidDefinition(f"{path.name}: {failure}") from None
        except InvalidDefinition as invalid:
            raise InvalidDefinition(f"{path.name}: {invalid.message}") from None
        # The municipality's own come last: theirs is the text that they have leave to use.
        found[texts.instrument, texts.version, texts.language] = texts
    return found


@lru_cache(maxsize=1)
def _all() -> Mapping[str, Mapping[str, Definition]]:
    return read_all()


@lru_cache(maxsize=1)
def _texts() -> Mapping[tuple[str, str, str], Texts]:
    return read_all_texts(_all())


def forget() -> None:
    """Read the files anew at the next question."""
    _all.cache_clear()
    _texts.cache_clear()


def texts_of(definition: Definition, language: str) -> Texts | None:
    """The words of its items in a language ("da", "en"), or in Danish; None when nobody has put them in."""
    for wanted in (language[:2], "da"):
        if found := _texts().get((definition.id, definition.version, wanted)):
            return found
    return None


def current() -> list[Definition]:
    """The newest version of each instrument, by title."""
    return sorted((_newest(versions) for versions in _all().values()), key=lambda one: one.short.casefold())


def find(instrument: str) -> Definition | None:
    """The newest version of an instrument; None when no file is about it."""
    versions = _all().get(instrument)
    return _newest(versions) if versions else None


def find_version(instrument: str, version: str) -> Definition | None:
    """That version of an instrument; None when no file is it any more."""
    return _all().get(instrument, {}).get(version)


def certificates() -> frozenset[str]:
    """The kinds of training that some version of an instrument asks for before its scores are written down."""
    return frozenset(
        definition.certificate
        for versions in _all().values()
        for definition in versions.values()
        if definition.certificate
    )


def in_use(instrument: str, version: str = "") -> Definition:
    """The definition that new answers are given on; ``version`` is what the form was made for ("" for the newest).

    Raises Refused: ``instrument-unknown``, ``instrument-version-gone`` for one that is not the newest any more.
    """
    definition = find(instrument)
    if definition is None:
        raise Refused(_("Der er intet redskab af det navn. Vælg et fra listen."), type="instrument-unknown")
    if version and version != definition.version:
        raise Refused(
            _("Version %(old)s af %(name)s bruges ikke mere. Åbn skemaet igen: det er nu version %(new)s.")
            % {"old": version, "name": definition.short, "new": definition.version},
            type="instrument-version-gone",
        )
    return definition


def _newest(versions: Mapping[str, Definition]) -> Definition:
    return max(versions.values(), key=lambda one: tuple(int(part) for part in one.version.split(".")))
