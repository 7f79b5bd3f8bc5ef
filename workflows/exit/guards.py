"""When the exit may go a step further. Pure answers over facts read from what the work left behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.exit import conditions as ladder
from workflows.exit.conditions import Ground
from workflows.exit.models import ExceptionSide, ExitException, ExitStep, ExitVisit, StepResult
from workflows.exit.selectors import all_steps, latest_step, next_rung
from workflows.kernel.reading import read_once
from workflows.kernel.steps import Condition, Situation, first_unmet, model_of
from workflows.model_versions.exit_ladder import ConditionRule

#: A field of the decision's form: the reason for approving without the condition of that name.
EXCEPT = "except_"

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class RequestFacts:
    """What asking for a step rests on: all of the rung's conditions, some of which may still be laid."""

    next_code: str
    longest_days: int | None
    ground: Ground | None


@dataclass(frozen=True)
class StepFacts:
    """What deciding on a step rests on, and what it looked like when it was asked for."""

    step: int | None
    code: str
    attempt: int
    ground: Ground | None
    at_request: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class CarryOutFacts:
    """What must be so on the day a step is carried out. ``excepted``: conditions approved without, by name."""

    step: int | None
    code: str
    approved: bool | None
    ground: Ground | None
    excepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class EvaluateFacts:
    """What evaluating a step rests on."""

    step: int | None
    code: str
    carried_out_on: date | None
    incident: bool = False


def request_facts(situation: Situation) -> RequestFacts:
    """Read the conditions of the rung that comes next."""
    steps = situation.once(all_steps)
    rung = next_rung(steps, situation.model)
    if rung is None:
        return RequestFacts("", None, None)
    stand = ladder.stand_of(situation, steps, None, rung)
    return RequestFacts(rung.code, rung.longest_days, ladder.read(stand, rung.conditions))


def _waiting(situation: Situation) -> tuple[tuple[ExitStep, ...], ExitStep | None]:
    steps = situation.once(all_steps)
    return steps, steps[0] if steps else None


def _ground(
    situation: Situation, steps: tuple[ExitStep, ...], step: ExitStep, rules: Iterable[ConditionRule]
) -> Ground:
    stand = ladder.stand_of(situation, steps, step, situation.model.rung(step.code))
    return ladder.read(stand, rules)


def step_facts(situation: Situation) -> StepFacts:
    """Read the step that waits for a decision, and every condition of its rung."""
    steps, step = _waiting(situation)
    if step is None:
        return StepFacts(None, "", 0, None)
    rules = situation.model.rung(step.code).conditions
    return StepFacts(
        step=step.pk,
        code=step.code,
        attempt=step.attempt,
        ground=_ground(situation, steps, step, rules),
        at_request=tuple(step.conditions_at_request),
    )


def authorise_facts(situation: Situation) -> StepFacts:
    """The same for the authority: all but its own word, which is what is being given."""
    steps, step = _waiting(situation)
    if step is None:
        return StepFacts(None, "", 0, None)
    rules = ladder.of_authority(situation.model.rung(step.code).conditions)
    return StepFacts(
        step=step.pk,
        code=step.code,
        attempt=step.attempt,
        ground=_ground(situation, steps, step, rules),
        at_request=tuple(step.conditions_at_request),
    )


def carry_out_facts(situation: Situation) -> CarryOutFacts:
    """Read the decision, what must still stand on the day, and what was approved without."""
    steps, step = _waiting(situation)
    if step is None:
        return CarryOutFacts(None, "", None, None)
    decision = getattr(step, "decision", None)
    rules = ladder.of_the_day(situation.model.rung(step.code).conditions)
    made = ExitException.objects.filter(step=step, side=ExceptionSide.SITE).order_by("id")
    return CarryOutFacts(
        step=step.pk,
        code=step.code,
        approved=decision.approved if decision else None,
        ground=_ground(situation, steps, step, rules),
        excepted=tuple(made.values_list("name", flat=True)),
    )


def evaluate_facts(situation: Situation) -> EvaluateFacts:
    """Read whether the step was carried out, and whether something went wrong on the way."""
    _steps, step = _waiting(situation)
    if step is None:
        return EvaluateFacts(None, "", None)
    return EvaluateFacts(
        step=step.pk,
        code=step.code,
        carried_out_on=step.carried_out_on,
        incident=ExitVisit.objects.filter(step=step, incident=True).exists(),
    )


def request_conditions(facts: RequestFacts) -> tuple[Condition, ...]:
    """What must be so before anybody may ask: a plan, standing consent, the step before evaluated."""
    if facts.ground is None:
        return (
            Condition(
                code="next-step",
                title=_("Der er et næste trin"),
                met=False,
                reason=_("Der er intet næste trin at bede om. Genindlæs siden."),
            ),
        )
    asked = {rule.name for rule in ladder.of_request(facts.ground.rules)}
    return tuple(c for c in ladder.check(facts.ground) if c.code in asked)


