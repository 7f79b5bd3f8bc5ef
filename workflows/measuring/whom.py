"""Whom an instrument can be used about on a day, and how old the child counts as then."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from placement.access.errors import Refused
from placement.families.codes import BirthState, PersonKind
from placement.families.models import Family, Person
from placement.instruments.ages import age_in_months, fits
from placement.instruments.definition import Definition


def people_of(family: Family) -> list[Person]:
    """The family's people, but for a child that was lost."""
    return [person for person in family.people.all() if person.birth_state != BirthState.LOST]


def can_be_about(definition: Definition, people: list[Person]) -> list[Person]:
    """Those that the instrument can be about, whatever their age: a child that is not born yet is none."""
    return [
        person
        for person in people
        if person.kind in definition.about and person.birth_state == BirthState.BORN
    ]


def check_age(definition: Definition, person: Person, people: list[Person], *, on: date) -> int | None:
    """The child's age in months that counts on that day; None while the child is expected, or was lost.

    About a child it is that child's; about a parent, that of a child of the family whose age fits. Raises Refused:
    ``before-birth``, ``child-age`` when no child is of an age at which the instrument means something.
    """
    window = definition.window
    if person.kind == PersonKind.PARENT and not _children(people):
        # The pregnancy was lost: how the parent is, may be asked all the same.
        return None
    children = [person] if person.kind != PersonKind.PARENT else _children(people)
    if person.kind != PersonKind.PARENT and person.born_on is not None and on < person.born_on:
        raise Refused(
            _("Målingen ligger før fødslen. Ret datoen, eller mål forælderen."), type="before-birth"
        )
    ages = [
        age_in_months(window, born=child.born_on, due=child.due_on, day=on)
        for child in children
        if child.born_on is not None and child.born_on <= on
    ]
    fitting = [months for months in ages if fits(window, months)]
    if fitting:
        return fitting[0]
    expected = any(child.born_on is None or child.born_on > on for child in children)
    if expected and window.pregnancy:
        return None
    raise Refused(
        _("%(name)s bruges, når barnet er fra %(first)d til %(last)d måneder. %(age)s")
        % {
            "name": definition.short,
            "first": window.first,
            "last": window.last,
            "age": _("Den dag var det %(months)d.") % {"months": ages[0]}
            if ages
            else _("Barnet var ikke født."),
        },
        type="child-age",
    )


def fits_on(definition: Definition, person: Person, people: list[Person], *, on: date) -> bool:
    """Whether the instrument can be used about the person on that day."""
    try:
        check_age(definition, person, people, on=on)
    except Refused:
        return False
    return True


def _children(people: list[Person]) -> list[Person]:
    """The children that the stay is about; where there are none, the siblings."""
    return [one for one in people if one.kind == PersonKind.CHILD] or [
        one for one in people if one.kind == PersonKind.SIBLING
    ]
