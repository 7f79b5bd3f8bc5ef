"""A municipality's adaptation of the national version: drafted by one lead, decided by another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.roles import Action
from placement.staffing.selectors import stands_in_for
from workflows.model_versions.content import parse
from workflows.model_versions.limits import adapted, beyond_limits
from workflows.model_versions.models import Adaptation, AdaptationStatus, ModelVersion, VersionStatus


def adaptation_in_force(*, municipality_id: int, version: ModelVersion) -> Adaptation | None:
    """What the municipality does otherwise than ``version``, or None."""
    return (
        Adaptation.objects.select_related("version")
        .filter(municipality_id=municipality_id, version=version, status=AdaptationStatus.IN_FORCE)
        .first()
    )


def waiting_draft(actor: Actor) -> Adaptation | None:
    """The draft that waits for a decision in the actor's municipality, or None."""
    if actor.municipality_id is None:
        return None
    drafts = Adaptation.objects.select_related("version", "drafted_by")
    return drafts.filter(municipality_id=actor.municipality_id, status=AdaptationStatus.DRAFT).first()


@transaction.atomic
def draft_adaptation(
    *, actor: Actor, version: ModelVersion, overrides: Mapping[str, Any], reason: str, now: datetime
) -> Adaptation:
    """Propose what the municipality does otherwise than a version in force (`limits.adapted` says the shape).

    Overrides of nothing propose to go back to the national version. Raises NotAllowed; Refused:
    ``version-not-in-force``, ``reason-missing``, ``beyond-limits`` (with every reason), ``adaptation-empty`` (there
    is nothing to go back from); StaleState (``draft-waits``) while another draft is undecided.
    """
    municipality_id = _allowed(actor, Action.DRAFT_ADAPTATION)
    if version.status != VersionStatus.IN_FORCE:
        raise Refused(
            _("%(code)s er ikke i kraft. Tilpas en version, der gælder.") % {"code": version.code},
            type="version-not-in-force",
        )
    if not reason.strip():
        raise Refused(_("Skriv hvorfor."), type="reason-missing")
    kept = {part: values for part, values in overrides.items() if values}
    check_overrides(version, kept)
    if not kept and adaptation_in_force(municipality_id=municipality_id, version=version) is None:
        raise Refused(_("Der er ikke ændret noget."), type="adaptation-empty")
    mine = Adaptation.objects.filter(municipality_id=municipality_id)
    number = (mine.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    try:
        with transaction.atomic():
            return Adaptation.objects.create(
                municipality_id=municipality_id,
                version=version,
                number=number,
                code=f"{version.code}-{municipality_id}-{number}",
                overrides=kept,
                reason=reason.strip(),
                drafted_by=actor.staff,
                drafted_at=now,
            )
    except IntegrityError:
        raise StaleState(
            _("Der venter allerede en kladde. Tag stilling til den først."), type="draft-waits"
        ) from None


def check_overrides(version: ModelVersion, overrides: Mapping[str, Any]) -> None:
    """Raise Refused (``beyond-limits``) with every reason why the overrides may not be made on ``version``."""
    reasons = beyond_limits(version.content, overrides)
    if not reasons:
        try:
            parse(adapted(version.content, overrides))
        except ValueError as failure:
            reasons = str(failure).splitlines()
    if reasons:
        raise Refused(" ".join(reasons), type="beyond-limits")


@transaction.atomic
def withdraw_draft(*, actor: Actor, draft: Adaptation) -> Adaptation:
    """Take back one's own draft. Raises NotAllowed for another's, StaleState when it is decided already."""
    _allowed(actor, Action.DRAFT_ADAPTATION)
    draft = _waiting(draft)
    if draft.drafted_by_id != actor.staff_id:
        raise NotAllowed(_("Kun den, der har skrevet kladden, kan trække den tilbage."))
    draft.status = AdaptationStatus.WITHDRAWN
    draft.save(update_fields=["status"])
    return draft


@transaction.atomic
def decide_adaptation(
    *, actor: Actor, draft: Adaptation, approved: bool, reason: str, now: datetime
) -> Adaptation:
    """Approve a draft (it replaces the one in force, for journeys that begin from now on) or reject it.

    Raises NotAllowed for a wrong role and (``four-eyes``) for the drafter and their deputy; Refused: ``reason-missing`` for a
    rejection, ``version-not-in-force`` and ``beyond-limits`` when the national version no longer allows it;
    StaleState when it is decided already.
    """
    _allowed(actor, Action.DECIDE_ADAPTATION)
    draft = _waiting(draft)
    if draft.drafted_by_id == actor.staff_id:
        raise NotAllowed(_("Du har selv skrevet kladden. En anden skal tage stilling."), type="four-eyes")
    if stands_in_for(actor, draft.drafted_by_id):
        raise NotAllowed(
            _("Den, du er stedfortræder for, har skrevet kladden. En anden skal tage stilling."),
            type="four-eyes",
        )
    if not approved and not reason.strip():
        raise Refused(_("Skriv hvorfor."), type="reason-missing")
    if approved:
        if draft.version.status != VersionStatus.IN_FORCE:
            raise Refused(
                _("%(code)s er ikke i kraft. Tilpas en version, der gælder.") % {"code": draft.version.code},
                type="version-not-in-force",
            )
        check_overrides(draft.version, draft.overrides)
        Adaptation.objects.filter(
            municipality_id=draft.municipality_id, version=draft.version, status=AdaptationStatus.IN_FORCE
        ).update(status=AdaptationStatus.RETIRED)
    draft.status = AdaptationStatus.IN_FORCE if approved else AdaptationStatus.REJECTED
    draft.decided_by, draft.decided_at, draft.decision_reason = actor.staff, now, reason.strip()
    draft.save(update_fields=["status", "decided_by", "decided_at", "decision_reason"])
    return draft


def _allowed(actor: Actor, action: Action) -> int:
    """The municipality the actor may do it in. Raises NotAllowed."""
    if actor.municipality_id is None or not actor.may(action):
        raise NotAllowed(_("Din rolle giver ikke ret til det."))
    return actor.municipality_id


def _waiting(draft: Adaptation) -> Adaptation:
    """The draft under lock, as it stands now."""
    waiting = Adaptation.objects.select_for_update(of=("self",), no_key=True).select_related("version")
    found = waiting.get(pk=draft.pk)
    if found.status != AdaptationStatus.DRAFT:
        raise StaleState(_("Der er allerede taget stilling til kladden. Genindlæs siden."))
    return found
