"""What the demonstration shows of a model that matures: an adaptation, a draft that waits, a family that was moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from demo.walk import Company
from placement import clock
from placement.access.models import Site
from placement.access.roles import Role
from placement.families.models import Family, Phase
from workflows.journey.moving import move_family, preview
from workflows.model_versions.adaptations import decide_adaptation, draft_adaptation
from workflows.model_versions.models import Adaptation, OrganisationText, VersionMove
from workflows.model_versions.organisation import assess_site, headings, write_text
from workflows.model_versions.services import version_in_force

WEEKS_AGO = timedelta(weeks=70)


def before_families(company: Company, *, now: datetime) -> None:
    """Greve has adapted the model before its first family came, and looked at its own organisation last year."""
    if company.slug != "greve":
        return
    then = now - WEEKS_AGO
    with company.actor("authoritylead").acting(), transaction.atomic():
        if OrganisationText.objects.exists():
            return
    _adapt(
        company,
        {"cadence_days": {"team_meeting": 21}},
        "Vi holder teammøde hver tredje uge, fordi vores familier er få, og der sker meget mellem møderne.",
        then,
    )
    lead = company.actor("teamlead")
    assert lead.municipality_id is not None
    with clock.standing_at(then), lead.acting(), transaction.atomic():
        model = version_in_force(clock.danish_day(then)).model
        write_text(
            actor=lead,
            model=model,
            key="prerequisites",
            kind="",
            title="",
            text="Ledelsen holder plads til, at teamet kan mødes i arbejdstiden.\nDer er en vikar, som kender familierne.",
            edition=0,
            now=then,
        )
        site = Site.objects.get(pk=min(lead.sites_as(Role.TEAM_LEAD)))
        assess_site(
            actor=lead,
            site=site,
            model=model,
            answers={
                heading.key: {
                    "level": 2,
                    "remark": "Vikaren er fundet og er ved at lære familierne at kende.",
                }
                for heading in headings(municipality_id=lead.municipality_id, model=model)
                if heading.kind == "prerequisite"
            },
            now=then,
        )


def after_families(company: Company, *, now: datetime) -> None:
    """Odense has adapted the model since, and moved a family to it; in Randers a draft waits for an answer."""
    with company.actor("authoritylead").acting(), transaction.atomic():
        if Adaptation.objects.exists():
            return
    change = {"cadence_days": {"network_meeting": 35}}
    reason = "Familierne har bedt om, at netværket mødes oftere i begyndelsen."
    if company.slug == "randers":
        _draft(company, change, reason, now - timedelta(days=2))
    if company.slug == "odense":
        _adapt(company, change, reason, now - timedelta(days=4))
        _move_one(company, now - timedelta(days=3))


def _draft(company: Company, overrides: Mapping[str, Any], reason: str, now: datetime) -> Adaptation:
    lead = company.actor("teamlead")
    with clock.standing_at(now), lead.acting(), transaction.atomic():
        version = version_in_force(clock.danish_day(now))
        return draft_adaptation(actor=lead, version=version, overrides=overrides, reason=reason, now=now)


def _adapt(company: Company, overrides: Mapping[str, Any], reason: str, now: datetime) -> None:
    draft = _draft(company, overrides, reason, now)
    lead, later = company.actor("authoritylead"), now + timedelta(hours=3)
    with clock.standing_at(later), lead.acting(), transaction.atomic():
        decide_adaptation(actor=lead, draft=draft, approved=True, reason="", now=later)


def _move_one(company: Company, now: datetime) -> None:
    """The first family that lives in the house goes on by the adapted model."""
    lead = company.actor("teamlead")
    with clock.standing_at(now), lead.acting(), transaction.atomic():
        if VersionMove.objects.exists():
            return
        here = Family.objects.visible_to(lead).filter(phase=Phase.MOVED_IN)
        family = here.order_by("id").first()
        if family is None:
            return
        version = version_in_force(clock.danish_day(now))
        read = preview(family=family, version=version, now=now)
        move_family(
            actor=lead,
            family=family,
            version=version,
            reason="Familien har ønsket flere møder med netværket.",
            facts_version=read.facts_version,
            now=now,
        )
