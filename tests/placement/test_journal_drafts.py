"""One form open in two places, and one device in two people's hands: no text swallows another."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from placement import clock
from placement.journal import selectors, services
from placement.journal.models import Draft, Note
from tests.cast import browser


@pytest.fixture
def draft(practitioner, family):
    return {
        "actor": practitioner,
        "family": family,
        "form": "log",
        "submit_token": uuid4(),
        "now": clock.now(),
    }


def test_the_page_that_types_may_go_on_and_another_that_saw_the_last_word_may_take_over(
    practitioner, draft, at_work
):
    phone, desk = uuid4(), uuid4()
    with at_work(practitioner):
        assert services.save_draft(**draft, data={"text": ["Ma"]}, page=phone)
        assert services.save_draft(**draft, data={"text": ["Maja"]}, page=phone)
        assert services.save_draft(**draft, data={"text": ["Maja sang"]}, page=desk, seen=2)
        with pytest.raises(services.DraftElsewhere), transaction.atomic():
            services.save_draft(**draft, data={"text": ["Maja sov"]}, page=phone, seen=0)
        assert Draft.objects.get().data == {"text": ["Maja sang"]}


def test_a_form_that_was_sent_is_not_typed_in_elsewhere(practitioner, draft, at_work):
    with at_work(practitioner):
        services.save_draft(**draft, data={"text": ["Ma"]}, page=uuid4())
        services.take_draft(**draft)
        assert not services.save_draft(**draft, data={"text": ["Maja"]}, page=uuid4())


def test_each_of_several_drafts_is_gone_on_with_from_its_own_line(practitioner, family, draft, at_work):
    with at_work(practitioner):
        services.save_draft(**draft, data={"text": ["Den første"]})
        services.save_draft(**{**draft, "submit_token": uuid4()}, data={"text": ["Den anden"]})
        pages = [selectors.draft_page(one) for one in selectors.open_drafts(practitioner)]
    client = browser(practitioner)
    shown = [client.get(page).content.decode() for page in pages]
    assert {("Den første" in page, "Den anden" in page) for page in shown} == {(True, False), (False, True)}


def test_the_address_of_drafts_says_when_somebody_else_has_typed(practitioner, draft, family, at_work):
    client = browser(practitioner)
    url = f"{reverse('draft', kwargs={'token': draft['submit_token']})}?family={family.uuid}&form=log"
    assert client.post(url, {"text": "x"}, headers={"X-Draft-Page": str(uuid4())}).status_code == 200
    elsewhere = client.post(url, {"text": "y"}, headers={"X-Draft-Page": str(uuid4()), "X-Draft-Rev": "0"})
    assert elsewhere.status_code == 409
    assert elsewhere.json()["type"] == "urn:familieforloeb:problem:draft-elsewhere"
    taken_over = client.post(url, {"text": "y"}, headers={"X-Draft-Page": str(uuid4()), "X-Draft-Rev": "1"})
    assert taken_over.status_code == 200
    with at_work(practitioner):
        assert Draft.objects.get().data == {"text": ["y"]}


def test_what_one_typed_does_not_become_the_next_ones_on_a_shared_device(
    cast, practitioner, draft, family, at_work
):
    url = f"{reverse('draft', kwargs={'token': draft['submit_token']})}?family={family.uuid}&form=log"
    typed_by = {"X-Person": str(practitioner.staff.uuid)}
    refused = browser(cast.greve.teamlead).post(url, {"text": "x"}, headers=typed_by)
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:familieforloeb:problem:other-person"
    assert browser(practitioner).post(url, {"text": "x"}, headers=typed_by).status_code == 200
    with at_work(practitioner):
        assert Draft.objects.get().staff == practitioner.staff


def test_a_form_refused_keeps_its_place_in_its_draft(practitioner, family):
    client = browser(practitioner)
    log, token = reverse("log", kwargs={"family": family.uuid}), uuid4()
    url = f"{reverse('draft', kwargs={'token': token})}?family={family.uuid}&form=log"
    client.post(url, {"text": "Fin dag"}, headers={"X-Draft-Page": str(uuid4())})
    page = client.post(
        log, {"submit_token": token, "kind": "observation", "text": "Fin dag", "happened_at": "i går"}
    )
    assert page.status_code == 422
    assert 'data-draft-rev="1"' in page.content.decode()


def test_saving_a_quick_log_takes_three_writes(practitioner, family, at_work, django_assert_num_queries):
    """The draft taken, the measurement, the note; the rest is the savepoint within this transaction."""
    with at_work(practitioner):
        Note.objects.exists()
        with django_assert_num_queries(3 + 2):
            services.write_note(
                actor=practitioner, family=family, kind="observation", text="x", score=Decimal(4),
                element="team", submit_token=uuid4(), now=clock.now(),
            )  # fmt: skip
