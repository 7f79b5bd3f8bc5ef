"""Forms of the pages about the team and its people: substitutes, minutes, deputies, training."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.models import Staff, StaffMembership
from placement.access.roles import ROLE_TITLES, Role
from placement.families.models import Family, FamilyGrant
from placement.meetings.minutes import parties
from placement.meetings.models import MinutesGiven
from placement.staffing.models import CASE_ROLES
from placement.staffing.querysets import led_by, municipality_of
from workflows.kernel.forms import DayField
from workflows.model_versions.team_rules import StaffRules
from workflows.team.selectors import candidates

Choices = list[tuple[str, Any]]
CHOOSE = ("", _("Vælg"))


def _choices(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [CHOOSE, *choices]


class SubstituteForm(forms.Form):
    """Who takes whose place in the team, and from when to when."""

    member = forms.ChoiceField(label=_("Hvem er væk?"))
    staff = forms.ChoiceField(label=_("Hvem er vikar?"))
    starts = DayField(label=_("Fra"), future=True)
    ends = DayField(label=_("Til og med"), future=True)

    def __init__(self, *args: Any, family: Family, team: list[FamilyGrant], day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = [grant for grant in team if grant.stands_in_for_id is None]
        _choices(self, "member", [(str(g.user.uuid), f"{g.user} ({g.profession})") for g in members])
        _choices(self, "staff", [(str(c.staff.uuid), str(c.staff)) for c in candidates(family, day)])
        self.initial.setdefault("starts", day)


class MinutesGivenForm(forms.Form):
    """To whom of the parties the minutes were given."""

    person = forms.ChoiceField(label=_("Til hvem?"))
    given_on = DayField(label=_("Hvornår?"))
    how = forms.ChoiceField(
        label=_("Hvordan?"),
        choices=MinutesGiven._meta.get_field("how").flatchoices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, family: Family, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "person", [(str(p.uuid), str(p)) for p in parties(family, day)])
        self.initial.setdefault("given_on", day)


class DeputyForm(forms.Form):
    """Who acts for whom, in which role, from when to when, and why."""

    stands_in_for = forms.ChoiceField(label=_("Hvem er væk?"))
    role = forms.ChoiceField(label=_("I hvilken rolle?"))
    deputy = forms.ChoiceField(label=_("Hvem er stedfortræder?"))
    starts = DayField(label=_("Fra"), future=True)
    ends = DayField(label=_("Til og med"), future=True)
    reason = forms.CharField(label=_("Hvorfor?"), max_length=300)

    def __init__(self, *args: Any, actor: Actor, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = StaffMembership.objects.in_force(day).filter(
            municipality_id=municipality_of(actor),
            role__in=[role.value for role in CASE_ROLES],
            staff__is_active=True,
        )
        led = set(led_by(actor).values_list("pk", flat=True))
        people: dict[int, Staff] = {}
        titles: dict[int, list[str]] = {}
        for held in here.select_related("staff").order_by("staff__first_name", "staff__last_name", "id"):
            people[held.staff_id] = held.staff
            title = str(ROLE_TITLES[Role(held.role)])
            if title not in titles.setdefault(held.staff_id, []):
                titles[held.staff_id].append(title)
        named = [(str(s.uuid), f"{s} ({', '.join(titles[pk])})") for pk, s in people.items()]
        mine = [(str(s.uuid), str(s)) for pk, s in people.items() if pk in led]
        _choices(self, "stands_in_for", mine)
        _choices(self, "deputy", named)
        _choices(self, "role", [(role.value, ROLE_TITLES[role]) for role in CASE_ROLES])
        self.initial.setdefault("starts", day)
        self.initial.setdefault("stands_in_for", str(actor.staff.uuid))


class TrainingForm(forms.Form):
    """What somebody has had, when, with whom, and until when it counts."""

    staff = forms.ChoiceField(label=_("Medarbejder"))
    kind = forms.ChoiceField(label=_("Hvad?"))
    held_on = DayField(label=_("Dato"))
    provider = forms.CharField(label=_("Hos hvem?"), max_length=120)
    valid_until = DayField(
        label=_("Gælder til og med"),
        future=True,
        required=False,
        help_text=_("Er feltet tomt, regnes datoen ud fra modellen."),
    )

    def __init__(self, *args: Any, actor: Actor, rules: StaffRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "staff", [(str(s.uuid), str(s)) for s in led_by(actor)])
        _choices(self, "kind", [(kind.code, kind.title) for kind in rules.training_kinds])
        self.initial.setdefault("staff", str(actor.staff.uuid))
