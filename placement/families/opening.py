"""The one way into a family's pages and API answers: find it, write the look down, and only then build.

Every route below a family is a `FamilyPage` or a `FamilyEndpoint`. Both commit the look in a transaction of
its own; what the handler then does stands in another, so a failure undoes the work but never the trail of who
looked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.decorators import classonlymethod
from django.utils.translation import gettext_lazy as _
from django.views import View
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.views import APIView

from placement.access import trail
from placement.access.actor import Actor
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.roles import Action
from placement.access.rows import only
from placement.families.models import Family

READING = frozenset({"GET", "HEAD"})


def open_family(request: HttpRequest, family_uuid: UUID) -> Family:
    """The family, when the acting person may see it today; the look is written and committed.

    Raises Http404, the same for a family of another municipality as for an id that does not exist.
    """
    with transaction.atomic(durable=True):
        seen = Family.objects.visible_to(actor_of(request)).select_related("unit", "site")
        family: Family | None = only(seen.filter(uuid=family_uuid))
        if family is None:
            raise Http404
        trail.record_read(family_id=family.pk, route=_route(request), method=str(request.method))
    return family


def acting_on(actor: Actor, family: Family) -> Actor:
    """Somebody who sees ``family``, with those of their roles by which they see it: no other counts there."""
    if len(actor.roles) == 1:
        return actor
    with transaction.atomic():
        return actor.narrowed(
            [
                role
                for role in actor.roles
                if Family.objects.visible_to(actor.narrowed([role])).filter(pk=family.pk).exists()
            ]
        )


def _route(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


class _Guarded:
    """Which action each method takes; a route that writes must name one."""

    #: What GET takes.
    read_action: ClassVar[Action] = Action.SEE_FAMILIES
    #: What POST takes; None on routes that only show.
    write_action: ClassVar[Action | None] = None

    http_method_names: Sequence[str] = ("get", "head", "post")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "post") and cls.write_action is None:
            raise TypeError(f"{cls.__name__} writes, so it must name its write_action")

    @classmethod
    def action_for(cls, method: str) -> Action:
        """The action that ``method`` takes; read by the permission tests too."""
        action = cls.read_action if method in READING else cls.write_action
        if action is None:
            raise LookupError(f"{cls.__name__} does not take {method}")
        return action

    def check_role(self, actor: Actor, method: str) -> None:
        """Raise NotAllowed when none of the roles that ``actor`` has on the family carries the method's action."""
        if not actor.may(self.action_for(method)):
            raise NotAllowed(_("Din rolle giver ikke ret til det."))


class FamilyPage(_Guarded, View):
    """A page of one family: handlers are called with the opened ``family`` and find ``self.actor`` (`acting_on`)."""

    actor: Actor

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method = str(request.method)
        handler = getattr(self, method.lower(), None) if method.lower() in self.http_method_names else None
        if handler is None:
            return self.http_method_not_allowed(request, *args, **kwargs)
        family = open_family(request, kwargs.pop("family"))
        self.actor = acting_on(actor_of(request), family)
        self.check_role(self.actor, method)
        with transaction.atomic():
            response: HttpResponseBase = handler(request, family, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                # Here and not later: what the template reads belongs to the same transaction.
                response.render()
        return response


class FamilyEndpoint(_Guarded, APIView):
    """An API address of one family: handlers find ``self.family`` and ``self.actor``."""

    actor: Actor
    family: Family

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks, which family, may they: 401, 405, 404, 403, in this order."""
        super().initial(request, *args, **kwargs)
        method = str(request.method)
        handler = getattr(self, method.lower(), None) if method.lower() in self.http_method_names else None
        if handler is None:
            raise exceptions.MethodNotAllowed(method)
        self.family = open_family(request._request, kwargs["family"])
        self.actor = acting_on(actor_of(request._request), self.family)
        self.check_role(self.actor, method)
        # The handler alone stands in the transaction: an error undoes its work, and the look stays written.
        setattr(self, method.lower(), transaction.atomic(handler))
