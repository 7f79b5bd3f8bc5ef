"""What is typed in a step is kept, comes back on another device, and is gone once the step is completed."""

from __future__ import annotations

import re
from datetime import date

from django.db import transaction
from django.urls import reverse

from placement import clock
from placement.journal.models import Draft
from tests.cast import browser
from workflows.journey.services import begin_journey
from workflows.kernel.models import Task


def hidden(page, name):
    found = re.search(rf'{name}="([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return found[1].replace("&amp;", "&")


def test_what_is_typed_in_a_step_comes_back_and_leaves_with_the_step(cast):
    caseworker = cast.greve.caseworker
    with caseworker.acting():
        family = begin_journey(
            actor=caseworker,
            source="casework",
            enquiry_text="",
            traits=[],
            people=[
                {
                    "kind": "parent",
                    "name": "Sara Strand",
                    "born_on": date(1999, 3, 1),
                    "custody_holder": True,
                },
                {"kind": "child", "born_on": date(2026, 1, 2)},
            ],
            now=clock.now(),
        )
        with transaction.atomic():
            task = Task.objects.open().get(family=family)
    url = reverse("task", kwargs={"task": task.uuid})
    phone, desk = browser(caseworker), browser(caseworker)
    page = phone.get(url)
    kept_at = hidden(page, "data-draft-url")
    token = hidden(page, 'name="submit_token" value')
    assert (
        phone.post(kept_at, {"in_target_group": "true", "assessment": "Begyndt i bussen"}).status_code == 200
    )

    again = desk.get(url)
    assert "Begyndt i bussen" in again.content.decode()
    assert hidden(again, 'name="submit_token" value') == token
    day = desk.get(reverse("day")).content.decode()
    assert "Kladder, du ikke har gemt" in day
    # Once as a draft, with the step's own title, and once as the task.
    assert day.count(f'<a href="{url}">{task.title}</a>') == 2

    answer = {"submit_token": token, "in_target_group": "true", "assessment": "Færdig", "facts_version": ""}
    assert desk.post(url, answer).status_code == 302
    assert phone.post(kept_at, {"assessment": "For sent"}).status_code == 204, (
        "a late autosave brings nothing back"
    )
    with caseworker.acting(), transaction.atomic():
        assert not Draft.objects.exclude(data={}).exists()
    assert phone.post(url, {**answer, "assessment": "Færdig"}).status_code == 302, (
        "sent again is not done again"
    )
