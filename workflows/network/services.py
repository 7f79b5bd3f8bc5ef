"""What the steps of the network leave behind: maps, meetings and agreements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from placement.clock import moment_on
from placement.families.models import FamilyGrant
from placement.meetings import services as meetings
from placement.meetings.models import MeetingKind
from placement.network import services as network
from placement.network.selectors import agreements_to_follow_up
from workflows.kernel.clocks import services as clocks
from workflows.kernel.steps import Situation
from workflows.model_versions.clock_rules import Event
from workflows.network.guards import KEPT

Answer = Mapping[str, Any]


def map_network(situation: Situation, answer: Answer) -> None:
    """The network as it is that day; an earlier map stays as it was."""
    network.draw_map(
        actor=situation.actor,
        family=situation.family,
        drawn_on=answer["drawn_on"],
        moment=answer["moment"],
        people=[network.Placed(**person) for person in answer["people"]],
        drawn_with_parents=answer["drawn_with_parents"],
        remark=answer["remark"],
        now=situation.now,
    )
    clocks.happened(
        family=situation.family,
        event=Event.NETWORK_MAPPED,
        at=moment_on(answer["drawn_on"], now=situation.now),
    )


def hold_meeting(situation: Situation, answer: Answer) -> None:
    """A network meeting: the one who held it, and whoever was invited, present or not."""
    meetings.record_meeting(
        actor=situation.actor,
        family=situation.family,
        kind=MeetingKind.NETWORK,
        held_on=answer["held_on"],
        attendance=[
            meetings.Invited(staff=situation.actor.staff, profession=_profession(situation)),
            *(meetings.Invited(label=row["label"], present=row["came"]) for row in answer["people"]),
        ],
        parents_present=answer["parents_present"],
        parents_absent_reason=answer["parents_absent_reason"],
        minutes=answer["minutes"],
        next_on=answer["next_on"],
        outcome=answer["outcome"],
        now=situation.now,
    )


def _profession(situation: Situation) -> str:
    mine = FamilyGrant.objects.filter(content_object=situation.family, user=situation.actor.staff)
    return next((grant.profession for grant in mine.order_by("-id") if grant.profession), "")


def make_agreement(situation: Situation, answer: Answer) -> None:
    """Follow up the earlier agreements that were answered, then write the new ones."""
    for agreement in agreements_to_follow_up(situation.family):
        kept = answer.get(f"{KEPT}{agreement.uuid}")
        if kept is not None:
            network.follow_up_agreement(
                actor=situation.actor,
                agreement=agreement,
                kept=kept,
                followed_up_on=situation.today,
                now=situation.now,
            )
    if answer["agreements"]:
        network.make_agreements(
            actor=situation.actor,
            family=situation.family,
            agreements=[network.Agreed(**agreed) for agreed in answer["agreements"]],
            made_on=situation.today,
            now=situation.now,
        )
