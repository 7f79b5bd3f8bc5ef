"""The first page of those whose role has no families says what they can do instead."""

from __future__ import annotations

import pytest

from tests.cast import Cast, browser

DUTY_PHONE = "ring til kommunens vagttelefon"


@pytest.mark.parametrize(
    ("part", "said"), [("oncall", "Sagen selv kan ikke åbnes fra vagten endnu"), ("admin", DUTY_PHONE)]
)
def test_nobody_is_told_to_ring_themselves(cast: Cast, part: str, said: str) -> None:
    person = cast.admin if part == "admin" else cast.greve.oncall
    page = browser(person).get("/").content.decode()
    assert said in page
    assert part == "admin" or DUTY_PHONE not in page


def test_who_has_releases_alone_begins_there(cast: Cast) -> None:
    for person in (cast.greve.privacy, cast.evaluator):
        assert browser(person).get("/")["Location"] == "/udtraek/"


def test_the_list_of_families_is_refused_in_the_words_of_the_role(cast: Cast) -> None:
    refused = browser(cast.greve.oncall).get("/familier/")
    assert refused.status_code == 403
    page = refused.content.decode()
    assert "Det giver din rolle ikke adgang til" in page
    assert "Din rolle giver ikke adgang til familiernes sager." in page
