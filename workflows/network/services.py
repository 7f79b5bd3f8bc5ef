"""What the steps of the network leave behind: maps, meetings and agreements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from placement.clock import moment_on
from placement.families.models import FamilyGrant
from placement.meetings import services as meetings
from placement.meetings.models import Meeting, MeetingKind
from placement.network import services as network
from placement.network.models import Occasion
from placement.network.people import standings, take_as_they_stand, waiting_invitations, write_invitation
from placement.network.selectors import agreements_to_follow_up
from workflows.kernel.clocks import services as clocks
from workflows.kernel.steps import Situation
from workflows.model_versions.clock_rules import Event
from workflows.network.agreeing import agree, follow_up
from workflows.network.guards import KEPT, MeetingFacts, named
from workflows.network.safety import check_may_invite, known_of

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
    meeting = meetings.record_meeting(
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
    _were_invited(situation, meeting, answer["people"])


def _were_invited(situation: Situation, meeting: Meeting, people: Iterable[Mapping[str, Any]]) -> None:
    """Each who was invited, with the check and the yes it rests on; an invitation that was written before is theirs.

    Raises Refused (``unsafe-invitation``).
    """
    facts: MeetingFacts = situation.facts
    came = {named(facts, person)[0][1]: person["came"] for person in people}
    found = {str(one.member.uuid): one for one in standings(situation.family)}
    check_may_invite([found[key] for key in came], known_of(situation.family))
    waiting = {str(one.member.uuid): one for one in waiting_invitations(situation.family)}
    for key, there in came.items():
        if key in waiting:
            # As it stands on the day: the check and the yes may have been given anew since it was written.
            take_as_they_stand(waiting[key], found[key])
            waiting[key].meeting, waiting[key].came = meeting, there
            waiting[key].save(update_fields=["safety", "contact", "meeting", "came"])
        else:
            write_invitation(
                actor=situation.actor,
                family=situation.family,
                standing=found[key],
                occasion=Occasion.MEETING,
                planned_on=meeting.held_on,
                meeting=meeting,
                came=there,
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
            follow_up(
                actor=situation.actor,
                agreement=agreement,
                kept=kept,
                followed_up_on=situation.today,
                now=situation.now,
            )
    if answer["agreements"]:
        agree(
            actor=situation.actor,
            family=situation.family,
            agreements=[network.Agreed(**agreed) for agreed in answer["agreements"]],
            made_on=situation.today,
            now=situation.now,
        )
