"""The indicators of each core element: what was planned, what of it was done, for each family and at a given day.

Proposals of ours, because the evaluation's own scale is not public. Deadlines and rhythms are those of the family's model
version with the municipality's adaptation, never a constant here, but for the few that the model does not hold
(`GRACE_DAYS`, `KNOWN_PERSON_DAYS`). Nothing is asked for that the work does not leave behind by itself.

Each rule is two numbers in SQL, over one family ``f`` and the facts of `facts_sql`: how many times it ought to have been so
by now, and how many times it was. Where the first is nothing, the family says nothing about it: it has not come so far, or
it went another way. A rule that asks "was it done in time" ought to be so once, from its deadline on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from placement.instruments.definition import Words
from workflows.fidelity.counted import COUNTED
from workflows.kernel.models import Element

#: Days after the first follow-up within which the exit plan is opened, and a setback is answered. Ours.
GRACE_DAYS = 14
#: Days after moving out that somebody of the team still has the family. Ours.
KNOWN_PERSON_DAYS = 28

#: The family's model version, and what its municipality does otherwise.
MODEL_OF_FAMILY = """
  LEFT JOIN LATERAL (
       SELECT p.model_version_id AS id, p.adaptation_id, p.id AS process FROM public.kernel_process p
        WHERE p.family_id = f.id AND p.flow_class = 'flow_journey/flow.JourneyFlow' ORDER BY p.id DESC LIMIT 1
       ) journey ON true
  LEFT JOIN public.model_versions_modelversion version ON version.id = journey.id
  LEFT JOIN public.model_versions_adaptation adaptation ON adaptation.id = journey.adaptation_id"""


@dataclass(frozen=True)
class Indicator:
    """One rule. ``expected`` and ``done``: SQL numbers over `facts_sql`; ``means``: the rule in words."""

    code: str
    element: Element
    title: Words
    means: Words
    expected: str
    done: str


def _cadence(name: str) -> str:
    return (
        f"coalesce((adaptation.overrides #>> '{{cadence_days,{name}}}')::integer, "
        f"(version.content #>> '{{cadence_days,{name}}}')::integer)"
    )


def _days_of_clock(code: str) -> str:
    """The model's deadline in days, as the municipality has it; nothing when it counts in something else."""
    return (
        f"coalesce((adaptation.overrides #>> '{{clocks,{code}}}')::integer, "
        "(SELECT (c ->> 'days')::integer FROM jsonb_array_elements(version.content -> 'clocks') c "
        f"WHERE c ->> 'code' = '{code}' LIMIT 1))"
    )


def counted_here(name: str) -> str:
    """A count of third parties as the reader's own rows give it."""
    return f"({COUNTED[name].sql})"


