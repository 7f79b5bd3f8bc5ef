"""What appointing a team and holding its meeting take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.meetings.models import MeetingOutcome
from workflows.kernel.checks import next_is_later, parents_accounted_for
from workflows.kernel.forms import DayField, RowsField, StepForm, YesNo, at_the_field
from workflows.team.selectors import Candidate, candidates, team_members
from workflows.team.services import check_present, who_can_have_been_there

#: Empty rows on the page besides those that are filled in beforehand.
SPARE_ROWS = 2


def member_row(people: list[Candidate], professions: tuple[str, ...]) -> type[forms.Form]:
    """One member of the team: a person, and the profession they are there as."""

    class MemberRow(forms.Form):
        person = forms.ChoiceField(
            label=_("Person"),
            choices=[
                ("", _("Vælg")),
                *(
                    (str(c.staff.uuid), f"{c.staff} ({c.profession})" if c.profession else str(c.staff))
                    for c in people
                ),
            ],
            required=False,
        )
        profession = forms.ChoiceField(
            label=_("Faggruppe"),
            choices=[("", _("Personens egen")), *((p, p.capitalize()) for p in professions)],
            required=False,
        )

    return MemberRow


class AppointTeam(StepForm):
    """Who is on the team, and as what. A row without a person is nobody."""

    def prepare(self) -> None:
        model = self.situation.model
        self.people = {str(c.staff.uuid): c for c in candidates(self.situation.family, self.situation.today)}
        rows = self._rows_beforehand()
        self.fields["members"] = RowsField(
            member_row(list(self.people.values()), model.professions),
            rows=len(rows) + SPARE_ROWS,
            at_least=1,
            legend=_("Medlem"),
            label=_("Teamet"),
            help_text=_("Modellen kræver: %(professions)s.")
            % {"professions": ", ".join(model.required_professions)},
        )
        self.initial.setdefault("members", rows)

    def _rows_beforehand(self) -> list[dict[str, str]]:
        """Those on the team now, then one row for each required profession that nobody has."""
        team = [
            grant
            for grant in team_members(self.situation.family, self.situation.today)
            if grant.stands_in_for_id is None
        ]
        rows = [{"person": str(grant.user.uuid), "profession": grant.profession} for grant in team]
        held = {grant.profession for grant in team}
        required = self.situation.model.required_professions
        return rows + [{"person": "", "profession": p} for p in required if p not in held]

    def clean_members(self) -> list[dict[str, str]]:
        named = [row for row in self.cleaned_data["members"] if row["person"]]
        if not named:
            raise forms.ValidationError(_("Vælg mindst én person."), code="too-few")
        chosen = [row["person"] for row in named]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("En person er valgt to gange. Fjern den ene."), code="twice")
        for row in named:
            candidate = self.people[row["person"]]
            row["profession"] = row["profession"] or candidate.profession
            if not row["profession"]:
                raise forms.ValidationError(
                    _("Vælg faggruppe for %(name)s."),
                    code="no-profession",
                    params={"name": str(candidate.staff)},
                )
        return named


def decision_row(people: list[tuple[str, str]]) -> type[forms.Form]:
    """One thing the meeting decided; done by a colleague by a day, it becomes their task."""

    class DecisionRow(forms.Form):
        text = forms.CharField(label=_("Beslutning"), max_length=2000)
        person = forms.ChoiceField(
            label=_("Opgave for"), choices=[("", _("Ingen fra teamet")), *people], required=False
        )
        responsible = forms.CharField(label=_("Eller en anden: hvem?"), max_length=120, required=False)
        due_on = DayField(label=_("Inden"), future=True, required=False)

        def clean(self) -> dict[str, Any]:
            cleaned = super().clean() or self.cleaned_data
            if cleaned.get("person") and "due_on" in cleaned and cleaned["due_on"] is None:
                self.add_error("due_on", _("Skriv, hvornår det skal være gjort."))
            return cleaned

    return DecisionRow


class HoldTeamMeeting(StepForm):
    """Who was there, what was decided, and where the work goes on."""

    held_on = DayField(label=_("Hvornår blev mødet holdt?"))
    present = forms.MultipleChoiceField(
        label=_("Hvem fra teamet deltog?"), widget=forms.CheckboxSelectMultiple
    )
    parents_present = YesNo(label=_("Deltog forældrene?"))
    parents_absent_reason = forms.CharField(
        label=_("Hvorfor ikke?"),
        max_length=500,
        required=False,
        help_text=_("Skal dog skrives, når de ikke deltog."),
    )
    minutes = forms.CharField(
        label=_("Referat"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20000,
        required=False,
        help_text=_("Skriv, så forældrene kan læse det: referatet gives til sagens parter."),
    )
    decisions = RowsField(
        decision_row([]), rows=3, legend=_("Beslutning"), label=_("Hvad blev besluttet?"), required=False
    )
    next_on = DayField(label=_("Næste møde"), future=True, required=False)
    outcome = forms.ChoiceField(
        label=_("Hvad fører mødet til?"),
        choices=[(o.value, o.label) for o in (MeetingOutcome.NEXT_MEETING, MeetingOutcome.CHANGE_TEAM)],
        widget=forms.RadioSelect,
    )

    def prepare(self) -> None:
        family, today = self.situation.family, self.situation.today
        field = self.fields["present"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (str(seat.staff.uuid), str(seat)) for seat in who_can_have_been_there(self.situation)
        ]
        team = [(str(grant.user.uuid), str(grant.user)) for grant in team_members(family, today)]
        self.fields["decisions"] = RowsField(
            decision_row(team),
            rows=3,
            legend=_("Beslutning"),
            label=_("Hvad blev besluttet?"),
            required=False,
            help_text=_(
                "Vælger du en fra teamet og en dato, bliver beslutningen til en opgave for den person."
            ),
        )
        if not self.situation.model.meeting_type("team").parents_invited:
            del self.fields["parents_present"], self.fields["parents_absent_reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        parents_accounted_for(self, cleaned)
        if cleaned.get("held_on") and cleaned.get("present"):
            try:
                at_the_field(lambda: check_present(self.situation, cleaned["present"], cleaned["held_on"]))
            except forms.ValidationError as wrong:
                self.add_error("present", wrong)
        next_is_later(self, cleaned)
        held = cleaned.get("held_on")
        if held and any(row["due_on"] and row["due_on"] < held for row in cleaned.get("decisions", ())):
            self.add_error("decisions", _("En beslutning kan ikke have frist før mødet. Ret datoen."))
        return cleaned


class DoActionPoint(StepForm):
    """Whether what the meeting decided was done."""

    done = YesNo(label=_("Er det gjort?"))
    reason = forms.CharField(
        label=_("Hvorfor ikke?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text=_("Skal skrives, når det ikke er gjort."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("done") is False and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Skriv, hvorfor det ikke blev gjort."))
        return cleaned
