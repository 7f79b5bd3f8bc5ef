"""What a move is: something people need now and then, that no step of a flow is waiting for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.access.roles import Action, Role
from placement.clock import danish_day
from placement.families.models import Family
from workflows.kernel.forms import DayField
from workflows.kernel.lock import family_locked
from workflows.kernel.strict import StrictForm

LEADS = frozenset({Role.TEAM_LEAD, Role.AUTHORITY_LEAD})


@dataclass(frozen=True)
class Before:
    """Who stands before which family, when."""

    actor: Actor
    family: Family
    now: datetime

    @property
    def today(self) -> date:
        return danish_day(self.now)


class MoveForm(StrictForm):
    """Base of every move's form: the page's form, the API's JSON Schema and the check of both."""

    error_css_class = "fds-error"
    use_required_attribute = True

    def __init__(self, data: Mapping[str, Any] | None = None, *, before: Before, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.before = before
        self.prepare()
        for name, field in self.fields.items():
            if isinstance(field, DayField) and field.required:
                self.initial.setdefault(name, before.today)

    def prepare(self) -> None:
        """Choices that depend on the family are filled in here."""

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Give the field ``name`` its choices. A lone one is chosen beforehand; among several, none is."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices if len(choices) == 1 else [("", _("Vælg")), *choices]
        if len(choices) == 1:
            self.initial.setdefault(name, choices[0][0])


@dataclass(frozen=True)
class Move:
    """One move: who may do it, what it asks, why it cannot be done now, and doing it.

    ``slug`` names its addresses. ``perform`` raises Refused, or answers what it made. ``refusal`` is asked before
    the form is shown; the service behind ``perform`` asks again, under the family's lock.
    """

    slug: str
    title: Promise | str
    help: Promise | str
    action: Action
    form: type[MoveForm]
    perform: Callable[[Before, dict[str, Any]], dict[str, Any]]
    refusal: Callable[[Before], str | None] = lambda before: None
    #: Whether it has a page of its own below «Flere handlinger»; the others have one elsewhere.
    paged: bool = True


def do(move: Move, before: Before, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Do the move under the family's lock, on the family as it stands then. Raises what the move raises, Http404."""
    with family_locked(before.family):
        # Whoever held the family before may have changed who sees it.
        visible = Family.objects.visible_to(before.actor).select_related("site", "unit")
        family = visible.filter(pk=before.family.pk).first()
        if family is None:
            raise Http404
        return move.perform(Before(before.actor, family, before.now), cleaned)


def asked(check: Callable[[], Any]) -> str | None:
    """The words of a refusal, for a page that shows beforehand why something cannot be done; None when it can."""
    try:
        check()
    except Refused as refused:
        return str(refused.message)
    return None
