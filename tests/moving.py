"""Making moves as the cast: by the page below the family, and by the API, with the same words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from placement import clock
from placement.access.actor import Actor
from placement.families.models import Family
from tests.cast import api, browser
from tests.scene import Scene
from tests.walking import Page, as_form
from workflows.journey.moves.views import ADDRESSES
from workflows.kernel.models import Clock, Task
from workflows.model_versions.clock_rules import Event


class Moving:
    """A scene whose family is moved about; each move some hours after what came before."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    @property
    def today(self) -> date:
        return clock.danish_day(self.scene.now)

    def actor(self, part: str) -> Actor:
        with clock.standing_at(self.scene.now):
            return self.scene.company.actor(part)

    def later(self, **by: float) -> None:
        self.scene.now += timedelta(**by)

    def by_api(self, part: str, slug: str, **data: Any) -> Any:
        """The API's answer."""
        self.later(hours=1)
        with clock.standing_at(self.scene.now):
            return api(self.actor(part)).post(
                f"/api/v1/families/{self.scene.family.uuid}/moves/{slug}/", data, format="json"
            )

    def by_page(self, part: str, slug: str, **data: Any) -> Any:
        """The page's answer to a form filled in as it offers."""
        self.later(hours=1)
        with clock.standing_at(self.scene.now):
            client = browser(self.actor(part))
            address = f"/familier/{self.scene.family.uuid}/handlinger/{ADDRESSES[slug]}/"
            page = Page(client.get(address).content.decode())
            return client.post(address, page.fill_in(as_form(data)))

    def made(self, part: str, slug: str, **data: Any) -> Any:
        """The move is made by the API; fails with what it said otherwise."""
        response = self.by_api(part, slug, **data)
        assert response.status_code == 201, response.content.decode()
        return response.json()

    def refused(self, part: str, slug: str, kind: str, **data: Any) -> None:
        """The API says no, with this type."""
        response = self.by_api(part, slug, **data)
        assert response.json()["type"] == f"urn:familieforloeb:problem:{kind}", response.content.decode()
        assert response.status_code in {403, 404, 409, 422}

    def look(self, part: str, address: str = "") -> str:
        """What the person reads on a page (the family's own by default)."""
        with clock.standing_at(self.scene.now):
            answer = browser(self.actor(part)).get(address or f"/familier/{self.scene.family.uuid}/")
        assert answer.status_code == 200, answer.status_code
        return Page(answer.content.decode()).text

    def history(self) -> str:
        """Everything the authority lead reads on the family's history."""
        return self.look("authoritylead", f"/familier/{self.scene.family.uuid}/historik/")

    def sees(self, part: str) -> bool:
        """Whether the person may see the family now."""
        with clock.standing_at(self.scene.now):
            answer = browser(self.actor(part)).get(f"/familier/{self.scene.family.uuid}/")
        return bool(answer.status_code == 200)

    def family(self) -> Family:
        """The family as it stands."""
        with self.scene.company.actor("authoritylead").acting(), transaction.atomic():
            family: Family = (
                Family.objects.unscoped(reason="a test").select_related("site").get(pk=self.scene.family.pk)
            )
        return family

    def task(self, name: str) -> Task:
        return self.scene.open_task(name)

    def open_steps(self) -> list[str]:
        """The open steps' names."""
        return sorted(task.flow_task.name for task in self.scene.open_tasks())

    def tell(self, event: Event) -> None:
        """Let something happen that starts clocks."""
        from workflows.kernel.clocks import services

        with self.scene.company.actor("authoritylead").acting(), transaction.atomic():
            services.happened(family=self.scene.family, event=event, at=self.scene.now)

    def clocks(self) -> dict[str, Clock]:
        """The family's latest clock of each rule."""
        with self.scene.company.actor("authoritylead").acting(), transaction.atomic():
            return {c.rule: c for c in Clock.objects.filter(family=self.scene.family).order_by("id")}
