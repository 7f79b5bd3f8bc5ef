"""Before anybody of the network is invited: may the network be involved at all, and may this person.

Barnets lov § 18(3), as we read it: where there may be violence or an honour-related conflict, the risk is assessed
before the network is involved. One function asks about the family, one about each person; pages, API and steps use them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused
from placement.access.roles import Role
from placement.families.models import Family
from placement.network.models import ContactAnswer, SafetyOutcome
from placement.network.people import Standing
from workflows.investigation.selectors import involvement, risk_of
from workflows.screening.models import Concern
from workflows.screening.picture import may_tell_parents

AUTHORITY = frozenset({Role.CASEWORKER, Role.AUTHORITY_LEAD})
RULE = gettext_lazy("barnets lov § 18, stk. 3, som vi læser den")


@dataclass(frozen=True)
class Known:
    """What is known of violence around the family. ``barred``: why nobody may be invited now; '' when somebody may.

    ``since``: when somebody last wrote down that violence is possible, in a notification, its assessment or a
    screening; whoever checked before that did not know of it, so an earlier check does not count.
    """

    barred: str
    violence: bool
    since: datetime | None


def known_of(family: Family) -> Known:
    """Read from the notifications of concern, the traits and what the screening judged; six queries at most."""
    concerns = list(Concern.objects.filter(family=family).prefetch_related("assessments"))
    open_ones = [concern for concern in concerns if concern.closed_at is None]
    barred = ""
    if any(not may_tell_parents(one, one.assessments.all()) for one in open_ones):
        barred = _(
            "Der er en underretning, som forældrene ikke må kontaktes om endnu. Ingen fra netværket inviteres, før "
            "risikoen er vurderet (%(rule)s)."
        ) % {"rule": RULE}
    risk = risk_of(family)
    screened = involvement(family, risk)["network"]
    if not barred and not screened.allowed:
        barred = str(screened.reason)
    signs = [one.registered_at for one in concerns if one.violence_possible]
    signs += [
        made.assessed_at for one in concerns for made in one.assessments.all() if made.violence_possible
    ]
    if risk.sign_at is not None:
        signs.append(risk.sign_at)
    return Known(barred=barred, violence=bool(signs), since=max(signs, default=None))


def network_may_be_involved(family: Family) -> str:
    """Why nobody of the network may be invited now, with the rule; '' when they may be.

    The one place to ask: what a screening says of it belongs here too.
    """
    return known_of(family).barred


def why_not(standing: Standing, known: Known) -> str:
    """Why this person may not be invited, with the rule; '' when they may. Pure."""
    who = {"who": standing.member.label, "rule": RULE}
    if known.barred:
        return known.barred
    safety, contact = standing.safety, standing.contact
    if safety is None:
        return _("%(who)s er ikke sikkerhedstjekket. Skriv tjekket, før I inviterer (%(rule)s).") % who
    if safety.outcome == SafetyOutcome.NO:
        return _("%(who)s må ikke inviteres: det siger sikkerhedstjekket (%(rule)s).") % who
    if known.since is not None and safety.recorded_at < known.since:
        return _("Der er oplyst om mulig vold, siden %(who)s blev tjekket. Tjek igen (%(rule)s).") % who
    if contact is None:
        return _("%(who)s har ikke selv sagt ja til at blive kontaktet. Spørg først, og skriv svaret.") % who
    if contact.answer != ContactAnswer.GIVEN:
        return _("%(who)s har sagt nej til at blive kontaktet, og skal ikke inviteres.") % who
    return ""


def check_may_invite(standings: Iterable[Standing], known: Known) -> None:
    """Raises Refused (``unsafe-invitation``) with every reason, when somebody of them may not be invited."""
    reasons = list(dict.fromkeys(reason for one in standings if (reason := why_not(one, known))))
    if reasons:
        raise Refused(" ".join(reasons), type="unsafe-invitation")


def check_who_checks(actor: Actor, known: Known) -> None:
    """Where violence is known, the authority alone looks into it. Raises NotAllowed (``authority-checks``)."""
    if known.violence and not actor.roles & AUTHORITY:
        raise NotAllowed(
            _(
                "Der er oplyst vold om familien. Sikkerhedstjekket skrives af rådgiveren eller myndighedslederen."
            ),
            type="authority-checks",
        )


def reasons_of(standings: Sequence[Standing], known: Known) -> dict[str, str]:
    """Why each may not be invited, by public id; '' for those who may."""
    return {str(one.member.uuid): why_not(one, known) for one in standings}
