"""Where a family stands with VIVE: everything read once, and put together by the rules of its model version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from placement import clock
from placement.families.models import Family, Person
from placement.research.models import ResearchConsent, ResearchOutcome, SelectedFamily
from placement.research.rules import ActivityRule, ResearchAnchor, ResearchRules
from placement.research.selectors import Item, items, last_selection
from workflows.exit.models import ExitStep
from workflows.kernel.models import Process
from workflows.kernel.processes import journey_of
from workflows.kernel.steps import model_of


@dataclass(frozen=True)
class Standing:
    """``selection`` may have ended; None when the family was never chosen. ``rules`` None: nobody is chosen."""

    family: Family
    rules: ResearchRules | None
    selection: SelectedFamily | None
    people: list[Person]
    anchors: dict[ResearchAnchor, date | None]
    consents: list[ResearchConsent]
    outcomes: list[ResearchOutcome]
    items: list[Item]

    def rule(self, code: str) -> ActivityRule | None:
        """The rule of one activity; None when the version has none."""
        return next((item.rule for item in self.items if item.rule.code == code), None)


def standing_of(family: Family, *, journey: Process | None = None) -> Standing:
    """Everything about a family and VIVE, as of today. ``journey``: the family's, when it is at hand."""
    journey = journey or journey_of(family.pk)
    rules = model_of(journey).research if journey is not None and journey.model_version else None
    selection = last_selection(family)
    people = list(family.people.all())
    consents: list[ResearchConsent] = []
    outcomes: list[ResearchOutcome] = []
    anchors: dict[ResearchAnchor, date | None] = dict.fromkeys(ResearchAnchor)
    found: list[Item] = []
    if selection is not None:
        consents = list(
            ResearchConsent.objects.filter(selection=selection).select_related("person", "recorded_by")
        )
        outcomes = list(ResearchOutcome.objects.filter(selection=selection).select_related("recorded_by"))
        anchors = {
            ResearchAnchor.STARTED: family.started_on,
            ResearchAnchor.MOVED_IN: family.moved_in_on,
            ResearchAnchor.EXIT_BEGUN: _exit_begun(family),
        }
        if rules is not None:
            found = items(
                rules,
                selection,
                people=people,
                anchors=anchors,
                consents=consents,
                outcomes=outcomes,
                today=clock.today(),
            )
    return Standing(family, rules, selection, people, anchors, consents, outcomes, found)


def _exit_begun(family: Family) -> date | None:
    """The day on which the first exit step of the present journey was asked for."""
    asked = ExitStep.objects.filter(family=family).order_by("requested_at")
    if family.reopened_at is not None:
        asked = asked.filter(requested_at__gte=family.reopened_at)
    first = asked.values_list("requested_at", flat=True).first()
    return clock.danish_day(first) if first is not None else None
