"""Addresses of hours and rates in the API."""

from __future__ import annotations

from django.urls import path

from placement.costs import api

urlpatterns = [
    path("costs/weeks/<str:week>/", api.OneWeek.as_view(), name="api-time-week"),
    path("costs/rates/", api.Rates.as_view(), name="api-cost-rates"),
]
