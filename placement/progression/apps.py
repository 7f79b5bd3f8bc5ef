from django.apps import AppConfig


class ProgressionConfig(AppConfig):
    name = "placement.progression"
    label = "progression"
