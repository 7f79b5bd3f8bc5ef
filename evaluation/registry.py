"""The registry of what was published: what a new release is held against, and which recipe is frozen."""

from __future__ import annotations

from django.db import transaction

from evaluation.disclosure.delta import Registered
from evaluation.disclosure.recipe import Recipe
from evaluation.making import Earlier, Made
from evaluation.models import Kind, Release, ReleaseRecord


@transaction.atomic
def earlier_than(release: Release) -> Earlier:
    """Every release of the same kind that was ever available, oldest first.

    Also those by other agreements and those that have expired: whoever took them still has them.
    """
    kept = list(
        ReleaseRecord.objects.filter(release__kind=release.kind, release__available_at__isnull=False)
        .exclude(release=release)
        .order_by("release__available_at", "id")
        .select_related("release")
    )
    standing = [record for record in kept if record.round == record.release.round]
    first = next((record.recipe for record in standing if record.recipe), "")
    return Earlier(
        registered=tuple(Registered.from_json(record.kept) for record in standing),
        recipe=Recipe.from_json(first) if first else None,
    )


def overtaken(release: Release) -> bool:
    """Whether another release of the same kind was published since this round was built: its difference was not looked at."""
    if release.kind == Kind.T1 or release.built_at is None:
        return False
    others = Release.objects.filter(kind=release.kind, available_at__gte=release.built_at)
    return others.exclude(pk=release.pk).exists()


def keep(release: Release, made: Made) -> None:
    """Write down what the registry keeps of the round that was just built, if anything."""
    if made.registered is None:
        return
    ReleaseRecord.objects.create(
        release=release,
        round=release.round,
        seal=release.seal,
        recipe_hash=made.registered.recipe_hash,
        recipe=made.recipe.to_json() if made.recipe else "",
        kept=made.registered.to_json(),
    )
