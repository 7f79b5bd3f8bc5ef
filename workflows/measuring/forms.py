"""The form of one instrument, made from its definition: on a phone one question below the other."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from placement import clock
from placement.access.errors import Refused
from placement.families.models import Family, Person
from placement.instruments import catalogue
from placement.instruments.definition import Definition, Items, Method, Scale
from placement.instruments.scoring import NOT_RELEVANT, NotRelevant, points
from placement.instruments.texts import Texts
from placement.progression.codes import REASONS_TO_GIVE, Respondent
from workflows.kernel.forms import DayField
from workflows.measuring.models import Administration
from workflows.measuring.services import Given
from workflows.measuring.whom import can_be_about, people_of

#: How "not relevant" stands in the form.
NOT_RELEVANT_VALUE = "na"

#: Which field a refusal of the services belongs beside.
FIELD_OF_REFUSAL = {
    "unknown-respondent": "respondent",
    "person-unknown": "person",
    "instrument-about": "person",
    "measured-in-future": "answered_on",
    "day-impossible": "answered_on",
    "before-birth": "answered_on",
    "child-age": "answered_on",
    "answers-missing": "missing_reason",
    "reason-missing": "reason",
}


def item_name(item: int) -> str:
    return f"item_{item}"


def scale_name(code: str) -> str:
    return f"scale_{code.replace('-', '_')}"


class MeasureForm(forms.Form):
    """Whom, when, who answered, and the answers; what is missing says why."""

    person = forms.ChoiceField(
        label=gettext_lazy("Hvem handler det om?"), widget=forms.RadioSelect(attrs={"class": "tiles"})
    )
    answered_on = DayField(label=gettext_lazy("Hvornår er det besvaret?"))
    respondent = forms.ChoiceField(
        label=gettext_lazy("Hvem har svaret?"), widget=forms.RadioSelect(attrs={"class": "tiles"})
    )
    missing_reason = forms.ChoiceField(
        label=gettext_lazy("Hvis noget ikke er besvaret: hvorfor?"),
        required=False,
        choices=[("", gettext_lazy("Alt er besvaret")), *REASONS_TO_GIVE],
        help_text=gettext_lazy("Gælder alt, der står tomt ovenfor. At sige nej tak er også et svar."),
    )
    interpreter = forms.BooleanField(label=gettext_lazy("Besvaret med tolk"), required=False)
    language = forms.CharField(
        label=gettext_lazy("Sprog, hvis det ikke var dansk"), required=False, max_length=40
    )

    def __init__(
        self,
        data: Any = None,
        *,
        definition: Definition,
        family: Family,
        corrects: Administration | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.definition = definition
        self.people = {str(one.uuid): one for one in can_be_about(definition, people_of(family))}
        self._choose()
        self._ask()
        if corrects is not None:
            self.fields["reason"] = forms.CharField(label=_("Hvorfor retter du?"), max_length=500)
            self._begin_from(corrects)

    def _choose(self) -> None:
        person, respondent = self.fields["person"], self.fields["respondent"]
        assert isinstance(person, forms.ChoiceField) and isinstance(respondent, forms.ChoiceField)
        person.choices = [(key, str(one)) for key, one in self.people.items()]
        known = dict(Respondent.choices)
        respondent.choices = [(name, known[name]) for name in self.definition.respondents]
        self.initial.setdefault("answered_on", clock.today())
        if len(self.people) == 1:
            self.initial.setdefault("person", next(iter(self.people)))
        if len(self.definition.respondents) == 1:
            self.initial.setdefault("respondent", self.definition.respondents[0])

    def _ask(self) -> None:
        asked: dict[str, forms.Field] = {}
        items = self.definition.items
        if items is not None:
            texts = catalogue.texts_of(self.definition, get_language() or "da")
            for item in items.numbers:
                asked[item_name(item)] = _item_field(self.definition, items, item, texts)
        for scale in self.definition.scales:
            if scale.method is Method.GIVEN:
                asked[scale_name(scale.code)] = _scale_field(scale)
        self.fields.update(asked)
        self.order_fields(
            ["person", "answered_on", "respondent", *asked, "missing_reason", "interpreter", "language"]
        )

    def _begin_from(self, old: Administration) -> None:
        self.initial.update(
            person=str(old.person.uuid),
            answered_on=old.answered_on,
            respondent=old.respondent,
            interpreter=old.interpreter,
            language=old.language,
            missing_reason=old.missing_reason,
        )
        for answer in old.answers.all():
            value = NOT_RELEVANT_VALUE if answer.not_relevant else answer.value
            self.initial[item_name(answer.item)] = "" if value is None else str(value)
            self.initial["missing_reason"] = self.initial["missing_reason"] or answer.missing_reason
        for score in old.scores.all():
            self.initial[scale_name(score.scale)] = score.value

    def chosen_person(self) -> Person:
        """Whom a valid form is about."""
        return self.people[self.cleaned_data["person"]]

    def given(self) -> Given:
        """What a valid form says."""
        answers: dict[int, int | NotRelevant] = {}
        for item in self.definition.items.numbers if self.definition.items else ():
            value = self.cleaned_data[item_name(item)]
            if value:
                answers[item] = NOT_RELEVANT if value == NOT_RELEVANT_VALUE else int(value)
        totals: dict[str, Decimal] = {
            scale.code: value
            for scale in self.definition.scales
            if scale.method is Method.GIVEN
            and (value := self.cleaned_data[scale_name(scale.code)]) is not None
        }
        return Given(answers=answers, totals=totals, missing_reason=self.cleaned_data["missing_reason"])

    def refuse(self, refused: Refused) -> None:
        """Put a refusal of the services beside the field it is about."""
        field = FIELD_OF_REFUSAL.get(refused.type)
        self.add_error(field if field in self.fields else None, str(refused.message))


def _item_field(definition: Definition, items: Items, item: int, texts: Texts | None) -> forms.Field:
    low, high = items.ends_of(item)
    choices: list[tuple[str, str | Promise]] = [
        (str(value), _option(definition, item, value, texts)) for value in range(low, high + 1)
    ]
    if item in items.not_relevant:
        choices.append((NOT_RELEVANT_VALUE, _("Ikke relevant")))
    wordy = items.places or (texts is not None and bool(texts.options))
    label = f"{item}. {texts.item(item)}" if texts else _("Spørgsmål %(number)d") % {"number": item}
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        # Words stand one below the other, as on the form; numbers side by side.
        widget=forms.RadioSelect(attrs={} if wordy else {"class": "scale"}),
    )


def _option(definition: Definition, item: int, value: int, texts: Texts | None) -> str:
    """What an option says; a place on the form says what it counts too, so that the two are not mixed up."""
    items = definition.items
    assert items is not None
    place = value - items.ends_of(item)[0]
    said = texts.option(item, place) if texts else ""
    if not items.places:
        return said or str(value)
    named = said or _("%(place)d. svar fra oven") % {"place": place + 1}
    return _("%(answer)s (%(points)d point)") % {
        "answer": named,
        "points": points(definition, item, value),
    }


def _scale_field(scale: Scale) -> forms.Field:
    ends = {"low": f"{scale.lowest:f}", "high": f"{scale.highest:f}"}
    return forms.DecimalField(
        label=str(scale.title),
        required=False,
        max_digits=7,
        decimal_places=2,
        localize=True,
        help_text=_("Fra %(low)s til %(high)s.") % ends + (" " + _("Må stå tom.") if scale.optional else ""),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
