"""The page of a family's decisions put together: parties, hearing, letters, complaints, plan, another track."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.actor import Actor
from placement.access.roles import Action
from placement.families.codes import PersonKind
from placement.families.models import Decision, Family, Person
from placement.templatetags.words import danish_date
from workflows.decisions.acts import ACTS
from workflows.decisions.models import (
    AccessRequest,
    CasePerson,
    ChildPlan,
    Complaint,
    DecisionLetter,
    Hearing,
    PlanDecision,
    Redecision,
    TrackChange,
)
from workflows.decisions.selectors import (
    decided,
    ground_of,
    model_for,
    name_of,
    parties_of,
    plan_decision_of,
    unseen_words,
)
from workflows.journey.moves.base import Before


def acts_open(actor: Actor, family: Family) -> list[dict[str, Any]]:
    """What the reader may begin or write down now; ``refusal`` says why not."""
    before = Before(actor, family, clock.now())
    return [
        {
            "slug": act.slug,
            "title": act.title,
            "help": act.help,
            "refusal": act.refusal(before),
            "url": reverse(f"decision-{act.slug}", kwargs={"family": family.uuid}),
        }
        for act in ACTS
        if actor.may(act.action)
    ]


def decisions_picture(actor: Actor, family: Family) -> dict[str, Any]:
    """The context of templates/workflows/decisions.html."""
    rules, today = model_for(family).decisions, clock.today()
    ground = ground_of(family, today, from_years=rules.party_from_years)
    acts = acts_open(actor, family)
    letters: dict[int, list[DecisionLetter]] = {}
    for letter in DecisionLetter.objects.filter(family=family).select_related("party"):
        letters.setdefault(letter.decision_id, []).append(letter)
    plans = list(PlanDecision.objects.filter(family=family).select_related("decided_by"))
    decision = decided(family)
    plan = plan_decision_of(decision) if decision else None
    return {
        "untold": decision is not None and decision.pk not in letters,
        "plan_until": rules.plan_until(clock.danish_day(decision.decided_at))
        if decision is not None and plan is None and decision.decided_at
        else None,
        "open": [act for act in acts if act["refusal"] is None],
        "shut": [act for act in acts if act["refusal"] is not None],
        "templates_url": reverse("letter-templates") if actor.may(Action.WRITE_LETTER_TEMPLATE) else "",
        "party_rule": _("fra %(years)d år (%(source)s)")
        % {"years": rules.party_from_years, "source": rules.sources["party_from_years"]},
        "parties": _parties(family, rules.party_from_years),
        "unseen": unseen_words(ground.unseen),
        "unheard": ", ".join(ground.unheard),
        "hearings": [
            _hearing(row)
            for row in Hearing.objects.filter(family=family)
            .select_related("party", "asked_by")
            .order_by("-id")
        ],
        "decisions": [
            {
                "title": _decision_title(decision),
                "state": {True: "yes", False: "no", None: "wait"}[decision.approved],
                "word": {True: _("Godkendt"), False: _("Afvist"), None: _("Venter")}[decision.approved],
                "purpose": decision.purpose,
                "weeks": decision.expected_weeks,
                "legal_basis": decision.legal_basis,
                "lapsed": danish_date(decision.lapsed_at),
                "letters": [_letter(family, letter) for letter in letters.get(decision.pk, [])],
            }
            for decision in Decision.objects.filter(family=family)
        ],
        "complaints": [
            _complaint(row) for row in Complaint.objects.filter(family=family).select_related("party", "by")
        ],
        "redecisions": [
            {
                "title": str(row.get_outcome_display()),
                "text": row.text,
                "who": str(row.asked_by),
                "on": danish_date(row.asked_at),
            }
            for row in Redecision.objects.filter(family=family).select_related("asked_by")
        ],
        "access_requests": [
            _access(row) for row in AccessRequest.objects.filter(family=family).select_related("party", "by")
        ],
        "plan_decisions": [
            {
                "title": str(row.get_track_display()),
                "makes": row.makes_plan,
                "reason": row.reason,
                "due": danish_date(row.due_on),
                "who": str(row.decided_by),
                "on": danish_date(row.decided_at),
            }
            for row in plans
        ],
        "plans": [
            {
                "on": danish_date(row.made_on),
                "joint": row.joint,
                "children": ", ".join(name_of(one.child) for one in row.children.all()),
                "made_with": row.made_with,
            }
            for row in ChildPlan.objects.filter(family=family).prefetch_related("children__child")
        ],
        "tracks": [
            {
                "title": str(row.get_track_display()),
                "on": danish_date(row.decided_on),
                "cause": str(row.get_cause_display()),
                "legal_basis": row.legal_basis,
                "text": row.text,
                "goes_on": row.goes_on,
            }
            for row in TrackChange.objects.filter(family=family)
        ],
    }


def _decision_title(decision: Decision) -> str:
    if decision.decided_at is not None:
        return _("Afgørelse %(day)s") % {"day": danish_date(decision.decided_at)}
    return _("Ønske om afgørelse %(day)s") % {"day": danish_date(decision.requested_at)}


def _parties(family: Family, from_years: int) -> list[dict[str, Any]]:
    today = clock.today()
    beside: dict[int, list[CasePerson]] = {}
    for one in CasePerson.objects.filter(family=family).order_by("id"):
        beside.setdefault(one.party_id, []).append(one)
    return [
        {
            "name": name_of(party),
            "why": _why(party),
            "beside": [
                _("%(name)s, %(role)s: %(scope)s (%(from)s–%(to)s)")
                % {
                    "name": one.name,
                    "role": one.get_role_display(),
                    "scope": one.scope,
                    "from": danish_date(one.starts),
                    "to": danish_date(one.ends),
                }
                for one in beside.get(party.pk, [])
            ],
        }
        for party in parties_of(family, today, from_years=from_years)
    ]


def _why(party: Person) -> str:
    if party.kind == PersonKind.PARENT:
        return _("har forældremyndighed")
    return _("født %(day)s") % {"day": danish_date(party.born_on)}


def _hearing(row: Hearing) -> dict[str, Any]:
    if not row.needed:
        state, word = "yes", _("Ikke nødvendig")
    elif row.closed_at is None:
        state, word = "wait", _("Venter på svar")
    else:
        state, word = "yes", _("Har svaret") if row.answered_on else _("Har ikke svaret")
    return {
        "party": name_of(row.party),
        "state": state,
        "word": word,
        "facts": row.facts,
        "reason": row.reason,
        "deadline": danish_date(row.deadline_on),
        "sent": danish_date(row.sent_on),
        "answer": row.answer,
        "who": str(row.asked_by),
        "on": danish_date(row.asked_at),
    }


def letter_state(letter: DecisionLetter) -> tuple[str, str]:
    """Where a letter stands: (mark, word)."""
    if letter.received_on:
        return "yes", _("Modtaget %(day)s") % {"day": danish_date(letter.received_on)}
    if letter.sent_on:
        return "now", _("Sendt %(day)s") % {"day": danish_date(letter.sent_on)}
    if letter.approved_at:
        return "now", _("Godkendt")
    return "wait", _("Skal godkendes")


def _letter(family: Family, letter: DecisionLetter) -> dict[str, Any]:
    state, word = letter_state(letter)
    return {
        "title": _("Brev til %(name)s") % {"name": name_of(letter.party)},
        "url": reverse("decision-letter", kwargs={"family": family.uuid, "letter": letter.uuid}),
        "state": state,
        "word": word,
        "complaint_until": danish_date(letter.complaint_until),
    }


def _access(row: AccessRequest) -> dict[str, Any]:
    return {
        "title": _("Anmodning fra %(name)s, modtaget %(day)s")
        % {"name": name_of(row.party), "day": danish_date(row.received_on)},
        "by": str(row.by or ""),
        "scope": row.scope,
        "state": "yes" if row.outcome else "wait",
        "word": str(row.get_outcome_display())
        if row.outcome
        else _("Besvares senest %(day)s") % {"day": danish_date(row.due_on)},
        "reason": f"{row.legal_basis}: {row.reason}" if row.reason else "",
    }


def _complaint(row: Complaint) -> dict[str, Any]:
    if row.board_outcome:
        state, word = "yes", str(row.get_board_outcome_display())
    elif row.sent_on:
        state, word = "now", _("Sendt til Ankestyrelsen %(day)s") % {"day": danish_date(row.sent_on)}
    elif row.reassessed:
        state, word = "now", str(row.get_reassessed_display())
    else:
        state, word = "wait", _("Skal genvurderes")
    return {
        "title": _("Klage fra %(name)s, modtaget %(day)s")
        % {"name": name_of(row.party), "day": danish_date(row.received_on)},
        "by": str(row.by or ""),
        "text": row.text,
        "state": state,
        "word": word,
        "late": "" if row.in_time else row.late_reason,
        "reassessed": row.get_reassessed_display() if row.reassessed else "",
        "reassessed_reason": row.reassessed_reason,
        "board_text": row.board_text,
    }