def facts_sql(today: str, counted: Callable[[str], str] = counted_here) -> str:
    """The joins that the rules read, to stand behind ``FROM public.families_family f``.

    ``today``: the day as SQL. ``counted``: how a `COUNTED` source is named where the query runs.
    """
    return (
        MODEL_OF_FAMILY
        + f"""
 CROSS JOIN LATERAL (
       SELECT f.moved_in_on AS begins, least(coalesce(f.moved_out_on, f.closed_on, {today}), {today}) AS ends,
              {today} AS today, {_cadence("team_meeting")} AS team_days,
              {_cadence("mentalisation_session")} AS session_days, {_cadence("network_meeting")} AS circle_days,
              {_days_of_clock("team-named")} AS named_days, {_days_of_clock("goals-with-parents")} AS goal_days,
              {_days_of_clock("network-mapped")} AS map_days
       ) house
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(greatest(least(coalesce(p.resumed_on, house.ends), house.ends)
                                    - greatest(p.paused_on, house.begins), 0)), 0)::integer AS days
         FROM public.families_pause p WHERE p.family_id = f.id
       ) away
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS asked,
              (count(*) FILTER (WHERE EXISTS (
                 SELECT FROM public.families_familygrant g
                  WHERE g.content_object_id = f.id AND g.function = 'team' AND g.profession = needed.profession
                    AND g.starts <= house.begins + house.named_days
                    AND (g.ends IS NULL OR g.ends >= house.begins))))::integer AS named
         FROM (SELECT jsonb_array_elements_text(version.content #> '{{team,required_professions}}') AS profession
                UNION SELECT jsonb_array_elements_text(adaptation.overrides #> '{{team,require}}')) needed
       ) roles
 CROSS JOIN LATERAL (
       SELECT (count(*) FILTER (WHERE m.kind = 'team'))::integer AS team,
              (count(*) FILTER (WHERE m.kind = 'team' AND cardinality(m.missing) = 0))::integer AS whole,
              (count(*) FILTER (WHERE m.kind = 'team' AND m.parents_present))::integer AS with_parents,
              (count(DISTINCT (m.held_on - house.begins) / house.team_days)
                 FILTER (WHERE m.kind = 'team'))::integer AS team_periods,
              (count(DISTINCT (m.held_on - house.begins) / house.circle_days)
                 FILTER (WHERE m.kind = 'network'))::integer AS circle_periods
         FROM public.meetings_meeting m
        WHERE m.family_id = f.id AND m.held_on BETWEEN house.begins AND house.ends
       ) meetings
 CROSS JOIN LATERAL (
       SELECT (count(*) FILTER (WHERE s.status = 'held'))::integer AS held,
              (count(*) FILTER (WHERE s.status = 'held' AND cardinality(s.untrained) = 0))::integer AS trained,
              (count(DISTINCT (s.held_on - house.begins) / house.session_days)
                 FILTER (WHERE s.status = 'held'))::integer AS periods
         FROM public.meetings_session s
        WHERE s.family_id = f.id AND s.held_on BETWEEN house.begins AND house.ends
       ) sessions
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS asked,
              (count(*) FILTER (WHERE EXISTS (
                 SELECT FROM public.flow_measuring_administration a
                  WHERE a.family_id = f.id AND a.instrument = 'prfq' AND a.missing_reason = ''
                    AND a.answered_on >= point.opens AND (point.until IS NULL OR a.answered_on < point.until)
                    AND NOT EXISTS (SELECT FROM public.flow_measuring_administration later
                                     WHERE later.replaces_id = a.id))))::integer AS made
         FROM (SELECT p.anchor + (p.content ->> 'opens_days')::integer AS opens,
                      p.anchor + (p.content ->> 'due_days')::integer AS due, p.content -> 'instruments' AS instruments,
                      lead(p.anchor + (p.content ->> 'opens_days')::integer) OVER (ORDER BY p.number) AS until, p.number
                 FROM (SELECT e.content, e.number,
                              CASE e.content ->> 'after' WHEN 'started' THEN f.started_on WHEN 'moved_in' THEN
                                   f.moved_in_on WHEN 'moved_out' THEN f.moved_out_on END AS anchor
                         FROM jsonb_array_elements(version.content -> 'measurement_points')
                              WITH ORDINALITY e(content, number)) p) point
        WHERE point.instruments ? 'prfq' AND point.due <= house.today
       ) prfq
 CROSS JOIN LATERAL (
       SELECT min(g.set_on) FILTER (WHERE g.formulated_with_parents) AS first
         FROM public.progression_goal g WHERE g.family_id = f.id AND (house.begins IS NULL OR g.set_on <= house.ends)
       ) goals
 CROSS JOIN LATERAL (
       SELECT min(u.held_on) AS first,
              coalesce(sum((SELECT count(*) FROM public.progression_goal g
                             WHERE g.family_id = f.id AND g.set_on < u.held_on
                               AND (g.closed_on IS NULL OR g.closed_on >= u.held_on))), 0)::integer AS to_rate,
              coalesce(sum((SELECT count(*) FROM public.progression_goalrating r
                              JOIN public.progression_goal g ON g.id = r.goal_id
                             WHERE r.follow_up_id = u.id AND g.set_on < u.held_on)), 0)::integer AS rated,
              (count(*) FILTER (WHERE u.trend = 'negative' AND (a.id IS NOT NULL OR u.outcome = 'revise_goals'
                                OR u.held_on + {GRACE_DAYS} < house.today)))::integer AS setbacks,
              (count(*) FILTER (WHERE u.trend = 'negative' AND (u.outcome = 'revise_goals' OR (
                                a.choice IN ('change_goals', 'change_plan')
                                AND (a.answered_at AT TIME ZONE 'Europe/Copenhagen')::date
                                    <= u.held_on + {GRACE_DAYS}))))::integer AS changed
         FROM public.progression_followup u
         LEFT JOIN public.progression_setbackanswer a ON a.follow_up_id = u.id
        WHERE u.family_id = f.id AND u.held_on <= house.today
       ) follow_ups
 CROSS JOIN LATERAL (
       SELECT min(c.drawn_on) AS first, count(*) FILTER (WHERE c.moment = 'exit') AS at_exit
         FROM {counted("people_on_maps")} c WHERE c.family = f.id
       ) maps
  LEFT JOIN LATERAL (SELECT c.made, c.kept, c.not_kept FROM {counted("agreed_tasks")} c WHERE c.family = f.id) tasks ON true
 CROSS JOIN LATERAL (
       SELECT min(e.made_on) AS planned FROM public.flow_exit_exitplan e WHERE e.family_id = f.id
       ) plans
 CROSS JOIN LATERAL (
       SELECT jsonb_array_length(version.content -> 'exit_steps') - 1 AS asked,
              count(DISTINCT s.code)::integer AS tried
         FROM public.flow_exit_exitstep s
        WHERE s.family_id = f.id AND s.carried_out_on <= f.moved_out_on
          AND s.code <> version.content -> 'exit_steps' -> -1 ->> 'code'
       ) ladder
 CROSS JOIN LATERAL (
       SELECT count(*) AS still FROM public.families_familygrant g
        WHERE g.content_object_id = f.id AND g.function = 'team' AND g.starts <= f.moved_out_on
          AND (g.ends IS NULL OR g.ends >= f.moved_out_on + {KNOWN_PERSON_DAYS})
       ) known
 CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE r.informed_on <= f.moved_out_on) AS in_place
         FROM public.flow_exit_receivingsupport r WHERE r.family_id = f.id
       ) support
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS asked,
              (count(*) FILTER (WHERE EXISTS (
                 SELECT FROM public.flow_journey_followupcontact c
                  WHERE c.family_id = f.id AND c.months = mark.months AND c.reached AND c.corrected_at IS NULL
                    AND (c.journey_id IS NULL OR c.journey_id = journey.process))))::integer AS reached
         FROM (SELECT jsonb_array_elements_text(version.content #> '{{contacts,months_after_closing}}')::integer AS months
                UNION SELECT jsonb_array_elements_text(adaptation.overrides #> '{{contacts,add_months}}')::integer) mark
        WHERE f.closed_on + make_interval(months => mark.months) <= house.today
       ) contacts"""
    )


