"""The journal as an API: a family's notes, a new note, a correction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from placement import clock
from placement.access import listing, payloads
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.roles import Action
from placement.families.opening import FamilyEndpoint
from placement.journal import selectors, services
from placement.journal.codes import NoteKind, WordList
from placement.journal.models import Note
from placement.journal.parents import ReadingRules, not_for_parents, reading_rules
from placement.journal.standard import Word
from placement.journal.undoing import take_back
from placement.journal.views import found_note
from placement.journal.words import CODE_LENGTH, words_of
from placement.progression.codes import DAILY_LOG, Element


class AuthorOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    name = serializers.CharField(source="__str__")


class NoteOut(serializers.Serializer[Any]):
    """The version of a note that stands; `replaces` is the id of the version before it.

    One that was taken back is `withdrawn` and has no words. `parents_may_read` is by the note's kind, as the
    municipality has decided.
    """

    id = serializers.UUIDField(source="uuid")
    kind = serializers.ChoiceField(choices=NoteKind.values)
    text = serializers.CharField()
    element = serializers.SerializerMethodField()
    situations = serializers.ListField(child=serializers.CharField())
    themes = serializers.ListField(child=serializers.CharField())
    score = serializers.FloatField(source="measurement.score", default=None, allow_null=True)
    happened_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    author = AuthorOut()
    version = serializers.IntegerField()
    replaces = serializers.UUIDField(source="replaces.uuid", default=None, allow_null=True)
    reason = serializers.CharField()
    withdrawn = serializers.BooleanField()
    parents_may_read = serializers.SerializerMethodField()
    week_starts = serializers.DateField(allow_null=True)
    sources = serializers.SerializerMethodField()

    def get_parents_may_read(self, note: Note) -> bool:
        return not_for_parents(note, self.context["rules"]) is None

    def get_sources(self, note: Note) -> list[str]:
        """Of a weekly summary: the ids of the notes and child's views it was made of."""
        return [str((one.note or one.child_view).uuid) for one in note.sources.all()]  # type: ignore[union-attr]

    def get_element(self, note: Note) -> str | None:
        return note.element or None


class NoteIn(serializers.Serializer[Any]):
    """A note: text, a score (0-10, about `element`), or both."""

    kind = serializers.ChoiceField(choices=NoteKind.written())
    text = serializers.CharField(allow_blank=True, default="", max_length=20_000)
    element = serializers.ChoiceField(choices=Element.values, allow_null=True, default=None)
    situations = serializers.ListField(
        child=serializers.CharField(max_length=CODE_LENGTH), max_length=40, default=None, allow_null=True
    )
    themes = serializers.ListField(
        child=serializers.CharField(max_length=CODE_LENGTH), max_length=40, default=None, allow_null=True
    )
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
    kind = serializers.ChoiceField(choices=NoteKind.values)
    reason = serializers.CharField(max_length=500)


class WithdrawalIn(serializers.Serializer[Any]):
    """Says that it is meant: an empty body takes nothing back."""

    take_back = serializers.BooleanField()

    def validate_take_back(self, value: bool) -> bool:
        if not value:
            raise serializers.ValidationError(_("Send take_back som true."))
        return value


class WordOut(serializers.Serializer[Any]):
    """A tag or a template of the log. `code` is what notes carry; `kind` and `text` are a template's."""

    id = serializers.SerializerMethodField()
    list = serializers.ChoiceField(choices=WordList.values)
    code = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    text = serializers.CharField()
    retired = serializers.BooleanField()

    def get_id(self, word: Word) -> str:
        return f"{word.list}:{word.code}"


class WordPageOut(serializers.Serializer[Any]):
    results = WordOut(many=True)
    next = serializers.CharField(allow_null=True)


class NotePageOut(serializers.Serializer[Any]):
    results = NoteOut(many=True)
    next = serializers.CharField(allow_null=True)


def note_out(note: Note, rules: ReadingRules | None = None) -> dict[str, Any]:
    """A note as the API shows it; a list gives the municipality's ``rules``, read once."""
    rules = reading_rules(note.municipality_id) if rules is None else rules
    return dict(NoteOut(note, context={"rules": rules}).data)


class Notes(FamilyEndpoint):
    """The notes of a family that stand, and a new one."""

    write_action = Action.WRITE_NOTE

    @extend_schema(
        operation_id="notes_list", parameters=listing.PARAMETERS, responses=payloads.answers(NotePageOut)
    )
    def get(self, request: Request, family: UUID) -> Response:
        rules = reading_rules(self.family.municipality_id)
        return Response(
            listing.page(
                request, selectors.notes_with_sources(self.family), lambda note: note_out(note, rules)
            )
        )

    @extend_schema(
        operation_id="notes_create",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request=NewNoteIn,
        responses=payloads.answers(NoteOut, status=201),
    )
    def post(self, request: Request, family: UUID) -> Response:
        given = payloads.body(request, NewNoteIn)
        given["element"] = given["element"] or ""
        given |= {name: given[name] or [] for name in ("situations", "themes")}

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


class Withdrawal(FamilyEndpoint):
    """Take one's own note back, within the standard's minutes; it stands as withdrawn."""

    read_action = Action.WRITE_NOTE
    write_action = Action.WRITE_NOTE

    @extend_schema(
        operation_id="notes_take_back",
        parameters=[payloads.IDEMPOTENCY_KEY],
        request=WithdrawalIn,
        responses=payloads.answers(NoteOut, status=201),
    )
    def post(self, request: Request, family: UUID, note: UUID) -> Response:
        found = found_note(self.family, note)
        payloads.body(request, WithdrawalIn)

        def produce() -> dict[str, Any]:
            return note_out(take_back(actor=self.actor, note=found, now=clock.now()))

        return payloads.created_once(request, actor=self.actor, asked=["withdrawal", note], produce=produce)


class LogWords(APIView):
    """The words that the municipality's log offers."""

    @extend_schema(operation_id="log_words_list", responses={200: WordPageOut} | payloads.problems(401, 403))
    def get(self, request: Request) -> Response:
        actor = actor_of(request._request)
        if not actor.may(Action.WRITE_NOTE) or actor.municipality_id is None:
            raise NotAllowed(_("Din rolle kan ikke skrive notater."))
        with transaction.atomic():
            words = words_of(actor.municipality_id)
        return Response({"results": WordOut(words, many=True).data, "next": None})
