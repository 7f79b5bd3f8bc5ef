"""Every page there is, on a phone and on a desk: nothing for axe to say, nothing to scroll sideways, no stray words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect

from placement import clock
from placement.access.actor import Actor
from tests import releasing
from tests.browser.conftest import DESK, PHONE, Room
from tests.cast import Cast
from tests.deciding import begin
from tests.scene import Scene
from workflows.decisions.acts import ADDRESSES as ACT_ADDRESSES
from workflows.journey.moves.views import ADDRESSES
from workflows.kernel.nodes import HumanStep

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
NARROW = {"width": 320, "height": 640}

#: Addresses that answer with something else than a page of their own.
WITHOUT_PAGE = {
    "home", "logout", "set_language", "night", "draft", "time-draft", "costs-sheet", "release-file",
    "release-archive",
    # It is made by a press on the release's page, and looked at there.
    "release-link",
    "accessibility-short", "self-reports",
    # Asks for a code: it is looked at where a parent answers.
    "self-report-form",
    "family-meeting-brief-pdf", "family-development-pdf",
}  # fmt: skip

#: (address name, who looks, how the address is found). The steps' forms follow below, each by itself.
Where = Callable[["House"], str]


class House:
    """A family in the middle of its stay, one at its first day, a note, and a release that is built."""

    def __init__(self, cast: Cast, looking: psycopg.Connection[Any]) -> None:
        self.cast = cast
        self.stay = Scene("greve")
        self.stay.settle()
        self.letter = self._letter(looking)
        self.meeting = self._meeting(looking)
        self._network()
        self.stay.go_on_to("carry_out_step")
        self.stay.receive_concern(violence_possible=True)
        self.stay.take(self.stay.open_task("assess_concern"))
        self.stay.receive_concern(acute=True)
        self._examine()
        self.enquiry = Scene("greve")
        self.note = self._note()
        self.release = self._release()
        self.tables = self._tables()
        self.done = self._done(looking)
        self.measured = self._measured()
        self._tell()
        self.sent_week = self._costs()

    def _examine(self) -> None:
        """Two plans that the parents have seen, and an examination that runs beside the stay and is late."""
        self.stay.begin_two_plans()
        self.stay.take(self.stay.open_task("write_plans"))
        self.stay.begin_investigation(
            violence_possible=True, aware_on=clock.danish_day(self.stay.now) - timedelta(days=140)
        )
        self.stay.take(self.stay.open_task("assess_risk"))
        self.stay.take(self.stay.open_task("screen"))

    def _costs(self) -> str:
        """Some weeks of hours that are sent, rates, bills; the present week is open."""
        from demo.costs import count_costs
        from placement.costs.weeks import Week

        count_costs(self.stay.company, now=clock.now())
        return Week.of(clock.today()).later(-1).code

    def _network(self) -> None:
        """Two maps, checks, a meeting, a genogram, and a conference with an approved plan."""
        from placement import clock
        from placement.network.genogram import Relative, Tie, draw_genogram

        for step in ("map_network", "hold_meeting", "make_agreement"):
            self.stay.take(self.stay.open_task(step, "network"))
        self.stay.take(self.stay.open_task("hold_meeting", "network"), outcome="redraw_map")
        self.stay.take(self.stay.open_task("make_agreement"))
        self.stay.take(self.stay.open_task("map_network"), moment="exit")
        author = self.stay.company.actor("practitioner")
        with clock.standing_at(self.stay.now), author.acting(), transaction.atomic():
            draw_genogram(
                actor=author, family=self.stay.family, drawn_on=clock.today(), now=self.stay.now,
                people=[Relative("Mormor", 2, "yes"), Relative("Morfar", 2), Relative("Mor", 3, "no"), Relative("Barnet", 4)],
                ties=[
                    Tie("Mormor", "Morfar", "couple", broken=True), Tie("Mormor", "Mor", "parent_child"),
                    Tie("Mor", "Barnet", "parent_child"),
                ],
            )  # fmt: skip
        self.stay.ask_conference()
        for step in ("appoint_coordinator", "prepare", "hold_conference", "approve_plan", "change_exit_plan"):
            self.stay.take(self.stay.open_task(step))

    def _tell(self) -> None:
        from placement.access import context
        from workflows.kernel.clocks.sweep import sweep

        with context.access(self.cast.greve.code, None, context.JOB):
            assert sweep(municipality_id=self.cast.greve.code, now=clock.now()).people

    def _letter(self, looking: psycopg.Connection[Any]) -> str:
        begin(self.stay, "letters")
        for step in ("write_letters", "approve_letters", "send_letters"):
            self.stay.take(self.stay.open_task(step))
        found = looking.execute(
            "SELECT uuid FROM flow_decisions_decisionletter WHERE family_id = %s", [self.stay.family.pk]
        ).fetchone()
        assert found
        return str(found[0])

    def _meeting(self, looking: psycopg.Connection[Any]) -> str:
        self.stay.take(self.stay.open_task("hold_meeting"))
        found = looking.execute(
            "SELECT uuid FROM meetings_meeting WHERE family_id = %s", [self.stay.family.pk]
        ).fetchone()
        assert found
        return str(found[0])

    def _note(self) -> str:
        from decimal import Decimal

        from placement.journal.services import write_note

        author = self.cast.greve.practitioner
        with author.acting():
            note = write_note(
                actor=author, family=self.stay.family, kind="observation", text="En rolig aften.",
                score=Decimal(6), element="progression", now=clock.now(),
            )  # fmt: skip
        return str(note.uuid)

    def _release(self) -> str:
        return str(releasing.make_available(self.cast.evaluator, [self.cast.greve]).uuid)

    def _tables(self) -> str:
        """Of so few families none can be made: it has ended, and says why."""
        release = releasing.to_the_municipalities(self.cast.evaluator, kind="T3")
        assert releasing.fresh(self.cast.evaluator, release).status == "failed"
        return str(release.uuid)

    def _measured(self) -> str:
        """A score that asks somebody to look."""
        from placement.families.models import Person
        from workflows.measuring.services import Given, record_administration

        author = self.cast.greve.practitioner
        with author.acting(), transaction.atomic():
            made = record_administration(
                actor=author, family=self.stay.family, instrument="who-5",
                person=Person.objects.get(family=self.stay.family, kind="parent"), answered_on=clock.today(),
                respondent="parent", given=Given(answers=dict.fromkeys(range(1, 6), 1)), now=clock.now(),
            )  # fmt: skip
        return str(made.uuid)

    def _done(self, looking: psycopg.Connection[Any]) -> str:
        found = looking.execute(
            "SELECT uuid FROM kernel_task WHERE family_id = %s AND flow_task LIKE '%%move_in' AND finished IS NOT NULL",
            [self.stay.family.pk],
        ).fetchone()
        assert found
        return str(found[0])

    def family(self, rest: str = "") -> str:
        return f"/familier/{self.stay.family.uuid}/{rest}"


PAGES: dict[str, tuple[str, str, Where]] = {
    "login": ("login", "", lambda house: "/log-ind/"),
    "accessibility": ("accessibility", "", lambda house: "/was/"),
    "choose": ("choose", "greve.practitioner", lambda house: "/vaelg/"),
    "no cases": ("home", "greve.oncall", lambda house: "/"),
    "practitioner's day": ("day", "greve.practitioner", lambda house: "/min-dag/"),
    "team lead's day": ("day", "greve.teamlead", lambda house: "/min-dag/"),
    "caseworker's day": ("day", "greve.caseworker", lambda house: "/min-dag/"),
    "authority lead's day": ("day", "greve.authoritylead", lambda house: "/min-dag/"),
    "empty day": ("day", "odense.healthvisitor", lambda house: "/min-dag/"),
    "families": ("families", "greve.teamlead", lambda house: "/familier/"),
    "a week of hours": ("time-week", "greve.practitioner", lambda house: "/tid/"),
    "a sent week": ("time-week", "greve.practitioner", lambda house: f"/tid/?uge={house.sent_week}"),
    "a week that is not asked for": ("time-week", "odense.practitioner", lambda house: "/tid/"),
    "what it costs": ("costs", "greve.teamlead", lambda house: "/omkostninger/"),
    "weeks that are counted": ("costs-weeks", "greve.teamlead", lambda house: "/omkostninger/uger/"),
    "rates": ("costs-rates", "greve.authoritylead", lambda house: "/omkostninger/satser/"),
    "other costs": ("costs-other", "greve.teamlead", lambda house: "/omkostninger/andre/"),
    "no families": ("families", "odense.healthvisitor", lambda house: "/familier/"),
    "deadlines": ("deadlines", "greve.teamlead", lambda house: "/frister/"),
    "no deadlines": ("deadlines", "odense.healthvisitor", lambda house: "/frister/"),
    "enquiry": ("enquiry", "greve.caseworker", lambda house: "/familier/ny/"),
    "family in the house": ("family", "greve.teamlead", lambda house: house.family()),
    "family at the enquiry": (
        "family", "greve.caseworker", lambda house: f"/familier/{house.enquiry.family.uuid}/",
    ),
    "waiting": ("waiting", "greve.teamlead", lambda house: "/ventetid/"),
    "completeness": ("completeness", "greve.teamlead", lambda house: "/fuldstaendighed/"),
    "completeness of no site": ("completeness", "odense.teamlead", lambda house: "/fuldstaendighed/"),
    "journey's picture": (
        "family-flow", "greve.caseworker", lambda house: house.family("forloeb/journey/"),
    ),
    "exit's picture": ("family-flow", "greve.teamlead", lambda house: house.family("forloeb/exit/")),
    "concerns' pictures": (
        "family-flow", "greve.teamlead", lambda house: house.family("forloeb/screening/"),
    ),
    "people": ("family-people", "greve.practitioner", lambda house: house.family("personer/")),
    "child's view": ("child-view", "greve.practitioner", lambda house: house.family("barnets-perspektiv/")),
    "consent": ("family-consent", "greve.caseworker", lambda house: house.family("samtykke/")),
    "caseworker": ("family-caseworker", "greve.authoritylead", lambda house: house.family("raadgiver/")),
    "team": ("family-team", "greve.teamlead", lambda house: house.family("team/")),
    "meetings": ("family-meetings", "greve.practitioner", lambda house: house.family("moeder/")),
    "minutes": (
        "family-minutes", "greve.practitioner", lambda house: house.family(f"moeder/{house.meeting}/referat/"),
    ),
    "deputies": ("deputies", "greve.teamlead", lambda house: "/stedfortraedere/"),
    "training": ("training", "greve.teamlead", lambda house: "/kompetencer/"),
    "exit's ground": ("exit-ground", "greve.teamlead", lambda house: house.family("udslusning/")),
    "a visit home": ("exit-ground-record", "greve.practitioner", lambda house: house.family("udslusning/visit/")),
    "safety plan": (
        "exit-ground-record", "greve.practitioner", lambda house: house.family("udslusning/safety-plan/"),
    ),
    "who has looked": ("family-reads", "greve.teamlead", lambda house: house.family("hvem-har-set/")),
    "history": ("family-history", "greve.practitioner", lambda house: house.family("historik/")),
    "development": ("family-development", "greve.practitioner", lambda house: house.family("udvikling/")),
    "meeting's paper": (
        "family-meeting-brief", "greve.practitioner", lambda house: house.family("opfoelgning/"),
    ),
    "concerns": ("concerns", "greve.caseworker", lambda house: house.family("underretninger/")),
    "concerns without words": ("concerns", "greve.teamlead2", lambda house: house.family("underretninger/")),
    "investigation": ("investigation", "greve.caseworker", lambda house: house.family("undersoegelse/")),
    "plan A and plan B": (
        "parallel-plans", "greve.caseworker", lambda house: house.family("undersoegelse/plan-a-og-b/"),
    ),
    "investigation's pictures": (
        "family-flow", "greve.caseworker", lambda house: house.family("forloeb/investigation/"),
    ),
    "the law's deadlines": ("kept", "greve.authoritylead", lambda house: "/lovens-frister/"),
    "new concern": ("concern-new", "greve.practitioner", lambda house: house.family("underretninger/ny/")),
    "parties and decisions": ("decisions", "greve.caseworker", lambda house: house.family("afgoerelser/")),
    "a letter": (
        "decision-letter", "greve.caseworker", lambda house: house.family(f"afgoerelser/brev/{house.letter}/"),
    ),
    "letter templates": ("letter-templates", "greve.authoritylead", lambda house: "/brevskabeloner/"),
    **{
        f"act: {slug}": (
            f"decision-{slug}", "greve.caseworker", lambda house, rest=rest: house.family(f"afgoerelser/{rest}/"),
        )
        for slug, rest in ACT_ADDRESSES.items()
    },
    "network": ("network", "greve.practitioner", lambda house: house.family("netvaerk/")),
    "network of a new family": (
        "network", "greve.caseworker", lambda house: f"/familier/{house.enquiry.family.uuid}/netvaerk/",
    ),
    **{
        f"network: {kind}": (
            "network-record", "greve.practitioner", lambda house, kind=kind: house.family(f"netvaerk/{kind}/"),
        )
        for kind in ("person", "answer", "check", "invitation", "genogram", "agreement")
    },
    "conferences": ("conferences", "greve.practitioner", lambda house: house.family("raadslagning/")),
    "new conference": (
        "conference-new", "greve.practitioner", lambda house: house.family("raadslagning/ny/"),
    ),
    "measurements": ("measurements", "greve.practitioner", lambda house: house.family("maalinger/")),
    "an instrument with numbers": (
        "measure", "greve.practitioner", lambda house: house.family("maalinger/ny/prfq/"),
    ),
    "an instrument with places": (
        "measure", "greve.practitioner", lambda house: house.family("maalinger/ny/epds/"),
    ),
    "scores from paper": ("measure", "greve.practitioner", lambda house: house.family("maalinger/ny/asq-3/")),
    "a score that asks": (
        "administration", "greve.practitioner", lambda house: house.family(f"maalinger/{house.measured}/"),
    ),
    "a score corrected": (
        "administration-correct", "greve.practitioner",
        lambda house: house.family(f"maalinger/{house.measured}/ret/"),
    ),
    "a code for a parent": (
        "ask-parent", "greve.practitioner", lambda house: house.family("maalinger/ny/who-5/kode/"),
    ),
    "a parent's code": ("self-report", "", lambda house: "/svar/"),
    "thanks to a parent": ("self-report-thanks", "", lambda house: "/svar/tak/"),
    "mentalising work": (
        "family-mentalisation", "greve.teamlead", lambda house: house.family("mentalisering/"),
    ),
    "focus": ("focus-formulation", "greve.practitioner", lambda house: house.family("mentalisering/fokus/")),
    "the chosen families": ("research", "greve.teamlead", lambda house: "/vive/"),
    "nobody chosen": ("research", "odense.teamlead", lambda house: "/vive/"),
    "a chosen family": ("family-research", "greve.practitioner", lambda house: house.family("vive/")),
    "the registration form": ("registration", "greve.practitioner", lambda house: house.family("vive/registrering/")),
    "a place": ("research-place", "greve.teamlead", lambda house: house.family("vive/plads/")),
    "answers to VIVE": ("research-record", "greve.practitioner", lambda house: house.family("vive/samtykke/")),
    "a status for VIVE": ("research-record", "greve.practitioner", lambda house: house.family("vive/status/")),
    "log": ("log", "greve.practitioner", lambda house: house.family("log/")),
    "correction": (
        "note-correct", "greve.practitioner", lambda house: house.family(f"notater/{house.note}/ret/"),
    ),
    "take back": (
        "note-take-back", "greve.practitioner", lambda house: house.family(f"notater/{house.note}/tag-tilbage/"),
    ),
    "weekly summary": (
        "weekly-summary", "greve.practitioner", lambda house: house.family("ugeresume/"),
    ),
    "what parents read": (
        "parents-view", "greve.practitioner", lambda house: house.family("foraeldrenes-visning/"),
    ),
    "log's words": ("log-words", "greve.teamlead", lambda house: "/loggens-ord/"),
    "parents' reading": ("parents-reading", "greve.authoritylead", lambda house: "/foraeldres-laesning/"),
    "model": ("model", "greve.teamlead", lambda house: "/model/"),
    "model version": ("model-version", "greve.teamlead", lambda house: "/model/versioner/2026-1/"),
    "model differences": ("model-differences", "greve.practitioner", lambda house: "/model/forskelle/"),
    "adaptation": ("model-adaptation", "greve.teamlead", lambda house: "/model/tilpasning/"),
    "decision": (
        "model-adaptation-decision", "greve.authoritylead", lambda house: "/model/tilpasning/afgoerelse/",
    ),
    "organisation": ("model-organisation", "greve.teamlead", lambda house: "/model/organisation/"),
    "self-assessment": ("model-self-assessment", "greve.teamlead", lambda house: "/model/selvvurdering/"),
    "family's model": ("family-model", "greve.teamlead", lambda house: house.family("model/")),
    "releases": ("releases", "vive.evaluator", lambda house: "/udtraek/"),
    "release": ("release", "vive.evaluator", lambda house: f"/udtraek/{house.release}/"),
    "release's report": ("release", "greve.privacy", lambda house: f"/udtraek/{house.release}/"),
    "tables that could not be made": ("release", "vive.evaluator", lambda house: f"/udtraek/{house.tables}/"),
    "release taken back": (
        "release-withdraw", "vive.evaluator", lambda house: f"/udtraek/{house.release}/traek-tilbage/",
    ),
    "release refused": ("release-refuse", "greve.authoritylead", lambda house: f"/udtraek/{house.release}/sig-nej/"),
    "asked of the municipality": ("releases", "greve.authoritylead", lambda house: "/udtraek/"),
    "agreements": ("agreements", "vive.evaluator", lambda house: "/udtraek/aftaler/"),
    "moves": ("family-moves", "greve.caseworker", lambda house: house.family("handlinger/")),
    **{
        f"move: {slug}": (
            f"move-{slug}", "greve.caseworker", lambda house, rest=rest: house.family(f"handlinger/{rest}/"),
        )
        for slug, rest in ADDRESSES.items()
    },
}  # fmt: skip


#: What is begun beside a journey around its decision, and the steps that follow.
BESIDE_A_DECISION = {
    "hearing": ("close_hearing",),
    "letters": ("write_letters", "approve_letters", "send_letters"),
    "complaint": ("reassess_complaint", "send_to_board", "record_board_outcome"),
    "plan": ("settle_plan", "make_plan"),
    "access": ("answer_access",),
    "changed": ("decide_anew", "approve_anew"),
}


@pytest.fixture(scope="module")
def house(cast: Cast, looking: psycopg.Connection[Any]) -> House:
    return House(cast, looking)


def person(cast: Cast, username: str) -> Actor | None:
    if not username:
        return None
    if username == "vive.evaluator":
        return cast.evaluator
    town, part = username.split(".")
    return getattr(getattr(cast, town), part)  # type: ignore[no-any-return]


def faults(page: Page) -> list[str]:
    """What axe says at both sizes, and how much sticks out sideways at three."""
    found = []
    for size in (NARROW, PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > size["width"]:
            found.append(f"{page.url} is {wide} wide on {size['width']}")
        if size is NARROW:
            continue
        for violation in Axe().run(page, options=RULES).response["violations"]:
            for node in violation["nodes"]:
                found.append(
                    f"{page.url} at {size['width']}: {violation['id']}: {node['html']} {node['failureSummary']}"
                )
    return found


def test_every_address_with_a_page_is_on_the_list() -> None:
    def names(patterns: list[Any]) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver) and not str(pattern.pattern).startswith("api/"):
                yield from names(pattern.url_patterns)
            elif isinstance(pattern, URLPattern):
                yield str(pattern.name)

    looked_at = {name for name, _who, _where in PAGES.values()} | {"task"}
    assert set(names(get_resolver().url_patterns)) == looked_at | WITHOUT_PAGE


@pytest.mark.parametrize("title", PAGES)
def test_a_page_is_for_everybody(room: Room, cast: Cast, house: House, title: str) -> None:
    _name, who, where = PAGES[title]
    page = room.open(person(cast, who))
    answer = page.goto(where(house))
    assert answer is not None and answer.status == 200
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for more in page.locator("details > summary").all():
        more.click()
    assert faults(page) == []


def test_the_link_to_a_releases_files_is_for_everybody(room: Room, cast: Cast, house: House) -> None:
    page = room.open(cast.evaluator)
    page.goto(f"/udtraek/{house.release}/")
    page.get_by_role("button", name="Lav et link til filerne").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Link til filerne")
    assert page.url.endswith("/link/")
    assert faults(page) == []


def test_asking_for_some_of_an_agreements_datasets_is_for_everybody(
    room: Room, cast: Cast, house: House
) -> None:
    room.expect(422)
    page = room.open(cast.evaluator)
    page.goto("/udtraek/")
    page.get_by_label("Kun nogle af dem").check()
    expect(page.get_by_role("group", name="Datasæt")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Bestil").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert faults(page) == []
    page.get_by_label("T2").check()
    expect(page.get_by_role("group", name="Hvad skal med?")).to_be_hidden()
    expect(page.get_by_role("group", name="Datasæt")).to_be_hidden()


def test_every_steps_form_is_for_everybody(room: Room, cast: Cast, shared_house: None) -> None:
    """A whole journey with a notification of concern; each kind of step is looked at when it first stands open."""
    from tests.workflows.test_frozen_graphs import flows

    scene = Scene("odense")
    seen: dict[str, list[str]] = {}
    pages: dict[int, Page] = {}
    told = False
    while tasks := scene.open_tasks():
        concerned = [task for task in tasks if task.element == "screening"]
        for task in concerned or tasks:
            step = f"{task.element}.{task.flow_task.name}"
            if step not in seen:
                who = scene.company.for_task(task)
                if who.staff_id not in pages:
                    pages[who.staff_id] = room.open(who)
                page = pages[who.staff_id]
                page.goto(f"/opgaver/{task.uuid}/")
                seen[step] = faults(page)
                if step == "team.hold_meeting":
                    # The first meeting gives somebody something to do.
                    scene.take(task, **scene.a_task_for("practitioner"))
                    continue
                if step == "progression.follow_up":
                    scene.take(task, every_goal=-2)
                    continue
            scene.take(task)
            if f"{task.element}.{task.flow_task.name}" == "team.appoint_team" and not told:
                scene.receive_concern()
                told = True
                break
        if concerned and not any(task.element == "screening" for task in scene.open_tasks()):
            # An exit step asks for a quiet fortnight after a notification of concern.
            scene.now += timedelta(days=15)
    parting = Scene("odense")
    parting.settle()
    _answers_that_ask(parting)
    for name in ("act_today", "act_on_score"):
        task = parting.open_task(name)
        page = room.open(parting.company.for_task(task))
        page.goto(f"/opgaver/{task.uuid}/")
        seen[f"progression.{name}"] = faults(page)
    parting.begin_two_plans()
    parting.begin_investigation(violence_possible=True)
    for name in ("assess_risk", "screen", "clarify", "write_plans", "settle_at_birth"):
        task = parting.open_task(name)
        page = room.open(parting.company.for_task(task))
        page.goto(f"/opgaver/{task.uuid}/")
        seen[f"investigation.{name}"] = faults(page)
        parting.take(task, **({"track": "clarification"} if name == "screen" else {}))
    parting.begin_investigation()
    parting.take(parting.open_task("screen"))
    task = parting.open_task("examine")
    page = room.open(parting.company.for_task(task))
    page.goto(f"/opgaver/{task.uuid}/")
    seen["investigation.examine"] = faults(page)
    for what, steps in BESIDE_A_DECISION.items():
        begin(parting, what)
        for name in steps:
            task = parting.open_task(name)
            page = room.open(parting.company.for_task(task))
            page.goto(f"/opgaver/{task.uuid}/")
            seen[f"journey.{name}"] = faults(page)
            parting.take(task)
    parting.take_back_consent()
    task = parting.open_task("assess_withdrawal")
    page = room.open(parting.company.for_task(task))
    page.goto(f"/opgaver/{task.uuid}/")
    seen["journey.assess_withdrawal"] = faults(page)
    parting.take(task)
    task = parting.open_task("settle_track")
    page.goto(f"/opgaver/{task.uuid}/")
    seen["journey.settle_track"] = faults(page)
    conferred = Scene("odense")
    conferred.settle()
    conferred.ask_conference()
    for name in (
        "appoint_coordinator", "prepare", "hold_conference", "approve_plan", "change_exit_plan", "follow_up",
    ):  # fmt: skip
        task = next(
            task
            for task in conferred.open_tasks()
            if task.flow_task.name == name and task.element == "network"
        )
        page = room.open(conferred.company.for_task(task))
        page.goto(f"/opgaver/{task.uuid}/")
        seen[f"network.{name}"] = faults(page)
        conferred.take(task)
    release = releasing.to_the_municipalities(cast.evaluator)
    for name, officer in (("review", cast.odense.privacy), ("approve", cast.odense.authoritylead)):
        page = room.open(officer)
        page.goto(f"/opgaver/{releasing.open_step(officer, release, name).uuid}/")
        seen[f"release.{name}"] = faults(page)
        releasing.say(officer, release, name)
    assert {step: found for step, found in seen.items() if found} == {}
    assert set(seen) == {
        f"{flow.element}.{node.name}"
        for flow in flows()
        for node in flow.instance.nodes()
        if isinstance(node, HumanStep)
    }


def _answers_that_ask(scene: Scene) -> None:
    """A parent answers so that somebody must look today, and somebody within some days."""
    from placement.families.models import Person
    from workflows.measuring.services import Given, record_administration

    author = scene.company.actor("practitioner")
    with clock.standing_at(scene.now), author.acting(), transaction.atomic():
        record_administration(
            actor=author, family=scene.family, instrument="epds",
            person=Person.objects.get(family=scene.family, kind="parent"), answered_on=clock.today(),
            respondent="parent", given=Given(answers=dict.fromkeys(range(1, 11), 1)), now=scene.now,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "who", "where"),
    [
        (404, "greve.practitioner", lambda house: "/familier/00000000-0000-0000-0000-000000000000/"),
        (403, "greve.practitioner", lambda house: "/familier/ny/"),
        (409, "greve.practitioner", lambda house: f"/opgaver/{house.done}/"),
    ],
)
def test_a_refusal_is_for_everybody(
    room: Room, cast: Cast, house: House, status: int, who: str, where: Where
) -> None:
    room.expect(status)
    page = room.open(person(cast, who))
    answer = page.goto(where(house))
    assert answer is not None and answer.status == status
    assert faults(page) == []


@pytest.mark.parametrize("where", ["log/", "barnets-perspektiv/"])
def test_a_form_with_errors_is_for_everybody(room: Room, cast: Cast, house: House, where: str) -> None:
    room.expect(422)
    page = room.open(cast.greve.practitioner)
    page.goto(house.family(where))
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.title().startswith("Fejl: ")
    assert faults(page) == []


def test_the_language_can_be_changed_and_changed_back(room: Room, cast: Cast, house: House) -> None:
    page = room.open(cast.greve.practitioner)
    page.goto("/min-dag/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Min dag")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    with override("en"):
        title, log_out = gettext("Min dag"), gettext("Log ud")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("button", name=log_out)).to_be_visible()
    for where in (house.family(), house.family("log/"), "/familier/"):
        page.goto(where)
        expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Dansk").click()
    expect(page.locator("html")).to_have_attribute("lang", "da")


def test_targets_are_large_enough_for_a_thumb(room: Room, cast: Cast, house: House) -> None:
    """44 pixels for what one presses on the pages used at night; links in running text are excepted."""
    page = room.open(cast.greve.practitioner)
    for where in ("/min-dag/", house.family("log/")):
        page.goto(where)
        small = page.locator(
            "button:visible:not([aria-hidden]), a.button:visible, .choice:visible, select:visible"
        ).evaluate_all(
            "all => all.map(one => [one.innerText, one.getBoundingClientRect().height]).filter(([, high]) => high < 44)"
        )
        assert small == [], where


def test_nothing_of_a_family_stands_in_an_address(room: Room, cast: Cast, house: House) -> None:
    page = room.open(cast.greve.teamlead)
    page.goto("/familier/")
    addresses = page.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert not [a for a in addresses if re.search(r"Skjult|Maja|\d{6}-?\d{4}(?!\d)", a or "")]
