"""Who is a party to a family's case on a day: parents with custody, and children from the age the law says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from placement import clock
from placement.families.codes import BirthState, PersonKind
from placement.families.models import Person


def has_turned(born: date | None, years: int, day: date) -> bool:
    """Whether somebody born on ``born`` has had that birthday on ``day``, in Danish calendar days.

    Whoever was born on 29 February has it on 1 March in a year without one, as we read the law.
    """
    return born is not None and born <= clock.add_months(day, -12 * years)


def is_party(person: Person, day: date, *, from_years: int) -> bool:
    """Whether the person is a party on ``day`` (barnets lov § 3); an awaited child never is."""
    if person.birth_state != BirthState.BORN:
        return False
    if person.kind == PersonKind.PARENT:
        return person.custody_holder
    return has_turned(person.born_on, from_years, day)


def parties_among(people: Iterable[Person], day: date, *, from_years: int) -> list[Person]:
    """The parties among ``people`` on ``day``, in their order."""
    return [person for person in people if is_party(person, day, from_years=from_years)]
