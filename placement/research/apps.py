from django.apps import AppConfig


class ResearchConfig(AppConfig):
    name = "placement.research"
    label = "research"
