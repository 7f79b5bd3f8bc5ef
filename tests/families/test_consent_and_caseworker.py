"""Consent taken back closes the gate at once; the caseworker changes hands; a closed journey ends the team."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from placement import clock
from placement.families.models import Consent, Family, FamilyGrant
from placement.families.people import add_person
from placement.families.services import end_team, give_consent, set_team, standing_consents
from tests.cast import browser
from workflows.journey.services import begin_journey


@pytest.fixture
def family(cast):
    caseworker = cast.greve.caseworker
    with caseworker.acting():
        return begin_journey(
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


def test_consent_is_given_taken_back_and_given_again_on_its_page(cast, family):
    caseworker = cast.greve.caseworker
    with caseworker.acting(), transaction.atomic():
        person = str(family.people.get(kind="parent").uuid)
    client = browser(caseworker)
    url = reverse("family-consent", kwargs={"family": family.uuid})
    today = f"{clock.today():%d.%m.%Y}"

    def write(what, how=""):
        return client.post(
            url, {"submit_token": uuid4(), "person": person, "what": what, "on": today, "how": how}
        )

    assert write("withdrawn").status_code == 422, "there is nothing to take back yet"
    assert write("given").status_code == 422, "how it was given must be said"
    assert write("given", "oral").status_code == 302
    with caseworker.acting(), transaction.atomic():
        assert standing_consents(family) == (1, 1)
    assert write("withdrawn").status_code == 302
    with caseworker.acting(), transaction.atomic():
        assert standing_consents(family) == (0, 1)
    assert write("given", "written").status_code == 302
    page = client.get(url).content.decode()
    assert "Trukket tilbage" in page
    assert "Gælder" in page


def test_consent_cannot_be_taken_back_before_it_was_given(cast, family):
    caseworker = cast.greve.caseworker
    with caseworker.acting(), transaction.atomic():
        person = family.people.get(kind="parent")
        give_consent(actor=caseworker, person=person, given_on=clock.today(), how="oral", now=clock.now())
    url = reverse("family-consent", kwargs={"family": family.uuid})
    before = f"{clock.today() - timedelta(days=1):%d.%m.%Y}"
    answer = browser(caseworker).post(url, {"person": person.uuid, "what": "withdrawn", "on": before})
    assert answer.status_code == 422
    with caseworker.acting(), transaction.atomic():
        assert Consent.objects.get().withdrawn_on is None


def test_the_authority_lead_appoints_the_caseworker_and_nobody_else_does(cast, family):
    lead, caseworker = cast.greve.authoritylead, cast.greve.caseworker
    url = reverse("family-caseworker", kwargs={"family": family.uuid})
    staff = {"staff": str(caseworker.staff.uuid)}
    assert browser(caseworker).post(url, staff).status_code == 403
    assert browser(lead).post(url, {"staff": str(cast.greve.teamlead.staff.uuid)}).status_code == 422
    assert browser(lead).post(url, {"staff": str(cast.randers.caseworker.staff.uuid)}).status_code == 422
    assert browser(lead).post(url, staff).status_code == 302
    with lead.acting(), transaction.atomic():
        (grant,) = FamilyGrant.objects.filter(content_object=family)
        assert (grant.user_id, grant.function, grant.ends) == (caseworker.staff_id, "caseworker", None)


def test_the_team_sees_the_family_on_its_last_day_and_not_after(cast, family):
    lead, practitioner = cast.greve.teamlead, cast.greve.practitioner
    today = clock.today()
    with lead.acting(), transaction.atomic():
        set_team(family=family, members=[(practitioner.staff, "familiebehandler")], by=lead, on=today)
        end_team(family=family, last_day=today)
    with practitioner.acting(), transaction.atomic():
        assert Family.objects.visible_to(practitioner).filter(pk=family.pk).exists()
        with clock.standing_at(clock.now() + timedelta(days=1)):
            assert not Family.objects.visible_to(practitioner).filter(pk=family.pk).exists()


def test_a_second_child_of_the_same_pregnancy_is_a_second_record(cast, family):
    with cast.greve.caseworker.acting(), transaction.atomic():
        add_person(family=family, kind="child", born_on=date(2026, 1, 2), name="Nr. to", now=clock.now())
        assert family.people.filter(kind="child").count() == 2
