"""The way of a release. What must be checked before others see a release, stands before ``publish``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from evaluation.models import Release, Status
from workflows.kernel.flow import HouseFlow
from workflows.kernel.models import Element, Process


class ReleaseFlow(HouseFlow):
    """Udtræk"""

    element = Element.RELEASE

    start = flow.StartHandle(this.on_request).Next(this.build)

    # the worker
    build = flow.Handle(this.on_built).Annotation(title=_("Byg filerne")).Next(this.is_built)
    is_built = flow.If(this.has_files).Annotation(title=_("Bygget?")).Then(this.publish).Else(this.failed)
    publish = flow.Function(this.on_publish).Annotation(title=_("Gør udtrækket klar")).Next(this.end)
    end = flow.End().Annotation(title=_("Udtrækket er klar"))
    failed = flow.End().Annotation(title=_("Udtrækket kunne ikke bygges"))

    def on_request(self, activation: Any, *, release: Release) -> Process:
        """Begin the way of a release somebody has asked for."""
        process: Process = activation.process
        process.release_uuid = release.uuid
        return process

    def on_built(self, activation: Any) -> Process:
        """The worker is done; what it left behind says how it went."""
        process: Process = activation.process
        return process

    def has_files(self, activation: Any) -> bool:
        """Whether the build succeeded."""
        return bool(release_of(activation).status == Status.BUILT)

    def on_publish(self, activation: Any) -> None:
        """Open the files to the person who asked. Nobody looks at them first, hence only in a demo."""
        release = release_of(activation)
        release.status = Status.AVAILABLE
        release.save(update_fields=["status"])


def release_of(activation: Any) -> Release:
    """The release a process is about."""
    return Release.objects.get(uuid=activation.process.release_uuid)
