"""Addresses of progression in the API."""

from __future__ import annotations

from django.urls import path

from placement.progression import api

urlpatterns = [
    path("families/<uuid:family>/measurements/", api.Measurements.as_view(), name="api-measurements"),
    path("families/<uuid:family>/goals/", api.Goals.as_view(), name="api-goals"),
    path("families/<uuid:family>/follow-ups/", api.FollowUps.as_view(), name="api-follow-ups"),
]
