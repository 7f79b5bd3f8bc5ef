"""How the network's people, checks and invitations, genograms and conferences are told on a family's history."""

from __future__ import annotations

from django.utils.translation import gettext as _

from placement.network.models import (
    Genogram,
    NetworkAnswer,
    NetworkInvitation,
    NetworkMember,
    NetworkSafetyCheck,
)
from placement.templatetags.words import danish_date
from workflows.conference.models import (
    Conference,
    ConferenceDecision,
    ConferenceFollowUp,
    ConferenceMeeting,
)
from workflows.journey.entries.base import Source, Told, answer, line, said
from workflows.kernel.models import Element

_NETWORK = Element.NETWORK.value


def _member(row: NetworkMember) -> Told:
    return Told(_("Person i netværket"), str(row.recorded_by), row.label, [], _NETWORK)


def _answer(row: NetworkAnswer) -> Told:
    return Told(
        _("Svar på at blive kontaktet"),
        str(row.recorded_by),
        row.member.label,
        said(row, "answer", "how"),
        _NETWORK,
    )


def _check(row: NetworkSafetyCheck) -> Told:
    return Told(
        _("Sikkerhedstjek før invitation"),
        str(row.checked_by),
        row.member.label,
        said(row, "outcome", "violence_possible", "reasons", "terms"),
        _NETWORK,
    )


def _invitation(row: NetworkInvitation) -> Told:
    return Told(
        _("Inviteret fra netværket"),
        str(row.invited_by),
        row.member.label,
        said(row, "occasion", "planned_on", "came"),
        _NETWORK,
    )


def _genogram(row: Genogram) -> Told:
    people = [
        f"{one.label}: {one.get_generation_display()}, {_('selv anbragt')}: {one.get_own_placement_display()}"
        for one in row.people.all()
    ]
    relations = [
        f"{tie.one.label} – {tie.get_kind_display()} – {tie.other.label}"
        + (f" ({_('brudt')})" if tie.broken else "")
        for tie in row.relations.all()
    ]
    return Told(
        _("Genogram"),
        str(row.drawn_by),
        row.remark,
        line(_("Personer"), *people) + line(_("Relationer"), *relations),
        _NETWORK,
    )


def _asked(row: Conference) -> Told:
    return Told(
        _("Familierådslagning"),
        str(row.asked_by),
        row.question,
        said(row, "consented_on", "consented_how")
        + line(_("Koordinator"), str(row.coordinator) if row.coordinator else ""),
        _NETWORK,
    )


def _meeting(row: ConferenceMeeting) -> Told:
    plan = [f"{one.who}: {one.what} ({danish_date(one.by_on)})" for one in row.lines.all()]
    return Told(
        _("Rådslagningens møde"),
        str(row.recorded_by),
        row.information,
        said(row, "private_time", "has_plan", "without_plan", "changes_exit_plan")
        + line(_("Familiens plan"), *plan),
        _NETWORK,
    )


def _decision(row: ConferenceDecision) -> Told:
    title = _("Familiens plan: %(answer)s") % {"answer": answer(row.approved).lower()}
    return Told(title, str(row.decided_by), row.reason, [], _NETWORK)


def _follow_up(row: ConferenceFollowUp) -> Told:
    return Told(
        _("Familiens plan er fulgt op"), str(row.followed_up_by), row.text, said(row, "works"), _NETWORK
    )


NETWORK: tuple[Source, ...] = (
    Source(
        "network_member",
        lambda f: NetworkMember.objects.filter(family=f).select_related("recorded_by"),
        "recorded_at",
        _member,
    ),
    Source(
        "network_answer",
        lambda f: NetworkAnswer.objects.filter(member__family=f).select_related("member", "recorded_by"),
        "answered_on",
        _answer,
    ),
    Source(
        "network_check",
        lambda f: NetworkSafetyCheck.objects.filter(member__family=f).select_related("member", "checked_by"),
        "checked_on",
        _check,
    ),
    Source(
        "network_invitation",
        lambda f: NetworkInvitation.objects.filter(family=f).select_related("member", "invited_by"),
        "invited_at",
        _invitation,
    ),
    Source(
        "genogram",
        lambda f: (
            Genogram.objects.filter(family=f)
            .select_related("drawn_by")
            .prefetch_related("people", "relations__one", "relations__other")
        ),
        "drawn_on",
        _genogram,
    ),
    Source(
        "conference",
        lambda f: Conference.objects.filter(family=f).select_related("asked_by", "coordinator"),
        "asked_at",
        _asked,
    ),
    Source(
        "conference_meeting",
        lambda f: (
            ConferenceMeeting.objects.filter(conference__family=f)
            .select_related("recorded_by")
            .prefetch_related("lines")
        ),
        "held_on",
        _meeting,
    ),
    Source(
        "conference_decision",
        lambda f: ConferenceDecision.objects.filter(meeting__conference__family=f).select_related(
            "decided_by"
        ),
        "decided_at",
        _decision,
    ),
    Source(
        "conference_follow_up",
        lambda f: ConferenceFollowUp.objects.filter(conference__family=f).select_related("followed_up_by"),
        "held_on",
        _follow_up,
    ),
)
