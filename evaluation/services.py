"""Every write about releases that a person makes outside the steps: registering, asking, saying no, taking files."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _

from evaluation import pseudonyms
from evaluation.access import check_may
from evaluation.dataset_names import DatasetName
from evaluation.disclosure.recipe import T2, gate_words
from evaluation.formats import archive as packed
from evaluation.formats import fresh_password
from evaluation.guards import facts_of, is_intact
from evaluation.limits import LINK_LASTS
from evaluation.models import (
    ENDED,
    FILE_DOWNLOADS,
    LINK_DOWNLOADS,
    Agreement,
    AgreementPerson,
    Audience,
    Controller,
    Kind,
    LegalBasis,
    Population,
    Release,
    ReleaseApproval,
    ReleaseDownload,
    ReleaseFile,
    ReleaseLink,
    Status,
)
from evaluation.selectors import find_approval, find_release, last_seal_seen, times_taken
from evaluation.steps import too_late_words
from evaluation.variables import DATASETS
from placement import clock
from placement.access import jobs
from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.access.models import Staff
from placement.access.problems import InvalidFields
from placement.access.roles import Action, Role
from workflows.kernel.lock import locked
from workflows.kernel.models import Process, Task
from workflows.kernel.services import complete_task
from workflows.kernel.steps import version_of
from workflows.kernel.undoing import break_off


class ReleaseGate(Refused):
    """No such release may be made now: 422."""

    status = 422
    type = "release-gate"


class ByLinkOnly(Refused):
    """Rows of persons leave in the encrypted archive alone: 409."""

    status = 409
    type = "personal-data-by-link"


# ---- agreements ------------------------------------------------------------------------------------------


@transaction.atomic
def register_agreement(
    *,
    actor: Actor,
    number: str,
    title: str,
    purpose: str,
    legal_basis: str,
    role: str,
    people: Iterable[str],
    ends_on: date,
    datasets: Iterable[str],
    now: datetime,
    variables: Iterable[str] = (),
) -> Agreement:
    """Put an agreement on file as it stands on paper. The municipalities read it whole before they say yes.

    ``people`` are the ids of evaluators; ``variables`` ("dataset.variable") narrows what leaves, none means all.
    Raises NotAllowed, and InvalidFields for what is missing, unknown, over already, or a number that is taken.
    """
    check_may(actor, Action.USE_RELEASES)
    named = list(
        Staff.objects.filter(
            uuid__in=[_uuid(one) for one in people], memberships__role=Role.EVALUATOR
        ).distinct()
    )
    asked = set(datasets)
    words = {"number": number.strip(), "title": title.strip(), "purpose": purpose.strip()}
    errors: dict[str, list[str]] = {
        name: [_("Skriv det, som det står i aftalen.")] for name, text in words.items() if not text
    }
    if Agreement.objects.filter(number__iexact=words["number"]).exists():
        errors["number"] = [_("Nummeret er allerede registreret.")]
    if legal_basis not in LegalBasis.values:
        errors["legal_basis"] = [_("Vælg grundlaget.")]
    if role not in Controller.values:
        errors["role"] = [_("Vælg VIVEs rolle.")]
    if not named:
        errors["people"] = [_("Nævn mindst én person, der må arbejde med data.")]
    if ends_on < clock.danish_day(now):
        errors["ends_on"] = [_("Aftalen er allerede udløbet.")]
    if not asked or not asked <= set(DatasetName.values):
        errors["datasets"] = [_("Vælg mindst ét af datasættene.")]
    named_ones = sorted(set(variables))
    known = {f"{name}.{v.name}" for name in asked if name in DATASETS for v in DATASETS[name].variables}
    if unknown := [name for name in named_ones if name not in known]:
        errors["variables"] = [_("Findes ikke i datasættene: %(names)s") % {"names": ", ".join(unknown)}]
    if errors:
        raise InvalidFields(errors)
    project = uuid4()
    pseudonyms.create_key(project)
    agreement = Agreement.objects.create(
        uuid=project,
        **words,
        legal_basis=legal_basis,
        role=role,
        ends_on=ends_on,
        datasets=[name for name in DatasetName.values if name in asked],
        variables=named_ones,
        key_id=pseudonyms.key_id(project),
        registered_by=actor.staff,
        registered_at=now,
    )
    AgreementPerson.objects.bulk_create(AgreementPerson(agreement=agreement, staff=staff) for staff in named)
    return agreement


def _uuid(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        return UUID(int=0)


def _agreement_for(actor: Actor, number: str, asked: set[str], now: datetime) -> Agreement:
    """The agreement by which it may leave; raises ReleaseGate with why not."""
    agreement = Agreement.objects.visible_to(actor).filter(number__iexact=number.strip()).first()
    if agreement is None:
        mine = Agreement.objects.filter(people__staff=actor.staff, ends_on__gte=clock.danish_day(now))
        numbers = ", ".join(mine.order_by("number").values_list("number", flat=True))
        raise ReleaseGate(
            _(
                "Aftalen «%(number)s» er ikke registreret, eller du er ikke nævnt i den. Du er nævnt i: %(known)s."
            )
            % {"number": number.strip(), "known": numbers}
            if numbers
            else _(
                "Aftalen «%(number)s» er ikke registreret, eller du er ikke nævnt i den. Registrér den først."
            )
            % {"number": number.strip()}
        )
    if agreement.is_over(now):
        raise ReleaseGate(agreement.over_words)
    if not agreement.people.filter(staff=actor.staff).exists():
        raise ReleaseGate(
            _("Du er ikke en af de personer, der er nævnt i aftalen %(number)s.")
            % {"number": agreement.number}
        )
    beyond = [
        str(DatasetName(name).label) for name in DatasetName.values if name in asked - set(agreement.datasets)
    ]
    if beyond:
        raise ReleaseGate(
            _("Aftalen %(number)s dækker ikke: %(what)s.")
            % {"number": agreement.number, "what": "; ".join(beyond)}
        )
    return agreement


# ---- asking ----------------------------------------------------------------------------------------------


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
    under = _agreement_for(actor, agreement, asked, now)
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
    from evaluation.jobs import attend_release
    from evaluation.rounds import go_on

    check_may(actor, Action.USE_RELEASES)
    found = find_release(actor, release_uuid)
    _check_reason(reason)
    process = Process.objects.get(release_uuid=found.uuid, municipality__isnull=True)
    with locked(family_id=None, process_id=process.pk):
        release = Release.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if release.status in ENDED:
            raise StaleState(_("Udtrækket er allerede slut."))
        release.status, release.ended_reason = Status.WITHDRAWN, reason.strip()
        release.save(update_fields=["status", "ended_reason"])
        for node in (ReleaseFlow.build, ReleaseFlow.report, ReleaseFlow.hear, ReleaseFlow.keep):
            go_on(release, node)
        jobs.defer(attend_release, release=str(release.uuid))
    return release


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidFields({"reason": [_("Skriv hvorfor.")]})


# ---- the municipality's words, by their short names ------------------------------------------------------


def say_yes(
    *, actor: Actor, release_uuid: UUID, action: Action, reason: str, facts_version: str, now: datetime
) -> ReleaseApproval:
    """Complete the release's open review (or approval) of the actor's municipality with a yes.

    Without ``facts_version`` it is the report they last looked at that they say yes to. Raises NotAllowed, Http404;
    StaleState when that step is done already, or the report is another by now; Refused (``facts-version-missing``)
    when they never looked; else as `complete_task` does.
    """
    approval = find_approval(actor, release_uuid)
    check_may(actor, action)
    task = _open_step(approval, action)
    if task is None:
        raise StaleState(_said_already(approval, action))
    complete_task(
        actor=actor,
        task_uuid=task.uuid,
        data={"approved": True, "reason": reason},
        facts_version=facts_version or _as_last_seen(actor, approval),
        now=now,
    )
    approval.refresh_from_db()
    return approval


def _as_last_seen(actor: Actor, approval: ReleaseApproval) -> str:
    seen = last_seal_seen(actor, approval.release_uuid)
    if not seen:
        raise Refused(_("Læs rapporten, før du tager stilling."), type="facts-version-missing")
    # Another seal gives another digest, and is told as such.
    return version_of(facts_of(approval)) if seen == approval.seal else seen[:16]


def _open_step(approval: ReleaseApproval, action: Action) -> Task | None:
    if approval.voided_at is not None:
        return None
    mine = Task.objects.open().filter(
        municipality_id=approval.municipality_id,
        release_uuid=approval.release_uuid,
        owner_permission=action.value,
    )
    return mine.order_by("-id").first()


def _said_already(approval: ReleaseApproval, action: Action) -> str:
    if approval.silent_at is not None:
        return too_late_words(approval)
    if action == Action.APPROVE_RELEASE and approval.decision:
        return _("Der er allerede svaret for kommunen. Det gøres kun én gang.")
    if action == Action.APPROVE_RELEASE and not approval.review and approval.voided_at is None:
        return _("Udtrækket er ikke gennemgået endnu.")
    if action == Action.REVIEW_RELEASE and approval.review:
        return _("Udtrækket er allerede gennemgået.")
    return _("Udtrækket venter ikke længere på det svar. Læs dets side for at se, hvordan det står.")


@transaction.atomic
def say_no(
    *, actor: Actor, release_uuid: UUID, reason: str, facts_version: str, now: datetime
) -> ReleaseApproval:
    """Say no for the actor's municipality, whenever in the round: its families are left out, or what is available is
    taken back. Their open step is completed by it when they have one.

    Raises NotAllowed, Http404, InvalidFields without a reason, StaleState when the release has ended or the
    municipality has said no already.
    """
    from evaluation.steps import tell_release

    check_may(actor, Action.REFUSE_RELEASE)
    approval = find_approval(actor, release_uuid)
    _check_reason(reason)
    if approval.voided_at is not None or approval.status in ENDED:
        raise StaleState(_("Udtrækket er slut eller bygges på ny. Der er intet at sige nej til."))
    for action in (Action.REVIEW_RELEASE, Action.APPROVE_RELEASE):
        task = _open_step(approval, action) if actor.may(action) else None
        if task is not None and task.excluded_id != actor.staff_id:
            complete_task(
                actor=actor,
                task_uuid=task.uuid,
                data={"approved": False, "reason": reason},
                # One may say no to what one has not read.
                facts_version=facts_version or version_of(facts_of(approval)),
                now=now,
            )
            approval.refresh_from_db()
            return approval
    process = Process.objects.get(
        municipality_id=approval.municipality_id,
        release_uuid=approval.release_uuid,
        data__round=approval.round,
    )
    with locked(family_id=None, process_id=process.pk):
        held = ReleaseApproval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
        if held.answer == "no" or held.voided_at is not None:
            raise StaleState(_("Kommunen har allerede sagt nej, eller udtrækket bygges på ny."))
        held.refused_by, held.refused_at, held.refusal_reason = actor.staff, now, reason.strip()
        held.save(update_fields=["refused_by", "refused_at", "refusal_reason"])
        process.refresh_from_db()
        if process.finished is None:
            break_off(process)
        tell_release(held)
    return held


# ---- taking files ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewLink:
    """A link and what is told of it once: the secret of its address, and the password of the archive."""

    link: ReleaseLink
    token: str
    password: str


@transaction.atomic
def make_link(*, actor: Actor, release_uuid: UUID, now: datetime) -> NewLink:
    """Pack the files of an available release under a new password. Neither it nor the address is kept.

    Raises NotAllowed, Http404, StaleState when it is not available (or the files are not what was approved).
    """
    check_may(actor, Action.USE_RELEASES)
    release = find_release(actor, release_uuid)
    if release.status != Status.AVAILABLE or not is_intact(release):
        raise StaleState(_("Udtrækket kan ikke hentes. Læs dets side for at se, hvordan det står."))
    _check_agreement_runs(release)
    files = ReleaseFile.objects.filter(release=release, round=release.round)
    password = fresh_password()
    archive = packed({file.name: bytes(file.content) for file in files}, password)
    token = secrets.token_urlsafe(32)
    assert release.expires_at is not None
    link = ReleaseLink.objects.create(
        release=release,
        token_digest=hashlib.sha256(token.encode()).hexdigest(),
        archive=archive,
        sha256=hashlib.sha256(archive).hexdigest(),
        made_by=actor.staff,
        made_at=now,
        expires_at=min(now + LINK_LASTS, release.expires_at),
    )
    return NewLink(link, token, password)


@transaction.atomic
def take_by_link(*, actor: Actor, release_uuid: UUID, token: str, now: datetime) -> ReleaseLink:
    """Count one more download of the link. Commit it before the archive is sent.

    Raises NotAllowed; Http404 for a link that is not of this release; StaleState when it ran out or is used up.
    """
    check_may(actor, Action.USE_RELEASES)
    release = find_release(actor, release_uuid)
    digest = hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
    link = ReleaseLink.objects.filter(release=release, token_digest=digest).first()
    if link is None:
        raise Http404
    link.release = release
    _one_at_a_time(release)
    taken = times_taken(link)
    if release.status != Status.AVAILABLE or link.expires_at <= now or taken >= LINK_DOWNLOADS:
        raise StaleState(_("Linket er udløbet eller brugt op. Lav et nyt på udtrækkets side."))
    _check_agreement_runs(release)
    ReleaseDownload.objects.create(
        release=release,
        link=link.uuid,
        name=archive_name(release),
        number=taken + 1,
        staff=actor.staff,
        sha256=link.sha256,
    )
    return link


def archive_name(release: Release) -> str:
    """What the archive is called at home."""
    return f"familieforloeb-{release.kind.lower()}-{str(release.uuid)[:8]}.zip"


@transaction.atomic
def record_download(*, actor: Actor, file: ReleaseFile) -> ReleaseDownload:
    """Write that the person takes the file, counted. Commit it before the content is sent.

    Raises NotAllowed; ByLinkOnly for rows of persons, which leave encrypted; StaleState when it has been taken too often or
    the agreement ran out.
    """
    check_may(actor, Action.USE_RELEASES)
    _check_agreement_runs(file.release)
    if file.release.kind == Kind.T1 and file.rows is not None:
        raise ByLinkOnly(
            _(
                "Filen har rækker med personoplysninger og hentes kun i det krypterede arkiv. Lav et link på udtrækkets side."
            )
        )
    _one_at_a_time(file.release)
    mine = ReleaseDownload.objects.filter(
        release_id=file.release_id, link__isnull=True, name=file.name, sha256=file.sha256
    )
    number = (mine.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > FILE_DOWNLOADS:
        raise StaleState(_("Filen er hentet for mange gange. Lav et link til hele udtrækket i stedet."))
    return ReleaseDownload.objects.create(
        release_id=file.release_id, name=file.name, number=number, staff=actor.staff, sha256=file.sha256
    )


def _check_agreement_runs(release: Release) -> None:
    """Raise StaleState when the agreement the files were made by ran out since."""
    if release.under is not None and release.under.is_over(clock.now()):
        raise StaleState(release.under.over_words)


def _one_at_a_time(release: Release) -> None:
    """Two downloads at once are counted one after the other."""
    process: Any = Process.objects.select_for_update(no_key=True).filter(
        release_uuid=release.uuid, municipality__isnull=True
    )
    list(process.values_list("pk", flat=True))
