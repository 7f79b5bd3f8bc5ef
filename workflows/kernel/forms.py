"""Forms of human steps: one declaration is the page's form, the API's JSON Schema and the check of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.days import IMPOSSIBLE
from placement.access.errors import Refused
from placement.access.problems import InvalidFields
from workflows.kernel.steps import Situation
from workflows.kernel.strict import StrictForm, misfits


class InvalidStep(InvalidFields):
    """A step's form with errors; keeps the form, so that a page shows what was typed."""

    def __init__(self, form: StepForm) -> None:
        super().__init__(
            {name or "__all__": [str(e) for e in errors] for name, errors in form.errors.items()}
        )
        self.form = form


class StepForm(StrictForm):
    """Base of every human step's form. ``situation`` says who stands before which task."""

    error_css_class = "fds-error"
    use_required_attribute = True

    def __init__(self, data: Mapping[str, Any] | None = None, *, situation: Situation, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.situation = situation
        self.prepare()
        for name, field in self.fields.items():
            if isinstance(field, DayField) and field.required and not field.future:
                # Most often it is today; another day is typed over it.
                self.initial.setdefault(name, situation.today)
            if isinstance(field, MomentField) and field.required:
                self.initial.setdefault(name, situation.now)

    def prepare(self) -> None:
        """Fields that depend on the situation (choices, one field per goal) are added here."""


def at_the_field(check: Callable[[], None]) -> None:
    """Run a service's check from a form, so that its refusal stands at the field. Raises ValidationError."""
    try:
        check()
    except Refused as refused:
        raise ValidationError(str(refused.message), code=refused.type) from None


class DayField(forms.DateField):
    """A day written as dd.mm.yyyy (or ISO in the API) in a year that can be meant; not after today unless
    ``future`` is allowed.
    """

    # Not type=date: a browser shows that in its own language. Not inputmode=numeric: some phones then have no full stop.
    widget = forms.DateInput(format="%d.%m.%Y", attrs={"autocomplete": "off"})

    def __init__(self, *, future: bool = False, **kwargs: Any) -> None:
        super().__init__(input_formats=["%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%d%m%Y", "%Y-%m-%d"], **kwargs)
        self.future = future

    def to_python(self, value: Any) -> date | None:
        if value not in self.empty_values and not isinstance(value, str | date):
            # JSON knows numbers and lists too; the engine's field expects text.
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not self.future and day > clock.today():
            raise ValidationError(_("Datoen ligger i fremtiden. Ret den."), code="future")
        if day is not None and not clock.is_possible(day, today=clock.today()):
            raise ValidationError(IMPOSSIBLE, code="year")
        return day


class MomentField(forms.Field):
    """A day and a time written as dd.mm.yyyy tt.mm (or ISO 8601 in the API), to the minute; not after now."""

    widget = forms.DateTimeInput(
        format="%d.%m.%Y %H.%M", attrs={"autocomplete": "off", "placeholder": _("dd.mm.åååå tt.mm")}
    )
    _unreadable = _("Skriv dag og klokkeslæt, for eksempel 24.12.2026 14.30.")

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        moment = value if isinstance(value, datetime) else self._read(value)
        if moment.tzinfo is None:
            # The hour that comes twice in autumn is read as the earlier one: no deadline begins too late.
            moment = moment.replace(tzinfo=clock.DENMARK)
        return moment.replace(second=0, microsecond=0)

    def _read(self, value: Any) -> datetime:
        text = value.strip() if isinstance(value, str) else ""
        for written in ("%d.%m.%Y %H.%M", "%d.%m.%Y %H:%M"):
            try:
                return datetime.strptime(text, written)
            except ValueError:
                continue
        try:
            # A day alone is no moment.
            if len(text) > len("2026-12-24"):
                return datetime.fromisoformat(text)
        except ValueError:
            pass
        raise ValidationError(self._unreadable, code="invalid")

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(clock.DENMARK) if isinstance(value, datetime) else value

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment is not None and moment > clock.now():
            raise ValidationError(_("Tidspunktet ligger i fremtiden. Ret det."), code="future")
        return moment


class YesNo(forms.TypedChoiceField):
    """A question answered by yes or no; nothing is chosen beforehand."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("true", _("Ja")), ("false", _("Nej"))],
            coerce=lambda value: value == "true",
            widget=forms.RadioSelect(attrs={"class": "tiles"}),
            empty_value=None,
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        if isinstance(value, bool):
            value = "true" if value else "false"
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value


class RowsWidget(forms.Widget):
    """Small forms, one a row, some of them empty; the API gives a list of objects instead."""

    template_name = "fds/rows.html"
    use_fieldset = True

    #: More rows than this are not read from a page.
    most = 40

    def __init__(self, row: type[forms.Form], rows: int, legend: Any = "") -> None:
        super().__init__()
        self.row = row
        self.rows = rows
        self.legend = legend

    def id_for_label(self, id_: str, index: str = "0") -> str:
        return ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        given = data.get(name)
        if given is not None:
            return given
        return [row for index in range(self.most) if any((row := self._typed(data, name, index)).values())]

    def _typed(self, data: Any, name: str, index: int) -> dict[str, Any]:
        prefix = f"{name}-{index}"
        return {
            field: bound.widget.value_from_datadict(data, {}, f"{prefix}-{field}")
            for field, bound in self.row.base_fields.items()
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        given = value if isinstance(value, list) else []
        context["widget"]["rows"] = [
            self.row(prefix=f"{name}-{index}", initial=given[index] if index < len(given) else None)
            for index in range(max(self.rows, len(given)))
        ]
        context["widget"] |= {
            "legend": self.legend,
            "empty_row": self.row(prefix=f"{name}-__prefix__"),
            "max_rows": self.most,
        }
        return context


class RowsField(forms.Field):
    """A list of small forms (goals, agreements, people invited); cleaned to a list of their cleaned data."""

    def __init__(
        self, row: type[forms.Form], *, rows: int = 4, at_least: int = 0, legend: Any = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("required", at_least > 0)
        super().__init__(widget=RowsWidget(row, rows, legend), **kwargs)
        self.widget: RowsWidget
        self.row = row
        self.at_least = at_least

    def use(self, row: type[forms.Form]) -> None:
        """Take another small form from now on, for a page that knows whose it is."""
        self.row = self.widget.row = row

    def clean(self, value: Any) -> list[dict[str, Any]]:
        given = value or []
        if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
            raise ValidationError(_("Send en liste af objekter."), code="rows")
        if len(given) < self.at_least:
            raise ValidationError(
                _("Udfyld mindst %(count)d."), code="too-few", params={"count": self.at_least}
            )
        cleaned, errors = [], []
        for index, row in enumerate(given, start=1):
            form = self.row(dict(row))
            for name, message in misfits(form.fields, row):
                form.add_error(name, str(message))
            if form.is_valid():
                cleaned.append(form.cleaned_data)
            else:
                errors += [
                    self._in_row(index, form.fields.get(field), str(message))
                    for field, messages in form.errors.items()
                    for message in messages
                ]
        if errors:
            raise ValidationError(errors)
        return cleaned

    def _in_row(self, index: int, field: forms.Field | None, message: str) -> ValidationError:
        if field is None:
            return ValidationError(_("Række %(row)d: %(error)s"), params={"row": index, "error": message})
        return ValidationError(
            _("Række %(row)d, %(field)s: %(error)s"),
            params={"row": index, "field": field.label, "error": message},
        )
