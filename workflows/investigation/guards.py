"""What the steps of screening, examination and the parallel track rest on, and why they may not go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from placement.access.errors import Refused
from placement.clock import danish_day
from placement.families.codes import BirthState
from placement.templatetags.words import danish_date
from workflows.investigation.codes import AtBirth, Track
from workflows.investigation.models import RiskJudgement
from workflows.investigation.selectors import parents_may_be_involved
from workflows.kernel.steps import Condition, Situation, first_unmet
from workflows.model_versions.clock_rules import ClockRule, Event
from workflows.model_versions.content import Model

#: An answer of the last step that is no outcome: the plans are written again.
REWRITE = "rewrite"


@dataclass(frozen=True)
class ScreeningFacts:
    """What a screening rests on: whether violence may exist, and which judgement of the risk was made since it began."""

    violence_possible: bool
    judgement: int | None
    judged_on: date | None


def screening_facts(situation: Situation) -> ScreeningFacts:
    """Read the investigation, and the newest judgement of the risk since it began."""
    found = situation.process.investigation
    judgement = risk_since(found)
    return ScreeningFacts(
        violence_possible=found.violence_possible,
        judgement=judgement.pk if judgement else None,
        judged_on=danish_day(judgement.judged_at) if judgement else None,
    )


def risk_since(investigation: Any) -> RiskJudgement | None:
    """The newest judgement of the risk that was made since the investigation began."""
    made = RiskJudgement.objects.filter(
        family_id=investigation.family_id, judged_at__gte=investigation.begun_at
    )
    return made.order_by("-judged_at", "-id").first()


def screening_conditions(facts: ScreeningFacts) -> tuple[Condition, ...]:
    """Where violence may exist, the risk is judged before anybody is involved (barnets lov § 18)."""
    return (_risk_first(facts, facts.violence_possible),)


def _risk_first(facts: ScreeningFacts, possible: bool) -> Condition:
    return Condition(
        code="risk-first",
        title=_("Risikoen er vurderet, hvor der kan være vold eller en æresrelateret konflikt"),
        met=not possible or facts.judgement is not None,
        evidence=danish_date(facts.judged_on) if facts.judged_on else _("Ingen vurdering endnu."),
        reason=_(
            "Der kan være vold eller en æresrelateret konflikt. Skriv først risikovurderingen under «Flere handlinger» "
            "på familiens side; ingen forældre og intet netværk inddrages før (barnets lov § 18)."
        ),
    )


def may_screen(facts: ScreeningFacts, answer: Mapping[str, Any]) -> str | None:
    """No screening without a judgement of the risk where the answer, or what is known, says that violence is possible."""
    possible = facts.violence_possible or bool(answer.get("violence_possible"))
    return first_unmet((_risk_first(facts, possible),))


def risk_is_missing(activation: Any) -> bool:
    """Whether violence is possible: then the risk is judged first."""
    return bool(activation.process.investigation.violence_possible)


def leads_to_nothing(activation: Any) -> bool:
    """Whether the screening found no need of more."""
    return bool(activation.process.investigation.track == Track.NOTHING)


def leads_to_clarification(activation: Any) -> bool:
    """Whether the screening leads to an afdækning (§ 19)."""
    return bool(activation.process.investigation.track == Track.CLARIFICATION)


def leads_to_examination(activation: Any) -> bool:
    """Whether the screening, or the afdækning after it, leads to an examination (§ 20)."""
    return bool(activation.process.investigation.track == Track.EXAMINATION)


def is_concluded(activation: Any) -> bool:
    """Whether the examination was concluded, and not put off by a preliminary assessment."""
    return activation.process.investigation.concluded_on is not None


@dataclass(frozen=True)
class PlanFacts:
    """What showing the plans to the parents rests on."""

    parents_may_be_involved: bool
    reason: str
    judged_on: date | None


def plan_facts(situation: Situation) -> PlanFacts:
    """Read whether the parents may be involved now."""
    found = parents_may_be_involved(situation.family)
    return PlanFacts(found.allowed, str(found.reason), found.judged_on)


def plan_conditions(facts: PlanFacts) -> tuple[Condition, ...]:
    """Both plans are shown to the parents, so the parents must be allowed to be involved."""
    return (
        Condition(
            code="parents-may-be-involved",
            title=_("Forældrene må inddrages nu"),
            met=facts.parents_may_be_involved,
            evidence=danish_date(facts.judged_on)
            if facts.judged_on
            else _("Intet tegn på vold er skrevet op."),
            reason=facts.reason,
        ),
    )


def may_write_plans(facts: PlanFacts, answer: Mapping[str, Any]) -> str | None:
    """Nothing is shown to parents who may not be involved; what is written without being shown needs no leave."""
    return first_unmet(plan_conditions(facts)) if answer.get("shown_on") else None


def check_shown(facts: PlanFacts, shown_on: date | None) -> None:
    """Raises Refused (``plans-not-shown``) for plans that the parents may see and were not shown."""
    if shown_on is None and facts.parents_may_be_involved:
        raise Refused(
            _("Vis forældrene begge planer, og skriv hvornår. De ser dem fra begyndelsen."),
            type="plans-not-shown",
        )


@dataclass(frozen=True)
class BirthFacts:
    """What settling the parallel track rests on: the term as it stands, and from when a decision could be made."""

    awaited: bool
    term_on: date | None
    earliest_on: date | None
    open_now: bool
    source: str


def birth_rule(model: Model) -> ClockRule | None:
    """The model version's rule about a decision on placement at birth (§ 49)."""
    rules = (rule for rule in model.clocks if rule.stopped_by is Event.PLACEMENT_AT_BIRTH_SETTLED)
    return next(rules, None)


