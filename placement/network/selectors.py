"""Reads of the network: what the family page and the guards ask."""

from __future__ import annotations

from placement.clock import danish_day
from placement.families.models import Family
from placement.network.models import Agreement, Moment, NetworkMap, Sector


def last_map(family: Family, moment: str | None = None) -> NetworkMap | None:
    """The newest map of the journey that runs (of one ``moment``, e.g. the start), with its people, or None."""
    maps = NetworkMap.objects.filter(family=family).prefetch_related("people__member")
    if family.reopened_at is not None:
        maps = maps.filter(drawn_on__gte=danish_day(family.reopened_at))
    if moment is not None:
        maps = maps.filter(moment=moment)
    return maps.order_by("-drawn_on", "-id").first()


def supporting_private_people(drawn: NetworkMap) -> int:
    """How many on the map give support and are not professionals: an outcome, compared start to exit."""
    return sum(
        person.sector != Sector.PROFESSIONALS and person.direction in {"gives", "mutual"}
        for person in drawn.people.all()
    )


def change_in_support(family: Family) -> tuple[int, int] | None:
    """(at the start, at the exit) supporting private people; None until both maps are drawn."""
    start, at_exit = last_map(family, Moment.START), last_map(family, Moment.EXIT)
    if start is None or at_exit is None:
        return None
    return supporting_private_people(start), supporting_private_people(at_exit)


def agreements_to_follow_up(family: Family) -> list[Agreement]:
    """Agreements nobody has followed up, the earliest date first."""
    return list(Agreement.objects.filter(family=family, kept__isnull=True).order_by("by_on", "id"))
