"""The law's deadlines of a whole municipality: kept, late and why, still running; counted, without a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, ExpressionWrapper, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import ExtractQuarter, ExtractYear

from placement.access.actor import Actor
from placement.clock import DENMARK
from placement.families.models import Family
from workflows.kernel.models import Clock, LateReason, StopReason


@dataclass
class Count4:
    """How it went with the deadlines that end in one quarter: of a rule, or of all."""

    kept: int = 0
    late: int = 0
    #: Late, and nobody has said why.
    unexplained: int = 0
    #: Running, their end ahead.
    running: int = 0

    @property
    def ended(self) -> int:
        """Those of which it is known whether they were kept."""
        return self.kept + self.late

    @property
    def percent_kept(self) -> int | None:
        """Of those that have ended, whole percent; None while none has."""
        return round(100 * self.kept / self.ended) if self.ended else None


@dataclass
class Rule:
    """One deadline of the law in one year. ``reasons``: how often each kind of reason was given for being late."""

    code: str
    title: str = ""
    source: str = ""
    quarters: dict[int, Count4] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def year(self) -> Count4:
        """The four quarters together."""
        every = self.quarters.values()
        return Count4(*(sum(getattr(one, name) for one in every) for name in _COUNTS))


_COUNTS = ("kept", "late", "unexplained", "running")


def kept(municipality_id: int, *, year: int, now: datetime) -> list[Rule]:
    """Every rule of the law by which a deadline of ``year`` (Danish calendar, by its last day) was counted, by title.

    Late is what was stopped after its end, and what runs past it; after a lost pregnancy nothing is counted, and what
    was stopped in time because nobody needed it any more is neither kept nor late. Two queries, whatever there is.
    """
    explained = LateReason.objects.filter(municipality_id=OuterRef("municipality_id"), clock=OuterRef("pk"))
    ends = _ending_in(municipality_id, year).annotate(said=Subquery(explained.values("kind")[:1]))
    late = Q(stopped_at__gt=F("due_at")) | Q(stopped_at__isnull=True, held_at__isnull=True, due_at__lt=now)
    rows = (
        ends.annotate(quarter=ExtractQuarter("last_moment", tzinfo=DENMARK))
        .order_by()
        .values("rule", "quarter")
        .annotate(
            a_title=Max("title"),
            a_source=Max("source"),
            kept=Count("pk", filter=Q(stop_reason=StopReason.DONE, stopped_at__lte=F("due_at"))),
            late=Count("pk", filter=late),
            unexplained=Count("pk", filter=late & Q(said__isnull=True)),
            running=Count("pk", filter=Q(stopped_at__isnull=True, due_at__gte=now)),
        )
    )
    found: dict[str, Rule] = {}
    for row in rows:
        rule = found.setdefault(row["rule"], Rule(row["rule"], row["a_title"], row["a_source"]))
        rule.quarters[row["quarter"]] = Count4(*(row[name] for name in _COUNTS))
    told = LateReason.objects.filter(
        municipality_id=municipality_id, clock__in=_ending_in(municipality_id, year).values("pk")
    )
    for code, kind, times in told.order_by().values_list("clock__rule", "kind").annotate(times=Count("pk")):
        found[code].reasons[kind] = times
    counted = (rule for rule in found.values() if any(rule.year.__dict__.values()))
    return sorted(counted, key=lambda rule: rule.title)


def _ending_in(municipality_id: int, year: int) -> Any:
    """The law's deadlines whose last moment lies in the year. A day's end is the next midnight: that day is the last."""
    first, after = (datetime(which, 1, 1, tzinfo=DENMARK) for which in (year, year + 1))
    moment = ExpressionWrapper(F("due_at") - Value(timedelta(microseconds=1)), output_field=DateTimeField())
    clocks = Clock.objects.of_the_law().filter(
        municipality_id=municipality_id, due_at__gt=first, due_at__lte=after
    )
    return clocks.exclude(stop_reason=StopReason.PREGNANCY_LOST).annotate(last_moment=moment)


def years(municipality_id: int, *, today: date) -> list[int]:
    """The years that a deadline of the law ends in, and this one; the newest first."""
    moment = ExpressionWrapper(F("due_at") - Value(timedelta(microseconds=1)), output_field=DateTimeField())
    clocks = Clock.objects.of_the_law().filter(municipality_id=municipality_id)
    found = clocks.order_by().annotate(y=ExtractYear(moment, tzinfo=DENMARK)).values_list("y", flat=True)
    return sorted({*found.distinct(), today.year}, reverse=True)


#: Late deadlines of one's own families that are named at once.
NAMED = 40


def late_of_mine(actor: Actor, *, year: int, now: datetime) -> list[Clock]:
    """The late ones of that year whose families the actor may see, newest first, with why; at most `NAMED`."""
    if actor.municipality_id is None:
        return []
    late = Q(stopped_at__gt=F("due_at")) | Q(stopped_at__isnull=True, held_at__isnull=True, due_at__lt=now)
    mine = _ending_in(actor.municipality_id, year).filter(
        late, family_id__in=Family.objects.visible_to(actor).values("pk")
    )
    words = mine.with_words().select_related("family").prefetch_related("family__people")
    return list(words.order_by("-due_at", "-id")[:NAMED])


def quarters(rule: Rule) -> Iterator[tuple[int, Count4]]:
    """The quarters of the year in which the rule counted anything, in order."""
    yield from sorted(rule.quarters.items())
