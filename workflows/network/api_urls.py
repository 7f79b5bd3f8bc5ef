from django.urls import path

from workflows.network.api import Network, NetworkRecord

urlpatterns = [
    path("families/<uuid:family>/network/", Network.as_view(), name="api-network"),
    path("families/<uuid:family>/network/<slug:kind>/", NetworkRecord.as_view(), name="api-network-record"),
]
