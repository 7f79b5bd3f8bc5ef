"""What the cast begins around a decision: by the real services in a scene, by pages and the API in a test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from placement import clock
from placement.access.actor import Actor
from placement.families.codes import PersonKind
from placement.families.models import Family, Person
from placement.families.people import add_person
from placement.families.services import record_child_view
from tests.cast import api, browser
from tests.moving import Moving
from tests.scene import PARENT, Scene
from tests.walking import Page, all_of, as_form
from workflows.decisions.acts import ADDRESSES
from workflows.decisions.models import Complaint, DecisionLetter
from workflows.decisions.selectors import concerned
from workflows.decisions.services import anew, complaints, insight, letters, parties, plans
from workflows.kernel.models import Task

Begin = Callable[[Scene, Actor, Family], Any]

VIEW = "Jeg vil helst blive i min skole."


def _hear(scene: Scene, actor: Actor, family: Family) -> Any:
    return parties.hear_parties(
        actor=actor,
        family=family,
        parties=[Person.objects.get(family=family, custody_holder=True)],
        facts="Sundhedsplejersken har skrevet, at barnet ikke tager på.",
        how="post",
        sent_on=clock.today(),
        deadline_on=clock.today() + timedelta(days=14),
        now=scene.now,
    )


def _complaint(scene: Scene, actor: Actor, family: Family) -> Any:
    letter = DecisionLetter.objects.filter(family=family).select_related("family", "party").earliest("id")
    late = letter.complaint_until is not None and clock.today() > letter.complaint_until
    return complaints.receive_complaint(
        actor=actor,
        letter=letter,
        received_on=clock.today(),
        text="Opholdet er for langt.",
        late_accepted=False if late else None,
        late_reason="Parten var på ferie, og det undskylder ikke fristen." if late else "",
        now=scene.now,
    )


def _access(scene: Scene, actor: Actor, family: Family) -> Any:
    return insight.ask_access(
        actor=actor,
        party=Person.objects.get(family=family, custody_holder=True),
        scope="Hele sagen.",
        received_on=clock.today(),
        now=scene.now,
    )


def _changed(scene: Scene, actor: Actor, family: Family) -> Any:
    """A complaint that the municipality's own look has changed the decision for, and a view of each child since."""
    waiting = Complaint.objects.filter(family=family, sent_on__isnull=True)
    # One that lies with Ankestyrelsen was upheld and is theirs to change: then there is another one.
    made = waiting.order_by("-id").first() or _complaint(scene, actor, family)
    Complaint.objects.filter(pk=made.pk).update(
        reassessed="changed", reassessed_reason="Opholdet kan være kortere.", reassessed_by=actor.staff,
        reassessed_at=scene.now,
    )  # fmt: skip
    made.refresh_from_db()
    for child in concerned(family):
        record_child_view(
            actor=actor, child=child, source="told", text=VIEW, obtained_on=clock.today(), now=scene.now
        )
    for party in Person.objects.filter(family=family, custody_holder=True):
        parties.hearing_not_needed(
            actor=actor, family=family, parties=[party], reason="Klagen er partens egen.", now=scene.now
        )
    return anew.ask_anew(made)


#: How each way beside the journey begins that no step begins.
BEGUN: dict[str, Begin] = {
    "hearing": _hear,
    "letters": lambda scene, actor, family: letters.begin_letters(family=family),
    "complaint": _complaint,
    "late complaint": _complaint,
    "access": _access,
    "changed": _changed,
    "plan": lambda scene, actor, family: plans.begin_plan(family=family),
    "track": lambda scene, actor, family: plans.begin_track(family=family, why="Barnet skal anbringes."),
}


def begin(scene: Scene, what: str, part: str = "caseworker") -> None:
    """Let the caseworker begin it now; a late complaint comes two months on."""
    scene.now += timedelta(days=60 if what == "late complaint" else 0, hours=1)
    with clock.standing_at(scene.now):
        actor = scene.company.actor(part)
        with actor.acting(), transaction.atomic():
            BEGUN[what](scene, actor, Family.objects.visible_to(actor).get(pk=scene.family.pk))


