from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "workflows.team"
    # Stored by the process engine: never change.
    label = "flow_team"
