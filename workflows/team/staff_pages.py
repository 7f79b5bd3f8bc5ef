"""Pages about staff and no family: who stands in for whom, and training and supervision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from placement import clock
from placement.access.actor import Actor
from placement.access.errors import NotAllowed
from placement.access.middleware import actor_of
from placement.access.models import Staff
from placement.access.roles import Action, Role
from placement.instruments import catalogue
from placement.staffing.models import Deputyship, TrainingRecord
from placement.staffing.querysets import led_by, municipality_of
from placement.staffing.selectors import Validity, deputyships_shown_to, validity_of
from placement.staffing.services import appoint_deputy, record_training, withdraw_deputy
from workflows.kernel.once import opened_token, submit_once
from workflows.model_versions.services import version_in_force
from workflows.model_versions.team_rules import StaffRules, TrainingKind
from workflows.team.page_forms import DeputyForm, TrainingForm
from workflows.team.selectors import professions_of

SHOWN = 100


def staff_rules() -> StaffRules:
    """The rules about staff of the model version in force today."""
    return version_in_force(clock.today()).model.staff


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class _StaffPage(View):
    """A page for whoever has ``action``; its work stands in one transaction."""

    action: Action
    http_method_names = ("get", "head", "post")
    actor: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.actor = actor_of(request)
        if str(request.method).lower() in self.http_method_names and not self.actor.may(self.action):
            raise NotAllowed(_("Din rolle giver ikke ret til det."))
        with transaction.atomic():
            return super().dispatch(request, *args, **kwargs)


class DeputiesPage(_StaffPage):
    """Deputies of oneself and of those one leads: past, present and to come."""

    action = Action.APPOINT_DEPUTY

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if request.POST.get("form") == "withdraw":
            withdraw_deputy(
                actor=self.actor,
                deputyship=self._deputyship(request.POST.get("deputyship", "")),
                now=clock.now(),
            )
            messages.success(request, _("Stedfortrædelsen er slut."))
            return redirect("deputies")
        form = DeputyForm(request.POST, actor=self.actor, day=clock.today())
        if not form.is_valid():
            return self._page(request, form, status=422)
        _done, refused = submit_once(request, "deputy", produce=lambda: self._appoint(form.cleaned_data))
        if refused:
            return self._page(request, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Det er gemt."))
        return redirect("deputies")

    def _appoint(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        made = appoint_deputy(
            actor=self.actor,
            deputy=Staff.objects.get(uuid=cleaned["deputy"]),
            stands_in_for=Staff.objects.get(uuid=cleaned["stands_in_for"]),
            role=Role(cleaned["role"]),
            starts=cleaned["starts"],
            ends=cleaned["ends"],
            reason=cleaned["reason"],
            longest_days=staff_rules().deputy_longest_days,
            now=clock.now(),
        )
        return {"deputyship": str(made.uuid)}

    def _deputyship(self, given: str) -> Deputyship:
        try:
            return deputyships_shown_to(self.actor).get(uuid=UUID(given))
        except (ValueError, Deputyship.DoesNotExist):
            raise Http404 from None

    def _page(
        self, request: HttpRequest, form: Any = None, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        today = clock.today()
        led = set(led_by(self.actor).values_list("pk", flat=True))
        context = {
            "deputyships": [
                {
                    "id": one.uuid,
                    "deputy": str(one.deputy),
                    "member": str(one.stands_in_for),
                    "role": one.get_role_display(),
                    "starts": one.starts,
                    "ends": one.ends,
                    "reason": one.reason,
                    "made_by": str(one.made_by),
                    "withdrawn_at": one.withdrawn_at,
                    "withdrawn_by": str(one.withdrawn_by or ""),
                    "state": _state_of(one, today),
                    "may_end": one.withdrawn_at is None
                    and one.ends >= today
                    and (one.deputy_id == self.actor.staff_id or one.stands_in_for_id in led),
                }
                for one in deputyships_shown_to(self.actor)[:SHOWN]
            ],
            "form": form or DeputyForm(actor=self.actor, day=today),
            "longest_days": staff_rules().deputy_longest_days,
            "submit_token": opened_token(request),
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/deputies.html", context, status=status)


def _state_of(one: Deputyship, today: Any) -> str:
    if one.withdrawn_at is not None or one.ends < today:
        return "ended"
    return "now" if one.starts <= today else "coming"


class TrainingPage(_StaffPage):
    """Training and supervision of oneself and of those one leads: what is missing, ends soon or has ended."""

    action = Action.RECORD_TRAINING

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        rules = staff_rules()
        form = TrainingForm(request.POST, actor=self.actor, rules=rules)
        if not form.is_valid():
            return self._page(request, form, status=422)
        _done, refused = submit_once(
            request, "training", produce=lambda: self._record(rules, form.cleaned_data)
        )
        if refused:
            return self._page(request, form, status=422, refusal=str(refused.message))
        messages.success(request, _("Det er gemt."))
        return redirect("training")

    def _record(self, rules: StaffRules, cleaned: dict[str, Any]) -> dict[str, Any]:
        kind = rules.training(cleaned["kind"])
        made = record_training(
            actor=self.actor,
            staff=Staff.objects.get(uuid=cleaned["staff"]),
            kind=kind.code,
            title=kind.title,
            held_on=cleaned["held_on"],
            valid_until=cleaned["valid_until"] or kind.valid_until(cleaned["held_on"]),
            provider=cleaned["provider"],
            certificate=kind.code in catalogue.certificates(),
            now=clock.now(),
        )
        return {"training": str(made.uuid)}

    def _page(
        self, request: HttpRequest, form: Any = None, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        rules = staff_rules()
        context = {
            "people": [
                {"name": str(staff), "lines": lines}
                for staff, lines in _standings(self.actor, rules)
                if lines
            ],
            "form": form or TrainingForm(actor=self.actor, rules=rules),
            "submit_token": opened_token(request),
            "refusal": {"reason": refusal} if refusal else None,
        }
        return render(request, "workflows/training.html", context, status=status)


#: How a standing is marked on the page: the state of components/mark.html.
_MARKS = {Validity.VALID: "yes", Validity.ENDS_SOON: "wait", Validity.ENDED: "no", Validity.MISSING: "no"}


def _standings(actor: Actor, rules: StaffRules) -> list[tuple[Staff, list[dict[str, Any]]]]:
    """Each person one sees, with one line for each kind they have had, or ought to have for their profession."""
    people = list(led_by(actor))
    newest: dict[tuple[int, str], TrainingRecord] = {}
    for record in TrainingRecord.objects.visible_to(actor).order_by("held_on", "id"):
        newest[record.staff_id, record.kind] = record
    professions = professions_of(people, municipality_of(actor), clock.today())
    return [
        (
            staff,
            [
                _line(kind, newest.get((staff.pk, kind.code)), rules)
                for kind in rules.training_kinds
                if (staff.pk, kind.code) in newest or professions[staff.pk] & set(kind.professions)
            ],
        )
        for staff in people
    ]


def _line(kind: TrainingKind, record: TrainingRecord | None, rules: StaffRules) -> dict[str, Any]:
    validity = validity_of(record, warn_days=rules.training_warn_days)
    return {
        "title": record.title if record else kind.title,
        "held_on": record.held_on if record else None,
        "valid_until": record.valid_until if record else None,
        "provider": record.provider if record else "",
        "state": _MARKS[validity],
        "validity": validity.value,
    }
