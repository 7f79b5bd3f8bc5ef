"""Which action each method of a release's address takes, checked before anything is looked for."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from evaluation.models import ReleaseFile
from placement.access.actor import Actor
from placement.access.errors import NotAllowed
from placement.access.roles import Action


class ReleaseAddress:
    """Base of pages and endpoints of releases: another role meets a 403, release or no release."""

    read_action: ClassVar[Action] = Action.SEE_RELEASES
    write_action: ClassVar[Action | None] = None

    @classmethod
    def action_for(cls, method: str) -> Action:
        """The action that ``method`` takes; read by the permission tests too."""
        action = cls.read_action if method in {"GET", "HEAD"} else cls.write_action
        if action is None:
            raise LookupError(f"{cls.__name__} does not take {method}")
        return action


def check_may(actor: Actor, action: Action) -> None:
    """Raise NotAllowed when none of the person's roles carries ``action``."""
    if not actor.may(action):
        raise NotAllowed(
            _("Kun evaluatorer kan bestille og hente udtræk.")
            if action == Action.USE_RELEASES
            else _("Din rolle giver ikke ret til det.")
        )


def as_attachment(file: ReleaseFile) -> HttpResponse:
    """The file itself, to be kept and not shown."""
    return attachment(bytes(file.content), file.name.rsplit("/", 1)[-1], file.media_type)


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes to be kept and not shown, under ``name``."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
