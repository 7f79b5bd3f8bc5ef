from django.apps import AppConfig


class JourneyConfig(AppConfig):
    name = "workflows.journey"
    # Stored by the process engine: never change.
    label = "flow_journey"
