"""Where a family stands in one run of a flow, read from the run's tasks: done how often, open since when, by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placement.access.roles import ROLE_TITLES, Role
from placement.clock import danish_day
from placement.templatetags.words import danish_date, due_words
from workflows.kernel.models import Task
from workflows.kernel.pictures.graph import Graph, Place

State = Literal["done", "now", "todo"]

#: Fewer are shown one by one: a middle of two says nothing.
LEAST_FOR_MEDIAN = 3


@dataclass(frozen=True)
class Opened:
    """A task that stands open: since when, until when, and who acts."""

    since: date
    due: date | None
    role: str
    given_to: str


@dataclass(frozen=True)
class Stand:
    """One step as one family has walked it. `took` has the whole days of each time, the latest last."""

    took: tuple[int, ...] = ()
    last_on: date | None = None
    last_by: str = ""
    opened: Opened | None = None

    @property
    def state(self) -> State:
        if self.opened is not None:
            return "now"
        return "done" if self.took else "todo"

    @property
    def times(self) -> int:
        """How often it was done."""
        return len(self.took)


@dataclass
class _Found:
    took: list[int] = field(default_factory=list)
    last_on: date | None = None
    last_by: str = ""
    opened: Opened | None = None


def stands(tasks: Iterable[Task]) -> dict[str, Stand]:
    """Each step that was reached, by name. What was taken back or fell away counts for nothing."""
    found: dict[str, _Found] = {}
    for task in sorted(tasks, key=lambda task: task.pk):
        node = task.flow_task
        if node is None:
            continue  # a step that no longer exists
        known = found.setdefault(node.name, _Found())
        begun = danish_day(task.created)
        if task.finished is None:
            known.opened = Opened(
                since=begun,
                due=task.due,
                role=str(ROLE_TITLES[Role(task.role)]) if task.role else "",
                given_to=str(task.owner) if task.owner else "",
            )
        elif task.status == "DONE":
            known.last_on = danish_day(task.finished)
            known.took.append(max((known.last_on - begun).days, 0))
            known.last_by = str(task.owner) if task.owner else ""
    return {name: Stand(tuple(one.took), one.last_on, one.last_by, one.opened) for name, one in found.items()}


NOWHERE = Stand()


def said_of(place: Place, stand: Stand, today: date) -> list[str]:
    """The lines below a step's title in the picture."""
    if place.kind in ("start", "end"):
        return [danish_date(stand.last_on)] if stand.last_on else []
    if place.kind not in ("step", "element", "machine"):
        return []
    lines = [*_now(stand, today), *_done(stand, step=place.kind == "step")]
    return lines or [_("Ikke endnu")]


def _now(stand: Stand, today: date) -> list[str]:
    opened = stand.opened
    if opened is None:
        return []
    words = {
        "who": opened.role,
        "turn": stand.times + 1,
        "day": danish_date(opened.since),
        "days": days_in_words((today - opened.since).days),
    }
    if not opened.role:
        lines = [_("I gang siden %(day)s (%(days)s)") % words]
    elif stand.times:
        lines = [_("Nu, %(turn)d. gang: %(who)s, siden %(day)s (%(days)s)") % words]
    else:
        lines = [_("Nu: %(who)s, siden %(day)s (%(days)s)") % words]
    if opened.given_to:
        lines.append(_("Givet til %(who)s") % {"who": opened.given_to})
    if opened.due is not None:
        late = due_words(opened.due, today)
        lines.append(_("Frist %(day)s: %(late)s") % {"day": danish_date(opened.due), "late": late})
    return lines


def _done(stand: Stand, *, step: bool) -> list[str]:
    if not stand.took:
        return []
    words = {
        "day": danish_date(stand.last_on),
        "times": stand.times,
        "days": days_in_words(stand.took[-1]),
    }
    if not step:
        return [_("Afsluttet %(day)s, tog %(days)s") % words]
    if stand.times == 1:
        return [_("Gjort %(day)s, tog %(days)s") % words]
    return [_("Gjort %(times)d gange, senest %(day)s, tog %(days)s") % words]


def days_in_words(days: float) -> str:
    """ "under en dag", "1 dag", "12 dage", "2,5 dage"."""
    if days < 1:
        return _("under en dag")
    if days != int(days):
        return _("%(days)s dage") % {"days": f"{days:.1f}".replace(".", ",")}
    return ngettext("%(days)d dag", "%(days)d dage", int(days)) % {"days": days}


def took_in_words(took: tuple[int, ...]) -> str:
    """How long it took, true to how few they are: one by one, and the middle from three on. '' for none."""
    if len(took) < LEAST_FOR_MEDIAN:
        return ", ".join(days_in_words(days) for days in took)
    return _("typisk %(middle)s, længst %(longest)s") % {
        "middle": days_in_words(median(took)),
        "longest": days_in_words(max(took)),
    }


def sentence(graph: Graph, known: dict[str, Stand]) -> str:
    """The picture in one or two sentences, for those who do not see it."""
    steps = [place for place in graph.places if place.kind in ("step", "element")]
    done = sum(known.get(place.name, NOWHERE).times > 0 for place in steps)
    said = [
        _("%(done)d af %(all)d trin er gjort mindst én gang.") % {"done": done, "all": len(steps)},
    ]
    here = [
        _("«%(title)s» (%(who)s)") % {"title": place.title, "who": opened.role}
        if opened.role
        else _("«%(title)s»") % {"title": place.title}
        for place in steps
        if (opened := known.get(place.name, NOWHERE).opened) is not None
    ]
    if here:
        said.append(_("Nu: %(steps)s.") % {"steps": ", ".join(here)})
    return " ".join(said)


def rows_of(graph: Graph, known: dict[str, Stand], today: date) -> list[dict[str, Any]]:
    """The same as a list: one row for each step, and one for each question with its ways on."""
    rows = []
    for place in graph.places:
        if place.kind in ("start", "fork", "join"):
            continue
        stand = known.get(place.name, NOWHERE)
        rows.append(
            {
                "title": place.title,
                "kind": place.kind,
                "state": {"done": "yes", "now": "now", "todo": ""}[stand.state],
                "word": {"done": _("gjort"), "now": _("nu"), "todo": _("ikke endnu")}[stand.state],
                "who": (stand.opened.role if stand.opened else stand.last_by) or "",
                "now": _now(stand, today),
                "times": stand.times,
                "last_on": stand.last_on,
                "took": took_in_words(stand.took) if place.kind in ("step", "element") else "",
                "ways": graph.told(place.name),
            }
        )
    return rows
