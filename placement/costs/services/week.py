"""A person's own week of hours: saved, sent, opened again, and what is being typed in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused, StaleState
from placement.access.models import StaffMembership
from placement.access.roles import Action
from placement.clock import danish_day
from placement.costs.codes import (
    ABOUT_A_FAMILY,
    ABOUT_NONE,
    QUARTERS_IN_HOUR,
    UNKNOWN_PROFESSION,
    Activity,
    CostStage,
    category_of,
)
from placement.costs.models import (
    TimeEntry,
    TimeWeek,
    WeekDraft,
    WeekReopening,
)
from placement.costs.selectors import is_asked
from placement.costs.services.checks import check_may, check_reason, check_stage
from placement.costs.weeks import Week
from placement.families.models import Family
from placement.progression.codes import Element
from placement.staffing.models import CASE_ROLES
from placement.staffing.querysets import municipality_of

LARGEST_DRAFT = 20_000


@dataclass(frozen=True)
class Hours:
    """So many quarters of an hour of one kind; ``family`` None: about no single one, ``element`` '': across them."""

    activity: str
    quarters: int
    family: Family | None = None
    element: str = ""
    stage: str = CostStage.OPERATION

    @property
    def key(self) -> tuple[int | None, str, str, str]:
        return (self.family.pk if self.family else None, self.element, self.activity, self.stage)


@transaction.atomic
def save_week(
    *,
    actor: Actor,
    week: Week,
    hours: Sequence[Hours],
    seen: int,
    now: datetime,
    send: bool = False,
    submit_token: UUID | None = None,
) -> TimeWeek:
    """Let the person's week be exactly ``hours``, and close it with ``send``; a number that changes stays as it was.

    ``seen``: the revision of the week that was read, 0 for one not saved yet. The same hours once more change nothing.
    Hours about a family that the person does not see any more stay as they are.
    Raises NotAllowed; Http404 for a family that the person does not see; Refused: ``week-in-future``, ``week-not-asked``,
    ``hours-negative``, ``hours-too-many``, ``hours-twice``, ``activity-unknown``, ``element-unknown``, ``stage-unknown``,
    ``start-up-with-family``; StaleState: ``week-sent`` for a closed one, ``week-changed`` when it was saved meanwhile.
    """
    check_may(actor, Action.REGISTER_TIME)
    today = danish_day(now)
    if week.monday > today:
        raise Refused(_("Ugen ligger i fremtiden. Skriv timerne, når den er begyndt."), type="week-in-future")
    _check_hours(hours)
    _check_seen(actor, hours)
    kept = _held(actor, week)
    if kept is None and not is_asked(municipality_of(actor), week):
        raise Refused(_("Der bliver ikke spurgt om tid i den uge."), type="week-not-asked")
    if kept is None:
        kept = _begun(actor, week, now)
    elif kept.sent_at is not None:
        raise StaleState(_("Ugen er sendt. Åbn den igen, hvis noget skal rettes."), type="week-sent")
    else:
        standing = _standing(kept)
        hidden = _hidden(actor, standing.values())
        wanted = {one.key: one.quarters for one in hours if one.quarters}
        same = wanted == {key: entry.quarters for key, entry in standing.items() if entry not in hidden}
        if same and not send:
            _take_draft(actor, week, submit_token, now)
            return kept
        if kept.revision != seen and not same:
            raise StaleState(
                _("Ugen er gemt et andet sted imens. Se tallene igennem, og gem igen."), type="week-changed"
            )
        kept.revision += 1
    _write(actor, kept, hours, week=week, today=today, now=now)
    kept.saved_at = now
    kept.sent_at = now if send else None
    kept.save(update_fields=["revision", "saved_at", "sent_at"])
    _take_draft(actor, week, submit_token, now)
    return kept


def _held(actor: Actor, week: Week) -> TimeWeek | None:
    """The person's week, held until the transaction ends."""
    mine = TimeWeek.objects.select_for_update().filter(
        municipality_id=municipality_of(actor), staff_id=actor.staff_id, monday=week.monday
    )
    return mine.first()


def _begun(actor: Actor, week: Week, now: datetime) -> TimeWeek:
    try:
        with transaction.atomic():
            return TimeWeek.objects.create(
                municipality_id=municipality_of(actor),
                staff=actor.staff,
                monday=week.monday,
                profession=profession_of(actor, week, danish_day(now)),
                saved_at=now,
            )
    except IntegrityError:
        raise StaleState(
            _("Ugen er gemt et andet sted imens. Se tallene igennem, og gem igen."), type="week-changed"
        ) from None


def profession_of(actor: Actor, week: Week, today: date) -> str:
    """The person's profession in the week: that of a membership which held on its last day that has begun."""
    held = StaffMembership.objects.in_force(min(week.sunday, today)).filter(
        staff_id=actor.staff_id,
        municipality_id=municipality_of(actor),
        role__in=[role.value for role in CASE_ROLES],
    )
    found = held.exclude(profession="").order_by("id").values_list("profession", flat=True).first()
    return found or UNKNOWN_PROFESSION


