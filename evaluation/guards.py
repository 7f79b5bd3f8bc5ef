"""Why a review or an approval may not be given, and which way a release goes on: facts in, the reason for "no" out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import Answer, Kind, Release, ReleaseApproval, ReleaseFile, Status
from evaluation.registry import overtaken
from evaluation.sealing import seal_of
from workflows.kernel.steps import Condition, Situation


@dataclass(frozen=True)
class SealedFacts:
    """What a review or an approval rests on: the files by their seal, and what the report found."""

    seal: str
    round: int
    kind: str
    hard_failures: tuple[str, ...]
    review: str
    reviewed_by: str
    refused: bool


def approval_of(process: Any) -> ReleaseApproval:
    """The row that a municipality's process is about."""
    return ReleaseApproval.objects.select_related("requested_by", "reviewed_by", "reviewed_in").get(
        municipality_id=process.municipality_id,
        release_uuid=process.release_uuid,
        round=process.data["round"],
    )


def sealed_facts(situation: Situation) -> SealedFacts:
    """The facts of both steps, read from the municipality's row."""
    return facts_of(approval_of(situation.process))


def facts_of(approval: ReleaseApproval) -> SealedFacts:
    """The same from the row itself."""
    return SealedFacts(
        seal=approval.seal,
        round=approval.round,
        kind=approval.kind,
        hard_failures=tuple(str(one) for one in approval.report.get("hard_failures", ())),
        review=approval.review,
        reviewed_by=str(approval.reviewed_by.uuid) if approval.reviewed_by else "",
        refused=approval.refused_at is not None,
    )


def report_conditions(facts: SealedFacts) -> tuple[Condition, ...]:
    """That nothing in the report stands in the way. With T1 a hard failure may be answered by a written reason."""
    found = len(facts.hard_failures)
    return (
        Condition(
            code="no-hard-failures",
            title=gettext_lazy("Ingen af rapportens prøver er dumpet"),
            met=not found,
            evidence=_("Ingen dumpede") if not found else _("%(count)d dumpet") % {"count": found},
            reason=" ".join(facts.hard_failures),
        ),
    )


def may_say_yes(facts: SealedFacts, answer: Mapping[str, Any]) -> str | None:
    """A no is always possible. A yes is not, when a test failed: never for what is called anonymous, and for T1 only
    with a reason in writing.
    """
    if answer.get("approved") is not True or not facts.hard_failures:
        return None
    if facts.kind != Kind.T1:
        return _(
            "Rapporten har prøver, der er dumpet, og de kan ikke tilsidesættes for %(kind)s: %(found)s"
        ) % {"kind": facts.kind, "found": " ".join(facts.hard_failures)}
    if not str(answer.get("reason", "")).strip():
        return _("Rapporten har prøver, der er dumpet. Skriv, hvorfor udtrækket gives videre alligevel.")
    return None


def was_reviewed(activation: Any) -> bool:
    """Whether the review said that it may go on."""
    return bool(approval_of(activation.process).review == Answer.YES)


def was_approved(activation: Any) -> bool:
    """Whether the municipality said yes."""
    return bool(approval_of(activation.process).decision == Answer.YES)


def _release_of(activation: Any) -> Release:
    return Release.objects.get(uuid=activation.process.release_uuid)


def is_withdrawn(activation: Any) -> bool:
    """Whether somebody took the release back."""
    return bool(_release_of(activation).status == Status.WITHDRAWN)


def is_over(activation: Any) -> bool:
    """Whether its agreement ended while the municipalities thought."""
    return bool(_release_of(activation).status == Status.EXPIRED)


def refusing(release: Release) -> set[int]:
    """The municipalities that said no in this round."""
    said = {int(code): word["answer"] for code, word in release.answers.items()}
    return {code for code in release.municipalities if said.get(code) == Answer.NO}


def approving(release: Release) -> set[int]:
    """Those that said yes."""
    said = {int(code): word["answer"] for code, word in release.answers.items()}
    return {code for code in release.municipalities if said.get(code) == Answer.YES}


def nobody_is_left(activation: Any) -> bool:
    """Whether no municipality remains whose families could be in it."""
    release = _release_of(activation)
    return not set(release.municipalities) - refusing(release)


def all_said_yes(activation: Any) -> bool:
    """Whether every municipality said yes, and the files are still those it said yes to, and held against all others."""
    release = _release_of(activation)
    agreed = approving(release) == set(release.municipalities)
    return agreed and is_intact(release) and not overtaken(release)


def is_intact(release: Release) -> bool:
    """Whether the files are, byte for byte, those the seal was made of."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name, encode(sha256(content), 'hex') FROM {ReleaseFile._meta.db_table} "
            "WHERE release_id = %s AND round = %s",
            [release.pk, release.round],
        )
        return bool(release.seal) and seal_of(cursor.fetchall()) == release.seal


def otherwise(activation: Any) -> bool:
    """Somebody said no, the files are not what they were, or another release came first: it is built anew."""
    return True
