from django.urls import path

from workflows.mentalisation.page import FocusPage, MentalisationPage

urlpatterns = [
    path("familier/<uuid:family>/mentalisering/", MentalisationPage.as_view(), name="family-mentalisation"),
    path("familier/<uuid:family>/mentalisering/fokus/", FocusPage.as_view(), name="focus-formulation"),
]
