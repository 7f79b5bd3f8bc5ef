"""What the model's pages have in common: who may open them, and a form done once."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views import View

from placement.access.actor import Actor
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.roles import Action


class ModelPage(View):
    """A page about the model and no family; each method names its action."""

    read_action: ClassVar[Action] = Action.SEE_MODEL
    write_action: ClassVar[Action | None] = None

    http_method_names = ["get", "head", "post"]
    actor: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.actor = actor_of(request)
        action = {"GET": self.read_action, "HEAD": self.read_action, "POST": self.write_action}.get(
            str(request.method)
        )
        # Any other method is answered by the framework: this page does not take it.
        if action is not None and not self.actor.may(action):
            raise NotAllowed(_("Din rolle giver ikke ret til det."))
        return super().dispatch(request, *args, **kwargs)

    @property
    def municipality_id(self) -> int:
        """The actor's; everybody with an action of the model has one."""
        assert self.actor.municipality_id is not None
        return self.actor.municipality_id
