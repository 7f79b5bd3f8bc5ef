"""The page of how a family develops: a small picture per goal, instrument and core element, each with its words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from placement.charts import Point, Tick
from placement.clock import today
from placement.families.models import Family
from placement.families.people import family_title
from placement.instruments.definition import Better
from placement.measured_charts import Fan, Limit, Measured, axis_of, measured_panel
from placement.meetings.models import Meeting
from placement.progression.change import Period
from placement.progression.codes import Element
from placement.progression.gas import gas_t_score
from placement.progression.models import Goal, GoalRating
from placement.progression.selectors import last_follow_up
from placement.templatetags.words import danish_date, decimal_comma
from workflows.exit import selectors as exits
from workflows.journey.attainment import AS_EXPECTED
from workflows.measuring.course_words import band_words, course_sentences, direction_mark
from workflows.measuring.courses import ORDER, Course, course, courses
from workflows.progression.selectors import trend_line

#: The T score's scale as it is drawn; a score beyond is drawn at the edge, and its number is the true one.
T_LOW, T_HIGH = 20.0, 80.0


def development(family: Family) -> dict[str, Any]:
    """The context of templates/workflows/development.html. As many queries whatever a family has."""
    goals = _goals(family)
    ticks, shown = _ticks(family), [*_of_goals(family, goals), *courses(family)]
    shown.sort(key=lambda one: ORDER[one.element])
    days = [day for one in shown for day, _value in one.scores]
    axis = axis_of([*days, *(tick.on for tick in ticks)], until=today())
    cards = [(one, _card(one, axis, ticks, f"c{number}")) for number, one in enumerate(shown, start=1)]
    return {
        "family_title": family_title(family),
        "family_url": reverse("family", kwargs={"family": family.uuid}),
        "measurements_url": reverse("measurements", kwargs={"family": family.uuid}),
        "pdf_url": reverse("family-development-pdf", kwargs={"family": family.uuid}),
        "directions": _directions(shown),
        "groups": [
            {"key": element.value, "title": str(element.label), "courses": those}
            for element in Element
            if (those := [card for one, card in cards if one.element == element.value])
        ],
        "timeline": [{"on": tick.on, "what": tick.label, "kind": tick.kind} for tick in ticks],
        "reading": _reading(*axis),
    }


def _reading(first: date, last: date) -> list[str]:
    """How the pictures are read, in sentences."""
    return [
        _("Alle billeder har samme tidslinje, fra %(first)s til %(last)s, og hver sin skala.")
        % {"first": danish_date(first), "last": danish_date(last)},
        _(
            "Stiplet grøn linje er målet. Brun linje med takker er en grænse: takkerne peger mod den side, hvor nogen skal "
            "se på det, og scorerne dér er åbne ruder."
        ),
        _(
            "Gråt bånd: så langt fra den første score kan forskellen være tilfældig. Blå vifte: hvor retningen kan ligge. "
            "Peger den både op og ned, kan retningen ikke siges."
        ),
        _("På tidslinjen er en trekant et udslusningstrin, og en streg et møde."),
    ]


def _goals(family: Family) -> list[Goal]:
    ratings = GoalRating.objects.select_related("follow_up").order_by("follow_up__held_on", "id")
    goals = Goal.objects.filter(family=family).order_by("id")
    return list(goals.prefetch_related(Prefetch("ratings", ratings)))


def _of_goals(family: Family, goals: Sequence[Goal]) -> list[Course]:
    """The T score of all goals, judged by the model's rule at the follow-up, and each goal by itself."""
    rounds: dict[tuple[date, int], list[tuple[int, int]]] = {}
    for goal in goals:
        for rating in goal.ratings.all():
            key = (rating.follow_up.held_on, rating.follow_up_id)
            rounds.setdefault(key, []).append((goal.weight, rating.score))
    together = [(on, float(gas_t_score(rated))) for (on, _id), rated in sorted(rounds.items())]
    found = []
    if together:
        last = last_follow_up(family)
        found.append(
            course(
                together,
                judged=False,
                element=Element.PROGRESSION.value,
                title=_("Målene tilsammen (GAS T-score)"),
                about=_("Ved seneste opfølgning: %(trend)s") % {"trend": trend_line(last)}
                if last and last.trend
                else "",
                low=T_LOW,
                high=T_HIGH,
                better=Better.HIGHER,
                goal=float(AS_EXPECTED),
            )
        )
    return found + [_goal(goal) for goal in goals]


