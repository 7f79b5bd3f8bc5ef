"""When the journey may go on. Pure answers over facts; the facts are read from what the work left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from placement import clock
from placement.families.models import ChildView, Decision, Family
from placement.families.services import standing_consents
from workflows.decisions.selectors import Unseen, ground_of, unseen_words
from workflows.journey.models import FollowUpContact
from workflows.kernel.steps import Condition, Situation, first_unmet, model_of


@dataclass(frozen=True)
class ConsentFacts:
    """What asking for consent rests on."""

    custody_holders: int


@dataclass(frozen=True)
class DecisionFacts:
    """What a decision on the stay rests on."""

    custody_holders: int
    consents_standing: int
    latest_child_view_on: date | None
    decision: int | None
    purpose: str
    expected_weeks: int | None
    #: Children the decision concerns whose view is missing: who, and whether they must be asked themselves.
    unseen: tuple[Unseen, ...] = ()
    #: Parties who were neither heard nor said to need no hearing, and how many parties there are.
    unheard: tuple[str, ...] = ()
    parties: int = 0


@dataclass(frozen=True)
class StartFacts:
    """What starting and moving in rest on."""

    custody_holders: int
    consents_standing: int
    child_views: int
    approved_decision: int | None
    decided_on: date | None


def child_views(family: Family) -> QuerySet[ChildView]:
    """The child's views of the journey that runs, newest first: what an earlier one heard is history."""
    views = ChildView.objects.filter(family=family)
    if family.reopened_at is None:
        return views
    return views.filter(obtained_on__gte=clock.danish_day(family.reopened_at))


def consent_facts(situation: Situation) -> ConsentFacts:
    """Read who has custody."""
    return ConsentFacts(custody_holders=standing_consents(situation.family)[1])


def decision_facts(situation: Situation, *, since: datetime | None = None) -> DecisionFacts:
    """Read consent, the child's view and the open request; ``since``: as `ground_of` takes it."""
    family = situation.family
    consents, holders = standing_consents(family)
    view = child_views(family).first()
    waiting = Decision.objects.standing().filter(family=family, approved__isnull=True).first()
    # As of today: whoever has turned ten since it was asked for is a party to the decision.
    years = situation.model.decisions.party_from_years
    ground = ground_of(family, situation.today, from_years=years, since=since)
    return DecisionFacts(
        custody_holders=holders,
        consents_standing=consents,
        latest_child_view_on=view.obtained_on if view else None,
        decision=waiting.pk if waiting else None,
        purpose=waiting.purpose if waiting else "",
        expected_weeks=waiting.expected_weeks if waiting else None,
        unseen=ground.unseen,
        unheard=ground.unheard,
        parties=ground.parties,
    )


def start_facts(situation: Situation) -> StartFacts:
    """Read consent, the child's view and the approved decision."""
    family = situation.family
    consents, holders = standing_consents(family)
    approved = Decision.objects.standing().filter(family=family, approved=True).first()
    return StartFacts(
        custody_holders=holders,
        consents_standing=consents,
        child_views=child_views(family).count(),
        approved_decision=approved.pk if approved else None,
        decided_on=clock.danish_day(approved.decided_at) if approved and approved.decided_at else None,
    )


def _consent(holders: int, standing: int) -> Condition:
    return Condition(
        code="consent",
        title=_("Alle med forældremyndighed har samtykket"),
        met=holders > 0 and standing == holders,
        evidence=_("%(standing)d af %(holders)d samtykker gælder")
        % {"standing": standing, "holders": holders},
        reason=_("Samtykket mangler eller er trukket tilbage. Indhent det, før der går videre."),
    )


def _child_view(met: bool, evidence: str, unseen: tuple[Unseen, ...] = ()) -> Condition:
    if unseen:
        names = unseen_words(unseen)
        return Condition(
            code="child-view",
            title=_("Barnets perspektiv er indhentet"),
            met=False,
            evidence=_("mangler: %(names)s") % {"names": names},
            reason=_("Barnets perspektiv mangler: %(names)s. Skriv det på familiens side (barnets lov § 5).")
            % {"names": names},
        )
    return Condition(
        code="child-view",
        title=_("Barnets perspektiv er indhentet"),
        met=met,
        evidence=evidence,
        reason=_("Barnets perspektiv mangler. Skriv det på familiens side (barnets lov § 5)."),
    )


