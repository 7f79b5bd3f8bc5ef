"""Log-in, choosing where one acts today, and the pages for errors."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from placement.access import problems
from placement.access.actor import memberships_today
from placement.access.middleware import NATIONAL, SESSION_MUNICIPALITY
from placement.access.models import Staff, StaffMembership
from placement.access.roles import ROLE_TITLES, Action, Role


class LogIn(LoginView):
    """Log-in by user name and password. Outside demo mode passwords are shut until a second factor exists."""

    redirect_authenticated_user = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            demo_people=_demo_people(), passwords_open=settings.DEMO_MODE, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO_MODE:
            return render(request, "403.html", {"reason": _("Adgangskoder er kun åbne i demo.")}, status=403)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponseBase:
    """Which municipality the person acts for; kept with the log-in until they choose another."""
    assert isinstance(request.user, Staff)
    memberships = memberships_today(request.user)
    if request.method == "POST":
        chosen = request.POST.get("choice", "")
        allowed = {NATIONAL if m.municipality_id is None else str(m.municipality_id) for m in memberships}
        if chosen in allowed:
            request.session[SESSION_MUNICIPALITY] = chosen if chosen == NATIONAL else int(chosen)
            return redirect("home")
    choices: dict[str, dict[str, Any]] = {}
    current = str(request.session.get(SESSION_MUNICIPALITY, ""))
    for membership in memberships:
        value = NATIONAL if membership.municipality_id is None else str(membership.municipality_id)
        choice = choices.setdefault(
            value,
            {
                "value": value,
                "municipality_name": str(membership.municipality or _("Hele landet")),
                "role_titles": [],
                "current": value == current,
            },
        )
        choice["role_titles"].append(str(ROLE_TITLES[Role(membership.role)]))
    return render(request, "access/choose.html", {"choices": list(choices.values())})


def _demo_people() -> list[dict[str, str]]:
    if not settings.DEMO_MODE:
        return []
    held = StaffMembership.objects.filter(staff__is_demo=True).select_related("staff", "municipality")
    return [
        {
            "username": m.staff.username,
            "role": str(ROLE_TITLES[Role(m.role)]),
            "municipality": m.municipality.name if m.municipality else "",
        }
        for m in held.order_by("id")
    ]


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """The first page after log-in: one's day, or the releases for those who have none."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return redirect("choose")
    if actor.may(Action.USE_RELEASES):
        return redirect("releases")
    if actor.may(Action.SEE_FAMILIES):
        return redirect("day")
    if actor.may(Action.SEE_RELEASES):
        return redirect("releases")
    context = {"on_call": Role.ON_CALL in actor.roles, "administrator": Role.ADMINISTRATOR in actor.roles}
    return render(request, "access/no_cases.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What is known about the accessibility of these pages (the statutory statement is the municipality's)."""
    return render(request, "accessibility.html")


accessibility.login_required = False  # type: ignore[attr-defined]


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection token is out of date: nothing was saved, and the text is still in the browser."""
    return render(
        request,
        "403.html",
        {
            "reason": _(
                "Formularen var for gammel. Gå tilbage, genindlæs siden, og send igen. Teksten er ikke sendt."
            )
        },
        status=403,
    )


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """The same words for what does not exist and for what one may not see."""
    if _is_api(request):
        return problems.document(404, "not-found", problems.NOT_FOUND_DETAIL)
    return render(request, "404.html", status=404)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if _is_api(request):
        return problems.document(403, "not-allowed", problems.NOT_ALLOWED_DETAIL)
    return render(request, "403.html", {"reason": problems.NOT_ALLOWED_DETAIL}, status=403)


def server_error(request: HttpRequest) -> HttpResponseBase:
    if _is_api(request):
        return problems.document(
            500, "server-error", _("Noget gik galt hos os. Prøv igen; intet er halvt gemt.")
        )
    return render(request, "500.html", status=500)
