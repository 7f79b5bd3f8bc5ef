"""Run background work until told to stop (SIGTERM finishes the job at hand)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from procrastinate.contrib.django import app


class Command(BaseCommand):
    help = "Kør baggrundsarbejdet, til processen stoppes."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PROCESS != "worker":
            raise CommandError(
                "Baggrundsarbejdet kører kun med arbejderens login (FAMILIEFORLOEB_PROCESS=worker)."
            )
        # The worker fetches with its own pool; each job's work goes through Django's connection and its context.
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            app.run_worker(install_signal_handlers=True, listen_notify=True)
