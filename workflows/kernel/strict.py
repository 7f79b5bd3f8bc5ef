"""JSON is taken at its word: a field that nobody knows, or text that is no text, is an error and not a guess."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def misfits(
    fields: Mapping[str, forms.Field], data: Mapping[str, Any]
) -> Iterator[tuple[str | None, Promise | str]]:
    """(field, or None for one that does not exist; what is wrong) of JSON that the form's schema does not allow.

    The fields of the engine turn anything into text and skip what they do not know. From a page that is right;
    from a program it would lose or disfigure what somebody wrote.
    """
    for name in data:
        if name not in fields:
            yield (
                None,
                _("Feltet «%(name)s» findes ikke her. Ret navnet, eller lad det være ude.") % {"name": name},
            )
    for name, field in fields.items():
        value = data.get(name)
        if value is None:
            continue
        if isinstance(field, forms.CharField) and not isinstance(value, str):
            yield name, _("Skriv en tekst.")
        elif type(field) is forms.BooleanField and not isinstance(value, bool):
            yield name, _("Svar true eller false.")


class StrictForm(forms.Form):
    """A form that reads what a page sends as ever, and JSON strictly."""

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not isinstance(self.data, MultiValueDict):
            for name, message in misfits(self.fields, self.data):
                self.add_error(name, str(message))
