"""Checks across fields that several steps share: a meeting's parents, and the next time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def parents_accounted_for(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """Parents who were not there: the form says why (``parents_present``, ``parents_absent_reason``)."""
    if cleaned.get("parents_present") is False and not cleaned.get("parents_absent_reason", "").strip():
        form.add_error("parents_absent_reason", _("Skriv, hvorfor forældrene ikke deltog."))


def next_is_later(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """The next time (``next_on``) lies after this one (``held_on``)."""
    held, upcoming = cleaned.get("held_on"), cleaned.get("next_on")
    if held and upcoming and upcoming <= held:
        form.add_error("next_on", _("Næste gang skal ligge efter denne. Ret datoen."))
