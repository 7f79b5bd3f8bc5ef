"""When a team is a team, and where its work goes on. Pure answers over facts read from the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from placement.access.models import Staff
from placement.families.models import Phase
from placement.meetings.models import Meeting, MeetingDecision, MeetingKind, MeetingOutcome
from workflows.kernel.reading import read_once
from workflows.kernel.steps import Condition, Situation
from workflows.team.agenda import DECISION
from workflows.team.selectors import team_members


@dataclass(frozen=True)
class TeamFacts:
    """What appointing and meeting rest on."""

    required: tuple[str, ...]
    #: (person, profession) of those on the team now.
    members: tuple[tuple[str, str], ...]
    exited: bool
    #: How many of the team a meeting takes.
    at_least: int = 2


def team_facts(situation: Situation) -> TeamFacts:
    """Read the professions the model asks for, and who is on the team."""
    return TeamFacts(
        required=situation.model.required_professions,
        members=tuple(
            (str(grant.user.uuid), grant.profession)
            for grant in team_members(situation.family, situation.today)
        ),
        exited=situation.family.phase == Phase.EXITED,
        at_least=situation.model.meeting_type("team").at_least,
    )


def missing_professions(required: Iterable[str], present: Iterable[str]) -> tuple[str, ...]:
    """The required professions that nobody has, in the model's order."""
    held = set(present)
    return tuple(profession for profession in required if profession not in held)


def may_appoint(facts: TeamFacts, answer: Mapping[str, Any]) -> str | None:
    """Every profession that the model version requires must be on the team."""
    missing = missing_professions(facts.required, (member["profession"] for member in answer["members"]))
    if missing:
        return _("Teamet mangler: %(professions)s. Vælg en person for hver, der mangler.") % {
            "professions": ", ".join(missing)
        }
    return None


def _missing_now(facts: TeamFacts) -> tuple[str, ...]:
    return missing_professions(facts.required, (profession for _person, profession in facts.members))


def meeting_conditions(facts: TeamFacts) -> tuple[Condition, ...]:
    """Whether the team is complete."""
    missing = _missing_now(facts)
    return (
        Condition(
            code="team-complete",
            title=_("Alle krævede faggrupper er på teamet"),
            met=not missing,
            evidence=", ".join(profession for _person, profession in facts.members),
            reason=_("Teamet mangler: %(professions)s. Vælg, at teamet skal ændres.")
            % {"professions": ", ".join(missing)},
        ),
    )


def may_hold_meeting(facts: TeamFacts, answer: Mapping[str, Any]) -> str | None:
    """Enough of the team were there; an incomplete team cannot just go on to its next meeting."""
    if len(answer["present"]) < facts.at_least:
        return str(
            _("Et teammøde har mindst %(count)d fra teamet. Sæt kryds ved dem, der deltog.")
            % {"count": facts.at_least}
        )
    goes_on = answer["outcome"] == MeetingOutcome.NEXT_MEETING and not facts.exited
    complete = meeting_conditions(facts)[0]
    return str(complete.reason) if goes_on and not complete.met else None


def _latest(family_id: int) -> Meeting | None:
    # The one written last: two meetings may be written down in another order than they were held.
    return Meeting.objects.filter(family_id=family_id, kind=MeetingKind.TEAM).order_by("-id").first()


def must_change_team(activation: Any) -> bool:
    """Whether the latest team meeting found that the team must be changed."""
    latest = read_once(activation.process, _latest)
    return latest is not None and latest.outcome == MeetingOutcome.CHANGE_TEAM


def agreed_meeting(process: Any) -> date | None:
    """The day the latest team meeting agreed to meet again, if it did."""
    latest = read_once(process, _latest)
    return latest.next_on if latest else None


def decision_of(process: Any) -> MeetingDecision:
    """The meeting's decision that an action point is about."""
    return MeetingDecision.objects.select_related("person", "meeting").get(
        uuid=process.data[DECISION], meeting__family=process.family_id
    )


def action_point_due(process: Any) -> date | None:
    """The day the meeting gave."""
    return decision_of(process).due_on


def action_point_person(process: Any) -> Staff | None:
    """Whom the meeting named."""
    return decision_of(process).person
