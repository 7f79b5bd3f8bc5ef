"""A national version is a file that is read, checked, approved by another than its author, and never rewritten."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import psycopg.types.json
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from placement.access.errors import Refused, StaleState
from tests.versions import NEXT, SHIPPED, TODAY, approved, imported
from workflows.model_versions import services
from workflows.model_versions.differences import differences
from workflows.model_versions.models import ModelVersion, VersionStatus


def rung(code: str, change: str) -> str:
    """The file with something written first in one exit step."""
    return NEXT.replace(f'code = "{code}"\n', f'code = "{code}"\n{change}\n', 1)


def without_conditions(code: str, instead: str = "") -> str:
    """The file with the conditions of one exit step taken out."""
    return re.sub(rf'(code = "{code}"\n(?:.+\n)*?)conditions = \[\n(?:  .*\n)*\]\n', rf"\1{instead}", NEXT)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("code = ", "Filen kan ikke læses"),
        (NEXT.replace('title = "Familieanbringelse, modning 2026"\n', ""), "mangler title"),
        (rung("U3", 'after = "U9"'), "U9, som ikke findes. Der er et hul"),
        (rung("U1", 'after = "U5"'), "i ring"),
        (rung("U3", 'after = "U1"'), "stå samme sted"),
        (without_conditions("U2", "conditions = []\n"), r"Linje \d+: Trin U2 har ingen betingelser"),
        (without_conditions("U2"), "U2 har ingen betingelser"),
        (NEXT.replace("mentalisation_session = 14\n", "", 1), "mangler mentalisation_session"),
        (NEXT.replace("months_after_closing = [1, 3, 6, 12]", "months_after_closing = [3, 1]"), "skal stige"),
        (NEXT.replace('trigger = "negative_trend"', 'trigger = "full_moon"'), "full_moon"),
        (NEXT.replace('escalates_to = "teamlead"', 'escalates_to = "evaluator"', 1), "ikke ser familier"),
        (NEXT.replace('"flow_exit.request_step" = 20', '"flow_exit.request" = 20'), "som ikke er et trin"),
        (NEXT.replace("team_meeting = [7, 35]", "team_meeting = [35, 7]"), "det mindste først"),
        (NEXT.replace("team_meeting = [7, 35]", "team_meeting = [7, 14]"), "uden for grænserne"),
        (NEXT.replace("team-named = [7, 14]", "concern-assessment = [1, 24]"), "lovens frist"),
        (
            NEXT.replace("limits.cadence_days]\nteam", "limits.cadence_days]\nweekly = [1, 2]\nteam"),
            "weekly, som ikke findes",
        ),
    ],
)
def test_a_file_with_a_fault_is_refused_with_the_reason(versions: None, source: str, words: str) -> None:
    with pytest.raises(services.InvalidVersion, match=words):
        imported(source)
    assert not ModelVersion.objects.filter(code="2026-2").exists()


def test_an_imported_file_is_a_draft_and_comes_out_as_it_went_in(versions: None, tmp_path: Path) -> None:
    draft = imported()
    assert (draft.status, draft.approved_by, draft.based_on.code) == (VersionStatus.DRAFT, "", "2026-1")
    for code, source in (("2026-1", SHIPPED), ("2026-2", NEXT)):
        out = StringIO()
        call_command("model_version", "export", code, stdout=out)
        assert out.getvalue() == source
        call_command("model_version", "export", code, "--to", str(tmp_path / code))
        assert (tmp_path / code).read_text(encoding="utf-8") == source
    imported(NEXT.replace("team_meeting = 21", "team_meeting = 14"))
    assert ModelVersion.objects.get(code="2026-2").model.cadence_days["team_meeting"] == 14


def test_only_another_than_the_author_approves_and_only_once(versions: None) -> None:
    draft = imported()
    with pytest.raises(Refused) as own:
        services.approve_version(code="2026-2", by=draft.written_by.upper(), on=TODAY, using="owner")
    assert own.value.type == "approved-by-author"
    assert services.version_in_force(TODAY).code == "2026-1"
    approved()
    assert services.version_in_force(TODAY).code == "2026-2"
    with pytest.raises(StaleState):
        services.approve_version(code="2026-2", by="En tredje", on=TODAY, using="owner")
    services.retire_version(code="2026-2", using="owner")
    assert services.version_in_force(TODAY).code == "2026-1"
    with pytest.raises(StaleState):
        services.retire_version(code="2026-2", using="owner")


def test_the_database_wants_another_name_too(versions: None) -> None:
    draft = imported()
    same_name = {"status": "in_force", "approved_by": draft.written_by, "approved_on": TODAY}
    for wrong, constraint in (
        (same_name, "model_version_approved_by_another"),
        ({"status": "in_force"}, "model_version_in_force_is_approved"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic(using="owner"):
            ModelVersion.objects.using("owner").filter(pk=draft.pk).update(**wrong)


def test_a_version_that_has_been_in_force_is_never_rewritten(versions: None) -> None:
    approved()
    assert imported().status == VersionStatus.IN_FORCE
    for retired in (False, True):
        if retired:
            services.retire_version(code="2026-2", using="owner")
        with pytest.raises(Refused) as fixed:
            imported(NEXT.replace("team_meeting = 21", "team_meeting = 14"))
        assert fixed.value.type == "version-fixed"
    assert ModelVersion.objects.get(code="2026-2").model.cadence_days["team_meeting"] == 21


def test_what_0_1_0_stored_without_its_file_is_brought_to_what_later_versions_read(
    versions: None, looking: psycopg.Connection[Any]
) -> None:
    national = ModelVersion.objects.get(code="2026-1").content
    old = {key: value for key, value in national.items() if key not in ("clocks", "task_clocks", "moves")}
    looking.execute(
        "UPDATE model_versions_modelversion SET source = '', content = %s WHERE code = '2026-1'",
        [psycopg.types.json.Jsonb(old)],
    )
    try:
        with pytest.raises(ValueError, match="lacks"):
            _ = ModelVersion.objects.get(code="2026-1").model
    finally:
        services.load_national_versions(using="owner")
    lifted = ModelVersion.objects.get(code="2026-1")
    assert (lifted.content, lifted.source, lifted.status) == (national, SHIPPED, VersionStatus.IN_FORCE)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (NEXT.replace('based_on = "2026-1"', 'based_on = "2019-1"'), "based-on-unknown"),
        (NEXT.replace('reason = "Et forslag', 'reason = ""\n# "Et forslag'), "reason-missing"),
    ],
)
def test_a_version_says_what_it_follows_and_why(versions: None, source: str, kind: str) -> None:
    with pytest.raises(Refused) as refused:
        approved(source)
    assert refused.value.type == kind


def test_the_difference_names_what_reads_otherwise(versions: None) -> None:
    imported(NEXT.replace('title = "Overnatning hjemme"', 'title = "En nat hjemme"'))
    out = StringIO()
    call_command("model_version", "diff", "2026-1", "2026-2", stdout=out)
    assert out.getvalue().splitlines() == [
        "cadence_days.team_meeting: 28 → 21",
        "exit_steps.U3.title: Overnatning hjemme → En nat hjemme",
    ]
    with pytest.raises(CommandError, match="2019-1"):
        call_command("model_version", "diff", "2026-1", "2019-1", stdout=out)


def test_a_step_that_is_new_or_gone_stands_in_the_difference() -> None:
    before: dict[str, Any] = {"exit_steps": [{"code": "U1", "title": "A"}, {"code": "U2", "title": "B"}]}
    after: dict[str, Any] = {"exit_steps": [{"code": "U2", "title": "B"}]}
    first = differences(before, after)[0]
    assert (first.path, first.before, first.after) == ("exit_steps.U1", "A", "")


def test_the_command_says_why_a_file_is_refused(versions: None, tmp_path: Path) -> None:
    file = tmp_path / "next.toml"
    with pytest.raises(CommandError, match=r"next\.toml"):
        call_command("model_version", "import", str(file))
    file.write_text(without_conditions("U2"), encoding="utf-8")
    with pytest.raises(CommandError, match="U2 har ingen betingelser"):
        call_command("model_version", "import", str(file))
