"""The one door to releases: by which agreements one may ask, what one asked for, what one's municipality has a word on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from placement.access.actor import Actor
from placement.access.roles import Action

if TYPE_CHECKING:
    from evaluation.models import Agreement, Release, ReleaseApproval  # noqa: F401


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements; start from `visible_to`, but for numbers that are taken and for what ends by itself."""

    def visible_to(self, actor: Actor) -> AgreementQuerySet:
        """Those in which ``actor`` is named, or which they registered."""
        if actor.municipality_id is not None or not actor.may(Action.USE_RELEASES):
            return self.none()
        named = models.Q(pk__in=self.model.objects.filter(people__staff=actor.staff).values("pk"))
        return self.filter(named | models.Q(registered_by=actor.staff))


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases; start from `visible_to`."""

    def visible_to(self, actor: Actor) -> ReleaseQuerySet:
        """The releases ``actor`` asked for: an agreement is not with all evaluators."""
        if actor.municipality_id is not None or not actor.may(Action.USE_RELEASES):
            return self.none()
        return self.filter(requested_by=actor.staff)


class ReleaseApprovalQuerySet(models.QuerySet["ReleaseApproval"]):
    """What municipalities read and say of releases; start from `visible_to`."""

    def visible_to(self, actor: Actor) -> ReleaseApprovalQuerySet:
        """Those of the actor's municipality, for its privacy officer and its authority lead."""
        if actor.municipality_id is None or not actor.may(Action.SEE_RELEASES):
            return self.none()
        return self.filter(municipality_id=actor.municipality_id)

    def newest_rounds(self, actor: Actor) -> ReleaseApprovalQuerySet:
        """Of each release the latest round alone."""
        seen = self.visible_to(actor)
        newest = seen.order_by("release_uuid", "-round").distinct("release_uuid").values("pk")
        return seen.filter(pk__in=newest)
