"""What each step of the journey takes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.models import Site
from placement.families import codes
from placement.families.models import ChildView, Family, Person
from placement.families.people import child_choices
from workflows.exit.models import Initiator, Lives, ParentLives
from workflows.journey import services
from workflows.kernel.forms import DayField, StepForm, YesNo, at_the_field

_TEXT = forms.Textarea(attrs={"rows": 4})


class AssessTargetGroup(StepForm):
    """Is the family in the target group, and what characterises it."""

    in_target_group = YesNo(label=_("Er familien i målgruppen?"))
    traits = forms.MultipleChoiceField(
        label=_("Udfordringsbillede"),
        choices=codes.TargetGroupTrait.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Vælg det, der kendetegner forældrene."),
    )
    assessment = forms.CharField(label=_("Vurdering"), widget=_TEXT, required=False)

    def prepare(self) -> None:
        self.initial.setdefault("traits", self.situation.family.traits)


class ObtainConsent(StepForm):
    """Who of the custody holders has consented, when and how."""

    person = forms.MultipleChoiceField(label=_("Hvem har samtykket?"), widget=forms.CheckboxSelectMultiple)
    given_on = DayField(label=_("Hvornår?"))
    how = forms.ChoiceField(
        label=_("Hvordan?"),
        choices=[("written", _("Skriftligt")), ("oral", _("Mundtligt"))],
        widget=forms.RadioSelect,
    )
    informed_about = forms.CharField(
        label=_("Hvad er familien oplyst om?"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def prepare(self) -> None:
        holders = Person.objects.filter(family=self.situation.family, custody_holder=True)
        field = self.fields["person"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(p.uuid), p.name or str(p.get_kind_display())) for p in holders]
        # Nobody to choose: then the gate says where to go.
        field.required = bool(field.choices)

    def clean_person(self) -> list[str]:
        given: list[str] = self.cleaned_data["person"]
        if len(given) < len(list(self.fields["person"].choices)):  # type: ignore[attr-defined]
            raise forms.ValidationError(
                _("Alle med forældremyndighed skal samtykke, før der kan bedes om en afgørelse.")
            )
        return given


class ChildViewFields(StepForm):
    """The child's view, written in the same form when it has not been written yet."""

    child = forms.ChoiceField(label=_("Barn"), required=False)
    child_view_source = forms.ChoiceField(
        label=_("Hvordan er barnets perspektiv indhentet?"),
        choices=[("", _("Vælg")), *ChildView._meta.get_field("source").choices],  # type: ignore[misc]
        required=False,
    )
    child_view_text = forms.CharField(
        label=_("Barnets perspektiv"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("For et spædbarn: hvad I har iagttaget. Lad stå tomt, hvis det allerede er skrevet."),
    )

    def prepare(self) -> None:
        field = self.fields["child"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = child_choices(self.situation.family)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("child_view_text") and not (cleaned.get("child") and cleaned.get("child_view_source")):
            self.add_error("child_view_source", _("Vælg barnet, og hvordan perspektivet er indhentet."))
        return cleaned


class RequestDecision(ChildViewFields):
    """The stay's purpose and expected duration."""

    purpose = forms.CharField(
        label=_("Formål med opholdet"),
        widget=_TEXT,
        error_messages={
            "required": _("En afgørelse skal have et formål. Skriv, hvad opholdet skal føre til.")
        },
    )
    expected_weeks = forms.IntegerField(label=_("Forventet varighed i uger"), min_value=1, max_value=104)

    field_order = ["purpose", "expected_weeks", "child", "child_view_source", "child_view_text"]


class ApproveDecision(StepForm):
    """Approve, or reject with a reason."""

    approved = YesNo(label=_("Godkender du afgørelsen?"))
    reason = forms.CharField(
        label=_("Begrundelse"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("Skal dog skrives, når du afviser."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("approved") is False and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Skriv, hvorfor afgørelsen afvises."))
        return cleaned


class StartIntervention(StepForm):
    """The first day of the intervention, the site, and what only VIVE's registration asks."""

    started_on = DayField(label=_("Første dag i indsatsen"))
    site = forms.ChoiceField(label=_("Anbringelsessted"))
    receives_other_support = YesNo(
        label=_("Modtager familien anden støtte?"),
        required=False,
        help_text=_("Spørges kun for VIVEs evaluering."),
    )
    home_before = forms.ChoiceField(
        label=_("Hvor boede forældrene før?"),
        choices=[("", _("Vælg")), *codes.HomeBefore.choices],
        required=False,
        help_text=_("Spørges kun for VIVEs evaluering."),
    )
    home_language = forms.ChoiceField(
        label=_("Sprog i hjemmet"),
        choices=[("", _("Vælg")), *codes.HomeLanguage.choices],
        required=False,
        help_text=_("Spørges kun for VIVEs evaluering."),
    )

    def prepare(self) -> None:
        field = self.fields["site"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(s.uuid), s.name) for s in Site.objects.order_by("name")]

    def clean_started_on(self) -> Any:
        day = self.cleaned_data["started_on"]
        at_the_field(lambda: services.check_started_on(self.situation.family, day))
        return day


class MoveIn(StepForm):
    """The day the family moved in, and where in the house."""

    moved_in_on = DayField(label=_("Indflytningsdag"))
    room = forms.CharField(label=_("Værelse eller lejlighed"), max_length=20, required=False)

    def clean_moved_in_on(self) -> Any:
        day = self.cleaned_data["moved_in_on"]
        at_the_field(lambda: services.check_moved_in_on(self.situation.family, day))
        return day


class CloseJourney(StepForm):
    """How it ended, and the family's own view of it."""

    closed_on = DayField(label=_("Afsluttet"))
    outcome = forms.ChoiceField(label=_("Udfald"), choices=codes.AFTER_THE_EXIT, widget=forms.RadioSelect)
    planned = YesNo(label=_("Var afslutningen planlagt?"))
    initiator = forms.ChoiceField(
        label=_("På hvis initiativ?"), choices=Initiator.choices, widget=forms.RadioSelect
    )
    child_lives = forms.ChoiceField(
        label=_("Hvor bor barnet nu?"), choices=Lives.choices, widget=forms.RadioSelect
    )
    support_at_exit = forms.CharField(
        label=_("Støtte ved afslutningen"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    family_view = forms.CharField(
        label=_("Familiens egen vurdering"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def prepare(self) -> None:
        for parent in Person.objects.filter(
            family=self.situation.family, kind=codes.PersonKind.PARENT
        ).order_by("id"):
            self.fields[f"{services.HOME}{parent.uuid}"] = forms.ChoiceField(
                label=_("Hvor bor %(name)s nu?") % {"name": parent}, choices=ParentLives.choices
            )

    def clean_closed_on(self) -> Any:
        day = self.cleaned_data["closed_on"]
        at_the_field(lambda: services.check_closed_on(self.situation.family, day))
        return day


class FollowUpContactForm(StepForm):
    """What the family told at a contact after closing."""

    held_on = DayField(label=_("Dato"))
    reached = YesNo(label=_("Fik I kontakt med familien?"))
    lives_together = YesNo(label=_("Bor forældre og barn sammen?"), required=False)
    summary = forms.CharField(label=_("Hvad fortalte familien?"), widget=_TEXT, required=False)

    def clean_held_on(self) -> Any:
        day = self.cleaned_data["held_on"]
        at_the_field(lambda: services.check_contact_on(self.situation.family, day))
        return day


class ChildViewForm(forms.Form):
    """The child's view on its own page."""

    child = forms.ChoiceField(label=_("Barn"))
    obtained_on = DayField(label=_("Hvornår?"))
    child_view_source = forms.ChoiceField(
        label=_("Hvordan er barnets perspektiv indhentet?"),
        choices=ChildView._meta.get_field("source").choices,  # type: ignore[arg-type]
        widget=forms.RadioSelect,
    )
    child_view_text = forms.CharField(
        label=_("Barnets perspektiv"), widget=_TEXT, help_text=_("For et spædbarn: hvad I har iagttaget.")
    )

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # As in the steps: most often it is today.
        self.initial.setdefault("obtained_on", clock.today())
        field = self.fields["child"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = child_choices(family)


class ConsentForm(forms.Form):
    """A custody holder gives consent, or takes it back."""

    person = forms.ChoiceField(label=_("Hvem?"))
    what = forms.ChoiceField(
        label=_("Hvad er der sket?"),
        choices=[("given", _("Samtykke er givet")), ("withdrawn", _("Samtykket er trukket tilbage"))],
        widget=forms.RadioSelect,
    )
    on = DayField(label=_("Hvornår?"))
    how = forms.ChoiceField(
        label=_("Hvordan er det givet?"),
        choices=[("", _("Vælg")), ("written", _("Skriftligt")), ("oral", _("Mundtligt"))],
        required=False,
    )

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        holders = Person.objects.filter(family=family, custody_holder=True)
        field.choices = [(str(p.uuid), str(p)) for p in holders]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") == "given" and not cleaned.get("how"):
            self.add_error("how", _("Vælg, hvordan samtykket er givet."))
        return cleaned


class CaseworkerForm(forms.Form):
    """Who is the family's caseworker from today."""

    staff = forms.ChoiceField(label=_("Rådgiver fra i dag"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["staff"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
