"""What appointing a team and holding its meeting take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.meetings.models import MeetingOutcome
from workflows.kernel.checks import next_is_later, parents_accounted_for
from workflows.kernel.forms import DayField, RowsField, StepForm, YesNo
from workflows.team.selectors import Candidate, candidates, team_members

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
        team = team_members(self.situation.family, self.situation.today)
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


class DecisionRow(forms.Form):
    """One thing the meeting decided."""

    text = forms.CharField(label=_("Beslutning"), max_length=2000)
    responsible = forms.CharField(label=_("Hvem gør det?"), max_length=120, required=False)
    due_on = DayField(label=_("Inden"), future=True, required=False)


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
    decisions = RowsField(
        DecisionRow, rows=3, legend=_("Beslutning"), label=_("Hvad blev besluttet?"), required=False
    )
    next_on = DayField(label=_("Næste møde"), future=True, required=False)
    outcome = forms.ChoiceField(
        label=_("Hvad fører mødet til?"),
        choices=[(o.value, o.label) for o in (MeetingOutcome.NEXT_MEETING, MeetingOutcome.CHANGE_TEAM)],
        widget=forms.RadioSelect,
    )

    def prepare(self) -> None:
        field = self.fields["present"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (
                str(grant.user.uuid),
                f"{grant.user} ({grant.profession})" if grant.profession else str(grant.user),
            )
            for grant in team_members(self.situation.family, self.situation.today)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        parents_accounted_for(self, cleaned)
        next_is_later(self, cleaned)
        held = cleaned.get("held_on")
        if held and any(row["due_on"] and row["due_on"] < held for row in cleaned.get("decisions", ())):
            self.add_error("decisions", _("En beslutning kan ikke have frist før mødet. Ret datoen."))
        return cleaned
