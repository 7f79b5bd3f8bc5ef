"""What the steps of screening, examination and the parallel track ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.clock import today
from workflows.investigation.codes import AtBirth, Need, Track
from workflows.investigation.guards import REWRITE, birth_facts, check_shown
from workflows.investigation.services import check_concluded_on
from workflows.kernel.forms import DayField, StepForm, YesNo, at_the_field

SHORT = forms.Textarea(attrs={"rows": 3})
LONG = forms.Textarea(attrs={"rows": 6})
VIOLENCE = _("Kan der være vold eller en æresrelateret konflikt?")


def risk_fields() -> dict[str, forms.Field]:
    """The fields of a judgement of the risk, wherever it is written."""
    return {
        "risk": forms.CharField(
            label=_("Hvori består risikoen?"),
            widget=SHORT,
            help_text=_("For hvem, fra hvem, og hvad der kan udløse den. Er der ingen, så skriv hvorfor."),
        ),
        "protection": forms.CharField(
            label=_("Hvordan beskyttes den, der kan være i fare?"),
            widget=SHORT,
            required=False,
            help_text=_("Skal skrives, når forældre eller netværk må inddrages."),
        ),
        "parents_may_be_involved": YesNo(label=_("Må forældrene inddrages nu?")),
        "network_may_be_involved": YesNo(label=_("Må netværket inddrages nu?")),
    }


def ask_for_protection(form: Any, cleaned: dict[str, Any]) -> None:
    """Whoever is involved while somebody is at risk: how that one is protected is said."""
    somebody = cleaned.get("parents_may_be_involved") or cleaned.get("network_may_be_involved")
    if somebody and not (cleaned.get("protection") or "").strip():
        form.add_error(
            "protection", _("Skriv, hvordan den, der kan være i fare, beskyttes, når nogen inddrages.")
        )


class AssessRisk(StepForm):
    """The risk, before anybody is involved."""

    def prepare(self) -> None:
        self.fields |= risk_fields()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_for_protection(self, cleaned)
        return cleaned


class Screen(StepForm):
    """Where it leads."""

    violence_possible = YesNo(label=VIOLENCE)
    track = forms.ChoiceField(
        label=_("Hvad fører screeningen til?"), choices=Track.choices, widget=forms.RadioSelect
    )
    reasons = forms.CharField(label=_("Begrundelse"), widget=SHORT)

    def prepare(self) -> None:
        found = self.situation.process.investigation
        # A yes is carried over; a no is an answer of its own, by whoever screens.
        if found.violence_possible:
            self.initial.setdefault("violence_possible", True)
        if found.before_birth:
            self.fields["track"].help_text = _(
                "Om kommende forældre: den samme vej efter barnets lov §§ 24-27, som vi læser dem."
            )


class _Concluding(StepForm):
    """What was found, on which day."""

    need = forms.ChoiceField(
        label=_("Hvad er der fundet?"), choices=Need.choices, widget=forms.RadioSelect, required=False
    )
    conclusion = forms.CharField(label=_("Konklusion"), widget=LONG, required=False)
    concluded_on = DayField(label=_("Hvornår er den afsluttet?"), required=False)

    def prepare(self) -> None:
        self.initial.setdefault("concluded_on", today())

    def clean_concluded_on(self) -> Any:
        day = self.cleaned_data["concluded_on"]
        if day is not None:
            at_the_field(lambda: check_concluded_on(self.situation.process.investigation, day))
        return day

    def ask_for(self, cleaned: dict[str, Any], *names: str) -> None:
        """These must be answered, given the other answers."""
        for name in names:
            if cleaned.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])


class Clarify(_Concluding):
    """The afdækning ends, or goes on as an examination."""

    goes_on = YesNo(
        label=_("Skal der en børnefaglig undersøgelse til?"),
        help_text=_("Ved ja løber de 4 måneder fra den dag, kommunen blev opmærksom (barnets lov § 20)."),
    )

    field_order = ("goes_on",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_for(cleaned, "conclusion", *(() if cleaned.get("goes_on") else ("need", "concluded_on")))
        return cleaned


class Examine(_Concluding):
    """The examination ends, or a preliminary assessment is made because it cannot end in time."""

    concluded = YesNo(
        label=_("Er undersøgelsen afsluttet?"),
        help_text=_(
            "Ved nej skrives en foreløbig vurdering, og hvorfor den ikke kan afsluttes i tide (§ 20)."
        ),
    )
    preliminary = forms.CharField(label=_("Foreløbig vurdering"), widget=LONG, required=False)
    why_late = forms.CharField(
        label=_("Hvorfor kan den ikke afsluttes inden 4 måneder?"), widget=SHORT, required=False
    )
    expected_on = DayField(label=_("Hvornår bliver den afsluttet?"), future=True, required=False)

    field_order = ("concluded",)

    def clean_expected_on(self) -> Any:
        day = self.cleaned_data["expected_on"]
        if day is not None and day < self.situation.today:
            raise forms.ValidationError(_("Dagen er passeret. Skriv en, der kommer."), code="past")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("concluded"):
            self.ask_for(cleaned, "need", "conclusion", "concluded_on")
        elif "concluded" in cleaned:
            self.ask_for(cleaned, "preliminary", "why_late", "expected_on")
        return cleaned


class WritePlans(StepForm):
    """Both plans, as the parents are shown them."""

    plan_a = forms.CharField(label=_("Plan A: familien sammen"), widget=LONG)
    plan_b = forms.CharField(label=_("Plan B: hvis barnet ikke kan bo hos forældrene"), widget=LONG)
    turning_point = forms.CharField(
        label=_("Hvad afgør, hvilken plan der holder?"),
        widget=SHORT,
        help_text=_("Skriv det, så forældrene kan se det komme."),
    )
    shown_on = DayField(
        label=_("Hvornår er begge planer vist til forældrene?"),
        required=False,
        help_text=_(
            "Forældrene ser begge planer fra begyndelsen. Må de ikke inddrages nu, står den tom, og planerne vises, når "
            "risikoen er vurderet igen."
        ),
    )
    parents_said = forms.CharField(label=_("Hvad sagde forældrene?"), widget=SHORT, required=False)

    def prepare(self) -> None:
        plan = self.situation.process.parallel_track.plans.order_by("-id").first()
        if plan is not None:
            for name in ("plan_a", "plan_b", "turning_point"):
                self.initial.setdefault(name, getattr(plan, name))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "shown_on" not in self.errors:
            try:
                at_the_field(lambda: check_shown(self.situation.facts, cleaned.get("shown_on")))
            except forms.ValidationError as refused:
                self.add_error("shown_on", refused)
        return cleaned


class SettleAtBirth(StepForm):
    """What holds at the birth."""

    outcome = forms.ChoiceField(
        label=_("Hvad er afklaret?"),
        choices=[
            (AtBirth.PLAN_A.value, AtBirth.PLAN_A.label),
            (AtBirth.DECIDED.value, AtBirth.DECIDED.label),
            (REWRITE, _("Ikke noget endnu: planerne skal skrives om")),
        ],
        widget=forms.RadioSelect,
    )
    decided_on = DayField(label=_("Hvornår traf udvalget afgørelsen?"), required=False)
    reasons = forms.CharField(label=_("Begrundelse"), widget=SHORT)

    def prepare(self) -> None:
        facts = birth_facts(self.situation)
        if facts.earliest_on is not None:
            self.fields["decided_on"].help_text = _(
                "Kun ved en afgørelse uden samtykke: tidligst %(day)s (%(source)s)."
            ) % {"day": f"{facts.earliest_on:%d.%m.%Y}", "source": facts.source}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        decided = cleaned.get("outcome") == AtBirth.DECIDED
        if decided and cleaned.get("decided_on") is None and "decided_on" not in self.errors:
            self.add_error("decided_on", self.fields["decided_on"].error_messages["required"])
        return cleaned
