"""Danish personal numbers: whether one can exist, and the birthday it states."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _
from stdnum.dk import cpr as danish
from stdnum.exceptions import ValidationError

from placement.access.errors import Refused


def checked(number: str) -> str:
    """The ten digits of a CPR number that can exist; raises Refused (``invalid-cpr``) for one that cannot."""
    try:
        return str(danish.validate(number))
    except ValidationError:
        raise Refused(
            _("CPR-nummeret findes ikke. Kontrollér de ti cifre, eller lad feltet stå tomt."),
            type="invalid-cpr",
        ) from None


def birthday(number: str) -> date:
    """The birthday that a checked CPR number states."""
    stated = danish.get_birth_date(number)
    return date(stated.year, stated.month, stated.day)