class Deciding(Moving):
    """A scene whose family is decided about, step by step through pages and the API, with nothing laid beforehand."""

    def add_sibling(self, name: str, born_on: date) -> Person:
        """Another child of the family, written into it by the caseworker."""
        with clock.standing_at(self.scene.now), self.actor("caseworker").acting(), transaction.atomic():
            return add_person(
                family=self.scene.family,
                kind=PersonKind.SIBLING,
                name=name,
                born_on=born_on,
                now=self.scene.now,
            )

    def person(self, name: str) -> str:
        """The id of one of the family."""
        with self.scene.company.actor("authoritylead").acting(), transaction.atomic():
            return str(Person.objects.get(family=self.scene.family, name=name).uuid)

    def complete(self, part: str, name: str, **answer: Any) -> Any:
        """The API's answer to completing the open step with what was read."""
        self.later(hours=1)
        task = self.task(name)
        with clock.standing_at(self.scene.now):
            client = api(self.actor(part))
            read = client.get(f"/api/v1/tasks/{task.uuid}/").json()
            body = answer | {"facts_version": read["facts_version"]}
            return client.post(f"/api/v1/tasks/{task.uuid}/complete/", body, format="json")

    def completed(self, part: str, name: str, **answer: Any) -> Task:
        """The step is completed; fails with what was said otherwise."""
        task = self.task(name)
        response = self.complete(part, name, **answer)
        assert response.status_code == 200, response.content.decode()
        return task

    def stopped(self, part: str, name: str, **answer: Any) -> str:
        """The step's gate is closed, and stays open for an answer: what the API says."""
        task = self.task(name)
        response = self.complete(part, name, **answer)
        assert response.status_code == 422, response.content.decode()
        assert self.task(name) == task
        said = response.json()
        return f"{said['detail']} {said.get('errors', '')}"

    def act(self, slug: str, part: str = "caseworker", **data: Any) -> Any:
        """The API's answer to an act."""
        self.later(hours=1)
        with clock.standing_at(self.scene.now):
            return api(self.actor(part)).post(
                f"/api/v1/families/{self.scene.family.uuid}/decisions/{slug}/", data, format="json"
            )

    def acted(self, slug: str, part: str = "caseworker", **data: Any) -> Any:
        """The act is done; fails with what was said otherwise."""
        response = self.act(slug, part, **data)
        assert response.status_code == 201, response.content.decode()
        return response.json()

    def not_acted(self, slug: str, kind: str, part: str = "caseworker", **data: Any) -> str:
        """The API says no with this type: its words."""
        response = self.act(slug, part, **data)
        assert response.json()["type"] == f"urn:familieforloeb:problem:{kind}", response.content.decode()
        return str(response.json()["detail"])

    def act_by_page(self, slug: str, part: str = "caseworker", **data: Any) -> Any:
        """The page's answer to a form filled in as it offers."""
        self.later(hours=1)
        with clock.standing_at(self.scene.now):
            client = browser(self.actor(part))
            address = f"/familier/{self.scene.family.uuid}/afgoerelser/{ADDRESSES[slug]}/"
            page = Page(client.get(address).content.decode())
            return client.post(address, page.fill_in(as_form(data)))

    def stands(self, part: str = "caseworker") -> dict[str, Any]:
        """How the API says that the family's decisions stand."""
        with clock.standing_at(self.scene.now):
            answer = api(self.actor(part)).get(f"/api/v1/families/{self.scene.family.uuid}/decisions/")
        assert answer.status_code == 200, answer.content.decode()
        return dict(answer.json())

    def told(self) -> set[str]:
        """The kinds of entries on the family's history, as the API names them."""
        with clock.standing_at(self.scene.now):
            client = api(self.actor("authoritylead"))
            address = f"/api/v1/families/{self.scene.family.uuid}/timeline/"
            return {event["kind"] for event in all_of(client, address)}

    def view(self, name: str, source: str, text: str = VIEW) -> None:
        """Somebody writes a child's view down on its page."""
        self.later(hours=1)
        with clock.standing_at(self.scene.now):
            client = browser(self.actor("caseworker"))
            address = f"/familier/{self.scene.family.uuid}/barnets-perspektiv/"
            page = Page(client.get(address).content.decode())
            said = {
                "child": self.person(name),
                "obtained_on": str(self.today),
                "child_view_source": source,
                "child_view_text": text,
            }
            done = client.post(address, page.fill_in(as_form(said)))
        assert done.status_code == 302, done.content.decode()

    def to_the_request(self) -> None:
        """The family is in the target group, and the mother has consented; nothing else is written."""
        self.scene.go_on_to("obtain_consent")
        self.completed(
            "caseworker", "obtain_consent", person=[self.person(PARENT)], given_on=str(self.today),
            how="written", informed_about="Alt.",
        )  # fmt: skip
