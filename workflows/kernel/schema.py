"""A step's form as a JSON Schema: what the API says that completing a task takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from workflows.kernel.forms import DayField, MomentField, RowsField, YesNo


def form_schema(form: forms.BaseForm, *, named: bool = False) -> dict[str, Any]:
    """An object schema with one property per field; required fields are listed.

    ``named``: each choice also with its title, so that a program knows whom it appoints. Not for the description
    of the API itself: OpenAPI 3.0 does not know ``const``.
    """
    properties = {name: field_schema(field, named=named) for name, field in form.fields.items()}
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    # An empty list of required fields is not valid in every dialect of JSON Schema.
    required = [name for name, field in form.fields.items() if field.required]
    return schema | {"required": required} if required else schema


def field_schema(field: forms.Field, *, named: bool = False) -> dict[str, Any]:
    """One field's schema: its type, choices, bounds and label."""
    schema: dict[str, Any] = {"title": str(field.label or "")}
    if field.help_text:
        schema["description"] = str(field.help_text)
    if isinstance(field, RowsField):
        schema |= {
            "type": "array",
            "items": form_schema(field.row(), named=named),
            "minItems": field.at_least,
        }
    elif isinstance(field, YesNo | forms.BooleanField):
        schema["type"] = "boolean"
    elif isinstance(field, DayField | forms.DateField):
        schema |= {"type": "string", "format": "date"}
    elif isinstance(field, MomentField):
        schema |= {"type": "string", "format": "date-time"}
    elif isinstance(field, forms.MultipleChoiceField):
        schema |= {"type": "array", "uniqueItems": True, "items": {"type": "string"} | _choices(field, named)}
    elif isinstance(field, forms.ChoiceField):
        whole = isinstance(field, forms.TypedChoiceField) and field.coerce is int
        schema |= {"type": "integer" if whole else "string"} | _choices(field, named, int if whole else str)
    elif isinstance(field, forms.IntegerField):
        schema |= {"type": "integer"} | _bounds(field)
    elif isinstance(field, forms.DecimalField):
        schema |= {"type": "number"} | _bounds(field)
    else:
        schema["type"] = "string"
        longest = getattr(field, "max_length", None)
        if longest:
            schema["maxLength"] = longest
        if field.required:
            schema["minLength"] = 1
    return schema


def _choices(field: forms.ChoiceField, named: bool, value_as: Callable[[Any], Any] = str) -> dict[str, Any]:
    given: Any = field.choices
    choices = {value_as(value): str(label) for value, label in given if value not in ("", None)}
    schema: dict[str, Any] = {"enum": list(choices)}
    if named and choices:
        schema["oneOf"] = [{"const": value, "title": label} for value, label in choices.items()]
    return schema


def _bounds(field: Any) -> dict[str, Any]:
    bounds = {}
    if field.min_value is not None:
        bounds["minimum"] = field.min_value
    if field.max_value is not None:
        bounds["maximum"] = field.max_value
    return bounds
