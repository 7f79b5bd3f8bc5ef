"""The weekly summary: assembled from the week's notes, edited, and signed as a note that names its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.roles import Action
from placement.clock import DENMARK, danish_day
from placement.families.models import ChildView, Family
from placement.journal.codes import NoteKind
from placement.journal.models import WEEKLY_FORM, Note, NoteSource
from placement.journal.services import sent_before, take_draft
from placement.progression.codes import Element
from placement.templatetags.words import decimal_comma

#: What no summary is made of: what is not for others, and the summaries themselves.
LEFT_OUT = (NoteKind.DRAFT, NoteKind.WEEKLY)
DAYS = 7


@dataclass(frozen=True)
class Week:
    """A calendar week by its Monday."""

    starts: date

    @classmethod
    def of(cls, day: date) -> Self:
        """The week that ``day`` lies in."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The week that ``2026-W48`` spells; None when it spells none."""
        year, _w, number = text.partition("-W")
        if not (year.isascii() and year.isdigit() and number.isascii() and number.isdigit()):
            return None
        try:
            return cls(date.fromisocalendar(int(year), int(number), 1))
        except (ValueError, OverflowError):
            return None

    @property
    def code(self) -> str:
        year, number, _day = self.starts.isocalendar()
        return f"{year:04}-W{number:02}"

    @property
    def number(self) -> int:
        return self.starts.isocalendar().week

    @property
    def ends(self) -> date:
        """Its Sunday."""
        return self.starts + timedelta(days=DAYS - 1)

    def later(self, weeks: int) -> Week:
        """The week so many weeks later; earlier with a negative number."""
        return Week(self.starts + timedelta(weeks=weeks))

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From its first Danish midnight to the first after it."""
        first = datetime.combine(self.starts, time.min, DENMARK)
        return first, datetime.combine(self.starts + timedelta(days=DAYS), time.min, DENMARK)


@dataclass(frozen=True)
class Sources:
    """What a week's summary can be made of, oldest first."""

    notes: tuple[Note, ...]
    child_views: tuple[ChildView, ...]

    @property
    def ids(self) -> set[UUID]:
        return {one.uuid for one in (*self.notes, *self.child_views)}


def sources_of(family: Family, week: Week) -> Sources:
    """The standing notes of a week (no internal drafts), and the child's views obtained in it."""
    first, after = week.moments
    notes = (
        Note.objects.standing()
        .filter(family=family, happened_at__gte=first, happened_at__lt=after)
        .exclude(kind__in=LEFT_OUT)
        .select_related("author", "measurement")
        .order_by("happened_at", "id")
    )
    views = (
        ChildView.objects.filter(family=family, obtained_on__range=(week.starts, week.ends))
        .select_related("author")
        .order_by("obtained_on", "id")
    )
    return Sources(tuple(notes), tuple(views))


def assembled(sources: Sources) -> str:
    """The draft of a summary: the child's perspective, then each core element, then what was counted.

    Each line is what somebody wrote, with day and name: nothing is added, and whoever signs edits it.
    """
    parts = [(_("Barnets perspektiv"), _child_lines(sources))]
    rest = [note for note in sources.notes if note.kind != NoteKind.CHILD_VIEW]
    for element in Element:
        about = [note for note in rest if note.element == element]
        parts.append((str(element.label), [*_scores(about), *map(_line, about)]))
    parts.append((_("Uden kerneelement"), [_line(note) for note in rest if not note.element]))
    parts.append((_("Det handlede om"), _counted(sources.notes)))
    return "\n\n".join("\n".join([heading, *lines]) for heading, lines in parts if lines)


def _day(moment: date | datetime) -> str:
    day = danish_day(moment) if isinstance(moment, datetime) else moment
    return f"{day:%d.%m.}"


def _said(day: date | datetime, text: str, who: object, kind: str = "") -> str:
    words = " ".join(text.split())
    return f"- {_day(day)} {f'{kind}: ' if kind else ''}{words} ({who})"


def _line(note: Note) -> str:
    score = note.measurement.score if note.measurement else None
    text = note.text or _("score %(score)s") % {"score": decimal_comma(score)}
    return _said(note.happened_at, text, note.author, note.get_kind_display())


def _child_lines(sources: Sources) -> list[str]:
    noted = [note for note in sources.notes if note.kind == NoteKind.CHILD_VIEW]
    return [
        *(_said(note.happened_at, note.text, note.author) for note in noted if note.text),
        *(_said(view.obtained_on, view.text, view.author) for view in sources.child_views),
    ]


