"""The addresses of the web API; described at ``schema/``."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.views import SpectacularAPIView

from placement.access.api import Me

#: JSON unless YAML is asked for: problems are JSON too.
SCHEMA_RENDERERS = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2]

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(renderer_classes=SCHEMA_RENDERERS), name="api-schema"),
    path("me/", Me.as_view(), name="api-me"),
    path("", include("workflows.journey.api_urls")),
    path("", include("workflows.kernel.api_urls")),
    path("", include("workflows.exit.api_urls")),
    path("", include("workflows.model_pages.api_urls")),
    path("", include("workflows.screening.api_urls")),
    path("", include("workflows.investigation.api_urls")),
    path("", include("workflows.decisions.api_urls")),
    path("", include("workflows.measuring.api_urls")),
    path("", include("workflows.network.api_urls")),
    path("", include("workflows.conference.api_urls")),
    path("", include("workflows.mentalisation.api_urls")),
    path("", include("workflows.research.api_urls")),
    path("", include("placement.journal.api_urls")),
    path("", include("placement.progression.api_urls")),
    path("", include("placement.meetings.api_urls")),
    path("", include("placement.costs.api_urls")),
    path("", include("evaluation.api_urls")),
]
