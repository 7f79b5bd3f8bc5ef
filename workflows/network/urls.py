from django.urls import path

from workflows.network.views import NetworkPage, NetworkRecordPage

urlpatterns = [
    path("familier/<uuid:family>/netvaerk/", NetworkPage.as_view(), name="network"),
    path("familier/<uuid:family>/netvaerk/<slug:kind>/", NetworkRecordPage.as_view(), name="network-record"),
]
