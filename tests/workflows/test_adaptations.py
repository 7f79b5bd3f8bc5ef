"""A municipality adapts the model within the national limits: one lead drafts, another decides."""

from __future__ import annotations

import copy
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from tests.cast import Cast, browser
from tests.scene import Scene
from tests.walking import Page
from workflows.kernel.models import Process
from workflows.kernel.steps import model_of
from workflows.model_pages.reading import version_sections
from workflows.model_versions.adaptations import (
    adaptation_in_force,
    decide_adaptation,
    draft_adaptation,
    waiting_draft,
    withdraw_draft,
)
from workflows.model_versions.content import parse
from workflows.model_versions.ladder import conditions_of
from workflows.model_versions.limits import adapted, beyond_limits
from workflows.model_versions.models import Adaptation, AdaptationStatus, ModelVersion

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
OFTENER: dict[str, Any] = {"cadence_days": {"team_meeting": 21}}
ALL: dict[str, Any] = {
    "cadence_days": {"team_meeting": 14},
    "due_working_days": {"flow_exit.approve_step": 2},
    "clocks": {"team-named": 7},
    "contacts": {"add_months": [9, 24]},
    "team": {"require": ["psykolog"]},
}


def test_every_part_of_the_national_version_is_said_in_words(house: None) -> None:
    """No name of the file stands on the page as it is written there."""
    sections = version_sections(version().content, None)
    titles = [section["title"] for section in sections]
    for section in sections:
        titles += [group["title"] for group in section["groups"]]
        titles += [row["title"] for group in section["groups"] for row in group["rows"]]
    assert [title for title in titles if re.search(r"[a-z]_[a-z]|[a-z]-[a-z]+$|^[a-z]", title)] == []


def version() -> ModelVersion:
    return ModelVersion.objects.get(code="2026-1")


def drafted(actor: Actor, overrides: dict[str, Any] | None = None, reason: str = "Fordi.") -> Adaptation:
    with actor.acting(), transaction.atomic():
        return draft_adaptation(
            actor=actor,
            version=version(),
            overrides=OFTENER if overrides is None else overrides,
            reason=reason,
            now=NOW,
        )


def decided(actor: Actor, draft: Adaptation, *, approved: bool = True, reason: str = "") -> Adaptation:
    with actor.acting(), transaction.atomic():
        return decide_adaptation(actor=actor, draft=draft, approved=approved, reason=reason, now=NOW)


def in_force(actor: Actor) -> Adaptation | None:
    assert actor.municipality_id is not None
    with actor.acting(), transaction.atomic():
        return adaptation_in_force(municipality_id=actor.municipality_id, version=version())


def test_everything_that_the_limits_allow_reads_otherwise_in_the_municipality_alone(cast: Cast) -> None:
    decided(cast.greve.authoritylead, drafted(cast.greve.teamlead, ALL))
    adaptation = in_force(cast.greve.teamlead)
    assert adaptation is not None and adaptation.code == "2026-1-253-1"
    model, national = adaptation.model, version().model
    assert model.cadence_days["team_meeting"] == 14
    assert model.due_working_days["flow_exit.approve_step"] == 2
    assert {rule.code: rule.length for rule in model.clocks}["team-named"] == 7
    assert model.contact_months == (1, 3, 6, 9, 12, 24)
    assert model.required_professions == (*national.required_professions, "psykolog")
    assert national.cadence_days["team_meeting"] == 28
    assert in_force(cast.randers.teamlead) is None


