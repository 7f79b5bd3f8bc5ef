"""The quick log, taking a note back, and the address that drafts are saved at."""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from placement import clock
from placement.access import problems
from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.middleware import actor_of
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from placement.journal import selectors, services
from placement.journal.forms import LogForm, draft_of, initial_from
from placement.journal.models import (
    CHILD_VIEW_FORM,
    CONCERN_FORM,
    CORRECTION,
    LOG_FORM,
    WEEKLY_FORM,
    Draft,
    Note,
)
from placement.journal.undoing import may_take_back, take_back
from placement.journal.words import template_in

#: The forms that keep drafts: the log, a week's summary, a child's view, a notification of concern, the ground of an
#: exit step, an instrument, the correction of a note, a step.
FORM_NAME = re.compile(
    rf"{LOG_FORM}|{WEEKLY_FORM}\d{{4}}-W\d{{2}}|{CHILD_VIEW_FORM}|{CONCERN_FORM}|exit-ground:[a-z-]{{1,40}}|measure:[a-z0-9-]{{1,40}}|{CORRECTION}[0-9a-f]{{32}}"
    r"|task:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
)


class Log(FamilyPage):
    """The quick log: three taps, and what is typed is kept while it is typed."""

    read_action = Action.WRITE_NOTE
    write_action = Action.WRITE_NOTE

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        chosen = as_uuid(request.GET.get("kladde", ""))
        draft = selectors.draft_to_resume(self.actor, family, LOG_FORM, submit_token=chosen)
        form = LogForm(actor=self.actor, family=family, initial=initial_from(draft.data) if draft else None)
        return self._page(request, family, form, draft=draft)

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        form = LogForm(request.POST, actor=self.actor, family=family)
        token = token_of(request)
        if "template" in request.POST:
            return self._with_template(request, family, form, token)
        if not form.is_valid():
            return self._page(request, family, form, token=token, status=422)
        try:
            note = services.write_note(
                actor=self.actor, family=family, submit_token=token, now=clock.now(), **written(form)
            )
        except services.AlreadySubmitted as again:
            # The text is still in the form, and sending it again makes a note of its own.
            return self._page(request, family, form, refusal=again, status=again.status)
        except (NotAllowed, StaleState):
            raise
        except Refused as refused:
            form.refuse(refused)
            return self._page(request, family, form, token=token, status=refused.status)
        return saved(request, family, note)

    def _with_template(
        self, request: HttpRequest, family: Family, form: LogForm, token: uuid.UUID
    ) -> HttpResponseBase:
        """Without a script: the same page with the template's headings in the text, and all else as typed."""
        typed = draft_of(request.POST)
        chosen = next((one for one in form.templates if one.code == request.POST["template"]), None)
        if chosen is not None:
            typed |= {"text": [template_in(request.POST.get("text", ""), chosen)], "kind": [chosen.kind]}
        begun = LogForm(actor=self.actor, family=family, initial=initial_from(typed))
        return self._page(request, family, begun, token=token)

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        form: LogForm,
        *,
        draft: Draft | None = None,
        token: uuid.UUID | None = None,
        refusal: Refused | None = None,
        status: int = 200,
    ) -> HttpResponse:
        opened = opened_form(self.actor, family, LOG_FORM, draft=draft, token=token, refusal=refusal)
        return render(request, "journal/log.html", {**opened, "form": form}, status=status)


class TakeBack(FamilyPage):
    """Take back what one has just written: what it says, and one button."""

    read_action = Action.WRITE_NOTE
    write_action = Action.WRITE_NOTE

    def get(self, request: HttpRequest, family: Family, note: uuid.UUID) -> HttpResponseBase:
        return self._page(request, family, found_note(family, note))

    def post(self, request: HttpRequest, family: Family, note: uuid.UUID) -> HttpResponseBase:
        found = found_note(family, note)
        # An empty post says nothing: the button has a value, so that no stray request takes back.
        if request.POST.get("answer") != "take-back":
            return self._page(request, family, found, status=422)
        try:
            take_back(actor=self.actor, note=found, now=clock.now())
        except Refused as refused:
            return self._page(request, family, found, refusal=refused, status=refused.status)
        messages.success(request, _("Taget tilbage. Det står i historikken, at notatet blev taget tilbage."))
        return redirect("family", family=family.uuid)

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        note: Note,
        *,
        refusal: Refused | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            **family_line(family),
            "note": note,
            "correction": note.version > 1,
            "may": may_take_back(self.actor, note, now=clock.now()),
            "correct_url": reverse("note-correct", kwargs={"family": family.uuid, "note": note.uuid}),
            "refusal": {"reason": str(refusal.message)} if refusal else None,
        }
        return render(request, "journal/take_back.html", context, status=status)


