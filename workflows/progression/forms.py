"""What setting goals and following them up take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placement.families.codes import PersonKind
from placement.progression.codes import SetbackChoice
from placement.progression.models import WEIGHTS, FollowUpOutcome, Goal
from placement.progression.selectors import goals_with_last_rating, may_take_part
from placement.templatetags.words import danish_date
from workflows.kernel.checks import next_is_later
from workflows.kernel.forms import DayField, RowsField, StepForm, YesNo
from workflows.progression.guards import active_goals

#: What a level is called when nobody has described it for the goal, as some goals from before 0.2.0.
LEVEL_FIELDS = {-2: "level_m2", -1: "level_m1", 0: "level_0", 1: "level_p1", 2: "level_p2"}

RATING = "goal_"


def _line(label: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=500, required=required)


class GoalRow(forms.Form):
    """One goal by goal attainment scaling: five levels in words, and where the family stands on them today."""

    title = forms.CharField(label=_("Mål"), max_length=200)
    purpose_link = _line(_("Hvordan hænger det sammen med formålet?"))
    level_m2 = _line(_("−2: meget mindre end forventet"), required=True)
    level_m1 = _line(_("−1: mindre end forventet"), required=True)
    level_0 = _line(_("0: som forventet"), required=True)
    level_p1 = _line(_("+1: mere end forventet"), required=True)
    level_p2 = _line(_("+2: meget mere end forventet"), required=True)
    baseline = forms.TypedChoiceField(
        label=_("Hvor står I i dag?"),
        choices=[("", _("Vælg")), (-2, "−2"), (-1, "−1"), (0, "0"), (1, "+1"), (2, "+2")],
        coerce=int,
    )
    weight = forms.TypedChoiceField(
        label=_("Vægt"),
        choices=[("", _("Vælg")), *WEIGHTS],
        coerce=int,
        empty_value=1,  # type: ignore[arg-type]
        required=False,
    )


def changed_goal_row(goals: list[Goal]) -> type[forms.Form]:
    """A goal that may take the place of one of ``goals``."""

    class ChangedGoalRow(GoalRow):
        replaces = forms.ChoiceField(
            label=_("Afløser"),
            choices=[("", _("Ingen: det er et nyt mål")), *((str(g.uuid), g.title) for g in goals)],
            required=False,
        )

    return ChangedGoalRow


class SetGoals(StepForm):
    """New goals, and on the way back which of the old ones are closed or replaced."""

    goals = RowsField(GoalRow, rows=2, legend=_("Mål"), label=_("Mål"), required=False)
    together_with = forms.MultipleChoiceField(
        label=_("Hvem har været med til at formulere målene?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Målene formuleres så vidt muligt sammen med barnet og forældrene (barnets lov § 92)."),
    )
    absent_reason = _line(_("Hvis en forælder ikke var med: hvorfor?"))

    def prepare(self) -> None:
        self.people = may_take_part(self.situation.family)
        self.fields["together_with"].choices = [  # type: ignore[attr-defined]
            (str(person.uuid), str(person)) for person in self.people
        ]
        standing = active_goals(self.situation)
        if standing:
            self.fields["goals"] = RowsField(
                changed_goal_row(standing),
                rows=2,
                legend=_("Mål"),
                label=_("Nye og ændrede mål"),
                required=False,
            )
            self.fields["closed"] = forms.MultipleChoiceField(
                label=_("Hvilke mål lukkes?"),
                choices=[(str(goal.uuid), goal.title) for goal in standing],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=_(
                    "Dem, I ikke sætter kryds ved, fortsætter. Et mål, der afløses, lukkes af sig selv."
                ),
            )
            self.fields["closed_reason"] = forms.CharField(
                label=_("Hvorfor lukkes eller ændres de?"), max_length=1000, required=False
            )
        purpose = self.situation.facts.purpose
        if purpose:
            self.fields["goals"].help_text = _("Afgørelsens formål: %(purpose)s") % {"purpose": purpose}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        goals = cleaned.get("goals", [])
        cleaned.setdefault("together_with", [])
        parents = {str(p.uuid) for p in self.people if p.kind == PersonKind.PARENT}
        missed = not parents or not parents <= set(cleaned["together_with"])
        if goals and missed and not cleaned.get("absent_reason", "").strip():
            # Asked with every new goal; a round that only closes goals formulates none.
            self.add_error("absent_reason", _("Skriv, hvorfor en forælder ikke var med."))
        replaced = [row["replaces"] for row in goals if row.get("replaces")]
        if len(replaced) != len(set(replaced)):
            self.add_error("goals", _("Et mål kan kun afløses af ét. Lad de andre stå som nye mål."))
        cleaned["closed"] = [goal for goal in cleaned.get("closed", []) if goal not in replaced]
        cleaned.setdefault("closed_reason", "")
        if (replaced or cleaned["closed"]) and not cleaned["closed_reason"].strip():
            self.add_error("closed_reason", _("Skriv, hvorfor målet lukkes eller ændres."))
        return cleaned


class FollowUpGoals(StepForm):
    """Every active goal rated, the four questions of barnets lov § 95, and the next date with its reason."""

    held_on = DayField(label=_("Dato"))
    adjust = YesNo(label=_("Skal indsatsen justeres?"))
    adjust_text = _line(_("Hvordan?"))
    investigate = YesNo(label=_("Er der brug for mere udredning?"))
    investigate_text = _line(_("Af hvad?"))
    plan = YesNo(label=_("Skal der laves eller ændres en plan?"))
    plan_text = _line(_("Hvad skal ændres?"))
    other_text = _line(_("Er der andre forhold?"))
    next_on = DayField(label=_("Næste opfølgning"), future=True)
    next_reason = _line(_("Hvorfor da?"), required=True)
    outcome = forms.ChoiceField(
        label=_("Hvad betyder det for målene?"), choices=FollowUpOutcome.choices, widget=forms.RadioSelect
    )

    def prepare(self) -> None:
        rated = goals_with_last_rating(self.situation.family)
        for goal, last in rated:
            self.fields[f"{RATING}{goal.uuid}"] = forms.TypedChoiceField(
                label=goal.title,
                choices=[(score, _level(score, text)) for score, text in goal.levels],
                coerce=int,
                widget=forms.RadioSelect,
                help_text=_("Sidst: %(score)s") % {"score": _signed(last.score)} if last else "",
            )
        days = self.situation.model.cadence_days["goal_follow_up"]
        self.fields["next_on"].help_text = _(
            "Modellens rytme er %(days)d dage: senest %(day)s, hvis I følger op i dag."
        ) % {"days": days, "day": danish_date(self.situation.today + timedelta(days=days))}
        self.order_fields(["held_on", *(f"{RATING}{goal.uuid}" for goal, _last in rated)])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        next_is_later(self, cleaned)
        for question in ("adjust", "investigate", "plan"):
            if cleaned.get(question) and not cleaned.get(f"{question}_text", "").strip():
                self.add_error(f"{question}_text", _("Skriv, hvad der skal ske, når svaret er ja."))
        return cleaned


class AnswerSetback(StepForm):
    """What the team does about a negative trend: another plan, or a written reason why it stands."""

    choice = forms.ChoiceField(
        label=_("Hvad gør vi?"), choices=SetbackChoice.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Hvad ændres, eller hvorfor står planen?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )


def _signed(score: int) -> str:
    return {-2: "−2", -1: "−1", 0: "0", 1: "+1", 2: "+2"}[score]


def _level(score: int, text: str) -> str:
    described = text or str(Goal._meta.get_field(LEVEL_FIELDS[score]).verbose_name)  # type: ignore[union-attr]
    return f"{_signed(score)}: {described}"