def _check_hours(hours: Sequence[Hours]) -> None:
    for one in hours:
        if one.quarters < 0:
            raise Refused(_("Timer kan ikke være negative. Ret tallet."), type="hours-negative")
        if one.activity not in Activity.values:
            raise Refused(_("Aktiviteten findes ikke. Vælg en anden."), type="activity-unknown")
        if one.activity not in (ABOUT_A_FAMILY if one.family else ABOUT_NONE):
            raise Refused(
                _("“Med familien” skrives på en familie, supervision og uddannelse uden familie."),
                type="activity-not-here",
            )
        if one.element and one.element not in Element.values:
            raise Refused(_("Kerneelementet findes ikke. Vælg et andet."), type="element-unknown")
        check_stage(one.stage, one.family)
    keys = [one.key for one in hours if one.quarters]
    if len(keys) != len(set(keys)):
        raise Refused(
            _("Den samme familie og det samme kerneelement står i to linjer. Skriv timerne i én af dem."),
            type="hours-twice",
        )


def _check_seen(actor: Actor, hours: Sequence[Hours]) -> None:
    named = {one.family.pk for one in hours if one.family is not None}
    if named and Family.objects.visible_to(actor).filter(pk__in=named).count() != len(named):
        raise Http404


def _standing(week: TimeWeek) -> dict[tuple[int | None, str, str, str], TimeEntry]:
    entries = TimeEntry.objects.filter(week=week, replaced_at__isnull=True)
    return {(entry.family_id, entry.element, entry.activity, entry.stage): entry for entry in entries}


def _hidden(actor: Actor, entries: Collection[TimeEntry]) -> list[TimeEntry]:
    """Those about families that the person does not see any more."""
    named = {entry.family_id for entry in entries if entry.family_id is not None}
    if not named:
        return []
    seen = set(Family.objects.visible_to(actor).filter(pk__in=named).values_list("pk", flat=True))
    return [entry for entry in entries if entry.family_id is not None and entry.family_id not in seen]


def _write(
    actor: Actor, kept: TimeWeek, hours: Sequence[Hours], *, week: Week, today: date, now: datetime
) -> None:
    standing = _standing(kept)
    hidden = _hidden(actor, standing.values())
    begun = week.days_begun(today)
    total = sum(one.quarters for one in hours) + sum(entry.quarters for entry in hidden)
    if total > begun * 24 * QUARTERS_IN_HOUR:
        raise Refused(
            _(
                "Der er 24 timer i et døgn: %(days)d af ugens dage er begyndt, så %(hours)d timer er det meste."
            )
            % {"days": begun, "hours": begun * 24},
            type="hours-too-many",
        )
    wanted = {one.key: one for one in hours if one.quarters}
    unchanged = {
        key
        for key, entry in standing.items()
        if entry in hidden or (key in wanted and wanted[key].quarters == entry.quarters)
    }
    gone = [entry.pk for key, entry in standing.items() if key not in unchanged]
    if gone:
        TimeEntry.objects.filter(pk__in=gone).update(replaced_at=now)
    TimeEntry.objects.bulk_create(
        TimeEntry(
            municipality_id=kept.municipality_id,
            week=kept,
            family=one.family,
            element=one.element,
            activity=one.activity,
            stage=one.stage,
            category=category_of(one.activity, one.stage),
            quarters=one.quarters,
            recorded_at=now,
        )
        for key, one in wanted.items()
        if key not in unchanged
    )


@transaction.atomic
def reopen_week(*, actor: Actor, week: Week, reason: str, now: datetime) -> TimeWeek:
    """Open one's own sent week again; the reason stands with it.

    Raises NotAllowed, Refused (``reason-missing``), StaleState (``week-not-sent``).
    """
    check_may(actor, Action.REGISTER_TIME)
    check_reason(reason, _("Skriv, hvorfor ugen skal åbnes igen."))
    kept = _held(actor, week)
    if kept is None or kept.sent_at is None:
        raise StaleState(_("Ugen er ikke sendt, så den er allerede åben."), type="week-not-sent")
    WeekReopening.objects.create(
        municipality_id=kept.municipality_id,
        week=kept,
        reason=reason.strip(),
        was_sent_at=kept.sent_at,
        reopened_by=actor.staff,
        reopened_at=now,
    )
    kept.sent_at = None
    kept.revision += 1
    kept.save(update_fields=["sent_at", "revision"])
    return kept


@transaction.atomic
def save_draft(*, actor: Actor, week: Week, token: UUID, data: Mapping[str, Any], now: datetime) -> bool:
    """Keep what is being typed in one's week; False when that form has been saved: late, it brings nothing back.

    Raises NotAllowed, Refused (``draft-too-large``).
    """
    check_may(actor, Action.REGISTER_TIME)
    typed = {str(name): str(value).replace("\x00", "") for name, value in data.items()}
    if sum(len(name) + len(value) for name, value in typed.items()) > LARGEST_DRAFT:
        raise Refused(_("Teksten er for lang til at blive gemt som kladde."), type="draft-too-large")
    draft, _made = WeekDraft.objects.select_for_update().get_or_create(
        municipality_id=municipality_of(actor), staff=actor.staff, monday=week.monday
    )
    if draft.saved_token == token:
        return False
    draft.data, draft.updated = typed, now
    draft.save(update_fields=["data", "updated"])
    return True


def _take_draft(actor: Actor, week: Week, token: UUID | None, now: datetime) -> None:
    WeekDraft.objects.update_or_create(
        municipality_id=municipality_of(actor),
        staff=actor.staff,
        monday=week.monday,
        defaults={"data": {}, "saved_token": token, "updated": now},
    )
