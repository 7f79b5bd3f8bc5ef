"""Every write about the chosen families: choosing one, what somebody says, taking it back, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.days import check_possible
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.no_video import refuse_media
from placement.access.roles import Action
from placement.clock import add_months, danish_day
from placement.families.codes import BirthState, PersonKind
from placement.families.models import Family, Person
from placement.research.codes import (
    VIDEOS,
    EndOfSelection,
    How,
    ResearchActivity,
    ResearchAnswer,
    ResearchStatus,
)
from placement.research.models import ResearchConsent, ResearchOutcome, SelectedFamily
from placement.research.rules import ActivityRule, ResearchRules, Window
from placement.research.selectors import Word, chosen_now, matrix_of, stands, word_of


def check_may_choose(family: Family, rules: ResearchRules | None) -> Window:
    """The window in which the family began, when it may be chosen now.

    Raises Refused: ``research-none`` (the family's model version chooses nobody), ``research-municipality``,
    ``research-not-started``, ``research-window`` for a start outside the windows, ``research-full`` for a fifth
    family, ``research-window-full``; StaleState for a family that is chosen already.
    """
    if rules is None:
        raise Refused(
            _(
                "Familiens modelversion vælger ingen familier til VIVE. Flyt familien til en nyere version først."
            ),
            type="research-none",
        )
    if family.municipality_id not in rules.municipalities:
        raise Refused(
            _("Kommunen er ikke med i VIVEs evaluering. Kun Greve, Odense og Randers vælger familier."),
            type="research-municipality",
        )
    if family.started_on is None:
        raise Refused(
            _("Indsatsen er ikke begyndt. En familie vælges efter den dag, indsatsen begynder."),
            type="research-not-started",
        )
    window = rules.window_of(family.started_on)
    if window is None:
        raise Refused(
            _("Indsatsen begyndte %(day)s, og det er uden for vinduerne: %(windows)s.")
            % {
                "day": f"{family.started_on:%d.%m.%Y}",
                "windows": "; ".join(f"{one.first:%d.%m.%Y}-{one.last:%d.%m.%Y}" for one in rules.windows),
            },
            type="research-window",
        )
    chosen = list(chosen_now())
    if any(one.family_id == family.pk for one in chosen):
        raise StaleState(_("Familien er allerede valgt. Genindlæs siden."))
    if len(chosen) >= rules.families:
        raise Refused(
            _(
                "Kommunens %(all)d pladser er taget. VIVE følger %(all)d familier i hver kommune, og ikke flere."
            )
            % {"all": rules.families},
            type="research-full",
        )
    if sum(one.window == window.code for one in chosen) >= window.families:
        raise Refused(
            _(
                "Vinduet “%(window)s” har sine %(all)d familier. Der er plads til familier fra et andet vindue."
            )
            % {"window": window.title, "all": window.families},
            type="research-window-full",
        )
    return window


@transaction.atomic
def choose_family(
    *, actor: Actor, family: Family, rules: ResearchRules | None, now: datetime, why: str = ""
) -> SelectedFamily:
    """Give the family one of the municipality's places. Raises NotAllowed, and what `check_may_choose` raises."""
    if not actor.may(Action.CHOOSE_FOR_RESEARCH):
        raise NotAllowed(_("Din rolle kan ikke vælge familier til VIVE."))
    window = check_may_choose(family, rules)
    assert family.started_on is not None  # or there is no window
    refuse_media(why)
    chosen = list(chosen_now())
    place = min(set(range(1, len(chosen) + 2)) - {one.place for one in chosen})
    inside = {one.turn for one in chosen if one.window == window.code}
    try:
        with transaction.atomic():
            return SelectedFamily.objects.create(
                municipality_id=family.municipality_id,
                family=family,
                window=window.code,
                place=place,
                turn=min(set(range(1, len(inside) + 2)) - inside),
                started_on=family.started_on,
                why=why.strip(),
                selected_on=danish_day(now),
                selected_by=actor.staff,
                selected_at=now,
            )
    except IntegrityError:
        raise StaleState(_("En anden har netop valgt en familie. Genindlæs siden.")) from None


@transaction.atomic
def end_selection(
    *, actor: Actor, selection: SelectedFamily, on: date, reason: str, now: datetime
) -> SelectedFamily:
    """The family leaves the chosen ones from ``on``; its place is free. When it does not want to, every yes is taken back.

    Raises NotAllowed; Refused: ``research-end-reason``, ``research-end-in-future``, ``end-before-start``;
    StaleState when it has left already.
    """
    if not actor.may(Action.CHOOSE_FOR_RESEARCH):
        raise NotAllowed(_("Din rolle kan ikke vælge familier til VIVE."))
    if reason not in EndOfSelection.values:
        raise Refused(_("Vælg, hvorfor familien ikke er med mere."), type="research-end-reason")
    if on > danish_day(now):
        raise Refused(_("Datoen ligger i fremtiden. Ret den."), type="research-end-in-future")
    if on < selection.selected_on:
        raise Refused(
            _("Familien blev valgt %(day)s og kan ikke være gået ud før. Ret datoen.")
            % {"day": f"{selection.selected_on:%d.%m.%Y}"},
            type="end-before-start",
        )
    standing = SelectedFamily.objects.filter(pk=selection.pk, ended_on__isnull=True)
    if not standing.update(ended_on=on, end_reason=reason, ended_by=actor.staff):
        raise StaleState(_("Familien er allerede gået ud. Genindlæs siden."))
    if reason == EndOfSelection.WITHDRAWN:
        given = ResearchConsent.objects.filter(
            selection=selection, answer=ResearchAnswer.YES, withdrawn_on__isnull=True
        )
        for consent in given:
            # A yes said later than that day cannot have been taken back before it was said.
            consent.withdrawn_on = max(on, consent.answered_on)
            consent.withdrawal_recorded_by = actor.staff
            consent.save(update_fields=["withdrawn_on", "withdrawal_recorded_by"])
    selection.refresh_from_db()
    return selection


def _check_chosen(selection: SelectedFamily) -> None:
    if selection.ended_on is not None:
        raise Refused(
            _("Familien er ikke blandt de udvalgte mere. Intet skal gøres for VIVE."), type="research-ended"
        )


def _check_day(day: date, now: datetime) -> None:
    if day > danish_day(now):
        raise Refused(
            _("Et samtykke til forskning kan ikke være givet i fremtiden. Ret datoen."),
            type="research-consent-in-future",
        )
    check_possible(day, now=now)


def _check_person(selection: SelectedFamily, person: Person) -> None:
    if person.family_id != selection.family_id:
        raise Refused(_("Personen er ikke i familien. Vælg en anden."), type="not-of-family")
    if person.kind != PersonKind.PARENT:
        raise Refused(
            _("Forældrene svarer, også for et barn på en video: det gør den, der har forældremyndigheden."),
            type="research-not-a-parent",
        )


@transaction.atomic
def record_answers(
    *,
    actor: Actor,
    selection: SelectedFamily,
    person: Person,
    answers: Mapping[str, str],
    answered_on: date,
    how: str,
    informed_about: str,
    now: datetime,
) -> list[ResearchConsent]:
    """What one person says to some of the activities, each by itself. A yes that stands is left as it is.

    Raises Refused: ``research-ended``, ``not-of-family``, ``research-not-a-parent``, ``research-consent-in-future``,
    ``day-impossible``, ``research-how``, ``research-not-informed``, ``research-nothing-answered``,
    ``research-activity``, ``research-consent-stands`` for a no where a yes stands (it is taken back instead),
    ``video-not-kept``.
    """
    _check_chosen(selection)
    _check_person(selection, person)
    _check_day(answered_on, now)
    if how not in How.values:
        raise Refused(_("Vælg, hvordan personen har svaret."), type="research-how")
    if not informed_about.strip():
        raise Refused(
            _("Skriv, hvad personen er oplyst om. Uden det er et samtykke ikke informeret."),
            type="research-not-informed",
        )
    refuse_media(informed_about)
    if not answers:
        raise Refused(_("Vælg et svar på mindst én aktivitet."), type="research-nothing-answered")
    if not set(answers) <= set(ResearchActivity.values) or not set(answers.values()) <= set(
        ResearchAnswer.values
    ):
        raise Refused(_("Vælg ja eller nej til en af VIVEs aktiviteter."), type="research-activity")
    standing = matrix_of(list(ResearchConsent.objects.filter(selection=selection, person=person)))
    words = {activity: word_of(standing.get((person.pk, activity))) for activity in answers}
    for activity, answer in answers.items():
        if words[activity] is Word.YES and answer == ResearchAnswer.NO:
            raise Refused(
                _("%(name)s har sagt ja til “%(activity)s”. Træk samtykket tilbage i stedet.")
                % {"name": person, "activity": ResearchActivity(activity).label},
                type="research-consent-stands",
            )
    return [
        ResearchConsent.objects.create(
            municipality_id=selection.municipality_id,
            selection=selection,
            family_id=selection.family_id,
            person=person,
            activity=activity,
            answer=answer,
            answered_on=answered_on,
            how=how,
            informed_about=informed_about.strip(),
            recorded_by=actor.staff,
            recorded_at=now,
        )
        for activity, answer in answers.items()
        if words[activity] is not Word.YES
    ]


@transaction.atomic
def withdraw_answer(
    *, actor: Actor, selection: SelectedFamily, person: Person, activity: str, on: date, now: datetime
) -> ResearchConsent:
    """Somebody takes back their yes to one activity; the others stand. Nothing more is due for it.

    Raises Refused: ``not-of-family``, ``research-not-a-parent``, ``research-consent-in-future``,
    ``research-no-consent``, ``end-before-start``.
    """
    _check_person(selection, person)
    _check_day(on, now)
    consent = ResearchConsent.objects.filter(
        selection=selection,
        person=person,
        activity=activity,
        answer=ResearchAnswer.YES,
        withdrawn_on__isnull=True,
    ).first()
    if consent is None:
        raise Refused(
            _("Der er intet samtykke at trække tilbage. Genindlæs siden."), type="research-no-consent"
        )
    if on < consent.answered_on:
        raise Refused(
            _("Samtykket kan ikke trækkes tilbage, før det er givet. Ret datoen."), type="end-before-start"
        )
    consent.withdrawn_on = on
    consent.withdrawal_recorded_by = actor.staff
    consent.save(update_fields=["withdrawn_on", "withdrawal_recorded_by"])
    return consent


@transaction.atomic
def record_outcome(
    *,
    actor: Actor,
    selection: SelectedFamily,
    rule: ActivityRule,
    status: str,
    happened_on: date,
    now: datetime,
    anchor: date | None,
    child: Person | None = None,
    reference: str = "",
    reason: str = "",
) -> ResearchOutcome:
    """What became of one activity. A second word on it corrects the first, and says why.

    ``anchor``: the day that the activity is counted from, when it has come. ``child``: who is on a video. Raises
    Refused: ``research-ended``, ``research-status``, ``research-outcome-in-future``, ``day-impossible``,
    ``video-not-kept``, ``research-outcome-reason`` (not done, or corrected, without saying why); for one that was
    done: ``research-without-consent``, ``research-too-early``, ``not-of-family``, ``video-too-early`` for a child
    that was not two months old.
    """
    _check_chosen(selection)
    if status not in ResearchStatus.values:
        raise Refused(_("Vælg, hvad der er sket."), type="research-status")
    if happened_on > danish_day(now):
        raise Refused(_("Datoen ligger i fremtiden. Ret den."), type="research-outcome-in-future")
    check_possible(happened_on, now=now)
    refuse_media(reference, reason)
    standing = _standing(selection, rule.code)
    if (status != ResearchStatus.DONE or standing is not None) and not reason.strip():
        raise Refused(
            _("Skriv hvorfor: når noget ikke er gennemført, eller når det, der stod, rettes."),
            type="research-outcome-reason",
        )
    done, video = status == ResearchStatus.DONE, rule.code in VIDEOS
    if done:
        _check_consent(selection, rule, happened_on)
        if anchor is None or happened_on < anchor:
            raise Refused(
                _("“%(activity)s” kommer efter %(what)s. Ret datoen, eller vent.")
                % {"activity": rule.title, "what": _ANCHORS[rule.after.value]},
                type="research-too-early",
            )
        if video:
            _check_child(selection, rule, child, happened_on)
    try:
        with transaction.atomic():
            return ResearchOutcome.objects.create(
                municipality_id=selection.municipality_id,
                selection=selection,
                family_id=selection.family_id,
                activity=rule.code,
                status=status,
                happened_on=happened_on,
                reference=reference.strip(),
                reason=reason.strip(),
                child=child if done and video else None,
                child_born_on=child.born_on if done and video and child else None,
                recorded_by=actor.staff,
                recorded_at=now,
                replaces=standing,
            )
    except IntegrityError:
        raise StaleState(_("En anden har netop skrevet om aktiviteten. Genindlæs siden.")) from None


_ANCHORS = {
    "started": _("indsatsens start"),
    "moved_in": _("indflytningen"),
    "exit_begun": _("det første ønskede udslusningstrin"),
}


def _standing(selection: SelectedFamily, activity: str) -> ResearchOutcome | None:
    written = ResearchOutcome.objects.filter(selection=selection, activity=activity)
    return written.filter(replaced_by__isnull=True).first()


def _check_consent(selection: SelectedFamily, rule: ActivityRule, day: date) -> None:
    """What was done was agreed to: the yes had been said that day, and not yet taken back."""
    said = ResearchConsent.objects.filter(selection=selection, activity=rule.code, answered_on__lte=day)
    in_force = said.filter(withdrawn_on__isnull=True) | said.filter(withdrawn_on__gt=day)
    people = list(Person.objects.filter(family_id=selection.family_id))
    if stands(rule.code, people, _as_of(matrix_of(list(in_force)))) is not Word.YES:
        raise Refused(
            _(
                "Der er intet samtykke til “%(activity)s” den dag. Deltagelse er frivillig for hver aktivitet"
                "%(who)s. Skriv samtykket først."
            )
            % {
                "activity": rule.title,
                "who": _(", og til en video siger alle med forældremyndighed ja")
                if rule.code in VIDEOS
                else "",
            },
            type="research-without-consent",
        )


def _as_of(matrix: dict[tuple[int, str], ResearchConsent]) -> dict[tuple[int, str], ResearchConsent]:
    """Rows as they stood on an earlier day: what was taken back later had not been then. Not to be saved."""
    for row in matrix.values():
        row.withdrawn_on = None
    return matrix


def _check_child(selection: SelectedFamily, rule: ActivityRule, child: Person | None, day: date) -> None:
    months = rule.child_months or 0
    if child is None or child.family_id != selection.family_id or child.kind != PersonKind.CHILD:
        raise Refused(_("Vælg det barn i familien, videoen handler om."), type="not-of-family")
    if child.birth_state != BirthState.BORN or child.born_on is None:
        raise Refused(
            _("Barnet er ikke født. VIVEs regel: videoen laves, når barnet er mindst %(months)d måneder.")
            % {"months": months},
            type="video-too-early",
        )
    first = add_months(child.born_on, months)
    if day < first:
        raise Refused(
            _(
                "Barnet fylder %(months)d måneder den %(day)s. VIVEs regel: en samspilsvideo laves først, når barnet er "
                "mindst %(months)d måneder. Ret datoen, eller vent."
            )
            % {"months": months, "day": f"{first:%d.%m.%Y}"},
            type="video-too-early",
        )
