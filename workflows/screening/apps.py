from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "workflows.screening"
    # Stored by the process engine: never change.
    label = "flow_screening"
