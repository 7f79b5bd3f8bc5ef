"""VIVE's registration form: its ten questions in its order, each with the answer the work has left behind.

The same facts as the dataset `registration` (`evaluation.variables.registration`) hands out as codes; here they are words,
because the form is filled in by hand at VIVE and cannot be opened again there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from placement import clock
from placement.families.codes import BirthState, PersonKind, TargetGroupTrait
from placement.families.models import Family, Person
from placement.progression.codes import MissingReason
from placement.templatetags.words import danish_date


@dataclass(frozen=True)
class Answer:
    """One of the ten. ``lines`` is empty when nothing is known; ``missing`` then says why, and ``where`` it is written.

    With two parents there may be one line and one reason.
    """

    number: int
    code: str
    question: str
    lines: tuple[str, ...]
    missing: tuple[str, ...]
    where: str


def answers(family: Family) -> list[Answer]:
    """The ten, in VIVE's order. Reads ``family.people``."""
    people = sorted(family.people.all(), key=lambda person: person.pk)
    parents = [one for one in people if one.kind == PersonKind.PARENT]
    start, record = _("Trinnet «Start indsatsen»"), _("Familiens personer")
    given: list[tuple[str, str, list[tuple[str, str]], str]] = [
        ("started_on", _("Dato for opstart i indsatsen"), [_started(family)], start),
        ("child_at_start", _("Mor gravid eller barn født"), [_child(family, people)], record),
        ("receives_other_support", _("Modtager familien anden støtte"), [_support(family)], start),
        ("age", _("Forældrenes alder"), [_age(family, one) for one in parents], record),
        ("older_children", _("Antal børn ud over foster eller baby"), [_older(people)], record),
        (
            "home_before",
            _("Hvem forældrene boede med før"),
            [_coded(family.get_home_before_display())],
            start,
        ),
        ("traits", _("Udfordringsbillede"), _traits(family), _("Vurderingen af målgruppen")),
        (
            "education",
            _("Uddannelsesniveau"),
            [_coded(one.get_education_display()) for one in parents],
            record,
        ),
        (
            "employment",
            _("Tilknytning til arbejdsmarkedet"),
            [_coded(one.get_employment_display()) for one in parents],
            record,
        ),
        ("home_language", _("Sprog i hjemmet"), [_coded(family.get_home_language_display())], start),
    ]
    of_parents = {"age", "education", "employment"}
    found = []
    for number, (code, question, said, where) in enumerate(given, start=1):
        several = code in of_parents and len(parents) > 1
        named = [
            (_parent(place, text) if several else text, _parent(place, why) if several else why)
            for place, (text, why) in enumerate(said, start=1)
        ]
        lines = tuple(text for (text, _why), (known, _r) in zip(named, said, strict=True) if known)
        reasons = tuple(why for (_text, why), (known, _r) in zip(named, said, strict=True) if not known)
        if not said:
            reasons = (_reason(MissingReason.NOT_ASKED),)
        found.append(Answer(number, code, question, lines, reasons, where))
    return found


def as_text(listed: list[Answer]) -> str:
    """All ten as plain lines, to be copied at once."""
    return "\n".join(
        f"{one.number}. {one.question}: {', '.join((*one.lines, *(f'({why})' for why in one.missing)))}"
        for one in listed
    )


def _parent(place: int, text: str) -> str:
    return _("forælder %(number)d: %(text)s") % {"number": place, "text": text}


def _reason(reason: MissingReason) -> str:
    return str(reason.label)


def _coded(words: str) -> tuple[str, str]:
    return str(words), _reason(MissingReason.NOT_ASKED)


def _started(family: Family) -> tuple[str, str]:
    if family.started_on is None:
        return "", _reason(MissingReason.NOT_YET_DUE)
    return danish_date(family.started_on), ""


def _child(family: Family, people: list[Person]) -> tuple[str, str]:
    """Born by the day of the start, or else expected; after a lost pregnancy there is nothing to ask about."""
    children = [one for one in people if one.kind == PersonKind.CHILD]
    begins = family.started_on or clock.today()
    if any(one.born_on is not None and one.born_on <= begins for one in children):
        return _("Barnet var født"), ""
    if any(one.birth_state == BirthState.EXPECTED or one.born_on is not None for one in children):
        return _("Mor var gravid"), ""
    return "", _reason(MissingReason.NOT_RELEVANT if children else MissingReason.NOT_ASKED)


def _support(family: Family) -> tuple[str, str]:
    if family.receives_other_support is None:
        return "", _reason(MissingReason.NOT_ASKED)
    return (_("Ja") if family.receives_other_support else _("Nej")), ""


def _age(family: Family, parent: Person) -> tuple[str, str]:
    if parent.born_on is None:
        return "", _reason(MissingReason.NOT_ASKED)
    years = _whole_years(parent.born_on, family.started_on or clock.today())
    return _("%(years)d år") % {"years": years}, ""


def _whole_years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _older(people: list[Person]) -> tuple[str, str]:
    return str(sum(one.kind == PersonKind.SIBLING for one in people)), ""


def _traits(family: Family) -> list[tuple[str, str]]:
    """The chosen traits in the programme's order; none chosen is an answer once the assessment is made."""
    chosen = [str(trait.label) for trait in TargetGroupTrait if trait.value in family.traits]
    if chosen:
        return [(words, "") for words in chosen]
    if family.in_target_group is None:
        return [("", _reason(MissingReason.NOT_YET_DUE))]
    return [(_("Ingen valgt"), "")]
