"""What a privacy officer reads of the agreement and of how files come out: what is so of this release, and no more."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string

from evaluation.making.report import _output
from evaluation.models import Agreement, Release
from evaluation.models.words import FollowUp


def page(**agreement: Any) -> str:
    report = {"kind": "T1", "agreement": {"number": "2026-17", "title": "Aftale", **agreement}}
    return render_to_string("evaluation/report.html", {"report": report})


@pytest.mark.parametrize("follow_up", list(FollowUp))
def test_the_report_says_how_far_the_agreement_follows_each_family(follow_up: FollowUp) -> None:
    said = page(follow_up=str(follow_up.label))
    assert "Hvor langt familierne følges" in said and str(follow_up.label) in said


def test_a_report_that_was_made_before_says_nothing_of_it() -> None:
    said = page()
    assert "2026-17" in said and "Hvor langt familierne følges" not in said


def test_how_files_come_out_is_said_as_it_is_of_each_kind() -> None:
    rows = _output(Release(kind="T1", under=Agreement()))
    assert (
        "kun krypteret gennem et link" in rows
        and "beskrivelser uden rækker kan også hentes enkeltvis" in rows
    )
    for kind in ("T2", "T3"):
        made_safe = _output(Release(kind=kind))
        assert "fil for fil uden arkivets kryptering" in made_safe and "kun" not in made_safe
        assert "30 dage" in made_safe and "aftalen" not in made_safe
    assert rows.endswith("30 dage efter, at de er frigivet, og senest når aftalen udløber.")
