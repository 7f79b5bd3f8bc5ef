"""Conditions about what has been laid as ground: visits, safety plan, home, network, support, place, plan, handover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement.network.models import Agreement
from workflows.exit.conditions.base import Ground, Kind, Stand, day
from workflows.exit.models import (
    ChildPlanRevision,
    ExitVisit,
    HandoverMeeting,
    HomeCheck,
    PlaceKept,
    ReceivingSupport,
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


def visits(stand: Stand) -> Visits:
    """Read the visits on the rung before."""
    before = stand.model.rung_before(stand.rung.code).code
    back = next((s.pk for s in stand.steps if s.code == stand.rung.code and s.result == StepResult.BACK), 0)
    rows = ExitVisit.objects.filter(family=stand.family, step__code=before, step__gt=back)
    told = list(rows.values_list("held_on", "parents_view"))
    return Visits(
        code=before,
        held=len(told),
        evaluated=sum(bool(parents) for _on, parents in told),
        last_on=max((on for on, _parents in told), default=None),
    )


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


def safety_plan(stand: Stand) -> Safety:
    """Read the newest safety plan."""
    row = SafetyPlan.objects.filter(family=stand.family).first()
    if row is None:
        return Safety(None)
    return Safety(row.version, row.dated_on, row.signed_by, bool(row.night_contact and row.night_phone))


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


def home_check(stand: Stand) -> Home:
    """Read the newest look at the home."""
    row = HomeCheck.objects.filter(family=stand.family).first()
    if row is None:
        return Home(None)
    missing = tuple(name for name in ("sleeping_place", "heating", "food") if not getattr(row, name))
    return Home(row.checked_on, not missing, missing)


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


@dataclass(frozen=True)
class Support:
    """Who receives the family."""

    organisation: str
    informed_on: date | None = None
    first_appointment_on: date | None = None
    health_visitor_on: date | None = None


def receiving_support(stand: Stand) -> Support:
    """Read who receives the family."""
    row = ReceivingSupport.objects.filter(family=stand.family).first()
    if row is None:
        return Support("")
    return Support(
        row.organisation, row.informed_on, row.first_appointment_on, row.health_visitor_informed_on
    )


def _receiving_support(facts: Support, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Den modtagende støtte er navngivet og informeret"),
        met=bool(facts.organisation),
        evidence=f"{facts.organisation}, {day(facts.informed_on)}" if facts.organisation else "",
        reason=gettext_lazy("Skriv, hvem der støtter familien efter flytningen, og hvem kontaktpersonen er."),
    )


def _health_visitor(facts: Support, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Sundhedsplejersken er informeret"),
        met=facts.health_visitor_on is not None,
        evidence=day(facts.health_visitor_on),
        reason=gettext_lazy(
            "Fortæl sundhedsplejersken om planen, og skriv hvornår, ved den modtagende støtte."
        ),
    )


def _first_appointment(facts: Support, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Den første aftale med støtten er lavet"),
        met=facts.first_appointment_on is not None,
        evidence=day(facts.first_appointment_on),
        reason=gettext_lazy("Aftal den første gang med den modtagende støtte, og skriv datoen."),
    )


@dataclass(frozen=True)
class Place:
    """Until when the family's place is kept."""

    kept_until: date | None


def place_kept(stand: Stand) -> Place:
    """Read until when the place is kept."""
    row = PlaceKept.objects.filter(family=stand.family).first()
    return Place(row.kept_until if row else None)


def _place_kept(facts: Place, rule: ConditionRule, ground: Ground) -> Condition:
    needed = max(filter(None, (ground.planned_until, ground.planned_from, ground.today)))
    return Condition(
        code=rule.name,
        title=_("Pladsen holdes til og med %(day)s") % {"day": day(needed)},
        met=facts.kept_until is not None and facts.kept_until >= needed,
        evidence=day(facts.kept_until),
        reason=_(
            "Pladsen skal holdes mindst til %(day)s, så familien kan vende tilbage. Skriv den nye aftale."
        )
        % {"day": day(needed)},
    )


