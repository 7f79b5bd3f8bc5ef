"""Which action each method of a release's address takes, checked before anything is looked for."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import ClassVar

from django.http import HttpResponse

from evaluation.models import ReleaseFile
from placement.access.roles import Action


class ReleaseAddress:
    """Base of pages and endpoints of releases: another role meets a 403, release or no release."""

    read_action: ClassVar[Action] = Action.USE_RELEASES
    write_action: ClassVar[Action | None] = None

    @classmethod
    def action_for(cls, method: str) -> Action:
        """The action that ``method`` takes; read by the permission tests too."""
        action = cls.read_action if method in {"GET", "HEAD"} else cls.write_action
        if action is None:
            raise LookupError(f"{cls.__name__} does not take {method}")
        return action


def as_attachment(file: ReleaseFile) -> HttpResponse:
    """The file itself, to be kept and not shown."""
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{PurePosixPath(file.name).name}"'
    return response
