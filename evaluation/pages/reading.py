"""One release: how it stands, its report, and what can be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import selectors
from evaluation.dataset_names import DatasetName
from evaluation.models import ENDED, SILENCE, Answer, Kind, Release, ReleaseApproval, ReleaseFile, Status
from evaluation.pages.base import ReleasePage, approval_line, release_line
from evaluation.pictures import picture_of
from evaluation.steps import audience_words, deadline_words, reviewed_words
from placement import clock
from placement.access.models import Municipality
from placement.access.roles import Action
from workflows.kernel.models import Task

#: Where it stands while the worker has it, and nobody is waited for.
AT_THE_WORKER = frozenset({Status.REQUESTED, Status.BUILT})


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class OneRelease(ReleasePage):
    """One release: how it stands, its report, and what can be done. The look at a report is committed first."""

    def get(self, request: HttpRequest, release: UUID) -> HttpResponse:
        found = selectors.look_at(self.actor, release, route="release")
        with transaction.atomic():
            if isinstance(found, Release):
                return render(request, "evaluation/release.html", self._own(found))
            return render(request, "evaluation/release.html", self._of_municipality(found))

    def _own(self, found: Release) -> dict[str, Any]:
        links = selectors.open_links(found, clock.now())
        available = found.status == Status.AVAILABLE
        files = selectors.open_files(found)
        return {
            "release": {
                **release_line(found),
                **_facts(found),
                "audience": found.get_audience_display() if found.kind == Kind.T3 else "",
                "expires": found.expires_at if available else None,
            },
            "personal_data": found.kind == Kind.T1,
            "municipalities": _municipalities(found),
            "files": _grouped(files, found.report.get("datasets", ())),
            "files_number": len(files),
            "files_size": sum(file.bytes for file in files),
            "links": [{"expires": link.expires_at, "left": left} for link, left in links],
            "link_url": reverse("release-link", kwargs={"release": found.uuid}) if available else "",
            "withdraw_url": (
                "" if found.status in ENDED else reverse("release-withdraw", kwargs={"release": found.uuid})
            ),
            "releases_url": reverse("releases"),
            "report": selectors.report_of(found),
            "picture": picture_of(found.uuid, None),
            "waiting": (
                reverse("api-release", kwargs={"release": found.uuid})
                if found.status in AT_THE_WORKER
                else ""
            ),
            "reasons": selectors.reasons(found),
        }

    def _of_municipality(self, found: ReleaseApproval) -> dict[str, Any]:
        mine = Task.objects.waiting_for(self.actor).filter(release_uuid=found.release_uuid).first()
        still = found.voided_at is None and found.answer != Answer.NO and found.status not in ENDED
        return {
            "release": {
                **approval_line(found),
                **_facts(found),
                "audience": audience_words(found),
                "deadline": deadline_words(found) if still and not found.answer else "",
            },
            "personal_data": found.kind == Kind.T1,
            "said": _said(found),
            "task": {"title": mine.title, "url": reverse("task", kwargs={"task": mine.uuid})}
            if mine
            else None,
            "refuse_url": (
                reverse("release-refuse", kwargs={"release": found.release_uuid})
                if still and self.actor.may(Action.REFUSE_RELEASE)
                else ""
            ),
            "releases_url": reverse("releases"),
            "report": selectors.report_of(found),
            "picture": picture_of(found.release_uuid, found),
        }


def _facts(found: Release | ReleaseApproval) -> dict[str, Any]:
    return {
        "status": found.status,
        "kind_title": found.get_kind_display(),
        "agreement": found.agreement,
        "requested_by": str(found.requested_by),
        "built": found.built_at,
        "datasets": [str(DatasetName(name).label) for name in found.datasets],
        "round": found.round,
        "seal": found.seal,
    }


def _said(approval: ReleaseApproval) -> list[dict[str, Any]]:
    said = []
    if approval.reviewed_by is not None:
        said.append(
            {
                "title": _("Gennemsyn: %(answer)s") % {"answer": approval.get_review_display()},
                "who": reviewed_words(approval),
                "at": approval.reviewed_at,
                "reason": approval.review_reason,
            }
        )
    if approval.decided_by is not None:
        said.append(
            {
                "title": _("Kommunens afgørelse: %(answer)s") % {"answer": approval.get_decision_display()},
                "who": str(approval.decided_by),
                "at": approval.decided_at,
                "reason": approval.decision_reason,
            }
        )
    if approval.refused_by is not None:
        said.append(
            {
                "title": _("Kommunen har sagt nej"),
                "who": str(approval.refused_by),
                "at": approval.refused_at,
                "reason": approval.refusal_reason,
            }
        )
    if approval.silent_at is not None:
        said.append(
            {"title": str(SILENCE), "who": str(approval.municipality), "at": approval.silent_at, "reason": ""}
        )
    return said


def _municipalities(release: Release) -> list[dict[str, Any]]:
    names = dict(
        Municipality.objects.filter(pk__in=[*release.municipalities, *release.left_out]).values_list(
            "pk", "name"
        )
    )
    lines = []
    for code in release.municipalities:
        word = release.answers.get(str(code), {})
        if word.get("answer"):
            shown = {"yes": (_("ja"), "yes"), "no": (_("nej"), "no")}[word["answer"]]
        elif release.status in ENDED:
            shown = (_("skal ikke svare"), "")
        elif word.get("reviewed"):
            shown = (_("gennemgået, venter på godkendelse"), "wait")
        else:
            shown = (_("venter på gennemsyn"), "wait")
        lines.append(
            {"name": names[code], "word": shown[0], "state": shown[1], "reason": word.get("reason", "")}
        )
    lines += [
        {"name": names[code], "word": _("ladt ude"), "state": "no", "reason": ""} for code in release.left_out
    ]
    return lines


_FILE_TITLES = {
    "datapackage.json": gettext_lazy("Beskrivelse af filerne (Frictionless Data Package)"),
    "ddi-codebook-2.5.xml": gettext_lazy("Kodebog (DDI-Codebook 2.5)"),
    "codebook.da.html": gettext_lazy("Kodebog på dansk"),
    "codebook.da.pdf": gettext_lazy("Kodebog på dansk"),
    "codebook.en.html": gettext_lazy("Kodebog på engelsk"),
    "codebook.en.pdf": gettext_lazy("Kodebog på engelsk"),
    "import.sas": gettext_lazy("Program til SAS"),
    "README.txt": gettext_lazy("Læs mig: hvad filerne er, og hvordan de åbnes"),
    "manifest.json": gettext_lazy("Liste over filerne med deres kendemærker"),
    "manifest.sig": gettext_lazy("Underskrift på listen"),
}


def _grouped(files: Iterable[ReleaseFile], described: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The files of each dataset or table together, those about the files last; ``described``: datasets of the report."""
    titles = {one["name"]: one["title"] for one in described}
    groups: dict[str, dict[str, Any]] = {}
    about: list[dict[str, Any]] = []
    for file in files:
        last = file.name.rsplit("/", 1)[-1]
        said = str(_FILE_TITLES.get(last, ""))
        one = {"name": file.name, "title": said, "size": file.bytes, "sha256": file.sha256}
        stem = last.split(".")[0]
        if said or stem not in titles:
            about.append(one)
            continue
        group = groups.setdefault(stem, {"title": titles[stem], "rows": file.rows, "files": []})
        group["files"].append(one)
    if about:
        groups[""] = {"title": _("Beskrivelser og programmer"), "rows": None, "files": about}
    return list(groups.values())
