from django.urls import path

from workflows.exit.api import ExitSteps
from workflows.exit.groundwork.api import GroundworkEndpoint

urlpatterns = [
    path("families/<uuid:family>/exit-steps/", ExitSteps.as_view(), name="api-exit-steps"),
    path(
        "families/<uuid:family>/exit-ground/<slug:record>/",
        GroundworkEndpoint.as_view(),
        name="api-exit-ground",
    ),
]
