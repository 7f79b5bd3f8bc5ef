"""Asking a parent to answer themselves, taking the code back, and writing down what they sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.roles import Action, Role
from placement.clock import danish_day
from placement.families.codes import PersonKind
from placement.families.models import Family, Person
from placement.instruments import catalogue
from placement.instruments.definition import Definition, Entry
from placement.instruments.scoring import NOT_RELEVANT, NotRelevant
from placement.progression.codes import Respondent
from workflows.kernel.lock import family_locked
from workflows.measuring.models import Administration
from workflows.measuring.own_answers.codes import digest_of, new_code
from workflows.measuring.own_answers.models import SelfReport
from workflows.measuring.services import Given, take_administration
from workflows.measuring.whom import check_age, people_of

#: For how long staff may let a code be good, in hours; they choose each time.
HOURS = (1, 24, 72)


def can_be_asked(definition: Definition) -> bool:
    """Whether a parent can answer it alone: item by item, about themselves, and nobody's certificate is asked for."""
    return (
        definition.entry is Entry.ITEMS
        and Respondent.PARENT in definition.respondents
        and PersonKind.PARENT in definition.about
        and not definition.certificate
        and not definition.roles
    )


@transaction.atomic
def ask_parent(
    *,
    actor: Actor,
    family: Family,
    instrument: str,
    person: Person,
    hours: int,
    now: datetime,
    real_now: datetime,
    turn_to: str = "",
) -> tuple[SelfReport, str]:
    """Ask a parent to answer an instrument themselves. Returns the report and its code, which is told this once.

    The code is good for ``hours`` from ``real_now``; ``now`` is the house's time, by which the child's age counts. An
    earlier code for the same that was not used is taken back. ``turn_to``: whom the parent may turn to, shown to them
    as it is written.

    Raises NotAllowed for a role that does not measure; Refused: those of `catalogue.in_use` and of `check_age` (today,
    and on the last day that the code is good), ``self-report-instrument``, ``self-report-hours``, ``person-unknown``,
    ``instrument-about``.
    """
    if not actor.may(Action.RECORD_MEASUREMENT):
        raise NotAllowed(_("Din rolle kan ikke registrere målinger."))
    definition = catalogue.in_use(instrument)
    if not can_be_asked(definition):
        raise Refused(
            _("%(name)s kan forælderen ikke svare på alene. Brug skemaet sammen.")
            % {"name": definition.short},
            type="self-report-instrument",
        )
    if hours not in HOURS:
        raise Refused(_("Vælg, hvor længe koden gælder."), type="self-report-hours")
    if person.family_id != family.pk:
        raise Refused(_("Personen hører ikke til familien. Vælg en anden."), type="person-unknown")
    if person.kind != PersonKind.PARENT:
        raise Refused(_("Kun en forælder kan svare selv. Vælg en anden."), type="instrument-about")
    people = people_of(family)
    for moment in (now, now + timedelta(hours=hours)):
        check_age(definition, person, people, on=danish_day(moment))
    code = new_code()
    with family_locked(family):
        _open(family).filter(person=person, instrument=definition.id).update(withdrawn_at=real_now, draft={})
        report = SelfReport.objects.create(
            municipality_id=family.municipality_id,
            family=family,
            person=person,
            instrument=definition.id,
            instrument_version=definition.version,
            digest=digest_of(code),
            invited_by=actor.staff,
            invited_as=sorted(actor.roles),
            invited_at=real_now,
            expires_at=real_now + timedelta(hours=hours),
            turn_to=turn_to.strip(),
        )
    return report, code


