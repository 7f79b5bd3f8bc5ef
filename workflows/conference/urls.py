from django.urls import path

from workflows.conference.views import ConferencesPage, NewConferencePage

urlpatterns = [
    path("familier/<uuid:family>/raadslagning/", ConferencesPage.as_view(), name="conferences"),
    path("familier/<uuid:family>/raadslagning/ny/", NewConferencePage.as_view(), name="conference-new"),
]
