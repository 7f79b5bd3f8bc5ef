"""What is written about a network beside its steps: the kinds, their forms and their services, for page and API alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from placement import clock
from placement.access.actor import Actor
from placement.families.models import Family
from placement.network import genogram as genograms
from placement.network import people
from placement.network.models import (
    Agreement,
    ContactAnswer,
    Generation,
    HowAsked,
    NetworkMember,
    Occasion,
    OwnPlacement,
    RelationKind,
    SafetyOutcome,
)
from placement.network.selectors import agreements_to_follow_up, last_map
from workflows.kernel.forms import DayField, RowsField, YesNo
from workflows.kernel.lock import family_locked
from workflows.kernel.strict import StrictForm
from workflows.network import agreeing
from workflows.network.safety import check_may_invite, check_who_checks, known_of

_CHOOSE = ("", _("Vælg"))
_SHORT = forms.Textarea(attrs={"rows": 3})


class RecordForm(StrictForm):
    """Base of the forms: they know the family, and most days are today."""

    error_css_class = "fds-error"

    def __init__(self, data: Any = None, *, family: Family, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.family = family
        self.prepare()
        for name, field in self.fields.items():
            if isinstance(field, DayField) and field.required and not field.future:
                self.initial.setdefault(name, clock.today())

    def prepare(self) -> None:
        """Choices that depend on the family."""

    def offer(self, name: str, choices: list[tuple[str, str]], *, empty: bool = True) -> None:
        """Fill the choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField | forms.MultipleChoiceField)
        field.choices = [_CHOOSE, *choices] if empty else choices


def _people(family: Family) -> list[tuple[str, str]]:
    return [(str(one.uuid), one.label) for one in people.members(family)]


class PersonForm(RecordForm):
    """Somebody of the network: a first name or a relation, nothing else."""

    label = forms.CharField(
        label=_("Fornavn eller relation"),
        max_length=60,
        help_text=_("Intet efternavn, nummer eller adresse. De er ikke part i sagen."),
    )


