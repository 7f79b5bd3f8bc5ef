from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "placement.access"
    label = "access"
