"""What starts and stops a clock, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: By the event's value in a version's file; one that is not here is shown as it is written.
EVENTS: dict[str, Promise] = {
    "started": _("Indsatsen er begyndt"),
    "moved_in": _("Flyttet ind"),
    "team_named": _("Teamet er udpeget"),
    "team_meeting_held": _("Et teammøde er holdt"),
    "goals_set": _("Målene er sat"),
    "negative_trend": _("Det går tilbage for et mål"),
    "plan_changed": _("Planen er ændret"),
    "network_mapped": _("Netværket er tegnet"),
    "agreement_made": _("En aftale med netværket er lavet"),
    "agreement_followed_up": _("Aftalen med netværket er fulgt op"),
    "family_plan_approved": _("Familierådslagningens plan er godkendt"),
    "family_plan_followed_up": _("Familierådslagningens plan er fulgt op"),
    "concern_received": _("En underretning er modtaget"),
    "concern_assessed": _("Underretningen er vurderet"),
    "concern_receipt_owed": _("Underretteren skal have en kvittering"),
    "concern_receipt_sent": _("Kvitteringen er sendt"),
    "exit_step_went_wrong": _("Noget gik galt på et udslusningstrin"),
    "moved_out": _("Flyttet ud"),
    "repeat_asked": _("En score beder om en ny måling"),
    "measured_again": _("Målingen er gentaget"),
    "aware_of_need": _("Kommunen blev opmærksom på et behov, der undersøges"),
    "examination_settled": _("Undersøgelsen er afsluttet, eller der er en foreløbig vurdering"),
    "examination_put_off": _("Der er en foreløbig vurdering"),
    "examination_concluded": _("Undersøgelsen er afsluttet"),
    "parallel_examination_done": _("Den sideløbende undersøgelse er afsluttet"),
    "decision_made": _("Afgørelsen er truffet"),
    "child_plan_settled": _("Barnets plan er lavet, eller den er begrundet fravalgt"),
    "follow_up_held": _("En opfølgning er holdt"),
    "follow_up_agreed": _("Den næste opfølgning er aftalt"),
    "parallel_track_begun": _("Plan A og plan B er begyndt"),
    "placement_at_birth_settled": _("Det er afklaret, hvad der gælder ved fødslen"),
    "complaint_received": _("En klage er modtaget"),
    "complaint_reassessed": _("Klagen er genvurderet"),
    "access_asked": _("En part har bedt om aktindsigt"),
    "access_answered": _("Parten har fået svar om aktindsigt"),
    "session_unsupervised": _("En samtale er holdt uden gældende uddannelse eller supervision"),
    "session_supervised": _("En samtale er holdt med gældende uddannelse og supervision"),
    "research_due": _("En af VIVEs aktiviteter skal afklares"),
    "research_settled": _("VIVEs aktivitet er afklaret"),
}
