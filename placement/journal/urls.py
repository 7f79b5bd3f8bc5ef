"""Addresses of the journal's pages."""

from __future__ import annotations

from django.urls import path

from placement.journal import choice_views, correct_views, views, weekly_views

urlpatterns = [
    path("familier/<uuid:family>/log/", views.Log.as_view(), name="log"),
    path(
        "familier/<uuid:family>/notater/<uuid:note>/ret/",
        correct_views.CorrectNote.as_view(),
        name="note-correct",
    ),
    path(
        "familier/<uuid:family>/notater/<uuid:note>/tag-tilbage/",
        views.TakeBack.as_view(),
        name="note-take-back",
    ),
    path("familier/<uuid:family>/ugeresume/", weekly_views.WeeklySummary.as_view(), name="weekly-summary"),
    path(
        "familier/<uuid:family>/foraeldrenes-visning/",
        choice_views.ParentsView.as_view(),
        name="parents-view",
    ),
    path("loggens-ord/", choice_views.Words.as_view(), name="log-words"),
    path("foraeldres-laesning/", choice_views.Reading.as_view(), name="parents-reading"),
    path("kladder/<uuid:token>/", views.save_draft, name="draft"),
]
