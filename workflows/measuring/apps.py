from django.apps import AppConfig


class MeasuringConfig(AppConfig):
    name = "workflows.measuring"
    # Stored by the process engine: never change.
    label = "flow_measuring"
