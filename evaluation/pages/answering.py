"""What a municipality is asked of releases, and its no outside its step."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from evaluation import saying, selectors
from evaluation.models import ReleaseApproval
from evaluation.pages.base import ReasonPage, approval_line
from placement import clock
from placement.access.actor import Actor
from placement.access.roles import Action
from workflows.kernel.models import Task


def asked_of(actor: Actor) -> list[dict[str, Any]]:
    """The releases that the actor's municipality has a word on, the newest first, with whose answer is waited for."""
    asked = list(ReleaseApproval.objects.newest_rounds(actor).order_by("-id"))
    waiting = set(
        Task.objects.waiting_for(actor)
        .filter(release_uuid__in=[one.release_uuid for one in asked])
        .values_list("release_uuid", flat=True)
    )
    return [approval_line(one) | {"mine": one.release_uuid in waiting} for one in asked]


class RefuseRelease(ReasonPage):
    """A municipality says no outside its step, or regrets its yes."""

    read_action = Action.REFUSE_RELEASE
    write_action = Action.REFUSE_RELEASE

    def found(self, release: UUID) -> ReleaseApproval:
        return selectors.find_approval(self.actor, release)

    def act(self, release: UUID, reason: str) -> dict[str, Any]:
        saying.say_no(
            actor=self.actor, release_uuid=release, reason=reason, facts_version="", now=clock.now()
        )
        return {"release": str(release)}

    def words(self) -> dict[str, str]:
        return {
            "heading": _("Sig nej for kommunen"),
            "lead": _(
                "Kommunens familier lades ude, og udtrækket bygges på ny uden dem. Er det allerede gjort klart, "
                "trækkes det tilbage, og filerne slettes. Hvad der er hentet, kan ikke kaldes hjem."
            ),
            "button": _("Sig nej"),
        }