def _scores(notes: Iterable[Note]) -> list[str]:
    given = [
        f"{decimal_comma(note.measurement.score)} ({_day(note.happened_at)})"
        for note in notes
        if note.measurement and note.measurement.score is not None
    ]
    return [_("Scorer: %(scores)s") % {"scores": ", ".join(given)}] if given else []


def _counted(notes: Iterable[Note]) -> list[str]:
    """How often each tag was chosen, as it read, the most frequent first."""
    situations: Counter[str] = Counter()
    themes: Counter[str] = Counter()
    for note in notes:
        situations.update(note.tag_titles.get(code, code) for code in note.situations)
        themes.update(note.tag_titles.get(code, code) for code in note.themes)
    return [
        f"{heading}: " + ", ".join(f"{title} ({count})" for title, count in counted.most_common())
        for heading, counted in ((_("Situation"), situations), (_("Tema"), themes))
        if counted
    ]


def summary_of(family: Family, week: Week) -> Note | None:
    """The last version of a week's summary, perhaps taken back; None when there never was one."""
    current = Note.objects.current().filter(family=family, week_starts=week.starts)
    return current.select_related("author").first()


class WeekSummarised(StaleState):
    """Somebody has signed the week's summary meanwhile; it stands, and this text is not saved."""

    type = "week-summarised"

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Ugens resumé er allerede skrevet. Ret det i stedet; din tekst står her stadig.")
        )


@transaction.atomic
def sign_summary(
    *,
    actor: Actor,
    family: Family,
    week: Week,
    text: str,
    sources: Sequence[UUID],
    now: datetime,
    submit_token: UUID | None = None,
) -> Note:
    """Sign a week's summary as a note that names its ``sources``: ids of the week's notes and child's views.

    A summary that was taken back is followed by the new one as its next version. Raises NotAllowed; Refused:
    ``week-in-future``, ``note-empty``, ``sources-missing``; StaleState when a source was corrected or taken
    back since (``source-changed``), WeekSummarised when the week has a standing one.
    """
    if not actor.may(Action.WRITE_NOTE):
        raise NotAllowed(gettext_lazy("Din rolle kan ikke skrive notater."))
    if week.starts > danish_day(now):
        raise Refused(gettext_lazy("Ugen er ikke begyndt endnu."), type="week-in-future")
    if not text.strip():
        raise Refused(gettext_lazy("Skriv ugens resumé."), type="note-empty")
    if not sources:
        raise Refused(gettext_lazy("Vælg mindst ét notat, som resuméet bygger på."), type="sources-missing")
    if submit_token is not None:
        taken = take_draft(
            actor=actor, family=family, form=weekly_form(week), submit_token=submit_token, now=now
        )
        if not taken:
            return sent_before(
                actor, submit_token, (family.pk, NoteKind.WEEKLY, text.strip(), None, "", [], [])
            )
    known = sources_of(family, week)
    if not set(sources) <= known.ids:
        raise StaleState(
            gettext_lazy(
                "Et af notaterne er rettet eller taget tilbage, mens du skrev. Se listen, og ret teksten."
            ),
            type="source-changed",
        )
    earlier = summary_of(family, week)
    if earlier is not None and not earlier.withdrawn:
        raise WeekSummarised
    try:
        with transaction.atomic():
            note = Note.objects.create(
                municipality_id=family.municipality_id,
                family=family,
                kind=NoteKind.WEEKLY,
                text=text.strip(),
                week_starts=week.starts,
                # A past week's stands at its end among the notes.
                happened_at=min(now, week.moments[1] - timedelta(minutes=1)),
                author=actor.staff,
                recorded_at=now,
                version=earlier.version + 1 if earlier else 1,
                replaces=earlier,
                reason=_("Skrevet igen") if earlier else "",
                submit_token=submit_token,
            )
    except IntegrityError as broken:
        if not any(name in str(broken) for name in ("note_one_summary_a_week", "note_replaced_once")):
            raise
        raise WeekSummarised from None
    NoteSource.objects.bulk_create(
        [
            *(NoteSource(summary=note, note=one, municipality_id=note.municipality_id)
              for one in known.notes if one.uuid in sources),
            *(NoteSource(summary=note, child_view=one, municipality_id=note.municipality_id)
              for one in known.child_views if one.uuid in sources),
        ]
    )  # fmt: skip
    return note


def weekly_form(week: Week) -> str:
    """The name under which a week's summary keeps its drafts."""
    return f"{WEEKLY_FORM}{week.code}"
