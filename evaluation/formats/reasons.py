"""Why a value is missing, in the words and the numbers of each format: the one vocabulary that all files share.

A code's letter and number are written into files that people keep and programs that they write: they are never given
to another reason. A new reason gets the next ones.
"""

from __future__ import annotations

from dataclasses import dataclass

#: SPSS's numbers for missing values lie in this band, lowest first, and no real value may. It is so far out because
#: days before the start, weeks and differences are negative numbers too, and -9 is one of them.
LOWEST, HIGHEST = -999_999, -999_970


@dataclass(frozen=True)
class Reason:
    """One reason: its code in the columns ``<name>_missing``, its words, Stata's and SAS's letter, SPSS's number."""

    code: str
    title: str
    title_en: str
    letter: str
    number: int


REASONS: dict[str, Reason] = {
    code: Reason(code, title, title_en, letter, LOWEST + place)
    for place, (code, letter, title, title_en) in enumerate(
        (
            ("suppressed", "a", "Undertrykt af hensyn til genkendelse", "Suppressed to prevent recognition"),
            ("not_asked", "b", "Ikke spurgt", "Not asked"),
            ("declined", "c", "Familien ønskede ikke at svare", "The family did not wish to answer"),
            ("not_relevant", "d", "Ikke relevant", "Not relevant"),
            ("not_yet_due", "e", "Ikke tid endnu", "Not yet due"),
            ("withdrawn", "f", "Taget tilbage", "Taken back"),
            (
                "not_on_list",
                "g",
                "Værdien står ikke på listen over koder og udleveres derfor ikke",
                "The value is not on the list of codes and is therefore not released",
            ),
            ("too_few", "h", "Ingen familier i gruppen", "No families in the group"),
            (
                "generalised",
                "i",
                "Udeladt for alle, så ingen kan kendes",
                "Left out for all, so that nobody is recognised",
            ),
            ("uoplyst", "j", "Uoplyst", "Unknown"),
        )
    )
}
