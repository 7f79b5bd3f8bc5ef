from django.apps import AppConfig


class JourneyConfig(AppConfig):
    name = "workflows.journey"
    # Stored by the process engine: never change.
    label = "flow_journey"

    def ready(self) -> None:
        from placement.costs.nights import earlier_stays
        from workflows.journey.moves.earlier import stays_before

        earlier_stays.append(stays_before)
