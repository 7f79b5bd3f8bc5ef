from django.apps import AppConfig


class ModelVersionsConfig(AppConfig):
    name = "workflows.model_versions"
    # Stored by the process engine: never change.
    label = "model_versions"
