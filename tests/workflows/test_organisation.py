"""The organisation's own words, and each site's look at itself once a year."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.models import Site
from tests.cast import Cast, browser
from tests.walking import Page
from workflows.model_versions.content import Model
from workflows.model_versions.models import ModelVersion, OrganisationText, SelfAssessment
from workflows.model_versions.organisation import assess_site, headings, own_sites, write_text

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
ANSWER: dict[str, Any] = {"prerequisites": {"level": 2, "remark": " Vikaren mangler. "}}


def model() -> Model:
    return ModelVersion.objects.get(code="2026-1").model


def write(actor: Actor, **given: Any) -> OrganisationText:
    words = {
        "key": "",
        "kind": "prerequisite",
        "title": "Ro til arbejdet",
        "text": "Vi har ro.",
        "edition": 0,
    }
    with actor.acting(), transaction.atomic():
        return write_text(actor=actor, model=model(), now=NOW, **(words | given))


def assess(actor: Actor, site: Site, *, at: datetime = NOW, answers: Any = ANSWER) -> SelfAssessment:
    with actor.acting(), transaction.atomic():
        return assess_site(actor=actor, site=site, model=model(), answers=answers, now=at)


def site_of(actor: Actor) -> Site:
    with actor.acting(), transaction.atomic():
        return own_sites(actor)[0]


def test_the_models_words_stand_until_the_municipality_writes_its_own(cast: Cast) -> None:
    lead = cast.greve.teamlead
    write(lead, key="prerequisites", text="Hos os er der altid to på vagt.")
    write(lead)
    with lead.acting(), transaction.atomic():
        found = headings(municipality_id=lead.municipality_id, model=model())
    assert [(h.key, h.version) for h in found] == [
        ("prerequisites", 1),
        ("values", 0),
        ("ro-til-arbejdet", 1),
    ]
    assert found[0].title == "Organisatoriske forudsætninger"
    with cast.randers.teamlead.acting(), transaction.atomic():
        elsewhere = headings(municipality_id=cast.randers.teamlead.municipality_id, model=model())
    assert [h.version for h in elsewhere] == [0, 0]


def test_two_who_write_at_once_do_not_write_over_each_other(cast: Cast) -> None:
    write(cast.greve.teamlead, key="values", text="Tillid først.")
    with pytest.raises(StaleState):
        write(cast.greve.authoritylead, key="values", text="Ressourcer først.")
    assert write(cast.greve.authoritylead, key="values", text="Begge dele.", edition=1).version == 2


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"text": " "}, "organisation-text-empty"),
        ({"key": "unknown"}, "heading-unknown"),
        ({"title": "Values"}, "heading-twice"),
        ({"kind": "other"}, "heading-twice"),
    ],
)
def test_words_without_place_or_content_are_refused(cast: Cast, given: dict[str, Any], kind: str) -> None:
    with pytest.raises(Refused) as refused:
        write(cast.greve.teamlead, **given)
    assert refused.value.type == kind
    with pytest.raises(NotAllowed):
        write(cast.greve.practitioner)


def test_a_site_is_assessed_once_a_year_by_its_own_lead(cast: Cast) -> None:
    lead = cast.greve.teamlead
    site = site_of(lead)
    made = assess(lead, site)
    with lead.acting(), transaction.atomic():
        (line,) = made.lines.all()
    assert (made.year, line.level_title, line.remark) == (2026, "På vej", "Vikaren mangler.")
    with pytest.raises(Refused) as twice:
        assess(cast.greve.teamlead2, site, at=datetime(2026, 12, 31, 22, 30, tzinfo=UTC))
    assert twice.value.type == "assessed-this-year"
    # In Denmark it is next year already.
    assert assess(lead, site, at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC)).year == 2027
    with (
        pytest.raises(IntegrityError, match="self_assessment_once_a_year"),
        lead.acting(),
        transaction.atomic(),
    ):
        SelfAssessment.objects.create(
            municipality_id=lead.municipality_id, site=site, year=2026, made_by=lead.staff, made_at=NOW
        )


def test_an_assessment_that_leaves_something_out_is_refused(cast: Cast) -> None:
    lead = cast.greve.teamlead
    site = site_of(lead)
    for answers, kind in (
        ({}, "assessment-incomplete"),
        ({**ANSWER, "values": {"level": 1}}, "assessment-incomplete"),
        ({"prerequisites": {"level": 4}}, "assessment-level"),
    ):
        with pytest.raises(Refused) as refused:
            assess(lead, site, answers=answers)
        assert refused.value.type == kind
    with pytest.raises(NotAllowed):
        assess(lead, site_of(cast.randers.teamlead))
    with lead.acting(), transaction.atomic():
        assert not SelfAssessment.objects.exists()


def test_the_pages_write_the_words_and_the_assessment(cast: Cast) -> None:
    lead = browser(cast.greve.teamlead)
    page = Page(lead.get("/model/organisation/?ret=values").content.decode())
    assert page.hidden["key"] == "values"
    written = {"key": "values", "edition": "0", "text": "Vi begynder med det, der går godt."}
    assert lead.post("/model/organisation/", written).status_code == 302
    assert lead.post("/model/organisation/", written).status_code == 409
    site = site_of(cast.greve.teamlead)
    answers = {"site": str(site.uuid), "level:prerequisites": "3", "remark:prerequisites": "Alt er på plads."}
    assert lead.post("/model/selvvurdering/", answers).status_code == 302
    assert lead.post("/model/selvvurdering/", answers).status_code == 422
    read = Page(browser(cast.greve.practitioner).get("/model/organisation/").content.decode())
    assert "Vi begynder med det, der går godt." in read.text and "Alt er på plads." in read.text
    assert "text" not in read.fields