def still_missing(facts: RequestFacts) -> list[Condition]:
    """What need not be so to ask, and must be laid before the step can be approved."""
    if facts.ground is None:
        return []
    later = {rule.name for rule in ladder.of_authority(facts.ground.rules)}
    later -= {rule.name for rule in ladder.of_request(facts.ground.rules)}
    return [c for c in ladder.check(facts.ground) if c.code in later and not c.met]


def step_conditions(facts: StepFacts) -> tuple[Condition, ...]:
    """Each condition of the step with its evidence, and what has changed since the step was asked for."""
    if facts.ground is None:
        return ()
    return ladder.changed_since(facts.ground, facts.at_request)


def may_request(facts: RequestFacts, answer: Answer) -> str | None:
    """Only the next rung may be asked for, on a plan, with consent."""
    return first_unmet(request_conditions(facts))


def exceptions_in(facts: StepFacts, answer: Answer) -> dict[str, str]:
    """The exceptions that an answer makes, by name of the condition, with their reasons; those that may be made."""
    rules = facts.ground.rules if facts.ground else ()
    reasons = {
        rule.name: str(answer.get(EXCEPT + rule.name, "")).strip() for rule in rules if rule.may_except
    }
    return {name: reason for name, reason in reasons.items() if reason}


def excepted(facts: StepFacts) -> list[Condition]:
    """The unmet conditions from which an exception may be made."""
    if facts.ground is None:
        return []
    may = {rule.name for rule in facts.ground.rules if rule.may_except}
    return [c for c in ladder.check(facts.ground) if not c.met and c.code in may]


def _refusal(facts: StepFacts, answer: Answer) -> str | None:
    made = exceptions_in(facts, answer)
    return first_unmet(tuple(c for c in step_conditions(facts) if c.code not in made))


def may_authorise(facts: StepFacts, answer: Answer) -> str | None:
    """The authority approves on the same ground as the team lead; rejecting needs none."""
    return _refusal(facts, answer) if answer.get("approved") else None


def may_approve(facts: StepFacts, answer: Answer) -> str | None:
    """Every condition met, or excepted by name with a reason where the model allows it; rejecting needs none."""
    return _refusal(facts, answer) if answer.get("approved") else None


def carry_out_conditions(facts: CarryOutFacts) -> tuple[Condition, ...]:
    """The team lead's yes; and what protects the child must still stand on the day."""
    approved = Condition(
        code="approved",
        title=_("Teamlederen har godkendt trinnet"),
        met=facts.approved is True,
        evidence=facts.code,
        reason=_("Trinnet er ikke godkendt. En teamleder skal godkende det, før det gennemføres."),
    )
    standing = ladder.check(facts.ground) if facts.ground else ()
    return (approved, *(c for c in standing if c.code not in facts.excepted))


def may_carry_out(facts: CarryOutFacts, answer: Answer) -> str | None:
    """Nothing is carried out that was not approved, or no longer may be; that it was not done can always be said."""
    return None if answer.get("carried_out") is False else first_unmet(carry_out_conditions(facts))


def evaluate_conditions(facts: EvaluateFacts) -> tuple[Condition, ...]:
    """Only what has been carried out can be evaluated."""
    return (
        Condition(
            code="carried-out",
            title=_("Trinnet er gennemført"),
            met=facts.carried_out_on is not None,
            evidence=f"{facts.carried_out_on:%d.%m.%Y}" if facts.carried_out_on else "",
            reason=_("Trinnet er ikke gennemført. Gennemfør det, før det evalueres."),
        ),
    )


def may_evaluate(facts: EvaluateFacts, answer: Answer) -> str | None:
    """A step leads on from what happened, not from what was planned; after an incident it leads a step back."""
    unmet = first_unmet(evaluate_conditions(facts))
    if unmet is not None:
        return unmet
    if facts.incident and answer.get("result") not in (None, StepResult.BACK):
        return str(
            _("Der var en hændelse på trinnet. Familien går et trin tilbage, og teamet taler den igennem.")
        )
    return None


def needs_authority(activation: Any) -> bool:
    """Whether the step asked for is the authority's to decide."""
    step = read_once(activation.process, latest_step)
    return step is not None and model_of(activation.process).rung(step.code).needs_authority


def is_authorised(activation: Any) -> bool:
    """Whether the authority said yes to the step."""
    step = read_once(activation.process, latest_step)
    return (
        step is not None
        and getattr(step, "authority_word", None) is not None
        and step.authority_word.approved
    )


def is_approved(activation: Any) -> bool:
    """Whether the team lead approved the step."""
    step = read_once(activation.process, latest_step)
    return step is not None and getattr(step, "decision", None) is not None and step.decision.approved


def is_carried_out(activation: Any) -> bool:
    """Whether the approved step was carried out, rather than abandoned."""
    step = read_once(activation.process, latest_step)
    return step is not None and step.carried_out_on is not None


def is_finished(activation: Any) -> bool:
    """Whether the last rung has been evaluated and led on: the family has moved out."""
    last = ExitStep.objects.filter(family_id=activation.process.family_id, evaluated_at__isnull=False).first()
    return (
        last is not None
        and last.result == StepResult.PROCEED
        and model_of(activation.process).rung_after(last.code) is None
    )
