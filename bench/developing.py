"""What a family's pages cost after five years of scores, against the same pages of a family that is new in the house."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.test import Client
from django.urls import reverse

from bench.timing import Comparison, Way, compare
from demo.families import STORIES, create_family
from demo.walk import Company
from placement import clock
from placement.families.models import Family, Person
from placement.instruments import catalogue
from placement.progression.codes import DAILY_LOG, Element
from placement.progression.models import Measurement

YEARS = 5
#: A score of the daily log every second day in each element, and four instruments each quarter.
LOG_EVERY, MEASURED_EVERY = 2, 91
INSTRUMENTS = ("epds", "kpcs", "who-5", "osss-3")


def compare_development(company: Company, new: Family, *, story: int, rounds: int) -> list[Comparison]:
    """The page of development and the family's page: ``new``'s, and those of one like it with five years of scores."""
    practitioner = company.actor("practitioner")
    old = create_family(company, STORIES[story], number=0, now=clock.now(), say=lambda words: None)
    with practitioner.acting(), transaction.atomic():
        write_years(company, old)
    client = Client(SERVER_NAME="localhost")
    client.force_login(practitioner.staff)

    def get(name: str, family: Family) -> None:
        response = client.get(reverse(name, kwargs={"family": family.uuid}))
        if response.status_code != 200:
            raise RuntimeError(f"{name} answers {response.status_code}")

    def page(name: str, title: str) -> Comparison:
        return compare(
            title,
            Way("with five years of scores", lambda _: get(name, old)),
            Way("of a family that is new in the house", lambda _: get(name, new)),
            rounds=rounds,
        )

    return [
        page("family-development", "development after five years / of a new family"),
        page("family", "family page after five years / of a new family"),
    ]


def write_years(company: Company, family: Family) -> int:
    """Five years of scores in bulk, as the practitioner; how many."""
    actor, today = company.actor("practitioner"), clock.today()
    parent = Person.objects.filter(family=family, kind="parent").order_by("id")[0]

    def scored(
        days: int, element: str, slug: str, low: Decimal, high: Decimal, person: Person | None
    ) -> Measurement:
        share = Decimal(days * 37 % 11) / 10
        return Measurement(
            municipality_id=family.municipality_id,
            family=family,
            element=element,
            instrument=slug,
            person=person,
            score=(low + (high - low) * share).quantize(Decimal(1)),
            scale_min=low,
            scale_max=high,
            measured_on=today - timedelta(days=days),
            recorded_by=actor.staff,
        )

    rows = [
        scored(days, element, DAILY_LOG.slug, DAILY_LOG.low, DAILY_LOG.high, None)
        for element in Element.values
        for days in range(0, YEARS * 365, LOG_EVERY)
    ]
    for name in INSTRUMENTS:
        definition = catalogue.in_use(name)
        rows += [
            scored(days, definition.element, definition.slug_of(scale), scale.lowest, scale.highest, parent)
            for scale in definition.scales
            for days in range(0, YEARS * 365, MEASURED_EVERY)
        ]
    return len(Measurement.objects.bulk_create(rows, batch_size=1000))
