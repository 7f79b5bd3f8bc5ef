from django.urls import path

from workflows.exit.groundwork.views import GroundworkPage, GroundworkRecordPage

urlpatterns = [
    path("familier/<uuid:family>/udslusning/", GroundworkPage.as_view(), name="exit-ground"),
    path(
        "familier/<uuid:family>/udslusning/<slug:record>/",
        GroundworkRecordPage.as_view(),
        name="exit-ground-record",
    ),
]
