from django.apps import AppConfig


class InvestigationConfig(AppConfig):
    name = "workflows.investigation"
    # Stored by the process engine: never change.
    label = "flow_investigation"
