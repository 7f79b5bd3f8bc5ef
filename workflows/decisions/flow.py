"""What the law asks for around a decision, each beside the journey: hearing, letters, complaint, plan, another track."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from placement import clock
from placement.access.roles import Action
from placement.families.models import Family
from workflows.decisions import forms, guards, shown
from workflows.decisions.services import anew, complaints, insight, letters, parties, plans
from workflows.journey.guards import approval_conditions, decision_conditions, may_approve_decision
from workflows.kernel.beside import beside_the_journey
from workflows.kernel.deadlines import working_days
from workflows.kernel.flow import FamilyFlow
from workflows.kernel.models import Element, Process
from workflows.kernel.nodes import HumanStep, If


class _Beside(FamilyFlow):
    """A flow of its own beside the journey, on the model version that the family follows."""

    element = Element.JOURNEY

    def on_start(self, activation: Any, *, family: Family, about: dict[str, Any]) -> Process:
        """Begin it; ``about``: the ids of the records it is about."""
        process = self.begin_beside(activation, **beside_the_journey(family, clock.now()))
        process.data = about
        return process


class HearingFlow(_Beside):
    """Partshøring"""

    start = flow.StartHandle(this.on_start).Next(this.close_hearing)

    # caseworker, on the day that was set for the answer
    close_hearing = (
        HumanStep(
            action=Action.CLOSE_HEARING,
            form=forms.CloseHearing,
            shows=shown.hearing_brief,
            write=parties.close_hearing,
            due=guards.hearing_due,
            help=_("Skriv partens svar. Tavshed kan først skrives, når fristen er gået."),
        )
        .Annotation(title=_("Afslut partshøringen"))
        .Next(this.heard)
    )
    heard = flow.End().Annotation(title=_("Parten er hørt"))


class LetterFlow(_Beside):
    """Breve om afgørelsen"""

    start = flow.StartHandle(this.on_start).Next(this.write_letters)

    # caseworker
    write_letters = (
        HumanStep(
            action=Action.WRITE_LETTERS,
            form=forms.WriteLetters,
            shows=shown.letters_rejected_brief,
            write=letters.write_letters,
            due=working_days(Action.WRITE_LETTERS),
            help=_("Hver part får sit eget brev. Læs hver linje, og ret det, der ikke passer."),
        )
        .Annotation(title=_("Skriv brevene om afgørelsen"))
        .Next(this.approve_letters)
    )

    # authority lead, who did not write them
    approve_letters = (
        HumanStep(
            action=Action.APPROVE_LETTERS,
            form=forms.ApproveLetters,
            shows=shown.letters_brief,
            write=letters.approve_letters,
            differs_from="write_letters",
            due=working_days(Action.APPROVE_LETTERS),
        )
        .Annotation(title=_("Godkend brevene"))
        .Next(this.letters_approved)
    )
    letters_approved = (
        If(guards.letters_approved)
        .Annotation(title=_("Godkendt?"))
        .Then(this.send_letters)
        .Else(this.write_letters)
    )

    # caseworker
    send_letters = (
        HumanStep(
            action=Action.SEND_LETTERS,
            form=forms.SendLetters,
            write=letters.send_letters,
            due=working_days(Action.SEND_LETTERS),
            help=_("Klagefristen løber fra den dag, parten har fået sit brev."),
        )
        .Annotation(title=_("Send brevene"))
        .Next(this.told)
    )
    told = flow.End().Annotation(title=_("Parterne har fået besked"))


class ComplaintFlow(_Beside):
    """Klage"""

    # The law's way of a complaint does not end with the stay.
    outlives_the_journey = True

    start = flow.StartHandle(this.on_start).Next(this.looked_at)
    looked_at = (
        If(guards.is_looked_at)
        .Annotation(title=_("Ser kommunen på den igen?"))
        .Then(this.reassess_complaint)
        .Else(this.send_to_board)
    )

    # authority lead, within four weeks
    reassess_complaint = (
        HumanStep(
            action=Action.REASSESS_COMPLAINT,
            form=forms.ReassessComplaint,
            shows=shown.complaint_brief,
            write=complaints.reassess_complaint,
            due=guards.reassessment_due,
            help=_("Kommunen ser selv på afgørelsen igen, før klagen sendes videre."),
        )
        .Annotation(title=_("Genvurdér afgørelsen"))
        .Next(this.met_in_full)
    )
    met_in_full = (
        If(guards.is_met_in_full)
        .Annotation(title=_("Fuldt medhold?"))
        .Then(this.settled)
        .Else(this.send_to_board)
    )

    # caseworker
    send_to_board = (
        HumanStep(
            action=Action.SEND_TO_BOARD,
            form=forms.SendToBoard,
            shows=shown.complaint_brief,
            write=complaints.send_to_board,
            due=working_days(Action.SEND_TO_BOARD),
        )
        .Annotation(title=_("Send klagen til Ankestyrelsen"))
        .Next(this.record_board_outcome)
    )
    # caseworker
    record_board_outcome = (
        HumanStep(
            action=Action.RECORD_BOARD_OUTCOME,
            form=forms.RecordBoardOutcome,
            shows=shown.complaint_brief,
            write=complaints.record_board_outcome,
            due=working_days(Action.RECORD_BOARD_OUTCOME),
        )
        .Annotation(title=_("Skriv Ankestyrelsens afgørelse"))
        .Next(this.settled)
    )
    settled = flow.End().Annotation(title=_("Klagen er afsluttet"))


class RedecisionFlow(_Beside):
    """Ny afgørelse efter en klage"""

    outlives_the_journey = True

    start = flow.StartHandle(this.on_start).Next(this.decide_anew)

    # caseworker
    decide_anew = (
        HumanStep(
            action=Action.DECIDE_ANEW,
            form=forms.DecideAnew,
            shows=shown.redecision_brief,
            write=anew.decide_anew,
            facts=guards.redecision_facts,
            conditions=decision_conditions,
            guard=guards.may_decide_anew,
            due=guards.redecision_due,
            help=_("Afgørelsen er ændret efter en klage. Børn og parter høres igen, før der træffes en ny."),
        )
        .Annotation(title=_("Bed om en ny afgørelse efter klagen"))
        .Next(this.asks_for_approval)
    )
    asks_for_approval = (
        If(guards.asks_for_a_decision)
        .Annotation(title=_("Træffes der en ny afgørelse?"))
        .Then(this.approve_anew)
        .Else(this.settled)
    )
    settled = flow.End().Annotation(title=_("Der træffes ingen ny afgørelse"))

    # authority lead, who did not ask
    approve_anew = (
        HumanStep(
            action=Action.APPROVE_ANEW,
            form=forms.ApproveAnew,
            shows=shown.redecision_brief,
            write=anew.approve_anew,
            facts=guards.redecision_facts,
            conditions=approval_conditions,
            guard=may_approve_decision,
            differs_from="decide_anew",
            due=guards.approval_due,
        )
        .Annotation(title=_("Tag stilling til den nye afgørelse"))
        .Next(this.approved_anew)
    )
    approved_anew = (
        If(guards.is_decided_anew)
        .Annotation(title=_("Godkendt?"))
        .Then(this.decided_anew)
        .Else(this.decide_anew)
    )
    decided_anew = flow.End().Annotation(title=_("Der er truffet en ny afgørelse"))


class AccessFlow(_Beside):
    """Aktindsigt"""

    outlives_the_journey = True

    start = flow.StartHandle(this.on_start).Next(this.answer_access)

    # caseworker, in as many working days as the model version says
    answer_access = (
        HumanStep(
            action=Action.ANSWER_ACCESS,
            form=forms.AnswerAccess,
            shows=shown.access_brief,
            write=insight.answer_access,
            due=guards.access_due,
            help=_(
                "Tag det ud, som parten ikke må se, fx en beskyttet adresse eller den, der har underrettet. Kan fristen "
                "ikke holdes, får parten at vide hvorfor og hvornår."
            ),
        )
        .Annotation(title=_("Besvar anmodningen om aktindsigt"))
        .Next(this.answered)
    )
    answered = flow.End().Annotation(title=_("Parten har fået svar om aktindsigt"))


class PlanFlow(_Beside):
    """Barnets plan"""

    @classmethod
    def outlives(cls, process: Process) -> bool:
        """A placed child's plan is mandatory, whatever becomes of the stay (barnets lov § 91)."""
        return "plan_decision" in process.data

    start = flow.StartHandle(this.on_start).Next(this.asks_whether)
    asks_whether = (
        If(guards.asks_whether)
        .Annotation(title=_("Skal det først besluttes?"))
        .Then(this.settle_plan)
        .Else(this.make_plan)
    )

    # caseworker
    settle_plan = (
        HumanStep(
            action=Action.SETTLE_PLAN,
            form=forms.SettlePlan,
            write=plans.settle_plan,
            due=working_days(Action.SETTLE_PLAN),
            help=_("Kommunen tager stilling til, om der laves en plan for barnet (barnets lov § 91)."),
        )
        .Annotation(title=_("Tag stilling til barnets plan"))
        .Next(this.makes_plan)
    )
    makes_plan = (
        If(guards.makes_plan)
        .Annotation(title=_("Laves der en plan?"))
        .Then(this.make_plan)
        .Else(this.no_plan)
    )

    # caseworker
    make_plan = (
        HumanStep(
            action=Action.MAKE_PLAN,
            form=forms.MakePlan,
            shows=shown.plan_brief,
            write=plans.make_plan,
            due=guards.plan_due,
            help=_("Planen laves så vidt muligt sammen med barnet og forældrene (barnets lov § 92)."),
        )
        .Annotation(title=_("Lav barnets plan"))
        .Next(this.planned)
    )
    planned = flow.End().Annotation(title=_("Barnets plan er lavet"))
    no_plan = flow.End().Annotation(title=_("Der laves ingen plan"))


