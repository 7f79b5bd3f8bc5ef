"""The agreements on file, and registering one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation import agreeing
from evaluation.dataset_names import DatasetName
from evaluation.forms import RegisterAgreement
from evaluation.models import Agreement
from evaluation.pages.base import ReleasePage, form_token
from placement import clock
from placement.access.problems import InvalidFields
from placement.access.roles import Action


class Agreements(ReleasePage):
    """The agreements that one is named in or registered, and registering one."""

    read_action = Action.USE_RELEASES
    write_action = Action.USE_RELEASES

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, RegisterAgreement())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RegisterAgreement(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            self.once(request, "agreement", produce=lambda: self._register(form))
        except InvalidFields as refused:
            for name, errors in refused.errors.items():
                form.add_error(name, errors)
            return self._page(request, form, status=422)
        messages.success(request, _("Aftalen er registreret."))
        return redirect("agreements")

    def _register(self, form: RegisterAgreement) -> dict[str, Any]:
        made = agreeing.register_agreement(actor=self.actor, now=clock.now(), **form.cleaned_data)
        return {"agreement": str(made.uuid)}

    def _page(self, request: HttpRequest, form: RegisterAgreement, *, status: int = 200) -> HttpResponse:
        today = clock.today()
        agreements = [
            {
                "number": one.number,
                "title": one.title,
                "purpose": one.purpose,
                "legal_basis": one.get_legal_basis_display(),
                "role": one.get_role_display(),
                "ends_on": one.ends_on,
                "over": one.ends_on < today,
                "people": sorted(str(person.staff) for person in one.people.all()),
                "datasets": [str(DatasetName(name).label) for name in one.datasets],
                "variables": one.variables,
                "follow_up": one.get_follow_up_display(),
            }
            for one in Agreement.objects.visible_to(self.actor)
            .prefetch_related("people__staff")
            .order_by("-id")
        ]
        context = {
            "agreements": agreements,
            "form": form,
            "releases_url": reverse("releases"),
            "submit_token": form_token(request),
        }
        return render(request, "evaluation/agreements.html", context, status=status)
