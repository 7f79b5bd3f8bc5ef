"""The parent's form: the questions, and nothing that counts or judges; and staff's, which asks for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from placement.families.codes import PersonKind
from placement.families.models import Family, Person
from placement.instruments import catalogue
from placement.instruments.definition import Definition, Items
from placement.instruments.texts import Texts
from placement.progression.codes import MissingReason
from workflows.measuring.forms import NOT_RELEVANT_VALUE, item_name
from workflows.measuring.own_answers.services import HOURS
from workflows.measuring.whom import people_of

#: So many digits has a number of an item, or an answer, at the most: what is taken when no file says what fits.
_SHORT = 3


class CodeForm(forms.Form):
    """The code, as it was read or scanned."""

    code = forms.CharField(
        label=gettext_lazy("Din kode"),
        max_length=40,
        help_text=gettext_lazy("12 bogstaver og tal. Store og små bogstaver er det samme."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class OwnAnswerForm(forms.Form):
    """One question below the other; what is left empty is so because the parent says that it shall be."""

    leave_empty = forms.BooleanField(
        label=gettext_lazy("Jeg vil ikke svare på de spørgsmål, jeg har ladet stå tomme"), required=False
    )

    #: No question says that it may be left out: the form says once, at its end, how that is done.
    empty_on_purpose = True

    def __init__(self, data: Any = None, *, definition: Definition, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        assert definition.items is not None
        self.definition, self.items = definition, definition.items
        texts = catalogue.texts_of(definition, get_language() or "da")
        self.wordless = texts is None
        for item in self.items.numbers:
            self.fields[item_name(item)] = _question(self.items, item, texts)
        self.order_fields([*(item_name(item) for item in self.items.numbers), "leave_empty"])

    def begin_from(self, draft: Any) -> None:
        """Show what was chosen before the pause."""
        for item, value in draft.items():
            self.initial[item_name(item)] = NOT_RELEVANT_VALUE if value is None else str(value)

    def chosen(self) -> dict[str, int | None]:
        """What stands chosen and lies on its scale, by item; None for "not relevant". Of a checked form, valid or not."""
        found: dict[str, int | None] = {}
        for item in self.items.numbers:
            value = self.cleaned_data.get(item_name(item))
            if value:
                found[str(item)] = None if value == NOT_RELEVANT_VALUE else int(value)
        return found

    def check_whole(self) -> bool:
        """Whether everything is answered, or left empty on purpose; else says at each question what to do."""
        chosen = self.chosen()
        if not chosen and self.is_valid():
            self.add_error(None, _("Svar på spørgsmålene, eller tryk på “Jeg vil ikke svare”."))
        elif self.is_valid() and not self.cleaned_data["leave_empty"]:
            open_items = [item for item in self.items.numbers if str(item) not in chosen]
            for item in open_items:
                self.add_error(item_name(item), _("Vælg et svar."))
            if open_items:
                self.add_error(
                    None, _("Vælg et svar, eller sæt kryds nederst på siden, hvis du ikke vil svare på det.")
                )
        return self.is_valid()

    def sent(self) -> dict[str, Any]:
        """What a whole form says, as it is handed in."""
        return {
            "answers": self.chosen(),
            "missing_reason": MissingReason.DECLINED.value if self.cleaned_data["leave_empty"] else "",
            "language": _language(self.definition),
        }


def declined(definition: Definition | None) -> dict[str, Any]:
    """A "no thanks" to the whole, as it is handed in."""
    return {
        "answers": {},
        "missing_reason": MissingReason.DECLINED.value,
        "language": _language(definition) if definition else "",
    }


def chosen_unchecked(data: Mapping[str, Any]) -> dict[str, int | None]:
    """What a form's answers say when the definition that they could be checked against is gone."""
    found: dict[str, int | None] = {}
    for name, value in data.items():
        number = name.removeprefix("item_")
        if name == f"item_{number}" and number.isdecimal() and len(number) <= _SHORT:
            if value == NOT_RELEVANT_VALUE:
                found[number] = None
            elif str(value).isdecimal() and len(str(value)) <= _SHORT:
                found[number] = int(value)
    return found


def unchecked(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same as it is handed in: it stays with its report until the file is back, for staff to read."""
    return {
        "answers": chosen_unchecked(data),
        "missing_reason": MissingReason.DECLINED.value if data.get("leave_empty") else "",
        "language": "",
    }


def _language(definition: Definition) -> str:
    """In which language the questions were read, when it was not Danish and the words stood on the screen."""
    texts = catalogue.texts_of(definition, get_language() or "da")
    return "engelsk" if texts is not None and texts.language == "en" else ""


def _question(items: Items, item: int, texts: Texts | None) -> forms.Field:
    low, high = items.ends_of(item)
    choices = []
    for value in range(low, high + 1):
        said = texts.option(item, value - low) if texts else ""
        if not said and items.places:
            said = _("%(place)d. svar fra oven") % {"place": value - low + 1}
        choices.append((str(value), said or str(value)))
    if item in items.not_relevant:
        choices.append((NOT_RELEVANT_VALUE, _("Ikke relevant")))
    wordy = items.places or (texts is not None and bool(texts.options))
    return forms.ChoiceField(
        label=f"{item}. {texts.item(item)}" if texts else _("Spørgsmål %(number)d") % {"number": item},
        required=False,
        choices=choices,
        widget=forms.RadioSelect(attrs={} if wordy else {"class": "scale"}),
    )


class AskForm(forms.Form):
    """Which parent, and for how long the code is good."""

    person = forms.ChoiceField(
        label=gettext_lazy("Hvem skal svare?"), widget=forms.RadioSelect(attrs={"class": "tiles"})
    )
    hours = forms.TypedChoiceField(
        label=gettext_lazy("Hvor længe gælder koden?"),
        coerce=int,
        initial=24,
        widget=forms.RadioSelect(attrs={"class": "tiles"}),
    )

    turn_to = forms.CharField(
        label=gettext_lazy("Hvem kan forælderen henvende sig til?"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Vises for forælderen, når svaret er sendt, også om natten. Skriv gerne et telefonnummer, hvor nogen svarer, "
            "og ingen navne fra familien."
        ),
    )

    def __init__(self, data: Any = None, *, family: Family, turn_to: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial.setdefault("turn_to", turn_to)
        parents = [one for one in people_of(family) if one.kind == PersonKind.PARENT]
        self.people = {str(one.uuid): one for one in parents}
        person, hours = self.fields["person"], self.fields["hours"]
        assert isinstance(person, forms.ChoiceField) and isinstance(hours, forms.ChoiceField)
        person.choices = [(key, str(one)) for key, one in self.people.items()]
        hours.choices = [
            (number, ngettext("%(number)d time", "%(number)d timer", number) % {"number": number})
            for number in HOURS
        ]
        if len(parents) == 1:
            self.initial.setdefault("person", str(parents[0].uuid))

    def chosen_person(self) -> Person:
        """Whom a valid form asks."""
        return self.people[self.cleaned_data["person"]]
