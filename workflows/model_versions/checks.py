"""What a model version that can be read may still contradict, in words for the owners of the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from placement.access.roles import NATIONAL_ROLES, Action
from workflows.model_versions.clock_rules import Unit

if TYPE_CHECKING:
    from workflows.model_versions.content import Model

#: The rhythms that the elements ask for; one that is missing would stop a flow in the middle of a stay.
CADENCES = ("team_meeting", "mentalisation_session", "goal_follow_up", "network_meeting")


def faults(model: Model) -> list[str]:
    """Everything that is wrong with a version; empty when it can be approved."""
    return [*_numbers(model), *_people(model), *_clocks(model), *_limits(model)]


def _numbers(model: Model) -> Iterator[str]:
    for name in CADENCES:
        if model.cadence_days.get(name, 0) < 1:
            yield _("cadence_days mangler %(name)s, eller tallet er under 1.") % {"name": name}
    steps = {action.value for action in Action}
    for name, days in model.due_working_days.items():
        if name not in steps:
            yield _("due_working_days nævner %(name)s, som ikke er et trin.") % {"name": name}
        if days < 0:
            yield _("due_working_days: %(name)s kan ikke være under 0.") % {"name": name}
    if (
        list(model.contact_months) != sorted(set(model.contact_months))
        or min(model.contact_months, default=1) < 1
    ):
        yield _("Månederne for opfølgende kontakter skal stige og være mindst 1.")


def _people(model: Model) -> Iterator[str]:
    if not model.required_professions:
        yield _("Ingen faggruppe er påkrævet. Et indsatsteam er tværfagligt.")
    if len(set(model.professions)) != len(model.professions):
        yield _("En faggruppe står to gange.")
    if len(model.self_assessment_levels) < 2:
        yield _("Selvvurderingen skal have mindst to svar at vælge imellem.")
    codes = [heading.code for heading in model.organisation]
    if len(set(codes)) != len(codes):
        yield _("To af de organisatoriske tekster har samme kode.")


def _clocks(model: Model) -> Iterator[str]:
    for rule in model.clocks:
        for role in (rule.reminds, rule.escalates_to):
            if role in NATIONAL_ROLES:
                yield _("Fristen %(code)s vil skrive til %(role)s, som ikke ser familier.") % {
                    "code": rule.code,
                    "role": role.value,
                }


def _limits(model: Model) -> Iterator[str]:
    limits, rules = model.limits, {rule.code: rule for rule in model.clocks}
    lengths = {code: rule.length for code, rule in rules.items() if rule.unit is not Unit.GIVEN}
    for part, ends, national in (
        ("cadence_days", limits.cadence_days, model.cadence_days),
        ("due_working_days", limits.due_working_days, model.due_working_days),
        ("clocks", limits.clocks, lengths),
    ):
        for name, allowed in ends.items():
            if name not in national:
                yield _("limits.%(part)s nævner %(name)s, som ikke findes.") % {"part": part, "name": name}
            elif national[name] not in allowed:
                yield _("limits.%(part)s: den nationale værdi af %(name)s ligger uden for grænserne.") % {
                    "part": part,
                    "name": name,
                }
    for code in limits.clocks:
        # A rule of the law that nobody has read at its place is a default, which who knows better may put right.
        if code in rules and rules[code].runs_while_paused and rules[code].checked:
            yield _("limits.clocks: %(code)s er lovens frist og kan ikke ændres.") % {"code": code}
