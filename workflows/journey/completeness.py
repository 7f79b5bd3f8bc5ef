"""What is there, and what is not, at each site: counted over the families of those who lead it.

For every measurement of the model version and for each core element's own steps: how many families have it in time, too
late, not at all, not for a reason, or not yet; and how far each core element is carried out as the model says (`fidelity`).
Counts of families, small ones too: they stay with those who lead them.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q

from placement import clock
from placement.access.actor import Actor
from placement.access.roles import Action
from placement.clock import danish_day
from placement.families.models import Family, Phase
from placement.families.stay_models import Pause
from workflows.fidelity.sites import FamilyRule, RuleCount, counted, rules_of
from workflows.journey.moves.models import Withdrawal
from workflows.kernel.models import CORE_ELEMENTS, Element, Task
from workflows.measuring.points import DueMeasurement, State, due_lists

#: How long after it was closed a family counts: until its last measurement point and some more (our default).
LOOKED_BACK_DAYS = 365

#: Reasons that no measurement has: the family is away, or the journey was broken off.
PAUSED, WITHDRAWN = "paused", "withdrawn"


class Standing(StrEnum):
    """Where one family stands with one thing. The first of the list that is so for one of its people counts."""

    MISSING = "missing"
    NOT_YET = "not_yet"
    LATE = "late"
    WITH_REASON = "with_reason"
    IN_TIME = "in_time"


_ORDER = list(Standing)


@dataclass
class Line:
    """One thing that is to be there: how many families stand where, and the reasons (codes) why it is not."""

    key: tuple[str, ...]
    element: str
    title: str
    #: Of a measurement: the fewest days from moving in to its first day, by which the points are in order.
    begins: int = 0
    counts: Counter[Standing] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    #: Of an element: which of its steps are over their deadline, in how many families.
    steps: Counter[str] = field(default_factory=Counter)

    @property
    def families(self) -> int:
        """How many families it concerns."""
        return self.counts.total()


@dataclass
class FamilyGap:
    """One family that lacks something: measurements that were answered, of those there has been time for."""

    family: Family
    answered: int
    asked: int
    missing: list[str]


@dataclass
class SiteCompleteness:
    """One site. ``here``: how many of the families live there now."""

    site: Any
    families: int = 0
    here: int = 0
    measurements: dict[tuple[str, ...], Line] = field(default_factory=dict)
    elements: dict[str, Line] = field(default_factory=dict)
    gaps: list[FamilyGap] = field(default_factory=list)
    rules: list[FamilyRule] = field(default_factory=list)

    @property
    def fidelity(self) -> list[RuleCount]:
        """Each indicator over the site's families, in the elements' order."""
        return counted(self.rules)

    @property
    def measurement_lines(self) -> list[Line]:
        """Point by point as they come, each with its instruments in the elements' order; repeats last."""
        order = [element.value for element in CORE_ELEMENTS]
        begins: dict[tuple[str, ...], int] = {}
        for line in self.measurements.values():
            begins[line.key[:2]] = min(line.begins, begins.get(line.key[:2], line.begins))
        return sorted(
            self.measurements.values(),
            key=lambda line: (
                not line.key[0], begins[line.key[:2]], line.key[:2], order.index(line.element), line.title
            ),
        )  # fmt: skip

    @property
    def element_lines(self) -> list[Line]:
        return [self.elements[element] for element in CORE_ELEMENTS if element in self.elements]


def completeness(actor: Actor) -> list[SiteCompleteness]:
    """The sites whose families ``actor`` leads today, by name. As many queries however many families.

    Families that have begun, and were not closed more than `LOOKED_BACK_DAYS` ago. Core elements are counted for those
    who live there now.
    """
    families = _families(actor)
    due = due_lists(families)
    excused, work = _excused(families), _work(families)
    rules: dict[int, list[FamilyRule]] = {}
    for rule in rules_of([family.pk for family in families]) if families else ():
        rules.setdefault(rule.family, []).append(rule)
    sites: dict[int, SiteCompleteness] = {}
    for family in families:
        site = sites.setdefault(family.site_id or 0, SiteCompleteness(family.site))
        site.families += 1
        site.here += family.phase == Phase.MOVED_IN
        site.rules += rules.get(family.pk, [])
        reason = excused.get(family.pk, "")
        missing = _measured(site, family, due[family.pk], reason)
        missing += _worked(site, work.get(family.pk, {}), reason)
        if missing:
            site.gaps.append(_gap(family, due[family.pk], missing))
    for site in sites.values():
        site.gaps.sort(key=lambda gap: (gap.answered - gap.asked, -len(gap.missing), gap.family.pk))
    return sorted(sites.values(), key=lambda site: str(site.site))


def _families(actor: Actor) -> list[Family]:
    if actor.municipality_id is None:
        return []
    since = clock.today() - timedelta(days=LOOKED_BACK_DAYS)
    mine = Family.objects.visible_to(actor, to_do=Action.SEE_COMPLETENESS).filter(
        Q(closed_on__isnull=True) | Q(closed_on__gte=since), site__isnull=False, started_on__isnull=False
    )
    return list(mine.select_related("site").prefetch_related("people").order_by("id"))


