"""The writes of progression but for goals (`goals`): follow-ups, answers to a setback, and measurements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.days import check_possible
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.roles import Action
from placement.access.transactions import one_write
from placement.clock import danish_day
from placement.families.codes import BirthState
from placement.families.models import Family, Person
from placement.instruments import catalogue
from placement.instruments.entering import check_may_enter
from placement.progression.codes import (
    OWN_SCALES,
    Element,
    MissingReason,
    Respondent,
    Scale,
    SetbackChoice,
    Trend,
)
from placement.progression.models import (
    FollowUp,
    FollowUpOutcome,
    Goal,
    GoalRating,
    Measurement,
    SetbackAnswer,
)
from placement.progression.selectors import earlier_scores
from placement.progression.trend import Track, TrendRule, judge


@dataclass(frozen=True)
class Rating:
    """How far ``goal`` has come, -2 to +2."""

    goal: Goal
    score: int
    comment: str = ""


@transaction.atomic
def record_follow_up(
    *,
    actor: Actor,
    family: Family,
    held_on: date,
    ratings: Sequence[Rating],
    adjust: bool,
    investigate: bool,
    plan: bool,
    next_on: date,
    next_reason: str,
    trend_rule: TrendRule,
    rhythm_days: int,
    now: datetime,
    adjust_text: str = "",
    investigate_text: str = "",
    plan_text: str = "",
    other_text: str = "",
    outcome: str = FollowUpOutcome.KEEP_GOALS,
) -> FollowUp:
    """Write down a follow-up (barnets lov § 95): every active goal rated, its four questions, the next date.

    The trend is judged by ``trend_rule`` and kept with the follow-up, as is the day that the model's rhythm
    (``rhythm_days``, calendar days after ``held_on``) would have given beside the one that was chosen.

    Raises Refused: ``follow-up-in-future``, ``goals-missing`` when no goal is set, ``goals-unrated`` when a
    goal is left out, ``goal-unknown`` for one that is not an active goal of this family or is rated twice,
    ``goal-score`` outside -2 to +2, ``answer-missing`` for a yes without saying what, ``next-not-later``,
    ``reason-missing`` when the next date has no reason, ``follow-up-outcome``.
    """
    if outcome not in FollowUpOutcome.values:
        raise Refused(_("Vælg, om målene fortsætter eller skal ændres."), type="follow-up-outcome")
    if held_on > danish_day(now):
        raise Refused(_("Opfølgningen kan ikke ligge i fremtiden. Ret datoen."), type="follow-up-in-future")
    if next_on <= held_on:
        raise Refused(_("Næste opfølgning skal ligge efter denne. Ret datoen."), type="next-not-later")
    if not next_reason.strip():
        raise Refused(_("Skriv, hvorfor næste opfølgning ligger der."), type="reason-missing")
    for yes, what in ((adjust, adjust_text), (investigate, investigate_text), (plan, plan_text)):
        if yes and not what.strip():
            raise Refused(_("Skriv, hvad der skal ske, hvor I har svaret ja."), type="answer-missing")
    _check_ratings(family, ratings)
    earlier = earlier_scores([rating.goal for rating in ratings], until=held_on)
    found = judge(
        [
            Track(rating.goal.title, rating.goal.weight, (*earlier[rating.goal.pk], rating.score))
            for rating in ratings
        ],
        trend_rule,
    )
    follow_up = FollowUp.objects.create(
        municipality_id=family.municipality_id,
        family=family,
        held_on=held_on,
        adjust=adjust,
        adjust_text=adjust_text.strip(),
        investigate=investigate,
        investigate_text=investigate_text.strip(),
        plan=plan,
        plan_text=plan_text.strip(),
        other_text=other_text.strip(),
        next_on=next_on,
        next_reason=next_reason.strip(),
        rhythm_on=held_on + timedelta(days=rhythm_days),
        trend=found.trend,
        t_before=found.before,
        t_now=found.now,
        outcome=outcome,
        held_by=actor.staff,
        recorded_at=now,
    )
    GoalRating.objects.bulk_create(
        GoalRating(
            municipality_id=family.municipality_id,
            goal=rating.goal,
            follow_up=follow_up,
            score=rating.score,
            comment=rating.comment.strip(),
        )
        for rating in ratings
    )
    return follow_up


@one_write
def answer_setback(
    *, actor: Actor, follow_up: FollowUp, choice: str, reason: str, now: datetime
) -> SetbackAnswer:
    """Say what is done about a follow-up's negative trend: the plan changes, or stands for a written reason.

    Raises Refused: ``setback-choice``, ``reason-missing``, ``no-setback`` when the trend is not negative;
    StaleState when it is answered already.
    """
    if choice not in SetbackChoice.values:
        raise Refused(_("Vælg, om målene eller planen ændres, eller om planen står."), type="setback-choice")
    if not reason.strip():
        raise Refused(_("Skriv, hvad der ændres, eller hvorfor planen står."), type="reason-missing")
    if follow_up.trend != Trend.NEGATIVE:
        raise Refused(_("Opfølgningen viste ingen tilbagegang at svare på."), type="no-setback")
    try:
        with transaction.atomic():
            return SetbackAnswer.objects.create(
                municipality_id=follow_up.municipality_id,
                family_id=follow_up.family_id,
                follow_up=follow_up,
                choice=choice,
                reason=reason.strip(),
                answered_by=actor.staff,
                answered_at=now,
            )
    except IntegrityError as broken:
        if "setback_answered_once" not in str(broken):
            raise
        raise StaleState(_("Der er allerede svaret på tilbagegangen. Genindlæs siden.")) from None


@one_write
def record_measurement(
    *,
    actor: Actor,
    family: Family,
    element: str,
    instrument: str,
    score: Decimal | None,
    measured_on: date,
    now: datetime,
    scale_min: Decimal | None = None,
    scale_max: Decimal | None = None,
    instrument_version: str = "1",
    person: Person | None = None,
    respondent: str = Respondent.STAFF,
    missing_reason: str = "",
    replaces: Measurement | None = None,
    reason: str = "",
) -> Measurement:
    """Write down one score, or why there is none (``score`` None and ``missing_reason``).

    The ends of the scale are given, except for our own instruments (`OWN_SCALES`), which bring theirs. A
    correction names what it ``replaces`` and its ``reason``, and may withdraw the score (`MissingReason.WITHDRAWN`).
    An instrument that asks for a certificate asks here too.

    Raises NotAllowed for a role that does not measure, and the refusals of `check_may_enter`; Refused:
    ``unknown-element``, ``unknown-respondent``,
    ``scale-missing``, ``wrong-scale``, ``outside-scale``, ``score-missing`` (neither score nor reason, or
    both), ``nothing-to-withdraw``, ``measured-in-future``, ``day-impossible``, ``person-unknown`` (of another family),
    ``before-birth``, ``reason-missing``; StaleState when what it replaces has been replaced already.
    """
    if not actor.may(Action.RECORD_MEASUREMENT):
        raise NotAllowed(_("Din rolle kan ikke registrere målinger."))
    if element not in Element.values:
        raise Refused(_("Vælg et af de fem kerneelementer."), type="unknown-element")
    if respondent not in Respondent.values:
        raise Refused(_("Vælg, hvem der har svaret."), type="unknown-respondent")
    if (score is None) != (missing_reason in MissingReason.values):
        raise Refused(_("Giv en score, eller vælg, hvorfor den mangler."), type="score-missing")
    if missing_reason == MissingReason.WITHDRAWN and replaces is None:
        raise Refused(_("Kun en score, der står, kan tages tilbage."), type="nothing-to-withdraw")
    low, high = _ends_of_scale(OWN_SCALES.get(instrument), scale_min, scale_max)
    if score is not None and not (score.is_finite() and low <= score <= high):
        raise Refused(
            _("Scoren skal ligge fra %(low)s til %(high)s. Ret den.")
            % {"low": f"{low:f}", "high": f"{high:f}"},
            type="outside-scale",
        )
    if measured_on > danish_day(now):
        raise Refused(_("Målingen kan ikke ligge i fremtiden. Ret datoen."), type="measured-in-future")
    check_possible(measured_on, now=now)
    definition = catalogue.find(instrument)
    if definition is not None:
        check_may_enter(actor, definition, on=measured_on)
    if person is not None:
        _check_person(family, person, measured_on)
    if replaces is not None and not reason.strip():
        raise Refused(_("Skriv, hvorfor målingen rettes."), type="reason-missing")
    try:
        # Only a correction can meet the constraint below; the quick log is spared the savepoint.
        with transaction.atomic(savepoint=replaces is not None):
            return Measurement.objects.create(
                municipality_id=family.municipality_id,
                family=family,
                element=element,
                instrument=instrument,
                instrument_version=instrument_version,
                person=person,
                score=score,
                scale_min=low,
                scale_max=high,
                missing_reason=missing_reason,
                measured_on=measured_on,
                respondent=respondent,
                recorded_by=actor.staff,
                recorded_at=now,
                replaces=replaces,
                reason=reason.strip() if replaces else "",
            )
    except IntegrityError as broken:
        if "measurement_replaced_once" not in str(broken):
            raise
        raise StaleState(_("Målingen er allerede rettet. Genindlæs siden.")) from None


def record_own_score(
    *,
    actor: Actor,
    family: Family,
    scale: Scale,
    element: str,
    score: Decimal,
    measured_on: date,
    now: datetime,
) -> Measurement:
    """`record_measurement` on one of our own scales, answered by staff. Called within a transaction."""
    return record_measurement(
        actor=actor,
        family=family,
        element=element,
        instrument=scale.slug,
        instrument_version=scale.version,
        score=score,
        measured_on=measured_on,
        now=now,
    )


def person_of(family: Family, person: UUID | None) -> Person | None:
    """The person of a family by id; raises Refused (``person-unknown``), the same for a foreign id."""
    if person is None:
        return None
    found = Person.objects.filter(family=family, uuid=person).first()
    if found is None:
        raise _unknown_person()
    return found


def _unknown_person() -> Refused:
    return Refused(_("Personen hører ikke til familien. Vælg en anden."), type="person-unknown")


def _check_ratings(family: Family, ratings: Sequence[Rating]) -> None:
    active = {goal.pk for goal in Goal.objects.active().filter(family=family)}
    if not active:
        raise Refused(_("Familien har ingen mål. Sæt mål, før I følger op."), type="goals-missing")
    rated = [rating.goal.pk for rating in ratings]
    if len(rated) != len(set(rated)) or not set(rated) <= active:
        raise Refused(_("Et af målene er lukket eller ændret. Genindlæs siden."), type="goal-unknown")
    if set(rated) != active:
        raise Refused(
            _("Vurdér alle mål. Et mål, der ikke længere gælder, skal lukkes først."), type="goals-unrated"
        )
    if any(not -2 <= rating.score <= 2 for rating in ratings):
        raise Refused(_("Vurderingen af et mål går fra -2 til +2."), type="goal-score")


def _ends_of_scale(own: Scale | None, low: Decimal | None, high: Decimal | None) -> tuple[Decimal, Decimal]:
    if own is not None:
        if (low, high) not in ((None, None), (own.low, own.high)):
            raise Refused(_("Redskabet har en fast skala. Lad skalaen stå tom."), type="wrong-scale")
        return own.low, own.high
    if low is None or high is None:
        raise Refused(_("Skriv skalaens laveste og højeste værdi."), type="scale-missing")
    if not (low.is_finite() and high.is_finite() and low < high):
        raise Refused(_("Skalaens laveste værdi skal være mindre end den højeste."), type="wrong-scale")
    return low, high


def _check_person(family: Family, person: Person, measured_on: date) -> None:
    if person.family_id != family.pk:
        raise _unknown_person()
    # A parent's birthday may not be known.
    unborn = person.birth_state != BirthState.BORN
    if unborn or (person.born_on is not None and measured_on < person.born_on):
        raise Refused(
            _("Målingen ligger før fødslen. Ret datoen, eller mål forælderen."), type="before-birth"
        )
