"""The forms of the model's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from workflows.kernel.forms import YesNo
from workflows.model_pages.words import NAMES, Words
from workflows.model_versions.content import Model
from workflows.model_versions.limits import Ends
from workflows.model_versions.models import ModelVersion, TextKind
from workflows.model_versions.organisation import Heading

_PARTS = ("cadence_days", "due_working_days", "clocks")


class AdaptationForm(forms.Form):
    """One field for each thing that the national version lets a municipality change; empty is the national one."""

    reason = forms.CharField(label=_("Hvad ændrer I, og hvorfor?"), widget=forms.Textarea)

    def __init__(
        self, *args: Any, version: ModelVersion, overrides: Mapping[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        model, words = version.model, Words(version.content)
        self.version = version.code
        national = {
            "cadence_days": model.cadence_days,
            "due_working_days": model.due_working_days,
            "clocks": {rule.code: rule.length for rule in model.clocks},
        }
        limits = model.limits
        for part in _PARTS:
            for name, ends in getattr(limits, part).items():
                self.fields[f"{part}:{name}"] = _number(
                    f"{words.section(part)}: {words.label(f'{part}.{name}')}",
                    ends,
                    national[part][name],
                    overrides.get(part, {}).get(name),
                )
        free = [name for name in model.professions if name not in model.required_professions]
        if limits.may_require_professions and free:
            self.fields["require"] = forms.MultipleChoiceField(
                label=_("Faggrupper, der også er påkrævede hos jer"),
                choices=[(name, name) for name in free],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=overrides.get("team", {}).get("require", []),
            )
        months = [m for m in range(1, limits.contact_months_up_to + 1) if m not in model.contact_months]
        if months:
            self.fields["add_months"] = forms.TypedMultipleChoiceField(
                label=_("Flere kontakter: måneder efter afslutningen"),
                choices=[(month, str(month)) for month in months],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "scale"}),
                initial=overrides.get("contacts", {}).get("add_months", []),
            )
        self._conditions(model, version.content, overrides)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def _conditions(self, model: Model, content: Mapping[str, Any], overrides: Mapping[str, Any]) -> None:
        for step in content["exit_steps"]:
            known = {condition["code"] for condition in step["conditions"]}
            free = [code for code in model.limits.exit_conditions if code not in known]
            if free:
                self.fields[f"exit_steps:{step['code']}"] = forms.MultipleChoiceField(
                    label=_t("%(code)s %(title)s: flere betingelser")
                    % {"code": step["code"], "title": step["title"]},
                    choices=[(code, NAMES.get(code, code)) for code in free],
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    initial=overrides.get("exit_steps", {}).get(step["code"], []),
                )

    def overrides(self) -> dict[str, Any]:
        """What was filled in, in the shape of `limits.adapted`."""
        found: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if value in (None, "", []) or name == "reason":
                continue
            if name == "require":
                found["team"] = {"require": value}
            elif name == "add_months":
                found["contacts"] = {"add_months": value}
            else:
                part, key = name.split(":", 1)
                found.setdefault(part, {})[key] = value
        return found


def _number(label: str, ends: Ends, national: int, chosen: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=ends.least,
        max_value=ends.most,
        required=False,
        initial=chosen,
        help_text=_t("Nationalt: %(national)d. I kan vælge fra %(least)d til %(most)d.")
        % {"national": national, "least": ends.least, "most": ends.most},
    )


class DecideAdaptation(forms.Form):
    """Yes or no to a draft."""

    draft = forms.UUIDField(widget=forms.HiddenInput)
    approved = YesNo(label=_("Kan tilpasningen godkendes?"))
    reason = forms.CharField(
        label=_("Begrundelse"), widget=forms.Textarea, required=False, help_text=_("Skal skrives ved et nej.")
    )


class TextForm(forms.Form):
    """A municipality's words under a heading; without a heading, under one of its own."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    edition = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)
    kind = forms.ChoiceField(label=_("Art"), choices=TextKind.choices)
    title = forms.CharField(label=_("Overskrift"), max_length=160)
    text = forms.CharField(label=_("Tekst"), widget=forms.Textarea)

    def __init__(self, *args: Any, heading: Heading | None = None, **kwargs: Any) -> None:
        if heading is not None:
            kwargs["initial"] = {"key": heading.key, "edition": heading.version, "text": heading.text}
        super().__init__(*args, **kwargs)
        if heading is not None:
            del self.fields["kind"], self.fields["title"]


class AssessmentForm(forms.Form):
    """A level and a remark for each prerequisite."""

    site = forms.ChoiceField(label=_("Sted"))

    def __init__(
        self, *args: Any, sites: list[Any], asked: list[Heading], levels: tuple[str, ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        field = self.fields["site"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(site.uuid), site.name) for site in sites]
        for heading in asked:
            self.fields[f"level:{heading.key}"] = forms.TypedChoiceField(
                label=heading.title,
                choices=list(enumerate(levels, start=1)),
                coerce=int,
                widget=forms.RadioSelect,
            )
            self.fields[f"remark:{heading.key}"] = forms.CharField(
                label=_t("%(title)s: bemærkning") % {"title": heading.title},
                widget=forms.Textarea,
                required=False,
            )

    def answers(self) -> dict[str, dict[str, Any]]:
        """What `assess_site` takes."""
        return {
            heading.key: {
                "level": self.cleaned_data[f"level:{heading.key}"],
                "remark": self.cleaned_data[f"remark:{heading.key}"],
            }
            for heading in self.asked
        }


class MoveForm(forms.Form):
    """Confirming that a family is moved."""

    version = forms.CharField(widget=forms.HiddenInput)
    facts_version = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Hvorfor flyttes familien?"), widget=forms.Textarea)
