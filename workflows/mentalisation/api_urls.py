from django.urls import path

from workflows.mentalisation.api import FocusFormulations, Mentalisation

urlpatterns = [
    path("families/<uuid:family>/mentalisation/", Mentalisation.as_view(), name="api-mentalisation"),
    path(
        "families/<uuid:family>/focus-formulations/",
        FocusFormulations.as_view(),
        name="api-focus-formulations",
    ),
]