def test_a_condition_can_be_added_to_an_exit_step_and_none_taken_away(cast: Cast) -> None:
    content = copy.deepcopy(ModelVersion.objects.get(code="2026-1").content)
    content["limits"]["exit_conditions"] = ["child-view", "residence"]
    asked = {"exit_steps": {"U2": ["residence", "child-view"]}}
    assert beyond_limits(content, asked) == []
    before, after = (
        {r["code"]: conditions_of(r) for r in c["exit_steps"]} for c in (content, adapted(content, asked))
    )
    assert after["U2"] == [*before["U2"], "residence"]
    assert {code: after[code] for code in before if code != "U2"} == {
        c: before[c] for c in before if c != "U2"
    }
    parse(adapted(content, asked))


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"cadence_days": {"team_meeting": 36}}, "fra 7 til 35"),
        ({"cadence_days": {"team_meeting": "21"}}, "fra 7 til 35"),
        ({"due_working_days": {"flow_journey.approve_decision": 1}}, "det samme i alle kommuner"),
        ({"clocks": {"concern-assessment": 12}}, "det samme i alle kommuner"),
        ({"contacts": {"add_months": [25]}}, "24 måneder"),
        ({"team": {"require": ["tømrer"]}}, "ikke en af modellens faggrupper"),
        ({"exit_steps": {"U9": ["consent"]}}, "Trin U9 findes ikke"),
        ({"exit_steps": {"U1": ["authority"]}}, "kan ikke lægges til"),
        ({"exit_ladder": {"U1": []}, "professions": {"x": 1}}, "det samme i alle kommuner"),
    ],
)
def test_outside_the_limits_nothing_is_drafted(cast: Cast, overrides: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        drafted(cast.greve.teamlead, overrides)
    assert refused.value.type == "beyond-limits"
    with cast.greve.teamlead.acting(), transaction.atomic():
        assert not Adaptation.objects.exists()


def test_a_draft_says_why_changes_something_and_waits_alone(cast: Cast) -> None:
    for overrides, reason, kind in ((OFTENER, " ", "reason-missing"), ({}, "Fordi.", "adaptation-empty")):
        with pytest.raises(Refused) as refused:
            drafted(cast.greve.teamlead, overrides, reason)
        assert refused.value.type == kind
    draft = drafted(cast.greve.teamlead)
    with pytest.raises(StaleState) as waits:
        drafted(cast.greve.authoritylead)
    assert waits.value.type == "draft-waits"
    with pytest.raises(NotAllowed), cast.greve.authoritylead.acting():
        withdraw_draft(actor=cast.greve.authoritylead, draft=draft)
    with cast.greve.teamlead.acting():
        assert withdraw_draft(actor=cast.greve.teamlead, draft=draft).status == AdaptationStatus.WITHDRAWN
    assert drafted(cast.greve.authoritylead).number == 2


def test_whoever_drafted_it_does_not_decide_on_it(cast: Cast) -> None:
    draft = drafted(cast.greve.authoritylead)
    with pytest.raises(NotAllowed) as own:
        decided(cast.greve.authoritylead, draft)
    assert own.value.type == "four-eyes"
    for actor in (cast.greve.teamlead, cast.greve.caseworker):
        with pytest.raises(NotAllowed):
            decided(actor, draft)
    by_oneself = {"status": "in_force", "decided_by": draft.drafted_by_id, "decided_at": NOW}
    for wrong, constraint in (
        (by_oneself, "adaptation_decided_by_another"),
        ({"status": "in_force"}, "adaptation_in_force_is_decided"),
    ):
        refused = pytest.raises(IntegrityError, match=constraint)
        with refused, cast.greve.authoritylead.acting(), transaction.atomic():
            Adaptation.objects.filter(pk=draft.pk).update(**wrong)
    assert in_force(cast.greve.teamlead) is None


def test_a_no_says_why_and_leaves_what_stands(cast: Cast) -> None:
    decided(cast.greve.authoritylead, drafted(cast.greve.teamlead))
    second = drafted(cast.greve.teamlead, {"cadence_days": {"team_meeting": 7}})
    with pytest.raises(Refused) as silent:
        decided(cast.greve.authoritylead, second, approved=False)
    assert silent.value.type == "reason-missing"
    decided(cast.greve.authoritylead, second, approved=False, reason="Det kan vi ikke bemande.")
    standing = in_force(cast.greve.teamlead)
    assert standing is not None and standing.overrides == OFTENER
    with pytest.raises(StaleState):
        decided(cast.greve.authoritylead, second)


def test_the_next_one_replaces_it_and_one_of_nothing_goes_back_to_the_national(cast: Cast) -> None:
    first = decided(cast.greve.authoritylead, drafted(cast.greve.teamlead))
    decided(cast.greve.authoritylead, drafted(cast.greve.teamlead, {}, "Vi følger modellen igen."))
    with cast.greve.teamlead.acting(), transaction.atomic():
        assert Adaptation.objects.get(pk=first.pk).status == AdaptationStatus.RETIRED
    standing = in_force(cast.greve.teamlead)
    assert standing is not None and standing.model == version().model


def test_a_journey_keeps_what_it_began_on_and_the_next_one_begins_on_the_adaptation(cast: Cast) -> None:
    before = Scene("greve")
    decided(cast.greve.authoritylead, drafted(cast.greve.teamlead, ALL))
    after, elsewhere = Scene("greve"), Scene("randers")
    after.settle()
    for scene, days in ((before, 28), (after, 14), (elsewhere, 28)):
        with scene.company.actor("authoritylead").acting(), transaction.atomic():
            runs = list(Process.objects.filter(family=scene.family))
            assert {model_of(run).cadence_days["team_meeting"] for run in runs} == {days}
            if scene is after:
                assert len(runs) == 6


def test_the_pages_take_a_draft_to_its_decision(cast: Cast) -> None:
    lead, authority = browser(cast.greve.teamlead), browser(cast.greve.authoritylead)
    form = {"cadence_days:team_meeting": "21", "require": ["psykolog"], "reason": "Vi har en psykolog."}
    too_much = lead.post("/model/tilpasning/", form | {"cadence_days:team_meeting": "99"})
    assert too_much.status_code == 422
    assert lead.post("/model/tilpasning/", form).status_code == 302
    page = Page(authority.get("/model/tilpasning/afgoerelse/").content.decode())
    assert "Teammøde 28 21" in page.text and "Vi har en psykolog." in page.text
    draft = page.hidden["draft"]
    decision = {"draft": draft, "approved": "true", "submit_token": page.hidden["submit_token"]}
    assert authority.post("/model/tilpasning/afgoerelse/", decision).status_code == 302
    again = authority.post("/model/tilpasning/afgoerelse/", decision | {"submit_token": ""})
    assert again.status_code == 409
    shown = Page(lead.get("/model/versioner/2026-1/").content.decode())
    assert "2026-1-253-1" in shown.text and "Hos jer" in shown.text
    elsewhere = Page(browser(cast.randers.teamlead).get("/model/").content.decode())
    assert "253-1" not in elsewhere.text


def test_ones_own_draft_can_be_taken_back_on_its_page(cast: Cast) -> None:
    drafted(cast.greve.teamlead)
    lead = browser(cast.greve.teamlead)
    assert lead.post("/model/tilpasning/", {"form": "withdraw"}).status_code == 302
    assert lead.post("/model/tilpasning/", {"form": "withdraw"}).status_code == 409
    with cast.greve.teamlead.acting(), transaction.atomic():
        assert waiting_draft(cast.greve.teamlead) is None
