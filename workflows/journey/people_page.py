"""The page of a family's people: who they are, somebody added or corrected, a birth."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.access.roles import Action
from placement.families.codes import BirthState, PersonKind
from placement.families.models import Family, Person
from placement.families.opening import FamilyPage
from placement.families.people import (
    add_person,
    correct_person,
    family_title,
    masked_cpr,
    nameless,
    record_birth,
)
from workflows.investigation.parallel import follow_child
from workflows.journey.moves.ending import lose_pregnancy
from workflows.journey.people_forms import AddPersonForm, BirthForm, CorrectPersonForm
from workflows.kernel.lock import family_locked
from workflows.kernel.once import opened_token, submit_once
from workflows.research.reminders import remind


class PeoplePage(FamilyPage):
    """The family's people: somebody is added, corrected (``?ret=`` says whom), born, or a pregnancy was lost."""

    write_action = Action.RECORD_PEOPLE

    def get(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        corrected = request.GET.get("ret")
        if corrected is None or not self.actor.may(Action.RECORD_PEOPLE):
            return self._page(request, family)
        return self._page(request, family, CorrectPersonForm(person=self._person(family, corrected)))

    def post(self, request: HttpRequest, family: Family) -> HttpResponseBase:
        what = request.POST.get("form", "")
        form: Any
        if what == "add":
            form = AddPersonForm(request.POST)
        elif what == "correct":
            form = CorrectPersonForm(
                request.POST, person=self._person(family, request.POST.get("person", ""))
            )
        else:
            form = BirthForm(request.POST, family=family)
        if not form.is_valid():
            return self._page(request, family, form, status=422)
        _done, refused = submit_once(
            request, "people", family.uuid, what, produce=lambda: self._record(family, form)
        )
        if refused:
            return self._page(request, family, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Det er gemt."))
        return redirect("family-people", family=family.uuid)

    def _person(self, family: Family, given: str) -> Person:
        try:
            # Held until the request ends: a birth written meanwhile is not written over.
            return Person.objects.select_for_update().get(family=family, uuid=uuid.UUID(given))
        except (ValueError, Person.DoesNotExist):
            raise Http404 from None

    def _record(self, family: Family, form: Any) -> dict[str, Any]:
        with family_locked(family):
            done = self._record_alone(family, form)
            # A birth, a corrected birthday or a loss moves what is due for VIVE.
            remind(family, now=clock.now())
            return done

    def _record_alone(self, family: Family, form: Any) -> dict[str, Any]:
        cleaned = form.cleaned_data
        if isinstance(form, AddPersonForm):
            return {"person": str(add_person(family=family, now=clock.now(), **cleaned).uuid)}
        if isinstance(form, CorrectPersonForm):
            person = correct_person(person=form.person, now=clock.now(), **form.values())
            follow_child(actor=self.actor, child=person, now=clock.now())
            return {"person": str(person.uuid)}
        family.refresh_from_db()
        child = Person.objects.select_for_update().get(family=family, uuid=cleaned["child"])
        child.family = family
        if cleaned["what"] == "lost":
            lose_pregnancy(actor=self.actor, child=child, goes_on=cleaned.get("goes_on"), now=clock.now())
        else:
            record_birth(
                child=child,
                born_on=cleaned["born_on"],
                name=cleaned["name"],
                cpr=cleaned["cpr"],
                now=clock.now(),
            )
            follow_child(actor=self.actor, child=child, now=clock.now())
        return {"person": str(child.uuid)}

    def _page(
        self, request: HttpRequest, family: Family, form: Any = None, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        people = list(family.people.all())
        may_write = self.actor.may(Action.RECORD_PEOPLE)
        correcting = isinstance(form, CorrectPersonForm)
        awaited = any(p.birth_state == BirthState.EXPECTED for p in people)
        birth = form if isinstance(form, BirthForm) else BirthForm(family=family) if awaited else None
        added = form if isinstance(form, AddPersonForm) else AddPersonForm()
        here = reverse("family-people", kwargs={"family": family.uuid})
        context = {
            "family_title": family_title(family),
            "family_url": reverse("family", kwargs={"family": family.uuid}),
            "people_url": here,
            "people": [
                {
                    "name": p.name or nameless(p),
                    "kind": p.get_kind_display() if p.name else "",
                    "born": p.born_on,
                    "due": p.due_on if p.birth_state == BirthState.EXPECTED else None,
                    "lost": p.birth_state == BirthState.LOST,
                    "custody": p.kind == PersonKind.PARENT and p.custody_holder,
                    "cpr": masked_cpr(p),
                    "correct_url": f"{here}?ret={p.uuid}" if may_write else "",
                }
                for p in people
            ],
            "correct_form": form if correcting else None,
            "form": birth if may_write and not correcting else None,
            "add_form": added if may_write and not correcting else None,
            "add_open": isinstance(form, AddPersonForm),
            "submit_token": opened_token(request),
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/people.html", context, status=status)
