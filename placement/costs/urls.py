"""Addresses of hours and costs."""

from __future__ import annotations

from django.urls import path

from placement.costs import lead_views, views

urlpatterns = [
    path("tid/", views.WeekPage.as_view(), name="time-week"),
    path("tid/kladde/<uuid:token>/", views.save_draft, name="time-draft"),
    path("omkostninger/", lead_views.SummaryPage.as_view(), name="costs"),
    path("omkostninger/regneark/", lead_views.SummarySheet.as_view(), name="costs-sheet"),
    path("omkostninger/uger/", lead_views.WeeksPage.as_view(), name="costs-weeks"),
    path("omkostninger/satser/", lead_views.RatesPage.as_view(), name="costs-rates"),
    path("omkostninger/andre/", lead_views.OtherCostsPage.as_view(), name="costs-other"),
]
