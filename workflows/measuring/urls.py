from django.urls import path

from workflows.measuring.views import (
    AdministrationPage,
    CorrectAdministrationPage,
    MeasurementsPage,
    MeasurePage,
)

urlpatterns = [
    path("familier/<uuid:family>/maalinger/", MeasurementsPage.as_view(), name="measurements"),
    path("familier/<uuid:family>/maalinger/ny/<slug:instrument>/", MeasurePage.as_view(), name="measure"),
    path(
        "familier/<uuid:family>/maalinger/<uuid:administration>/",
        AdministrationPage.as_view(),
        name="administration",
    ),
    path(
        "familier/<uuid:family>/maalinger/<uuid:administration>/ret/",
        CorrectAdministrationPage.as_view(),
        name="administration-correct",
    ),
]
