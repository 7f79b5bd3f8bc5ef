"""What kind each route of the house is: the one table that the permission matrix and the trail's tests read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from placement.access.roles import Action
from tests.neighbours import Position

#: What a route is. "public": nobody needs to be logged in. "person": anybody who is. "role": anybody with the
#: action named for the method. "family": one family, the action declared on the view. "task": one family's
#: open step, the action stored with it. "draft": text being typed for a family. "release": the evaluator's,
#: and whose municipality has a word on it; the action declared on the view.
PUBLIC, PERSON, ROLE, FAMILY, TASK, DRAFT, RELEASE = (
    "public",
    "person",
    "role",
    "family",
    "task",
    "draft",
    "release",
)


@dataclass(frozen=True)
class Route:
    """The kind of one route, and for "role" the action that each method takes."""

    kind: str
    get: Action | None = None
    post: Action | None = None


ROUTES: dict[str, Route] = {
    "login": Route(PUBLIC),
    "accessibility": Route(PUBLIC),
    "accessibility-short": Route(PUBLIC),
    "set_language": Route(PUBLIC),
    "night": Route(PUBLIC),
    "self-report": Route(PUBLIC),
    "self-report-form": Route(PUBLIC),
    "self-report-thanks": Route(PUBLIC),
    "api-schema": Route(PUBLIC),
    "home": Route(PERSON),
    "logout": Route(PERSON),
    "choose": Route(PERSON),
    "api-me": Route(PERSON),
    "api-tasks": Route(PERSON),
    "day": Route(ROLE, get=Action.SEE_FAMILIES),
    "time-week": Route(ROLE, get=Action.REGISTER_TIME, post=Action.REGISTER_TIME),
    "time-draft": Route(ROLE, post=Action.REGISTER_TIME),
    "api-time-week": Route(ROLE, get=Action.REGISTER_TIME),
    "costs": Route(ROLE, get=Action.SEE_COSTS),
    "costs-sheet": Route(ROLE, get=Action.SEE_COSTS),
    "costs-weeks": Route(ROLE, get=Action.SEE_COSTS, post=Action.ADMINISTER_COSTS),
    "costs-rates": Route(ROLE, get=Action.SEE_COSTS, post=Action.ADMINISTER_COSTS),
    "costs-other": Route(ROLE, get=Action.SEE_COSTS, post=Action.ADMINISTER_COSTS),
    "api-cost-rates": Route(ROLE, get=Action.SEE_COSTS),
    "families": Route(ROLE, get=Action.SEE_FAMILIES),
    "deadlines": Route(ROLE, get=Action.SEE_FAMILIES, post=Action.SEE_FAMILIES),
    "waiting": Route(ROLE, get=Action.SEE_WAITING),
    "completeness": Route(ROLE, get=Action.SEE_COMPLETENESS),
    "api-completeness": Route(ROLE, get=Action.SEE_COMPLETENESS),
    "kept": Route(ROLE, get=Action.SEE_KEPT),
    "api-kept": Route(ROLE, get=Action.SEE_KEPT),
    "enquiry": Route(ROLE, get=Action.REGISTER_ENQUIRY, post=Action.REGISTER_ENQUIRY),
    "api-instruments": Route(ROLE, get=Action.SEE_FAMILIES),
    "deputies": Route(ROLE, get=Action.APPOINT_DEPUTY, post=Action.APPOINT_DEPUTY),
    "training": Route(ROLE, get=Action.RECORD_TRAINING, post=Action.RECORD_TRAINING),
    "api-families": Route(ROLE, get=Action.SEE_FAMILIES, post=Action.REGISTER_ENQUIRY),
    "family": Route(FAMILY),
    "family-flow": Route(FAMILY),
    "family-people": Route(FAMILY),
    "family-team": Route(FAMILY),
    "family-meetings": Route(FAMILY),
    "family-minutes": Route(FAMILY),
    "family-reads": Route(FAMILY),
    "family-history": Route(FAMILY),
    "family-development": Route(FAMILY),
    "family-meeting-brief": Route(FAMILY),
    "family-development-pdf": Route(FAMILY),
    "family-meeting-brief-pdf": Route(FAMILY),
    "child-view": Route(FAMILY),
    "family-consent": Route(FAMILY),
    "family-caseworker": Route(FAMILY),
    "family-model": Route(FAMILY),
    "api-family-model": Route(FAMILY),
    "model": Route(ROLE, get=Action.SEE_MODEL),
    "model-version": Route(ROLE, get=Action.SEE_MODEL),
    "model-differences": Route(ROLE, get=Action.SEE_MODEL),
    "model-adaptation": Route(ROLE, get=Action.DRAFT_ADAPTATION, post=Action.DRAFT_ADAPTATION),
    "model-adaptation-decision": Route(ROLE, get=Action.DECIDE_ADAPTATION, post=Action.DECIDE_ADAPTATION),
    "model-organisation": Route(ROLE, get=Action.SEE_MODEL, post=Action.WRITE_ORGANISATION),
    "model-self-assessment": Route(ROLE, get=Action.ASSESS_SITE, post=Action.ASSESS_SITE),
    "concerns": Route(FAMILY),
    "concern-new": Route(FAMILY),
    "investigation": Route(FAMILY),
    "parallel-plans": Route(FAMILY),
    "api-investigations": Route(FAMILY),
    "api-parallel-tracks": Route(FAMILY),
    "api-involvement": Route(FAMILY),
    "decisions": Route(FAMILY),
    "decision-letter": Route(FAMILY),
    "letter-templates": Route(ROLE, get=Action.WRITE_LETTER_TEMPLATE, post=Action.WRITE_LETTER_TEMPLATE),
    "decision-hear": Route(FAMILY),
    "decision-hearing-not-needed": Route(FAMILY),
    "decision-waive-view": Route(FAMILY),
    "decision-case-person": Route(FAMILY),
    "decision-end-case-person": Route(FAMILY),
    "decision-letters": Route(FAMILY),
    "decision-letter-received": Route(FAMILY),
    "decision-complaint": Route(FAMILY),
    "decision-plan": Route(FAMILY),
    "decision-track": Route(FAMILY),
    "decision-access": Route(FAMILY),
    "api-decisions": Route(FAMILY),
    "api-decision-hear": Route(FAMILY),
    "api-decision-hearing-not-needed": Route(FAMILY),
    "api-decision-waive-view": Route(FAMILY),
    "api-decision-case-person": Route(FAMILY),
    "api-decision-end-case-person": Route(FAMILY),
    "api-decision-letters": Route(FAMILY),
    "api-decision-letter-received": Route(FAMILY),
    "api-decision-complaint": Route(FAMILY),
    "api-decision-access": Route(FAMILY),
    "api-decision-plan": Route(FAMILY),
    "api-decision-track": Route(FAMILY),
    "family-mentalisation": Route(FAMILY),
    "focus-formulation": Route(FAMILY),
    "api-mentalisation": Route(FAMILY),
    "api-focus-formulations": Route(FAMILY),
    "research": Route(ROLE, get=Action.RECORD_RESEARCH),
    "family-research": Route(FAMILY),
    "registration": Route(FAMILY),
    "research-place": Route(FAMILY),
    "research-record": Route(FAMILY),
    "api-research": Route(FAMILY),
    "api-research-place": Route(FAMILY),
    "api-research-record": Route(FAMILY),
    "family-moves": Route(FAMILY),
    "move-hand-over": Route(FAMILY),
    "move-take-back": Route(FAMILY),
    "move-pause": Route(FAMILY),
    "move-resume": Route(FAMILY),
    "move-correct": Route(FAMILY),
    "move-path": Route(FAMILY),
    "move-site": Route(FAMILY),
    "move-withdraw": Route(FAMILY),
    "move-reopen": Route(FAMILY),
    "move-investigate": Route(FAMILY),
    "move-judge-risk": Route(FAMILY),
    "move-correct-awareness": Route(FAMILY),
    "move-parallel-track": Route(FAMILY),
    "move-explain-late": Route(FAMILY),
    "api-moves": Route(FAMILY),
    "api-move-hand-over": Route(FAMILY),
    "api-move-take-back": Route(FAMILY),
    "api-move-pause": Route(FAMILY),
    "api-move-resume": Route(FAMILY),
    "api-move-correct": Route(FAMILY),
    "api-move-path": Route(FAMILY),
    "api-move-site": Route(FAMILY),
    "api-move-withdraw": Route(FAMILY),
    "api-move-reopen": Route(FAMILY),
    "api-move-investigate": Route(FAMILY),
    "api-move-judge-risk": Route(FAMILY),
    "api-move-correct-awareness": Route(FAMILY),
    "api-move-parallel-track": Route(FAMILY),
    "api-move-explain-late": Route(FAMILY),
    "api-move-birth": Route(FAMILY),
    "api-move-loss": Route(FAMILY),
    "api-move-add-child": Route(FAMILY),
    "log": Route(FAMILY),
    "note-correct": Route(FAMILY),
    "note-take-back": Route(FAMILY),
    "parents-view": Route(FAMILY),
    "weekly-summary": Route(FAMILY),
    "api-weekly-summary": Route(FAMILY),
    "log-words": Route(ROLE, get=Action.WRITE_NOTE, post=Action.EDIT_LOG_WORDS),
    "parents-reading": Route(ROLE, get=Action.WRITE_NOTE, post=Action.DECIDE_PARENTS_READING),
    "api-log-words": Route(ROLE, get=Action.WRITE_NOTE),
    "api-family": Route(FAMILY),
    "api-access-log": Route(FAMILY),
    "api-timeline": Route(FAMILY),
    "api-clocks": Route(FAMILY),
    "api-exit-steps": Route(FAMILY),
    "api-concerns": Route(FAMILY),
    "measurements": Route(FAMILY),
    "measure": Route(FAMILY),
    "ask-parent": Route(FAMILY),
    "self-reports": Route(FAMILY),
    "administration": Route(FAMILY),
    "administration-correct": Route(FAMILY),
    "api-administrations": Route(FAMILY),
    "api-measurement-points": Route(FAMILY),
    "network": Route(FAMILY),
    "network-record": Route(FAMILY),
    "api-network": Route(FAMILY),
    "api-network-record": Route(FAMILY),
    "conferences": Route(FAMILY),
    "conference-new": Route(FAMILY),
    "api-conferences": Route(FAMILY),
    "exit-ground": Route(FAMILY),
    "exit-ground-record": Route(FAMILY),
    "api-exit-ground": Route(FAMILY),
    "api-notes": Route(FAMILY),
    "api-note-corrections": Route(FAMILY),
    "api-note-withdrawal": Route(FAMILY),
    "api-measurements": Route(FAMILY),
    "api-goals": Route(FAMILY),
    "api-meetings": Route(FAMILY),
    "api-follow-ups": Route(FAMILY),
    "task": Route(TASK),
    "api-task": Route(TASK),
    "api-task-complete": Route(TASK),
    "draft": Route(DRAFT),
    "releases": Route(RELEASE),
    "agreements": Route(RELEASE),
    "release": Route(RELEASE),
    "release-refuse": Route(RELEASE),
    "release-withdraw": Route(RELEASE),
    "release-link": Route(RELEASE),
    "release-archive": Route(RELEASE),
    "release-file": Route(RELEASE),
    "api-agreements": Route(RELEASE),
    "api-releases": Route(RELEASE),
    "api-release": Route(RELEASE),
    "api-release-report": Route(RELEASE),
    "api-release-review": Route(RELEASE),
    "api-release-approve": Route(RELEASE),
    "api-release-reject": Route(RELEASE),
    "api-release-withdraw": Route(RELEASE),
    "api-release-link": Route(RELEASE),
    "api-release-archive": Route(RELEASE),
    "api-release-file": Route(RELEASE),
}

#: What each public route answers to whoever is not logged in and sends nothing; no other route answers them.
LOGGED_OUT: dict[str, dict[str, int]] = {
    # Passwords open nothing outside the demonstration. The framework's own view takes PUT as POST.
    "login": {"GET": 200, "POST": 403, "PUT": 403},
    "accessibility": {"GET": 200},
    "accessibility-short": {"GET": 200},
    "set_language": {"POST": 302},
    "night": {"POST": 302},
    # Without a code: it is asked for, an empty one is said, and there is no form.
    "self-report": {"GET": 200, "POST": 422},
    "self-report-form": {"GET": 302, "POST": 302},
    "self-report-thanks": {"GET": 200},
    "api-schema": {"GET": 200},
}

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOBODYS = uuid.UUID("00000000-0000-4000-8000-000000000000")


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the URLconf with its whole route."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


BY_NAME = {str(entry.name): entry for _route, entry in patterns()}
ADDRESS = {str(entry.name): route for route, entry in patterns()}


def view_of(name: str) -> Any:
    """The class behind a route, or its function."""
    callback: Any = BY_NAME[name].callback
    return getattr(callback, "cls", None) or getattr(callback, "view_class", None) or callback


def is_api(name: str) -> bool:
    return ADDRESS[name].startswith("api/")


#: Views that are functions say by decorator what they take; these are the ones that show something (GET).
FUNCTIONS = {
    "home": {"GET"}, "choose": {"GET", "POST"}, "day": {"GET"}, "families": {"GET"}, "draft": {"POST"}, "time-draft": {"POST"},
    "accessibility": {"GET"}, "accessibility-short": {"GET"}, "set_language": {"POST"}, "night": {"POST"},
}  # fmt: skip


def takes(name: str) -> set[str]:
    """The methods a route has an answer for."""
    view = view_of(name)
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    allowed = {method.upper() for method in getattr(view, "http_method_names", ())}
    return {method for method in METHODS if method in allowed and hasattr(view, method.lower())}


def address_of(name: str, position: Position | None = None) -> str:
    """The route's address for a family in this position; without one, of what nobody has."""
    known = {
        "family": position.family if position else NOBODYS,
        "task": position.task if position else NOBODYS,
        "note": position.note if position else NOBODYS,
        "meeting": position.meeting if position else NOBODYS,
        "letter": position.letter if position else NOBODYS,
        "administration": position.administration if position else NOBODYS,
        "instrument": "kpcs",
        "release": NOBODYS,
        "token": uuid.uuid4(),
        "name": "registration.csv",
        "version": "2026-1",
        "record": "home-check",
        "kind": "person",
        "element": "team",
        "act": "samtykke",
        "what": "outcomes",
        "week": "2026-W40",
    }
    wanted = BY_NAME[name].pattern.converters
    address = reverse(name, kwargs={key: known[key] for key in wanted})
    return f"{address}?family={known['family']}&form=log" if ROUTES[name].kind == DRAFT else address
