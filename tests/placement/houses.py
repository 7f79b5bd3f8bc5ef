"""Families to work on: registered and staffed through the services, one line each."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from placement import clock
from placement.access.models import Site
from placement.families import people, services
from placement.families.codes import EnquirySource, PersonKind
from placement.families.models import Family, GrantFunction
from tests.cast import Town


def family_in(town: Town) -> Family:
    """A family with a mother and a child of 100 days, a caseworker, and the practitioner on its team."""
    caseworker, practitioner = town.caseworker, town.practitioner
    now = clock.now()
    today = clock.today()
    with caseworker.acting(), transaction.atomic():
        family = services.register_enquiry(
            actor=caseworker, source=EnquirySource.CASEWORK, enquiry_text="", traits=[], now=now
        )
        people.add_person(
            family=family,
            kind=PersonKind.PARENT,
            born_on=today - timedelta(days=25 * 365),
            name="Maja",
            custody_holder=True,
            now=now,
        )
        people.add_person(
            family=family, kind=PersonKind.CHILD, born_on=today - timedelta(days=100), name="Bo", now=now
        )
        family.site = Site.objects.get()
        family.save(update_fields=["site"])
        services.appoint(
            family=family, staff=caseworker.staff, function=GrantFunction.CASEWORKER, by=caseworker, on=today
        )
        services.set_team(
            family=family, members=[(practitioner.staff, "familiebehandler")], by=caseworker, on=today
        )
    return family