def _goal(goal: Goal) -> Course:
    begun = [] if goal.baseline is None else [(goal.set_on, float(goal.baseline))]
    closed = _("%(goal)s (lukket %(day)s)") % {"goal": goal.title, "day": danish_date(goal.closed_on)}
    return course(
        begun + [(rating.follow_up.held_on, float(rating.score)) for rating in goal.ratings.all()],
        element=Element.PROGRESSION.value,
        title=closed if goal.closed_on else goal.title,
        low=-2.0,
        high=2.0,
        better=Better.HIGHER,
        goal=0.0,
    )


def _ticks(family: Family) -> list[Tick]:
    """Exit steps that were carried out and meetings that were held, oldest first."""
    steps = exits.steps(family).filter(carried_out_on__isnull=False)
    found = [
        Tick(on=step.carried_out_on, label=_("Trin %(code)s") % {"code": step.code}, kind="step")
        for step in steps
        if step.carried_out_on
    ]
    held = Meeting.objects.filter(family=family).only("held_on", "kind", "municipality_id")
    found += [
        Tick(on=meeting.held_on, label=str(meeting.get_kind_display()), kind="meeting") for meeting in held
    ]
    return sorted(found, key=lambda tick: (tick.on, tick.label))


def _card(one: Course, axis: tuple[date, date], ticks: Sequence[Tick], name: str) -> dict[str, Any]:
    sentences = course_sentences(one)
    mark, word = direction_mark(one) if one.change is not None else ("", "")
    drawn = Measured(
        title=one.title,
        sentence=" ".join(sentences),
        points=[Point(period.last, period.value) for period in one.periods],
        low=one.low,
        high=one.high,
        goal=one.goal,
        limits=[
            Limit(float(cut_off.at_least), "above")
            if cut_off.at_least is not None
            else Limit(float(cut_off.at_most or 0), "below")
            for cut_off in one.cut_offs
        ],
        chance=_chance(one),
        fan=_fan(one),
        ticks=ticks,
    )
    return {
        "title": one.title,
        "about": one.about,
        "svg": measured_panel(drawn, axis=axis, name=name),
        "sentences": sentences,
        "mark": mark,
        "word": word,
        "head": (head := _head(one)),
        "rows": (rows := _rows(one)),
        "body": _body(head, rows),
    }


def _chance(one: Course) -> tuple[float, float] | None:
    if one.reliable is None or one.length != 1 or not one.scores:
        return None
    begun = one.scores[0][1]
    return max(one.low, begun - one.reliable), min(one.high, begun + one.reliable)


def _fan(one: Course) -> Fan | None:
    """The estimated direction; none where there is too little to say, or where nothing ever changed."""
    change = one.change
    if change is None or len(one.periods) < 2 or change.least == change.most:
        return None
    span = (one.periods[-1].last - one.periods[0].last).days
    return Fan(
        estimate=change.estimate,
        least=change.least,
        most=change.most,
        through=(change.through[0] / span, change.through[1]),
    )


def _head(one: Course) -> list[str]:
    """The headings of a picture's numbers."""
    if one.length == 1:
        return [_("Dato"), _("Score")]
    return [_("Dato"), _("Midterste score"), _("Antal"), _("Laveste og højeste")]


def _rows(one: Course) -> list[list[str]]:
    """The numbers of a picture, newest first; a period says how many scores it gathers, and between which ends."""
    return [_row(one, period) for period in reversed(one.periods)]


def _row(one: Course, period: Period) -> list[str]:
    if one.length == 1:
        word = band_words(one, period.value)
        value = decimal_comma(period.value)
        return [danish_date(period.first), f"{value} ({word})" if word else value]
    days = danish_date(period.first)
    if period.first != period.last:
        days = f"{days} – {danish_date(period.last)}"
    ends = f"{decimal_comma(period.lowest)} – {decimal_comma(period.highest)}"
    return [days, decimal_comma(period.value), str(period.count), ends]


def _body(head: Sequence[str], rows: Sequence[Sequence[str]]) -> SafeString:
    """The rows as HTML. Written here because there are hundreds of them: a template takes three times as long."""
    cells = (
        (format_html_join("", '<td data-title="{}">{}</td>', zip(head, row, strict=True)),) for row in rows
    )
    return format_html_join("", "<tr>{}</tr>", cells)


def _directions(shown: Sequence[Course]) -> list[dict[str, Any]]:
    """Which pictures go which way, for those who have one minute: what goes back first."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in shown:
        if one.change is not None:
            found.setdefault(direction_mark(one), []).append(one.title)
    order = ["wait", "yes", ""]
    return [
        {"mark": mark, "word": word, "titles": titles}
        for (mark, word), titles in sorted(found.items(), key=lambda item: order.index(item[0][0]))
    ]
