from django.urls import path

from workflows.screening.api import Concerns

urlpatterns = [
    path("families/<uuid:family>/concerns/", Concerns.as_view(), name="api-concerns"),
]
