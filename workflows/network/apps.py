from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "workflows.network"
    # Stored by the process engine: never change.
    label = "flow_network"
