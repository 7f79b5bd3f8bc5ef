"""Where a family stands with VIVE as pages and the API show it; and the house's places."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from placement.access.actor import Actor
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.people import nameless
from placement.research.models import ResearchConsent, SelectedFamily
from placement.research.selectors import (
    WAITING,
    Item,
    ItemState,
    Word,
    asked_people,
    chosen_now,
    matrix_of,
    word_of,
)
from placement.templatetags.words import danish_date
from workflows.research.acts import RECORDS, place_act
from workflows.research.standing import Standing


def state_words(state: ItemState) -> tuple[str, str]:
    """An activity's mark and word."""
    words = {
        ItemState.DONE: ("yes", _("Gennemført")),
        ItemState.DECLINED: ("yes", _("Familien sagde nej")),
        ItemState.NOT_RELEVANT: ("yes", _("Ikke relevant")),
        ItemState.UNASKED: ("", _("Forældrene er ikke spurgt endnu")),
        ItemState.REFUSED: ("", _("Nej tak: intet skal gøres")),
        ItemState.WITHDRAWN: ("no", _("Samtykket er trukket tilbage: intet skal gøres")),
        ItemState.UPCOMING: ("", _("Kommer")),
        ItemState.DUE: ("now", _("Skal gøres")),
        ItemState.LATE: ("wait", _("Over tiden")),
        ItemState.ENDED: ("", _("Familien er ikke med mere")),
    }
    return words[state]


def when(item: Item) -> str:
    """From when and until when, in words; what it waits for while that is not known."""
    if item.state in (ItemState.NOT_RELEVANT, ItemState.ENDED) and item.outcome is None:
        return ""
    if item.outcome is not None:
        return danish_date(item.outcome.happened_on)
    if item.opens is None:
        if item.rule.child_months is not None and item.child is not None and item.child.born_on is None:
            if item.expected is None:
                return _("når barnet er %(months)d måneder") % {"months": item.rule.child_months}
            return _("når barnet er %(months)d måneder, efter terminen omkring %(day)s") % {
                "months": item.rule.child_months,
                "day": danish_date(item.expected),
            }
        waits = {
            "started": _("efter indsatsens start"),
            "moved_in": _("efter indflytningen"),
            "exit_begun": _("når det første udslusningstrin er ønsket"),
        }
        return waits[item.rule.after.value]
    if item.due is None:
        return _("fra %(first)s, VIVE aftaler tiden") % {"first": danish_date(item.opens)}
    return _("fra %(first)s til %(last)s") % {
        "first": danish_date(item.opens),
        "last": danish_date(item.due),
    }


def item_line(item: Item) -> dict[str, Any]:
    """One activity as the lists show it."""
    mark, word = state_words(item.state)
    return {
        "title": item.rule.title,
        "mark": mark,
        "word": word,
        "when": when(item),
        "waits": item.state in WAITING,
        "source": item.rule.source,
        "reference": item.outcome.reference if item.outcome else "",
        "reason": item.outcome.reason if item.outcome else "",
        "who": str(item.outcome.recorded_by) if item.outcome else "",
    }


_WORD_MARKS = {Word.YES: "yes", Word.NO: "no", Word.WITHDRAWN: "no", Word.UNASKED: ""}


def _cell(consent: ResearchConsent | None) -> dict[str, Any]:
    word = word_of(consent)
    words = {
        Word.YES: _("Ja"),
        Word.NO: _("Nej tak"),
        Word.WITHDRAWN: _("Trukket tilbage"),
        Word.UNASKED: _("Ikke spurgt"),
    }
    on = None if consent is None else consent.withdrawn_on or consent.answered_on
    return {"mark": _WORD_MARKS[word], "word": words[word], "on": on}


def matrix_rows(standing: Standing) -> list[dict[str, Any]]:
    """One row for each activity of the version, one cell for each parent."""
    matrix = matrix_of(standing.consents)
    return [
        {
            "title": item.rule.title,
            "cells": [
                {
                    **_cell(matrix.get((person.pk, item.rule.code))),
                    "name": person.name or nameless(person),
                }
                for person in asked_people(standing.people)
            ],
        }
        for item in standing.items
    ]


def answers_said(standing: Standing) -> list[dict[str, Any]]:
    """Every answer that was written down, newest first: how somebody was informed stays to be read."""
    return [
        {
            "name": str(row.person),
            "activity": row.get_activity_display(),
            **_cell(row),
            "given_on": row.answered_on,
            "withdrawn_on": row.withdrawn_on,
            "how": row.get_how_display(),
            "informed_about": row.informed_about,
            "who": str(row.recorded_by),
        }
        for row in sorted(standing.consents, key=lambda row: -row.pk)
    ]


def family_research(actor: Actor, standing: Standing) -> dict[str, Any]:
    """The context of templates/research/family.html, besides the frame."""
    family, selection = standing.family, standing.selection
    chosen = selection is not None and selection.ended_on is None
    said_yes = any(word_of(row) is Word.YES for row in standing.consents)
    writes, chooses = actor.may(Action.RECORD_RESEARCH), actor.may(Action.CHOOSE_FOR_RESEARCH)
    return {
        "selection": _selection(standing, selection) if selection else None,
        "registration_url": reverse("registration", kwargs={"family": family.uuid}) if writes else "",
        "chosen": chosen,
        "items": [item_line(item) for item in standing.items],
        "people": [person.name or nameless(person) for person in asked_people(standing.people)],
        "matrix": matrix_rows(standing),
        "answers": answers_said(standing),
        "acts": [
            {
                "title": act.title,
                "url": reverse("research-record", kwargs={"family": family.uuid, "act": act.slug}),
            }
            for slug, act in RECORDS.items()
            # A family that has left takes back what it said yes to, and nothing else.
            if writes and (chosen or (slug == "tilbage" and said_yes))
        ],
        "place": {
            "title": place_act(standing).title,
            "url": reverse("research-place", kwargs={"family": family.uuid}),
        }
        if chooses and standing.rules is not None
        else None,
        "source": standing.rules.source if standing.rules else "",
    }


def _selection(standing: Standing, selection: SelectedFamily) -> dict[str, Any]:
    window = standing.rules.window(selection.window) if standing.rules else None
    return {
        "place": selection.place,
        "window": window.title if window else selection.window,
        "window_source": window.source if window else "",
        "on": selection.selected_on,
        "who": str(selection.selected_by),
        "why": selection.why,
        "ended_on": selection.ended_on,
        "end_reason": selection.get_end_reason_display(),
    }


def research_line(family: Family, standing: Standing) -> str:
    """What the family's page says in one line; '' for a family that was never chosen."""
    selection = standing.selection
    if selection is None:
        return ""
    if selection.ended_on is not None:
        return _("Var en af VIVEs udvalgte familier til %(day)s") % {"day": danish_date(selection.ended_on)}
    waiting = [item.rule.title for item in standing.items if item.state in WAITING]
    if not waiting:
        return _("En af VIVEs udvalgte familier. Intet venter.")
    return _("En af VIVEs udvalgte familier. Venter: %(what)s") % {"what": ", ".join(waiting)}


def places_taken() -> int:
    """How many of the municipality's places are taken."""
    return chosen_now().count()
