"""How screening, examination and the two plans beside a pregnancy are told."""

from __future__ import annotations

from django.utils.translation import gettext as _

from workflows.investigation.models import (
    Investigation,
    ParallelPlan,
    ParallelTrack,
    PreliminaryAssessment,
    RiskJudgement,
)
from workflows.investigation.selectors import about_whom
from workflows.journey.entries.base import Source, Told, line, said
from workflows.kernel.models import Element

_ELEMENT = Element.INVESTIGATION.value


def _risk(row: RiskJudgement) -> Told:
    lines = said(row, "protection", "parents_may_be_involved", "network_may_be_involved")
    return Told(_("Risikoen er vurderet, før nogen inddrages"), str(row.judged_by), row.risk, lines, _ELEMENT)


def _begun(row: Investigation) -> Told:
    lines = line(_("Handler om"), about_whom(row.child)) + said(row, "aware_on", "violence_possible")
    return Told(_("Screening begyndt"), str(row.begun_by), row.why, lines, _ELEMENT)


def _screened(row: Investigation) -> Told:
    return Told(_("Screenet"), str(row.screened_by or ""), row.reasons, said(row, "track"), _ELEMENT)


def _preliminary(row: PreliminaryAssessment) -> Told:
    lines = said(row, "why_late", "expected_on")
    return Told(_("Foreløbig vurdering"), str(row.made_by), row.text, lines, _ELEMENT)


def _concluded(row: Investigation) -> Told:
    lines = said(row, "need", "alongside")
    return Told(_("Undersøgelsen er afsluttet"), str(row.concluded_by or ""), row.conclusion, lines, _ELEMENT)


def _track(row: ParallelTrack) -> Told:
    lines = line(_("Handler om"), about_whom(row.child))
    return Told(_("Plan A og plan B begyndt"), str(row.begun_by), row.why, lines, _ELEMENT)


def _plans(row: ParallelPlan) -> Told:
    lines = said(row, "plan_a", "plan_b", "turning_point", "shown_on", "parents_said")
    return Told(_("Plan A og plan B skrevet"), str(row.author), "", lines, _ELEMENT)


def _settled(row: ParallelTrack) -> Told:
    lines = said(row, "outcome", "decided_on", "earliest_on", "term_on")
    return Told(
        _("Afklaret, hvad der gælder ved fødslen"), str(row.settled_by or ""), row.reasons, lines, _ELEMENT
    )


INVESTIGATED: tuple[Source, ...] = (
    Source(
        "risk_judged",
        lambda f: RiskJudgement.objects.filter(family=f).select_related("judged_by"),
        "judged_at",
        _risk,
    ),
    Source(
        "investigation_begun",
        lambda f: Investigation.objects.filter(family=f).select_related("begun_by", "child"),
        "begun_at",
        _begun,
    ),
    Source(
        "investigation_screened",
        lambda f: Investigation.objects.filter(family=f, screened_at__isnull=False).select_related(
            "screened_by"
        ),
        "screened_at",
        _screened,
    ),
    Source(
        "preliminary_assessment",
        lambda f: PreliminaryAssessment.objects.filter(investigation__family=f).select_related("made_by"),
        "made_at",
        _preliminary,
    ),
    Source(
        "investigation_concluded",
        lambda f: Investigation.objects.filter(family=f, concluded_on__isnull=False).select_related(
            "concluded_by"
        ),
        "concluded_on",
        _concluded,
    ),
    Source(
        "parallel_track",
        lambda f: ParallelTrack.objects.filter(family=f).select_related("begun_by", "child"),
        "begun_at",
        _track,
    ),
    Source(
        "parallel_plans",
        lambda f: ParallelPlan.objects.filter(track__family=f).select_related("author"),
        "written_at",
        _plans,
    ),
    Source(
        "parallel_track_settled",
        lambda f: ParallelTrack.objects.filter(family=f, settled_at__isnull=False).select_related(
            "settled_by"
        ),
        "settled_at",
        _settled,
    ),
)
