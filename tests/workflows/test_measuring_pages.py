"""Filling in an instrument on its page and by the API: nothing typed is lost, and what must be seen is said at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from placement import clock
from placement.families.models import Person
from placement.staffing.services import record_training
from tests.cast import api, browser
from tests.placement.houses import family_in
from tests.walking import Page
from workflows.kernel.models import Task
from workflows.measuring.models import Administration

KPCS: dict[str, Any] = {f"item_{item}": "3" for item in range(1, 16)}
EPDS: dict[str, Any] = {f"item_{item}": "3" if item == 3 or item >= 5 else "0" for item in range(1, 11)}


@pytest.fixture
def family(cast):
    return family_in(cast.greve)


@pytest.fixture
def parent(cast, family):
    with cast.greve.caseworker.acting(), transaction.atomic():
        return Person.objects.get(family=family, kind="parent")


@pytest.fixture
def client(cast, family):
    return browser(cast.greve.practitioner)


def at(name: str, family, **more: Any) -> str:
    return reverse(name, kwargs={"family": family.uuid, **more})


def about(parent, **answers: Any) -> dict[str, Any]:
    day = f"{clock.today():%d.%m.%Y}"
    return {
        "person": str(parent.uuid),
        "answered_on": day,
        "respondent": "parent",
        "facts_version": "1",
        **answers,
    }


def test_the_page_lists_what_there_is_and_each_leads_to_its_form(client, family):
    page = Page(client.get(at("measurements", family)).content.decode())
    assert "KPCS: tryghed i forældrerollen" in page.text and "GAS" not in page.text
    assert at("measure", family, instrument="kpcs") in page.links
    form = client.get(at("measure", family, instrument="kpcs"))
    text = Page(form.content.decode()).text
    assert "Spørgsmål 15" in text and "Ikke relevant" in text and "Ordlyd" not in text
    assert "ordlyd er ikke lagt ind" in text and "Črnčec" in text
    assert client.get(at("measure", family, instrument="mmpi")).status_code == 404
    assert client.get(at("measure", family, instrument="gas")).status_code == 404


def test_an_option_says_its_place_and_what_it_counts(client, family):
    text = Page(client.get(at("measure", family, instrument="epds")).content.decode()).text
    # On item 10 the topmost option is the heaviest.
    assert "1. svar fra oven (3 point)" in text and "4. svar fra oven (0 point)" in text


def test_what_was_typed_stays_when_something_is_missing(client, family, parent):
    address = at("measure", family, instrument="kpcs")
    lacking = {name: value for name, value in KPCS.items() if name != "item_7"}
    refused = client.post(address, about(parent, **lacking))
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "Spørgsmål 7 er ikke besvaret" in Page(html).text
    assert html.count("checked") >= 14
    saved = client.post(address, about(parent, **lacking, missing_reason="declined"), follow=True)
    assert "ingen score" in Page(saved.content.decode()).text


def test_a_form_is_saved_scored_and_shown(client, family, parent):
    saved = client.post(at("measure", family, instrument="kpcs"), about(parent, **KPCS), follow=True)
    text = Page(saved.content.decode()).text
    assert saved.redirect_chain and "Samlet score: 45" in text
    listed = Page(client.get(at("measurements", family)).content.decode())
    assert "KPCS: Maja" in listed.text and "Samlet score: 45" in listed.text
    history = client.get(at("family-history", family)).content.decode()
    assert "Samlet score: 45" in history and history.count("KPCS") == 1


def test_an_answer_about_self_harm_is_said_at_once_with_the_task_beside_it(client, family, parent):
    saved = client.post(
        at("measure", family, instrument="epds"), about(parent, **EPDS | {"item_10": "2"}), follow=True
    )
    page = Page(saved.content.decode())
    assert "Handl i dag" in page.text and "tal med forælderen i dag" in page.text
    (task,) = [link for link in page.links if link.startswith("/opgaver/")]
    assert "Handl i dag på et svar" in Page(client.get(task).content.decode()).text
    assert "Handl i dag på et svar" in Page(client.get("/min-dag/").content.decode()).text


def test_the_form_is_sent_once_however_often_it_comes(cast, client, family, parent):
    sent = about(parent, **KPCS, submit_token="7f0e3a52-2d0b-4f6e-9a3e-0f3f1c1d2e3f")
    address = at("measure", family, instrument="kpcs")
    first, again = client.post(address, sent), client.post(address, sent)
    assert first.url == again.url
    with cast.greve.caseworker.acting(), transaction.atomic():
        assert Administration.objects.filter(family=family).count() == 1


def test_a_form_of_a_version_that_is_gone_keeps_what_was_typed(client, family, parent):
    refused = client.post(
        at("measure", family, instrument="kpcs"), about(parent, **KPCS) | {"facts_version": "0.9"}
    )
    html = refused.content.decode()
    assert refused.status_code == 422 and "Version 0.9 af KPCS bruges ikke mere" in Page(html).text
    assert html.count("checked") >= 15


def test_what_is_typed_is_kept_and_the_form_goes_on_where_it_was_left(client, family, parent):
    page = Page(client.get(at("measure", family, instrument="kpcs")).content.decode())
    token = page.hidden["submit_token"]
    draft = f"{reverse('draft', kwargs={'token': token})}?family={family.uuid}&form=measure:kpcs"
    assert client.post(draft, about(parent, item_1="2", item_2="1")).status_code == 200
    html = client.get(at("measure", family, instrument="kpcs")).content.decode()
    assert html.count("checked") >= 4
    assert at("measure", family, instrument="kpcs") in Page(client.get("/min-dag/").content.decode()).links


def test_a_correction_begins_from_what_stands_and_keeps_it(client, family, parent):
    client.post(at("measure", family, instrument="kpcs"), about(parent, **KPCS))
    listed = Page(client.get(at("measurements", family)).content.decode())
    (first,) = [
        link for link in listed.links if "/maalinger/" in link and "/ny/" not in link and link.count("-") == 8
    ]
    correct = f"{first}ret/"
    assert client.get(correct).content.decode().count("checked") >= 17
    sent = about(parent, **KPCS | {"item_2": "0"}, reason="Sat det forkerte kryds.")
    text = Page(client.post(correct, sent, follow=True).content.decode()).text
    assert "Samlet score: 42" in text and "Sat det forkerte kryds." in text
    assert "Der er en nyere version" in Page(client.get(first).content.decode()).text
    # Somebody who had the old one open is told, and writes over nothing.
    assert client.post(correct, sent).status_code == 409


def test_who_does_not_measure_reads_and_has_no_form(cast, client, family, parent):
    client.post(at("measure", family, instrument="kpcs"), about(parent, **KPCS))
    lead = browser(cast.greve.authoritylead)
    page = Page(lead.get(at("measurements", family)).content.decode())
    assert "Samlet score: 45" in page.text and "Mål med et redskab" not in page.text
    assert lead.get(at("measure", family, instrument="kpcs")).status_code == 403


def test_the_api_takes_answers_scores_them_and_says_what_they_ask_for(cast, family, parent):
    program = api(cast.greve.practitioner)
    address = f"/api/v1/families/{family.uuid}/administrations/"
    answers = [{"item": item, "value": 3 if item == 3 or item >= 5 else 0} for item in range(1, 10)]
    sent = {
        "instrument": "epds", "person": str(parent.uuid), "respondent": "parent",
        "answers": [*answers, {"item": 10, "value": 0}],
    }  # fmt: skip
    made = program.post(address, sent, format="json", HTTP_IDEMPOTENCY_KEY="a")
    assert made.status_code == 201, made.json()
    body = made.json()
    assert body["scores"][0] | {"measurement": ""} == {
        "scale": "total", "score": 3.0, "scoring_version": "1", "crossed": [], "measurement": "",
    }  # fmt: skip
    assert body["alerts"] == ["self-harm"]
    assert [(one["urgency"], one["taken"]) for one in body["actions"]] == [("today", None)]
    assert body["answers"][9] == {"item": 10, "value": 0, "not_relevant": False, "missing_reason": None}
    assert program.post(address, sent, format="json", HTTP_IDEMPOTENCY_KEY="a").json() == body
    assert program.get(address).json()["results"] == [body]
    measured = program.get(f"/api/v1/families/{family.uuid}/measurements/").json()["results"]
    assert {row["instrument"] for row in measured} == {"epds", "epds-anxiety"}
    corrected = program.post(
        address, sent | {"replaces": body["id"], "reason": "Set forkert.", "missing_reason": "declined", "answers": []},
        format="json",
    )  # fmt: skip
    assert corrected.status_code == 201 and corrected.json()["replaces"] == body["id"]
    assert program.get(f"/api/v1/families/{family.uuid}/measurement-points/").json() == {"results": []}


def test_the_api_says_which_instruments_there_are(cast, family):
    found = api(cast.greve.practitioner).get("/api/v1/instruments/").json()["results"]
    epds = next(one for one in found if one["instrument"] == "epds")
    assert (epds["version"], epds["places"], len(epds["items"])) == ("1", True, 10)
    assert epds["items"][9] == {
        "item": 10, "text": None, "lowest": 0, "highest": 3, "reversed": True, "may_be_not_relevant": False,
    }  # fmt: skip
    assert epds["scales"][0] == {
        "scale": "total", "title": "Samlet score", "lowest": 0.0, "highest": 30.0, "better": "lower",
        "given": False, "optional": False,
    }  # fmt: skip
    assert "cut_offs" in epds["unchecked"] and epds["licence"].startswith("The Royal College")
    assert api(cast.admin).get("/api/v1/instruments/").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"answers": [{"item": 1, "value": 9}], "missing_reason": "declined"}, "answer-outside-scale"),
        ({"answers": [{"item": 1}]}, "answers-missing"),
        ({"answers": [{"item": 1, "value": 1, "missing_reason": "declined"}]}, "answers-missing"),
        ({"answers": [{"item": 1, "value": 1}, {"item": 1, "value": 2}]}, "answers-missing"),
        ({"instrument": "mmpi"}, "instrument-unknown"),
        ({"instrument_version": "7"}, "instrument-version-gone"),
        ({"replaces": "00000000-0000-4000-8000-000000000000", "reason": "x"}, "administration-unknown"),
        ({"person": "00000000-0000-4000-8000-000000000000"}, "person-unknown"),
        ({"answered_on": "2099-01-01"}, "measured-in-future"),
        ({"respondent": "nobody"}, "invalid"),
        ({"missing_reason": "withdrawn"}, "invalid"),
        ({"answered_on": "0206-01-01"}, "day-impossible"),
        ({"totals": [{"scale": "total", "score": 3}], "missing_reason": "declined"}, "score-unknown-scale"),
        ({"answers": [{"item": 11, "missing_reason": "declined"}]}, "answer-unknown-item"),
        ({"totals": [{"scale": "total", "score": 3}], "instrument": "adbb"}, "unknown-respondent"),
    ],
)
def test_the_api_refuses_with_a_stable_type(cast, family, parent, wrong, kind):
    program = api(cast.greve.practitioner)
    address = f"/api/v1/families/{family.uuid}/administrations/"
    sent = {"instrument": "epds", "person": str(parent.uuid), "respondent": "parent", **wrong}
    refused = program.post(address, sent, format="json")
    assert refused.status_code == 422
    assert refused.json()["type"] == f"urn:familieforloeb:problem:{kind}", refused.json()
    with cast.greve.caseworker.acting(), transaction.atomic():
        assert not Administration.objects.filter(family=family).exists()
        assert not Task.objects.filter(family=family).exists()


def test_a_child_of_the_wrong_age_is_said_beside_the_day(cast, client, family):
    with cast.greve.caseworker.acting(), transaction.atomic():
        child = Person.objects.get(family=family, kind="child")
    assert child.born_on is not None
    day = child.born_on + timedelta(days=5)
    sent = {
        "person": str(child.uuid), "answered_on": f"{day:%d.%m.%Y}", "respondent": "parent",
        "facts_version": "1", "scale_total": "20",
    }  # fmt: skip
    refused = client.post(at("measure", family, instrument="asq-se-2"), sent)
    html = refused.content.decode()
    assert refused.status_code == 422 and "fra 1 til 72 måneder" in Page(html).text
    assert 'value="20"' in html


@pytest.mark.parametrize(
    ("instrument", "wrong", "kind"),
    [
        ("asq-se-2", {"answered_on": 5}, "child-age"),
        ("asq-se-2", {"answered_on": -5}, "before-birth"),
        ("asq-se-2", {"totals": [{"scale": "total", "score": 541}]}, "outside-scale"),
        (
            "asq-se-2",
            {"totals": [{"scale": "total", "score": 20}, {"scale": "sum", "score": 20}]},
            "score-unknown-scale",
        ),
        ("adbb", {"respondent": "staff"}, "certificate-missing"),
    ],
)
def test_the_api_refuses_a_child_s_score_with_a_stable_type(cast, family, instrument, wrong, kind):
    with cast.greve.caseworker.acting(), transaction.atomic():
        child = Person.objects.get(family=family, kind="child")
    assert child.born_on is not None
    if "answered_on" in wrong:
        wrong = {"answered_on": str(child.born_on + timedelta(days=wrong["answered_on"]))}
    sent = {
        "instrument": instrument, "person": str(child.uuid), "respondent": "parent",
        "totals": [{"scale": "total", "score": 20}], **wrong,
    }  # fmt: skip
    refused = api(cast.greve.practitioner).post(
        f"/api/v1/families/{family.uuid}/administrations/", sent, format="json"
    )
    assert refused.status_code == 422
    assert refused.json()["type"] == f"urn:familieforloeb:problem:{kind}", refused.json()
    with cast.greve.caseworker.acting(), transaction.atomic():
        assert not Administration.objects.filter(family=family).exists()


def certified(cast, *, until: int) -> None:
    """The practitioner's certificate in ADBB, put on file by the lead, that counts until so many days from today."""
    with cast.greve.teamlead.acting(), transaction.atomic():
        record_training(
            actor=cast.greve.teamlead, staff=cast.greve.practitioner.staff, kind="adbb", title="Certifikat i ADBB",
            held_on=clock.today() - timedelta(days=400), valid_until=clock.today() + timedelta(days=until),
            provider="KU", certificate=True, now=clock.now(),
        )  # fmt: skip


