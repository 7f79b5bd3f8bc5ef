"""The organisation around the model: a municipality's own words, and each site's yearly self-assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.models import Site
from placement.access.roles import Action, Role
from placement.clock import danish_day
from workflows.model_versions.content import Model
from workflows.model_versions.models import OrganisationText, SelfAssessment, SelfAssessmentLine, TextKind


@dataclass(frozen=True)
class Heading:
    """A prerequisite or value as it stands in a municipality. ``local``: its own newest words, or None."""

    key: str
    kind: str
    title: str
    text: str
    local: OrganisationText | None

    @property
    def version(self) -> int:
        """Which edition of the municipality's own words this is; 0 while the national text stands."""
        return self.local.version if self.local else 0


def headings(*, municipality_id: int, model: Model) -> list[Heading]:
    """The national headings in their order, then the municipality's own; each with the newest words."""
    newest: dict[str, OrganisationText] = {}
    mine = OrganisationText.objects.filter(municipality_id=municipality_id).select_related("written_by")
    for text in mine.order_by("version", "id"):
        newest[text.key] = text
    found = [
        Heading(n.code, n.kind, n.title, own.text if own else n.text, own)
        for n in model.organisation
        for own in [newest.pop(n.code, None)]
    ]
    own_headings = sorted(newest.values(), key=lambda text: (text.kind, text.title))
    return found + [Heading(t.key, t.kind, t.title, t.text, t) for t in own_headings]


@transaction.atomic
def write_text(
    *,
    actor: Actor,
    model: Model,
    key: str,
    kind: str,
    title: str,
    text: str,
    edition: int,
    now: datetime,
) -> OrganisationText:
    """Write a municipality's words under a heading, or (``key`` empty) under a heading of its own.

    ``edition``: the one that was read (`Heading.version`). A national heading keeps its kind and title. Raises
    NotAllowed; Refused: ``organisation-text-empty``, ``heading-unknown``, ``heading-twice``; StaleState when somebody
    has written meanwhile.
    """
    municipality_id = _allowed(actor, Action.WRITE_ORGANISATION)
    known = {h.key: h for h in headings(municipality_id=municipality_id, model=model)}
    if key:
        if key not in known:
            raise Refused(_("Overskriften findes ikke."), type="heading-unknown")
        kind, title = known[key].kind, known[key].title
        if known[key].version != edition:
            raise StaleState(_("En anden har skrevet imens. Læs teksten igen, og skriv din ændring ind."))
    else:
        key = slugify(title)[:60]
        if kind not in TextKind.values or key in known:
            raise Refused(_("Der er allerede en overskrift af det navn."), type="heading-twice")
    if not text.strip() or not key:
        raise Refused(_("Skriv en overskrift og en tekst."), type="organisation-text-empty")
    try:
        with transaction.atomic():
            return OrganisationText.objects.create(
                municipality_id=municipality_id,
                key=key,
                kind=kind,
                title=title.strip(),
                text=text.strip(),
                version=known[key].version + 1 if key in known else 1,
                written_by=actor.staff,
                written_at=now,
            )
    except IntegrityError:
        raise StaleState(
            _("En anden har skrevet imens. Læs teksten igen, og skriv din ændring ind.")
        ) from None


def own_sites(actor: Actor) -> list[Site]:
    """The sites that the person leads."""
    return list(Site.objects.filter(pk__in=actor.sites_as(Role.TEAM_LEAD)).order_by("name"))


@transaction.atomic
def assess_site(
    *, actor: Actor, site: Site, model: Model, answers: Mapping[str, Mapping[str, Any]], now: datetime
) -> SelfAssessment:
    """A site's self-assessment of this (Danish) calendar year: per prerequisite a ``level`` and a ``remark``.

    ``answers`` by the heading's key; a level counts from 1 along the model's answers. Raises NotAllowed for another
    site's lead; Refused: ``assessed-this-year``, ``assessment-incomplete``, ``assessment-level``.
    """
    municipality_id = _allowed(actor, Action.ASSESS_SITE)
    if site.pk not in actor.sites_as(Role.TEAM_LEAD):
        raise NotAllowed(_("Du er ikke teamleder på det sted."))
    asked = [
        heading
        for heading in headings(municipality_id=municipality_id, model=model)
        if heading.kind == TextKind.PREREQUISITE
    ]
    if not asked or set(answers) != {heading.key for heading in asked}:
        raise Refused(_("Svar på hver forudsætning."), type="assessment-incomplete")
    levels = model.self_assessment_levels
    if any(not 1 <= int(answer["level"]) <= len(levels) for answer in answers.values()):
        raise Refused(_("Vælg et af svarene."), type="assessment-level")
    year = danish_day(now).year
    try:
        with transaction.atomic():
            assessment = SelfAssessment.objects.create(
                municipality_id=municipality_id, site=site, year=year, made_by=actor.staff, made_at=now
            )
    except IntegrityError:
        raise Refused(
            _("%(site)s er allerede vurderet for %(year)d.") % {"site": site, "year": year},
            type="assessed-this-year",
        ) from None
    SelfAssessmentLine.objects.bulk_create(
        SelfAssessmentLine(
            municipality_id=municipality_id,
            assessment=assessment,
            key=heading.key,
            title=heading.title,
            level=int(answers[heading.key]["level"]),
            level_title=levels[int(answers[heading.key]["level"]) - 1],
            remark=str(answers[heading.key].get("remark", "")).strip(),
        )
        for heading in asked
    )
    return assessment


def _allowed(actor: Actor, action: Action) -> int:
    """The municipality the actor may do it in. Raises NotAllowed."""
    if actor.municipality_id is None or not actor.may(action):
        raise NotAllowed(_("Din rolle giver ikke ret til det."))
    return actor.municipality_id
