"""Pages about a family's people: the child's view, consent given and taken back, the caseworker."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.models import Staff, StaffMembership
from placement.access.roles import Action, Role
from placement.families.models import Consent, Family, Person
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from placement.families.services import change_caseworker, give_consent, record_child_view
from placement.journal.models import CHILD_VIEW_FORM, Draft
from placement.journal.selectors import draft_to_resume
from placement.journal.services import take_draft
from placement.journal.views import draft_url
from workflows.journey.forms import CaseworkerForm, ChildViewForm, ConsentForm
from workflows.journey.moves.consent import take_back_consent
from workflows.kernel import drafts
from workflows.kernel.lock import family_locked
from workflows.kernel.once import opened_token, submit_once


class ChildViewPage(FamilyPage):
    """Write down the child's view, before a decision or as it is observed."""

    write_action = Action.RECORD_CHILD_VIEW
    read_action = Action.RECORD_CHILD_VIEW

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        form = ChildViewForm(family=family)
        draft = draft_to_resume(self.actor, family, CHILD_VIEW_FORM)
        if draft is not None:
            drafts.resume(form, draft)
        return self._page(request, family, form, draft=draft)

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        form = ChildViewForm(request.POST, family=family)
        if not form.is_valid():
            return self._page(request, family, form, status=422)
        _done, refused = submit_once(
            request, "child-view", family.uuid, produce=lambda: self._record(request, family, form)
        )
        if refused:
            return self._page(request, family, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Barnets perspektiv er gemt."))
        return redirect("family", family=family.uuid)

    def _record(self, request: HttpRequest, family: Family, form: ChildViewForm) -> dict[str, Any]:
        cleaned, now = form.cleaned_data, clock.now()
        view = record_child_view(
            actor=self.actor,
            child=Person.objects.get(family=family, uuid=cleaned["child"]),
            source=cleaned["child_view_source"],
            text=cleaned["child_view_text"],
            obtained_on=cleaned["obtained_on"],
            now=now,
        )
        take_draft(
            actor=self.actor,
            family=family,
            form=CHILD_VIEW_FORM,
            submit_token=opened_token(request),
            now=now,
        )
        return {"child_view": str(view.uuid)}

    def _page(
        self,
        request: HttpRequest,
        family: Family,
        form: ChildViewForm,
        *,
        status: int = 200,
        refusal: str = "",
        draft: Draft | None = None,
    ) -> HttpResponse:
        token = draft.submit_token if draft else opened_token(request)
        kept = {
            "submit_token": token,
            "draft_url": draft_url(family, CHILD_VIEW_FORM, token),
            "draft_saved_at": draft.updated if draft else None,
        }
        title = _("Barnets perspektiv")
        return form_page(request, family, form, title, status=status, refusal=refusal, **kept)


class ConsentPage(FamilyPage):
    """Who has consented, and writing down that somebody consents or takes their consent back."""

    read_action = Action.RECORD_CONSENT
    write_action = Action.RECORD_CONSENT

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        return self._page(request, family, ConsentForm(family=family))

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        form = ConsentForm(request.POST, family=family)
        if not form.is_valid():
            return self._page(request, family, form, status=422)
        _done, refused = submit_once(
            request, "consent", family.uuid, produce=lambda: self._record(family, form.cleaned_data)
        )
        if refused:
            return self._page(request, family, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Det er gemt."))
        return redirect("family-consent", family=family.uuid)

    def _record(self, family: Family, cleaned: dict[str, Any]) -> dict[str, Any]:
        with family_locked(family):
            person = Person.objects.select_for_update().get(family=family, uuid=cleaned["person"])
            if cleaned["what"] == "given":
                consent = give_consent(
                    actor=self.actor,
                    person=person,
                    given_on=cleaned["on"],
                    how=cleaned["how"],
                    now=clock.now(),
                )
            else:
                consent = take_back_consent(person=person, on=cleaned["on"])
        return {"consent": str(consent.uuid)}

    def _page(
        self, request: HttpRequest, family: Family, form: Any, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        given = Consent.objects.filter(family=family).select_related("person").order_by("-given_on", "-id")
        context = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            "consents": [
                {
                    "name": str(consent.person),
                    "given": consent.given_on,
                    "how": consent.get_how_display(),
                    "withdrawn": consent.withdrawn_on,
                }
                for consent in given
            ],
            "form": form,
            "submit_token": opened_token(request),
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/consent.html", context, status=status)


class CaseworkerPage(FamilyPage):
    """The authority lead appoints the family's caseworker."""

    read_action = Action.APPOINT_CASEWORKER
    write_action = Action.APPOINT_CASEWORKER

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        return form_page(request, family, CaseworkerForm(choices=self._choices()), _("Udpeg rådgiver"))

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        form = CaseworkerForm(request.POST, choices=self._choices())
        if not form.is_valid():
            return form_page(request, family, form, _("Udpeg rådgiver"), status=422)
        staff = Staff.objects.get(uuid=form.cleaned_data["staff"])
        _done, refused = submit_once(
            request, "caseworker", family.uuid, str(staff.uuid), produce=lambda: self._appoint(family, staff)
        )
        if refused:
            return form_page(
                request, family, form, _("Udpeg rådgiver"), status=422, refusal=str(refused.message)
            )
        messages.success(request, _("%(name)s er nu familiens rådgiver.") % {"name": staff})
        return redirect("family", family=family.uuid)

    def _appoint(self, family: Family, staff: Staff) -> dict[str, Any]:
        change_caseworker(family=family, staff=staff, by=self.actor, on=clock.today())
        return {"staff": str(staff.uuid)}

    def _choices(self) -> list[tuple[str, str]]:
        held = StaffMembership.objects.in_force(clock.today()).filter(
            municipality=self.actor.municipality_id, role=Role.CASEWORKER.value
        )
        return [(str(m.staff.uuid), str(m.staff)) for m in held.select_related("staff").order_by("id")]


def form_page(
    request: HttpRequest,
    family: Family,
    form: Any,
    title: str,
    *,
    status: int = 200,
    refusal: str = "",
    **kept: Any,
) -> HttpResponse:
    """A form about a family on a page of its own; ``kept``: what templates/workflows/task.html shows of a draft."""
    context = {
        "task": {
            "title": title,
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            "element": "",
            "due": None,
            "description": "",
        },
        "form": form,
        "submit_token": opened_token(request),
        "facts_version": "",
        "refusal": {"reason": refusal} if refusal else None,
        **kept,
    }
    return render(request, "workflows/task.html", context, status=status)