def birth_facts(situation: Situation) -> BirthFacts:
    """Read the child's term; the first day is reckoned from it by the model version's rule."""
    child, rule = situation.process.parallel_track.child, birth_rule(situation.model)
    child.refresh_from_db(fields=["birth_state", "due_on"])
    earliest = rule.opens_on(child.due_on) if rule is not None and child.due_on is not None else None
    return BirthFacts(
        awaited=child.birth_state == BirthState.EXPECTED,
        term_on=child.due_on,
        earliest_on=earliest,
        open_now=earliest is not None and situation.today >= earliest,
        source=rule.source if rule else "Barnets lov § 49",
    )


def birth_conditions(facts: BirthFacts) -> tuple[Condition, ...]:
    """The child is awaited, and the first day for a decision without consent has come (barnets lov § 49)."""
    return (
        Condition(
            code="awaited",
            title=_("Barnet er ikke født"),
            met=facts.awaited,
            evidence=_("Termin %(term)s") % {"term": danish_date(facts.term_on)},
            reason=_("Barnet er født. § 49 gælder kun før fødslen."),
        ),
        Condition(
            code="not-too-early",
            title=_("En afgørelse uden samtykke kan træffes nu"),
            met=facts.open_now,
            evidence=_("Tidligst %(day)s") % {"day": danish_date(facts.earliest_on)},
            reason=_too_early(facts),
        ),
    )


def _too_early(facts: BirthFacts) -> str:
    return str(
        _(
            "En afgørelse om anbringelse ved fødslen uden samtykke kan tidligst træffes %(day)s, når terminen "
            "er %(term)s (%(source)s)."
        )
        % {
            "day": danish_date(facts.earliest_on),
            "term": danish_date(facts.term_on),
            "source": facts.source,
        }
    )


def may_settle(facts: BirthFacts, answer: Mapping[str, Any]) -> str | None:
    """A decision on placement at birth: of an awaited child, and not before the first day that the law allows."""
    if answer.get("outcome") != AtBirth.DECIDED:
        return None
    unmet = first_unmet(birth_conditions(facts))
    if unmet is not None:
        return unmet
    # The first day has come; the committee's own day must not lie before it either.
    decided: date | None = answer.get("decided_on")
    if decided is None or facts.earliest_on is None or decided >= facts.earliest_on:
        return None
    return _too_early(facts)


def is_settled(activation: Any) -> bool:
    """Whether it is clear what holds at the birth, and the plans need not be written again."""
    return activation.process.parallel_track.settled_at is not None
