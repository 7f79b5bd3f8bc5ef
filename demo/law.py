"""What the authority begins beside the journey in the demonstration: a screening, two plans before a birth."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from demo.walk import Company
from placement import clock
from placement.families.models import Family
from workflows.investigation.parallel import begin_parallel_track
from workflows.investigation.selectors import VIOLENCE, awaited
from workflows.investigation.services import begin_investigation


def begin_beside(company: Company, family: Family, name: str, now: datetime) -> None:
    """Begin what a story names ("screening", "two plans"), by the caseworker; its steps are then the cast's."""
    actor = company.actor("caseworker")
    with clock.standing_at(now), actor.acting(), transaction.atomic():
        child = awaited(family).first()
        if name == "two plans":
            if child is not None:
                begin_parallel_track(
                    actor=actor,
                    family=family,
                    child=child,
                    why="Det er ikke sikkert, at barnet kan bo hos forældrene fra fødslen. Begge veje forberedes.",
                    now=now,
                )
            return
        begin_investigation(
            actor=actor,
            family=family,
            child=child,
            aware_on=clock.danish_day(now - timedelta(days=3)),
            why="Jordemoderen og sundhedsplejersken er bekymrede for, om forældrene kan give barnet ro.",
            violence_possible=VIOLENCE in family.traits,
            now=now,
        )
