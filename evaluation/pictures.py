"""The way of a release drawn, and where it stands on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from evaluation.flow import ReleaseApprovalFlow, ReleaseFlow
from evaluation.models import ReleaseApproval
from placement import clock
from workflows.kernel.models import Process, Task
from workflows.kernel.pictures.drawing import flow_picture
from workflows.kernel.pictures.graph import graph_of
from workflows.kernel.pictures.standing import NOWHERE, rows_of, said_of, sentence, stands


def picture_of(release_uuid: UUID, approval: ReleaseApproval | None) -> dict[str, Any]:
    """The release's own way; or, with ``approval``, the municipality's part of it. Two queries."""
    mine = Process.objects.filter(release_uuid=release_uuid)
    if approval is None:
        flow: Any = ReleaseFlow
        process = mine.filter(municipality__isnull=True).first()
    else:
        flow = ReleaseApprovalFlow
        process = mine.filter(municipality_id=approval.municipality_id, data__round=approval.round).first()
    tasks = list(Task.objects.filter(process=process).select_related("owner")) if process else []
    graph, known, today = graph_of(flow), stands(tasks), clock.today()
    told = sentence(graph, known) if approval is not None else ""
    title = _("Udtrækkets vej") if approval is None else _("Kommunens del af vejen")
    return {
        "title": title,
        "sentence": told,
        "rows": rows_of(graph, known, today),
        "svg": flow_picture(
            graph,
            states={name: stand.state for name, stand in known.items()},
            said={
                place.name: said_of(place, known.get(place.name, NOWHERE), today) for place in graph.places
            },
            title=title,
            sentence=told or title,
            prefix="flow1",
        ),
    }