def test_an_expired_certificate_is_said_with_its_day_by_page_and_api_and_nothing_is_lost(
    cast, client, family
):
    certified(cast, until=-1)
    with cast.greve.caseworker.acting(), transaction.atomic():
        child = Person.objects.get(family=family, kind="child")
    yesterday = f"{clock.today() - timedelta(days=1):%d.%m.%Y}"
    sent = about(child, scale_total="7", language="arabisk") | {"respondent": "staff"}
    refused = client.post(at("measure", family, instrument="adbb"), sent)
    html = refused.content.decode()
    assert refused.status_code == 422
    assert f"Dit certifikat i ADBB udløb {yesterday}. Bed din leder" in Page(html).text
    assert 'value="7"' in html and 'value="arabisk"' in html
    body = {
        "instrument": "adbb", "person": str(child.uuid), "respondent": "staff",
        "totals": [{"scale": "total", "score": 7}],
    }  # fmt: skip
    answer = api(cast.greve.practitioner).post(
        f"/api/v1/families/{family.uuid}/administrations/", body, format="json"
    )
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:familieforloeb:problem:certificate-expired"
    with cast.greve.caseworker.acting(), transaction.atomic():
        assert not Administration.objects.filter(family=family).exists()
        assert not Task.objects.filter(family=family).exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"item_4": "9"}, "Vælg"),
        ({"answered_on": "24.12.2099"}, "fremtiden"),
        ({"answered_on": "24.12.1999"}, "Barnet var ikke født"),
        ({"person": "00000000-0000-4000-8000-000000000000"}, "Vælg"),
    ],
)
def test_what_cannot_be_is_said_and_every_other_answer_stays(cast, client, family, parent, wrong, words):
    sent = about(parent, **KPCS, language="somali", interpreter="on") | wrong
    refused = client.post(at("measure", family, instrument="kpcs"), sent)
    html = refused.content.decode()
    assert refused.status_code == 422 and words in Page(html).text
    assert html.count("checked") >= 16 and 'value="somali"' in html
    with cast.greve.caseworker.acting(), transaction.atomic():
        assert not Administration.objects.filter(family=family).exists()


def test_the_history_tells_what_was_answered_and_what_was_done_about_it(cast, client, family, parent):
    client.post(at("measure", family, instrument="epds"), about(parent, **EPDS | {"item_10": "2"}))

    def read() -> str:
        return Page(client.get(at("family-history", family)).content.decode()).text

    before = read()
    assert "EPDS" in before and "Samlet score: 1" in before
    # Nothing was done yet, and nothing is told.
    assert "Handling på en score" not in before
    (task,) = [
        link for link in Page(client.get("/min-dag/").content.decode()).links if link.startswith("/opgaver/")
    ]
    page = Page(client.get(task).content.decode())
    done = client.post(task, page.hidden | {"taken": "talked", "text": "Talt med Maja samme aften."})
    assert done.status_code == 302, done.content.decode()
    after = read()
    assert "Handling på en score" in after and "Talt med Maja samme aften." in after
    assert "Talt med familien" in after and "Tanker om at gøre skade på sig selv" in after
    events = api(cast.greve.practitioner).get(f"/api/v1/families/{family.uuid}/timeline/").json()["results"]
    assert {"administration", "score_action"} <= {event["kind"] for event in events}
