"""The parent's pages: the code, the questions, and thanks. Nobody is logged in, and nothing says whose family it is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.decorators import classonlymethod
from django.utils.translation import gettext as _
from django.views import View

from placement import clock
from placement.instruments import catalogue
from placement.instruments.definition import Definition
from workflows.measuring.own_answers import codes, door
from workflows.measuring.own_answers.forms import (
    CodeForm,
    OwnAnswerForm,
    chosen_unchecked,
    declined,
    unchecked,
)
from workflows.measuring.own_answers.models import LONGEST

#: Says which code was typed in this browser: its digest, signed. Gone when the browser closes, or at a pause.
COOKIE, SALT, PATH = "svar", "self-report", "/svar/"


#: What the thanks say about whom to turn to. It says nothing about the answer, and is gone soon.
TURN_TO, TURN_TO_PATH, TURN_TO_SECONDS = "svar-hvem", "/svar/tak/", 15 * 60


class _ParentsPage(View):
    """Without log-in, outside any transaction of the request's, and kept by nobody."""

    http_method_names = ["get", "head", "post"]

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return transaction.non_atomic_requests(login_not_required(super().as_view(**initkwargs)))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response


class CodePage(_ParentsPage):
    """Where a code is typed. A scanned one stands behind the address's #, which no server and no log sees."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return _code_page(request, CodeForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if "language" in request.POST:
            return _in_language(request, redirect("self-report"))
        form = CodeForm(request.POST)
        if form.is_valid():
            code = codes.tidied(form.cleaned_data["code"])
            digest = codes.digest_of(code)
            if code and door.try_code(digest, sender=codes.digest_of_sender(_sender(request))):
                return _remember(redirect("self-report-form"), digest)
            form.add_error("code", _not_open())
        return _code_page(request, form, status=422)


class FormPage(_ParentsPage):
    """The questions: sent once, put away for later, or declined."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        digest, _instrument, _version = _remembered(request)
        report = door.open_report(digest) if digest else None
        if report is None:
            return _forget(redirect("self-report"))
        definition = catalogue.find_version(report.instrument, report.version)
        if definition is None:
            return _gone(request)
        form = OwnAnswerForm(definition=definition)
        form.begin_from(report.draft)
        return _remember(_form_page(request, form), digest, report)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        digest, instrument, version = _remembered(request)
        report = door.open_report(digest) if digest else None
        if report is not None:
            instrument, version = report.instrument, report.version
        if not instrument:
            return _forget(redirect("self-report"))
        definition = catalogue.find_version(instrument, version)
        if definition is None:
            return self._take_unchecked(request, digest, report)
        form = OwnAnswerForm(request.POST, definition=definition)
        # Checked first, so that what was chosen can be shown again whatever becomes of it.
        form.is_valid()
        if report is None:
            return self._too_late(request, form)
        return self._take(request, digest, report, definition, form)

    def _take_unchecked(
        self, request: HttpRequest, digest: str, report: door.OpenReport | None
    ) -> HttpResponseBase:
        """The file was taken away while the parent answered: staff get what was sent, and what was chosen is kept."""
        if report is not None and ("pause" in request.POST or "language" in request.POST):
            door.keep(digest, chosen_unchecked(request.POST))
        elif report is not None:
            sent = declined(None) if "decline" in request.POST else unchecked(request.POST)
            if door.give(digest, sent, day=clock.today()):
                return _thank(report)
        return _gone(request)

    def _take(
        self,
        request: HttpRequest,
        digest: str,
        report: door.OpenReport,
        definition: Definition,
        form: OwnAnswerForm,
    ) -> HttpResponseBase:
        if "decline" in request.POST:
            sent: dict[str, Any] | None = declined(definition)
        elif "pause" in request.POST or "language" in request.POST or not form.check_whole():
            sent = None
        else:
            sent = form.sent()
        if sent is not None:
            if not door.give(digest, sent, day=clock.today()):
                return self._too_late(request, form)
            return _thank(report)
        if not door.keep(digest, form.chosen()):
            return self._too_late(request, form)
        if "pause" in request.POST:
            return _forget(_code_page(request, CodeForm(), paused=True))
        if "language" in request.POST:
            return _in_language(request, redirect("self-report-form"))
        return _form_page(request, form, status=422)

    def _too_late(self, request: HttpRequest, form: OwnAnswerForm) -> HttpResponseBase:
        form.add_error(
            None,
            _(
                "Koden gælder ikke mere, og dine svar er ikke sendt. Lad siden stå åben, og bed personalet om en ny "
                "kode. Skriv den i en ny fane, kom tilbage hertil, og send igen."
            ),
        )
        return _form_page(request, form, status=409)


class ThanksPage(_ParentsPage):
    """The same words to everybody, whatever was answered."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        try:
            turn_to = signing.loads(request.COOKIES.get(TURN_TO, ""), salt=TURN_TO, max_age=TURN_TO_SECONDS)
        except (signing.BadSignature, ValueError):
            turn_to = ""
        return render(request, "own_answers/thanks.html", {"turn_to": turn_to})


def _not_open() -> str:
    """The same words for a code that is wrong, used, taken back or too old, and for too many tries."""
    return _("Koden åbner ikke noget. Se efter, om den er skrevet rigtigt. Ellers bed personalet om en ny.")


def _code_page(
    request: HttpRequest, form: CodeForm, *, status: int = 200, paused: bool = False
) -> HttpResponse:
    return render(request, "own_answers/code.html", {"form": form, "paused": paused}, status=status)


def _form_page(request: HttpRequest, form: OwnAnswerForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "title": str(form.definition.title),
        "wordless": form.wordless,
        "holder": form.definition.licence.holder,
        "minutes": form.definition.minutes,
    }
    return render(request, "own_answers/form.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    """The instrument's file was taken away after the code was made."""
    form = CodeForm(data={"code": ""})
    form.full_clean()
    form.errors.clear()
    form.add_error("code", _("Skemaet findes ikke mere. Bed personalet om en ny kode."))
    return _code_page(request, form, status=422)


def _sender(request: HttpRequest) -> str:
    """Where a request comes from: what the proxy says where there is one, which adds it last."""
    passed_on = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return passed_on.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))


def _remember(response: HttpResponse, digest: str, report: door.OpenReport | None = None) -> HttpResponse:
    known = [digest, *((report.instrument, report.version) if report else ("", ""))]
    response.set_cookie(
        COOKIE,
        signing.dumps(known, salt=SALT),
        path=PATH,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _remembered(request: HttpRequest) -> tuple[str, str, str]:
    """The digest, and what it asked for when it was opened; empty without a cookie of ours."""
    try:
        digest, instrument, version = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LONGEST
        )
    except (signing.BadSignature, ValueError):
        return "", "", ""
    return str(digest), str(instrument), str(version)


def _forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
    return response


def _thank(report: door.OpenReport) -> HttpResponse:
    """Lead to the thanks; the code is used, and only whom to turn to goes along."""
    response = _forget(redirect("self-report-thanks"))
    response.set_cookie(
        TURN_TO,
        signing.dumps(report.turn_to, salt=TURN_TO),
        max_age=TURN_TO_SECONDS,
        path=TURN_TO_PATH,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _in_language(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response
