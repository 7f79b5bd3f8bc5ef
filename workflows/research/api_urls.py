from django.urls import path

from workflows.research.api import FamilyResearch, ResearchPlace, ResearchRecords

urlpatterns = [
    path("families/<uuid:family>/research/", FamilyResearch.as_view(), name="api-research"),
    path("families/<uuid:family>/research/place/", ResearchPlace.as_view(), name="api-research-place"),
    path(
        "families/<uuid:family>/research/<slug:what>/",
        ResearchRecords.as_view(),
        name="api-research-record",
    ),
]
