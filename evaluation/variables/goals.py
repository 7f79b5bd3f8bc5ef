"""Goals and how they were rated: a row per goal, and a row per follow-up of barnets lov § 95."""

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
    danish,
    family_id,
    municipality_code,
    pseudonym,
    when_null,
)
from placement.progression.codes import SetbackChoice, Trend
from placement.progression.models import FollowUpOutcome

_GOAL = Maker(Words("Familiens mål", "The family's goals"), Why.IMPLEMENTATION)
_RATED = Maker(
    Words("Vurdering af mål ved opfølgning", "Rating of goals at follow-ups"), Why.RESULT, Sort.OUTCOME
)
_FOLLOWED = Maker(Words("Opfølgninger", "Follow-ups"), Why.IMPLEMENTATION)

GOALS = Dataset(
    name=DatasetName.GOALS,
    title="Mål",
    title_en="Goals",
    description="En række for hvert mål, uden dets ord: hvornår det blev sat, med hvem, og hvor langt det kom.",
    description_en="A row for each goal, without its words: when it was set, with whom, and how far it came.",
    source="""FROM public.progression_goal g
  JOIN public.families_family f ON f.id = g.family_id
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found FROM public.progression_goalparticipant p WHERE p.goal_id = g.id
       ) people
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found,
              (array_agg(r.score ORDER BY u.held_on, r.id))[1] AS first,
              (array_agg(r.score ORDER BY u.held_on DESC, r.id DESC))[1] AS last, max(u.held_on) AS last_on
         FROM public.progression_goalrating r JOIN public.progression_followup u ON u.id = r.follow_up_id
        WHERE r.goal_id = g.id
       ) rated
 WHERE f.started_on IS NOT NULL""",
    variables=(
        pseudonym("goal_id", "goal", "g.uuid", Words("Mål", "Goal")),
        family_id(),
        municipality_code(),
        _GOAL.day("set_day", "g.set_on", Words("Sat", "Set")),
        _GOAL.day("closed_day", "g.closed_on", Words("Lukket", "Closed"), empty=NOT_YET_DUE),
        _GOAL.yes(
            "replaced",
            "EXISTS (SELECT FROM public.progression_goal later WHERE later.replaces_id = g.id)",
            Words("Afløst af et ændret mål", "Replaced by a changed goal"),
            since="closed_day",
        ),
        _GOAL.value("weight", "g.weight", "integer", Words("Vægt", "Weight"), Unit.WEIGHT),
        _GOAL.yes(
            "formulated_with_parents",
            "g.formulated_with_parents",
            Words("Formuleret sammen med forældrene", "Formulated together with the parents"),
        ),
        _GOAL.count(
            "participants", "people.found", Words("Deltagere i formuleringen", "Took part in formulating it")
        ),
        _RATED.value(
            "baseline",
            "g.baseline",
            "integer",
            Words("Udgangspunkt", "Baseline"),
            Unit.LEVEL,
            missing=when_null("g.baseline", NOT_ASKED),
        ),
        _RATED.count(
            "ratings", "rated.found", Words("Vurderinger", "Ratings"), sort=Sort.PROCESS, running=True
        ),
        _RATED.value(
            "first_level",
            "rated.first",
            "integer",
            Words("Første vurdering", "First rating"),
            Unit.LEVEL,
            missing=when_null("rated.first", NOT_YET_DUE),
            running=True,
        ),
        _RATED.value(
            "last_level",
            "rated.last",
            "integer",
            Words("Seneste vurdering", "Latest rating"),
            Unit.LEVEL,
            missing=when_null("rated.last", NOT_YET_DUE),
            running=True,
        ),
        _RATED.day(
            "last_rated_day",
            "rated.last_on",
            Words("Senest vurderet", "Latest rated"),
            empty=NOT_YET_DUE,
            sort=Sort.PROCESS,
            running=True,
        ),
    ),
    order=("family_id", "set_day", "goal_id"),
    key=("goal_id",),
)

FOLLOW_UPS = Dataset(
    name=DatasetName.FOLLOW_UPS,
    title="Opfølgninger",
    title_en="Follow-ups",
    description="En række for hver opfølgning på støtten (barnets lov § 95).",
    description_en="A row for each follow-up of the support (barnets lov § 95).",
    source="""FROM public.progression_followup u
  JOIN public.families_family f ON f.id = u.family_id
  LEFT JOIN public.progression_setbackanswer a ON a.follow_up_id = u.id
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found FROM public.progression_goalrating r WHERE r.follow_up_id = u.id
       ) rated
 WHERE f.started_on IS NOT NULL""",
    variables=(
        pseudonym("follow_up_id", "follow_up", "u.uuid", Words("Opfølgning", "Follow-up")),
        family_id(),
        municipality_code(),
        _FOLLOWED.day("day", "u.held_on", Words("Holdt", "Held")),
        _FOLLOWED.day(
            "next_day", "u.next_on", Words("Næste opfølgning aftalt til", "Next follow-up agreed for")
        ),
        _FOLLOWED.yes(
            "adjust", "u.adjust", Words("Indsatsen skal justeres", "The intervention is to be adjusted")
        ),
        _FOLLOWED.yes(
            "investigate", "u.investigate", Words("Der skal udredes mere", "More is to be clarified")
        ),
        _FOLLOWED.yes(
            "plan", "u.plan", Words("En plan skal laves eller ændres", "A plan is to be made or changed")
        ),
        _FOLLOWED.count("goals_rated", "rated.found", Words("Mål vurderet", "Goals rated")),
        _FOLLOWED.code(
            "trend",
            "u.trend",
            Words("Tendens", "Trend"),
            codes(Trend.choices),
            sort=Sort.OUTCOME,
            why=Why.RESULT,
            empty=NOT_ASKED,
        ),
        _FOLLOWED.value(
            "t_before",
            "u.t_before",
            "number",
            Words("T-score i runden før", "T score in the round before"),
            Unit.T_SCORE,
            sort=Sort.OUTCOME,
            why=Why.RESULT,
            missing=when_null("u.t_before", NOT_RELEVANT),
        ),
        _FOLLOWED.value(
            "t_now",
            "u.t_now",
            "number",
            Words("T-score i denne runde", "T score in this round"),
            Unit.T_SCORE,
            sort=Sort.OUTCOME,
            why=Why.RESULT,
            missing=when_null("u.t_now", NOT_RELEVANT),
        ),
        _FOLLOWED.code(
            "outcome", "u.outcome", Words("Fører til", "Leads to"), codes(FollowUpOutcome.choices)
        ),
        _FOLLOWED.code(
            "setback_choice",
            "a.choice",
            Words("Svar på tilbagegang", "Answer to the setback"),
            codes(SetbackChoice.choices),
            empty=f"CASE WHEN u.trend = 'negative' THEN {NOT_YET_DUE} ELSE {NOT_RELEVANT} END",
            source=Words("Svar på tilbagegang", "The answer to a setback"),
            since="setback_answered_day",
        ),
        _FOLLOWED.day(
            "setback_answered_day",
            danish("a.answered_at"),
            Words("Tilbagegang besvaret", "Setback answered"),
            empty=f"CASE WHEN u.trend = 'negative' THEN {NOT_YET_DUE} ELSE {NOT_RELEVANT} END",
            source=Words("Svar på tilbagegang", "The answer to a setback"),
        ),
    ),
    order=("family_id", "day", "follow_up_id"),
    key=("follow_up_id",),
)
