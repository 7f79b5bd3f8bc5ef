"""Meetings of the team and with the network, and mentalising sessions: a row each, and nobody in them but as a count."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.declared import NOT_YET_DUE, Dataset, Words, codes
from evaluation.variables.kit import (
    Maker,
    Why,
    family_id,
    municipality_code,
    pseudonym,
)
from evaluation.variables.refusing import counted
from placement.meetings.models import MeetingKind, MeetingOutcome, SessionKind, SessionOutcome, SessionStatus

_HELD = Maker(Words("Møder på familiens side", "Meetings on the family's page"), Why.IMPLEMENTATION)
_SESSION = Maker(Words("Mentaliserende samtaler", "Mentalising sessions"), Why.IMPLEMENTATION)

MEETINGS = Dataset(
    name=DatasetName.MEETINGS,
    title="Møder",
    title_en="Meetings",
    description="En række for hvert møde, der blev holdt: hvor mange der var med, og hvad der blev af beslutningerne.",
    description_en="A row for each meeting that was held: how many took part, and what became of the decisions.",
    source=f"""FROM public.meetings_meeting m
  JOIN public.families_family f ON f.id = m.family_id
  LEFT JOIN {counted("people_at_meetings")} present ON present.meeting = m.id
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found, (count(o.id) FILTER (WHERE o.done))::integer AS done,
              (count(o.id) FILTER (WHERE NOT o.done))::integer AS not_done
         FROM public.meetings_meetingdecision d
         LEFT JOIN public.meetings_decisionoutcome o ON o.decision_id = d.id WHERE d.meeting_id = m.id
       ) decisions
 WHERE f.started_on IS NOT NULL""",
    variables=(
        pseudonym("meeting_id", "meeting", "m.uuid", Words("Møde", "Meeting")),
        family_id(),
        municipality_code(),
        _HELD.code("kind", "m.kind", Words("Mødetype", "Kind of meeting"), codes(MeetingKind.choices)),
        _HELD.day("day", "m.held_on", Words("Holdt", "Held")),
        _HELD.day(
            "next_day",
            "m.next_on",
            Words("Næste møde aftalt til", "Next meeting agreed for"),
            empty=NOT_YET_DUE,
        ),
        _HELD.yes(
            "parents_present", "m.parents_present", Words("Forældrene deltog", "The parents took part")
        ),
        _HELD.count(
            "professions_absent",
            "cardinality(m.missing)",
            Words("Krævede faggrupper, der manglede", "Professions asked for that were missing"),
        ),
        _HELD.count(
            "colleagues_present",
            "coalesce(present.colleagues, 0)",
            Words("Medarbejdere til stede", "Staff present"),
        ),
        _HELD.count(
            "others_present",
            "coalesce(present.others, 0)",
            Words("Andre til stede", "Others present"),
            description=Words(
                "Familie, netværk og gæster. Kun antallet udleveres.",
                "Family, network and guests. Only the number leaves.",
            ),
        ),
        _HELD.code("outcome", "m.outcome", Words("Fører til", "Leads to"), codes(MeetingOutcome.choices)),
        _HELD.count("decisions", "decisions.found", Words("Beslutninger", "Decisions")),
        _HELD.count(
            "decisions_done",
            "decisions.done",
            Words("Beslutninger udført", "Decisions carried out"),
            running=True,
        ),
        _HELD.count(
            "decisions_not_done",
            "decisions.not_done",
            Words("Beslutninger ikke udført", "Decisions not carried out"),
            running=True,
        ),
    ),
    order=("family_id", "day", "kind", "meeting_id"),
    key=("meeting_id",),
)

SESSIONS = Dataset(
    name=DatasetName.SESSIONS,
    title="Mentaliserende samtaler",
    title_en="Mentalising sessions",
    description="En række for hver planlagt samtale eller videofeedback: holdt eller ikke. Aldrig indhold eller video.",
    description_en="A row for each planned session or video feedback: held or not. Never its content or a video.",
    source="""FROM public.meetings_session s
  JOIN public.families_family f ON f.id = s.family_id
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found FROM public.meetings_sessionparticipant p WHERE p.session_id = s.id
       ) people
 WHERE f.started_on IS NOT NULL""",
    variables=(
        pseudonym("session_id", "session", "s.uuid", Words("Samtale", "Session")),
        family_id(),
        municipality_code(),
        _SESSION.code("kind", "s.kind", Words("Form", "Form"), codes(SessionKind.choices)),
        _SESSION.code(
            "status", "s.status", Words("Holdt eller ikke", "Held or not"), codes(SessionStatus.choices)
        ),
        _SESSION.day("day", "s.held_on", Words("Dag", "Day")),
        _SESSION.count(
            "participants", "people.found", Words("Fra familien til stede", "Of the family present")
        ),
        _SESSION.yes(
            "by_trained_staff",
            "cardinality(s.untrained) = 0",
            Words("Holdt af uddannet personale", "Held by trained staff"),
            description=Words(
                "1, når den, der holdt den, den dag havde den uddannelse og supervision, modellen kræver.",
                "1 when whoever held it had the training and supervision that the model asks for that day.",
            ),
        ),
        _SESSION.code("outcome", "s.outcome", Words("Fører til", "Leads to"), codes(SessionOutcome.choices)),
    ),
    order=("family_id", "day", "kind", "session_id"),
    key=("session_id",),
)
