"""The journal as an API: a family's notes, a new note, a correction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from placement import clock
from placement.access import listing, payloads
from placement.access.roles import Action
from placement.families.opening import FamilyEndpoint
from placement.journal import selectors, services
from placement.journal.models import Note, NoteKind
from placement.progression.codes import DAILY_LOG, Element


class AuthorOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    name = serializers.CharField(source="__str__")


class NoteOut(serializers.Serializer[Any]):
    """The version of a note that stands; `replaces` is the id of the version before it."""

    id = serializers.UUIDField(source="uuid")
    kind = serializers.ChoiceField(choices=NoteKind.values)
    text = serializers.CharField()
    element = serializers.SerializerMethodField()
    score = serializers.FloatField(source="measurement.score", default=None, allow_null=True)
    happened_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    author = AuthorOut()
    version = serializers.IntegerField()
    replaces = serializers.UUIDField(source="replaces.uuid", default=None, allow_null=True)
    reason = serializers.CharField()

    def get_element(self, note: Note) -> str | None:
        return note.element or None


class NoteIn(serializers.Serializer[Any]):
    """A note: text, a score (0-10, about `element`), or both."""

    kind = serializers.ChoiceField(choices=NoteKind.values)
    text = serializers.CharField(allow_blank=True, default="", max_length=20_000)
    element = serializers.ChoiceField(choices=Element.values, allow_null=True, default=None)
    score = serializers.DecimalField(
        max_digits=4,
        decimal_places=2,
        min_value=DAILY_LOG.low,
        max_value=DAILY_LOG.high,
        allow_null=True,
        default=None,
    )


class NewNoteIn(NoteIn):
    happened_at = serializers.DateTimeField(allow_null=True, default=None)


class CorrectionIn(NoteIn):
    reason = serializers.CharField(max_length=500)


class NotePageOut(serializers.Serializer[Any]):
    results = NoteOut(many=True)
    next = serializers.CharField(allow_null=True)


def note_out(note: Note) -> dict[str, Any]:
    """A note as the API shows it."""
    return dict(NoteOut(note).data)


class Notes(FamilyEndpoint):
    """The notes of a family that stand, and a new one."""

    write_action = Action.WRITE_NOTE

    @extend_schema(
        operation_id="notes_list", parameters=listing.PARAMETERS, responses=payloads.answers(NotePageOut)
    )
    def get(self, request: Request, family: UUID) -> Response:
        return Response(listing.page(request, selectors.notes(self.family), note_out))

    @extend_schema(
        operation_id="notes_create",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request=NewNoteIn,
        responses=payloads.answers(NoteOut, status=201),
    )
    def post(self, request: Request, family: UUID) -> Response:
        given = payloads.body(request, NewNoteIn)
        given["element"] = given["element"] or ""

        def produce() -> dict[str, Any]:
            return note_out(
                services.write_note(actor=self.actor, family=self.family, now=clock.now(), **given)
            )

        return payloads.created_once(
            request, actor=self.actor, asked=["notes", family, given], produce=produce
        )


class Corrections(FamilyEndpoint):
    """A new version of one's own note, with the reason."""

    read_action = Action.WRITE_NOTE
    write_action = Action.WRITE_NOTE

    @extend_schema(
        operation_id="notes_correct",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request=CorrectionIn,
        responses=payloads.answers(NoteOut, status=201),
    )
    def post(self, request: Request, family: UUID, note: UUID) -> Response:
        found = Note.objects.filter(family=self.family, uuid=note).select_related("measurement").first()
        if found is None:
            raise Http404
        given = payloads.body(request, CorrectionIn)
        given["element"] = given["element"] or ""

        def produce() -> dict[str, Any]:
            return note_out(services.correct_note(actor=self.actor, note=found, now=clock.now(), **given))

        return payloads.created_once(
            request, actor=self.actor, asked=["corrections", note, given], produce=produce
        )
