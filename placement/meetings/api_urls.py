"""Addresses of meetings in the API."""

from __future__ import annotations

from django.urls import path

from placement.meetings import api

urlpatterns = [path("families/<uuid:family>/meetings/", api.Meetings.as_view(), name="api-meetings")]
