"""What each step of the exit leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from psycopg import Error

from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.isolation import NOT_BY_DEPUTY
from placement.clock import danish_day, moment_on
from placement.families.models import Person, Phase
from placement.families.services import record_child_view
from workflows.exit import conditions as ladder
from workflows.exit.groundwork.services import write_plan
from workflows.exit.guards import RequestFacts, StepFacts, excepted, exceptions_in
from workflows.exit.models import (
    AuthorityWord,
    ExceptionSide,
    ExitException,
    ExitStep,
    ExitStepDecision,
    StepResult,
)
from workflows.exit.selectors import latest_plan, latest_step, step_before
from workflows.kernel.clocks.services import happened
from workflows.kernel.reading import know
from workflows.kernel.steps import Situation, as_json
from workflows.measuring.points import stop_measured_points
from workflows.model_versions.clock_rules import Event

Answer = Mapping[str, Any]


def plan_exit(situation: Situation, answer: Answer) -> None:
    """Lay the exit plan (U0)."""
    write_plan(actor=situation.actor, family=situation.family, now=situation.now, **answer)


def request_step(situation: Situation, answer: Answer) -> None:
    """Ask for the next rung of the ladder; how its conditions looked that day is kept with the step."""
    plan = latest_plan(situation.family)
    facts: RequestFacts = situation.facts
    if plan is None or facts.ground is None:
        raise Refused(_("Der er intet næste trin at bede om. Genindlæs siden."), type="gate-closed")
    until = answer.get("planned_until")
    ground = ladder.planned(facts.ground, planned_from=answer["planned_from"], planned_until=until)
    ExitStep.objects.create(
        municipality_id=situation.family.municipality_id,
        family=situation.family,
        plan=plan,
        code=facts.next_code,
        attempt=ExitStep.objects.filter(family=situation.family, code=facts.next_code).count() + 1,
        requested_by=situation.actor.staff,
        requested_at=situation.now,
        why_now=answer["why_now"],
        planned_from=answer["planned_from"],
        planned_until=until,
        conditions_at_request=ladder.noted(ground),
    )
    # Here, because that room reads this one's steps.
    from workflows.research.reminders import remind

    remind(situation.family, now=situation.now)


def _waiting_step(situation: Situation) -> ExitStep:
    step = step_before(situation)
    if step is None or step.evaluated_at is not None or step.abandoned_at is not None:
        raise StaleState(_("Der venter intet trin. Genindlæs siden."))
    return step


def _not_by_requester(situation: Situation, step: ExitStep) -> None:
    if step.requested_by_id == situation.actor.staff_id:
        raise NotAllowed(_("Du har selv bedt om trinnet. En anden skal tage stilling."), type="four-eyes")


def _not_taken(broken: IntegrityError, already: Any) -> Refused:
    """Why the database took no word on a step: the asker's deputy gave it, or there is one ``already``."""
    if isinstance(broken.__cause__, Error) and broken.__cause__.diag.constraint_name == NOT_BY_DEPUTY:
        return NotAllowed(
            _("Den, du er stedfortræder for, har bedt om trinnet. En anden skal tage stilling."),
            type="four-eyes",
        )
    return StaleState(already)


def _kept(facts: StepFacts) -> dict[str, Any]:
    """The facts as they are kept with a decision, and what each condition said of them."""
    return as_json(facts) | {"conditions": ladder.noted(facts.ground) if facts.ground else []}


def _make_exceptions(situation: Situation, step: ExitStep, answer: Answer, side: ExceptionSide) -> None:
    facts: StepFacts = situation.facts
    made = exceptions_in(facts, answer) if answer["approved"] else {}
    codes = {rule.name: rule.code.value for rule in facts.ground.rules} if facts.ground else {}
    ExitException.objects.bulk_create(
        ExitException(
            municipality_id=step.municipality_id,
            step=step,
            side=side,
            code=codes[condition.code],
            name=condition.code,
            title=str(condition.title),
            reason=made[condition.code],
            requested_by=step.requested_by,
            made_by=situation.actor.staff,
            made_at=situation.now,
        )
        for condition in excepted(facts)
        if condition.code in made
    )


def authorise_step(situation: Situation, answer: Answer) -> None:
    """The authority's decision on trial living or moving out."""
    step = _waiting_step(situation)
    _not_by_requester(situation, step)
    try:
        # What is refused here undoes the whole step: no savepoint.
        with transaction.atomic(savepoint=False):
            AuthorityWord.objects.create(
                municipality_id=step.municipality_id,
                step=step,
                approved=answer["approved"],
                reason=answer["reason"],
                requested_by=step.requested_by,
                decided_by=situation.actor.staff,
                decided_at=situation.now,
                effective_from=answer.get("effective_from") if answer["approved"] else None,
                legal_basis=answer.get("legal_basis", "").strip(),
            )
            _make_exceptions(situation, step, answer, ExceptionSide.AUTHORITY)
    except IntegrityError as broken:
        raise _not_taken(broken, _("Myndigheden har allerede taget stilling. Genindlæs siden.")) from None
    know(situation.process, latest_step, step)


