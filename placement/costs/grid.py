"""A week of hours as a form: a line for each family and core element, a column for each activity. Hours, not minutes.

Every number is one text field, so that it works without a script and a draft is what stands in the fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from placement.access.errors import Refused
from placement.costs.codes import ABOUT_A_FAMILY, ABOUT_NONE, QUARTERS_IN_HOUR, Activity, CostStage
from placement.costs.selectors import Line, OpenedWeek
from placement.costs.services.week import Hours
from placement.families.models import Family
from placement.families.people import family_title
from placement.progression.codes import Element
from placement.templatetags.words import decimal_comma

#: Empty lines at the end, in which a family is chosen.
SPARE = 3
#: More lines than this are not read: nobody works with so many families in a week.
MOST_LINES = 100
#: What is chosen in an empty line for time about no family; and no choice at all.
NOBODY, NOTHING = "none", ""

_NUMBER = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?")
_CLOCK = re.compile(r"([0-9]{1,3}):([0-5][0-9])")


class NotHours(ValueError):
    """A text that says no number of quarters of an hour; the message says what to write."""


def read_hours(text: str) -> int:
    """The quarters of an hour that ``1,5``, ``1.5`` or ``1:30`` says; an empty text is none. Raises NotHours."""
    said = text.strip().replace("−", "-")
    if not said:
        return 0
    if said.startswith("-"):
        raise NotHours(_("Timer kan ikke være negative. Ret tallet."))
    if clock := _CLOCK.fullmatch(said):
        quarters, rest = divmod(int(clock[1]) * 60 + int(clock[2]), 15)
    elif number := _NUMBER.fullmatch(said):
        # "1,5" is five tenths, "1,05" five hundredths.
        hundredths = int((number[2] or "0").ljust(2, "0"))
        quarters, rest = divmod(int(number[1]) * 100 + hundredths, 25)
    else:
        raise NotHours(_("Skriv timer som et tal: 1, 1,5 eller 1:30."))
    if rest:
        raise NotHours(_("Skriv hele kvarterer: 0,25, 0,5, 0,75 eller 1."))
    return quarters


def write_hours(quarters: int) -> str:
    """Quarters of an hour as hours with a comma; nothing for none."""
    return decimal_comma(Decimal(quarters) / QUARTERS_IN_HOUR) if quarters else ""


@dataclass
class Cell:
    """One field: what stands in it, and what is wrong with it. Not ``open``: nothing can be written there."""

    name: str
    title: str
    value: str
    open: bool
    error: str = ""


@dataclass
class Row:
    """One line of the grid. A ``spare`` one still asks about whom it is."""

    index: int
    family: str
    title: str
    element: str
    stage: str
    spare: bool
    cells: list[Cell]
    error: str = ""

    @property
    def prefix(self) -> str:
        return f"r{self.index}"

    @property
    def written(self) -> bool:
        return any(cell.value.strip() for cell in self.cells)


@dataclass
class Grid:
    """The whole week as it stands on the page."""

    rows: list[Row]
    errors: list[tuple[str, str]] = field(default_factory=list)
    hours: list[Hours] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        return not self.errors


def elements() -> list[tuple[str, str]]:
    """The core elements as a choice, first what goes across them."""
    return [("", _("På tværs")), *((element.value, str(element.label)) for element in Element)]


def stages() -> list[tuple[str, str]]:
    return [(stage.value, str(stage.label)) for stage in CostStage]


def shown(opened: OpenedWeek) -> Grid:
    """The grid as the week stands: its numbers, lines without one yet, and some empty ones."""
    typed: dict[Line, dict[str, str]] = {line: {} for line in opened.lines}
    for (family, element, stage, activity), quarters in opened.cells.items():
        typed.setdefault((family, element, stage), {})[activity] = write_hours(quarters)
    rows = [
        _row(
            number,
            family=str(opened.families[line[0]].uuid) if line[0] else NOBODY,
            title=family_title(opened.families[line[0]]) if line[0] else _("Ikke om en bestemt familie"),
            element=line[1],
            stage=line[2],
            spare=False,
            values=typed[line],
        )
        for number, line in enumerate(sorted(typed, key=lambda line: _order(opened, line)))
    ]
    spare = [_spare(len(rows) + more) for more in range(SPARE)]
    return Grid([*rows, *spare])


def _order(opened: OpenedWeek, line: Line) -> tuple[bool, str, int, str]:
    family, element, stage = line
    number = opened.families[family].number if family else ""
    place = Element.values.index(element) if element in Element.values else len(Element.values)
    return (family is None, number, place, stage)


def read(data: Mapping[str, Any], families: Iterable[Family]) -> Grid:
    """The grid as it was sent; what cannot be read stands in ``errors`` and beside its field.

    ``families``: those that the person sees and the fields name; a name of any other is found out by the caller.
    """
    known = {str(family.uuid): family for family in families}
    rows: list[Row] = []
    grid = Grid(rows)
    while len(rows) < MOST_LINES and f"r{len(rows)}-family" in data:
        rows.append(_read_row(len(rows), data, known, grid))
    return grid


def named(data: Mapping[str, Any]) -> list[str]:
    """What the lines name as their family, in whatever spelling, without those about none."""
    said = [str(data.get(f"r{index}-family", "")) for index in range(MOST_LINES)]
    return [one for one in said if one not in (NOBODY, NOTHING)]


def _read_row(index: int, data: Mapping[str, Any], known: Mapping[str, Family], grid: Grid) -> Row:
    said = str(data[f"r{index}-family"])
    family = known.get(said)
    spare = data.get(f"r{index}-spare") == "1"
    row = _row(
        index,
        family=said,
        title=family_title(family) if family else _("Ikke om en bestemt familie"),
        element=str(data.get(f"r{index}-element", "")),
        stage=str(data.get(f"r{index}-stage", CostStage.OPERATION.value)),
        spare=spare,
        values={activity: str(data.get(f"r{index}-{activity}", "")) for activity in Activity.values},
    )
    if spare and said == NOTHING:
        if row.written:
            row.error = _("Vælg, hvilken familie timerne handler om, eller at de ikke handler om en bestemt.")
            grid.errors.append((f"{row.prefix}-family", row.error))
        return row
    for cell in row.cells:
        activity = cell.name.partition("-")[2]
        try:
            quarters = read_hours(cell.value)
        except NotHours as wrong:
            cell.error = str(wrong)
            grid.errors.append((cell.name, f"{row.title}, {cell.title}: {wrong}"))
            continue
        if quarters:
            grid.hours.append(
                Hours(
                    activity=activity,
                    quarters=quarters,
                    family=family,
                    element=row.element,
                    stage=row.stage,
                )
            )
    return row


def _row(
    index: int,
    *,
    family: str,
    title: str,
    element: str,
    stage: str,
    spare: bool,
    values: Mapping[str, str],
) -> Row:
    open_here = set(Activity.values) if spare else set(ABOUT_NONE if family == NOBODY else ABOUT_A_FAMILY)
    return Row(
        index=index,
        family=family,
        title=title,
        element=element,
        stage=stage,
        spare=spare,
        cells=[
            Cell(
                name=f"r{index}-{activity.value}",
                title=str(activity.label),
                value=values.get(activity.value, ""),
                # What stands there is never hidden, even where it does not belong.
                open=activity in open_here or bool(values.get(activity.value, "")),
            )
            for activity in Activity
        ],
    )


def _spare(index: int) -> Row:
    return _row(
        index,
        family=NOTHING,
        title=_("Endnu en linje"),
        element="",
        stage=CostStage.OPERATION.value,
        spare=True,
        values={},
    )


def with_draft(grid: Grid, typed: Mapping[str, Any], families: Iterable[Family]) -> Grid:
    """The grid as it was being typed when the page was left; the grid itself when the draft says nothing of it.

    A line about a family that the person does not see any more is left out.
    """
    known = list(families)
    here = {NOBODY, NOTHING, *(str(family.uuid) for family in known)}
    rows = [row for row in read(typed, known).rows if row.family in here]
    for row in rows:
        row.error = ""
        for cell in row.cells:
            cell.error = ""
    return Grid(rows) if rows else grid


def refused_at(grid: Grid, refused: Refused) -> None:
    """Put a refusal of the services at the head of the page's list."""
    grid.errors.insert(0, ("", str(refused.message)))
