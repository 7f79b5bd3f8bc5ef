"""Rare codes of an extract: none stands in a word of its own that only a few families have."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from evaluation.formats import Table
from evaluation.limits import RARE_BELOW
from evaluation.making import rows
from evaluation.making.attacking import allowed_in
from evaluation.making.merging import MERGED, may_merge, merged, rare
from evaluation.making.parts import Read
from evaluation.variables import DATASETS

REGISTRATION = DATASETS["registration"].only(["home_language", "outcome"])


def families(*codes: str | None) -> pl.DataFrame:
    """A family for each code of its language at home."""
    return pl.DataFrame(
        {
            "family_id": [f"f{number}" for number in range(len(codes))],
            "home_language": codes,
            "home_language_missing": [None if code else "not_asked" for code in codes],
            "outcome": pl.Series([None] * len(codes), dtype=pl.String),
            "outcome_missing": "not_yet_due",
        }
    )


def languages(frame: pl.DataFrame) -> list[str | None]:
    table, _ = merged(Table(REGISTRATION, frame))
    return table.frame["home_language"].to_list()


def test_a_code_of_four_families_is_told_as_other_with_the_next_rarest() -> None:
    # "other" alone would be the only code that is not seen: its four families would be told by the missing word.
    found = languages(families(*["danish"] * 20, *["other"] * 4, *["both"] * 6, None))
    assert found == ["danish"] * 20 + [MERGED] * 10 + [None]


def test_codes_that_are_rare_together_need_no_other() -> None:
    found = languages(families(*["danish"] * 20, *["other"] * 3, *["both"] * 3))
    assert found == ["danish"] * 20 + [MERGED] * 6


def test_what_no_family_has_and_what_many_have_stays() -> None:
    found = languages(families(*["danish"] * 20, *["other"] * 5))
    assert found == ["danish"] * 20 + ["other"] * 5


def test_a_family_with_many_rows_is_one_family() -> None:
    codes, family = (
        pl.Series(["danish"] * 9 + ["other"] * 9),
        pl.Series([f"f{n}" for n in range(9)] + ["g"] * 9),
    )
    assert rare(codes, family) == ["other", "danish"]


@pytest.mark.parametrize("seed", range(8))
def test_every_code_in_the_files_has_the_number_of_families_or_is_all_there_is(seed: int) -> None:
    chance = Random(seed)
    codes = chance.choices(
        ["danish", "other", "both", None], (chance.random(), chance.random(), 0.1, 0.1), k=60
    )
    frame = families(*codes).with_columns(home_language=pl.Series(languages(families(*codes))))
    often = dict(frame["home_language"].drop_nulls().value_counts().iter_rows())
    assert set(often) == {MERGED} or min(often.values()) >= RARE_BELOW


def test_an_extract_of_a_few_families_keeps_its_codes() -> None:
    """Put together, all would be one word, and nobody could learn anything; who knows a family knows it anyhow."""
    frame = families(*["danish"] * 15, *["other"] * 4)
    content = rows.content_of(Read((REGISTRATION,), {"registration": frame}, (253,)))
    assert content.tables[0].frame["home_language"].to_list() == ["danish"] * 15 + ["other"] * 4
    assert "Sjældne koder" not in content.said["loss"]


def test_what_a_row_is_and_what_staff_did_stay() -> None:
    may = {(d.name.value, v.name) for d in DATASETS.values() for v in d.variables if may_merge(d, v)}
    assert {("registration", "outcome"), ("families", "enquiry_source"), ("outcomes", "child_lives")} <= may
    assert (
        not {
            ("children", "kind"),
            ("fidelity", "indicator"),
            ("measurements", "instrument"),
            ("rates", "what"),
        }
        & may
    )
    assert all(MERGED not in v.values for d in DATASETS.values() for v in d.variables)


def test_report_and_codebook_say_what_was_put_together_and_no_number_of_families() -> None:
    frame = families(*["danish"] * 20, *["other"] * 3)
    content = rows.content_of(Read((REGISTRATION,), {"registration": frame}, (253,)))
    assert (
        "Sprog i hjemmet" in content.said["loss"]["Sjældne koder"]
        and "3" not in content.said["loss"]["Sjældne koder"]
    )
    [table] = content.tables
    [language] = [v for v in table.dataset.variables if v.name == "home_language"]
    assert set(DATASETS["registration"].only(["home_language"]).variables[-1].values) < set(language.values)
    assert list(language.values)[-1] == MERGED and "5 familier" in language.description
    assert MERGED in (allowed_in(content.tables)["registration/home_language"] or ())
    # The list is the same whether or not there was something to put together.
    [again] = rows.content_of(Read((REGISTRATION,), {"registration": frame.head(20)}, (253,))).tables
    assert again.dataset == table.dataset
