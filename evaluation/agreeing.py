"""Putting an agreement on file, and whether a request may leave by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from evaluation import pseudonyms
from evaluation.access import check_may
from evaluation.dataset_names import DatasetName
from evaluation.models import Agreement, AgreementPerson, Controller, FollowUp, LegalBasis
from evaluation.variables import DATASETS
from placement import clock
from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.access.models import Staff
from placement.access.problems import InvalidFields
from placement.access.roles import Action, Role


class ReleaseGate(Refused):
    """No such release may be made now: 422."""

    status = 422
    type = "release-gate"


@transaction.atomic
def register_agreement(
    *,
    actor: Actor,
    number: str,
    title: str,
    purpose: str,
    legal_basis: str,
    role: str,
    people: Iterable[str],
    ends_on: date,
    datasets: Iterable[str],
    now: datetime,
    variables: Iterable[str] = (),
    follow_up: str = FollowUp.DAY,
) -> Agreement:
    """Put an agreement on file as it stands on paper. The municipalities read it whole before they say yes.

    ``people`` are the ids of evaluators; ``variables`` ("dataset.variable") narrows what leaves, none means all;
    ``follow_up`` says how far extracts tell of each family.
    Raises NotAllowed, and InvalidFields for what is missing, unknown, over already, or a number that is taken.
    """
    check_may(actor, Action.USE_RELEASES)
    named = list(
        Staff.objects.filter(
            uuid__in=[_uuid(one) for one in people], memberships__role=Role.EVALUATOR
        ).distinct()
    )
    asked = set(datasets)
    words = {"number": number.strip(), "title": title.strip(), "purpose": purpose.strip()}
    errors: dict[str, list[str]] = {
        name: [_("Skriv det, som det står i aftalen.")] for name, text in words.items() if not text
    }
    if Agreement.objects.filter(number__iexact=words["number"]).exists():
        errors["number"] = [_("Nummeret er allerede registreret.")]
    if legal_basis not in LegalBasis.values:
        errors["legal_basis"] = [_("Vælg grundlaget.")]
    if role not in Controller.values:
        errors["role"] = [_("Vælg VIVEs rolle.")]
    if follow_up not in FollowUp.values:
        errors["follow_up"] = [_("Vælg, hvor langt familierne følges.")]
    if not named:
        errors["people"] = [_("Nævn mindst én person, der må arbejde med data.")]
    if ends_on < clock.danish_day(now):
        errors["ends_on"] = [_("Aftalen er allerede udløbet.")]
    if not asked or not asked <= set(DatasetName.values):
        errors["datasets"] = [_("Vælg mindst ét af datasættene.")]
    named_ones = sorted(set(variables))
    known = {f"{name}.{v.name}" for name in asked if name in DATASETS for v in DATASETS[name].variables}
    if unknown := [name for name in named_ones if name not in known]:
        errors["variables"] = [_("Findes ikke i datasættene: %(names)s") % {"names": ", ".join(unknown)}]
    if errors:
        raise InvalidFields(errors)
    project = uuid4()
    pseudonyms.create_key(project)
    agreement = Agreement.objects.create(
        uuid=project,
        **words,
        legal_basis=legal_basis,
        role=role,
        ends_on=ends_on,
        datasets=[name for name in DatasetName.values if name in asked],
        variables=named_ones,
        follow_up=follow_up,
        key_id=pseudonyms.key_id(project),
        registered_by=actor.staff,
        registered_at=now,
    )
    AgreementPerson.objects.bulk_create(AgreementPerson(agreement=agreement, staff=staff) for staff in named)
    return agreement


def _uuid(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        return UUID(int=0)


def agreement_for(actor: Actor, number: str, asked: set[str], now: datetime) -> Agreement:
    """The agreement by which it may leave; raises ReleaseGate with why not."""
    agreement = Agreement.objects.visible_to(actor).filter(number__iexact=number.strip()).first()
    if agreement is None:
        mine = Agreement.objects.filter(people__staff=actor.staff, ends_on__gte=clock.danish_day(now))
        numbers = ", ".join(mine.order_by("number").values_list("number", flat=True))
        raise ReleaseGate(
            _(
                "Aftalen «%(number)s» er ikke registreret, eller du er ikke nævnt i den. Du er nævnt i: %(known)s."
            )
            % {"number": number.strip(), "known": numbers}
            if numbers
            else _(
                "Aftalen «%(number)s» er ikke registreret, eller du er ikke nævnt i den. Registrér den først."
            )
            % {"number": number.strip()}
        )
    if agreement.is_over(now):
        raise ReleaseGate(agreement.over_words)
    if not agreement.people.filter(staff=actor.staff).exists():
        raise ReleaseGate(
            _("Du er ikke en af de personer, der er nævnt i aftalen %(number)s.")
            % {"number": agreement.number}
        )
    beyond = [
        str(DatasetName(name).label) for name in DatasetName.values if name in asked - set(agreement.datasets)
    ]
    if beyond:
        raise ReleaseGate(
            _("Aftalen %(number)s dækker ikke: %(what)s.")
            % {"number": agreement.number, "what": "; ".join(beyond)}
        )
    return agreement
