"""Addresses of the journal in the API."""

from __future__ import annotations

from django.urls import path

from placement.journal import api, weekly_api

urlpatterns = [
    path("families/<uuid:family>/notes/", api.Notes.as_view(), name="api-notes"),
    path(
        "families/<uuid:family>/notes/<uuid:note>/corrections/",
        api.Corrections.as_view(),
        name="api-note-corrections",
    ),
    path(
        "families/<uuid:family>/notes/<uuid:note>/withdrawal/",
        api.Withdrawal.as_view(),
        name="api-note-withdrawal",
    ),
    path(
        "families/<uuid:family>/weekly-summaries/",
        weekly_api.WeeklySummaries.as_view(),
        name="api-weekly-summary",
    ),
    path("log-words/", api.LogWords.as_view(), name="api-log-words"),
]
