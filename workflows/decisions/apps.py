from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "workflows.decisions"
    # Stored by the process engine: never change.
    label = "flow_decisions"
