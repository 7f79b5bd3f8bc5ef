"""A pregnant mother is chosen for VIVE; her child is born in the house and turns two months; what is due follows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from placement import clock
from placement.access import context
from placement.access.roles import Role
from placement.research.models import ResearchOutcome
from tests.cast import api, browser
from tests.expecting import INFORMED, Expecting
from tests.walking import Page
from workflows.kernel.clocks.sweep import sweep
from workflows.kernel.models import Clock, Notice


def moment(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00:00+00:00")


class Story:
    """The family and the pages it is followed on."""

    def __init__(self) -> None:
        self.scene = Expecting("greve")
        self.scene.go_on_to("move_in")
        self.windows: dict[str, Any] = {}

    @property
    def address(self) -> str:
        return f"/familier/{self.scene.family.uuid}/vive/"

    def window(self, part: str) -> Any:
        if part not in self.windows:
            self.windows[part] = browser(self.scene.company.actor(part))
        return self.windows[part]

    def read(self, address: str = "", part: str = "practitioner") -> str:
        with clock.standing_at(self.scene.now):
            return Page(self.window(part).get(address or self.address).content.decode()).text

    def write(self, act: str, part: str = "practitioner", **typed: Any) -> Any:
        with clock.standing_at(self.scene.now):
            page = Page(self.window(part).get(f"{self.address}{act}/").content.decode())
            form = {name: value if isinstance(value, list) else [str(value)] for name, value in typed.items()}
            return self.window(part).post(f"{self.address}{act}/", page.fill_in(form))

    def clock_of(self, rule: str) -> Clock | None:
        with self.scene.at_work("authoritylead"):
            return Clock.objects.running().filter(family=self.scene.family, rule=rule).first()


@pytest.fixture
def story(house: None) -> Story:
    return Story()


def test_the_video_is_due_the_day_the_child_is_two_months(story: Story) -> None:
    scene = story.scene
    chosen_by_the_team_lead(story)
    everybody_answers_for_themselves(story)
    scene.take(scene.open_task("move_in"))
    scene.take(scene.open_task("appoint_team"))
    assert "når barnet er 2 måneder, efter terminen omkring 20.07.2025" in story.read()
    assert story.clock_of("research-video-start") is None
    the_child_is_born(story)
    a_day_too_early_is_refused(story)
    the_day_itself_is_told_and_done(story)
    the_talk_is_taken_back(story)
    the_family_leaves(story)


def chosen_by_the_team_lead(story: Story) -> None:
    assert "ikke en af VIVEs udvalgte familier" in story.read(part="teamlead")
    assert story.write("plads", "teamlead", why="Venter sit første barn", confirmed="on").status_code == 302
    text = story.read(part="teamlead")
    assert "Plads 1 i kommunen" in text and "1. februar til 30. september 2025" in text
    assert "Forældrene er ikke spurgt endnu" in text


def everybody_answers_for_themselves(story: Story) -> None:
    with story.scene.at_work("authoritylead"):
        mother, father = story.scene.person("Maja"), story.scene.person("Ib")
    today = f"{clock.danish_day(story.scene.now):%d.%m.%Y}"
    said = {"answered_on": today, "how": "written", "informed_about": INFORMED}
    yes = {
        f"activity_{code}": "yes"
        for code in ("pregnancy-interview", "security-talk", "video-start", "video-end")
    }
    assert story.write("samtykke", "caseworker", person=mother.uuid, **said, **yes).status_code == 302
    no = {"activity_vive-interview": "no"}
    assert story.write("samtykke", "caseworker", person=father.uuid, **said, **no).status_code == 302
    future = said | {"answered_on": f"{clock.danish_day(story.scene.now) + timedelta(days=1):%d.%m.%Y}"}
    refused = story.write(
        "samtykke", "caseworker", person=mother.uuid, **future, **{"activity_vive-interview": "yes"}
    )
    assert refused.status_code == 422 and "fremtiden" in Page(refused.content.decode()).text
    text = story.read(part="caseworker")
    assert "Maja Skjult: VIVEs interview" not in text and "Nej tak" in text
    running = story.clock_of("research-pregnancy-interview")
    assert running is not None and running.reminds == Role.CASEWORKER.value


def the_child_is_born(story: Story) -> None:
    story.scene.now = moment("2025-05-26")
    address = f"/familier/{story.scene.family.uuid}/personer/"
    with clock.standing_at(story.scene.now):
        window = story.window("practitioner")
        page = Page(window.get(address).content.decode())
        (child,) = [value for value in page.fields["child"] or set() if value]
        born = {"child": child, "what": "born", "born_on": "25.05.2025", "name": "Vilfred"}
        assert window.post(address, {name: value for name, value in born.items()}).status_code == 302
    running = story.clock_of("research-video-start")
    assert running is not None
    assert (running.due_on, running.reminds) == (date(2025, 8, 22), Role.PRACTITIONER.value)
    assert running.warn_at == clock.end_of(date(2025, 7, 25))
    assert "fra 25.07.2025 til 22.08.2025" in story.read()


def a_day_too_early_is_refused(story: Story) -> None:
    story.scene.now = moment("2025-07-24")
    with story.scene.at_work("authoritylead"):
        child = story.scene.person("Vilfred")
    done = {"activity": "video-start", "status": "done", "happened_on": "24.07.2025", "child": child.uuid}
    refused = story.write("status", **done)
    assert refused.status_code == 422
    text = Page(refused.content.decode()).text
    assert "2 måneder den 25.07.2025" in text and "VIVEs regel" in text
    program = api(story.scene.company.actor("practitioner"))
    with clock.standing_at(story.scene.now):
        answer = program.post(
            f"/api/v1/families/{story.scene.family.uuid}/research/outcomes/",
            {
                "activity": "video-start",
                "status": "done",
                "happened_on": "2025-07-24",
                "child": str(child.uuid),
            },
            format="json",
        )
    assert answer.status_code == 422 and answer.json()["type"].endswith("video-too-early")
    with story.scene.at_work("authoritylead"):
        assert not ResearchOutcome.objects.exists()


def the_day_itself_is_told_and_done(story: Story) -> None:
    scene = story.scene
    scene.now = moment("2025-07-25")
    assert "Samspilsvideo ved start Skal gøres" in story.read()
    assert (
        "Venter: Graviditetsinterview, Samtale om tryghed i forældrerollen, Samspilsvideo ved start"
        in story.read(f"/familier/{scene.family.uuid}/")
    )
    listed = story.read("/vive/", "teamlead")
    assert "1 af kommunens 4 pladser er taget" in listed and "Skal gøres" in listed
    running = story.clock_of("research-video-start")
    code = scene.family.municipality_id
    with clock.standing_at(moment("2025-07-26")), context.access(code, None, context.JOB):
        sweep(municipality_id=code, now=moment("2025-07-26"))
    with scene.at_work("authoritylead"):
        told = Notice.objects.filter(clock=running).values_list("recipient__username", flat=True)
        assert set(told) == {"greve.practitioner"}
        child = scene.person("Vilfred")
    scene.now = moment("2025-07-27")
    done = {"activity": "video-start", "status": "done", "happened_on": "26.07.2025", "child": child.uuid}
    with_link = story.write("status", **done, reference="https://vive.dk/17")
    assert with_link.status_code == 422 and "kun status skrives" in Page(with_link.content.decode()).text
    assert story.write("status", **done, reference="V-17").status_code == 302
    text = story.read()
    assert "Samspilsvideo ved start Gennemført" in text and "henvisning V-17" in text
    assert story.clock_of("research-video-start") is None


def the_talk_is_taken_back(story: Story) -> None:
    assert story.clock_of("research-security-talk") is not None
    with story.scene.at_work("authoritylead"):
        mother = story.scene.person("Maja")
    today = f"{clock.danish_day(story.scene.now):%d.%m.%Y}"
    taken = story.write("tilbage", person=mother.uuid, activity="security-talk", on=today)
    assert taken.status_code == 302
    assert story.clock_of("research-security-talk") is None
    text = story.read()
    assert "Samtykket er trukket tilbage: intet skal gøres" in text
    assert "Samspilsvideo ved start Gennemført" in text, "the others stand"
    history = story.read(f"/familier/{story.scene.family.uuid}/historik/")
    for said in (
        "Valgt til VIVEs evaluering",
        "Samtykke til en af VIVEs aktiviteter er trukket tilbage",
        "VIVEs aktivitet: gennemført",
        "Nej til en af VIVEs aktiviteter",
    ):
        assert said in history, said


def the_family_leaves(story: Story) -> None:
    today = f"{clock.danish_day(story.scene.now):%d.%m.%Y}"
    assert story.write("plads", "teamlead", reason="withdrawn", on=today).status_code == 302
    assert "Pladsen er ledig" in story.read()
    with story.scene.at_work("authoritylead"):
        assert not Clock.objects.running().filter(trigger="research_due").exists()
    listed = story.read("/vive/", "teamlead")
    assert "0 af kommunens 4 pladser er taget" in listed
    assert "Ikke med mere" in listed and "Familien ønsker ikke at være med mere" in listed
