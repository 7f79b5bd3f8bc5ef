"""One part of a family's way as a picture: its steps from top to bottom, where the family stands, how long each took."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from placement import clock
from placement.families.models import Family
from placement.families.opening import FamilyPage
from placement.families.people import family_title
from placement.templatetags.words import danish_moment, element_title
from workflows.decisions.flow import BESIDE
from workflows.investigation.flow import InvestigationFlow, ParallelPlanFlow
from workflows.journey.flow import JourneyFlow
from workflows.journey.services import journey_of
from workflows.kernel.models import CORE_ELEMENTS, Element, Process, Task
from workflows.kernel.nodes import ChildFlow
from workflows.kernel.pictures.drawing import flow_picture
from workflows.kernel.pictures.graph import graph_of
from workflows.kernel.pictures.standing import NOWHERE, rows_of, said_of, sentence, stands
from workflows.screening.flow import ConcernFlow

#: Notifications of concern, and ways beside the journey, drawn on one page, the newest first.
CONCERNS_SHOWN = 5
BESIDE_SHOWN = 5

DRAWN = (Element.JOURNEY, *CORE_ELEMENTS, Element.SCREENING, Element.INVESTIGATION)

#: Elements of which several runs may stand beside each other, each begun by somebody: drawn once begun.
SEVERAL = frozenset({Element.SCREENING, Element.INVESTIGATION})


def flow_of(element: Element) -> Any:
    """The flow class that an element's page draws."""
    if element == Element.JOURNEY:
        return JourneyFlow
    if element == Element.SCREENING:
        return ConcernFlow
    if element == Element.INVESTIGATION:
        return InvestigationFlow
    children = (node.child() for node in JourneyFlow.instance.nodes() if isinstance(node, ChildFlow))
    return next(child for child in children if child.element == element)


def runs_of(family: Family, element: Element) -> list[Process]:
    """What is drawn: the latest run, and of notifications the newest few. None before the first."""
    if element == Element.JOURNEY:
        journey = journey_of(family)
        beside = Process.objects.filter(family=family, flow_class__in=list(BESIDE)).order_by("-id")
        return [*([journey] if journey else []), *beside[:BESIDE_SHOWN]]
    kinds = [flow_of(element)]
    if element == Element.INVESTIGATION:
        kinds.append(ParallelPlanFlow)
    mine = Process.objects.filter(family=family, flow_class__in=kinds).order_by("-id")
    return list(mine[: CONCERNS_SHOWN if element in SEVERAL else 1])


class FlowPage(FamilyPage):
    """The page of one element, or of the journey as a whole."""

    def get(self, request: HttpRequest, family: Family, element: str) -> HttpResponseBase:
        if element not in DRAWN:
            raise Http404
        return render(request, "workflows/flow.html", flow_context(family, Element(element)))


def flow_context(family: Family, element: Element) -> dict[str, Any]:
    """The context of templates/workflows/flow.html; as many queries whatever has happened."""
    runs = runs_of(family, element)
    tasks: dict[int, list[Task]] = {run.pk: [] for run in runs}
    for task in Task.objects.filter(process__in=runs).select_related("owner"):
        tasks[task.process_id].append(task)
    drawn: list[Process | None] = [*runs]
    if not runs and element not in SEVERAL:
        drawn = [None]  # how it will go
    return {
        "family_title": family_title(family),
        "family_url": reverse("family", kwargs={"family": family.uuid}),
        "element": element.value,
        "others": [
            {"element": other.value, "url": flow_url(family, other)} for other in DRAWN if other != element
        ],
        "pictures": [
            _picture(element, run, tasks[run.pk] if run else [], f"flow{number}")
            for number, run in enumerate(drawn, start=1)
        ],
    }


def flow_url(family: Family, element: Element) -> str:
    """The address of the element's picture."""
    return reverse("family-flow", kwargs={"family": family.uuid, "element": element.value})


def _picture(element: Element, run: Process | None, tasks: list[Task], prefix: str) -> dict[str, Any]:
    graph = graph_of(run.flow_class if run is not None else flow_of(element))
    known = stands(tasks)
    today = clock.today()
    title = element_title(element)
    if run is not None and element == Element.SCREENING:
        title = _("Underretning registreret %(at)s") % {"at": danish_moment(run.created)}
    elif run is not None and element == Element.INVESTIGATION:
        begun = (
            _("Plan A og plan B begyndt %(at)s")
            if run.flow_class is ParallelPlanFlow
            else _("Screening begyndt %(at)s")
        )
        title = begun % {"at": danish_moment(run.created)}
    if run is not None and run.flow_class in BESIDE:
        title = f"{BESIDE[run.flow_class]} {danish_moment(run.created)}"
    state, word = _state(run)
    return {
        "id": prefix,
        "title": title,
        "state": state,
        "word": word,
        "sentence": sentence(graph, known),
        "rows": rows_of(graph, known, today),
        "svg": flow_picture(
            graph,
            states={name: stand.state for name, stand in known.items()},
            said={
                place.name: said_of(place, known.get(place.name, NOWHERE), today) for place in graph.places
            },
            title=title,
            sentence=sentence(graph, known),
            prefix=prefix,
        ),
    }


def _state(run: Process | None) -> tuple[str, str]:
    if run is None:
        return "", _("ikke begyndt")
    if run.status == "CANCELED":
        return "no", _("afbrudt")
    return ("yes", _("afsluttet")) if run.finished else ("now", _("i gang"))
