"""Addresses of the journal's pages."""

from __future__ import annotations

from django.urls import path

from placement.journal import views

urlpatterns = [
    path("familier/<uuid:family>/log/", views.Log.as_view(), name="log"),
    path("familier/<uuid:family>/notater/<uuid:note>/ret/", views.CorrectNote.as_view(), name="note-correct"),
    path("kladder/<uuid:token>/", views.save_draft, name="draft"),
]