def _excused(families: Sequence[Family]) -> dict[int, str]:
    """Why nothing of a family is late: it is away, or its journey was broken off."""
    away = Pause.objects.filter(family__in=families, resumed_on__isnull=True).values_list("family_id")
    ended = [family.pk for family in families if family.closed_on is not None]
    broken_off = Withdrawal.objects.filter(family_id__in=ended).values_list("family_id")
    return {pk: PAUSED for (pk,) in away} | {pk: WITHDRAWN for (pk,) in broken_off}


# Measurements --------------------------------------------------------------------------------------------


def _measured(
    site: SiteCompleteness, family: Family, due: Iterable[DueMeasurement], excuse: str
) -> list[str]:
    """Count one family's measurements into the site's lines; what is missing, a text for each point."""
    found: dict[tuple[str, ...], list[tuple[Standing, str]]] = {}
    for one in due:
        if excuse == WITHDRAWN and one.state is State.UPCOMING:
            continue  # it will never come
        measured = (one.point, one.title, one.definition.id)
        if measured not in site.measurements:
            title = one.definition.short
            site.measurements[measured] = Line(measured, one.definition.element, title, begins=sys.maxsize)
        since = (one.opens - (family.moved_in_on or one.opens)).days
        site.measurements[measured].begins = min(site.measurements[measured].begins, since)
        found.setdefault(measured, []).append(_standing(one, excuse))
    missing: dict[str, list[str]] = {}
    for key, standings in found.items():
        line = site.measurements[key]
        if _count(line, standings) is Standing.MISSING:
            missing.setdefault(key[1], []).append(line.title)
    return [f"{point}: {', '.join(titles)}" for point, titles in missing.items()]


def _standing(one: DueMeasurement, excuse: str) -> tuple[Standing, str]:
    if one.state is State.DONE:
        late = one.answered_on is not None and one.answered_on > one.due
        return (Standing.LATE if late else Standing.IN_TIME), ""
    if one.state is State.DECLINED:
        return Standing.WITH_REASON, one.reason
    if one.state in (State.DUE, State.UPCOMING) and excuse != WITHDRAWN:
        return Standing.NOT_YET, ""
    # A reason that does not close the matter ("not asked") is a reason all the same.
    if reason := one.reason or excuse:
        return Standing.WITH_REASON, reason
    return Standing.MISSING, ""


def _count(line: Line, standings: Sequence[tuple[Standing, str]]) -> Standing:
    """Count one family: where it stands with the least of its people."""
    standing, reason = min(standings, key=lambda one: _ORDER.index(one[0]))
    line.counts[standing] += 1
    if reason:
        line.reasons[reason] += 1
    return standing


# Core elements -------------------------------------------------------------------------------------------


@dataclass
class Work:
    """One family's steps of one core element."""

    done: int = 0
    open: int = 0
    last_was_late: bool = False
    late: list[str] = field(default_factory=list)


def _work(families: Sequence[Family]) -> dict[int, dict[str, Work]]:
    """The steps of those who live there now, by family and element: three queries."""
    here = [family.pk for family in families if family.phase == Phase.MOVED_IN]
    tasks = Task.objects.human().filter(family_id__in=here, element__in=CORE_ELEMENTS)
    found: dict[int, dict[str, Work]] = {pk: {} for pk in here}
    counted = tasks.values_list("family_id", "element").annotate(
        done=Count("id", filter=Q(status="DONE")), open=Count("id", filter=Q(finished__isnull=True))
    )
    for pk, element, done, still in counted.order_by():
        found[pk][element] = Work(done=done, open=still)
    last = tasks.filter(status="DONE", due__isnull=False).order_by("family_id", "element", "-finished", "-id")
    for pk, element, due, finished in last.distinct("family_id", "element").values_list(
        "family_id", "element", "due", "finished"
    ):
        if due is not None and finished is not None:
            found[pk][element].last_was_late = danish_day(finished) > due
    late = tasks.filter(finished__isnull=True, due__lt=clock.today()).order_by("due", "id")
    for pk, element, node in late.values_list("family_id", "element", "flow_task"):
        # A step that exists no longer is nobody's to do.
        if hasattr(node, "task_title"):
            found[pk][element].late.append(str(node.task_title))
    return found


def _worked(site: SiteCompleteness, work: dict[str, Work], excuse: str) -> list[str]:
    """Count one family's elements into the site's lines; the titles of the steps that are over their deadline."""
    missing = []
    for element in CORE_ELEMENTS:
        if (one := work.get(element)) is None or not (one.done or one.open):
            continue
        line = site.elements.setdefault(element, Line((element,), element, str(Element(element).label)))
        standing = _of_work(one, excuse)
        if _count(line, [standing]) is Standing.MISSING:
            line.steps.update(set(one.late))
            missing += one.late
    return missing


def _of_work(one: Work, excuse: str) -> tuple[Standing, str]:
    if one.late:
        return (Standing.WITH_REASON, excuse) if excuse else (Standing.MISSING, "")
    if not one.done:
        return Standing.NOT_YET, ""
    return (Standing.LATE if one.last_was_late else Standing.IN_TIME), ""


def _gap(family: Family, due: Sequence[DueMeasurement], missing: list[str]) -> FamilyGap:
    states = Counter(one.state for one in due)
    answered = states[State.DONE]
    asked = answered + states[State.DECLINED] + states[State.DUE] + states[State.LATE] + states[State.MISSED]
    return FamilyGap(family, answered, asked, missing)
