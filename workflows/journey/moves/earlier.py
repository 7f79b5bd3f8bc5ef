"""Stays of journeys that had ended when they were opened again: their nights still count."""

from __future__ import annotations

from django.db.models.functions import Coalesce

from placement.costs.nights import Stay
from workflows.journey.moves.models import EarlierJourney


def stays_before(municipality_id: int) -> list[Stay]:
    """The stays of the municipality's earlier journeys, each until its family moved out or the journey was closed."""
    kept = EarlierJourney.objects.filter(
        municipality_id=municipality_id, moved_in_on__isnull=False, site_id__isnull=False
    ).annotate(until=Coalesce("moved_out_on", "closed_on"))
    rows = kept.values_list("family_id", "site_id", "moved_in_on", "until")
    return [
        Stay(family, site, moved_in, until)
        for family, site, moved_in, until in rows
        if site is not None and moved_in is not None
    ]
