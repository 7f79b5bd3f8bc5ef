"""The pages of what an exit rests on: where it stands, and writing one record of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import BooleanField, DateField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from placement import clock
from placement.access.roles import Action
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from placement.journal.models import Draft
from placement.journal.selectors import draft_to_resume
from placement.journal.services import take_draft
from placement.journal.views import draft_url
from placement.templatetags.words import danish_date
from workflows.exit.groundwork.kinds import KINDS, RecordKind
from workflows.exit.selectors import latest_plan
from workflows.kernel import drafts
from workflows.kernel.once import opened_token, submit_once

SHOWN = 5
#: Said of one version and of no other: when it was shown or dated, and who signed it.
OF_ITS_OWN = {"plan": ("shown_to_parents_on",), "safety-plan": ("dated_on", "signed_by")}


class GroundworkPage(FamilyPage):
    """What has been laid as ground for the exit, newest first, and where more is written."""

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        may_write = self.actor.may(Action.LAY_EXIT_GROUND)
        kinds = [kind for kind in KINDS.values() if kind.slug != "plan" or latest_plan(family) is not None]
        context = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            "kinds": [
                {
                    "title": kind.title,
                    "purpose": kind.purpose,
                    "rows": [told(kind, row) for row in kind.rows(family)[:SHOWN]],
                    "write_url": address(family, kind) if may_write else "",
                }
                for kind in kinds
            ],
        }
        return render(request, "workflows/exit_ground.html", context)


class GroundworkRecordPage(FamilyPage):
    """Write one record; what is typed is kept while it is typed."""

    read_action = Action.LAY_EXIT_GROUND
    write_action = Action.LAY_EXIT_GROUND

    def get(self, request: HttpRequest, family: Family, record: str) -> HttpResponseBase:
        kind = kind_of(record)
        form = kind.form(initial=_begun_from(kind, family))
        draft = draft_to_resume(self.actor, family, form_name(kind))
        if draft is not None:
            drafts.resume(form, draft)
        return self._page(request, family, kind, form, draft=draft)

    def post(self, request: HttpRequest, family: Family, record: str) -> HttpResponseBase:
        kind = kind_of(record)
        form = kind.form(request.POST)
        if not form.is_valid():
            return self._page(request, family, kind, form, status=422)
        _done, refused = submit_once(
            request,
            "exit-ground",
            family.uuid,
            kind.slug,
            produce=lambda: self._write(request, family, kind, form),
        )
        if refused:
            return self._page(request, family, kind, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Gemt: %(title)s") % {"title": kind.title})
        return redirect("exit-ground", family=family.uuid)

    def _write(self, request: HttpRequest, family: Family, kind: RecordKind, form: Any) -> dict[str, Any]:
        now = clock.now()
        row: Any = kind.write(actor=self.actor, family=family, now=now, **form.cleaned_data)
        take_draft(
            actor=self.actor,
            family=family,
            form=form_name(kind),
            submit_token=opened_token(request),
            now=now,
        )
        return {"record": str(row.uuid)}

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        kind: RecordKind,
        form: Any,
        *,
        status: int = 200,
        refusal: str = "",
        draft: Draft | None = None,
    ) -> HttpResponse:
        token = draft.submit_token if draft else opened_token(request)
        context = {
            "task": {
                "title": kind.title,
                "family_title": family_title(family),
                "family_url": reverse("exit-ground", kwargs={"family": family.uuid}),
                "element": "exit",
                "due": None,
                "description": kind.purpose,
            },
            "form": form,
            "submit_token": token,
            "facts_version": "",
            "draft_url": draft_url(family, form_name(kind), token),
            "draft_saved_at": draft.updated if draft else None,
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/task.html", context, status=status)


def kind_of(record: str) -> RecordKind:
    """The kind of record with that name in the address. Raises Http404."""
    if record not in KINDS:
        raise Http404
    return KINDS[record]


def form_name(kind: RecordKind) -> str:
    """The name under which a kind's form keeps its draft."""
    return f"{drafts.EXIT_GROUND}{kind.slug}"


def address(family: Family, kind: RecordKind) -> str:
    """Where a record of this kind is written."""
    return reverse("exit-ground-record", kwargs={"family": family.uuid, "record": kind.slug})


def _begun_from(kind: RecordKind, family: Family) -> dict[str, Any]:
    """A new version is begun from the one that stands, but for what somebody did with that one alone."""
    if kind.slug not in ("plan", "safety-plan", "receiving-support"):
        return {}
    row = kind.rows(family).first()
    if row is None:
        return {}
    own = OF_ITS_OWN.get(kind.slug, ())
    content = kind.content(row).items()
    return {name: value for name, value in content if name not in own and value not in (None, "")}


def told(kind: RecordKind, row: Any) -> dict[str, Any]:
    """A record in words: its day, who wrote it, and each field that holds something."""
    return {
        "on": getattr(row, kind.day),
        "who": str(getattr(row, kind.who)),
        "lines": [
            {"title": capfirst(str(row._meta.get_field(name).verbose_name)), "text": text}
            for name in kind.form.base_fields
            if name != kind.day and (text := _words(row, name))
        ],
    }


def _words(row: Any, name: str) -> str:
    column, value = row._meta.get_field(name), getattr(row, name)
    if isinstance(column, BooleanField):
        return _("Ja") if value else _("Nej")
    if isinstance(column, DateField):
        return danish_date(value)
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value or "")
