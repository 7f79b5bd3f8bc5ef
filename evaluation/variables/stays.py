"""The stays in the house: a row per stay, earlier journeys' too."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.declared import (
    NOT_RELEVANT,
    NOT_YET_DUE,
    Dataset,
    Sort,
    Words,
    codes,
)
from evaluation.variables.kit import (
    Maker,
    Unit,
    Why,
    family_id,
    municipality_code,
    pseudonym,
)
from placement.families.codes import Outcome

_STAY = Maker(
    Words("Trinnene «Flyt ind» og «Flyt ud»", "The steps “Move in” and “Move out”"), Why.IMPLEMENTATION
)
_SO_FAR = (
    f"CASE WHEN stay.moved_out_on IS NOT NULL THEN NULL WHEN stay.closed_on IS NOT NULL THEN {NOT_RELEVANT} "
    f"ELSE {NOT_YET_DUE} END"
)

STAYS = Dataset(
    name=DatasetName.STAYS,
    title="Ophold",
    title_en="Stays",
    description="En række for hvert ophold: det nuværende forløbs og dem i forløb, der er genåbnet som et nyt. Dage tælles "
    "fra start i det nuværende forløb, og er negative i de tidligere.",
    description_en="A row for each stay: that of the present journey, and those of journeys that were opened again as a new "
    "one. Days count from the start of the present journey and are negative in earlier ones.",
    source="""FROM public.families_family f
 CROSS JOIN LATERAL (
       SELECT p.uuid, f.moved_in_on, f.moved_out_on, f.closed_on, f.outcome, false AS earlier
         FROM (SELECT k.uuid FROM public.kernel_process k
                WHERE k.family_id = f.id AND k.flow_class = 'flow_journey/flow.JourneyFlow'
                ORDER BY k.id DESC LIMIT 1) p
        UNION ALL
       SELECT k.uuid, e.moved_in_on, e.moved_out_on, e.closed_on, e.outcome, true
         FROM public.flow_journey_earlierjourney e JOIN public.kernel_process k ON k.id = e.process_id
        WHERE e.family_id = f.id
       ) stay
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found,
              coalesce(sum(least(coalesce(p.resumed_on, stay.moved_out_on), stay.moved_out_on)
                           - greatest(p.paused_on, stay.moved_in_on)), 0)::integer AS days
         FROM public.families_pause p
        WHERE p.family_id = f.id AND p.paused_on >= stay.moved_in_on
          AND (stay.moved_out_on IS NULL OR p.paused_on <= stay.moved_out_on)
       ) pauses
 WHERE f.started_on IS NOT NULL AND stay.moved_in_on IS NOT NULL""",
    variables=(
        pseudonym("stay_id", "stay", "stay.uuid", Words("Ophold", "Stay")),
        family_id(),
        municipality_code(),
        _STAY.yes("earlier", "stay.earlier", Words("I et tidligere forløb", "In an earlier journey")),
        _STAY.day("moved_in_day", "stay.moved_in_on", Words("Flyttet ind", "Moved in")),
        _STAY.value(
            "moved_out_day",
            "stay.moved_out_on - f.started_on",
            "integer",
            Words("Flyttet ud", "Moved out"),
            Unit.DAYS,
            missing=_SO_FAR,
        ),
        _STAY.value(
            "nights",
            "stay.moved_out_on - stay.moved_in_on",
            "integer",
            Words("Nætter fra indflytning til udflytning", "Nights from moving in to moving out"),
            Unit.NIGHTS,
            why=Why.COST,
            missing=_SO_FAR,
        ),
        _STAY.count(
            "pauses",
            "pauses.found",
            Words("Pauser under opholdet", "Pauses during the stay"),
            since="moved_out_day",
        ),
        _STAY.value(
            "pause_nights",
            "CASE WHEN stay.moved_out_on IS NOT NULL THEN pauses.days END",
            "integer",
            Words("Nætter på pause under opholdet", "Nights paused during the stay"),
            Unit.NIGHTS,
            why=Why.COST,
            missing=_SO_FAR,
        ),
        _STAY.code(
            "outcome",
            "stay.outcome",
            Words("Forløbets udfald", "The journey's outcome"),
            codes(Outcome.choices),
            empty=NOT_YET_DUE,
            sort=Sort.OUTCOME,
            why=Why.RESULT,
        ),
    ),
    order=("family_id", "moved_in_day", "stay_id"),
    key=("stay_id",),
)