@dataclass(frozen=True)
class Agreements:
    """Agreements with the network, as they were followed up: (day, kept)."""

    followed_up: tuple[tuple[date, bool], ...]


def agreements(stand: Stand) -> Agreements:
    """Read what became of the agreements with the network."""
    rows = Agreement.objects.filter(family=stand.family).order_by("id")
    told = rows.values_list("followed_up_on", "kept")
    return Agreements(tuple((on, kept) for on, kept in told if on is not None and kept is not None))


def _agreements_kept(facts: Agreements, rule: ConditionRule, ground: Ground) -> Condition:
    since = ground.today - timedelta(days=rule.number("days"))
    recent = [kept for on, kept in facts.followed_up if on >= since]
    enough = len(recent) >= rule.number("at_least")
    share = 100 * sum(recent) >= rule.number("percent") * len(recent)
    return Condition(
        code=rule.name,
        title=gettext_lazy("Aftalerne med netværket er holdt"),
        met=enough and share,
        evidence=_("%(kept)d af %(all)d i %(days)d dage")
        % {"kept": sum(recent), "all": len(recent), "days": rule.number("days")},
        reason=gettext_lazy("For få aftaler med netværket er holdt. Følg dem op på netværksmødet."),
    )


@dataclass(frozen=True)
class Handover:
    """The newest handover meeting."""

    held_on: date | None


def handover(stand: Stand) -> Handover:
    """Read the newest handover meeting."""
    row = HandoverMeeting.objects.filter(family=stand.family).first()
    return Handover(row.held_on if row else None)


def _handover_held(facts: Handover, rule: ConditionRule, ground: Ground) -> Condition:
    return Condition(
        code=rule.name,
        title=gettext_lazy("Overleveringsmødet er holdt"),
        met=facts.held_on is not None,
        evidence=day(facts.held_on),
        reason=gettext_lazy("Hold overleveringsmødet med dem, der tager imod familien, og skriv det."),
    )


@dataclass(frozen=True)
class ChildPlan:
    """When the child's plan was revised last."""

    revised_on: date | None


def child_plan(stand: Stand) -> ChildPlan:
    """Read the newest revision of the child's plan."""
    row = ChildPlanRevision.objects.filter(family=stand.family).first()
    return ChildPlan(row.revised_on if row else None)


def _child_plan_revised(facts: ChildPlan, rule: ConditionRule, ground: Ground) -> Condition:
    days = rule.number("days")
    return Condition(
        code=rule.name,
        title=gettext_lazy("Barnets plan er revideret"),
        met=facts.revised_on is not None and facts.revised_on + timedelta(days=days) >= ground.today,
        evidence=day(facts.revised_on),
        reason=_(
            "Barnets plan er ikke revideret inden for %(days)d dage. Revidér den, og skriv, hvad der er ændret."
        )
        % {"days": days},
    )


KINDS = (
    Kind(ConditionCode.VISITS_EVALUATED, visits, _visits),
    Kind(ConditionCode.SAFETY_PLAN, safety_plan, _safety_plan),
    Kind(ConditionCode.NIGHT_CONTACT, safety_plan, _night_contact),
    Kind(ConditionCode.HOME_CHECKED, home_check, _home_checked),
    Kind(ConditionCode.RECEIVING_SUPPORT, receiving_support, _receiving_support),
    Kind(ConditionCode.HEALTH_VISITOR_INFORMED, receiving_support, _health_visitor),
    Kind(ConditionCode.FIRST_APPOINTMENT, receiving_support, _first_appointment),
    Kind(ConditionCode.PLACE_KEPT, place_kept, _place_kept, at_carry_out=True),
    Kind(ConditionCode.AGREEMENTS_KEPT, agreements, _agreements_kept),
    Kind(ConditionCode.CHILD_PLAN_REVISED, child_plan, _child_plan_revised),
    Kind(ConditionCode.HANDOVER_HELD, handover, _handover_held),
)
