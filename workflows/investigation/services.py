"""What happens to a need that the municipality became aware of: screened, the risk judged, clarified, examined."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from placement.access.actor import Actor
from placement.access.errors import GateClosed, NotAllowed, Refused, StaleState
from placement.access.roles import Action
from placement.clock import danish_day, moment_on
from placement.families.codes import BirthState
from placement.families.models import Family, Person
from workflows.investigation.codes import Track
from workflows.investigation.guards import may_screen, risk_since
from workflows.investigation.models import Investigation, PreliminaryAssessment, RiskJudgement
from workflows.investigation.selectors import running_clock, runs_alongside
from workflows.kernel.beside import beside_the_journey
from workflows.kernel.clocks import changing
from workflows.kernel.clocks import services as clocks
from workflows.kernel.lock import family_locked
from workflows.kernel.models import Clock, Task
from workflows.kernel.steps import Situation
from workflows.model_versions.clock_rules import Event

Answer = Mapping[str, Any]


def in_danish(text: Promise) -> str:
    """A reason that the house writes itself, kept in its own language whoever works."""
    with override(settings.LANGUAGE_CODE):
        return str(text)


def check_awaited(family: Family, child: Person) -> None:
    """The child is this family's, and not born. Raises Refused: ``person-unknown``, ``not-expected``."""
    if child.family_id != family.pk:
        raise Refused(_("Personen hører ikke til familien. Genindlæs siden."), type="person-unknown")
    if child.birth_state != BirthState.EXPECTED:
        raise Refused(_("Barnet er ikke registreret som ventet. Genindlæs siden."), type="not-expected")


@transaction.atomic
def begin_investigation(
    *,
    actor: Actor,
    family: Family,
    aware_on: date,
    why: str,
    violence_possible: bool,
    now: datetime,
    child: Person | None = None,
) -> Investigation:
    """Write down that the municipality became aware of a need, and begin its screening (§ 18).

    ``aware_on``: the day the four months of an examination run from, however late it is written down. ``child``: the
    unborn child, when it is about coming parents (§§ 24-27). Raises NotAllowed, StaleState
    (``investigation-running``), Refused: ``investigation-empty``, ``aware-in-future``, ``person-unknown``,
    ``not-expected``.
    """
    from workflows.investigation.flow import InvestigationFlow

    if not actor.may(Action.BEGIN_INVESTIGATION):
        raise NotAllowed(_("Din rolle kan ikke begynde en screening."))
    if not why.strip():
        raise Refused(_("Skriv, hvad kommunen blev opmærksom på."), type="investigation-empty")
    check_aware_on(aware_on, danish_day(now))
    if child is not None:
        check_awaited(family, child)
    with family_locked(family):
        if Investigation.objects.filter(family=family, child=child, ended_at__isnull=True).exists():
            raise StaleState(
                _("Der er allerede en screening eller undersøgelse i gang. Fortsæt i den."),
                type="investigation-running",
            )
        found = Investigation.objects.create(
            municipality_id=family.municipality_id,
            family=family,
            child=child,
            aware_on=aware_on,
            why=why.strip(),
            violence_possible=violence_possible,
            begun_by=actor.staff,
            begun_at=now,
        )
        found.process = InvestigationFlow.start.run(investigation=found, **beside_the_journey(family, now))
        found.save(update_fields=["process"])
    return found


def check_aware_on(aware_on: date, latest: date) -> None:
    """Nobody becomes aware of something later than it is written down. Raises Refused (``aware-in-future``)."""
    if aware_on > latest:
        raise Refused(
            _("Kommunen kan ikke være blevet opmærksom efter %(day)s. Ret datoen.")
            % {"day": f"{latest:%d.%m.%Y}"},
            type="aware-in-future",
        )


