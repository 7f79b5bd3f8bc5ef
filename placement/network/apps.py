from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "placement.network"
    label = "network"
