"""Asking for a release, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.access import check_may
from evaluation.agreeing import ReleaseGate, agreement_for
from evaluation.dataset_names import DatasetName
from evaluation.disclosure.recipe import T2, gate_words
from evaluation.models import ENDED, Audience, Kind, Population, Release, Status
from evaluation.selectors import find_release
from evaluation.steps import have_carried
from placement.access import jobs
from placement.access.actor import Actor
from placement.access.errors import StaleState
from placement.access.problems import InvalidFields
from placement.access.roles import Action
from workflows.kernel.lock import locked
from workflows.kernel.models import Process


@transaction.atomic
def request_release(
    *,
    actor: Actor,
    kind: str,
    purpose: str,
    agreement: str,
    datasets: Iterable[str],
    now: datetime,
    audience: str = Audience.PUBLIC,
) -> Release:
    """Ask for datasets: the release, its process and the job that builds it, or nothing.

    Raises NotAllowed for other roles than the evaluator's; InvalidFields for a kind or dataset that does not exist, or
    a missing purpose or agreement; ReleaseGate, with the reason, for an agreement that is unknown, over, or covers
    neither the person nor a dataset, and for T2 where there are too few families.
    """
    from evaluation.flow import ReleaseFlow
    from evaluation.jobs import build_release

    check_may(actor, Action.USE_RELEASES)
    asked = set(datasets)
    _check_fields(kind, audience, purpose, agreement, asked)
    under = agreement_for(actor, agreement, asked, now)
    if kind == Kind.T2:
        check_population()
        if DatasetName.REGISTRATION not in asked:
            raise InvalidFields({"datasets": [_("T2 laves af registreringsskemaet. Vælg det.")]})
        asked = {DatasetName.REGISTRATION.value}
    release = Release.objects.create(
        kind=kind,
        audience=audience,
        purpose=purpose.strip(),
        agreement=under.number,
        under=under,
        datasets=[name for name in DatasetName.values if name in asked],
        requested_by=actor.staff,
        requested_at=now,
    )
    ReleaseFlow.start.run(release=release)
    jobs.defer(build_release, release=str(release.uuid))
    return release


def check_population() -> None:
    """Raise ReleaseGate unless there are enough families for anonymised rows, by the worker's last count.

    Nobody has counted yet: there are not. How few there are is told in whole hundreds, and a municipality counts from ten
    families (`evaluation.disclosure.recipe.gate_words`): a refusal must not count families either.
    """
    counted = Population.objects.order_by("-id").first()
    families, municipalities = (counted.families, counted.municipalities) if counted else (0, 0)
    shut = gate_words(families, municipalities, T2)
    if shut:
        raise ReleaseGate(shut)


def _check_fields(kind: str, audience: str, purpose: str, agreement: str, asked: set[str]) -> None:
    errors: dict[str, list[str]] = {}
    if kind not in Kind.values:
        errors["kind"] = [_("Vælg T1, T2 eller T3.")]
    if audience not in Audience.values:
        errors["audience"] = [_("Vælg, hvem tabellerne er til.")]
    if not purpose.strip():
        errors["purpose"] = [_("Skriv, hvad data skal bruges til.")]
    if not agreement.strip():
        errors["agreement"] = [_("Skriv, hvilken aftale data udleveres efter.")]
    if not asked or not asked <= set(DatasetName.values):
        errors["datasets"] = [_("Vælg mindst ét af datasættene.")]
    if errors:
        raise InvalidFields(errors)


@transaction.atomic
def withdraw_release(*, actor: Actor, release_uuid: UUID, reason: str) -> Release:
    """Take a release back that one asked for, wherever it stands. The worker tells the municipalities and deletes the
    files. Raises NotAllowed, Http404, InvalidFields without a reason, StaleState when it has ended already.
    """
    from evaluation.flow import ReleaseFlow
    from evaluation.rounds import go_on

    check_may(actor, Action.USE_RELEASES)
    found = find_release(actor, release_uuid)
    check_reason(reason)
    process = Process.objects.get(release_uuid=found.uuid, municipality__isnull=True)
    with locked(family_id=None, process_id=process.pk):
        release = Release.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if release.status in ENDED:
            raise StaleState(_("Udtrækket er allerede slut."))
        release.status, release.ended_reason = Status.WITHDRAWN, reason.strip()
        release.save(update_fields=["status", "ended_reason"])
        for node in (ReleaseFlow.build, ReleaseFlow.report, ReleaseFlow.hear, ReleaseFlow.keep):
            go_on(release, node)
        have_carried(release.uuid)
    return release


def check_reason(reason: str) -> None:
    """Raise InvalidFields when there is none."""
    if not reason.strip():
        raise InvalidFields({"reason": [_("Skriv hvorfor.")]})
