"""What a course shows, in sentences: the same for those who see the picture and those who do not."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placement.charts import number_word
from placement.instruments.definition import Better, CutOff
from placement.progression.change import SURE, Change, Direction
from placement.templatetags.words import danish_date
from workflows.measuring.courses import Course


def course_sentences(course: Course) -> list[str]:
    """How many scores and the last one, where it stands towards goal and cut-off, and which way they go."""
    if not course.scores:
        return [_("Ingen scorer endnu.")]
    said = [_standing(course)]
    if course.goal is not None:
        said.append(_goal(course))
    said += [_cut_off(course, cut_off) for cut_off in course.cut_offs]
    if (beyond := _beyond_chance(course)) != "":
        said.append(beyond)
    if course.change is not None:
        said.append(_direction(course, course.change))
    return said


def direction_mark(course: Course) -> tuple[str, str]:
    """The mark and the word that say which way a course goes."""
    change = course.change
    if change is None or change.direction is Direction.TOO_FEW:
        return "", _("For få til at sige noget")
    if change.direction is Direction.UNCERTAIN:
        return "", _("Kan ikke siges endnu")
    if change.direction is Direction.STEADY:
        return "", _("Står stille")
    rising = change.direction is Direction.RISING
    if course.better is Better.NEITHER:
        return "", _("Stiger") if rising else _("Falder")
    better = rising == (course.better is Better.HIGHER)
    return ("yes", _("Går frem")) if better else ("wait", _("Går tilbage"))


def _standing(course: Course) -> str:
    day, value = course.scores[-1]
    band = band_words(course, value)
    said = f"{number_word(value)} ({band})" if band else number_word(value)
    told = {"count": len(course.scores), "value": said, "day": danish_date(day)}
    if len(course.scores) == 1:
        return _("1 score: %(value)s den %(day)s.") % told
    standing = _("%(count)d scorer. Seneste %(value)s den %(day)s.") % told
    if course.length == 1:
        return standing
    gathered = _("Hver prik er den midterste af scorerne i %(days)d dage.") % {"days": course.length}
    return f"{standing} {gathered}"


def _goal(course: Course) -> str:
    goal, last = course.goal or 0.0, course.scores[-1][1]
    told = {"goal": number_word(goal)}
    if last == goal:
        return _("Seneste er som målet, %(goal)s.") % told
    return _("Seneste er over målet, %(goal)s.") % told if last > goal else (
        _("Seneste er under målet, %(goal)s.") % told
    )  # fmt: skip


def _cut_off(course: Course, cut_off: CutOff) -> str:
    value = course.scores[-1][1]
    told = {"limit": limit_words(cut_off), "what": cut_off.title}
    at_least, at_most = cut_off.at_least, cut_off.at_most
    crossed = value >= float(at_least) if at_least is not None else value <= float(at_most or 0)
    if crossed:
        return _("Seneste er på den side af grænsen, hvor nogen skal se på det, %(limit)s (%(what)s).") % told
    return _("Seneste når ikke grænsen, %(limit)s (%(what)s).") % told


def band_words(course: Course, value: float) -> str:
    """What the instrument calls a score; "" where it has no word for it."""
    band = course.scale.band_of(Decimal(str(value))) if course.scale else None
    return str(band.title) if band else ""


def limit_words(cut_off: CutOff) -> str:
    """A cut-off as it is said: "11 eller derover"."""
    if cut_off.at_least is not None:
        return _("%(value)s eller derover") % {"value": number_word(float(cut_off.at_least))}
    return _("%(value)s eller derunder") % {"value": number_word(float(cut_off.at_most or 0))}


def _beyond_chance(course: Course) -> str:
    """Whether the last score differs from the first by more than chance; "" where there are no two to compare."""
    if course.length != 1 or len(course.scores) < 2 or not course.measured_with:
        return ""
    if course.reliable is None:
        return _("Redskabet siger ikke, hvor stor en forskel skal være for at være mere end tilfældig.")
    points = course.scores[-1][1] - course.scores[0][1]
    told = {"points": signed_number(points), "least": number_word(course.reliable)}
    if abs(points) < course.reliable:
        return (
            _(
                "Fra første til seneste: %(points)s point. Det kan være tilfældigt, for der skal %(least)s til."
            )
            % told
        )
    if course.better is Better.NEITHER:
        return _("Fra første til seneste: %(points)s point. Det er mere end tilfældigt.") % told
    if (points > 0) == (course.better is Better.HIGHER):
        return _("Fra første til seneste: %(points)s point. Det er bedre, og mere end tilfældigt.") % told
    return _("Fra første til seneste: %(points)s point. Det er dårligere, og mere end tilfældigt.") % told


def _direction(course: Course, change: Change) -> str:
    if change.direction is Direction.TOO_FEW:
        return ngettext(
            "Målt på %(days)d dag: for få til at sige, hvilken vej det går. Der skal mindst fire til.",
            "Målt på %(days)d dage: for få til at sige, hvilken vej det går. Der skal mindst fire til.",
            change.days,
        ) % {"days": change.days}
    if change.direction is Direction.STEADY:
        return _("Scoren har været den samme hele tiden.")
    told = {
        "word": direction_mark(course)[1],
        "estimate": signed_number(change.estimate),
        "least": signed_number(change.least),
        "most": signed_number(change.most),
        "sure": round(SURE * 100),
    }
    if change.direction is Direction.UNCERTAIN:
        return (
            _(
                "Hvilken vej det går, kan ikke siges endnu: fra %(least)s til %(most)s point over hele tiden "
                "(%(sure)d %% sikkerhed)."
            )
            % told
        )
    return (
        _(
            "%(word)s: anslået %(estimate)s point over hele tiden, fra %(least)s til %(most)s "
            "(%(sure)d %% sikkerhed)."
        )
        % told
    )


def signed_number(points: float) -> str:
    """A change as it is written: +2,5, 0, −3."""
    written = number_word(points)
    return written if written.startswith("−") or written == "0" else f"+{written}"
