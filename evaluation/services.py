"""Every write about releases that a person makes: asking for one, and taking a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from evaluation.dataset_names import DatasetName
from evaluation.models import Kind, Release, ReleaseDownload, ReleaseFile
from placement.access import jobs
from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused
from placement.access.problems import InvalidFields
from placement.access.roles import Action


class ReleaseGate(Refused):
    """No release may be made now: 422."""

    status = 422
    type = "release-gate"


def gate_is_open() -> bool:
    """Whether anything may be released at all: until disclosure control exists, invented people only."""
    return bool(settings.DEMO_MODE)


def check_may_use(actor: Actor) -> None:
    """Raise NotAllowed when the person may not ask for, see or take releases."""
    if not actor.may(Action.USE_RELEASES):
        raise NotAllowed(_("Kun evaluatorer kan bestille og hente udtræk."))


def check_gate() -> None:
    """Raise ReleaseGate when nothing may be released."""
    if not gate_is_open():
        raise ReleaseGate(
            _(
                "Der kan ikke laves udtræk endnu. Kontrollen, der hindrer, at en familie kan genkendes i "
                "tallene, skal være bygget først. Indtil da kan udtræk kun laves i demoen med opdigtede "
                "personer."
            )
        )


@transaction.atomic
def request_release(
    *, actor: Actor, kind: str, purpose: str, agreement: str, datasets: Iterable[str], now: datetime
) -> Release:
    """Ask for datasets: the release, its process and the job that builds it, or nothing.

    Raises NotAllowed for other roles than the evaluator's; ReleaseGate outside demo mode, and for T2 and T3,
    which are anonymised and so cannot exist before disclosure control; InvalidFields for a kind or dataset
    that does not exist, or a missing purpose or agreement.
    """
    from evaluation.flow import ReleaseFlow
    from evaluation.jobs import build_release

    check_may_use(actor)
    check_gate()
    asked = set(datasets)
    _check_fields(kind, purpose, agreement, asked)
    if kind != Kind.T1:
        raise ReleaseGate(
            _("T2 og T3 kræver kontrollen mod genkendelse, som ikke er bygget endnu. Bestil T1 i stedet.")
        )
    release = Release.objects.create(
        kind=kind,
        purpose=purpose.strip(),
        agreement=agreement.strip(),
        datasets=[name for name in DatasetName.values if name in asked],
        requested_by=actor.staff,
        requested_at=now,
    )
    ReleaseFlow.start.run(release=release)
    jobs.defer(build_release, release=str(release.uuid))
    return release


def _check_fields(kind: str, purpose: str, agreement: str, asked: set[str]) -> None:
    errors: dict[str, list[str]] = {}
    if kind not in Kind.values:
        errors["kind"] = [str(_("Vælg T1, T2 eller T3."))]
    if not purpose.strip():
        errors["purpose"] = [str(_("Skriv, hvad data skal bruges til."))]
    if not agreement.strip():
        errors["agreement"] = [str(_("Skriv, hvilken aftale data udleveres efter."))]
    if not asked or not asked <= set(DatasetName.values):
        errors["datasets"] = [str(_("Vælg mindst ét af datasættene."))]
    if errors:
        raise InvalidFields(errors)


@transaction.atomic
def record_download(*, actor: Actor, file: ReleaseFile) -> ReleaseDownload:
    """Write that the person takes the file. Commit it before the content is sent. Raises NotAllowed."""
    check_may_use(actor)
    return ReleaseDownload.objects.create(file=file, staff=actor.staff, sha256=file.sha256)
