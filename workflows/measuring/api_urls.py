from django.urls import path

from workflows.measuring.api import Administrations, MeasurementPoints
from workflows.measuring.instruments_api import Instruments

urlpatterns = [
    path("instruments/", Instruments.as_view(), name="api-instruments"),
    path("families/<uuid:family>/administrations/", Administrations.as_view(), name="api-administrations"),
    path(
        "families/<uuid:family>/measurement-points/",
        MeasurementPoints.as_view(),
        name="api-measurement-points",
    ),
]
