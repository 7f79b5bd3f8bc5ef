"""The quick log, the correction of a note, and the address that drafts are saved at."""

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
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.middleware import actor_of
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from placement.journal import selectors, services
from placement.journal.forms import CorrectionForm, LogForm, draft_of, initial_from
from placement.journal.models import CHILD_VIEW_FORM, CONCERN_FORM, CORRECTION, LOG_FORM, Draft, Note

#: The forms that keep drafts: the log, a child's view, a notification of concern, the correction of a note, a step,
#: the ground of an exit step, an instrument.
FORM_NAME = re.compile(
    rf"{LOG_FORM}|{CHILD_VIEW_FORM}|{CONCERN_FORM}|exit-ground:[a-z-]{{1,40}}|measure:[a-z0-9-]{{1,40}}|{CORRECTION}[0-9a-f]{{32}}"
    r"|task:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
)


class Log(FamilyPage):
    """The quick log: three taps, and what is typed is kept while it is typed."""

    read_action = Action.WRITE_NOTE
    write_action = Action.WRITE_NOTE

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        draft = selectors.draft_to_resume(self.actor, family, LOG_FORM)
        form = LogForm(actor=self.actor, family=family, initial=initial_from(draft.data) if draft else None)
        return self._page(request, family, form, draft=draft)

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        form = LogForm(request.POST, actor=self.actor, family=family)
        token = _token(request)
        if not form.is_valid():
            return self._page(request, family, form, token=token, status=422)
        try:
            note = services.write_note(
                actor=self.actor, family=family, submit_token=token, now=clock.now(), **_written(form)
            )
        except services.AlreadySubmitted as again:
            # The text is still in the form, and sending it again makes a note of its own.
            return self._page(request, family, form, refusal=again, status=again.status)
        except (NotAllowed, StaleState):
            raise
        except Refused as refused:
            form.refuse(refused)
            return self._page(request, family, form, token=token, status=refused.status)
        return _saved(request, family, note)

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
        opened = _opened(family, LOG_FORM, draft=draft, token=token, refusal=refusal)
        return render(request, "journal/log.html", {**opened, "form": form}, status=status)


class CorrectNote(FamilyPage):
    """A new version of one's own note, with the reason; the earlier ones stay to be read."""

    read_action = Action.WRITE_NOTE
    write_action = Action.WRITE_NOTE

    def get(self, request: HttpRequest, family: Family, note: uuid.UUID) -> HttpResponseBase:
        found = self._note(family, note)
        draft = selectors.draft_to_resume(self.actor, family, services.correction_form(found))
        begun = {"initial": initial_from(draft.data)} if draft else {}
        form = CorrectionForm(actor=self.actor, note=found, **begun)
        return self._page(request, found, form, draft=draft)

    def post(self, request: HttpRequest, family: Family, note: uuid.UUID) -> HttpResponseBase:
        found = self._note(family, note)
        form = CorrectionForm(request.POST, actor=self.actor, note=found)
        token = _token(request)
        if not form.is_valid():
            return self._page(request, found, form, token=token, status=422)
        try:
            corrected = services.correct_note(
                actor=self.actor, note=found, submit_token=token, now=clock.now(), **_written(form)
            )
        except (NotAllowed, StaleState) as refused:
            # Somebody was faster, or it is another's note: the text must not be lost with the answer.
            return self._page(request, found, form, refusal=refused, status=refused.status)
        except Refused as refused:
            form.refuse(refused)
            return self._page(request, found, form, token=token, status=refused.status)
        return _saved(request, family, corrected)

    def _note(self, family: Family, note: uuid.UUID) -> Note:
        found = Note.objects.filter(family=family, uuid=note).select_related("measurement", "author").first()
        if found is None:
            raise Http404
        return found

    def _page(
        self,
        request: HttpRequest,
        note: Note,
        form: CorrectionForm,
        *,
        draft: Draft | None = None,
        token: uuid.UUID | None = None,
        refusal: Refused | None = None,
        status: int = 200,
    ) -> HttpResponse:
        form_name = services.correction_form(note)
        opened = _opened(note.family, form_name, draft=draft, token=token, refusal=refusal)
        context = {**opened, "form": form, "versions": selectors.versions(note)}
        return render(request, "journal/correct.html", context, status=status)


@require_POST
def save_draft(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Keep what is being typed in one opened form; 204 when the form has been sent meanwhile.

    Somebody who is logged out gets 401 and never a redirect: the script says so, and the text stays there.
    """
    if getattr(request, "actor", None) is None:
        return problems.document(401, "not-authenticated", _("Du er logget ud. Log ind i en ny fane."))
    actor = actor_of(request)
    form = request.GET.get("form", "")
    family = Family.objects.visible_to(actor).filter(uuid=_uuid(request.GET.get("family", ""))).first()
    if family is None or not FORM_NAME.fullmatch(form):
        return problems.document(404, "not-found", problems.NOT_FOUND_DETAIL)
    now = clock.now()
    try:
        kept = services.save_draft(
            actor=actor, family=family, form=form, submit_token=token, data=draft_of(request.POST), now=now
        )
    except Refused as refused:
        return problems.document(refused.status, refused.type, str(refused.message))
    return JsonResponse({"saved_at": now.isoformat()}) if kept else HttpResponse(status=204)


save_draft.login_required = False  # type: ignore[attr-defined]  # it answers 401 itself


def draft_url(family: Family, form: str, token: uuid.UUID) -> str:
    """The address at which one opened form of a family keeps its draft."""
    return f"{reverse('draft', kwargs={'token': token})}?{urlencode({'family': family.uuid, 'form': form})}"


def _opened(
    family: Family, form_name: str, *, draft: Draft | None, token: uuid.UUID | None, refusal: Refused | None
) -> dict[str, Any]:
    """What every form with a draft shows: its token, where it is kept, since when, and the last refusal."""
    token = draft.submit_token if draft else token or uuid.uuid4()
    return {
        "family": {
            "title": family.number,
            "names": family_title(family),
            "url": reverse("family", kwargs={"family": family.uuid}),
        },
        "submit_token": token,
        "draft_url": draft_url(family, form_name, token),
        "draft_saved_at": draft.updated if draft else None,
        "refusal": {"reason": str(refusal.message)} if refusal else None,
    }


def _written(form: LogForm) -> dict[str, Any]:
    values = {name: form.cleaned_data[name] for name in form.fields}
    if "happened_at" in values:
        values["happened_at"] = values["happened_at"] or None
    return values


def _saved(request: HttpRequest, family: Family, note: Note) -> HttpResponse:
    again = reverse("note-correct", kwargs={"family": family.uuid, "note": note.uuid})
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a>', _("Gemt: %s.") % note.get_kind_display(), again, _("Se eller ret")
        ),
    )
    return redirect("family", family=family.uuid)


def _token(request: HttpRequest) -> uuid.UUID:
    """The form's token; a form without a proper one gets its own, and only the button guards it."""
    return _uuid(request.POST.get("submit_token", "")) or uuid.uuid4()


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
