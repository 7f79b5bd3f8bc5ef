from django.urls import path

from workflows.research.site_page import ResearchPage
from workflows.research.views import (
    FamilyResearchPage,
    RegistrationPage,
    ResearchPlacePage,
    ResearchRecordPage,
)

urlpatterns = [
    path("vive/", ResearchPage.as_view(), name="research"),
    path("familier/<uuid:family>/vive/", FamilyResearchPage.as_view(), name="family-research"),
    path("familier/<uuid:family>/vive/plads/", ResearchPlacePage.as_view(), name="research-place"),
    path("familier/<uuid:family>/vive/registrering/", RegistrationPage.as_view(), name="registration"),
    path("familier/<uuid:family>/vive/<slug:act>/", ResearchRecordPage.as_view(), name="research-record"),
]
