"""What each move asks: the page's form, the API's schema, and the check of both."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.access.models import Site
from placement.families import codes
from placement.families.models import Person
from placement.templatetags.words import danish_date, element_title
from workflows.journey.moves.base import MoveForm
from workflows.journey.moves.correcting import can_be_corrected, instead
from workflows.journey.moves.handing_over import colleagues, may_be_moved
from workflows.kernel.forms import DayField, YesNo
from workflows.kernel.models import Task

_TEXT = forms.Textarea(attrs={"rows": 3})


def _task_choice(task: Task) -> tuple[str, str]:
    element = element_title(task.element)
    due = f", {danish_date(task.due)}" if task.due and task.finished is None else ""
    return str(task.uuid), f"{task.title} ({element}{due})"


class HandOverForm(MoveForm):
    """Which task goes to whom."""

    task = forms.ChoiceField(label=_("Hvilken opgave?"))
    to = forms.ChoiceField(label=_("Til hvem?"))
    note = forms.CharField(label=_("Besked til kollegaen"), widget=_TEXT, required=False)

    def prepare(self) -> None:
        before = self.before
        self.offer("task", [_task_choice(t) for t in may_be_moved(before.actor, before.family)])
        self.offer(
            "to", [(str(staff.uuid), f"{staff} ({roles})") for staff, roles in colleagues(before.family)]
        )


class TakeBackForm(MoveForm):
    """Which task is nobody's by name again."""

    task = forms.ChoiceField(label=_("Hvilken opgave?"))

    def prepare(self) -> None:
        held = [t for t in may_be_moved(self.before.actor, self.before.family) if t.owner_id is not None]
        self.offer("task", [(_task_choice(t)[0], f"{_task_choice(t)[1]}: {t.owner}") for t in held])


class PauseForm(MoveForm):
    """Since when and why the family is away."""

    paused_on = DayField(label=_("Væk fra"))
    reason = forms.ChoiceField(
        label=_("Hvorfor?"), choices=codes.PauseReason.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("Hvad er der sket?"), widget=_TEXT, required=False)


class ResumeForm(MoveForm):
    """Since when the family is back."""

    resumed_on = DayField(label=_("Tilbage fra"))


class CorrectForm(MoveForm):
    """Which step was wrong, and what was wrong with it."""

    task = forms.ChoiceField(label=_("Hvilket trin?"))
    reason = forms.CharField(label=_("Hvad var forkert?"), widget=_TEXT)

    def prepare(self) -> None:
        before = self.before
        found = can_be_corrected(before.actor, before.family, before.now)
        self.offer("task", [_task_choice(task) for task in found])
        words = instead(before.family)
        if words:
            field = self.fields["task"]
            field.help_text = words
            field.error_messages["invalid_choice"] = words


class WithdrawForm(MoveForm):
    """Why the journey ends here, by whose wish, and how it leaves everybody."""

    ended_on = DayField(label=_("Sidste dag"))
    reason = forms.ChoiceField(
        label=_("Hvorfor?"),
        choices=[choice for choice in codes.EndReason.choices if choice[0] != codes.EndReason.PREGNANCY_LOST],
        widget=forms.RadioSelect,
        help_text=_("Ingen af dem er et nederlag. Begge udfald, sammen og anbragt, er resultater."),
    )
    initiator = forms.ChoiceField(
        label=_("Hvis ønske var det?"), choices=codes.Initiator.choices, widget=forms.RadioSelect
    )
    planned = YesNo(label=_("Var det planlagt?"))
    text = forms.CharField(label=_("Hvad er der sket?"), widget=_TEXT)
    child_lives = forms.CharField(label=_("Hvor bor barnet nu?"), max_length=120, required=False)
    support_after = forms.CharField(
        label=_("Hvilken støtte får familien bagefter?"), widget=_TEXT, required=False
    )
    family_view = forms.CharField(label=_("Familiens egen vurdering"), widget=_TEXT, required=False)


class ReopenForm(MoveForm):
    """Why the family is here again."""

    reason = forms.CharField(label=_("Hvorfor åbnes forløbet igen?"), widget=_TEXT)


class PathForm(MoveForm):
    """Who of the family lives elsewhere from when, or is back."""

    person = forms.ChoiceField(label=_("Hvem?"))
    where = forms.ChoiceField(
        label=_("Hvor bor personen nu?"), choices=codes.Whereabouts.choices, widget=forms.RadioSelect
    )
    begins_on = DayField(label=_("Fra"))
    legal_basis = forms.CharField(
        label=_("Hjemmel"), max_length=60, required=False, help_text=_("Hvis der er truffet en afgørelse.")
    )
    text = forms.CharField(label=_("Hvorfor?"), widget=_TEXT, required=False)

    def prepare(self) -> None:
        people = Person.objects.filter(family=self.before.family, birth_state=codes.BirthState.BORN)
        self.offer("person", [(str(p.uuid), f"{p} ({p.get_kind_display()})") for p in people])


class ChangeSiteForm(MoveForm):
    """Where the family lives from when, and why it changes."""

    site = forms.ChoiceField(label=_("Anbringelsessted"))
    room = forms.CharField(label=_("Værelse eller lejlighed"), max_length=20, required=False)
    moved_on = DayField(label=_("Fra"))
    reason = forms.CharField(label=_("Hvorfor?"), widget=_TEXT)

    def prepare(self) -> None:
        self.offer("site", [(str(s.uuid), s.name) for s in Site.objects.order_by("name")])


class _AwaitedForm(MoveForm):
    child = forms.ChoiceField(label=_("Hvilket barn?"))

    def prepare(self) -> None:
        awaited = Person.objects.filter(family=self.before.family, birth_state=codes.BirthState.EXPECTED)
        self.offer("child", [(str(p.uuid), str(p)) for p in awaited])


class BirthMoveForm(_AwaitedForm):
    """An awaited child is born."""

    born_on = DayField(label=_("Fødselsdato"))
    name = forms.CharField(label=_("Navn"), max_length=120, required=False)
    cpr = forms.CharField(label=_("CPR-nummer"), max_length=11, required=False)


class LossForm(_AwaitedForm):
    """The pregnancy was lost; ``goes_on`` is asked where there are other children."""

    goes_on = YesNo(label=_("Fortsætter forløbet for de andre børn?"), required=False)


class AddChildForm(MoveForm):
    """A child nobody knew of: a twin found at a scan (with a due date) or at the birth (with a birthday)."""

    name = forms.CharField(label=_("Navn"), max_length=120, required=False)
    born_on = DayField(label=_("Fødselsdato"), required=False)
    due_on = DayField(label=_("Termin"), required=False, future=True)
    cpr = forms.CharField(label=_("CPR-nummer"), max_length=11, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(name) for name in ("born_on", "due_on", "cpr")):
            self.add_error("born_on", _("Skriv fødselsdato, eller termin hvis barnet ikke er født."))
        return cleaned
