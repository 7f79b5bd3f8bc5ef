"""The scope's pieces in SQL, written by hand: they stand in nearly every query, and building them cost more than asking.

Only their text is fixed; whom, where and which day is stated anew for each query, and the database reads who acts for
whom as it answers. `tests/families/test_scope_of_many.py` holds what they let through against a telling of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import BooleanField, F, Func

from placement.access.actor import Actor
from placement.access.roles import Role

#: A piece of SQL and what stands in the place of its ``%s``, in order.
Piece = tuple[str, list[Any]]

_COLLEAGUES = """
SELECT deputy.stands_in_for_id FROM staffing_deputyship deputy
 WHERE deputy.municipality_id = %s AND deputy.deputy_id = %s AND deputy.role = ANY (%s)
   AND deputy.withdrawn_at IS NULL AND deputy.starts <= %s AND deputy.ends >= %s
"""

#: A deputyship gives nothing once the colleague does not hold the role any more.
_WHO_HOLD_THE_ROLE = """
   AND EXISTS (SELECT FROM access_staffmembership held
                WHERE held.staff_id = deputy.stands_in_for_id AND held.municipality_id = deputy.municipality_id
                  AND held.role = deputy.role AND held.starts <= %s AND (held.ends IS NULL OR held.ends >= %s))
"""

_PLACES_OF_COLLEAGUES = """
SELECT held.{place} FROM access_staffmembership held
 WHERE held.municipality_id = %s AND held.role = %s AND held.starts <= %s AND (held.ends IS NULL OR held.ends >= %s)
   AND held.{place} IS NOT NULL AND held.staff_id IN ({colleagues})
"""


class Condition(Func):
    """A condition in SQL about a row: ``{name}`` stands for the column ``name`` of it."""

    def __init__(self, text: str, values: list[Any], columns: tuple[str, ...]) -> None:
        super().__init__(*(F(column) for column in columns), output_field=BooleanField())
        self.text = text
        self.values = values
        self.columns = columns

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        named = [compiler.compile(column)[0] for column in self.get_source_expressions()]
        return self.text.format(**dict(zip(self.columns, named, strict=True))), list(self.values)


def is_one_of(column: str, ids: Piece) -> Condition:
    """``column`` is one of an array of ids that the database finds once, before it looks at any row."""
    text, values = ids
    return Condition(f"{{{column}}} = ANY ({text})", values, (column,))


def stands_in_for_whom(column: str, actor: Actor, today: date) -> Condition:
    """Whether the actor acts today, in whatever role, for the person in ``column``: four eyes are asked this."""
    text = (
        "EXISTS (SELECT FROM staffing_deputyship deputy WHERE deputy.municipality_id = %s AND deputy.deputy_id = %s "
        f"AND deputy.stands_in_for_id = {{{column}}} AND deputy.withdrawn_at IS NULL "
        "AND deputy.starts <= %s AND deputy.ends >= %s)"
    )
    return Condition(text, [actor.municipality_id or 0, actor.staff_id, today, today], (column,))


def acted_for(actor: Actor, roles: Collection[Role], today: date) -> Piece:
    """The actor, and the colleagues they stand in for today in one of ``roles``, who hold that role today."""
    text, values = _colleagues(actor, roles, today)
    return f"%s::bigint[] || ARRAY({text}{_WHO_HOLD_THE_ROLE})", [[actor.staff_id], *values, today, today]


def places_of(actor: Actor, role: Role, place: str, today: date) -> Piece:
    """The units or sites (``place``: "unit_id" or "site_id") where the actor, or whom they stand in for, is ``role``."""
    own = actor.units_as(role) if place == "unit_id" else actor.sites_as(role)
    text, values = _colleagues(actor, [role], today)
    theirs = _PLACES_OF_COLLEAGUES.format(place=place, colleagues=text)
    return f"%s::bigint[] || ARRAY({theirs})", [
        sorted(own),
        actor.municipality_id or 0,
        role.value,
        today,
        today,
        *values,
    ]


def _colleagues(actor: Actor, roles: Collection[Role], today: date) -> Piece:
    named = sorted(role.value for role in roles)
    return _COLLEAGUES, [actor.municipality_id or 0, actor.staff_id, named, today, today]
