from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "placement.families"
    label = "families"
