"""Who may write an instrument's scores down: by role, and by a certificate that is on file and valid."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused
from placement.instruments.definition import Definition
from placement.staffing.models import TrainingRecord
from placement.staffing.querysets import municipality_of


def check_may_enter(actor: Actor, definition: Definition, *, on: date) -> None:
    """Whether the actor may write down what was measured ``on`` that day; the certificate must have counted then, and
    have been put on file by somebody else.

    Raises NotAllowed for another role; Refused: ``certificate-missing``, ``certificate-expired``.
    """
    if definition.roles and not {role.value for role in actor.roles} & set(definition.roles):
        raise NotAllowed(_("Din rolle kan ikke registrere %(name)s.") % {"name": definition.short})
    if not definition.certificate:
        return
    held = TrainingRecord.objects.filter(
        municipality_id=municipality_of(actor), staff_id=actor.staff_id, kind=definition.certificate
    ).filter(held_on__lte=on)
    # Nobody is certified by their own word: what the holder wrote is a record of training, and no certificate.
    held = held.exclude(recorded_by=F("staff"))
    latest = held.order_by("-held_on", "-id").first()
    if latest is None:
        raise Refused(
            _(
                "%(name)s kræver et certifikat, og dit er ikke registreret. Bed din leder skrive det under "
                "Kompetencer og supervision, eller bed en kollega om at måle."
            )
            % {"name": definition.short},
            type="certificate-missing",
        )
    if not held.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on)).exists():
        raise Refused(
            _(
                "Dit certifikat i %(name)s udløb %(day)s. Bed din leder skrive det nye under Kompetencer og "
                "supervision, eller bed en kollega om at måle."
            )
            % {"name": definition.short, "day": f"{latest.valid_until:%d.%m.%Y}"},
            type="certificate-expired",
        )
