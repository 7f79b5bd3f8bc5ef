"""The pages "Til mødet" and "Udvikling" on paper: the same words, said by whom and when, for whom the page is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.urls import reverse

from placement import clock
from placement.families.models import Family, Person
from placement.journal.services import write_note
from placement.paper.printing import LARGEST
from tests.cast import Cast, browser
from tests.placement.houses import family_in
from tests.placement.test_paper import HOSTILE, read, squeezed
from tests.scene import CHILD, PARENT, Scene
from workflows.journey.development import development
from workflows.journey.meeting_brief import meeting_brief
from workflows.measuring.services import Given, record_administration

PAPERS = {"family-meeting-brief": meeting_brief, "family-development": development}


@pytest.fixture
def family(cast: Cast) -> Family:
    return family_in(cast.greve)


def note(cast: Cast, family: Family, text: str, kind: str = "agreement") -> None:
    with cast.greve.practitioner.acting():
        write_note(actor=cast.greve.practitioner, family=family, kind=kind, text=text, now=clock.now())


def address(name: str, family: Family) -> str:
    return reverse(name, kwargs={"family": family.uuid})


def printed(actor: Any, name: str, family: Family) -> str:
    """The words of the PDF without white space and without its footers."""
    answer = browser(actor).get(address(f"{name}-pdf", family))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    pages = [squeezed(page.extract_text()) for page in read(answer.content).pages]
    return "".join(
        re.sub(rf"Fortroligt·.*?Side{n}af{len(pages)}$", "", page) for n, page in enumerate(pages, 1)
    )


def texts(told: Any) -> Iterator[str]:
    """Every text that a page is told, but for addresses, pictures, and what its marks and groups are called."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for name, value in told.items():
            if not name.endswith("url") and name not in {"svg", "body", "mark", "key", "kind", "url_title"}:
                yield from texts(value)
    elif isinstance(told, list | tuple):
        for value in told:
            yield from texts(value)
    elif isinstance(told, date) and not isinstance(told, datetime):
        yield f"{told:%d.%m.%Y}"


def a_story() -> Scene:
    """A family in the house with meetings, goals, an exit step, agreements, a weak score and a refusal."""
    scene = Scene("greve")
    scene.settle()
    scene.take(scene.open_task("hold_meeting"), **scene.a_task_for("practitioner"))
    for step in ("set_goals", "follow_up", "map_network"):
        scene.take(scene.open_task(step))
    scene.go_on_to("carry_out_step")
    scene.take(scene.open_task("carry_out_step"))
    actor = scene.company.actor("practitioner")
    for days, answer in ((30, 1), (20, 2), (10, 3), (0, 4)):
        with clock.standing_at(scene.now - timedelta(days=days)), actor.acting(), transaction.atomic():
            record_administration(
                actor=actor, family=scene.family, instrument="who-5",
                person=Person.objects.get(family=scene.family, kind="parent"), answered_on=clock.today(),
                respondent="parent", given=Given(answers=dict.fromkeys(range(1, 6), answer)), now=clock.now(),
            )  # fmt: skip
    return scene


@pytest.mark.parametrize("name", PAPERS)
def test_every_word_of_the_page_stands_on_the_paper(cast: Cast, name: str) -> None:
    scene = a_story()
    actor = cast.greve.practitioner
    with clock.standing_at(scene.now + timedelta(days=40)):
        note(cast, scene.family, "Mor ringer selv.\nFar henter.")
        text = printed(actor, name, scene.family)
        html = browser(actor).get(address(name, scene.family)).content.decode()
        with actor.acting(), transaction.atomic():
            fresh = Family.objects.visible_to(actor).get(pk=scene.family.pk)
            told: Any = development(fresh) if name == "family-development" else meeting_brief(actor, fresh)
    headings = [unescape(one) for one in re.findall(r"<h[123][^>]*>([^<]+)</h", html)]
    assert len(headings) >= 5
    wanted = [*headings, *(one for one in texts(told) if one.strip())]
    assert [one for one in wanted if squeezed(one) not in text] == []
    told_of_pictures = re.findall(r"<desc[^>]*>(.*?)</desc>", html)
    assert bool(told_of_pictures) is (name == "family-development")
    assert [one for one in told_of_pictures if squeezed(unescape(one)) not in text] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_note_is_printed_as_it_was_written(cast: Cast, family: Family, text: str) -> None:
    note(cast, family, text)
    assert squeezed(text) in printed(cast.greve.practitioner, "family-meeting-brief", family)


def test_it_says_who_printed_it_and_when_and_its_name_says_nothing(cast: Cast, family: Family) -> None:
    moment = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    client = browser(cast.greve.practitioner)
    with clock.standing_at(moment):
        for name, called in (("family-meeting-brief", "til-moedet"), ("family-development", "udvikling")):
            answer = client.get(address(f"{name}-pdf", family))
            assert answer["Content-Disposition"] == f'inline; filename="{called}-2026-11-26.pdf"'
            assert "no-store" in answer["Cache-Control"]
            assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
            found = read(answer.content)
            footer = squeezed(found.pages[0].extract_text())
            who = squeezed(str(cast.greve.practitioner.staff))
            assert f"Fortroligt·{family.number}·Udskrevet26.11.2026kl.10.30af{who}" in footer
            assert PARENT.split()[0] not in str(found.metadata) and CHILD not in str(found.metadata)


@pytest.mark.parametrize("name", PAPERS)
def test_printing_is_a_look_and_only_for_those_who_see_the_family(
    cast: Cast, family: Family, looking: psycopg.Connection[Any], name: str
) -> None:
    where = address(f"{name}-pdf", family)
    assert browser(cast.greve.practitioner).get(where).status_code == 200
    for stranger in (cast.randers.teamlead, cast.greve.healthvisitor, cast.evaluator):
        assert browser(stranger).get(where).status_code in {403, 404}
    looks = looking.execute(
        "SELECT staff_id, method FROM trail_read WHERE route = %s AND family_id = %s",
        [f"{name}-pdf", family.pk],
    ).fetchall()
    assert looks == [(cast.greve.practitioner.staff_id, "GET")]


def test_a_paper_that_cannot_be_printed_is_the_page_with_the_reason(cast: Cast, family: Family) -> None:
    note(cast, family, "Langt. " * (LARGEST // 6))
    answer = browser(cast.greve.practitioner).get(address("family-meeting-brief-pdf", family))
    assert answer.status_code == 503
    html = answer.content.decode()
    assert "Der står for meget til én PDF." in html and "Det, der blev lovet" in html


def test_it_speaks_the_language_of_the_page(cast: Cast, family: Family) -> None:
    client = browser(cast.greve.practitioner)
    client.cookies["django_language"] = "en"
    pages = read(client.get(address("family-meeting-brief-pdf", family)).content)
    assert str(pages.trailer["/Root"].get_object()["/Lang"]).startswith("en")
    assert "Confidential" in pages.pages[0].extract_text()
