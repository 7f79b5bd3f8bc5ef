"""The pages of releases: asking and agreements, one release with its report and how it stands, and taking it home."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from evaluation import agreeing, asking, saying, selectors, taking
from evaluation.access import ReleaseAddress, as_attachment, attachment, check_may
from evaluation.dataset_names import DatasetName
from evaluation.formats import ARCHIVE_TYPE
from evaluation.forms import RegisterAgreement, RequestRelease, Why
from evaluation.models import (
    ENDED,
    LINK_DOWNLOADS,
    SILENCE,
    Agreement,
    Answer,
    Kind,
    Release,
    ReleaseApproval,
    ReleaseFile,
    Status,
)
from evaluation.pictures import picture_of
from evaluation.steps import audience_words, reviewed_words
from placement import clock
from placement.access import submissions
from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.access.middleware import actor_of
from placement.access.models import Municipality
from placement.access.problems import InvalidFields
from placement.access.roles import Action
from workflows.kernel.models import Task

#: The picture of a status (templates/components/mark.html).
STATES = {
    Status.REQUESTED: "now",
    Status.BUILT: "wait",
    Status.REPORTED: "wait",
    Status.AVAILABLE: "yes",
    Status.FAILED: "no",
    Status.REFUSED: "no",
    Status.WITHDRAWN: "no",
    Status.EXPIRED: "no",
}


class ReleasePage(ReleaseAddress, View):
    """A page for those who may use releases, or have a word on them."""

    http_method_names = ["get", "head", "post"]
    actor: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.actor = actor_of(request)
        # Who may read may be told that there is nothing to send; who may not even read is told so first.
        check_may(self.actor, self.read_action)
        method = str(request.method)
        if method == "POST" and self.write_action is not None:
            check_may(self.actor, self.write_action)
        return super().dispatch(request, *args, **kwargs)


class Releases(ReleasePage):
    """The person's releases and asking for one more; or what the municipality has a word on."""

    write_action = Action.USE_RELEASES

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.actor.municipality_id is not None:
            return self._of_municipality(request)
        return self._page(request, RequestRelease())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RequestRelease(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        token = request.POST.get("submit_token", "")
        try:
            answer = submissions.once(
                actor=self.actor,
                key=token and f"page:{token}",
                asked=submissions.fingerprint("release"),
                produce=lambda: self._request(request, form),
            )
        except agreeing.ReleaseGate as shut:
            return self._page(request, form, refusal=shut, status=shut.status)
        return redirect("release", release=answer["release"])

    def _request(self, request: HttpRequest, form: RequestRelease) -> dict[str, Any]:
        release = asking.request_release(actor=self.actor, now=clock.now(), **form.cleaned_data)
        messages.success(request, _("Udtrækket er bestilt."))
        return {"release": str(release.uuid)}

    def _page(
        self, request: HttpRequest, form: RequestRelease, *, refusal: Refused | None = None, status: int = 200
    ) -> HttpResponse:
        context = {
            "releases": [_line(r) for r in Release.objects.visible_to(self.actor).order_by("-id")],
            "form": form,
            "agreements_url": reverse("agreements"),
            "submit_token": request.POST.get("submit_token") or uuid.uuid4().hex,
            "refusal": {"reason": str(refusal.message)} if refusal else None,
        }
        return render(request, "evaluation/releases.html", context, status=status)

    def _of_municipality(self, request: HttpRequest) -> HttpResponse:
        asked = list(ReleaseApproval.objects.newest_rounds(self.actor).order_by("-id"))
        waiting = set(
            Task.objects.waiting_for(self.actor)
            .filter(release_uuid__in=[one.release_uuid for one in asked])
            .values_list("release_uuid", flat=True)
        )
        lines = [_approval_line(one) | {"mine": one.release_uuid in waiting} for one in asked]
        return render(request, "evaluation/asked.html", {"releases": lines})


class Agreements(ReleasePage):
    """The agreements that one is named in or registered, and registering one."""

    read_action = Action.USE_RELEASES
    write_action = Action.USE_RELEASES

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, RegisterAgreement())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RegisterAgreement(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        token = request.POST.get("submit_token", "")
        try:
            submissions.once(
                actor=self.actor,
                key=token and f"page:{token}",
                asked=submissions.fingerprint("agreement"),
                produce=lambda: self._register(form),
            )
        except InvalidFields as refused:
            for name, errors in refused.errors.items():
                form.add_error(name, errors)
            return self._page(request, form, status=422)
        messages.success(request, _("Aftalen er registreret."))
        return redirect("agreements")

    def _register(self, form: RegisterAgreement) -> dict[str, Any]:
        made = agreeing.register_agreement(actor=self.actor, now=clock.now(), **form.cleaned_data)
        return {"agreement": str(made.uuid)}

    def _page(self, request: HttpRequest, form: RegisterAgreement, *, status: int = 200) -> HttpResponse:
        today = clock.today()
        agreements = [
            {
                "number": one.number,
                "title": one.title,
                "purpose": one.purpose,
                "legal_basis": one.get_legal_basis_display(),
                "role": one.get_role_display(),
                "ends_on": one.ends_on,
                "over": one.ends_on < today,
                "people": sorted(str(person.staff) for person in one.people.all()),
                "datasets": [str(DatasetName(name).label) for name in one.datasets],
                "variables": one.variables,
            }
            for one in Agreement.objects.visible_to(self.actor)
            .prefetch_related("people__staff")
            .order_by("-id")
        ]
        context = {
            "agreements": agreements,
            "form": form,
            "releases_url": reverse("releases"),
            "submit_token": request.POST.get("submit_token") or uuid.uuid4().hex,
        }
        return render(request, "evaluation/agreements.html", context, status=status)


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
        reasons = selectors.reasons(found)
        links = selectors.open_links(found, clock.now())
        available = found.status == Status.AVAILABLE
        files = selectors.open_files(found)
        return {
            "release": {
                **_line(found),
                "kind_title": found.get_kind_display(),
                "audience": found.get_audience_display() if found.kind == Kind.T3 else "",
                "agreement": found.agreement,
                "requested_by": str(found.requested_by),
                "built": found.built_at,
                "datasets": [str(DatasetName(name).label) for name in found.datasets],
                "round": found.round,
                "seal": found.seal,
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
            "waiting": found.status == Status.REQUESTED,
            "refusal": {"reasons": reasons} if reasons else None,
        }

    def _of_municipality(self, found: ReleaseApproval) -> dict[str, Any]:
        mine = Task.objects.waiting_for(self.actor).filter(release_uuid=found.release_uuid).first()
        still = found.voided_at is None and found.answer != Answer.NO and found.status not in ENDED
        return {
            "release": {
                **_approval_line(found),
                "kind_title": found.get_kind_display(),
                "audience": audience_words(found),
                "agreement": found.agreement,
                "requested_by": str(found.requested_by),
                "built": found.built_at,
                "datasets": [str(DatasetName(name).label) for name in found.datasets],
                "round": found.round,
                "seal": found.seal,
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


class _Why(ReleasePage):
    """A page that asks for a reason and does one thing with it."""

    heading = ""
    lead = ""
    button = ""

    def get(self, request: HttpRequest, release: UUID) -> HttpResponse:
        return self._page(request, release, Why())

    def post(self, request: HttpRequest, release: UUID) -> HttpResponse:
        form = Why(request.POST)
        if not form.is_valid():
            return self._page(request, release, form, status=422)
        token = request.POST.get("submit_token", "")
        submissions.once(
            actor=self.actor,
            key=token and f"page:{token}",
            asked=submissions.fingerprint(type(self).__name__, release),
            produce=lambda: self.act(release, form.cleaned_data["reason"]),
        )
        messages.success(request, _("Gemt."))
        return redirect("release", release=release)

    def found(self, release: UUID) -> Release | ReleaseApproval:
        """What the person sees of it; raises Http404."""
        raise NotImplementedError

    def act(self, release: UUID, reason: str) -> dict[str, Any]:
        raise NotImplementedError

    def words(self) -> dict[str, str]:
        raise NotImplementedError

    def _page(self, request: HttpRequest, release: UUID, form: Why, *, status: int = 200) -> HttpResponse:
        context = {
            **self.words(),
            "personal_data": self.found(release).kind == Kind.T1,
            "form": form,
            "release_url": reverse("release", kwargs={"release": release}),
            "release_title": _("Udtræk %(number)s") % {"number": str(release)[:8]},
            "submit_token": request.POST.get("submit_token") or uuid.uuid4().hex,
        }
        return render(request, "evaluation/why.html", context, status=status)


class RefuseRelease(_Why):
    """A municipality says no outside its step, or regrets its yes."""

    read_action = Action.REFUSE_RELEASE
    write_action = Action.REFUSE_RELEASE

    def found(self, release: UUID) -> ReleaseApproval:
        return selectors.find_approval(self.actor, release)

    def act(self, release: UUID, reason: str) -> dict[str, Any]:
        saying.say_no(
            actor=self.actor, release_uuid=release, reason=reason, facts_version="", now=clock.now()
        )
        return {"release": str(release)}

    def words(self) -> dict[str, str]:
        return {
            "heading": _("Sig nej for kommunen"),
            "lead": _(
                "Kommunens familier lades ude, og udtrækket bygges på ny uden dem. Er det allerede gjort klart, "
                "trækkes det tilbage, og filerne slettes. Hvad der er hentet, kan ikke kaldes hjem."
            ),
            "button": _("Sig nej"),
        }


class WithdrawRelease(_Why):
    """The requester takes the release back."""

    read_action = Action.USE_RELEASES
    write_action = Action.USE_RELEASES

    def found(self, release: UUID) -> Release:
        return selectors.find_release(self.actor, release)

    def act(self, release: UUID, reason: str) -> dict[str, Any]:
        asking.withdraw_release(actor=self.actor, release_uuid=release, reason=reason)
        return {"release": str(release)}

    def words(self) -> dict[str, str]:
        return {
            "heading": _("Træk udtrækket tilbage"),
            "lead": _("Kommunerne skal ikke længere tage stilling, og filerne slettes."),
            "button": _("Træk tilbage"),
        }


class OneLink(ReleasePage):
    """A link to all files; its address and password are shown on this page and never again."""

    http_method_names = ["post"]
    read_action = Action.USE_RELEASES
    write_action = Action.USE_RELEASES

    def post(self, request: HttpRequest, release: UUID) -> HttpResponse:
        made = taking.make_link(actor=self.actor, release_uuid=release, now=clock.now())
        context = {
            "url": reverse("release-archive", kwargs={"release": release, "token": made.token}),
            "password": made.password,
            "expires": made.link.expires_at,
            "left": LINK_DOWNLOADS,
            "release_url": reverse("release", kwargs={"release": release}),
            "release_title": _("Udtræk %(number)s") % {"number": str(release)[:8]},
            "personal_data": made.link.release.kind == Kind.T1,
        }
        return render(request, "evaluation/link.html", context)


class OneArchive(ReleasePage):
    """All files by a link. Who took them is counted and committed before the archive is sent."""

    http_method_names = ["get"]
    read_action = Action.USE_RELEASES

    def get(self, request: HttpRequest, release: UUID, token: str) -> HttpResponse:
        link = taking.take_by_link(actor=self.actor, release_uuid=release, token=token, now=clock.now())
        return attachment(bytes(link.archive), taking.archive_name(link.release), ARCHIVE_TYPE)


class OneFile(ReleasePage):
    """A file to take home. Who took it is committed before it is sent."""

    http_method_names = ["get"]
    read_action = Action.USE_RELEASES

    def get(self, request: HttpRequest, release: UUID, name: str) -> HttpResponse:
        file = selectors.find_file(self.actor, release, name)
        taking.record_download(actor=self.actor, file=file)
        return as_attachment(file)


def _line(release: Release) -> dict[str, Any]:
    return {
        "title": _("Udtræk %(kind)s, %(number)s") % {"kind": release.kind, "number": str(release.uuid)[:8]},
        "url": reverse("release", kwargs={"release": release.uuid}),
        "status_word": release.get_status_display(),
        "state": STATES[Status(release.status)],
        "requested": release.requested_at,
        "purpose": release.purpose,
        "personal_data": release.kind == Kind.T1,
    }


def _approval_line(approval: ReleaseApproval) -> dict[str, Any]:
    word, state = _standing(approval)
    return {
        "title": _("Udtræk %(kind)s, %(number)s")
        % {"kind": approval.kind, "number": str(approval.release_uuid)[:8]},
        "url": reverse("release", kwargs={"release": approval.release_uuid}),
        "status_word": word,
        "state": state,
        "requested": approval.requested_at,
        "purpose": approval.purpose,
        "personal_data": approval.kind == Kind.T1,
    }


def _standing(approval: ReleaseApproval) -> tuple[str, str]:
    """How the release stands for the municipality: its own answer first, then what became of it."""
    if approval.silent_at is not None:
        return _("Kommunen svarede ikke inden fristen"), "no"
    if approval.answer == Answer.NO:
        return _("Kommunen har sagt nej"), "no"
    if approval.status == Status.REQUESTED:
        return _("Bygges på ny"), "now"
    if approval.voided_at is not None and approval.status not in ENDED:
        return _("Kommunens familier er ikke med"), "no"
    if approval.status != Status.REPORTED:
        return approval.get_status_display(), STATES[Status(approval.status)]
    if approval.answer == Answer.YES:
        return _("Kommunen har sagt ja"), "yes"
    if approval.review:
        return _("Venter på godkendelse"), "wait"
    return _("Venter på gennemsyn"), "wait"


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