def approve_step(situation: Situation, answer: Answer) -> None:
    """The team lead's one decision on the step, with the facts it was made on."""
    step = _waiting_step(situation)
    _not_by_requester(situation, step)
    try:
        with transaction.atomic(savepoint=False):
            ExitStepDecision.objects.create(
                municipality_id=step.municipality_id,
                step=step,
                approved=answer["approved"],
                reason=answer["reason"].strip(),
                requested_by=step.requested_by,
                decided_by=situation.actor.staff,
                decided_at=situation.now,
                facts=_kept(situation.facts),
            )
            _make_exceptions(situation, step, answer, ExceptionSide.SITE)
    except IntegrityError as broken:
        raise _not_taken(broken, _("Der er allerede taget stilling til trinnet. Genindlæs siden.")) from None
    know(situation.process, latest_step, step)


def check_carried_out_on(step: ExitStep, day: date) -> None:
    """A step is carried out by a family that lives in the house, on the day of its approval or later.

    A move is made on the day its decision takes effect, or later. Raises Refused: ``before-moving-in``,
    ``before-approval``, ``before-decision-effective``.
    """
    moved_in_on = step.family.moved_in_on
    if moved_in_on is not None and day < moved_in_on:
        raise Refused(
            _("Familien flyttede ind %(day)s. Et trin kan ikke være gennemført før. Ret datoen.")
            % {"day": f"{moved_in_on:%d.%m.%Y}"},
            type="before-moving-in",
        )
    said = [getattr(step, "decision", None), getattr(step, "authority_word", None)]
    approved_on = max((danish_day(word.decided_at) for word in said if word is not None), default=None)
    if approved_on is not None and day < approved_on:
        raise Refused(
            _("Trinnet blev godkendt %(day)s. Det kan ikke være gennemført før. Ret datoen.")
            % {"day": f"{approved_on:%d.%m.%Y}"},
            type="before-approval",
        )
    word = getattr(step, "authority_word", None)
    if word is not None and word.effective_from is not None and day < word.effective_from:
        raise Refused(
            _("Afgørelsen gælder fra %(day)s. Familien kan ikke være flyttet før. Ret datoen.")
            % {"day": f"{word.effective_from:%d.%m.%Y}"},
            type="before-decision-effective",
        )


def carry_out_step(situation: Situation, answer: Answer) -> None:
    """The step was carried out on a day; or it was not, and why: then the same rung may be asked for again."""
    step = _waiting_step(situation)
    if not answer["carried_out"]:
        step.abandoned_at = situation.now
        step.abandoned_by = situation.actor.staff
        step.abandoned_reason = answer["reason"].strip()
        step.save(update_fields=["abandoned_at", "abandoned_by", "abandoned_reason"])
        return
    check_carried_out_on(step, answer["carried_out_on"])
    step.carried_out_on = answer["carried_out_on"]
    step.accompanied_by = answer["accompanied_by"]
    step.carried_out_by = situation.actor.staff
    step.save(update_fields=["carried_out_on", "accompanied_by", "carried_out_by"])


def evaluate_step(situation: Situation, answer: Answer) -> None:
    """Team's, parents' and child's view of the step, and where it leads; after the last rung the family has left."""
    step = _waiting_step(situation)
    step.child_view = record_child_view(
        actor=situation.actor,
        child=Person.objects.get(family=situation.family, uuid=answer["child"]),
        source=answer["child_view_source"],
        text=answer["child_view_text"],
        obtained_on=situation.today,
        now=situation.now,
    )
    back = answer["result"] == StepResult.BACK
    step.staff_view = answer["staff_view"]
    step.parents_view = answer["parents_view"]
    step.result = answer["result"]
    step.back_reason = answer["back_reason"] if back else ""
    step.child_needs = answer["child_needs"].strip() if back else ""
    step.evaluated_at = situation.now
    step.evaluated_by = situation.actor.staff
    step.save()
    if back and not situation.facts.incident:
        # After an incident the team was told when it was written.
        happened(family=situation.family, event=Event.EXIT_STEP_WENT_WRONG, at=situation.now, about=step.uuid)
    if step.result == StepResult.PROCEED and situation.model.rung_after(step.code) is None:
        assert step.carried_out_on is not None
        situation.family.phase = Phase.EXITED
        situation.family.moved_out_on = step.carried_out_on
        situation.family.save(update_fields=["phase", "moved_out_on"])
        happened(
            family=situation.family,
            event=Event.MOVED_OUT,
            at=moment_on(step.carried_out_on, now=situation.now),
        )
        # The last measurements may have been made before the family left.
        stop_measured_points(situation.family, at=situation.now)
