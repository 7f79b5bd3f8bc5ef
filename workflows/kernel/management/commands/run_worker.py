"""Run background work until told to stop (SIGTERM finishes the job at hand)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

#: What higher floors put in order before the first job, named by string.
AT_START = ("evaluation.making.workroom.clear",)


class Command(BaseCommand):
    help = "Kør baggrundsarbejdet, til processen stoppes."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PROCESS != "worker":
            raise CommandError(
                "Baggrundsarbejdet kører kun med arbejderens login (FAMILIEFORLOEB_PROCESS=worker)."
            )
        for step in AT_START:
            import_string(step)()
        # The worker fetches with its own pool; each job's work goes through Django's connection and its context.
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            app.run_worker(install_signal_handlers=True, listen_notify=True)
