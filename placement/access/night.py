"""Night or day on the screen: the person's own choice on this device, else what the device prefers."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

#: The cookie holds one of these and nothing about anybody.
COOKIE, ON, OFF, AUTO = "night", "on", "off", "auto"
AGE = 365 * 24 * 3600


def night_of(request: HttpRequest) -> str:
    """ "on", "off", or "auto" when nobody has chosen on this device."""
    chosen = request.COOKIES.get(COOKIE, AUTO)
    return chosen if chosen in (ON, OFF) else AUTO


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice, and go back to where it was made. Anything else than on or off means as the device."""
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(back if safe else "/")
    chosen = request.POST.get("night", "")
    if chosen in (ON, OFF):
        response.set_cookie(
            COOKIE, chosen, max_age=AGE, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
