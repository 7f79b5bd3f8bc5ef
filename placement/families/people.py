"""Writing people into a family: parents, siblings, a child born or expected, and a birth."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import psycopg
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from placement.access import crypto
from placement.access.days import check_possible
from placement.access.errors import Refused
from placement.clock import danish_day
from placement.families import cpr as cpr_numbers
from placement.families.codes import BirthState, PersonKind
from placement.families.models import Family, Person


@transaction.atomic
def add_person(
    *,
    family: Family,
    kind: PersonKind,
    now: datetime,
    name: str = "",
    cpr: str = "",
    born_on: date | None = None,
    due_on: date | None = None,
    custody_holder: bool = False,
    education: str = "",
    employment: str = "",
) -> Person:
    """Add one person. A child with ``due_on`` and no birthday is expected; a CPR number states the birthday.
    A parent's birthday may be unknown.

    Raises Refused: ``invalid-cpr``, ``birthday-mismatch``, ``born-in-future``, ``born-before-parents``,
    ``birthday-missing``, ``day-impossible``, ``cpr-twice``.
    """
    number = cpr_numbers.checked(cpr) if cpr else ""
    if number:
        stated = cpr_numbers.birthday(number)
        if born_on is not None and born_on != stated:
            raise Refused(
                _("Fødselsdatoen passer ikke til CPR-nummeret. Ret en af dem."), type="birthday-mismatch"
            )
        born_on = stated
    expected = kind == PersonKind.CHILD and born_on is None and due_on is not None
    if not expected and born_on is None and kind != PersonKind.PARENT:
        raise Refused(_("Skriv fødselsdato, eller termin hvis barnet ikke er født."), type="birthday-missing")
    person = Person(
        uuid=uuid.uuid4(),
        municipality_id=family.municipality_id,
        family=family,
        kind=kind,
        name=name.strip(),
        birth_state=BirthState.EXPECTED if expected else BirthState.BORN,
        due_on=due_on,
        born_on=born_on,
        custody_holder=custody_holder,
        education=education,
        employment=employment,
    )
    _check_birthday(person, now=now)
    if number:
        _seal(person, number)
    _save(person)
    return person


@transaction.atomic
def correct_person(
    *,
    person: Person,
    now: datetime,
    name: str,
    born_on: date | None,
    custody_holder: bool,
    education: str,
    employment: str,
    cpr: str = "",
    due_on: date | None = None,
) -> Person:
    """Correct what is known about a person. Without ``cpr`` the registered number stays; ``due_on`` is read for
    an awaited child only, whose birth is `record_birth`'s to write.

    Raises Refused: ``due-date-missing``, and the refusals of `add_person`.
    """
    number = cpr_numbers.checked(cpr) if cpr else _number(person)
    if person.birth_state == BirthState.BORN:
        if number:
            stated = cpr_numbers.birthday(number)
            if born_on is not None and born_on != stated:
                raise Refused(
                    _("Fødselsdatoen passer ikke til CPR-nummeret. Ret en af dem."), type="birthday-mismatch"
                )
            born_on = stated
        if born_on is None and person.kind != PersonKind.PARENT:
            raise Refused(_("Skriv fødselsdatoen."), type="birthday-missing")
        person.born_on = born_on
    elif person.birth_state == BirthState.EXPECTED:
        if due_on is None:
            raise Refused(_("Skriv terminen. Er barnet født, så skriv fødslen."), type="due-date-missing")
        person.due_on = due_on
    person.name = name.strip()
    person.custody_holder = custody_holder and person.kind == PersonKind.PARENT
    person.education = education
    person.employment = employment
    _check_birthday(person, now=now)
    if cpr and person.birth_state == BirthState.BORN:
        _seal(person, number)
    _save(person)
    return person


@transaction.atomic
def record_birth(*, child: Person, born_on: date, now: datetime, name: str = "", cpr: str = "") -> Person:
    """The expected child is born: the same record, now with a birthday (and a CPR number when it has one).

    Raises Refused: ``not-expected`` when the child is not awaited, and the refusals of `add_person`.
    """
    if child.birth_state != BirthState.EXPECTED:
        raise Refused(_("Barnet er ikke registreret som ventet. Genindlæs siden."), type="not-expected")
    number = cpr_numbers.checked(cpr) if cpr else ""
    if number and cpr_numbers.birthday(number) != born_on:
        raise Refused(
            _("Fødselsdatoen passer ikke til CPR-nummeret. Ret en af dem."), type="birthday-mismatch"
        )
    child.birth_state = BirthState.BORN
    child.born_on = born_on
    child.name = name.strip() or child.name
    _check_birthday(child, now=now)
    if number:
        _seal(child, number)
    _save(child)
    return child


@transaction.atomic
def record_loss(*, child: Person) -> Person:
    """The pregnancy was lost. The record stays; nothing will ask about it again.

    Raises Refused (``not-expected``) when the child is not awaited.
    """
    if child.birth_state != BirthState.EXPECTED:
        raise Refused(_("Barnet er ikke registreret som ventet. Genindlæs siden."), type="not-expected")
    child.birth_state = BirthState.LOST
    child.save(update_fields=["birth_state"])
    return child


def masked_cpr(person: Person) -> str:
    """The birthday part of a person's CPR number, the rest hidden; '' when none is registered."""
    number = _number(person)
    return f"{number[:6]}-****" if number else ""


