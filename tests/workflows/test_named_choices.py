"""A program reads whom it appoints and what a choice means, and what an address answers."""

from __future__ import annotations

import jsonschema
import pytest
from django import forms

from tests.cast import Cast, api
from workflows.kernel.schema import form_schema


class Appointing(forms.Form):
    staff = forms.ChoiceField(choices=[("", "Vælg"), ("a", "Anna"), ("b", "Bo")])
    team = forms.MultipleChoiceField(choices=[("a", "Anna"), ("b", "Bo")])
    level = forms.TypedChoiceField(choices=[("1", "Lidt"), ("2", "Meget")], coerce=int)


def test_choices_are_named_and_still_choices() -> None:
    schema = form_schema(Appointing(), named=True)
    assert schema["properties"]["staff"]["oneOf"] == [
        {"const": "a", "title": "Anna"},
        {"const": "b", "title": "Bo"},
    ]
    assert schema["properties"]["staff"]["enum"] == ["a", "b"]
    assert schema["properties"]["level"]["oneOf"][1] == {"const": 2, "title": "Meget"}
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    check.validate({"staff": "a", "team": ["a", "b"], "level": 2})
    assert not check.is_valid({"staff": "c", "team": ["a"], "level": 2})
    assert "oneOf" not in str(form_schema(Appointing()))


@pytest.mark.parametrize(
    ("address", "statuses"),
    [
        ("/api/v1/families/", {"201", "400", "401", "403", "404", "409", "422"}),
        ("/api/v1/tasks/{task}/complete/", {"200", "400", "401", "403", "404", "409", "422", "503"}),
        ("/api/v1/releases/", {"201", "400", "401", "403", "409", "422"}),
    ],
)
def test_what_is_done_once_says_so(cast: Cast, address: str, statuses: set[str]) -> None:
    described = (
        api(cast.greve.caseworker).get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    )
    act = described["paths"][address]["post"]
    assert "Idempotency-Key" in {parameter["name"] for parameter in act["parameters"]}
    assert set(act["responses"]) == statuses
    assert "application/problem+json" in act["responses"]["409"]["content"]
