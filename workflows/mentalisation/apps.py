from django.apps import AppConfig


class MentalisationConfig(AppConfig):
    name = "workflows.mentalisation"
    # Stored by the process engine: never change.
    label = "flow_mentalisation"
