"""What can be written about VIVE's chosen families: a form, the service behind it, and the deadlines that follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.research.models import SelectedFamily
from placement.research.services import (
    choose_family,
    end_selection,
    record_answers,
    record_outcome,
    withdraw_answer,
)
from workflows.kernel.lock import family_locked
from workflows.research.forms import (
    AnswersForm,
    ChooseForm,
    EndForm,
    OutcomeForm,
    ResearchForm,
    WithdrawForm,
)
from workflows.research.reminders import remind

Done = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """One thing to write. ``slug`` stands in the page's address, ``program`` in the API's; neither ever changes."""

    slug: str
    program: str
    title: Promise
    description: Promise
    form: type[ResearchForm]
    write: Callable[[Actor, Any, datetime], Done]


def selection_of(form: ResearchForm) -> SelectedFamily:
    """The family's place. Raises Refused (``research-not-chosen``) for a family that has none, or has left it."""
    selection = form.standing.selection
    if selection is None or selection.ended_on is not None:
        raise Refused(
            _("Familien er ikke en af VIVEs udvalgte familier. Kun de bliver spurgt om aktiviteterne."),
            type="research-not-chosen",
        )
    return selection


def _answer(actor: Actor, form: AnswersForm, now: datetime) -> Done:
    selection, cleaned = selection_of(form), form.cleaned_data
    person = form.chosen("person")
    assert person is not None
    made = record_answers(
        actor=actor,
        selection=selection,
        person=person,
        answers=form.answers(),
        answered_on=cleaned["answered_on"],
        how=cleaned["how"],
        informed_about=cleaned["informed_about"],
        now=now,
    )
    return {"consents": [str(one.uuid) for one in made]}


def _withdraw(actor: Actor, form: WithdrawForm, now: datetime) -> Done:
    person, selection = form.chosen("person"), form.standing.selection
    assert person is not None
    if selection is None:
        selection = selection_of(form)
    # Also of a family that has left: what was said yes to then is theirs to take back.
    consent = withdraw_answer(
        actor=actor,
        selection=selection,
        person=person,
        activity=form.cleaned_data["activity"],
        on=form.cleaned_data["on"],
        now=now,
    )
    return {"consents": [str(consent.uuid)]}


def _settle(actor: Actor, form: OutcomeForm, now: datetime) -> Done:
    selection, cleaned = selection_of(form), form.cleaned_data
    rule = form.standing.rule(cleaned["activity"])
    if rule is None:
        raise Refused(_("Familiens modelversion har ikke den aktivitet."), type="research-activity")
    made = record_outcome(
        actor=actor,
        selection=selection,
        rule=rule,
        status=cleaned["status"],
        happened_on=cleaned["happened_on"],
        anchor=form.standing.anchors[rule.after],
        child=form.chosen("child"),
        reference=cleaned["reference"],
        reason=cleaned["reason"],
        now=now,
    )
    return {"outcome": str(made.uuid)}


def _choose(actor: Actor, form: ChooseForm, now: datetime) -> Done:
    made = choose_family(
        actor=actor,
        family=form.standing.family,
        rules=form.standing.rules,
        why=form.cleaned_data["why"],
        now=now,
    )
    return {"selection": str(made.uuid)}


def _end(actor: Actor, form: EndForm, now: datetime) -> Done:
    ended = end_selection(
        actor=actor,
        selection=selection_of(form),
        on=form.cleaned_data["on"],
        reason=form.cleaned_data["reason"],
        now=now,
    )
    return {"selection": str(ended.uuid)}


_VOLUNTARY = _("Deltagelse er frivillig for hver aktivitet og har ingen betydning for hjælpen.")

RECORDS: dict[str, Act] = {
    act.slug: act
    for act in (
        Act("samtykke", "consents", _("Svar på VIVEs aktiviteter"), _VOLUNTARY, AnswersForm, _answer),
        Act(
            "tilbage",
            "withdrawals",
            _("Træk et samtykke til VIVE tilbage"),
            _("Det gælder straks. Det, der ventede for aktiviteten, falder bort; de andre svar står."),
            WithdrawForm,
            _withdraw,
        ),
        Act(
            "status",
            "outcomes",
            _("Status for en af VIVEs aktiviteter"),
            _(
                "Kun status: gennemført, nej tak eller ikke relevant. Aldrig optagelsen, og aldrig hvad der blev sagt."
            ),
            OutcomeForm,
            _settle,
        ),
    )
}

CHOOSE = Act(
    "vaelg",
    "place",
    _("Vælg familien til VIVE"),
    _(
        "Hver kommune har fire pladser, to i hvert startvindue. Familien spørges bagefter, og kan sige nej til alt."
    ),
    ChooseForm,
    _choose,
)
END = Act(
    "slut",
    "place",
    _("Familien er ikke med hos VIVE mere"),
    _("Pladsen bliver ledig, og intet mere skal gøres for VIVE. Det, der er skrevet, bliver stående."),
    EndForm,
    _end,
)


def place_act(standing: Any) -> Act:
    """What can be done with a family's place: leave it when it has one, else take one."""
    chosen = standing.selection is not None and standing.selection.ended_on is None
    return END if chosen else CHOOSE


def carry_out(act: Act, *, actor: Actor, form: ResearchForm, now: datetime) -> Done:
    """Write what a valid form says, under the family's lock, and bring the deadlines along."""
    with family_locked(form.standing.family):
        done = act.write(actor, form, now)
        remind(form.standing.family, now=now)
    return done
