from django.apps import AppConfig


class ExitConfig(AppConfig):
    name = "workflows.exit"
    # Stored by the process engine: never change.
    label = "flow_exit"
