"""Addresses of the journal in the API."""

from __future__ import annotations

from django.urls import path

from placement.journal import api

urlpatterns = [
    path("families/<uuid:family>/notes/", api.Notes.as_view(), name="api-notes"),
    path(
        "families/<uuid:family>/notes/<uuid:note>/corrections/",
        api.Corrections.as_view(),
        name="api-note-corrections",
    ),
]
