"""The way of a release, and within it the way of one municipality's word on it.

The two are processes of their own. The release's carries no municipality and the municipality's no family; neither
may be seen under the other's context, so what was said is carried between them by the worker (`evaluation.rounds`).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from evaluation import forms, guards, steps
from evaluation.limits import FILES_KEPT
from evaluation.models import Release, ReleaseApproval, Status
from placement import clock
from placement.access.roles import Action
from workflows.kernel.flow import HouseFlow
from workflows.kernel.models import Element, Process
from workflows.kernel.nodes import HumanStep, If, Switch


class ReleaseFlow(HouseFlow):
    """Udtræk"""

    element = Element.RELEASE

    start = flow.StartHandle(this.on_request).Next(this.build)

    # the worker
    build = flow.Handle(this.go_on).Annotation(title=_("Byg og forsegl filerne")).Next(this.is_built)
    is_built = flow.If(this.has_files).Annotation(title=_("Bygget?")).Then(this.report).Else(this.gave_up)
    gave_up = (
        flow.If(this.is_withdrawn)
        .Annotation(title=_("Trukket tilbage?"))
        .Then(this.withdrawn)
        .Else(this.failed)
    )
    report = flow.Handle(this.go_on).Annotation(title=_("Send rapporten til kommunerne")).Next(this.hear)
    # the municipalities, each by a process of its own
    hear = flow.Handle(this.go_on).Annotation(title=_("Kommunerne tager stilling")).Next(this.answered)
    answered = (
        Switch()
        .Annotation(title=_("Hvad sagde kommunerne?"))
        .way("withdrawn", this.withdrawn, guards.is_withdrawn)
        .way("over", this.over, guards.is_over)
        .way("nobody", this.refused, guards.nobody_is_left)
        .way("everybody", this.publish, guards.all_said_yes)
        .way("changed", this.again, guards.otherwise)
    )
    again = flow.Function(this.on_again).Annotation(title=_("Lad dem ude, der sagde nej")).Next(this.build)
    publish = flow.Function(this.on_publish).Annotation(title=_("Gør udtrækket klar")).Next(this.keep)
    keep = flow.Handle(this.go_on).Annotation(title=_("Filerne kan hentes")).Next(this.how_it_ended)
    how_it_ended = (
        flow.If(this.is_withdrawn).Annotation(title=_("Trukket tilbage?")).Then(this.withdrawn).Else(this.end)
    )
    end = flow.End().Annotation(title=_("Udløbet, og filerne er slettet"))
    over = flow.End().Annotation(title=_("Aftalen løb ud, før alle havde sagt ja"))
    withdrawn = flow.End().Annotation(title=_("Trukket tilbage"))
    refused = flow.End().Annotation(title=_("Afvist af kommunerne"))
    failed = flow.End().Annotation(title=_("Udtrækket kunne ikke bygges"))

    def on_request(self, activation: Any, *, release: Release) -> Process:
        """Begin the way of a release somebody has asked for."""
        process: Process = activation.process
        process.release_uuid = release.uuid
        return process

    def go_on(self, activation: Any) -> Process:
        """What was waited for has come; the release's row says how it went."""
        process: Process = activation.process
        return process

    def has_files(self, activation: Any) -> bool:
        """Whether the build succeeded."""
        return bool(release_of(activation).status == Status.BUILT)

    def is_withdrawn(self, activation: Any) -> bool:
        """Whether somebody took it back."""
        return bool(release_of(activation).status == Status.WITHDRAWN)

    def on_again(self, activation: Any) -> None:
        """The next round: without those that said no, with a seal of its own."""
        steps.begin_next_round(release_of(activation))

    def on_publish(self, activation: Any) -> None:
        """Open the files to the person who asked: every municipality said yes to this very seal.

        For as long as files are kept, and no longer than the agreement runs.
        """
        release = release_of(activation)
        release.status = Status.AVAILABLE
        release.available_at = clock.now()
        release.expires_at = release.available_at + FILES_KEPT
        if release.under is not None:
            release.expires_at = min(release.expires_at, clock.end_of(release.under.ends_on))
        release.save(update_fields=["status", "available_at", "expires_at"])


class ReleaseApprovalFlow(HouseFlow):
    """Kommunens svar på et udtræk"""

    element = Element.RELEASE

    start = flow.StartHandle(this.on_asked).Next(this.review)

    # privacy officer; of another municipality too: one review serves for all
    review = (
        HumanStep(
            action=Action.REVIEW_RELEASE,
            form=forms.ReviewRelease,
            shows=steps.brief,
            facts=guards.sealed_facts,
            conditions=guards.report_conditions,
            guard=guards.may_say_yes,
            write=steps.review,
            asked_by=steps.who_asked,
            due=steps.due,
            help=_("Læs rapporten. Et gennemsyn gælder for alle de kommuner, der er med."),
        )
        .Annotation(title=_("Gennemgå udtrækket"))
        .Next(this.is_reviewed)
    )
    is_reviewed = (
        If(guards.was_reviewed)
        .Annotation(title=_("Kan det gives videre?"))
        .Then(this.approve)
        .Else(this.refused)
    )
    # authority lead, who is not the one who reviewed it
    approve = (
        HumanStep(
            action=Action.APPROVE_RELEASE,
            form=forms.ApproveRelease,
            shows=steps.brief,
            facts=guards.sealed_facts,
            conditions=guards.report_conditions,
            guard=guards.may_say_yes,
            write=steps.decide,
            differs_from="review",
            due=steps.due,
            help=_("Du afgør, om jeres egne familier må være med. Siger du nej, bygges udtrækket uden dem."),
        )
        .Annotation(title=_("Godkend udtrækket for kommunen"))
        .Next(this.is_approved)
    )
    is_approved = (
        If(guards.was_approved).Annotation(title=_("Godkendt?")).Then(this.approved).Else(this.refused)
    )
    approved = flow.End().Annotation(title=_("Kommunen har sagt ja"))
    refused = flow.End().Annotation(title=_("Kommunen har sagt nej og lades ude"))

    def on_asked(self, activation: Any, *, approval: ReleaseApproval) -> Process:
        """Begin the municipality's way with its row of this round."""
        process: Process = activation.process
        process.municipality_id = approval.municipality_id
        process.release_uuid = approval.release_uuid
        process.data = {"round": approval.round}
        return process


def release_of(activation: Any) -> Release:
    """The release a process is about."""
    return Release.objects.get(uuid=activation.process.release_uuid)
