"""The forms of releases, each for its page and the API: registering an agreement, asking, the municipality's words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from evaluation.dataset_names import SUBJECTS, DatasetName
from evaluation.models import Audience, Controller, FollowUp, Kind, LegalBasis
from evaluation.variables import DATASETS
from placement.access.models import Staff
from placement.access.roles import Role
from workflows.kernel.forms import DayField, StepForm, YesNo


class Text(forms.CharField):
    """A text; JSON that is anything else is an error, not its Python spelling."""

    def to_python(self, value: Any) -> str | None:
        if value is not None and not isinstance(value, str):
            raise ValidationError(_("Skriv en tekst."), code="invalid")
        return super().to_python(value)


class Names(forms.Field):
    """A list of names: in the API a list of texts, on the page one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> list[str]:
        if value in self.empty_values:
            return []
        names = value.split() if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ValidationError(_("Send en liste af tekster."), code="invalid")
        return names


def by_subject(names: Collection[str] = DatasetName.values) -> list[tuple[str, list[tuple[str, str]]]]:
    """The datasets of ``names`` as a form's choices: under their subjects, each with its title and what it holds."""
    return [
        (str(subject), [(name.value, _described(name)) for name in inside if name in names])
        for subject, inside in SUBJECTS
        if any(name in names for name in inside)
    ]


def _described(name: DatasetName) -> str:
    dataset = DATASETS[name.value]
    english = (get_language() or "").startswith("en")
    title, about = (
        (dataset.title_en, dataset.description_en) if english else (dataset.title, dataset.description)
    )
    # The codebook has the rest of it.
    return format_html("{} <small>{}.</small>", title, about.partition(". ")[0].rstrip("."))


