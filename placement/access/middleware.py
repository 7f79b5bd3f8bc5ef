"""Each request knows who is acting, and its database work carries that person's signed context."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _

from placement.access import problems, tokens
from placement.access.actor import Actor, actor_for, memberships_today
from placement.access.errors import Refused
from placement.access.models import Staff

Next = Callable[[HttpRequest], HttpResponse]

SESSION_MUNICIPALITY = "municipality"
SEVERAL_PLACES = "several_places"
NATIONAL = "national"


class ChosenLanguage:
    """The language somebody chose on a page (kept in a cookie), Danish until they do.

    What the browser prefers is not asked: the computers of a municipality are often set up in English, and
    two who look at the same page should read the same words.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


class PrivateAnswers:
    """No answer to a known person may be kept by a browser or a proxy."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "actor", None) is not None:
            patch_cache_control(response, private=True, no_store=True)
        return response


class ActingPerson:
    """Find the person (session or API token), their municipality, and state the access context."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor: Actor | None = None
        by_token = False
        header = request.headers.get("Authorization", "")
        if header.startswith("Token "):
            actor = tokens.actor_of(header.removeprefix("Token ").strip())
            by_token = True
            if actor is None:
                return problems.document(
                    401, "not-authenticated", _("Adgangsnøglen er ukendt eller tilbagekaldt.")
                )
        elif isinstance(request.user, Staff) and request.user.is_active:
            actor = self._actor_of_session(request, request.user)
            if actor is None and not _may_be_without_municipality(request):
                return redirect("choose")
        request.actor = actor  # type: ignore[attr-defined]
        request.by_token = by_token  # type: ignore[attr-defined]
        if actor is None:
            return self.get_response(request)
        with actor.acting():
            return self.get_response(request)

    def _actor_of_session(self, request: HttpRequest, staff: Staff) -> Actor | None:
        chosen = request.session.get(SESSION_MUNICIPALITY)
        if chosen is None:
            places = {m.municipality_id for m in memberships_today(staff)}
            request.session[SEVERAL_PLACES] = len(places) > 1
            if len(places) != 1:
                return None
            (only,) = places
            chosen = NATIONAL if only is None else only
            request.session[SESSION_MUNICIPALITY] = chosen
        return actor_for(staff, None if chosen == NATIONAL else int(chosen))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal anywhere in a page becomes a page of the same status that says what to do."""
        if not isinstance(exception, Refused):
            return None
        return refusal_page(request, exception)


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The Danish page for a refusal: 403, 409, 422 or 503, with its reason."""
    return render(
        request,
        f"{refused.status}.html",
        {"reason": str(refused.message), "problem_type": refused.type},
        status=refused.status,
    )


def _may_be_without_municipality(request: HttpRequest) -> bool:
    if request.path_info.startswith("/api/"):
        # A program is told 401 in its own language, and led nowhere.
        return True
    try:
        name = resolve(request.path_info).url_name
    except Resolver404:
        return True
    return name in {
        "choose",
        "logout",
        "login",
        "accessibility",
        "accessibility-short",
        "set_language",
        "night",
        "draft",
        "time-draft",
        "self-report",
        "self-report-form",
        "self-report-thanks",
    }


def actor_of(request: Any) -> Actor:
    """The acting person of a request that passed the middleware; raises if there is none (a programming error)."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        raise RuntimeError("this address must not be reachable without an acting person")
    return actor