#: Planned rounds that are over: of so many days each, without the time the family was away.
def _rounds(days: str) -> str:
    return f"greatest((house.ends - house.begins - away.days) / {days}, 0)"


def _once(when_due: str) -> str:
    return f"CASE WHEN {when_due} THEN 1 ELSE 0 END"


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "team_named",
        Element.TEAM,
        Words("Faggrupper i teamet til tiden", "Professions in the team in time"),
        Words(
            "De faggrupper, modellen kræver, var i teamet inden fristen efter indflytning.",
            "The professions that the model asks for were in the team within its deadline after moving in.",
        ),
        "CASE WHEN house.begins + house.named_days <= house.today THEN roles.asked ELSE 0 END",
        "roles.named",
    ),
    Indicator(
        "team_meetings",
        Element.TEAM,
        Words("Tværfaglige møder holdt", "Team meetings held"),
        Words(
            "Perioder i modellens rytme, mens familien boede her, hvor der blev holdt et teammøde.",
            "Periods of the model's rhythm while the family lived here in which a team meeting was held.",
        ),
        _rounds("house.team_days"),
        "meetings.team_periods",
    ),
    Indicator(
        "team_roles_present",
        Element.TEAM,
        Words("Møder med de krævede faggrupper", "Meetings with the professions asked for"),
        Words(
            "Teammøder, hvor ingen faggruppe, som modellen kræver, manglede.",
            "Team meetings at which no profession that the model asks for was missing.",
        ),
        "meetings.team",
        "meetings.whole",
    ),
    Indicator(
        "team_parents_present",
        Element.TEAM,
        Words("Møder med forældrene", "Meetings with the parents"),
        Words("Teammøder, hvor forældrene deltog.", "Team meetings at which the parents took part."),
        "meetings.team",
        "meetings.with_parents",
    ),
    Indicator(
        "sessions_held",
        Element.MENTALISATION,
        Words("Mentaliserende samtaler holdt", "Mentalising sessions held"),
        Words(
            "Perioder i modellens rytme, mens familien boede her, med en samtale eller videofeedback.",
            "Periods of the model's rhythm while the family lived here with a session or video feedback.",
        ),
        _rounds("house.session_days"),
        "sessions.periods",
    ),
    Indicator(
        "sessions_trained",
        Element.MENTALISATION,
        Words("Samtaler ved uddannet personale", "Sessions by trained staff"),
        Words(
            "Holdte samtaler, hvor den, der holdt dem, den dag havde den uddannelse og supervision, modellen kræver.",
            "Sessions held by somebody who had the training and supervision the model asks for that day.",
        ),
        "sessions.held",
        "sessions.trained",
    ),
    Indicator(
        "prfq_points",
        Element.MENTALISATION,
        Words("PRFQ ved modellens tidspunkter", "PRFQ at the model's points"),
        Words(
            "Modellens tidspunkter for PRFQ, hvis frist er gået, med et besvaret skema.",
            "The model's points for PRFQ whose deadline has passed, with an answered form.",
        ),
        "prfq.asked",
        "prfq.made",
    ),
    Indicator(
        "goals_in_time",
        Element.PROGRESSION,
        Words("Mål sat med forældrene til tiden", "Goals set with the parents in time"),
        Words(
            "Et mål blev sat sammen med forældrene inden fristen efter indflytning.",
            "A goal was set together with the parents within the deadline after moving in.",
        ),
        _once(
            "goals.first <= house.begins + house.goal_days OR house.begins + house.goal_days <= house.today"
        ),
        _once("goals.first <= house.begins + house.goal_days"),
    ),
    Indicator(
        "goals_rated",
        Element.PROGRESSION,
        Words("Mål vurderet ved opfølgning", "Goals rated at follow-ups"),
        Words(
            "Hvert mål, der var sat før en opfølgning, er vurderet ved den.",
            "Each goal that was set before a follow-up was rated there.",
        ),
        "follow_ups.to_rate",
        "follow_ups.rated",
    ),
    Indicator(
        "setbacks_answered",
        Element.PROGRESSION,
        Words("Mål eller plan ændret efter tilbagegang", "Goals or plan changed after a setback"),
        Words(
            f"Opfølgninger med tilbagegang, der ændrede mål eller plan inden for {GRACE_DAYS} dage.",
            f"Follow-ups with a setback that changed goals or plan within {GRACE_DAYS} days.",
        ),
        "follow_ups.setbacks",
        "follow_ups.changed",
    ),
    Indicator(
        "map_in_time",
        Element.NETWORK,
        Words("Netværkskort til tiden", "Network map in time"),
        Words(
            "Netværket blev tegnet inden fristen efter indflytning.",
            "The network was drawn within the deadline after moving in.",
        ),
        _once("maps.first <= house.begins + house.map_days OR house.begins + house.map_days <= house.today"),
        _once("maps.first <= house.begins + house.map_days"),
    ),
    Indicator(
        "meetings_with_network",
        Element.NETWORK,
        Words("Netværksmøder holdt", "Network meetings held"),
        Words(
            "Perioder i modellens rytme, mens familien boede her, hvor der blev holdt et netværksmøde.",
            "Periods of the model's rhythm while the family lived here in which a network meeting was held.",
        ),
        _rounds("house.circle_days"),
        "meetings.circle_periods",
    ),
    Indicator(
        "tasks_of_network",
        Element.NETWORK,
        Words("Aftale med netværket", "An agreement with the network"),
        Words(
            "Mindst én i netværket har en aftalt opgave, når den første periode for netværksmøder er gået.",
            "At least one in the network has an agreed task once the first period for network meetings has passed.",
        ),
        _once("tasks.made > 0 OR house.begins + house.circle_days <= house.today"),
        _once("tasks.made > 0"),
    ),
    Indicator(
        "kept_by_network",
        Element.NETWORK,
        Words("Aftaler med netværket holdt", "Agreements with the network kept"),
        Words(
            "Aftaler med netværket, der er fulgt op, og som blev holdt.",
            "Agreements with the network that were followed up, and were kept.",
        ),
        "coalesce(tasks.kept + tasks.not_kept, 0)",
        "coalesce(tasks.kept, 0)",
    ),
    Indicator(
        "map_at_exit",
        Element.NETWORK,
        Words("Netværkskort igen ved udslusning", "Network map again at the exit"),
        Words("Netværket blev tegnet igen ved udslusningen.", "The network was drawn again at the exit."),
        _once("f.moved_out_on <= house.today"),
        _once("maps.at_exit > 0"),
    ),
    Indicator(
        "exit_planned",
        Element.EXIT,
        Words("Udslusningsplan ved første opfølgning", "Exit plan at the first follow-up"),
        Words(
            f"Udslusningsplanen blev åbnet senest {GRACE_DAYS} dage efter den første opfølgning.",
            f"The exit plan was opened within {GRACE_DAYS} days of the first follow-up.",
        ),
        _once(
            f"follow_ups.first + {GRACE_DAYS} <= house.today OR plans.planned <= follow_ups.first + {GRACE_DAYS}"
        ),
        _once(f"plans.planned <= follow_ups.first + {GRACE_DAYS}"),
    ),
    Indicator(
        "steps_tried",
        Element.EXIT,
        Words("Trin prøvet før flytning", "Steps tried before moving"),
        Words(
            "Trin på stigen før flytningen, der blev gennemført, inden familien flyttede ud.",
            "Steps of the ladder before the move that were carried out before the family moved out.",
        ),
        "CASE WHEN f.moved_out_on <= house.today THEN coalesce(ladder.asked, 0) ELSE 0 END",
        "ladder.tried",
    ),
    Indicator(
        "known_person",
        Element.EXIT,
        Words("En kendt person efter flytning", "A known person after the move"),
        Words(
            f"En fra teamet havde stadig familien {KNOWN_PERSON_DAYS} dage efter udflytning.",
            f"Somebody of the team still had the family {KNOWN_PERSON_DAYS} days after moving out.",
        ),
        _once(f"f.moved_out_on + {KNOWN_PERSON_DAYS} <= house.today"),
        _once("known.still > 0"),
    ),
    Indicator(
        "support_in_place",
        Element.EXIT,
        Words("Støtte på plads på flyttedagen", "Support in place on the day of moving"),
        Words(
            "Den støtte, der tager imod, var informeret senest den dag, familien flyttede ud.",
            "The support that receives the family was informed no later than the day it moved out.",
        ),
        _once("f.moved_out_on <= house.today"),
        _once("support.in_place > 0"),
    ),
    Indicator(
        "contacts_made",
        Element.EXIT,
        Words("Kontakt efter afslutning", "Contact after closing"),
        Words(
            "Modellens måneder efter afslutningen, der er gået, hvor familien blev nået.",
            "The model's months after closing that have passed in which the family was reached.",
        ),
        "contacts.asked",
        "contacts.reached",
    ),
)


def rules_sql() -> str:
    """The rules as a lateral ``rule`` with ``element``, ``code``, ``expected`` and ``done``, to stand behind the facts.

    ``expected`` is null where the family says nothing about the rule, and ``done`` with it.
    """
    lines = ",\n          ".join(
        f"({number}, '{one.element.value}', '{one.code}', nullif(coalesce(({one.expected})::integer, 0), 0), "
        f"({one.done})::integer)"
        for number, one in enumerate(INDICATORS, start=1)
    )
    return f"""
 CROSS JOIN LATERAL (
       SELECT v.number, v.element, v.code, v.expected,
              CASE WHEN v.expected IS NOT NULL THEN least(coalesce(v.done, 0), v.expected) END AS done
         FROM (VALUES
          {lines}
         ) v(number, element, code, expected, done)
       ) rule"""