def consent_conditions(facts: ConsentFacts) -> tuple[Condition, ...]:
    """Somebody must be known to have custody: only they can consent."""
    return (
        Condition(
            code="custody",
            title=_("Det er skrevet op, hvem der har forældremyndighed"),
            met=facts.custody_holders > 0,
            evidence=_("%(count)d med forældremyndighed") % {"count": facts.custody_holders}
            if facts.custody_holders
            else _("Ingen. Gå til «Personer i familien», og skriv, hvem der har den."),
            reason=_(
                "Ingen er skrevet op med forældremyndighed. Gå til «Personer i familien» på familiens side, og "
                "ret det, før samtykket indhentes."
            ),
        ),
    )


def may_obtain_consent(facts: ConsentFacts, answer: Mapping[str, Any]) -> str | None:
    """No consent without a custody holder to give it."""
    return first_unmet(consent_conditions(facts))


def decision_conditions(facts: DecisionFacts) -> tuple[Condition, ...]:
    """Consent of every custody holder, and each child's view (barnets lov §§ 5 and 32, stk. 2)."""
    return (
        _consent(facts.custody_holders, facts.consents_standing),
        _child_view(
            facts.latest_child_view_on is not None,
            f"{facts.latest_child_view_on:%d.%m.%Y}" if facts.latest_child_view_on else "",
            facts.unseen,
        ),
    )


def approval_conditions(facts: DecisionFacts) -> tuple[Condition, ...]:
    """What the request rests on, and each party heard, or why not (forvaltningsloven § 19)."""
    heard = facts.parties - len(facts.unheard)
    return (
        *decision_conditions(facts),
        Condition(
            code="heard",
            title=_("Hver part er hørt, eller det står, hvorfor ikke"),
            met=not facts.unheard,
            evidence=_("%(heard)d af %(parties)d parter") % {"heard": heard, "parties": facts.parties},
            reason=_(
                "Partshøring mangler: %(names)s. Hør parten, eller skriv under «Parter og afgørelser», hvorfor det "
                "ikke er nødvendigt (forvaltningsloven § 19)."
            )
            % {"names": ", ".join(facts.unheard)},
        ),
    )


def start_conditions(facts: StartFacts) -> tuple[Condition, ...]:
    """Consent, the child's view and an approved decision."""
    return (
        _consent(facts.custody_holders, facts.consents_standing),
        _child_view(
            facts.child_views > 0,
            ngettext("skrevet %(count)d gang", "skrevet %(count)d gange", facts.child_views)
            % {"count": facts.child_views}
            if facts.child_views
            else "",
        ),
        Condition(
            code="decision",
            title=_("Afgørelsen er godkendt"),
            met=facts.approved_decision is not None,
            evidence=f"{facts.decided_on:%d.%m.%Y}" if facts.decided_on else "",
            reason=_("Der er ingen godkendt afgørelse. Bed om en, og lad myndighedslederen tage stilling."),
        ),
    )


def may_request_decision(facts: DecisionFacts, answer: Mapping[str, Any]) -> str | None:
    """No request without consent; the child's view may be written in the same form."""
    if not answer.get("child_view_text"):
        return first_unmet(decision_conditions(facts))
    others = tuple(one for one in facts.unseen if one.child != str(answer.get("child", "")))
    conditions = decision_conditions(replace(facts, unseen=others))
    return first_unmet(tuple(c for c in conditions if c.code != "child-view" or others))


def may_approve_decision(facts: DecisionFacts, answer: Mapping[str, Any]) -> str | None:
    """No approval on missing ground; a rejection needs none."""
    return first_unmet(approval_conditions(facts)) if answer.get("approved") else None


def may_start(facts: StartFacts, answer: Mapping[str, Any]) -> str | None:
    """No start, and no moving in, on missing ground."""
    return first_unmet(start_conditions(facts))


def is_in_target_group(activation: Any) -> bool:
    """Whether the assessment found the family in the target group."""
    return bool(activation.process.family.in_target_group)


def is_decision_approved(activation: Any) -> bool:
    """Whether the latest decision was approved."""
    latest = Decision.objects.standing().filter(family_id=activation.process.family_id).first()
    return latest is not None and latest.approved is True


def _months_left(process: Any) -> list[int]:
    held = FollowUpContact.objects.filter(journey=process, corrected_at__isnull=True)
    held_months = set(held.values_list("months", flat=True))
    return [m for m in model_of(process).contact_months if m not in held_months]


def next_contact_months(process: Any) -> int | None:
    """The month mark of the next contact, or None when all are held."""
    return next(iter(_months_left(process)), None)


def has_more_contacts(activation: Any) -> bool:
    """Whether the model version asks for another contact."""
    return next_contact_months(activation.process) is not None


def next_contact_due(process: Any) -> date | None:
    """The day of the next contact: its months after the journey closed."""
    months = next_contact_months(process)
    process.family.refresh_from_db(fields=["closed_on"])
    if months is None or process.family.closed_on is None:
        return None
    return clock.add_months(process.family.closed_on, months)
