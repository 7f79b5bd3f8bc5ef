"""When the exit may go a step further. Pure answers over facts read from what the work left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from placement.clock import danish_day
from placement.families.models import ChildView
from placement.families.services import standing_consents
from workflows.exit.models import ExitStep, StepResult
from workflows.exit.selectors import latest_plan, latest_step, next_rung
from workflows.kernel.steps import Condition, Situation, first_unmet, model_of


@dataclass(frozen=True)
class RequestFacts:
    """What asking for a step rests on."""

    plan: int | None
    plan_made_on: date | None
    consents_standing: int
    custody_holders: int
    previous_code: str
    previous_evaluated: bool
    next_code: str


@dataclass(frozen=True)
class StepFacts:
    """What deciding on a step rests on."""

    step: int | None
    code: str
    attempt: int
    plan: int | None
    plan_made_on: date | None
    consents_standing: int
    custody_holders: int
    previous_code: str
    previous_evaluated: bool
    previous_child_view: bool
    needs_authority: bool
    authority_word: bool | None
    authority_word_on: date | None
    approved: bool | None = None
    carried_out_on: date | None = None


def request_facts(situation: Situation) -> RequestFacts:
    """Read the plan, the consents and the step before."""
    family = situation.family
    plan = latest_plan(family)
    consents, holders = standing_consents(family)
    previous = _approved_before(family.pk, None)
    upcoming = next_rung(family, situation.model)
    return RequestFacts(
        plan=plan.pk if plan else None,
        plan_made_on=plan.made_on if plan else None,
        consents_standing=consents,
        custody_holders=holders,
        previous_code=previous.code if previous else "",
        previous_evaluated=previous is None or previous.evaluated_at is not None,
        next_code=upcoming.code if upcoming else "",
    )


def step_facts(situation: Situation) -> StepFacts:
    """Read the step that waits for a decision, and what stands behind it."""
    family = situation.family
    step = latest_step(family)
    plan = latest_plan(family)
    consents, holders = standing_consents(family)
    previous = _approved_before(family.pk, step.pk if step else None)
    word = getattr(step, "authority_word", None) if step else None
    decision = getattr(step, "decision", None) if step else None
    return StepFacts(
        step=step.pk if step else None,
        code=step.code if step else "",
        attempt=step.attempt if step else 0,
        plan=plan.pk if plan else None,
        plan_made_on=plan.made_on if plan else None,
        consents_standing=consents,
        custody_holders=holders,
        previous_code=previous.code if previous else "",
        previous_evaluated=previous is None or previous.evaluated_at is not None,
        previous_child_view=previous is None or _view_stands(previous),
        needs_authority=bool(step and situation.model.rung(step.code).needs_authority),
        authority_word=word.approved if word else None,
        authority_word_on=danish_day(word.decided_at) if word else None,
        approved=decision.approved if decision else None,
        carried_out_on=step.carried_out_on if step else None,
    )


def _view_stands(step: ExitStep) -> bool:
    return step.child_view_id is not None and ChildView.objects.filter(pk=step.child_view_id).exists()


def _approved_before(family_id: int, step_id: int | None) -> ExitStep | None:
    steps = ExitStep.objects.filter(family_id=family_id, decision__approved=True, abandoned_at__isnull=True)
    if step_id is not None:
        steps = steps.filter(pk__lt=step_id)
    return steps.first()


def _consent(standing: int, holders: int) -> Condition:
    return Condition(
        code="consent",
        title=_("Samtykket gælder"),
        met=holders > 0 and standing == holders,
        evidence=_("%(standing)d af %(holders)d samtykker gælder")
        % {"standing": standing, "holders": holders},
        reason=_("Samtykket er trukket tilbage eller mangler. Tal med rådgiveren, før der går videre."),
    )


def _plan(plan: int | None, made_on: date | None) -> Condition:
    return Condition(
        code="exit-plan",
        title=_("Der er en udslusningsplan"),
        met=plan is not None,
        evidence=f"{made_on:%d.%m.%Y}" if made_on else "",
        reason=_("Udslusningsplanen mangler. Læg den først."),
    )


def _previous(code: str, evaluated: bool) -> Condition:
    return Condition(
        code="previous-evaluated",
        title=_("Trinnet før er gennemført og evalueret"),
        met=evaluated,
        evidence=code or _("Det er det første trin"),
        reason=_("Trin %(code)s er ikke evalueret. Evaluér det, før det næste.") % {"code": code},
    )


def request_conditions(facts: RequestFacts) -> tuple[Condition, ...]:
    """A plan, standing consent, and the step before evaluated."""
    return (
        _plan(facts.plan, facts.plan_made_on),
        _consent(facts.consents_standing, facts.custody_holders),
        _previous(facts.previous_code, facts.previous_evaluated),
    )


def step_conditions(facts: StepFacts) -> tuple[Condition, ...]:
    """What a step's approval rests on; trial living and moving out also need the authority's decision."""
    conditions: tuple[Condition, ...] = (
        _plan(facts.plan, facts.plan_made_on),
        _consent(facts.consents_standing, facts.custody_holders),
        _previous(facts.previous_code, facts.previous_evaluated),
        Condition(
            code="child-view",
            title=_("Barnets perspektiv på trinnet før er skrevet"),
            met=facts.previous_child_view,
            evidence=facts.previous_code or _("Det er det første trin"),
            reason=_("Barnets perspektiv mangler i evalueringen af trinnet før."),
        ),
    )
    if facts.needs_authority:
        conditions += (
            Condition(
                code="authority",
                title=_("Myndigheden har truffet afgørelse"),
                met=facts.authority_word is True,
                evidence=f"{facts.authority_word_on:%d.%m.%Y}" if facts.authority_word_on else "",
                reason=_("Prøvebo og flytning kræver myndighedens godkendelse. Den mangler."),
            ),
        )
    return conditions


def may_request(facts: RequestFacts, answer: Mapping[str, Any]) -> str | None:
    """Only the next rung may be asked for, on a plan, with consent."""
    return first_unmet(request_conditions(facts))


def authorise_conditions(facts: StepFacts) -> tuple[Condition, ...]:
    """The same ground as the team lead's, but for the authority's own word, which is what is being given."""
    return tuple(c for c in step_conditions(facts) if c.code != "authority")


def may_authorise(facts: StepFacts, answer: Mapping[str, Any]) -> str | None:
    """The authority approves on the same ground as the team lead; rejecting needs none."""
    return first_unmet(authorise_conditions(facts)) if answer.get("approved") else None


def may_approve(facts: StepFacts, answer: Mapping[str, Any]) -> str | None:
    """Every condition met; rejecting needs none."""
    return first_unmet(step_conditions(facts)) if answer.get("approved") else None


def carry_out_conditions(facts: StepFacts) -> tuple[Condition, ...]:
    """The team lead's yes; and consent and the authority's word must still stand on the day."""
    return (
        Condition(
            code="approved",
            title=_("Teamlederen har godkendt trinnet"),
            met=facts.approved is True,
            evidence=facts.code,
            reason=_("Trinnet er ikke godkendt. En teamleder skal godkende det, før det gennemføres."),
        ),
        *(c for c in step_conditions(facts) if c.code in {"consent", "authority"}),
    )


def may_carry_out(facts: StepFacts, answer: Mapping[str, Any]) -> str | None:
    """Nothing is carried out that was not approved, or no longer may be; that it was not done can always be said."""
    return None if answer.get("carried_out") is False else first_unmet(carry_out_conditions(facts))


def evaluate_conditions(facts: StepFacts) -> tuple[Condition, ...]:
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


def may_evaluate(facts: StepFacts, answer: Mapping[str, Any]) -> str | None:
    """A step leads on from what happened, not from what was planned."""
    return first_unmet(evaluate_conditions(facts))


def needs_authority(activation: Any) -> bool:
    """Whether the step asked for is the authority's to decide."""
    step = latest_step(activation.process.family_id)
    return step is not None and model_of(activation.process).rung(step.code).needs_authority


def is_authorised(activation: Any) -> bool:
    """Whether the authority said yes to the step."""
    step = latest_step(activation.process.family_id)
    return (
        step is not None
        and getattr(step, "authority_word", None) is not None
        and step.authority_word.approved
    )


def is_approved(activation: Any) -> bool:
    """Whether the team lead approved the step."""
    step = latest_step(activation.process.family_id)
    return step is not None and getattr(step, "decision", None) is not None and step.decision.approved


def is_carried_out(activation: Any) -> bool:
    """Whether the approved step was carried out, rather than abandoned."""
    step = latest_step(activation.process.family_id)
    return step is not None and step.carried_out_on is not None


def is_finished(activation: Any) -> bool:
    """Whether the last rung has been evaluated and led on: the family has moved out."""
    last = ExitStep.objects.filter(family_id=activation.process.family_id, evaluated_at__isnull=False).first()
    return (
        last is not None
        and last.result == StepResult.PROCEED
        and model_of(activation.process).rung_after(last.code) is None
    )
