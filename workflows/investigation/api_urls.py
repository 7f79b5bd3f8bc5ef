from django.urls import path

from workflows.investigation.api import Investigations, InvolvementNow, ParallelTracks

urlpatterns = [
    path("families/<uuid:family>/investigations/", Investigations.as_view(), name="api-investigations"),
    path("families/<uuid:family>/parallel-tracks/", ParallelTracks.as_view(), name="api-parallel-tracks"),
    path("families/<uuid:family>/involvement/", InvolvementNow.as_view(), name="api-involvement"),
]
