"""What the invented staff write in the log: notes with their tags, and last week's summary."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction

from demo.answers import CHILD_SIGNALS
from demo.walk import Company
from placement import clock
from placement.families.models import Family
from placement.journal.services import write_note
from placement.journal.weekly import Week, assembled, sign_summary, sources_of

#: Each with the situation and the themes that its writer would tick.
OBSERVATIONS: tuple[tuple[str, list[str], list[str]], ...] = (
    (
        "Rolig morgen. Mor tog selv barnet op, da det vågnede, og fortalte, hvad hun så.",
        ["sleep"],
        ["reads-signals"],
    ),
    ("Far badede barnet uden hjælp. Barnet var roligt og holdt blikket på ham.", ["bath"], ["practical"]),
    (
        "Svær aften med gråd. Mor bad om hjælp efter et kvarter og satte sig så igen med barnet.",
        ["comfort"],
        ["emotional-care", "cooperation"],
    ),
    (
        "Måltidet tog tid, men begge forældre blev siddende og talte roligt.",
        ["meal"],
        ["positive-climate", "safety"],
    ),
    (
        "Mor opdagede selv, at barnet var træt, og gik fra besøget i god tid.",
        ["contact"],
        ["childs-needs", "own-needs"],
    ),
    (
        "Natten: oppe to gange. Far trøstede og fandt ro efter ti minutter.",
        ["sleep", "comfort"],
        ["emotional-care"],
    ),
)
AGREEMENT = (
    "Vi har aftalt: Far tager nattens andet måltid.\nHvem gør hvad: Far varmer, mor sover.\n"
    "Hvornår ser vi på det igen: på mandag."
)
ASSESSMENT = "Forældrene deler natten bedre end før. Mor beder om hjælp, inden hun bliver vred."


def an_everyday_note(
    company: Company, family: Family, *, moment: datetime, score: Decimal, element: str, rng: Random
) -> bool:
    """The practitioner's note of a day; False when they are not on the family's team then."""
    known = [*OBSERVATIONS, *((text, [], ["reads-signals"]) for text in CHILD_SIGNALS)]
    text, situations, themes = rng.choice(known)
    return _write(
        company, family, moment, kind="observation", text=text, situations=situations, themes=themes,
        element=element, score=score,
    )  # fmt: skip


def last_week(company: Company, family: Family, *, until: datetime) -> None:
    """Some days of the last whole week before ``until``, and its summary signed on the Monday after."""
    week = Week.of(clock.danish_day(until)).later(-1)
    first, after = week.moments
    text, situations, themes = OBSERVATIONS[2]
    days: list[tuple[timedelta, dict[str, Any]]] = [
        (timedelta(hours=8), {"kind": "observation", "text": text, "situations": situations, "themes": themes,
                              "element": "mentalisation", "score": Decimal(5)}),
        (timedelta(days=2, hours=15), {"kind": "agreement", "text": AGREEMENT, "situations": ["sleep", "meal"],
                                       "themes": ["cooperation"], "element": "mentalisation"}),
        (timedelta(days=4, hours=21), {"kind": "child-view", "text": CHILD_SIGNALS[0], "situations": ["comfort"],
                                       "themes": ["reads-signals"]}),
        (timedelta(days=5, hours=10), {"kind": "assessment", "text": ASSESSMENT, "themes": ["sees-change"],
                                       "element": "progression", "score": Decimal(6)}),
    ]  # fmt: skip
    if not all(_write(company, family, first + later, **note) for later, note in days):
        return
    signed_at = min(after + timedelta(hours=8), until)
    with clock.standing_at(signed_at):
        actor = company.actor("practitioner")
        with actor.acting(), transaction.atomic():
            known = sources_of(family, week)
            sign_summary(
                actor=actor, family=family, week=week, text=assembled(known), sources=sorted(known.ids),
                now=signed_at,
            )  # fmt: skip


def _write(company: Company, family: Family, moment: datetime, **note: Any) -> bool:
    with clock.standing_at(moment):
        actor = company.actor("practitioner")
        with actor.acting(), transaction.atomic():
            if not Family.objects.visible_to(actor).filter(pk=family.pk).exists():
                return False
            write_note(actor=actor, family=family, now=moment, **note)
    return True
