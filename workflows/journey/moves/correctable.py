"""Which steps can be opened again to be corrected, how each answer stood, and what is set back before.

A step that only sets how things stand can be answered anew. One whose answer is a record of something that
happened (a meeting, a talk) is corrected by what is written next, and is not here; nor is what two people have said of
an exit step, which stands: a step that was approved wrongly is not carried out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement.access.roles import Action
from placement.families.codes import TargetGroupTrait
from placement.families.models import Decision, Family, FamilyGrant, GrantFunction, Phase
from placement.templatetags.words import danish_date
from workflows.decisions.services.letters import check_untold, take_back_approval
from workflows.journey.entries import Line, said
from workflows.journey.models import FollowUpContact
from workflows.kernel.models import Clock, StopReason, Task
from workflows.model_versions.clock_rules import Event
from workflows.research.reminders import remind


@dataclass(frozen=True)
class Correctable:
    """``earlier`` puts the answer into words; ``set_back`` makes the family as it was before the step.

    ``check`` raises Refused when something outside its process rests on the answer.
    """

    earlier: Callable[[Task], list[Line]]
    set_back: Callable[[Task, datetime], None]
    check: Callable[[Task], None] = lambda task: None


def _set(family: Family, **values: object) -> None:
    for name, value in values.items():
        setattr(family, name, value)
    family.save(update_fields=list(values))


def _family(task: Task) -> Family:
    family = task.process.family
    assert family is not None
    return family


def _forget(family: Family, event: Event, now: datetime) -> None:
    """The clocks that the event started run no more: it did not happen so. Those about another record run on."""
    started = Clock.objects.running().filter(family=family, trigger=event.value, about__isnull=True)
    started.update(stopped_at=now, stop_reason=StopReason.NOT_NEEDED)


def _assessed(task: Task) -> list[Line]:
    family = _family(task)
    traits = dict(TargetGroupTrait.choices)
    words = ", ".join(str(traits.get(trait, trait)) for trait in family.traits)
    lines = said(family, "in_target_group", "assessment")
    return [*lines, (_("Udfordringsbillede"), words)] if words else lines


def _unassess(task: Task, now: datetime) -> None:
    _set(_family(task), in_target_group=None, assessment="", phase=Phase.ENQUIRY)


def _latest_decision(task: Task) -> Decision:
    return Decision.objects.standing().select_related("decided_by").filter(family=_family(task))[0]


def _decided(task: Task) -> list[Line]:
    decision = _latest_decision(task)
    answer = _("Godkendt") if decision.approved else _("Afvist")
    return [(_("Svar"), answer), *said(decision, "reason", "purpose", "expected_weeks")]


def _untold(task: Task) -> None:
    for decision in Decision.objects.standing().filter(family=_family(task), approved=True)[:1]:
        check_untold(decision)


def _undecide(task: Task, now: datetime) -> None:
    decision = _latest_decision(task)
    take_back_approval(decision)
    decision.approved = decision.decided_by = decision.decided_at = None
    decision.reason, decision.facts = "", {}
    decision.save(update_fields=["approved", "decided_by", "decided_at", "reason", "facts"])
    _set(_family(task), phase=Phase.CONSENTED)
    _forget(_family(task), Event.DECISION_MADE, now)


def _started(task: Task) -> list[Line]:
    family = _family(task)
    names = ("started_on", "receives_other_support", "home_before", "home_language")
    return [*said(family, *names), (_("Anbringelsessted"), str(family.site or ""))]


def _unstart(task: Task, now: datetime) -> None:
    family = _family(task)
    _set(family, started_on=None, site=None, phase=Phase.DECIDED)
    _forget(family, Event.STARTED, now)
    remind(family, now=now)


def _moved_in(task: Task) -> list[Line]:
    return said(_family(task), "moved_in_on", "room")


def _unmove(task: Task, now: datetime) -> None:
    family = _family(task)
    _set(family, moved_in_on=None, room="", phase=Phase.STARTED)
    _forget(family, Event.MOVED_IN, now)
    remind(family, now=now)


def _closed(task: Task) -> list[Line]:
    return said(_family(task), "closed_on", "outcome", "family_view_of_outcome")


def _unclose(task: Task, now: datetime) -> None:
    """The team that left with the closing is on again."""
    family = _family(task)
    team = FamilyGrant.objects.filter(content_object=family, function=GrantFunction.TEAM)
    team.filter(ends=family.closed_on).update(ends=None)
    _set(family, closed_on=None, outcome="", family_view_of_outcome="", phase=Phase.EXITED)


def _latest_contact(task: Task) -> FollowUpContact:
    held = FollowUpContact.objects.filter(journey=task.process, corrected_at__isnull=True)
    return held.order_by("-id")[0]


def _contact(task: Task) -> list[Line]:
    return said(_latest_contact(task), "months", "held_on", "reached", "lives_together", "summary")


def _uncontact(task: Task, now: datetime) -> None:
    contact = _latest_contact(task)
    contact.corrected_at = now
    contact.save(update_fields=["corrected_at"])


def _team(task: Task) -> list[Line]:
    team = FamilyGrant.objects.filter(
        content_object=_family(task), function=GrantFunction.TEAM, ends__isnull=True
    )
    return [
        (grant.profession, f"{grant.user} ({danish_date(grant.starts)})")
        for grant in team.select_related("user").order_by("id")
    ]


def _nothing(task: Task, now: datetime) -> None:
    """The appointments stand until the step is answered again: nobody is left without a team meanwhile."""


#: What is not opened again, because two people have said it and it is never rewritten; and what to do instead.
INSTEAD: dict[Action, Promise] = {
    Action.APPROVE_EXIT_STEP: gettext_lazy(
        "En stillingtagen til et udslusningstrin bliver stående. Var godkendelsen forkert, så svar i næste opgave, at "
        "trinnet ikke blev gennemført, og skriv hvorfor. Var afvisningen forkert, så bed om trinnet igen."
    ),
    Action.AUTHORISE_EXIT_STEP: gettext_lazy(
        "Myndighedens afgørelse om et udslusningstrin bliver stående. Var den forkert, så skal teamlederen afvise "
        "trinnet, eller svare, at det ikke blev gennemført. Var afslaget forkert, så bed om trinnet igen."
    ),
}

CORRECTABLE: dict[Action, Correctable] = {
    Action.ASSESS_TARGET_GROUP: Correctable(_assessed, _unassess),
    Action.APPROVE_DECISION: Correctable(_decided, _undecide, _untold),
    Action.START_INTERVENTION: Correctable(_started, _unstart),
    Action.MOVE_IN: Correctable(_moved_in, _unmove),
    Action.CLOSE_JOURNEY: Correctable(_closed, _unclose),
    Action.FOLLOW_UP_CONTACT: Correctable(_contact, _uncontact),
    Action.APPOINT_TEAM: Correctable(_team, _nothing),
}
