"""How it ended, and how it went afterwards: a row per family, and a row per contact after closing."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.declared import (
    NOT_ASKED,
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
    when_null,
)
from placement.families.codes import Outcome
from workflows.exit.models import DESTINATIONS, Initiator, Lives

_END = Maker(Words("Afslutning af forløbet", "Closing the journey"), Why.RESULT, Sort.OUTCOME)
_GOAL = Maker(
    Words("Vurdering af mål ved opfølgning", "Rating of goals at follow-ups"), Why.RESULT, Sort.OUTCOME
)
_AFTER = Maker(Words("Kontakter efter afslutning", "Contacts after closing"), Why.RESULT, Sort.OUTCOME)

_WITHOUT_RECORD = f"CASE WHEN f.closed_on IS NULL THEN {NOT_YET_DUE} ELSE {NOT_ASKED} END"

OUTCOMES = Dataset(
    name=DatasetName.OUTCOMES,
    title="Udfald",
    title_en="Outcomes",
    description="En række for hver familie, der er startet: hvordan det endte. At bo sammen og at barnet bliver anbragt er "
    "begge resultater.",
    description_en="A row for each family that has begun: how it ended. Living together and the child being placed are both "
    "results.",
    source="""FROM public.families_family f
  LEFT JOIN LATERAL (
       SELECT r.planned, r.initiator, r.child_lives FROM public.flow_exit_exitrecord r
        WHERE r.family_id = f.id AND f.closed_on IS NOT NULL ORDER BY r.id DESC LIMIT 1
       ) record ON true
  LEFT JOIN LATERAL (
       SELECT e.destination, e.alternative FROM public.flow_exit_exitplan e
        WHERE e.family_id = f.id ORDER BY e.id DESC LIMIT 1
       ) plan ON true
 CROSS JOIN LATERAL (
       SELECT (array_agg(u.t_now ORDER BY u.held_on, u.id) FILTER (WHERE u.t_now IS NOT NULL))[1] AS t_first,
              (array_agg(u.t_now ORDER BY u.held_on DESC, u.id DESC) FILTER (WHERE u.t_now IS NOT NULL))[1] AS t_last
         FROM public.progression_followup u WHERE u.family_id = f.id
       ) scores
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS rated, (count(*) FILTER (WHERE last.score >= 0))::integer AS reached
         FROM public.progression_goal g
         JOIN LATERAL (SELECT r.score FROM public.progression_goalrating r
                         JOIN public.progression_followup u ON u.id = r.follow_up_id
                        WHERE r.goal_id = g.id ORDER BY u.held_on DESC, r.id DESC LIMIT 1) last ON true
        WHERE g.family_id = f.id
          AND NOT EXISTS (SELECT FROM public.progression_goal later WHERE later.replaces_id = g.id)
       ) goals
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found FROM public.flow_exit_receivingsupport r WHERE r.family_id = f.id
       ) support
 WHERE f.started_on IS NOT NULL""",
    variables=(
        family_id(),
        municipality_code(),
        _END.code("outcome", "f.outcome", Words("Udfald", "Outcome"), codes(Outcome.choices), empty=NOT_YET_DUE),
        _END.day("closed_day", "f.closed_on", Words("Forløbet afsluttet", "The journey closed"), empty=NOT_YET_DUE,
                 sort=Sort.PROCESS),
        _END.yes(
            "planned",
            "record.planned",
            Words("Afslutningen var planlagt", "The ending was planned"),
            missing=when_null("record.planned", _WITHOUT_RECORD),
        ),
        _END.code(
            "initiator",
            "record.initiator",
            Words("På hvis initiativ", "On whose initiative"),
            codes(Initiator.choices),
            empty=_WITHOUT_RECORD,
        ),
        _END.code(
            "child_lives",
            "record.child_lives",
            Words("Hvor barnet bor efter afslutningen", "Where the child lives after the ending"),
            codes(Lives.choices),
            empty=_WITHOUT_RECORD,
        ),
        _END.code(
            "planned_destination",
            "plan.destination",
            Words("Udslusningsplanens mål", "The exit plan's destination"),
            codes(DESTINATIONS),
            empty=NOT_YET_DUE,
            source=Words("Udslusningsplanen", "The exit plan"),
            sort=Sort.PROCESS,
            running=True,
        ),
        _END.code(
            "planned_alternative",
            "plan.alternative",
            Words("Udslusningsplanens anden vej", "The exit plan's other way"),
            codes(DESTINATIONS),
            empty=NOT_YET_DUE,
            source=Words("Udslusningsplanen", "The exit plan"),
            sort=Sort.PROCESS,
            running=True,
        ),
        _END.count(
            "receiving_support",
            "support.found",
            Words("Støtte, der tager imod familien", "Support that receives the family"),
            source=Words("Grundlaget for udslusningen", "The groundwork of the exit"),
            sort=Sort.PROCESS,
            running=True,
        ),
        _GOAL.value(
            "t_first",
            "scores.t_first",
            "number",
            Words("Første T-score", "First T score"),
            Unit.T_SCORE,
            missing=when_null("scores.t_first", NOT_YET_DUE),
            running=True,
        ),
        _GOAL.value(
            "t_last",
            "scores.t_last",
            "number",
            Words("Seneste T-score", "Latest T score"),
            Unit.T_SCORE,
            missing=when_null("scores.t_last", NOT_YET_DUE),
            running=True,
        ),
        _GOAL.count("goals_rated", "goals.rated", Words("Mål med en vurdering", "Goals with a rating"), running=True),
        _GOAL.count(
            "goals_reached",
            "goals.reached",
            Words("Mål nået som forventet eller mere", "Goals reached as expected or more"),
            running=True,
        ),
    ),
    order=("family_id",),
    key=("family_id",),
)  # fmt: skip

CONTACTS = Dataset(
    name=DatasetName.CONTACTS,
    title="Kontakter efter afslutning",
    title_en="Contacts after closing",
    description="En række for hver kontakt i månederne efter afslutningen. En rettet kontakt står, som den er nu.",
    description_en="A row for each contact in the months after closing. A corrected contact stands as it is now.",
    source="""FROM public.flow_journey_followupcontact c
  JOIN public.families_family f ON f.id = c.family_id
 WHERE f.started_on IS NOT NULL AND c.corrected_at IS NULL""",
    variables=(
        pseudonym("contact_id", "contact", "c.uuid", Words("Kontakt", "Contact")),
        family_id(),
        municipality_code(),
        _AFTER.value(
            "months",
            "c.months",
            "integer",
            Words("Måneder efter afslutning", "Months after closing"),
            Unit.MONTHS,
            sort=Sort.PROCESS,
        ),
        _AFTER.day("day", "c.held_on", Words("Dag", "Day"), sort=Sort.PROCESS),
        _AFTER.yes(
            "reached", "c.reached", Words("Familien blev nået", "The family was reached"), sort=Sort.PROCESS
        ),
        _AFTER.yes(
            "lives_together",
            "c.lives_together",
            Words("Forældre og barn bor sammen", "Parents and child live together"),
            missing=f"CASE WHEN c.lives_together IS NOT NULL THEN NULL WHEN c.reached THEN {NOT_ASKED} "
            f"ELSE {NOT_RELEVANT} END",
        ),
    ),
    order=("family_id", "months", "contact_id"),
    key=("contact_id",),
)
