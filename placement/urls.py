"""Every address of the house. Other floors are named by string, so no import runs upwards."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from placement.access import night, views

urlpatterns = [
    path("", views.home, name="home"),
    path("log-ind/", views.LogIn.as_view(), name="login"),
    path("log-ud/", LogoutView.as_view(), name="logout"),
    path("vaelg/", views.choose, name="choose"),
    path("tilgaengelighed/", views.accessibility, name="accessibility"),
    path("nat/", night.choose, name="night"),
    path("sprog/", set_language, name="set_language"),
    path("was/", views.accessibility, name="accessibility-short"),
    path("", include("workflows.journey.urls")),
    path("", include("workflows.exit.urls")),
    path("", include("workflows.kernel.urls")),
    path("", include("workflows.model_pages.urls")),
    path("", include("workflows.team.urls")),
    path("", include("workflows.screening.urls")),
    path("", include("workflows.investigation.urls")),
    path("", include("workflows.decisions.urls")),
    path("", include("workflows.measuring.urls")),
    path("", include("workflows.network.urls")),
    path("", include("workflows.conference.urls")),
    path("", include("workflows.mentalisation.urls")),
    path("", include("workflows.research.urls")),
    path("", include("placement.journal.urls")),
    path("", include("placement.costs.urls")),
    path("", include("evaluation.urls")),
    path("api/v1/", include("placement.api_urls")),
]

handler404 = "placement.access.views.not_found"
handler403 = "placement.access.views.not_allowed"
handler500 = "placement.access.views.server_error"
