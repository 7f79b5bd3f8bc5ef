"""Attacks on the research extract (T1), and on ids, order and ways over time wherever they are."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import polars as pl

from evaluation.disclosure import risk
from evaluation.disclosure.attacks.parts import AttackResult, Looked, per_cent
from evaluation.disclosure.delta import LEAST_CHANGED

#: What A5 lets known points pin down.
MOST_TO_ONE, MOST_TO_FEW = 0.01, 0.05
#: How far file order may follow the order families came in (rank correlation), for more than a handful of rows.
MOST_ORDER = 0.1


#: The attack on the day of the start, by which an extract that is followed by half-years stands or falls.
STARTS = "A15"

_QUASI = (
    "municipality_code", "started_on", "started_half", "age_parent_1", "age_parent_2", "older_children",
    "child_at_start", "home_language",
)  # fmt: skip
_SECRET = ("outcome", "employment_parent_1", "home_before")


def on_extract(after: pl.DataFrame, looked: Looked) -> list[AttackResult]:
    quasi = [name for name in _QUASI if name in after.columns]
    found = []
    if quasi and after.height:
        measured = risk.measure(after, quasi, [name for name in _SECRET if name in after.columns])
        found.append(
            AttackResult(
                "A1",
                "Kan nogen genkendes på det, andre ved?",
                measured.smallest >= LEAST_CHANGED,
                False,
                f"{per_cent(measured.unique)} er alene",
                f"Af {measured.families} familier er {per_cent(measured.unique)} alene om deres beskrivelse. Filen er "
                "personoplysninger og må kun bruges af de navngivne i aftalen; navne og numre er væk, men familierne kan "
                "genkendes af den, der kender dem.",
            )
        )
    found.append(trajectories(looked, hard=False))
    found.append(order_and_keys(after, looked))
    found.append(starts(looked))
    return found


def starts(looked: Looked) -> AttackResult:
    """A15: what was on the n-th day after the start was at the latest on the day of the extract; so when was the start?"""
    title = "Kan dagen for start regnes ud?"
    if looked.told is None or looked.as_of is None or not looked.told.height:
        return AttackResult(STARTS, title, True, True, "ingen forløb", "Udtrækket tæller intet fra starten.")
    latest = pl.min_horizontal(
        "last", pl.lit(looked.as_of) - pl.duration(days=pl.col("days").ceil().cast(pl.Int64))
    )
    bound = pl.min_horizontal("last", pl.lit(looked.as_of))
    closer = looked.told.filter(latest < bound).height
    families = looked.told.height
    return AttackResult(
        STARTS,
        title,
        closer == 0,
        not looked.to_the_day,
        f"{closer} af {families} familier",
        "Vi trak det seneste, der fortælles om hver familie, fra udtrækkets dag: så sent kan den højst være startet. Antal, der "
        "er talt til den dag, er det seneste. For "
        f"{closer} af {families} familier kommer man på den måde tættere på end det halvår, udtrækket siger. "
        + (
            "Det siger aftalen, at udtrækket må."
            if looked.to_the_day
            else "Alle med samme halvår skal være fulgt lige længe."
        ),
    )


def trajectories(looked: Looked, *, hard: bool) -> AttackResult:
    """A5: two or four known moments of a family's way."""
    title = "Kan nogen genkendes på forløbet?"
    if looked.events is None:
        return AttackResult(
            "A5",
            title,
            True,
            hard,
            "ingen forløb",
            "Filen har en linje for hver familie og ingen forløb over tid.",
        )
    two, four = (risk.trajectory(looked.events, points=points, seed=looked.seed) for points in (2, 4))
    one, few = max(two.to_one, four.to_one), max(two.to_few, four.to_few)
    return AttackResult(
        "A5",
        title,
        one <= MOST_TO_ONE and few <= MOST_TO_FEW,
        hard,
        f"{per_cent(one)} fundet, {per_cent(few)} blandt færre end fem",
        "Vi lod, som om nogen kender to eller fire tidspunkter i en families forløb, og ledte efter alle, der passer. "
        f"{per_cent(one)} af familierne var så den eneste (grænse {per_cent(MOST_TO_ONE)}), og {per_cent(few)} var "
        f"blandt færre end fem (grænse {per_cent(MOST_TO_FEW)}).",
    )


def order_and_keys(after: pl.DataFrame, looked: Looked) -> AttackResult:
    """A11: ids made from something guessable without a key, and an order that says who came first."""
    ids = next(
        (after[name].cast(pl.String).to_list() for name in ("row_id", "family_id") if name in after.columns),
        [],
    )
    guessed = sum(one in ids for one in _guesses(looked.identifiers or {}))
    order = 0.0
    if looked.arrival and "family_id" in after.columns and after.height >= 20:
        place = {family: number for number, family in enumerate(looked.arrival)}
        came = [place[family] for family in after["family_id"].to_list() if family in place]
        order = abs(_correlation(came))
    allowed = max(MOST_ORDER, 3 / max(after.height, 1) ** 0.5)
    along = f"{order:.2f}".replace(".", ",")
    return AttackResult(
        "A11",
        "Kan nøglen gættes, eller røber rækkefølgen noget?",
        not guessed and order <= allowed,
        True,
        f"{guessed} gættet, rækkefølge {along}"
        if looked.identifiers or looked.arrival
        else "ikke prøvet her",
        (
            "Vi regnede kendte CPR-numre og interne numre om på de almindelige måder uden nøgle og ledte efter resultatet i "
            f"filen: {guessed} passede. "
            if looked.identifiers
            else "Om et kendt nummer kan regnes om til filens, er ikke prøvet her: programmet, der laver filerne, kender ingen "
            "numre. Det prøves, hver gang systemet ændres. "
        )
        + (
            f"Filens rækkefølge følger den, familierne kom i, med {along} (0 er slet ikke, 1 er helt)."
            if looked.arrival
            else "Filens rækker står efter deres pseudonym eller tilfældigt."
        ),
    )


def _guesses(identifiers: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """What an id would be if it were made from a known number without a key, or with a thoughtless one."""
    for known_of in identifiers.values():
        for value in known_of:
            raw = value.encode()
            digests = [hashlib.new(name, raw).hexdigest() for name in ("md5", "sha1", "sha256")]
            digests += [
                hmac.new(key, raw, "sha256").hexdigest() for key in (b"", b"key", b"secret", b"\0" * 32)
            ]
            yield value
            for digest in digests:
                yield from (digest, digest[:16], digest[:20], digest[:32])


def _correlation(numbers: Sequence[int]) -> float:
    """Spearman's rank correlation of a sequence with its own order."""
    if len(numbers) < 3:
        return 0.0
    ranks = np.argsort(np.argsort(np.asarray(numbers)))
    return float(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1])
