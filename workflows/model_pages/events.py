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
    "concern_received": _("En underretning er modtaget"),
    "concern_assessed": _("Underretningen er vurderet"),
    "concern_receipt_owed": _("Underretteren skal have en kvittering"),
    "concern_receipt_sent": _("Kvitteringen er sendt"),
    "exit_step_went_wrong": _("Noget gik galt på et udslusningstrin"),
    "moved_out": _("Flyttet ud"),
    "repeat_asked": _("En score beder om en ny måling"),
    "measured_again": _("Målingen er gentaget"),
    "session_unsupervised": _("En samtale er holdt uden gældende uddannelse eller supervision"),
    "session_supervised": _("En samtale er holdt med gældende uddannelse og supervision"),
    "research_due": _("En af VIVEs aktiviteter skal afklares"),
    "research_settled": _("VIVEs aktivitet er afklaret"),
}
