"""How what VIVE asks of a chosen family is told: chosen, what each person said, taken back, and what became of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from placement.research.codes import ResearchAnswer
from placement.research.models import ResearchConsent, ResearchOutcome, SelectedFamily
from workflows.journey.entries.base import Source, Told, line, said


def _chosen(row: SelectedFamily) -> Told:
    return Told(_("Valgt til VIVEs evaluering"), str(row.selected_by), row.why, said(row, "place"))


def _ended(row: SelectedFamily) -> Told:
    return Told(
        _("Ikke længere en af VIVEs udvalgte familier"), str(row.ended_by or ""), "", said(row, "end_reason")
    )


def _answered(row: ResearchConsent) -> Told:
    yes = row.answer == ResearchAnswer.YES
    return Told(
        _("Samtykke til en af VIVEs aktiviteter") if yes else _("Nej til en af VIVEs aktiviteter"),
        str(row.recorded_by),
        "",
        line(_("Hvem"), str(row.person)) + said(row, "activity", "how", "informed_about"),
    )


def _withdrawn(row: ResearchConsent) -> Told:
    return Told(
        _("Samtykke til en af VIVEs aktiviteter er trukket tilbage"),
        str(row.withdrawal_recorded_by or ""),
        "",
        line(_("Hvem"), str(row.person)) + said(row, "activity"),
    )


def _became(row: ResearchOutcome) -> Told:
    return Told(
        _("VIVEs aktivitet: %(status)s") % {"status": row.get_status_display().lower()},
        str(row.recorded_by),
        "",
        said(row, "activity", "reference", "reason"),
        corrected=row.replaces_id is not None,
    )


RESEARCH: tuple[Source, ...] = (
    Source(
        "research_chosen",
        lambda f: SelectedFamily.objects.filter(family=f).select_related("selected_by"),
        "selected_on",
        _chosen,
    ),
    Source(
        "research_answer",
        lambda f: ResearchConsent.objects.filter(family=f).select_related("person", "recorded_by"),
        "answered_on",
        _answered,
    ),
    Source(
        "research_withdrawn",
        lambda f: ResearchConsent.objects.filter(family=f, withdrawn_on__isnull=False).select_related(
            "person", "withdrawal_recorded_by"
        ),
        "withdrawn_on",
        _withdrawn,
    ),
    Source(
        "research_outcome",
        lambda f: ResearchOutcome.objects.filter(family=f).select_related("recorded_by"),
        "happened_on",
        _became,
    ),
    Source(
        "research_ended",
        lambda f: SelectedFamily.objects.filter(family=f, ended_on__isnull=False).select_related("ended_by"),
        "ended_on",
        _ended,
    ),
)
