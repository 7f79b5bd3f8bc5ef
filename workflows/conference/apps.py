from django.apps import AppConfig


class ConferenceConfig(AppConfig):
    name = "workflows.conference"
    # Stored by the process engine: never change.
    label = "flow_conference"
