from django.urls import path

from workflows.conference.api import Conferences

urlpatterns = [
    path("families/<uuid:family>/conferences/", Conferences.as_view(), name="api-conferences"),
]
