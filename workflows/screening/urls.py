from django.urls import path

from workflows.screening.views import ConcernsPage, NewConcernPage

urlpatterns = [
    path("familier/<uuid:family>/underretninger/", ConcernsPage.as_view(), name="concerns"),
    path("familier/<uuid:family>/underretninger/ny/", NewConcernPage.as_view(), name="concern-new"),
]