def _number(person: Person) -> str:
    if person.cpr_sealed is None:
        return ""
    return crypto.unseal(
        municipality_id=person.municipality_id, row=person.uuid, sealed=bytes(person.cpr_sealed)
    )


def _seal(person: Person, number: str) -> None:
    person.cpr_sealed = crypto.seal(municipality_id=person.municipality_id, row=person.uuid, cpr=number)
    person.cpr_index = crypto.blind_index(municipality_id=person.municipality_id, cpr=number)


def _save(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as clash:
        cause = clash.__cause__
        if isinstance(cause, psycopg.Error) and cause.diag.constraint_name == "person_cpr_once_per_family":
            raise Refused(
                _("En anden i familien har det CPR-nummer. Ret nummeret."), type="cpr-twice"
            ) from None
        raise


def _check_birthday(person: Person, *, now: datetime) -> None:
    if person.due_on is not None:
        check_possible(person.due_on, now=now)
    if person.born_on is None:
        return
    if person.born_on > danish_day(now):
        raise Refused(
            _("Fødselsdatoen ligger i fremtiden. Skriv terminen i stedet, hvis barnet ikke er født."),
            type="born-in-future",
        )
    check_possible(person.born_on, now=now)
    if person.kind == PersonKind.PARENT:
        younger = person.family.people.exclude(kind=PersonKind.PARENT).filter(born_on__lte=person.born_on)
        clash = younger.exists()
    else:
        clash = person.family.people.filter(kind=PersonKind.PARENT, born_on__gte=person.born_on).exists()
    if clash:
        raise Refused(
            _("Et barn kan ikke være født før sine forældre. Ret fødselsdatoen."), type="born-before-parents"
        )


def family_title(family: Family) -> str:
    """How staff call a family on a list: its number and the parents' first names."""
    parents = [p.name.split(" ")[0] for p in family.people.all() if p.kind == PersonKind.PARENT and p.name]
    names = f" {_('og')} ".join(parents)
    return f"{family.number} {names}".strip()


def nameless(person: Person) -> str:
    """How somebody without a name is called: by what they are, an unborn child as awaited."""
    awaited = person.birth_state == BirthState.EXPECTED
    return str(_("Ventet barn")) if awaited else str(person.get_kind_display())


def child_choices(family: Family) -> list[tuple[str, str]]:
    """The family's children as a form offers them.

    Nobody is chosen beforehand where there are several, and those without a name are told apart by their day.
    After a lost pregnancy nothing asks about that child.
    """
    children = Person.objects.filter(family=family).exclude(kind=PersonKind.PARENT)
    children = children.exclude(birth_state=BirthState.LOST)
    choices = []
    for child in children:
        day = child.born_on or child.due_on
        unnamed = f"{nameless(child)} ({day:%d.%m.%Y})" if day else nameless(child)
        choices.append((str(child.uuid), child.name or unnamed))
    return [("", str(_("Vælg"))), *choices] if len(choices) > 1 else choices