def take_code_back(*, actor: Actor, family: Family, report: str, real_now: datetime) -> None:
    """Let a code open nothing any more; what was chosen so far is forgotten.

    Raises NotAllowed for a role that does not measure; Refused (``self-report-unknown``) for one that is not the
    family's; StaleState when the answer has come, or the code was taken back already.
    """
    if not actor.may(Action.RECORD_MEASUREMENT):
        raise NotAllowed(_("Din rolle kan ikke registrere målinger."))
    found = SelfReport.objects.filter(family=family).filter(uuid=report).first() if report else None
    if found is None:
        raise Refused(_("Koden hører ikke til familien. Genindlæs siden."), type="self-report-unknown")
    if not _open(family).filter(pk=found.pk).update(withdrawn_at=real_now, draft={}):
        raise StaleState(_("Svaret er kommet, eller koden er taget tilbage. Genindlæs siden."))


def turn_to_before(actor: Actor, family: Family) -> str:
    """What was last written about whom the family may turn to; else what this member of staff last wrote; else ""."""
    asked = SelfReport.objects.order_by("-id").values_list("turn_to", flat=True)
    for earlier in (asked.filter(family=family), asked.filter(invited_by=actor.staff)):
        if (written := earlier.first()) is not None:
            return written
    return ""


@transaction.atomic
def write_down(*, report: int, now: datetime) -> Administration | None:
    """Write what a parent sent down as an administration, in the name of whoever asked; once, however often it is called.

    Stands under the context that the answer's row itself stated. What cannot be written down stays with its report,
    with the reason, and None is returned.
    """
    # Only the report's own row is held: to lock whoever asked takes a right on staff that the worker has no use for.
    reports = SelfReport.objects.select_for_update(of=("self",)).select_related("invited_by", "family")
    found = reports.get(pk=report)
    if found.administration_id is not None or found.answers is None:
        return found.administration
    try:
        with transaction.atomic():
            made = _administration(found, found.answers, now)
    except Refused as refused:
        if refused.status == 503:
            # Somebody holds the family just now: the job comes again.
            raise
        with override("da"):
            found.refused = str(refused.message)
        found.save(update_fields=["refused"])
        return None
    found.administration, found.answers, found.refused = made, None, ""
    found.save(update_fields=["administration", "answers", "refused"])
    return made


@transaction.atomic
def forget_drafts(*, real_now: datetime) -> int:
    """Empty what was chosen behind codes that are too old and was never sent. Returns how many there were."""
    old = SelfReport.objects.filter(given_at__isnull=True, expires_at__lte=real_now).exclude(draft={})
    return old.update(draft={})


def _open(family: Family) -> Any:
    return SelfReport.objects.filter(family=family, given_at__isnull=True, withdrawn_at__isnull=True)


def _administration(report: SelfReport, sent: Mapping[str, Any], now: datetime) -> Administration:
    # The version that was answered: a newer one may have come since, and that answer still counts.
    definition = catalogue.find_version(report.instrument, report.instrument_version)
    if definition is None:
        raise Refused(
            _("Redskabets fil i version %(version)s er væk. Læg den tilbage.")
            % {"version": report.instrument_version},
            type="instrument-version-gone",
        )
    assert report.answered_on is not None
    return take_administration(
        actor=_who_asked(report),
        family=report.family,
        definition=definition,
        person=report.person,
        answered_on=report.answered_on,
        respondent=Respondent.PARENT,
        given=given_of(sent),
        language=str(sent.get("language", "")),
        now=now,
    )


def _who_asked(report: SelfReport) -> Actor:
    """Whoever asked, as they were then: an answer is not lost because they have left since."""
    return Actor(
        staff=report.invited_by,
        municipality_id=report.municipality_id,
        municipality_name="",
        roles=frozenset(Role(role) for role in report.invited_as),
        posts=frozenset(),
    )


def given_of(sent: Mapping[str, Any]) -> Given:
    """What was sent, as the services take it."""
    answers: dict[int, int | NotRelevant] = {
        int(item): NOT_RELEVANT if value is None else int(value)
        for item, value in sent.get("answers", {}).items()
    }
    return Given(answers=answers, missing_reason=str(sent.get("missing_reason", "")))