def found_note(family: Family, note: uuid.UUID) -> Note:
    """A note of the family; raises Http404, the same for another family's."""
    found = (
        Note.objects.filter(family=family, uuid=note)
        .select_related("measurement", "author", "replaces__measurement")
        .first()
    )
    if found is None:
        raise Http404
    return found


@require_POST
def save_draft(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Keep what is being typed in one opened form; 204 when the form has been sent meanwhile.

    Somebody who is logged out gets 401 and never a redirect: the script says so, and the text stays there.
    Somebody else who has logged in on the same device since does not get the text as theirs (409).
    """
    if getattr(request, "actor", None) is None:
        return problems.document(401, "not-authenticated", _("Du er logget ud. Log ind i en ny fane."))
    actor = actor_of(request)
    if request.headers.get("X-Person", str(actor.staff.uuid)) != str(actor.staff.uuid):
        return problems.document(
            409, "other-person", _("En anden er logget ind på enheden. Log ind som dig selv i en ny fane.")
        )
    form = request.GET.get("form", "")
    family = Family.objects.visible_to(actor).filter(uuid=as_uuid(request.GET.get("family", ""))).first()
    if family is None or not FORM_NAME.fullmatch(form):
        return problems.document(404, "not-found", problems.NOT_FOUND_DETAIL)
    now = clock.now()
    try:
        kept = services.save_draft(
            actor=actor,
            family=family,
            form=form,
            submit_token=token,
            data=draft_of(request.POST),
            now=now,
            page=as_uuid(request.headers.get("X-Draft-Page", "")),
            seen=_number(request.headers.get("X-Draft-Rev", "")),
        )
    except Refused as refused:
        return problems.document(refused.status, refused.type, str(refused.message))
    return JsonResponse({"saved_at": now.isoformat()}) if kept else HttpResponse(status=204)


save_draft.login_required = False  # type: ignore[attr-defined]  # it answers 401 itself


def draft_url(family: Family, form: str, token: uuid.UUID) -> str:
    """The address at which one opened form of a family keeps its draft."""
    return f"{reverse('draft', kwargs={'token': token})}?{urlencode({'family': family.uuid, 'form': form})}"


def opened_form(
    actor: Actor,
    family: Family,
    form_name: str,
    *,
    draft: Draft | None,
    token: uuid.UUID | None,
    refusal: Refused | None,
) -> dict[str, Any]:
    """What every form with a draft shows: its token, where it is kept, since when, and the last refusal."""
    kept = selectors.draft_revision(actor, token) if token and draft is None else 0
    token = draft.submit_token if draft else token or uuid.uuid4()
    return {
        **family_line(family),
        "submit_token": token,
        "draft_url": draft_url(family, form_name, token),
        "draft_saved_at": draft.updated if draft else None,
        "draft_rev": draft.rev if draft else kept,
        "refusal": {"reason": str(refusal.message)} if refusal else None,
    }


def family_line(family: Family) -> dict[str, Any]:
    """The family as the journal's pages name it: one must see whom one writes about."""
    return {
        "family": {
            "title": family.number,
            "names": family_title(family),
            "url": reverse("family", kwargs={"family": family.uuid}),
        }
    }


def written(form: LogForm) -> dict[str, Any]:
    values = {name: form.cleaned_data[name] for name in form.fields}
    if "happened_at" in values:
        values["happened_at"] = values["happened_at"] or None
    return values


def saved(request: HttpRequest, family: Family, note: Note) -> HttpResponse:
    where = {"family": family.uuid, "note": note.uuid}
    messages.success(
        request,
        format_html(
            '{} <a class="link" href="{}">{}</a> <a class="link" href="{}">{}</a>',
            _("Gemt: %s.") % note.get_kind_display(),
            reverse("note-correct", kwargs=where),
            _("Se eller ret"),
            reverse("note-take-back", kwargs=where),
            _("Fortryd"),
        ),
    )
    return redirect("family", family=family.uuid)


def token_of(request: HttpRequest) -> uuid.UUID:
    """The form's token; a form without a proper one gets its own, and only the button guards it."""
    return as_uuid(request.POST.get("submit_token", "")) or uuid.uuid4()


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
