from django.urls import path

from workflows.measuring.own_answers.staff_views import AskParentPage, SelfReportsPage
from workflows.measuring.own_answers.views import CodePage, FormPage, ThanksPage
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
        "familier/<uuid:family>/maalinger/ny/<slug:instrument>/kode/",
        AskParentPage.as_view(),
        name="ask-parent",
    ),
    path("familier/<uuid:family>/maalinger/koder/", SelfReportsPage.as_view(), name="self-reports"),
    # A parent's own pages, without log-in. The code never stands in an address that a server sees.
    path("svar/", CodePage.as_view(), name="self-report"),
    path("svar/skema/", FormPage.as_view(), name="self-report-form"),
    path("svar/tak/", ThanksPage.as_view(), name="self-report-thanks"),
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
