"""Conditions about the family on its own: visits, safety plan, home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows.exit.conditions.base import Ground, Kind, Reader, Rows, Stand, day, newest
from workflows.exit.models import (
    ExitVisit,
    HomeCheck,
    SafetyPlan,
    StepResult,
)
from workflows.kernel.steps import Condition
from workflows.model_versions.exit_ladder import ConditionCode, ConditionRule


@dataclass(frozen=True)
class Visits:
    """Visits on the rung before, since the family last went back from this one."""

    code: str
    held: int
    evaluated: int
    last_on: date | None


def _visits_before(stand: Stand) -> tuple[QuerySet[Any, Any], ...]:
    """Those on the rung before."""
    before = stand.model.rung_before(stand.rung.code).code
    back = next((s.pk for s in stand.steps if s.code == stand.rung.code and s.result == StepResult.BACK), 0)
    rows = ExitVisit.objects.filter(family=stand.family, step__code=before, step__gt=back)
    return (rows.values("held_on", "parents_view"),)


def _made_visits(stand: Stand, rows: Rows) -> Visits:
    return Visits(
        code=stand.model.rung_before(stand.rung.code).code,
        held=len(rows),
        evaluated=sum(bool(row["parents_view"]) for row in rows),
        last_on=max((row["held_on"] for row in rows), default=None),
    )


visits = Reader("visits", _made_visits, _visits_before)


def _visits(facts: Visits, rule: ConditionRule, ground: Ground) -> Condition:
    count = rule.number("count")
    evidence = _("%(done)d af %(count)d på %(code)s") % {
        "done": facts.evaluated,
        "count": count,
        "code": facts.code,
    }
    return Condition(
        code=rule.name,
        title=_("Mindst %(count)d besøg er evalueret af forældre og team") % {"count": count},
        met=facts.evaluated >= count,
        evidence=f"{evidence}, {day(facts.last_on)}" if facts.last_on else evidence,
        reason=_("Skriv %(count)d besøg med forældrenes og teamets evaluering, før familien går videre.")
        % {"count": count},
    )


@dataclass(frozen=True)
class Safety:
    """The safety plan that stands. Who is on call by name is not a fact; that somebody is, is."""

    version: int | None
    dated_on: date | None = None
    signed_by: str = ""
    night_contact: bool = False


def _made_safety(stand: Stand, rows: Rows) -> Safety:
    if not rows:
        return Safety(None)
    (row,) = rows
    reachable = bool(row["night_contact"] and row["night_phone"])
    return Safety(row["version"], row["dated_on"], row["signed_by"], reachable)


safety_plan = Reader(
    "safety_plan",
    _made_safety,
    newest(SafetyPlan, "version", "dated_on", "signed_by", "night_contact", "night_phone"),
)


def _safety_plan(facts: Safety, rule: ConditionRule, ground: Ground) -> Condition:
    days = rule.number("days")
    evidence = ""
    if facts.dated_on:
        evidence = _("Version %(version)d, %(day)s, underskrevet af %(who)s") % {
            "version": facts.version or 0,
            "day": day(facts.dated_on),
            "who": facts.signed_by,
        }
    return Condition(
        code=rule.name,
        title=gettext_lazy("Der er en underskrevet sikkerhedsplan"),
        met=facts.dated_on is not None and facts.dated_on + timedelta(days=days) >= ground.today,
        evidence=evidence,
        reason=_(
            "Sikkerhedsplanen mangler eller er mere end %(days)d dage gammel. Skriv den sammen med familien."
        )
        % {"days": days},
    )


def _night_contact(facts: Safety, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("En netværksperson er på vagt om natten, og nummeret er kendt"),
        met=facts.night_contact,
        evidence=_("Står i sikkerhedsplanen") if facts.night_contact else "",
        reason=gettext_lazy(
            "Skriv i sikkerhedsplanen, hvem familien kan ringe til om natten, og på hvilket nummer."
        ),
    )


@dataclass(frozen=True)
class Home:
    """The newest look at the home."""

    checked_on: date | None
    whole: bool = False
    missing: tuple[str, ...] = ()


_HOME = ("sleeping_place", "heating", "food")


def _made_home(stand: Stand, rows: Rows) -> Home:
    if not rows:
        return Home(None)
    (row,) = rows
    missing = tuple(name for name in _HOME if not row[name])
    return Home(row["checked_on"], not missing, missing)


home_check = Reader("home_check", _made_home, newest(HomeCheck, "checked_on", *_HOME))


def _home_checked(facts: Home, rule: ConditionRule, ground: Ground) -> Condition:
    days = rule.number("days")
    names = {name: str(HomeCheck._meta.get_field(name).verbose_name) for name in facts.missing}  # type: ignore[union-attr]
    evidence = day(facts.checked_on)
    if names:
        evidence = _("%(day)s, mangler: %(what)s") % {"day": evidence, "what": ", ".join(names.values())}
    fresh = facts.checked_on is not None and facts.checked_on + timedelta(days=days) >= ground.today
    return Condition(
        code=rule.name,
        title=gettext_lazy("Boligen er set: sovested, varme og mad"),
        met=facts.whole and fresh,
        evidence=evidence,
        reason=_(
            "Boligen skal være set inden for %(days)d dage og være klar til et barn. Skriv et boligtjek."
        )
        % {"days": days},
    )


KINDS = (
    Kind(ConditionCode.VISITS_EVALUATED, visits, _visits),
    Kind(ConditionCode.SAFETY_PLAN, safety_plan, _safety_plan),
    Kind(ConditionCode.NIGHT_CONTACT, safety_plan, _night_contact),
    Kind(ConditionCode.HOME_CHECKED, home_check, _home_checked),
)
