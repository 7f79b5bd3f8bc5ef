"""The registry of what was published: what a new release is held against, and which recipe is frozen."""

from __future__ import annotations

from django.db import connection, transaction

from evaluation.disclosure.delta import Registered
from evaluation.disclosure.recipe import Recipe
from evaluation.making import Earlier, Made
from evaluation.models import Kind, Release, ReleaseRecord


@transaction.atomic
def earlier_than(release: Release) -> Earlier:
    """Every release of the same kind that was ever available, oldest first.

    Also those by other agreements and those that have expired: whoever took them still has them.
    """
    if release.kind == Kind.T1:
        return Earlier()  # of rows under an agreement nothing is kept, nor held against anything
    kept = list(
        ReleaseRecord.objects.filter(release__kind=release.kind, release__available_at__isnull=False)
        .exclude(release=release)
        .order_by("release__available_at", "id")
        .select_related("release")
    )
    standing = [record for record in kept if record.round == record.release.round]
    first = next((record.recipe for record in standing if record.recipe), "")
    return Earlier(
        releases=tuple(record.release.uuid for record in kept),
        registered=tuple(Registered.from_json(record.kept) for record in standing),
        recipe=Recipe.from_json(first) if first else None,
    )


#: One release of a kind is published at a time: this number and the kind's name the lock.
_PUBLISHING = 7_304_128


def overtaken(release: Release) -> bool:
    """Whether another release of the same kind was published that this round was not held against.

    Holds the lock of publishing the kind until the transaction ends, so that the answer stands while it is published.
    """
    if release.kind == Kind.T1:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_PUBLISHING, release.kind])
    published = Release.objects.filter(kind=release.kind, available_at__isnull=False).exclude(pk=release.pk)
    record = ReleaseRecord.objects.filter(release=release, round=release.round)
    against = {uuid for (held,) in record.values_list("against") for uuid in held}
    return bool(set(published.values_list("uuid", flat=True)) - against)


def keep(release: Release, made: Made, earlier: Earlier) -> None:
    """Write down what the registry keeps of the round that was just built, if anything."""
    if made.registered is None:
        return
    ReleaseRecord.objects.create(
        release=release,
        round=release.round,
        seal=release.seal,
        recipe_hash=made.registered.recipe_hash,
        against=list(earlier.releases),
        recipe=made.recipe.to_json() if made.recipe else "",
        kept=made.registered.to_json(),
    )
