"""What municipalities say of a release by the API: short names for their steps, and their no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django import forms
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from evaluation import saying, selectors
from evaluation.api.base import WordEndpoint, valid
from evaluation.forms import Why, Yes
from evaluation.models import Answer, ReleaseApproval, Status
from placement import clock
from placement.access import payloads
from placement.access.roles import Action
from workflows.kernel.schema import form_schema


class ReleaseSaid(serializers.Serializer[Any]):
    """What has become of the municipality's word."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.values)
    reviewed = serializers.BooleanField()
    answer = serializers.ChoiceField(choices=["", *Answer.values])


class _MunicipalityWord(WordEndpoint):
    """What somebody says of a release for their municipality, on the facts they read."""

    form: ClassVar[type[forms.Form]]

    def said(self, release: UUID, body: dict[str, Any]) -> dict[str, Any]:
        # Whoever sees nothing of it is told so, whatever they sent.
        selectors.find_approval(self.actor, release)
        given = {"facts_version": str(body.get("facts_version", "")), **valid(self.form(body))}
        approval = self.say(actor=self.actor, release_uuid=release, now=clock.now(), **given)
        return {
            "id": str(approval.release_uuid),
            "status": approval.status,
            "reviewed": bool(approval.review),
            "answer": approval.answer,
        }

    def say(self, **given: Any) -> ReleaseApproval:
        """Say it, as `saying.say_yes` and `saying.say_no` do."""
        raise NotImplementedError


class _Yes(_MunicipalityWord):
    form = Yes

    def say(self, **given: Any) -> ReleaseApproval:
        return saying.say_yes(action=self.action_for("POST"), **given)


#: A class of endpoints.
Endpoint = TypeVar("Endpoint", bound=type[_MunicipalityWord])


def _described(operation: str) -> Callable[[Endpoint], Endpoint]:
    """The operation in the description of the API, by its form."""

    def describe(endpoint: Endpoint) -> Endpoint:
        said: Callable[[Endpoint], Endpoint] = extend_schema_view(
            post=extend_schema(
                request={"application/json": form_schema(endpoint.form())},
                parameters=[payloads.IDEMPOTENCY_KEY],
                responses={**payloads.answers(ReleaseSaid), **payloads.problems(409, 422, 503)},
                operation_id=operation,
            )
        )
        return said(endpoint)

    return describe


@_described("releases_review")
class ReviewEndpoint(_Yes):
    """The privacy officer's yes: a short name for completing the release's open review of one's municipality."""

    write_action = Action.REVIEW_RELEASE


@_described("releases_approve")
class ApproveEndpoint(_Yes):
    """The authority lead's yes for the municipality's own families."""

    write_action = Action.APPROVE_RELEASE


@_described("releases_reject")
class RejectEndpoint(_MunicipalityWord):
    """A no for the municipality, with its reason, whenever in the round: its families are left out."""

    write_action = Action.REFUSE_RELEASE
    form = Why

    def say(self, **given: Any) -> ReleaseApproval:
        return saying.say_no(**given)