class TrackFlow(_Beside):
    """Hvordan det går videre"""

    # Whether a stay has ended or not: somebody says what it became.
    outlives_the_journey = True

    start = flow.StartHandle(this.on_start).Next(this.settle_track)

    # caseworker
    settle_track = (
        HumanStep(
            action=Action.SETTLE_TRACK,
            form=forms.SettleTrack,
            shows=shown.track_brief,
            write=plans.settle_track,
            due=working_days(Action.SETTLE_TRACK),
            help=_(
                "Ingen af dem er et nederlag. Lovens frister løber videre; det frivillige opholds stopper."
            ),
        )
        .Annotation(title=_("Skriv, hvordan det går videre"))
        .Next(this.goes_on)
    )
    goes_on = flow.End().Annotation(title=_("Det står, hvordan det går videre"))


#: What each is called where it is drawn.
BESIDE: dict[type[FamilyFlow], Any] = {
    HearingFlow: _("Partshøring"),
    LetterFlow: _("Breve om afgørelsen"),
    ComplaintFlow: _("Klage"),
    RedecisionFlow: _("Ny afgørelse efter en klage"),
    AccessFlow: _("Aktindsigt"),
    PlanFlow: _("Barnets plan"),
    TrackFlow: _("Hvordan det går videre"),
}
