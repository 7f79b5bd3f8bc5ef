from django.apps import AppConfig


class ProgressionConfig(AppConfig):
    name = "workflows.progression"
    # Stored by the process engine: never change.
    label = "flow_progression"
