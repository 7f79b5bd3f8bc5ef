"""What the municipalities read before they say anything, for a privacy officer who is no statistician.

The report is JSON that the page and the API show as it stands. It is the same for all municipalities that take part, so it
holds no number about one of them that the files do not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from evaluation.disclosure.attacks import AttackResult
from evaluation.disclosure.delta import Difference
from evaluation.formats import Table
from evaluation.limits import FILES_KEPT
from evaluation.making.parts import Content, Read
from evaluation.models import Agreement, Kind, Release


def report_of(
    release: Release, read: Read, content: Content, attacks: Sequence[AttackResult], *, made_at: datetime
) -> dict[str, Any]:
    """The report of one round. ``hard_failures``: attacks that got through, by their words; for T2 and T3 they end it."""
    return {
        "kind": release.kind,
        "audience": release.audience,
        "made_at": made_at.isoformat(timespec="seconds"),
        "municipalities": list(read.municipalities),
        "agreement": agreement_words(release.under),
        "five_safes": five_safes(release),
        "datasets": [_dataset(table) for table in content.tables],
        "counts": {
            # How many families there are is a number too: of rows and tables that are made safe, only what is in them.
            "families_in": read.families if release.kind == Kind.T1 else None,
            "families_out": content.families_out,
            "suppressed_cells": content.suppressed_cells,
            "suppressed_rows": content.suppressed_rows,
        },
        "risk": list(content.said.get("risk", ())),
        "loss": dict(content.said.get("loss", {})),
        "attacks": [_attack(one) for one in attacks],
        "differences": list(_differences(content.said.get("differences", ()))),
        "hard_failures": [f"{one.title} {one.figure}" for one in attacks if one.hard and not one.passed],
    }


def _attack(result: AttackResult) -> dict[str, Any]:
    return {
        "code": result.code,
        "title": result.title,
        "found": result.figure,
        "meaning": result.words,
        "passed": result.passed,
        "hard": result.hard,
    }


def _differences(found: Iterable[Difference]) -> Iterable[dict[str, Any]]:
    for one in found:
        yield {
            "earlier": one.earlier,
            # Neither where nor how many: that few changed somewhere is what the rule keeps from being told.
            "allowed": one.allowed,
            "reason": "Hvor ingen eller for få familier er ændret, står de tidligere tal; ellers er der mindst ti bag."
            if one.allowed
            else one.reason,
        }


def agreement_words(agreement: Agreement | None) -> dict[str, Any]:
    """The agreement whole, as the municipalities read it."""
    if agreement is None:
        return {}
    return {
        "number": agreement.number,
        "title": agreement.title,
        "purpose": agreement.purpose,
        "legal_basis": agreement.get_legal_basis_display(),
        "role": agreement.get_role_display(),
        "ends_on": agreement.ends_on.isoformat(),
        "people": sorted(str(person.staff) for person in agreement.people.all()),
        "datasets": list(agreement.datasets),
        "variables": list(agreement.variables),
        "follow_up": agreement.get_follow_up_display(),
        "key_id": agreement.key_id,
    }


def five_safes(release: Release) -> dict[str, str]:
    """People, project, setting, data, output: what makes each of them safe, in a sentence."""
    agreement = release.under
    named = len(agreement.people.all()) if agreement else 0
    return {
        "people": (
            f"{'1 navngiven person' if named == 1 else f'{named} navngivne personer'} efter aftalen; "
            f"bestilt af {release.requested_by}."
        ),
        "project": release.purpose,
        "setting": (
            f"{agreement.get_role_display()}; {agreement.get_legal_basis_display()}; til og med "
            f"{agreement.ends_on:%d.%m.%Y}."
            if agreement
            else ""
        ),
        "data": {
            Kind.T1.value: "Rækker med pseudonymer. Det er personoplysninger.",
            Kind.T2.value: "Anonymiserede rækker, beskrevet groft.",
            Kind.T3.value: f"Tabeller. {release.get_audience_display()}.",
        }[release.kind],
        "output": _output(release),
    }


def _output(release: Release) -> str:
    """How the files come out, and for how long: `evaluation.taking`, and `ReleaseFlow.on_publish` for the end."""
    link = "krypteret gennem et link, der tæller og udløber"
    way = (
        f"Rækkerne hentes kun {link}; beskrivelser uden rækker kan også hentes enkeltvis."
        if release.kind == Kind.T1
        else f"Hentes {link}, eller fil for fil uden arkivets kryptering; hver hentning tælles."
    )
    ends = ", og senest når aftalen udløber" if release.under is not None else ""
    return f"{way} Filerne slettes {FILES_KEPT.days} dage efter, at de er frigivet{ends}."


def _dataset(table: Table) -> dict[str, Any]:
    dataset = table.dataset
    return {
        "name": str(dataset.name),
        "title": dataset.title,
        "rows": table.frame.height,
        "variables": [
            {"name": v.name, "title": v.title, "sort": v.sort.value, "why": v.why} for v in dataset.variables
        ],
    }
