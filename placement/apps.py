from django.apps import AppConfig


class PlacementConfig(AppConfig):
    """The project itself, for its template words."""

    name = "placement"
    label = "placement"