class AnswerForm(RecordForm):
    """Their own answer to being contacted."""

    person = forms.ChoiceField(label=_("Hvem?"))
    answer = forms.ChoiceField(
        label=_("Hvad svarede personen selv?"), choices=ContactAnswer.choices, widget=forms.RadioSelect
    )
    answered_on = DayField(label=_("Hvornår?"))
    how = forms.ChoiceField(label=_("Hvordan?"), choices=HowAsked.choices, widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.offer("person", _people(self.family))


class CheckForm(RecordForm):
    """The safety check of one person, before they are invited."""

    person = forms.ChoiceField(label=_("Hvem?"))
    checked_on = DayField(label=_("Hvornår er det tjekket?"))
    violence_possible = YesNo(
        label=_("Kan der være vold eller en æresrelateret konflikt mellem personen og familien?"),
        help_text=_("Spørg den, det kan gå ud over, alene."),
    )
    outcome = forms.ChoiceField(
        label=_("Kan personen inviteres?"), choices=SafetyOutcome.choices, widget=forms.RadioSelect
    )
    reasons = forms.CharField(label=_("Hvad bygger det på?"), widget=_SHORT)
    terms = forms.CharField(
        label=_("På hvilke vilkår?"),
        widget=_SHORT,
        required=False,
        help_text=_("Skal skrives, når personen kun kan inviteres på vilkår."),
    )

    def prepare(self) -> None:
        self.offer("person", _people(self.family))


class InvitationForm(RecordForm):
    """Invite people to the next network meeting."""

    people = forms.MultipleChoiceField(
        label=_("Hvem inviteres?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Kun dem, der er sikkerhedstjekket og selv har sagt ja til at blive kontaktet."),
    )
    planned_on = DayField(label=_("Hvornår er netværksmødet?"), future=True)

    def prepare(self) -> None:
        self.offer("people", _people(self.family), empty=False)


class RelativeRow(forms.Form):
    """Somebody in the genogram."""

    label = forms.CharField(label=_("Fornavn eller relation"), max_length=40)
    generation = forms.TypedChoiceField(
        label=_("Generation"), choices=[_CHOOSE, *Generation.choices], coerce=int
    )
    own_placement = forms.ChoiceField(
        label=_("Selv anbragt som barn?"), choices=[_CHOOSE, *OwnPlacement.choices]
    )


class TieRow(forms.Form):
    """How two of them belong together."""

    one = forms.CharField(label=_("Den ene"), max_length=40)
    kind = forms.ChoiceField(label=_("Relation"), choices=[_CHOOSE, *RelationKind.choices])
    other = forms.CharField(label=_("Den anden"), max_length=40)
    broken = forms.BooleanField(label=_("Brudt kontakt"), required=False)


class GenogramForm(RecordForm):
    """The generations as the parents tell them; drawn again, it starts from the one before."""

    drawn_on = DayField(label=_("Dato"))
    people = RowsField(
        RelativeRow,
        rows=4,
        at_least=1,
        legend=_("Person"),
        label=_("Hvem er med?"),
        help_text=_("Kun det, billedet har brug for."),
    )
    relations = RowsField(
        TieRow,
        rows=3,
        legend=_("Relation"),
        label=_("Hvordan hører de sammen?"),
        required=False,
        help_text=_("Skriv navnene, som de står ovenfor. Ved «Forælder til» er den ene forælderen."),
    )
    remark = forms.CharField(
        label=_("Bemærkning"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False
    )

    def prepare(self) -> None:
        before = genograms.last_genogram(self.family)
        if before is None:
            return
        self.initial.setdefault(
            "people",
            [
                {"label": one.label, "generation": one.generation, "own_placement": one.own_placement}
                for one in before.people.all()
            ],
        )
        self.initial.setdefault(
            "relations",
            [
                {"one": tie.one.label, "kind": tie.kind, "other": tie.other.label, "broken": tie.broken}
                for tie in before.relations.all()
            ],
        )


class AgreementForm(RecordForm):
    """Was an agreement kept."""

    agreement = forms.ChoiceField(label=_("Hvilken aftale?"))
    kept = YesNo(label=_("Blev den holdt?"))
    followed_up_on = DayField(label=_("Hvornår er der fulgt op?"))
    comment = forms.CharField(label=_("Hvordan gik det?"), widget=_SHORT, required=False)

    def prepare(self) -> None:
        waiting = agreements_to_follow_up(self.family)
        self.offer("agreement", [(str(one.uuid), f"{one.who}: {one.what}") for one in waiting])


Written = dict[str, Any]


def _member(family: Family, key: str) -> NetworkMember:
    return NetworkMember.objects.get(family=family, uuid=UUID(key))


def _add_person(actor: Actor, family: Family, said: Written, now: datetime) -> Any:
    """Somebody who stands on the newest map under those very words, and has no record yet, becomes that person."""
    drawn = last_map(family)
    places = [one for one in drawn.people.all() if one.member is None] if drawn else []
    there = [place for place in places if place.label == said["label"].strip()]
    if len(there) == 1:
        return people.known_as(actor=actor, family=family, place=there[0], now=now)
    return people.add_member(actor=actor, family=family, label=said["label"], now=now)


def _answer(actor: Actor, family: Family, said: Written, now: datetime) -> Any:
    return people.record_answer(
        actor=actor,
        member=_member(family, said["person"]),
        answer=said["answer"],
        answered_on=said["answered_on"],
        how=said["how"],
        now=now,
    )


def _check(actor: Actor, family: Family, said: Written, now: datetime) -> Any:
    check_who_checks(actor, known_of(family))
    return people.record_safety_check(
        actor=actor,
        member=_member(family, said["person"]),
        checked_on=said["checked_on"],
        violence_possible=said["violence_possible"],
        outcome=said["outcome"],
        reasons=said["reasons"],
        terms=said["terms"],
        now=now,
    )


def _invite(actor: Actor, family: Family, said: Written, now: datetime) -> Any:
    wanted = set(said["people"])
    invited = [one for one in people.standings(family) if str(one.member.uuid) in wanted]
    check_may_invite(invited, known_of(family))
    made = [
        people.write_invitation(
            actor=actor,
            family=family,
            standing=one,
            occasion=Occasion.MEETING,
            planned_on=said["planned_on"],
            now=now,
        )
        for one in invited
    ]
    return made[-1]


def _genogram(actor: Actor, family: Family, said: Written, now: datetime) -> Any:
    return genograms.draw_genogram(
        actor=actor,
        family=family,
        drawn_on=said["drawn_on"],
        people=[genograms.Relative(**row) for row in said["people"]],
        ties=[genograms.Tie(**row) for row in said["relations"]],
        remark=said["remark"],
        now=now,
    )


def _agreement(actor: Actor, family: Family, said: Written, now: datetime) -> Any:
    return agreeing.follow_up(
        actor=actor,
        agreement=Agreement.objects.select_related("family").get(family=family, uuid=UUID(said["agreement"])),
        kept=said["kept"],
        followed_up_on=said["followed_up_on"],
        comment=said["comment"],
        now=now,
    )


@dataclass(frozen=True)
class RecordKind:
    """One kind. ``slug`` stands in addresses and in the API, and never changes."""

    slug: str
    title: Promise
    purpose: Promise
    form: type[RecordForm]
    service: Callable[[Actor, Family, Written, datetime], Any]

    def write(self, *, actor: Actor, family: Family, said: Written, now: datetime) -> Any:
        """Write it under the family's lock. Raises Refused and NotAllowed as its service does."""
        with family_locked(family):
            return self.service(actor, family, said, now)


KINDS: dict[str, RecordKind] = {
    kind.slug: kind
    for kind in (
        RecordKind(
            "person",
            _("Person i netværket"),
            _("Fornavn eller relation. Samme person på alle kort og møder."),
            PersonForm,
            _add_person,
        ),
        RecordKind(
            "answer",
            _("Må personen kontaktes?"),
            _("Personens eget svar. Uden et ja bliver ingen inviteret."),
            AnswerForm,
            _answer,
        ),
        RecordKind(
            "check",
            _("Sikkerhedstjek før invitation"),
            _("Risikoen vurderes, før netværket inddrages (barnets lov § 18, stk. 3, som vi læser den)."),
            CheckForm,
            _check,
        ),
        RecordKind(
            "invitation",
            _("Invitér til netværksmøde"),
            _("Den, der ikke er tjekket, eller ikke selv har sagt ja, kan ikke inviteres."),
            InvitationForm,
            _invite,
        ),
        RecordKind(
            "genogram",
            _("Genogram"),
            _("Generationer, relationer og brud, som forældrene fortæller dem."),
            GenogramForm,
            _genogram,
        ),
        RecordKind(
            "agreement",
            _("Følg en aftale op"),
            _("Blev det til noget? Det tæller, når familien skal videre."),
            AgreementForm,
            _agreement,
        ),
    )
}
