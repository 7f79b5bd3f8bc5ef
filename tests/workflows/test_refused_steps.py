"""A step that is refused keeps what was typed; one that is done gives the words back; one can wait its turn."""

from __future__ import annotations

import uuid
from datetime import date
from itertools import takewhile
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from placement import clock
from placement.access import context
from placement.access.errors import InUse, Refused, StaleState
from tests import story
from tests.cast import Cast, browser
from tests.walking import ByPages, Page, as_form
from workflows.journey.services import begin_journey
from workflows.kernel import jobs, views
from workflows.kernel.models import Task

TYPED = "Forældrene vil gerne, og de siger det begge to."


@pytest.fixture
def task(cast: Cast) -> Task:
    caseworker = cast.greve.caseworker
    with caseworker.acting():
        family = begin_journey(
            actor=caseworker,
            source="casework",
            enquiry_text="",
            traits=[],
            people=[
                {"kind": "parent", "name": "Sara", "born_on": date(1999, 3, 1), "custody_holder": True},
                {"kind": "child", "born_on": date(2026, 1, 2)},
            ],
            now=clock.now(),
        )
        with transaction.atomic():
            found: Task = Task.objects.open().select_related("family").get(family=family)
            return found


def answer(**otherwise: Any) -> dict[str, Any]:
    return {"submit_token": str(uuid.uuid4()), "in_target_group": "true", "assessment": TYPED} | otherwise


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refused("Det gik ikke.", type="something"), 422),
        (StaleState("Det gik ikke.", type="stale-facts"), 409),
        (InUse("Det gik ikke."), 503),
    ],
)
def test_a_refused_step_keeps_what_was_typed(
    cast: Cast, task: Task, monkeypatch: Any, refusal: Refused, status: int
) -> None:
    def refuse(**given: Any) -> Any:
        raise refusal

    client = browser(cast.greve.caseworker)
    url = reverse("task", kwargs={"task": task.uuid})
    sent = answer()
    with monkeypatch.context() as patched:
        patched.setattr(views, "complete_task", refuse)
        page = client.post(url, sent)
    assert page.status_code == status
    html = page.content.decode()
    assert TYPED in html and "Det gik ikke." in html
    assert Page(html).hidden["submit_token"] == sent["submit_token"]
    assert client.post(url, sent).status_code == 302, "and it can be sent again as it stands"


def test_facts_that_changed_come_back_fresh_with_the_text(house: None) -> None:
    step = "journey.approve_decision"
    walker = ByPages()
    walker.walk(list(takewhile(lambda act: act[0] != step, story.TO_THE_HOUSE)))
    walker.move_on(step)
    with clock.standing_at(walker.now):
        task = walker.task(step)
        lead = walker.company.for_task(task)
        client = walker.client(lead)
        url = reverse("task", kwargs={"task": task.uuid})
        page = Page(client.get(url).content.decode())
        form = page.fill_in(as_form(walker.usual(task, lead) | {"reason": TYPED}))
        stale = client.post(url, form | {"facts_version": ["0" * 64]})
        assert stale.status_code == 409
        assert TYPED in stale.content.decode()
        fresh = Page(stale.content.decode())
        assert fresh.hidden["facts_version"] == page.hidden["facts_version"] != ""
        assert client.post(url, form | {"facts_version": [fresh.hidden["facts_version"]]}).status_code == 302


def test_a_step_that_is_done_gives_the_words_back(cast: Cast, task: Task) -> None:
    assert task.family is not None
    client = browser(cast.greve.caseworker)
    url = reverse("task", kwargs={"task": task.uuid})
    assert client.post(url, answer()).status_code == 302
    page = client.post(url, answer(assessment="Noget helt andet, som jeg har tænkt over."))
    html = page.content.decode()
    assert page.status_code == 409
    assert "Noget helt andet, som jeg har tænkt over." in html
    assert reverse("family", kwargs={"family": task.family.uuid}) in Page(html).links


def test_a_key_of_another_step_is_replaced(cast: Cast, task: Task) -> None:
    from placement.access import submissions

    caseworker = cast.greve.caseworker
    sent = answer()
    with caseworker.acting(), transaction.atomic():
        submissions.once(
            actor=caseworker, key=f"page:{sent['submit_token']}", asked="another", produce=lambda: {"n": 1}
        )
    client = browser(caseworker)
    url = reverse("task", kwargs={"task": task.uuid})
    page = client.post(url, sent)
    assert page.status_code == 409 and TYPED in page.content.decode()
    token = Page(page.content.decode()).hidden["submit_token"]
    assert client.post(url, answer(submit_token=token)).status_code == 302


def test_a_family_in_use_and_four_eyes_have_their_own_words(rf: Any) -> None:
    from placement.access.errors import NotAllowed
    from placement.access.middleware import refusal_page

    assert "Familien er i brug lige nu" in refusal_page(rf.get("/"), InUse("Vent.")).content.decode()
    eyes = refusal_page(rf.get("/"), NotAllowed("Du har selv bedt om det.", type="four-eyes"))
    assert "/min-dag/" in Page(eyes.content.decode()).links


def test_one_municipality_that_fails_stops_no_other(cast: Cast, monkeypatch: Any) -> None:
    done = []

    def work() -> int:
        stated = context.current()
        assert stated is not None
        done.append(stated[0])
        if len(done) == 1:
            raise ValueError("the first one")
        return 0

    with pytest.raises(ExceptionGroup) as failed:
        jobs.everywhere(work)
    assert len(done) >= 3 and len(failed.value.exceptions) == 1
