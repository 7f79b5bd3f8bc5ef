"""Who may what with a family: `has_perm` answered by the role table and by which families are visible."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from placement.access import context
from placement.access.actor import actor_for
from placement.access.models import Staff
from placement.access.roles import Action
from placement.families.models import Family


class FamilyBackend(BaseBackend):
    """Password log-in, and permissions in the active municipality only."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Staff | None:
        if username is None or password is None:
            return None
        staff = Staff.objects.filter(username=username).first()
        if staff is None:
            # The same work for an unknown name, so that the answer's time does not tell names apart.
            Staff().set_password(password)
            return None
        return staff if staff.check_password(password) and staff.is_active else None

    def get_user(self, user_id: int) -> Staff | None:
        """The person of a session; nobody once they are inactive, which ends the session."""
        # Ready made, because it is asked before every page.
        known = Staff.objects.raw("SELECT * FROM access_staff WHERE id = %s AND is_active", [user_id])
        return next(iter(known), None)

    def has_perm(self, user_obj: Staff | AnonymousUser, perm: str, obj: Any = None) -> bool:
        stated = context.current()
        if not isinstance(user_obj, Staff) or stated is None:
            return False
        actor = actor_for(user_obj, stated[0])
        if actor is None or perm not in {action.value for action in Action} or not actor.may(Action(perm)):
            return False
        if obj is None:
            return True
        if not isinstance(obj, Family):
            return False
        return bool(Family.objects.visible_to(actor, to_do=Action(perm)).filter(pk=obj.pk).exists())
