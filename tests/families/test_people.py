"""Who is in a family can be added and corrected, and without custody nobody can be asked for consent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from placement import clock
from placement.access.errors import Refused
from placement.families.models import Family, Person
from placement.families.people import add_person, child_choices, correct_person, masked_cpr, record_loss
from tests.cast import api, browser
from tests.walking import MOTHER_CPR, Page
from workflows.journey.services import begin_journey
from workflows.kernel.models import Task
from workflows.kernel.services import complete_task
from workflows.screening.forms import ConcernForm


@pytest.fixture
def family(cast: Any) -> Family:
    """A mother of whom neither birthday nor custody is known, and an awaited child."""
    caseworker = cast.greve.caseworker
    with caseworker.acting(), transaction.atomic():
        return begin_journey(
            actor=caseworker,
            source="casework",
            enquiry_text="",
            traits=[],
            people=[{"kind": "parent", "name": "Ane"}, {"kind": "child", "due_on": date(2027, 3, 1)}],
            now=clock.now(),
        )


def people(cast: Any, family: Family) -> list[Person]:
    with cast.greve.caseworker.acting(), transaction.atomic():
        return list(Person.objects.filter(family=family))


def test_without_custody_consent_says_where_to_go_and_then_goes_on(cast: Any, family: Family) -> None:
    caseworker = cast.greve.caseworker
    with caseworker.acting(), transaction.atomic():
        task = Task.objects.open().get(family=family)
    with caseworker.acting():
        complete_task(
            actor=caseworker,
            task_uuid=task.uuid,
            data={"in_target_group": True, "traits": [], "assessment": ""},
            now=clock.now(),
        )
    with caseworker.acting(), transaction.atomic():
        task = Task.objects.open().get(family=family)
    program, person = api(caseworker), browser(caseworker)
    consent = {"person": [], "given_on": clock.today().isoformat(), "how": "oral", "informed_about": ""}
    answered = program.post(f"/api/v1/tasks/{task.uuid}/complete/", consent, format="json")
    assert answered.status_code == 422
    assert answered.json()["type"].endswith(":gate-closed")
    assert "Personer i familien" in answered.json()["detail"]
    assert "Personer i familien" in Page(person.get(f"/opgaver/{task.uuid}/").content.decode()).text

    mother = people(cast, family)[0]
    address = reverse("family-people", args=[family.uuid])
    assert f"{address}?ret={mother.uuid}" in Page(person.get(address).content.decode()).links
    page = Page(person.get(f"{address}?ret={mother.uuid}").content.decode())
    assert page.hidden["form"] == "correct"
    sent = page.fill_in({"name": ["Ane"], "custody_holder": ["on"], "cpr": [MOTHER_CPR]})
    assert person.post(address, sent).status_code == 302
    mother = people(cast, family)[0]
    assert (mother.custody_holder, mother.born_on) == (True, date(1999, 3, 12))
    consent["person"] = [str(mother.uuid)]
    answered = program.post(f"/api/v1/tasks/{task.uuid}/complete/", consent, format="json")
    assert answered.status_code == 200, answered.content.decode()


def test_somebody_is_added_on_the_page(cast: Any, family: Family) -> None:
    person = browser(cast.greve.caseworker)
    address = reverse("family-people", args=[family.uuid])
    added = {"form": "add", "kind": "parent", "name": "Bo", "custody_holder": "on", "education": "primary"}
    assert person.post(address, added).status_code == 302
    father = people(cast, family)[-1]
    assert (father.name, father.custody_holder, father.born_on) == ("Bo", True, None)
    for wrong in ({"kind": "sibling"}, {"kind": "child", "custody_holder": "on"}, {"kind": ""}):
        assert person.post(address, {"form": "add", "name": "Dina"} | wrong).status_code == 422
    assert len(people(cast, family)) == 3
    assert person.post(address, {"form": "correct", "person": "nobody"}).status_code == 404


def test_a_correction_keeps_the_rules_of_birthdays_and_cpr(cast: Any, family: Family) -> None:
    mother, child = people(cast, family)
    same: dict[str, Any] = {"education": "", "employment": "", "now": clock.now()}

    def correct(person: Person, **values: Any) -> Person:
        with cast.greve.caseworker.acting(), transaction.atomic():
            given = {"name": person.name, "born_on": None, "custody_holder": False, "due_on": None} | values
            return correct_person(person=Person.objects.get(pk=person.pk), **same, **given)

    correct(mother, cpr=MOTHER_CPR)
    with cast.greve.caseworker.acting(), transaction.atomic():
        add_person(family=family, kind="sibling", now=clock.now(), born_on=date(2020, 1, 1))  # type: ignore[arg-type]
    sibling = people(cast, family)[-1]
    for person, values, kind in (
        (mother, {"born_on": date(1999, 3, 13)}, "birthday-mismatch"),
        (mother, {"cpr": "3113991234"}, "invalid-cpr"),
        (sibling, {"born_on": date(1990, 1, 1)}, "born-before-parents"),
        (sibling, {"cpr": MOTHER_CPR}, "born-before-parents"),
        (sibling, {}, "birthday-missing"),
        (sibling, {"born_on": date(2090, 1, 1)}, "born-in-future"),
        (child, {}, "due-date-missing"),
    ):
        with pytest.raises(Refused) as refused:
            correct(person, **values)
        assert refused.value.type == kind
    correct(mother, custody_holder=True, name="Ane Maria")
    mother = people(cast, family)[0]
    assert (mother.name, mother.custody_holder, mother.born_on) == ("Ane Maria", True, date(1999, 3, 12))
    assert masked_cpr(mother) == "120399-****"
    correct(child, due_on=date(2027, 4, 1))
    assert people(cast, family)[1].due_on == date(2027, 4, 1)


@pytest.mark.parametrize(
    ("born_on", "due_on"), [(date(206, 2, 2), None), (None, date(2206, 5, 2))], ids=["birthday", "due date"]
)
def test_a_year_that_cannot_be_meant_is_refused_by_the_service_too(
    cast: Any, family: Family, born_on: date | None, due_on: date | None
) -> None:
    with (
        cast.greve.caseworker.acting(),
        transaction.atomic(),
        pytest.raises(Refused, match="Årstallet") as refused,
    ):
        add_person(family=family, kind="child", born_on=born_on, due_on=due_on, name="Bo", now=clock.now())
    assert refused.value.type == "day-impossible"


def test_a_child_without_birthday_or_due_date_is_named_by_its_row(cast: Any) -> None:
    enquiry = {"source": "casework", "parents": [{"name": "Ane"}],
               "children": [{"name": "Bo", "due_on": "2027-03-01"}, {"name": "Dina"}]}  # fmt: skip
    answered = api(cast.greve.caseworker).post("/api/v1/families/", enquiry, format="json")
    assert answered.status_code == 422
    assert answered.json()["errors"]["children"][0].startswith("Række 2: Skriv fødselsdato")


def test_a_child_without_a_name_is_called_what_it_is(cast: Any, family: Family) -> None:
    page = browser(cast.greve.caseworker).get(reverse("family-people", kwargs={"family": family.uuid}))
    assert "Ventet barn" in page.content.decode()


def test_none_of_several_children_is_chosen_beforehand(cast: Any, family: Family) -> None:
    caseworker = cast.greve.caseworker
    with caseworker.acting(), transaction.atomic():
        assert [title for _value, title in child_choices(family)] == ["Ventet barn (01.03.2027)"]
        add_person(family=family, kind="sibling", name="Oskar", born_on=date(2022, 5, 28), now=clock.now())
        first, *rest = child_choices(family)
    assert first == ("", "Vælg")
    assert sorted(title for _value, title in rest) == ["Oskar", "Ventet barn (01.03.2027)"]


def test_a_notification_of_concern_names_the_children_as_other_forms_do(cast: Any, family: Family) -> None:
    caseworker = cast.greve.caseworker
    with caseworker.acting(), transaction.atomic():
        offered = ConcernForm(family=family).fields["children"].choices
        assert [title for _value, title in offered] == ["Ventet barn (01.03.2027)"]
        child = family.people.exclude(kind="parent").get()
        record_loss(child=child)
        assert list(ConcernForm(family=family).fields["children"].choices) == []


def test_the_familys_page_says_what_waits_for_others(cast: Any, family: Family) -> None:
    at = reverse("family", kwargs={"family": family.uuid})
    lead = browser(cast.greve.authoritylead).get(at).content.decode()
    waiting = lead.split("Venter på andre")[1]
    assert "Vurdér målgruppen" in waiting and "Rådgiver" in waiting
    assert "Venter på andre" not in browser(cast.greve.caseworker).get(at).content.decode()