@transaction.atomic
def judge_risk(
    *,
    actor: Actor,
    family: Family,
    risk: str,
    protection: str,
    parents_may_be_involved: bool,
    network_may_be_involved: bool,
    now: datetime,
) -> RiskJudgement:
    """Judge the risk before parents or network are involved (§ 18); the newest judgement stands.

    Raises NotAllowed, Refused: ``risk-empty``, and ``protection-missing`` when somebody may be involved and nothing
    is said of how whoever is at risk is protected.
    """
    if not actor.may(Action.ASSESS_RISK):
        raise NotAllowed(_("Din rolle kan ikke vurdere risikoen."))
    if not risk.strip():
        raise Refused(_("Skriv, hvori risikoen består, eller hvorfor der ingen er."), type="risk-empty")
    if (parents_may_be_involved or network_may_be_involved) and not protection.strip():
        raise Refused(
            _("Skriv, hvordan den, der kan være i fare, beskyttes, når nogen inddrages."),
            type="protection-missing",
        )
    return RiskJudgement.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        risk=risk.strip(),
        protection=protection.strip(),
        parents_may_be_involved=parents_may_be_involved,
        network_may_be_involved=network_may_be_involved,
        judged_by=actor.staff,
        judged_at=now,
    )


def assess_risk(situation: Situation, answer: Answer) -> None:
    """The step: the risk is judged before the screening goes on."""
    judge_risk(actor=situation.actor, family=situation.family, now=situation.now, **answer)


def screen(situation: Situation, answer: Answer) -> None:
    """Where it leads: nothing more, an afdækning, or an examination, whose four months run since the awareness.

    Raises GateClosed when violence is possible and the risk has not been judged.
    """
    reason = may_screen(situation.facts, answer)
    if reason is not None:
        raise GateClosed(reason)
    found = situation.process.investigation
    found.violence_possible = found.violence_possible or answer["violence_possible"]
    found.track = answer["track"]
    found.reasons = answer["reasons"].strip()
    found.risk = risk_since(found)
    found.screened_by = situation.actor.staff
    found.screened_at = situation.now
    if found.track == Track.NOTHING:
        found.ended_at = situation.now
    found.save(
        update_fields=[
            "violence_possible", "track", "reasons", "risk", "screened_by", "screened_at", "ended_at",
        ]
    )  # fmt: skip
    if found.track == Track.EXAMINATION:
        _four_months(situation, found)


def _four_months(situation: Situation, found: Investigation) -> None:
    clocks.happened(
        family=situation.family,
        event=Event.AWARE_OF_NEED,
        at=moment_on(found.aware_on, now=situation.now),
        about=found.uuid,
    )


def clarify(situation: Situation, answer: Answer) -> None:
    """The afdækning ends (§ 19): with what it found, or with an examination, whose four months run since the awareness."""
    found = situation.process.investigation
    if answer["goes_on"]:
        found.track = Track.EXAMINATION
        found.reasons = f"{found.reasons}\n{answer['conclusion'].strip()}"
        found.save(update_fields=["track", "reasons"])
        _four_months(situation, found)
    else:
        _conclude(situation, found, answer)


def examine(situation: Situation, answer: Answer) -> None:
    """The examination ends, or is put off by a preliminary assessment with its reason and the day it will end (§ 20).

    One that ran beside a measure makes the first follow-up due the day it is done (§ 95).
    """
    found = situation.process.investigation
    if answer["concluded"]:
        _conclude(situation, found, answer)
        at = moment_on(answer["concluded_on"], now=situation.now)
        for event in (Event.EXAMINATION_SETTLED, Event.EXAMINATION_CONCLUDED):
            clocks.happened(family=situation.family, event=event, at=at, about=found.uuid)
        if found.alongside:
            _first_follow_up_now(situation, at)
        return
    made = PreliminaryAssessment.objects.create(
        municipality_id=found.municipality_id,
        investigation=found,
        text=answer["preliminary"].strip(),
        why_late=answer["why_late"].strip(),
        expected_on=answer["expected_on"],
        made_by=situation.actor.staff,
        made_at=situation.now,
    )
    clocks.happened(
        family=situation.family, event=Event.EXAMINATION_SETTLED, at=situation.now, about=found.uuid
    )
    running = running_clock(found, Event.EXAMINATION_CONCLUDED)
    if running is None:
        clocks.happened(
            family=situation.family,
            event=Event.EXAMINATION_PUT_OFF,
            at=situation.now,
            about=found.uuid,
            day=made.expected_on,
            day_reason=made.why_late,
        )
    else:
        changing.ends_on(
            actor=situation.actor,
            clock=running,
            day=made.expected_on,
            reason=made.why_late,
            now=situation.now,
        )


