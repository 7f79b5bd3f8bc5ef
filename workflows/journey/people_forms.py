"""Forms about the people of a family: somebody added, somebody corrected, a birth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.families import codes
from placement.families.models import Family, Person
from workflows.kernel.forms import DayField, YesNo


class PersonFields(forms.Form):
    """What is known about a person, added or corrected."""

    name = forms.CharField(label=_("Navn"), max_length=120, required=False)
    cpr = forms.CharField(
        label=_("CPR-nummer"),
        max_length=11,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    born_on = DayField(
        label=_("Fødselsdato"),
        required=False,
        help_text=_("Kan stå tom for en forælder, hvis den ikke kendes."),
    )
    due_on = DayField(
        label=_("Termin"), required=False, future=True, help_text=_("Hvis barnet ikke er født.")
    )
    custody_holder = forms.BooleanField(label=_("Har forældremyndighed"), required=False)
    education = forms.ChoiceField(
        label=_("Uddannelse"), choices=[("", _("Ved ikke")), *codes.Education.choices], required=False
    )
    employment = forms.ChoiceField(
        label=_("Arbejdsmarked"), choices=[("", _("Ved ikke")), *codes.Employment.choices], required=False
    )


class AddPersonForm(PersonFields):
    """Somebody of the family who was not known before."""

    kind = forms.ChoiceField(label=_("Hvem er det?"), choices=codes.PersonKind.choices)

    field_order = ["kind", "name", "cpr", "born_on", "due_on", "custody_holder", "education", "employment"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Beside the form of a birth, whose fields have the same names.
        super().__init__(*args, **{"auto_id": "add_%s"} | kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        parent = cleaned.get("kind") == codes.PersonKind.PARENT
        if cleaned.get("custody_holder") and not parent:
            self.add_error("custody_holder", _("Kun en forælder har forældremyndighed."))
        if cleaned.get("due_on") and cleaned.get("kind") != codes.PersonKind.CHILD:
            self.add_error("due_on", _("Kun et barn, der ventes, har en termin."))
        return cleaned


class CorrectPersonForm(PersonFields):
    """A person as they stand, to be corrected; only the fields that can be about them."""

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        shown = ("name", "born_on", "due_on", "custody_holder", "education", "employment")
        kwargs.setdefault("initial", {field: getattr(person, field) for field in shown})
        super().__init__(*args, **{"auto_id": "correct_%s"} | kwargs)
        self.person = person
        born = person.birth_state == codes.BirthState.BORN
        parent = person.kind == codes.PersonKind.PARENT
        hidden = {"due_on"} if person.birth_state != codes.BirthState.EXPECTED else set()
        hidden |= set() if born else {"cpr", "born_on"}
        hidden |= set() if parent else {"custody_holder", "education", "employment"}
        for field in hidden:
            del self.fields[field]
        if "cpr" in self.fields:
            self.fields["cpr"].help_text = _("Lad stå tomt, hvis nummeret ikke skal ændres.")

    def values(self) -> dict[str, Any]:
        """What `correct_person` takes; a field that is not about the person keeps what stands."""
        kept = {
            "name": self.person.name,
            "born_on": self.person.born_on,
            "due_on": self.person.due_on,
            "custody_holder": self.person.custody_holder,
            "education": self.person.education,
            "employment": self.person.employment,
        }
        return kept | self.cleaned_data


class BirthForm(forms.Form):
    """An awaited child is born, or the pregnancy was lost."""

    child = forms.ChoiceField(label=_("Hvilket barn?"))
    what = forms.ChoiceField(
        label=_("Hvad er der sket?"),
        choices=[("born", _("Barnet er født")), ("lost", _("Graviditeten er ophørt"))],
        widget=forms.RadioSelect,
    )
    born_on = DayField(label=_("Fødselsdato"), required=False)
    name = forms.CharField(label=_("Navn"), max_length=120, required=False)
    cpr = forms.CharField(label=_("CPR-nummer"), max_length=11, required=False)
    goes_on = YesNo(
        label=_("Er graviditeten ophørt: fortsætter forløbet for de andre børn?"),
        required=False,
        help_text=_("Fortsætter det ikke, falder alle opgaver og frister stille bort."),
    )

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        awaited = Person.objects.filter(family=family, birth_state=codes.BirthState.EXPECTED)
        field = self.fields["child"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(p.uuid), f"{p} ({p.due_on:%d.%m.%Y})") for p in awaited]
        others = Person.objects.filter(family=family).exclude(kind=codes.PersonKind.PARENT)
        if others.exclude(birth_state=codes.BirthState.LOST).count() < 2:
            # Nobody to go on for: nothing is asked.
            del self.fields["goes_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") == "born" and not cleaned.get("born_on"):
            self.add_error("born_on", _("Skriv fødselsdatoen."))
        return cleaned
