"""What every page's frame needs: who is acting, where they may go, and whether this is a demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from placement import clock
from placement.access.middleware import SEVERAL_PLACES
from placement.access.night import night_of
from placement.access.roles import Action


def shell(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `nav_items`, `demo_mode`, `today`, `version`, `night` for templates/base.html."""
    actor = getattr(request, "actor", None)
    items = []
    if actor is not None:
        if actor.may(Action.SEE_FAMILIES):
            items.append((_("Min dag"), reverse("day")))
            items.append((_("Familier"), reverse("families")))
            items.append((_("Frister"), reverse("deadlines")))
        if actor.may(Action.REGISTER_TIME):
            items.append((_("Min uge"), reverse("time-week")))
        if actor.may(Action.SEE_WAITING):
            items.append((pgettext("menu", "Ventetid"), reverse("waiting")))
        if actor.may(Action.SEE_KEPT):
            items.append((_("Lovens frister"), reverse("kept")))
        if actor.may(Action.CHOOSE_FOR_RESEARCH):
            items.append((pgettext("menu", "VIVE"), reverse("research")))
        if actor.may(Action.REGISTER_ENQUIRY):
            items.append((_("Ny henvendelse"), reverse("enquiry")))
        if actor.may(Action.SEE_MODEL):
            items.append((_("Modellen"), reverse("model")))
        if actor.may(Action.USE_RELEASES):
            items.append((pgettext("menu", "Udtræk"), reverse("releases")))
    return {
        "actor": actor,
        "nav_items": [{"title": title, "url": url, "current": request.path == url} for title, url in items],
        "can_choose": request.session.get(SEVERAL_PLACES, False) if actor is not None else False,
        "demo_mode": settings.DEMO_MODE,
        "today": clock.today(),
        "version": settings.VERSION,
        "night": night_of(request),
        "source_url": settings.SOURCE_URL,
    }
