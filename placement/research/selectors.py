"""Reading who is chosen, what each person said, and what is due for a family and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import QuerySet

from placement.clock import add_months
from placement.families.codes import BirthState, PersonKind
from placement.families.models import Family, Person
from placement.research.codes import VIDEOS, ResearchAnswer, ResearchStatus
from placement.research.models import ResearchConsent, ResearchOutcome, SelectedFamily
from placement.research.rules import ActivityRule, ResearchAnchor, ResearchRules


def standing_selection(family: Family) -> SelectedFamily | None:
    """The family's place among the chosen; None when it has none, or has left it."""
    return SelectedFamily.objects.filter(family=family, ended_on__isnull=True).first()


def last_selection(family: Family) -> SelectedFamily | None:
    """The family's latest place, also when it has left it."""
    selections = SelectedFamily.objects.filter(family=family).select_related("selected_by", "ended_by")
    return selections.order_by("-id").first()


def chosen_now() -> QuerySet[SelectedFamily]:
    """The families that are chosen now, of the context's municipality, by place."""
    return SelectedFamily.objects.filter(ended_on__isnull=True).order_by("place")


class Word(StrEnum):
    """How one person stands to one activity."""

    YES = "yes"
    NO = "no"
    WITHDRAWN = "withdrawn"
    UNASKED = "unasked"


def word_of(consent: ResearchConsent | None) -> Word:
    """What the newest row of a person and an activity says."""
    if consent is None:
        return Word.UNASKED
    if consent.withdrawn_on is not None:
        return Word.WITHDRAWN
    return Word.YES if consent.answer == ResearchAnswer.YES else Word.NO


Matrix = dict[tuple[int, str], ResearchConsent]


def matrix_of(consents: Sequence[ResearchConsent]) -> Matrix:
    """By person and activity, the row that stands. ``consents`` of one selection, in any order."""
    return {(row.person_id, row.activity): row for row in sorted(consents, key=lambda row: row.pk)}


def asked_people(people: Sequence[Person]) -> list[Person]:
    """Who is asked: the parents. A child on a video is answered for by its custody holders."""
    return [person for person in people if person.kind == PersonKind.PARENT]


def stands(activity: str, people: Sequence[Person], matrix: Matrix) -> Word:
    """Whether an activity may go on: one parent's yes; for a video that of every custody holder.

    WITHDRAWN as soon as the yes it rested on was taken back; UNASKED while somebody is left to ask.
    """
    parents = asked_people(people)
    holders = [person for person in parents if person.custody_holder]
    needed = holders if activity in VIDEOS and holders else parents
    words = [word_of(matrix.get((person.pk, activity))) for person in needed]
    if words and (all if activity in VIDEOS else any)(word is Word.YES for word in words):
        return Word.YES
    if Word.WITHDRAWN in words:
        return Word.WITHDRAWN
    # Where one yes is enough, a no closes it only when nobody is left to ask.
    closed = Word.NO in words and (activity in VIDEOS or Word.UNASKED not in words)
    return Word.NO if closed else Word.UNASKED


class ItemState(StrEnum):
    """Where one activity of a chosen family stands."""

    DONE = "done"
    DECLINED = "declined"
    NOT_RELEVANT = "not_relevant"
    #: Nothing is due without a yes: nobody has been asked, somebody said no, or took the yes back.
    UNASKED = "unasked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    UPCOMING = "upcoming"
    DUE = "due"
    LATE = "late"
    #: The family has left the chosen ones.
    ENDED = "ended"


#: What waits for somebody.
WAITING = frozenset({ItemState.DUE, ItemState.LATE})


@dataclass(frozen=True)
class Item:
    """One activity of a chosen family: since when it can be done, until when it is in time, where it stands."""

    rule: ActivityRule
    state: ItemState
    #: None while what it is counted from has not happened, or the child is not born.
    opens: date | None
    due: date | None
    #: While the child is awaited: when it will be old enough, if it is born on its due date.
    expected: date | None
    child: Person | None
    outcome: ResearchOutcome | None


def child_on_video(people: Sequence[Person]) -> Person | None:
    """The child a video is about: the eldest of those the stay is for that is born; else the one awaited first."""
    children = [one for one in people if one.kind == PersonKind.CHILD and one.birth_state != BirthState.LOST]
    born = sorted((one for one in children if one.born_on), key=lambda one: (one.born_on or date.max, one.pk))
    awaited = sorted(
        (one for one in children if not one.born_on), key=lambda one: (one.due_on or date.max, one.pk)
    )
    return next(iter([*born, *awaited]), None)


def items(
    rules: ResearchRules,
    selection: SelectedFamily,
    *,
    people: Sequence[Person],
    anchors: Mapping[ResearchAnchor, date | None],
    consents: Sequence[ResearchConsent],
    outcomes: Sequence[ResearchOutcome],
    today: date,
) -> list[Item]:
    """Every activity of the version in its order, as it stands ``today``. Pure: all of it is read before."""
    matrix = matrix_of(consents)
    replaced = {row.replaces_id for row in outcomes}
    standing = {row.activity: row for row in outcomes if row.pk not in replaced}
    return [
        _item(rule, selection, people, anchors[rule.after], matrix, standing.get(rule.code), today)
        for rule in rules.activities
    ]


def _item(
    rule: ActivityRule,
    selection: SelectedFamily,
    people: Sequence[Person],
    anchor: date | None,
    matrix: Matrix,
    outcome: ResearchOutcome | None,
    today: date,
) -> Item:
    child = child_on_video(people) if rule.child_months is not None else None
    born = child.born_on if child else None
    opens = rule.opens(anchor, born) if anchor is not None else None
    # Whoever is chosen later has the same time from then on: nothing is late on its first day.
    due = rule.due(max(opens, selection.selected_on)) if opens is not None else None
    expected = None
    if child is not None and born is None and child.due_on is not None and rule.child_months is not None:
        expected = add_months(child.due_on, rule.child_months)
    if outcome is not None:
        state = {
            ResearchStatus.DONE: ItemState.DONE,
            ResearchStatus.DECLINED: ItemState.DECLINED,
            ResearchStatus.NOT_RELEVANT: ItemState.NOT_RELEVANT,
        }[ResearchStatus(outcome.status)]
    elif selection.ended_on is not None:
        state = ItemState.ENDED
    elif _cannot_be(rule, selection, people, child):
        state = ItemState.NOT_RELEVANT
    else:
        state = _open(stands(rule.code, people, matrix), opens, due, today)
    return Item(rule, state, opens, due, expected, child, outcome)


def _cannot_be(
    rule: ActivityRule, selection: SelectedFamily, people: Sequence[Person], child: Person | None
) -> bool:
    """No child is there for a video; or none was awaited when the intervention began."""
    if rule.expected_only:
        return not any(
            one.kind == PersonKind.CHILD and (one.born_on is None or one.born_on > selection.started_on)
            for one in people
            if one.birth_state != BirthState.LOST
        )
    return rule.child_months is not None and child is None


def _open(word: Word, opens: date | None, due: date | None, today: date) -> ItemState:
    closed = {
        Word.UNASKED: ItemState.UNASKED,
        Word.NO: ItemState.REFUSED,
        Word.WITHDRAWN: ItemState.WITHDRAWN,
    }
    if word in closed:
        return closed[word]
    if opens is None or today < opens:
        return ItemState.UPCOMING
    return ItemState.LATE if due is not None and today > due else ItemState.DUE
