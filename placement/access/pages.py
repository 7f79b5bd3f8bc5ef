"""A page about no family: each method names its action."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views import View

from placement.access.actor import Actor
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.roles import Action


class RolePage(View):
    """Handlers find ``self.actor``, who carries the action of the method."""

    read_action: ClassVar[Action]
    write_action: ClassVar[Action]

    http_method_names = ["get", "head", "post"]
    actor: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.actor = actor_of(request)
        # Any other method is answered by the framework: this page does not take it.
        method = str(request.method).lower()
        if method in ("get", "head", "post") and method in self.http_method_names:
            action = self.write_action if method == "post" else self.read_action
            if not self.actor.may(action):
                raise NotAllowed(_("Din rolle giver ikke ret til det."))
        return super().dispatch(request, *args, **kwargs)

    @property
    def municipality_id(self) -> int:
        """The actor's; only people of a municipality carry such actions."""
        assert self.actor.municipality_id is not None
        return self.actor.municipality_id
