from django.apps import AppConfig


class CostsConfig(AppConfig):
    name = "placement.costs"
    label = "costs"
