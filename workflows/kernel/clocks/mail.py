"""E-mail about deadlines: that something waits and where to log in. Never about whom, what or how late."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from placement.access.models import Staff
from workflows.kernel.models import Notice

#: What a mail may say: that there is something, and (``address``) where to log in.
_OF_DEADLINES = gettext_lazy("Der er nyt om frister, som venter på dig. Log ind og se hvad: %(address)s")


def reachable(staff_id: int) -> Staff | None:
    """The person, when they work here and have an address."""
    return Staff.objects.filter(pk=staff_id, is_active=True).exclude(email="").first()


def write_to(person: Staff, message: Promise) -> None:
    """Send one e-mail that something waits. ``message`` says no more than that, and ``%(address)s`` where to log in."""
    with override(settings.LANGUAGE_CODE):
        send_mail(
            subject=_("Der venter noget på dig i Familieforløb"),
            message=str(message) % {"address": settings.PUBLIC_ADDRESS},
            from_email=None,
            recipient_list=[person.email],
        )


@transaction.atomic
def mail_unmailed(*, staff_id: int, now: datetime) -> bool:
    """Send ``staff_id`` one e-mail for all that they were told and not mailed about yet; whether one was sent.

    Whoever has no address, has put everything away already or does not work here any more gets none. The mark
    commits after the mail server has taken the mail: killed in between, one mail comes twice rather than not at all.
    """
    person = reachable(staff_id)
    if person is None:
        return False
    with connection.cursor() as cursor:
        # The same person's jobs wait for one another here, and nobody else waits for the mail server.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tell_by_mail'), %s::integer)", [staff_id])
    new = Notice.objects.filter(recipient=person, mailed_at__isnull=True, read_at__isnull=True)
    waiting = list(new.values_list("pk", flat=True))
    if not waiting:
        return False
    write_to(person, _OF_DEADLINES)
    Notice.objects.filter(pk__in=waiting).update(mailed_at=now)
    return True
