"""How the moves are told on a family's history."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from placement.families.codes import EndReason
from placement.families.stay_models import Pause, PersonPath, SiteChange
from workflows.journey.entries import Line, Source, Told, said
from workflows.journey.moves.models import Correction, EarlierJourney, HandOver, RiskAssessment, Withdrawal
from workflows.journey.moves.reopening import KEPT
from workflows.kernel.models import Element

_JOURNEY = Element.JOURNEY.value


def _paused(row: Pause) -> Told:
    return Told(_("Sat på pause"), str(row.paused_by), row.text, said(row, "reason"), _JOURNEY)


def _resumed(row: Pause) -> Told:
    lines = said(row, "paused_on")
    return Told(_("Genoptaget efter pause"), str(row.resumed_by or ""), "", lines, _JOURNEY)


def _path(row: PersonPath) -> Told:
    lines: list[Line] = [(_("Hvem"), str(row.person)), *said(row, "where", "legal_basis")]
    return Told(_("En persons egen vej"), str(row.recorded_by), row.text, lines, _JOURNEY)


def _site_change(row: SiteChange) -> Told:
    lines = said(row, "from_site", "to_site", "from_room", "to_room")
    return Told(_("Skiftet sted"), str(row.recorded_by), row.reason, lines, _JOURNEY)


def _given(row: HandOver) -> Told:
    lines: list[Line] = [(_("Opgave"), str(row.task.title)), (_("Til"), str(row.given_to))]
    return Told(_("Opgave overdraget"), str(row.given_by), row.note, lines, row.task.element)


def _taken_back(row: HandOver) -> Told:
    lines: list[Line] = [(_("Opgave"), str(row.task.title)), (_("Fra"), str(row.given_to))]
    return Told(_("Overdragelse slut"), str(row.taken_back_by or ""), "", lines, row.task.element)


def _corrected(row: Correction) -> Told:
    lines: list[Line] = [(_("Svaret var givet af"), str(row.answered_by)), *((t, x) for t, x in row.earlier)]
    return Told(
        _("Rettet: %(step)s") % {"step": row.task.title},
        str(row.corrected_by),
        row.reason,
        lines,
        row.task.element,
        corrected=True,
    )


def _withdrawn(row: Withdrawal) -> Told:
    if row.reason == EndReason.PREGNANCY_LOST:
        # Gently, and nothing else: nobody is asked for more.
        return Told(_("Graviditeten er ophørt"), str(row.withdrawn_by), "", [], _JOURNEY)
    names = ("reason", "initiator", "planned", "phase_before", "ended_on", "child_lives", "support_after")
    return Told(_("Forløbet er afbrudt"), str(row.withdrawn_by), row.text, said(row, *names), _JOURNEY)


def _reopened(row: EarlierJourney) -> Told:
    names = (name.removesuffix("_id") for name in KEPT)
    return Told(_("Åbnet igen som nyt forløb"), str(row.reopened_by), row.reason, said(row, *names), _JOURNEY)


def _risk(row: RiskAssessment) -> Told:
    lines = said(row, "child_safe", "next_step")
    return Told(_("Risikovurdering"), str(row.assessed_by), row.text, lines, _JOURNEY)


def _of(model: Any, *related: str) -> Any:
    return lambda family: model.objects.filter(family=family).select_related(*related)


#: Of what happened at the same moment, the later in this list stands as the newer.
MOVES: tuple[Source, ...] = (
    Source("paused", _of(Pause, "paused_by"), "paused_on", _paused),
    Source(
        "resumed",
        lambda family: _of(Pause, "resumed_by")(family).filter(resumed_on__isnull=False),
        "resumed_on",
        _resumed,
    ),
    Source("path", _of(PersonPath, "person", "recorded_by"), "begins_on", _path),
    Source("site_change", _of(SiteChange, "from_site", "to_site", "recorded_by"), "moved_on", _site_change),
    Source("handed_over", _of(HandOver, "task", "given_to", "given_by"), "given_at", _given),
    Source(
        "taken_back",
        lambda family: _of(HandOver, "task", "given_to", "taken_back_by")(family).filter(
            taken_back_at__isnull=False
        ),
        "taken_back_at",
        _taken_back,
    ),
    Source("risk_assessed", _of(RiskAssessment, "assessed_by"), "assessed_at", _risk),
    Source("corrected", _of(Correction, "task", "answered_by", "corrected_by"), "corrected_at", _corrected),
    Source("withdrawn", _of(Withdrawal, "withdrawn_by"), "withdrawn_at", _withdrawn),
    Source("reopened", _of(EarlierJourney, "site", "reopened_by"), "reopened_at", _reopened),
)
