from django.urls import path

from workflows.journey.api import AccessLog, Families, OneFamily, Timeline
from workflows.journey.completeness_api import Completeness
from workflows.journey.deadlines_api import Clocks
from workflows.journey.moves.api import urlpatterns as moves

urlpatterns = [
    path("families/", Families.as_view(), name="api-families"),
    path("families/<uuid:family>/", OneFamily.as_view(), name="api-family"),
    path("families/<uuid:family>/timeline/", Timeline.as_view(), name="api-timeline"),
    path("families/<uuid:family>/clocks/", Clocks.as_view(), name="api-clocks"),
    path("families/<uuid:family>/access-log/", AccessLog.as_view(), name="api-access-log"),
    path("completeness/", Completeness.as_view(), name="api-completeness"),
    *moves,
]
