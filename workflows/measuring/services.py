"""Writing down what was answered on an instrument: scored once, and what a score asks for begun."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from placement.access.actor import Actor
from placement.access.days import check_possible
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.roles import Action
from placement.clock import danish_day, moment_on
from placement.families.models import Family, Person
from placement.instruments import catalogue
from placement.instruments.definition import Definition, Entry, Method
from placement.instruments.entering import check_may_enter
from placement.instruments.scoring import (
    NOT_RELEVANT,
    SCORING_VERSION,
    NotRelevant,
    Score,
    raised,
    score_items,
    score_totals,
)
from placement.progression.codes import REASONS_TO_GIVE, MissingReason
from placement.progression.models import Measurement
from placement.progression.services import record_measurement
from workflows.kernel.beside import beside_the_journey
from workflows.kernel.lock import family_locked
from workflows.measuring.models import FINAL, Administration, Answer, ScaleScore, ScoreAction, Urgency
from workflows.measuring.points import stop_measured_points
from workflows.measuring.repeating import ask_to_repeat, repeated
from workflows.measuring.whom import check_age, people_of

#: Where an alert stands in the place of a scale's code.
_ALERT = ""


@dataclass(frozen=True)
class Given:
    """What came in: answers by item, or scores by scale; and why what is missing is missing.

    ``missing``: the reason of single items. ``missing_reason``: of everything else that is missing, and of the
    whole when nothing was answered.
    """

    answers: Mapping[int, int | NotRelevant] = field(default_factory=dict)
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    missing: Mapping[int, str] = field(default_factory=dict)
    missing_reason: str = ""

    @property
    def empty(self) -> bool:
        return not self.answers and not self.totals


@dataclass(frozen=True)
class Correction:
    """Which administration is corrected, and why."""

    replaces: Administration
    reason: str


@transaction.atomic
def record_administration(
    *,
    actor: Actor,
    family: Family,
    instrument: str,
    person: Person,
    answered_on: date,
    respondent: str,
    given: Given,
    now: datetime,
    instrument_version: str = "",
    interpreter: bool = False,
    language: str = "",
    correction: Correction | None = None,
) -> Administration:
    """Write down one use of an instrument: every answer, the scores, and who must look at them.

    The scores are reckoned here and stored with the version of the rules; each is also a measurement. A score on
    the far side of a cut-off begins a task, an answer that an alert is about begins one for the same day; both
    ask somebody, and decide nothing. ``instrument_version``: what the form was made for ("" for the newest).

    Raises NotAllowed for a role that does not measure; Refused: those of `catalogue.in_use`, of
    `check_may_enter`, of `check_age` and of the scoring; ``instrument-by-goals``, ``unknown-respondent``,
    ``person-unknown``, ``instrument-about`` (not about such a person), ``measured-in-future``, ``day-impossible``,
    ``answers-missing`` (something is missing without its reason), ``reason-missing``; StaleState when what it
    corrects has been corrected already.
    """
    if not actor.may(Action.RECORD_MEASUREMENT):
        raise NotAllowed(_("Din rolle kan ikke registrere målinger."))
    return take_administration(
        actor=actor,
        family=family,
        definition=catalogue.in_use(instrument, instrument_version),
        person=person,
        answered_on=answered_on,
        respondent=respondent,
        given=given,
        now=now,
        interpreter=interpreter,
        language=language,
        correction=correction,
    )


def take_administration(
    *,
    actor: Actor,
    family: Family,
    definition: Definition,
    person: Person,
    answered_on: date,
    respondent: str,
    given: Given,
    now: datetime,
    interpreter: bool = False,
    language: str = "",
    correction: Correction | None = None,
) -> Administration:
    """What `record_administration` does, on a definition that is known and for somebody who may; inside a transaction.

    Raises as it does.
    """
    months = _check(actor, family, definition, person, answered_on, respondent, now)
    _check_given(definition, given)
    scores = (
        score_items(definition, given.answers, months=months)
        if definition.entry is Entry.ITEMS
        else score_totals(definition, given.totals, months=months)
    )
    if correction is not None:
        _check_correction(correction, family, definition, person)
    with family_locked(family):
        made = _store(
            actor=actor,
            family=family,
            definition=definition,
            person=person,
            given=given,
            scores=scores,
            correction=correction,
            fields={
                "answered_on": answered_on,
                "respondent": respondent,
                "interpreter": interpreter,
                "language": language.strip(),
                "age_months": months,
                "recorded_at": now,
            },
        )
        repeated(
            made,
            counts=not given.empty or made.missing_reason in FINAL,
            at=moment_on(answered_on, now=now),
        )
        stop_measured_points(family, at=moment_on(answered_on, now=now))
        ask_to_repeat(made, definition, at=moment_on(answered_on, now=now))
        _ask(made, definition, scores, given, now)
    return made


def _check(
    actor: Actor,
    family: Family,
    definition: Definition,
    person: Person,
    answered_on: date,
    respondent: str,
    now: datetime,
) -> int | None:
    if definition.entry is Entry.GOALS:
        raise Refused(
            _("%(name)s regnes ud af målene ved hver opfølgning. Brug opfølgningen.")
            % {"name": definition.short},
            type="instrument-by-goals",
        )
    if respondent not in definition.respondents:
        raise Refused(_("Vælg, hvem der har svaret."), type="unknown-respondent")
    if person.family_id != family.pk:
        raise Refused(_("Personen hører ikke til familien. Vælg en anden."), type="person-unknown")
    if person.kind not in definition.about:
        raise Refused(
            _("%(name)s handler ikke om den person. Vælg en anden.") % {"name": definition.short},
            type="instrument-about",
        )
    if answered_on > danish_day(now):
        raise Refused(_("Målingen kan ikke ligge i fremtiden. Ret datoen."), type="measured-in-future")
    check_possible(answered_on, now=now)
    check_may_enter(actor, definition, on=answered_on)
    return check_age(definition, person, people_of(family), on=answered_on)


def _check_given(definition: Definition, given: Given) -> None:
    """Everything that is not answered says why."""
    reasons = {code for code, _label in REASONS_TO_GIVE}
    known = {reason for reason in (*given.missing.values(), given.missing_reason) if reason}
    if not known <= reasons:
        raise Refused(_("Vælg, hvorfor svaret mangler."), type="answers-missing")
    numbers = definition.items.numbers if definition.items is not None else ()
    if not {*given.answers, *given.missing} <= set(numbers):
        raise Refused(_("Redskabet har ikke det spørgsmål."), type="answer-unknown-item")
    if given.totals and definition.items is not None:
        raise Refused(
            _("%(name)s regnes ud af svarene. Send svarene i stedet for scoren.")
            % {"name": definition.short},
            type="score-unknown-scale",
        )
    if given.missing_reason:
        return
    if definition.items is not None:
        open_items = [
            item
            for item in definition.items.numbers
            if item not in given.answers and not given.missing.get(item)
        ]
        if open_items:
            raise Refused(
                _("Spørgsmål %(items)s er ikke besvaret. Svar, eller vælg, hvorfor svaret mangler.")
                % {"items": ", ".join(map(str, open_items))},
                type="answers-missing",
            )
        return
    lacking = [
        str(scale.title)
        for scale in definition.scales
        if scale.method is Method.GIVEN and not scale.optional and scale.code not in given.totals
    ]
    if lacking:
        raise Refused(
            _("Skriv %(scales)s, eller vælg, hvorfor scoren mangler.") % {"scales": ", ".join(lacking)},
            type="answers-missing",
        )


def _check_correction(correction: Correction, family: Family, definition: Definition, person: Person) -> None:
    old = correction.replaces
    if not correction.reason.strip():
        raise Refused(_("Skriv, hvorfor målingen rettes."), type="reason-missing")
    if (old.family_id, old.instrument, old.person_id) != (family.pk, definition.id, person.pk):
        raise Refused(
            _("En rettelse handler om det samme redskab og den samme person. Skriv en ny måling i stedet."),
            type="instrument-about",
        )


def _store(
    *,
    actor: Actor,
    family: Family,
    definition: Definition,
    person: Person,
    given: Given,
    scores: tuple[Score, ...],
    correction: Correction | None,
    fields: dict[str, Any],
) -> Administration:
    try:
        with transaction.atomic():
            made = Administration.objects.create(
                municipality_id=family.municipality_id,
                family=family,
                person=person,
                instrument=definition.id,
                instrument_version=definition.version,
                definition_digest=definition.digest,
                missing_reason=_reason(given) if given.empty else "",
                alerts=[alert.code for alert in raised(definition, given.answers)],
                recorded_by=actor.staff,
                replaces=correction.replaces if correction else None,
                reason=correction.reason.strip() if correction else "",
                **fields,
                **_repeat_days(scores, fields["answered_on"]),
            )
    except IntegrityError as broken:
        if "administration_replaced_once" not in str(broken):
            raise
        raise StaleState(_("Målingen er allerede rettet. Genindlæs siden.")) from None
    _store_answers(made, definition, given)
    before = (
        {score.scale: score.measurement for score in correction.replaces.scores.select_related("measurement")}
        if correction
        else {}
    )
    for score in scores:
        if score.value is None and score.scale.optional:
            continue
        earlier = before.pop(score.scale.code, None)
        measured = record_measurement(
            actor=actor,
            family=family,
            element=definition.element,
            instrument=definition.slug_of(score.scale),
            instrument_version=definition.version,
            person=person,
            score=score.value,
            scale_min=score.scale.lowest,
            scale_max=score.scale.highest,
            missing_reason="" if score.value is not None else _reason(given),
            measured_on=made.answered_on,
            respondent=made.respondent,
            now=made.recorded_at,
            replaces=earlier,
            reason=made.reason if earlier else "",
        )
        _store_score(made, score, measured)
    for earlier in before.values():
        _withdraw(actor, made, earlier)
    return made


def _withdraw(actor: Actor, made: Administration, earlier: Measurement) -> None:
    """A score that the corrected answers do not give any more stands no longer, in no picture and no dataset."""
    record_measurement(
        actor=actor,
        family=made.family,
        element=earlier.element,
        instrument=earlier.instrument,
        instrument_version=earlier.instrument_version,
        person=made.person,
        score=None,
        scale_min=earlier.scale_min,
        scale_max=earlier.scale_max,
        missing_reason=MissingReason.WITHDRAWN,
        measured_on=made.answered_on,
        respondent=made.respondent,
        now=made.recorded_at,
        replaces=earlier,
        reason=made.reason,
    )


def _reason(given: Given) -> str:
    """Why a score is missing: as everything that is missing, or as most of the answers that are."""
    return given.missing_reason or Counter(given.missing.values()).most_common(1)[0][0]


def _store_score(made: Administration, score: Score, measured: Measurement) -> None:
    ScaleScore.objects.create(
        municipality_id=made.municipality_id,
        administration=made,
        scale=score.scale.code,
        value=score.value,
        scoring_version=SCORING_VERSION,
        crossed=[cut_off.code for cut_off in score.crossed],
        measurement=measured,
    )


def _store_answers(made: Administration, definition: Definition, given: Given) -> None:
    if definition.items is None or (given.empty and not given.missing):
        return
    rows = []
    for item in definition.items.numbers:
        answer = given.answers.get(item)
        relevant = answer is not NOT_RELEVANT
        rows.append(
            Answer(
                municipality_id=made.municipality_id,
                administration=made,
                item=item,
                value=answer if isinstance(answer, int) else None,
                not_relevant=not relevant,
                missing_reason=(given.missing.get(item) or given.missing_reason) if answer is None else "",
            )
        )
    Answer.objects.bulk_create(rows)


def _repeat_days(scores: tuple[Score, ...], answered_on: date) -> dict[str, date]:
    """When the same is measured again: the nearest days that any crossed cut-off asks for."""
    asked = [
        cut_off.repeat_days
        for score in scores
        for cut_off in score.crossed
        if cut_off.repeat_days is not None
    ]
    if not asked:
        return {}
    first, last = min(asked, key=lambda days: days[1])
    return {
        "repeat_from": answered_on + timedelta(days=first),
        "repeat_by": answered_on + timedelta(days=last),
    }


def _ask(
    made: Administration, definition: Definition, scores: tuple[Score, ...], given: Given, now: datetime
) -> None:
    """Begin what the scores ask for; a correction asks only for what its first version did not ask for."""
    earlier = _asked_before(made)
    with override("da"):
        today = [
            alert.title.da
            for alert in raised(definition, given.answers)
            if (_ALERT, alert.code) not in earlier
        ]
        soon = [
            cut_off.title.da
            for score in scores
            for cut_off in score.crossed
            if cut_off.task and (score.scale.code, cut_off.code) not in earlier
        ]
    for urgency, titles in ((Urgency.TODAY, today), (Urgency.SOON, soon)):
        if titles:
            _begin_action(made, urgency, titles, now)


def _asked_before(made: Administration) -> set[tuple[str, str]]:
    """What the corrected version asked for already: the scale (no scale for an alert), and what was crossed on it."""
    old = made.replaces
    if old is None:
        return set()
    return {
        *((_ALERT, code) for code in old.alerts),
        *((score.scale, code) for score in old.scores.all() for code in score.crossed),
    }


def _begin_action(made: Administration, urgency: str, titles: list[str], now: datetime) -> None:
    from workflows.measuring.flow import ScoreFlow

    action = ScoreAction.objects.create(
        municipality_id=made.municipality_id,
        family_id=made.family_id,
        administration=made,
        urgency=urgency,
        asked="\n".join(titles),
        asked_at=now,
    )
    ScoreFlow.start.run(action=action, **beside_the_journey(made.family, now))