class RequestRelease(forms.Form):
    """What is asked for, what it is for, and by which agreement."""

    error_css_class = "fds-error"
    use_required_attribute = True

    kind = forms.ChoiceField(
        label=_("Slags"),
        choices=Kind.choices,
        initial=Kind.T1,
        widget=forms.RadioSelect,
        help_text=_(
            "T1 er personoplysninger. T2 laves af registreringsskemaet alene og kræver mindst 5.000 familier i 10 kommuner."
        ),
    )
    audience = forms.ChoiceField(
        label=_("Hvem er tabellerne til?"),
        choices=Audience.choices,
        initial=Audience.PUBLIC,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Kun for T3. Tabeller til aftalens parter må ikke gives videre."),
    )
    purpose = Text(
        label=_("Formål"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Hvad data skal bruges til. Skriv ingen personoplysninger."),
    )
    agreement = Text(
        label=_("Aftale"),
        max_length=200,
        help_text=_("Nummeret på den aftale, data udleveres efter. Den skal være registreret her."),
    )
    datasets = forms.MultipleChoiceField(
        label=_("Datasæt"), choices=DatasetName.choices, widget=forms.CheckboxSelectMultiple
    )

    def clean_audience(self) -> str:
        """Everybody, when nobody is named: the stricter rules. Rows have no audience: the page hides the question."""
        if self.cleaned_data.get("kind") != Kind.T3:
            return Audience.PUBLIC
        return self.cleaned_data["audience"] or Audience.PUBLIC


class RequestByAgreement(RequestRelease):
    """The same on the page, where the agreement is chosen before: all that it covers, or some of it."""

    ALL, SOME = "all", "some"

    which = forms.ChoiceField(
        label=_("Hvad skal med?"),
        choices=(),
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, om alle aftalens datasæt skal med eller kun nogle.")},
    )
    field_order = ("purpose", "kind", "audience", "which", "datasets")

    def __init__(self, *args: Any, covers: Collection[str], **kwargs: Any) -> None:
        """``covers``: names of the datasets that the chosen agreement covers."""
        super().__init__(*args, **kwargs)
        self.covers = covers
        del self.fields["agreement"]
        which, datasets = self.fields["which"], self.fields["datasets"]
        which.choices = [  # type: ignore[attr-defined]
            (self.ALL, _("Alle aftalens datasæt (%(number)d)") % {"number": len(covers)}),
            (self.SOME, _("Kun nogle af dem")),
        ]
        datasets.choices = by_subject(covers)  # type: ignore[attr-defined]
        datasets.help_text = _("Vælg kun det, formålet kræver.")
        datasets.error_messages["required"] = _("Vælg mindst ét af datasættene.")
        if self.is_bound:
            # Asked only where there is a choice; the page hides the rest.
            which.required = self.data.get("kind") != Kind.T2
            datasets.required = which.required and self.data.get("which") == self.SOME

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        which = cleaned.pop("which", "")
        if cleaned.get("kind") == Kind.T2:
            cleaned["datasets"] = [DatasetName.REGISTRATION.value]
        elif which == self.ALL:
            cleaned["datasets"] = list(self.covers)
        # Shown again it is not called optional: whoever turns to some of them has to choose.
        self.fields["datasets"].required = True
        return cleaned


class RegisterAgreement(forms.Form):
    """An agreement as it stands on paper; the municipalities read it in every report."""

    error_css_class = "fds-error"
    use_required_attribute = True

    number = Text(label=_("Nummer"), max_length=60, help_text=_("F.eks. journalnummeret."))
    title = Text(label=_("Titel"), max_length=200)
    purpose = Text(label=_("Formål"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    legal_basis = forms.ChoiceField(label=_("Grundlag"), choices=LegalBasis.choices, widget=forms.RadioSelect)
    role = forms.ChoiceField(label=_("VIVEs rolle"), choices=Controller.choices, widget=forms.RadioSelect)
    people = forms.MultipleChoiceField(
        label=_("Navngivne personer"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Kun de må bestille og arbejde med data efter aftalen."),
    )
    ends_on = DayField(label=_("Udløber"), future=True)
    datasets = forms.MultipleChoiceField(
        label=_("Datasæt"), choices=by_subject, widget=forms.CheckboxSelectMultiple
    )

    variables = Names(
        label=_("Variabler"),
        required=False,
        help_text=_(
            "Kun disse udleveres, én pr. linje, f.eks. registration.phase. Tom: alle datasættenes variabler."
        ),
    )

    follow_up = forms.ChoiceField(
        label=_("Hvor langt følges hver familie i rækker med pseudonymer?"),
        choices=FollowUp.choices,
        initial=FollowUp.DAY,
        widget=forms.RadioSelect,
        required=False,
    )

    def clean_follow_up(self) -> str:
        """To the day, when nobody says otherwise."""
        return self.cleaned_data["follow_up"] or FollowUp.DAY

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever is an evaluator today or is going to be: their appointment decides what they may do, not this list.
        evaluators = Staff.objects.filter(memberships__role=Role.EVALUATOR, is_active=True).distinct()
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (str(person.uuid), str(person)) for person in evaluators.order_by("first_name", "last_name", "id")
        ]


_REASON: dict[str, Any] = {
    "label": _("Begrundelse"),
    "max_length": 2000,
    "widget": forms.Textarea(attrs={"rows": 3}),
}


class _Word(StepForm):
    """Yes or no; a no says why."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("approved") is False and not str(cleaned.get("reason", "")).strip():
            self.add_error("reason", str(_("Skriv, hvorfor der siges nej.")))
        return cleaned


class ReviewRelease(_Word):
    """The privacy officer's word."""

    approved = YesNo(label=_("Kan udtrækket gives videre til godkendelse?"))
    reason = forms.CharField(
        required=False,
        help_text=_("Skal skrives ved nej, og når en prøve i rapporten er dumpet."),
        **_REASON,
    )


class ApproveRelease(_Word):
    """The authority lead's word."""

    approved = YesNo(label=_("Må kommunens familier være med?"))
    reason = forms.CharField(
        required=False,
        help_text=_("Skal skrives ved nej, og når en prøve i rapporten er dumpet."),
        **_REASON,
    )


class Why(forms.Form):
    """A reason, for saying no or taking a release back."""

    error_css_class = "fds-error"
    use_required_attribute = True

    reason = Text(**_REASON)


class Yes(forms.Form):
    """The short names for a yes: a reason if there is one, and the facts that were read."""

    reason = Text(required=False, **_REASON)
    facts_version = Text(
        required=False,
        max_length=16,
        help_text=_("Det grundlag, der blev læst; uden det gælder den rapport, man sidst så på."),
    )
