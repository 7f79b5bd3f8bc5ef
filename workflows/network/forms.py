"""What a network map, a network meeting and its agreements take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from placement.families.codes import TargetGroupTrait
from placement.families.models import Family
from placement.meetings.models import MeetingOutcome
from placement.network.models import Closeness, Direction, Moment, Sector
from placement.network.people import members
from placement.network.selectors import agreements_to_follow_up, last_map
from workflows.kernel.checks import next_is_later, parents_accounted_for
from workflows.kernel.forms import DayField, RowsField, StepForm, YesNo
from workflows.network.guards import KEPT

_CHOOSE = ("", _("Vælg"))
_NEW = _("Ny på kortet")
_SHORT = forms.Textarea(attrs={"rows": 3})


class PersonRow(forms.Form):
    """One person in the network: as little as the map needs."""

    label = forms.CharField(label=_("Fornavn eller relation"), max_length=60)
    sector = forms.ChoiceField(label=_("Område"), choices=[_CHOOSE, *Sector.choices])
    closeness = forms.TypedChoiceField(label=_("Nærhed"), choices=[_CHOOSE, *Closeness.choices], coerce=int)
    direction = forms.ChoiceField(label=_("Støtte"), choices=[_CHOOSE, *Direction.choices])
    strained = forms.BooleanField(label=_("Anspændt forhold"), required=False)


def person_row(family: Family) -> type[PersonRow]:
    """A row in which somebody who was on a map before is chosen, not guessed from what they are called."""
    known = [(str(one.uuid), one.label) for one in members(family)]

    class Row(PersonRow):
        member = forms.ChoiceField(label=_("Samme person som"), choices=[("", _NEW), *known], required=False)

    return Row if known else PersonRow


class MapNetwork(StepForm):
    """Who is in the network today. Drawn again, it starts from the map before."""

    drawn_on = DayField(label=_("Dato"))
    moment = forms.ChoiceField(
        label=_("Hvornår i forløbet?"),
        choices=[(m.value, m.label) for m in (Moment.AGAIN, Moment.EXIT)],
        widget=forms.RadioSelect,
        help_text=_("Kortet ved udslusning sammenlignes med det første."),
    )
    drawn_with_parents = YesNo(label=_("Er kortet tegnet sammen med forældrene?"))
    people = RowsField(PersonRow, rows=6, legend=_("Person"), label=_("Hvem er på kortet?"), required=False)
    remark = forms.CharField(
        label=_("Bemærkning"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
        help_text=_("Er der ingen på kortet, så skriv det her."),
    )

    def prepare(self) -> None:
        before = last_map(self.situation.family)
        field = self.fields["people"]
        assert isinstance(field, RowsField)
        field.use(person_row(self.situation.family))
        if before is None:
            # The first map is the one at the start: nothing to choose.
            del self.fields["moment"]
            return
        self.initial.setdefault(
            "people",
            [
                {
                    "label": person.label,
                    "sector": person.sector,
                    "closeness": person.closeness,
                    "direction": person.direction,
                    "strained": person.strained,
                    "member": str(person.member.uuid) if person.member else "",
                }
                for person in before.people.all()
            ],
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned.setdefault("moment", Moment.START.value)
        if (
            "people" not in self.errors
            and not cleaned.get("people")
            and not cleaned.get("remark", "").strip()
        ):
            self.add_error(
                "people", _("Skriv mindst én person på kortet. Er der ingen, så skriv det i bemærkningen.")
            )
        return cleaned


class InvitedRow(forms.Form):
    """One who was invited, and whether they came. Without an answer they were not invited."""

    label = forms.CharField(label=_("Fornavn eller relation"), max_length=80)
    came = YesNo(label=_("Kom?"), required=False)


class HoldNetworkMeeting(StepForm):
    """Who was invited, who came, and where the work goes on."""

    held_on = DayField(label=_("Hvornår blev mødet holdt?"))
    people = RowsField(
        InvitedRow,
        rows=4,
        legend=_("Inviteret"),
        label=_("Hvem fra netværket var inviteret, og hvem kom?"),
        required=False,
        help_text=_("Svar kun for dem, der var inviteret."),
    )
    parents_present = YesNo(label=_("Deltog forældrene?"))
    parents_absent_reason = forms.CharField(
        label=_("Hvorfor ikke?"),
        max_length=500,
        required=False,
        help_text=_("Skal dog skrives, når de ikke deltog."),
    )
    minutes = forms.CharField(label=_("Referat"), widget=_SHORT, max_length=8000, required=False)
    next_on = DayField(label=_("Næste netværksmøde"), future=True, required=False)
    outcome = forms.ChoiceField(
        label=_("Hvad fører mødet til?"),
        choices=[(o.value, o.label) for o in (MeetingOutcome.NEXT_MEETING, MeetingOutcome.REDRAW_MAP)],
        widget=forms.RadioSelect,
    )

    def prepare(self) -> None:
        drawn = last_map(self.situation.family)
        facts = self.situation.facts
        if drawn is not None:
            on_map = [person.label for person in drawn.people.all()]
            others = [label for label, _key, reason in facts.known if not reason and label not in on_map]
            rows = [{"label": label, "came": None} for label in [*on_map, *others]]
            self.initial.setdefault("people", [*rows, {"label": "", "came": None}])
        able = ", ".join(label for label, _key, reason in facts.known if not reason)
        said = (
            gettext("Kan være inviteret: %(who)s.") % {"who": able}
            if able
            else gettext("Ingen i netværket er sikkerhedstjekket og har sagt ja til at blive kontaktet.")
        )
        if TargetGroupTrait.VIOLENCE in self.situation.family.traits:
            said = f"{gettext('Der er oplyst vold i nære relationer.')} {said}"
        self.fields["people"].help_text = f"{gettext('Svar kun for dem, der var inviteret.')} {said}"

    def clean_people(self) -> list[dict[str, Any]]:
        return [row for row in self.cleaned_data["people"] if row["came"] is not None]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        parents_accounted_for(self, cleaned)
        next_is_later(self, cleaned)
        return cleaned


class AgreementRow(forms.Form):
    """What one of the network will do."""

    what = forms.CharField(label=_("Hvad?"), max_length=1000)
    who = forms.CharField(label=_("Hvem?"), max_length=80, help_text=_("Fornavn eller relation"))
    by_on = DayField(label=_("Inden"), future=True)


class MakeAgreement(StepForm):
    """New agreements, and whether the earlier ones were kept."""

    agreements = RowsField(
        AgreementRow, rows=2, legend=_("Aftale"), label=_("Hvad er aftalt?"), required=False
    )

    def prepare(self) -> None:
        for agreement in agreements_to_follow_up(self.situation.family):
            over = agreement.by_on <= self.situation.today
            self.fields[f"{KEPT}{agreement.uuid}"] = YesNo(
                label=_("Blev aftalen holdt? %(who)s: %(what)s")
                % {"who": agreement.who, "what": agreement.what},
                required=over,
                help_text=(
                    _("Frist %(day)s.") if over else _("Frist %(day)s. Svar ikke, hvis den stadig løber.")
                )
                % {"day": f"{agreement.by_on:%d.%m.%Y}"},
            )

    def clean_agreements(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["agreements"]
        if any(row["by_on"] < self.situation.today for row in rows):
            raise forms.ValidationError(_("En aftale kan ikke have frist, før den er lavet. Ret datoen."))
        return rows
