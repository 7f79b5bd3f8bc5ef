"""What parents were asked to answer themselves, put together for the page of measurements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from placement.families.models import Family
from placement.instruments import catalogue
from placement.progression.codes import MissingReason
from workflows.measuring.own_answers.models import SelfReport

#: So long an answer may wait for the worker before the page shows it to whoever must then act by hand.
SOON = timedelta(minutes=10)


def asked_lines(family: Family, *, may: bool) -> list[dict[str, Any]]:
    """What has not become an answer that stands: codes that wait, and what was sent and waits; newest first."""
    waiting = SelfReport.objects.filter(
        family=family, administration__isnull=True, withdrawn_at__isnull=True
    ).select_related("person")
    return [_line(report, may) for report in waiting]


def _line(report: SelfReport, may: bool) -> dict[str, Any]:
    definition = catalogue.find_version(report.instrument, report.instrument_version)
    waited = report.given_at is not None and timezone.now() - report.given_at > SOON
    stuck = bool(report.refused) or waited
    return {
        "title": f"{definition.short if definition else report.instrument}: {report.person}",
        "until": report.expires_at,
        "given": report.given_at is not None,
        "stuck": stuck,
        "late": report.given_at is None and report.expires_at <= timezone.now(),
        "refused": report.refused,
        "answers": _answers(report) if stuck and may else "",
        "id": str(report.uuid) if may else "",
    }


def _answers(report: SelfReport) -> str:
    """What was sent, in words, for whoever must act before it can be written down."""
    sent = report.answers or {}
    said = [
        _("Spørgsmål %(number)s: %(answer)s")
        % {"number": item, "answer": _("ikke relevant") if value is None else value}
        for item, value in sorted(sent.get("answers", {}).items(), key=lambda pair: int(pair[0]))
    ]
    if reason := sent.get("missing_reason"):
        said.append(str(MissingReason(reason).label))
    return "\n".join(said)
