from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "placement.instruments"
    label = "instruments"

    def ready(self) -> None:
        from placement.instruments import checks  # noqa: F401
