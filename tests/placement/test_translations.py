"""English: every Danish text of the source has a translation, and whoever chooses English reads it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from tests.cast import Cast, api, browser
from tests.scene import Scene
from tests.workflows.test_frozen_graphs import flows
from tools import translations
from workflows.kernel.nodes import HumanStep

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}")
_END = re.compile(r"(?:(?<!\bkl)[.:?!])?$")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(translations.CATALOGUE))


def english(entry: polib.POEntry) -> list[str]:
    """The translation of an entry, in all its forms."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_the_catalogue_has_the_texts_of_the_source_and_no_others(catalogue: polib.POFile) -> None:
    written = {translations.key(entry) for entry in catalogue}
    wanted = set(translations.extracted())
    assert sorted(wanted - written) == [], "new texts: run tools/translations.py and translate them"
    assert sorted(written - wanted) == [], "texts that are gone: run tools/translations.py"


def test_every_text_is_translated_for_certain(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        assert not entry.fuzzy and not entry.obsolete, entry.msgid
        assert all(text.strip() for text in english(entry)), entry.msgid
        assert not entry.msgid_plural or set(entry.msgstr_plural) == {0, 1}, entry.msgid


def test_placeholders_and_the_end_of_the_sentence_agree(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        danish = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
        for source, text in zip(danish, english(entry), strict=True):
            assert sorted(_PLACEHOLDER.findall(source)) == sorted(_PLACEHOLDER.findall(text)), source
            assert _END.findall(source)[0] == _END.findall(text)[0], source


def test_what_django_reads_is_what_is_written(catalogue: polib.POFile) -> None:
    compiled = translations.CATALOGUE.with_suffix(".mo").read_bytes()
    assert compiled == catalogue.to_binary(), "run tools/translations.py"
    read = polib.mofile(str(translations.CATALOGUE.with_suffix(".mo")))
    assert {translations.key(e): english(e) for e in read} == {
        translations.key(e): english(e) for e in catalogue
    }


def test_our_own_danish_for_the_frameworks_words_is_what_django_reads() -> None:
    ours = polib.pofile(str(translations.OWN_DANISH))
    compiled = translations.OWN_DANISH.with_suffix(".mo").read_bytes()
    assert compiled == ours.to_binary(), "run tools/translations.py"
    with override("da"):
        assert {entry.msgid: gettext(entry.msgid) for entry in ours} == {e.msgid: e.msgstr for e in ours}


def test_nothing_in_the_catalogue_tells_where_or_when_it_was_made(catalogue: polib.POFile) -> None:
    assert set(catalogue.metadata) == set(translations.HEADER)
    for entry in catalogue:
        for name, line in entry.occurrences:
            assert not line and (translations.ROOT / name).is_file(), name


def test_texts_are_found_wherever_they_may_stand() -> None:
    module = """
class Kind(models.TextChoices):
    ONE = "one", _("En tekst " "i to stykker")
word = ngettext("%(n)d dag", "%(n)d dage", n) % {"n": n} + pgettext("menu", "Udtræk")
"""
    assert list(translations.texts_of_module(module)) == [
        ("En tekst i to stykker", "", ""),
        ("%(n)d dag", "%(n)d dage", ""),
        ("Udtræk", "", "menu"),
    ]
    template = """{% load i18n %}{# _("nej") #}{% translate "Det's 100 %" %}{% translate 'Ret' context "verb" %}
{% include "a.html" with title=_("Gem") %}
{% blocktranslate count n=rows %}{{ n }} række{% plural %}{{ n }} rækker{% endblocktranslate %}
{% blocktranslate with day=on|date %}fra {{ day }}{% endblocktranslate %}{% comment %}{% translate "nej" %}{% endcomment %}"""
    assert list(translations.texts_of_template(template)) == [
        ("Det's 100 %%", "", ""),
        ("Ret", "", "verb"),
        ("Gem", "", ""),
        ("%(n)s række", "%(n)s rækker", ""),
        ("fra %(day)s", "", ""),
    ]


@pytest.mark.parametrize("source", ["_(word)", '_(f"{word} dage")', 'ngettext("en", many, 2)', "_()"])
def test_a_text_that_no_catalogue_can_have_is_refused(source: str) -> None:
    with pytest.raises(translations.NotLiteral):
        list(translations.texts_of_module(source))


class Words(HTMLParser):
    """What a page says: its texts, and the attributes that are shown or read out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: set[str] = set()
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.said.add(" ".join(data.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        shown = {"aria-label", "data-title", "placeholder", "title", "alt"}
        self.said |= {value or "" for name, value in attrs if name in shown or name.startswith("data-")}


def in_english(client: Client, at: str = "/min-dag/") -> None:
    """Choose English as the foot of every page offers it."""
    response = client.post("/sprog/", {"language": "en"}, headers={"referer": f"http://testserver{at}"})
    assert response.status_code == 302
    cookie = response.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("en", "Lax", True)


def words(response: Any, status: int = 200) -> set[str]:
    """What an English page says; fails when one of the catalogue's Danish texts stands on it."""
    assert response.status_code == status
    assert response.headers["Content-Language"] == "en"
    page = response.content.decode()
    assert '<html lang="en">' in page
    said = Words(page).said
    # The button that leads back is Danish on purpose.
    left = {e.msgid for e in polib.pofile(str(translations.CATALOGUE)) if e.msgid not in english(e)}
    assert said & left - {"Dansk"} == set()
    return said


def test_whoever_chooses_english_reads_english(cast: Cast) -> None:
    scene = Scene("greve")
    (task,) = scene.open_tasks()
    family = {"family": scene.family.uuid}
    client = browser(cast.greve.caseworker)
    danish = Words(client.get("/min-dag/").content.decode()).said
    assert {"Min dag", "Familier", "Log ud", "Mine familier"} <= danish
    in_english(client)

    assert {"My day", "Families", "New enquiry", "Log out", "My families"} <= words(client.get("/min-dag/"))
    said = words(client.get("/familier/"))
    assert {"Families you have access to", "Enquiry", "Deadline", "Assess the target group"} <= said
    said = words(client.get(reverse("family", kwargs=family)))
    assert {"The five core elements", "Network", "not begun", "Mentalisation-based approach"} <= said
    address = reverse("task", kwargs={"task": task.uuid})
    said = words(client.get(address))
    assert {"Assess the target group", "Is the family in the target group?", "Yes", "No"} <= said
    assert "Low ability to mentalise" in said
    assert "Correct this and try again" in words(client.post(address, {}), 422)
    assert {"Who is making the enquiry?", "(optional)"} <= words(client.get(reverse("enquiry")))
    missing = reverse("task", kwargs={"task": "00000000-0000-4000-8000-000000000000"})
    assert "The page does not exist, or you do not have access" in words(client.get(missing), 404)
    assert {"What is it?", "Draft saved at"} <= words(client.get(reverse("log", kwargs=family)))
    assert "Accessibility" in words(client.get("/tilgaengelighed/"))
    refused = words(client.get(reverse("releases")), 403)
    assert {
        "Your role does not give access to this",
        "Your role does not allow this.",
    } <= refused

    scene.take(task)
    assert words(client.get(address), 409) >= {"Something has changed since you opened the page"}


def test_the_evaluator_and_the_log_in_page_in_english(cast: Cast, demo_mode: None) -> None:
    client = browser(cast.evaluator)
    in_english(client, "/udtraek/")
    assert {"Releases", "Request a release", "Agreements"} <= words(client.get("/udtraek/"))
    guest = Client()
    guest.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert {"Log in", "Caseworker", "Health visitor"} <= words(guest.get("/log-ind/"))


def test_it_is_danish_until_somebody_chooses(cast: Cast) -> None:
    client = browser(cast.greve.caseworker)
    for preferred in ("en-GB,en;q=0.9", "de", ""):
        response = client.get("/min-dag/", headers={"accept-language": preferred})
        assert (
            response.headers["Content-Language"] == "da" and '<html lang="da">' in response.content.decode()
        )
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "tlh"
    assert client.get("/min-dag/").headers["Content-Language"] == "da"
    in_english(client)
    assert client.get("/min-dag/").headers["Content-Language"] == "en"
    assert "Cookie" in client.get("/min-dag/").headers["Vary"]


def test_a_problem_document_follows_the_language_and_its_type_does_not(cast: Cast) -> None:
    client = api(cast.greve.caseworker)
    address = "/api/v1/families/00000000-0000-4000-8000-000000000000/"
    danish = client.get(address).json()
    assert danish["title"] == "Ikke fundet"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english_one = client.get(address).json()
    assert english_one["title"] == "Not found"
    assert english_one["detail"] == "It does not exist, or you do not have access to it."
    assert {k: v for k, v in danish.items() if k not in {"title", "detail"}} == {
        k: v for k, v in english_one.items() if k not in {"title", "detail"}
    }


def test_every_step_of_every_flow_has_an_english_title(catalogue: polib.POFile) -> None:
    texts = {entry.msgid for entry in catalogue}
    steps = [node for flow in flows() for node in flow.instance.nodes() if isinstance(node, HumanStep)]
    assert len(steps) > 15
    for step in steps:
        with override("da"):
            danish = str(step.task_title)
        with override("en"):
            assert danish in texts and str(step.task_title) != danish, step
