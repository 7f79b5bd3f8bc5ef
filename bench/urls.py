"""The house's addresses and one more: a page with one query, behind the same middleware, in the same frame."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from placement.access.models import Site

ONE_QUERY = "/bench/one-query/"


def one_query(request: HttpRequest) -> HttpResponse:
    """The least a page of this house can be."""
    return render(request, "accessibility.html", {"count": Site.objects.count()})


urlpatterns = [path(ONE_QUERY.lstrip("/"), one_query), path("", include("placement.urls"))]
