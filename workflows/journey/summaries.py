"""One line of facts for each of the five core elements, as their cards on the family's page show it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placement.families.models import Family
from placement.meetings.models import MeetingKind, SessionStatus
from placement.meetings.selectors import last_meeting, last_session
from placement.network.selectors import (
    agreements_to_follow_up,
    change_in_support,
    last_map,
    supporting_private_people,
)
from placement.progression.models import FollowUp
from placement.progression.selectors import last_measurements
from placement.templatetags.words import danish_date, decimal_comma
from workflows.exit.models import ExitStep
from workflows.kernel.models import Element


def summaries(
    family: Family, *, last_step: ExitStep | None, last_follow_up: FollowUp | None
) -> dict[Element, str]:
    """The lines; '' for an element about which nothing is written. As many queries whatever is written."""
    lines = {
        Element.TEAM: [_team(family)],
        Element.MENTALISATION: [_sessions(family)],
        Element.PROGRESSION: [_follow_ups(last_follow_up)],
        Element.NETWORK: [*_network(family)],
        Element.EXIT: [_exit(last_step)],
    }
    for element, last in last_measurements(family).items():
        if Element(element) in lines:
            lines[Element(element)].append(
                _("seneste score %(score)s (%(day)s)")
                % {"score": decimal_comma(last.score), "day": danish_date(last.measured_on)}
            )
    return {
        element: _sentence(" · ".join(part for part in parts if part)) for element, parts in lines.items()
    }


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _with_next(line: str, next_on: date | None) -> str:
    if next_on is None:
        return line
    return _("%(line)s, næste %(day)s") % {"line": line, "day": danish_date(next_on)}


def _team(family: Family) -> str:
    last = last_meeting(family, MeetingKind.TEAM)
    if last is None:
        return ""
    return _with_next(_("sidste møde %(day)s") % {"day": danish_date(last.held_on)}, last.next_on)


def _sessions(family: Family) -> str:
    last = last_session(family)
    if last is None:
        return ""
    said = (
        _("sidste samtale %(day)s") if last.status == SessionStatus.HELD else _("samtale ikke holdt %(day)s")
    )
    return _with_next(said % {"day": danish_date(last.held_on)}, last.next_on)


def _follow_ups(last: FollowUp | None) -> str:
    if last is None:
        return ""
    return _with_next(_("sidste opfølgning %(day)s") % {"day": danish_date(last.held_on)}, last.next_on)


def _network(family: Family) -> list[str]:
    drawn = last_map(family)
    if drawn is None:
        return []
    change = change_in_support(family)
    if change:
        lines = [
            _("støtte fra private: %(start)d ved start, %(exit)d ved udslusning")
            % {"start": change[0], "exit": change[1]}
        ]
    else:
        lines = [_("støtte fra private: %(number)d") % {"number": supporting_private_people(drawn)}]
    waiting = len(agreements_to_follow_up(family))
    if waiting:
        followed = ngettext("%(n)d aftale skal følges op", "%(n)d aftaler skal følges op", waiting)
        lines.append(followed % {"n": waiting})
    return lines


def _exit(step: ExitStep | None) -> str:
    if step is None:
        return ""
    decision = getattr(step, "decision", None)
    word = getattr(step, "authority_word", None)
    if step.evaluated_at is not None:
        stands = _("evalueret: %(result)s") % {"result": step.get_result_display().lower()}
    elif step.carried_out_on is not None:
        stands = _("gennemført %(day)s") % {"day": danish_date(step.carried_out_on)}
    elif step.abandoned_at is not None:
        stands = _("ikke gennemført")
    elif any(said is not None and not said.approved for said in (decision, word)):
        stands = _("afvist")
    elif decision is not None:
        stands = _("godkendt")
    else:
        stands = _("ønsket %(day)s") % {"day": danish_date(step.requested_at)}
    return f"{step.code} {stands}"