def check_concluded_on(investigation: Investigation, day: date) -> None:
    """Nothing is concluded before the municipality became aware. Raises Refused (``concluded-before-aware``)."""
    if day < investigation.aware_on:
        raise Refused(
            _("Kommunen blev opmærksom %(day)s. Der kan ikke være konkluderet før. Ret datoen.")
            % {"day": f"{investigation.aware_on:%d.%m.%Y}"},
            type="concluded-before-aware",
        )


def _conclude(situation: Situation, found: Investigation, answer: Answer) -> None:
    check_concluded_on(found, answer["concluded_on"])
    found.need = answer["need"]
    found.conclusion = answer["conclusion"].strip()
    found.concluded_on = answer["concluded_on"]
    found.concluded_by = situation.actor.staff
    found.alongside = runs_alongside(situation.family)
    found.ended_at = situation.now
    found.save(update_fields=["need", "conclusion", "concluded_on", "concluded_by", "alongside", "ended_at"])


def _first_follow_up_now(situation: Situation, at: datetime) -> None:
    changing.came_earlier(
        actor=situation.actor,
        family=situation.family,
        event=Event.PARALLEL_EXAMINATION_DONE,
        at=at,
        reason=in_danish(_ALONGSIDE),
        now=situation.now,
    )


@transaction.atomic
def follow_up_of_parallel(*, actor: Actor, family: Family, now: datetime) -> None:
    """The start was put right after an examination beside the measure was done: the first follow-up is due with it.

    Nothing happens where none was done since the start. Raises what `came_earlier` raises.
    """
    if family.started_on is None:
        return
    done = Investigation.objects.filter(
        family=family, alongside=True, concluded_on__gte=family.started_on
    ).order_by("concluded_on")
    first = done.first()
    if first is not None and first.concluded_on is not None:
        changing.came_earlier(
            actor=actor,
            family=family,
            event=Event.PARALLEL_EXAMINATION_DONE,
            at=moment_on(first.concluded_on, now=now),
            reason=in_danish(_ALONGSIDE),
            now=now,
        )


_ALONGSIDE = _("Den sideløbende undersøgelse er afsluttet (barnets lov § 95).")


@transaction.atomic
def correct_awareness(
    *, actor: Actor, investigation: Investigation, aware_on: date, reason: str, now: datetime
) -> Investigation:
    """The municipality became aware on another day: the four months run from there, and that is seen.

    Raises NotAllowed, Refused: ``reason-missing``, ``aware-in-future`` (later than it was written down),
    ``concluded-before-aware``, ``aware-unchanged``.
    """
    if not actor.may(Action.CORRECT_AWARENESS):
        raise NotAllowed(_("Din rolle kan ikke rette datoen."))
    if not reason.strip():
        raise Refused(_("Skriv, hvorfor datoen rettes."), type="reason-missing")
    check_aware_on(aware_on, danish_day(investigation.begun_at))
    if aware_on == investigation.aware_on:
        raise Refused(_("Datoen er den samme som før."), type="aware-unchanged")
    if investigation.concluded_on is not None and aware_on > investigation.concluded_on:
        raise Refused(_("Undersøgelsen er afsluttet før den dag. Ret datoen."), type="concluded-before-aware")
    investigation.aware_on = aware_on
    investigation.save(update_fields=["aware_on"])
    clock = Clock.objects.filter(
        family_id=investigation.family_id, about=investigation.uuid, trigger=Event.AWARE_OF_NEED.value
    ).first()
    if clock is not None:
        begun_at = moment_on(aware_on, now=now)
        changing.begun_otherwise(actor=actor, clock=clock, begun_at=begun_at, reason=reason, now=now)
        if clock.stopped_at is None:
            waiting = Task.objects.open().filter(
                process=investigation.process_id, owner_permission=Action.EXAMINE.value
            )
            for task in waiting:
                changing.postpone(task=task, due=clock.due_on, now=now)
    return investigation
