"""What stands on the family itself, and how consent, decisions, appointments and later contacts are told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from placement import clock
from placement.families.codes import TargetGroupTrait
from placement.families.models import ChildView, Consent, Decision, Family, FamilyGrant
from workflows.journey.entries.base import Source, Told, answer, line, said
from workflows.journey.models import FollowUpContact
from workflows.kernel.models import Element, Task
from workflows.model_versions.models import VersionMove


def milestones(family: Family) -> Iterator[tuple[str, date | datetime, Told]]:
    """(kind, when, told) of what stands on the family itself."""
    journey = Element.JOURNEY.value
    yield (
        "enquiry",
        family.enquired_at,
        Told(
            _("Henvendelse"),
            str(family.registered_by),
            family.enquiry_text,
            said(family, "source"),
            journey,
        ),
    )
    days = [
        ("started", family.started_on, _("Indsatsen er begyndt"), ("home_before", "home_language")),
        ("moved_in", family.moved_in_on, _("Flyttet ind"), ("room",)),
        ("moved_out", family.moved_out_on, _("Flyttet ud"), ()),
        ("closed", family.closed_on, _("Forløbet er afsluttet"), ("outcome", "family_view_of_outcome")),
    ]
    for kind, on, title, names in days:
        if on is not None:
            yield kind, on, Told(title, lines=said(family, *names), element=journey)


def _assessment(task: Task) -> Told:
    family = task.process.family
    assert family is not None
    traits = dict(TargetGroupTrait.choices)
    return Told(
        str(task.title),
        str(task.owner or ""),
        family.assessment,
        said(family, "in_target_group")
        + line(_("Udfordringsbillede"), *(str(traits.get(trait, trait)) for trait in family.traits)),
        Element.JOURNEY.value,
    )


def _child_view(row: ChildView) -> Told:
    return Told(
        _("Barnets perspektiv"), str(row.author), row.text, said(row, "source"), Element.JOURNEY.value
    )


def _consent(row: Consent) -> Told:
    who = line(_("Hvem"), str(row.person))
    told = said(row, "how", "informed_about")
    return Told(_("Samtykke er givet"), str(row.recorded_by), "", who + told, Element.JOURNEY.value)


def _consent_withdrawn(row: Consent) -> Told:
    return Told(
        _("Samtykket er trukket tilbage"),
        lines=line(_("Hvem"), str(row.person)),
        element=Element.JOURNEY.value,
    )


def _decision_asked(row: Decision) -> Told:
    lines = said(row, "purpose", "expected_weeks", "legal_basis")
    asked = _("Ønske om afgørelse")
    return Told(
        asked,
        str(row.requested_by),
        "",
        [*lines, *line(_("Barnets perspektiv"), row.child_view.text)],
        Element.JOURNEY.value,
    )


def _decision(row: Decision) -> Told:
    return Told(
        _("Afgørelse: %(answer)s") % {"answer": answer(row.approved).lower()},
        str(row.decided_by or ""),
        row.reason,
        said(row, "purpose"),
        Element.JOURNEY.value,
    )


def _contact(row: FollowUpContact) -> Told:
    return Told(
        _("Kontakt efter %(months)d måneder") % {"months": row.months},
        str(row.held_by),
        row.summary,
        said(row, "reached", "lives_together"),
        Element.JOURNEY.value,
        corrected=row.corrected_at is not None,
    )


def _appointed(row: FamilyGrant) -> Told:
    lines = line(str(row.get_function_display()), f"{row.user}, {row.profession}".rstrip(", "))
    lines += said(row, "stands_in_for")
    return Told(_("Udpeget"), str(row.granted_by), "", lines, Element.TEAM.value)


def _left(row: FamilyGrant) -> Told:
    lines = line(str(row.get_function_display()), f"{row.user}, {row.profession}".rstrip(", "))
    return Told(_("Udpegningen er slut"), lines=lines, element=Element.TEAM.value)


def _moved(row: VersionMove) -> Told:
    before, after = (
        adaptation.code if adaptation else version.code
        for version, adaptation in (
            (row.from_version, row.from_adaptation),
            (row.to_version, row.to_adaptation),
        )
    )
    lines = line(_("Modelversion"), _("fra %(before)s til %(after)s") % {"before": before, "after": after})
    return Told(_("Flyttet til en anden modelversion"), str(row.moved_by), row.reason, lines)


BEFORE: tuple[Source, ...] = (
    Source(
        "assessment",
        lambda f: Task.objects.filter(
            family=f, status="DONE", flow_task__endswith=".assess_target_group"
        ).select_related("owner", "process__family"),
        "finished",
        _assessment,
    ),
    Source(
        "appointment",
        lambda f: FamilyGrant.objects.filter(content_object=f).select_related(
            "user", "granted_by", "stands_in_for"
        ),
        "starts",
        _appointed,
    ),
    Source(
        "child_view",
        lambda f: ChildView.objects.filter(family=f).select_related("author"),
        "obtained_on",
        _child_view,
    ),
    Source(
        "consent",
        lambda f: Consent.objects.filter(family=f).select_related("person", "recorded_by"),
        "given_on",
        _consent,
    ),
    Source(
        "consent_withdrawn",
        lambda f: Consent.objects.filter(family=f, withdrawn_on__isnull=False).select_related("person"),
        "withdrawn_on",
        _consent_withdrawn,
    ),
    Source(
        "decision_asked",
        lambda f: Decision.objects.filter(family=f).select_related("requested_by", "child_view"),
        "requested_at",
        _decision_asked,
    ),
    Source(
        "decision",
        lambda f: Decision.objects.filter(family=f, decided_at__isnull=False).select_related("decided_by"),
        "decided_at",
        _decision,
    ),
)

AFTER: tuple[Source, ...] = (
    Source(
        "follow_up_contact",
        lambda f: FollowUpContact.objects.filter(family=f).select_related("held_by"),
        "held_on",
        _contact,
    ),
    Source(
        "version_move",
        lambda f: VersionMove.objects.filter(family=f).select_related(
            "moved_by", "from_version", "from_adaptation", "to_version", "to_adaptation"
        ),
        "moved_at",
        _moved,
    ),
)

LAST: tuple[Source, ...] = (
    Source(
        "appointment_ended",
        lambda f: FamilyGrant.objects.filter(content_object=f, ends__lte=clock.today()).select_related(
            "user"
        ),
        "ends",
        _left,
    ),
)
