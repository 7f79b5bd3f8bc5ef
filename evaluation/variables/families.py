"""What the journey of each family was like: a row per family that has begun."""

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
    when_null,
)
from placement.families.codes import EndReason, EnquirySource, Initiator

_WAY = Maker(Words("Forløbets trin", "The journey's steps"), Why.IMPLEMENTATION)
_PEOPLE = Maker(Words("Familiens personer", "The family's people"), Why.GROUP, Sort.QUASI_IDENTIFYING)
_AWAY = Maker(Words("Pauser og stedskift", "Pauses and changes of house"), Why.IMPLEMENTATION)

FAMILIES = Dataset(
    name=DatasetName.FAMILIES,
    title="Familier og forløb",
    title_en="Families and journeys",
    description="En række for hver familie, der er startet i indsatsen: vejen ind, forløbets længde og hvordan det gik på "
    "vejen. Om målgruppen står i registreringsskemaet.",
    description_en="A row for each family that has begun the intervention: the way in, the journey's length and what "
    "happened on the way. About the target group see the registration form.",
    source="""FROM public.families_family f
 CROSS JOIN LATERAL (
       SELECT (count(*) FILTER (WHERE p.kind = 'parent'))::integer AS parents,
              (count(*) FILTER (WHERE p.kind = 'child' AND p.birth_state <> 'lost'))::integer AS children,
              (count(*) FILTER (WHERE p.kind = 'sibling'))::integer AS siblings
         FROM public.families_person p WHERE p.family_id = f.id
       ) people
  LEFT JOIN LATERAL (
       SELECT d.decided_at, d.expected_weeks FROM public.families_decision d
        WHERE d.family_id = f.id AND d.approved ORDER BY d.decided_at DESC, d.id DESC LIMIT 1
       ) decision ON true
  LEFT JOIN LATERAL (
       SELECT min(c.given_on) AS given_on FROM public.families_consent c WHERE c.family_id = f.id
       ) consent ON true
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found,
              coalesce(sum(p.resumed_on - p.paused_on), 0)::integer AS days
         FROM public.families_pause p WHERE p.family_id = f.id
       ) pauses
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found FROM public.families_sitechange c WHERE c.family_id = f.id
       ) moves
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found FROM public.flow_screening_concern c WHERE c.family_id = f.id
       ) concerns
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS found FROM public.flow_journey_earlierjourney e WHERE e.family_id = f.id
       ) earlier
  LEFT JOIN LATERAL (
       SELECT w.reason, w.initiator, w.planned FROM public.flow_journey_withdrawal w
        WHERE w.family_id = f.id AND f.closed_on IS NOT NULL AND w.ended_on >= f.started_on
        ORDER BY w.id DESC LIMIT 1
       ) broken ON true
 WHERE f.started_on IS NOT NULL""",
    variables=(
        family_id(),
        municipality_code(),
        _WAY.code(
            "enquiry_source",
            "f.source",
            Words("Hvor henvendelsen kom fra", "Where the enquiry came from"),
            codes(EnquirySource.choices),
            why=Why.GROUP,
            sort=Sort.QUASI_IDENTIFYING,
        ),
        _WAY.day("enquired_day", danish("f.enquired_at"), Words("Henvendelse", "Enquiry")),
        _WAY.day(
            "consented_day",
            "consent.given_on",
            Words("Første samtykke til opholdet", "First consent to the stay"),
            empty=NOT_ASKED,
        ),
        _WAY.day(
            "decided_day",
            danish("decision.decided_at"),
            Words("Afgørelse om opholdet", "Decision on the stay"),
            empty=NOT_ASKED,
        ),
        _WAY.value(
            "expected_weeks",
            "decision.expected_weeks",
            "integer",
            Words("Forventet varighed i afgørelsen", "Expected duration in the decision"),
            Unit.LENGTH_WEEKS,
            missing=when_null("decision.expected_weeks", NOT_ASKED),
        ),
        _PEOPLE.count("parents", "people.parents", Words("Forældre i familien", "Parents in the family")),
        _PEOPLE.count(
            "children",
            "people.children",
            Words("Børn, indsatsen handler om", "Children the intervention is about"),
            description=Words("Født eller ventet; tvillinger er to.", "Born or expected; twins are two."),
        ),
        _PEOPLE.count("older_children", "people.siblings", Words("Ældre søskende", "Older siblings")),
        _PEOPLE.count(
            "traits_chosen",
            "cardinality(f.traits)",
            Words("Udfordringer valgt i vurderingen", "Challenges chosen in the assessment"),
            source=Words("Vurderingen af målgruppen", "The assessment of the target group"),
        ),
        _WAY.day("moved_in_day", "f.moved_in_on", Words("Flyttet ind", "Moved in"), empty=NOT_YET_DUE),
        _WAY.day("moved_out_day", "f.moved_out_on", Words("Flyttet ud", "Moved out"), empty=NOT_YET_DUE),
        _WAY.day(
            "closed_day", "f.closed_on", Words("Forløbet afsluttet", "The journey closed"), empty=NOT_YET_DUE
        ),
        _AWAY.count("pauses", "pauses.found", Words("Pauser", "Pauses"), running=True),
        _AWAY.value(
            "pause_days",
            "pauses.days",
            "integer",
            Words("Dage på pause i alt", "Days paused altogether"),
            Unit.LENGTH,
            description=Words(
                "En pause, der løber, tæller ikke med.", "A pause that goes on does not count."
            ),
            running=True,
        ),
        _AWAY.count(
            "site_changes",
            "moves.found",
            Words("Skift af hus eller værelse", "Changes of house or room"),
            running=True,
        ),
        _WAY.count(
            "concerns",
            "concerns.found",
            Words("Underretninger", "Notifications of concern"),
            source=Words("Underretninger på familien", "Notifications of concern about the family"),
            sort=Sort.SENSITIVE,
            why=Why.RESULT,
            running=True,
        ),
        _WAY.count(
            "earlier_journeys",
            "earlier.found",
            Words("Tidligere forløb, der er genåbnet", "Earlier journeys that were opened again"),
        ),
        _WAY.code(
            "end_reason",
            "broken.reason",
            Words("Hvorfor forløbet blev afbrudt", "Why the journey was broken off"),
            codes(EndReason.choices),
            empty=f"CASE WHEN f.closed_on IS NULL THEN {NOT_YET_DUE} ELSE {NOT_RELEVANT} END",
            sort=Sort.SENSITIVE,
            why=Why.RESULT,
        ),
        _WAY.code(
            "end_initiator",
            "broken.initiator",
            Words("Hvis ønske det var at afbryde", "Whose wish it was to break off"),
            codes(Initiator.choices),
            empty=f"CASE WHEN f.closed_on IS NULL THEN {NOT_YET_DUE} ELSE {NOT_RELEVANT} END",
            sort=Sort.SENSITIVE,
            why=Why.RESULT,
        ),
    ),
    order=("family_id",),
    key=("family_id",),
)
