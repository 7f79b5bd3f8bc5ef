"""The family's network, as counts: a row per map that was drawn. No person of it leaves in any form."""

from __future__ import annotations

from evaluation.dataset_names import DatasetName
from evaluation.variables.declared import Dataset, Sort, Words, codes
from evaluation.variables.kit import (
    Maker,
    Unit,
    Why,
    family_id,
    municipality_code,
)
from evaluation.variables.refusing import counted
from placement.network.models import Moment

_MAP = Maker(Words("Netværkskort", "Network maps"), Why.RESULT, Sort.OUTCOME)
_AGREED = Maker(Words("Aftaler med netværket", "Agreements with the network"), Why.IMPLEMENTATION)

NETWORK = Dataset(
    name=DatasetName.NETWORK,
    title="Netværk, kun antal",
    title_en="Network, counts only",
    description="En række for hvert netværkskort: hvor mange der er på det. Kort ved start og ved udslusning kan sammenlignes. "
    "Personer i netværket er tredjeparter og udleveres aldrig, heller ikke under pseudonym. Aftaler, invitationer og "
    "familierådslagninger tælles for hele forløbet og står ens i familiens rækker.",
    description_en="A row for each network map: how many are on it. Maps at the start and at the exit can be compared. People "
    "of the network are third parties and never leave, not even under a pseudonym. Agreements, invitations and family "
    "conferences are counted over the whole journey and stand alike in the family's rows.",
    source=f"""FROM (SELECT m.*, row_number() OVER (PARTITION BY m.family ORDER BY m.drawn_on, m.map)::integer AS number
         FROM {counted("people_on_maps")} m) maps
  JOIN public.families_family f ON f.id = maps.family
  LEFT JOIN {counted("agreed_tasks")} tasks ON tasks.family = f.id
  LEFT JOIN {counted("invited_people")} invited ON invited.family = f.id
  LEFT JOIN (SELECT c.family, sum(c.held)::integer AS held, sum(c.with_plan)::integer AS with_plan
               FROM {counted("family_conferences")} c GROUP BY c.family) conferences ON conferences.family = f.id
 WHERE f.started_on IS NOT NULL""",
    variables=(
        family_id(),
        municipality_code(),
        _MAP.value(
            "number", "maps.number", "integer", Words("Kortets nummer", "The map's number"), Unit.NUMBER, sort=Sort.PROCESS
        ),
        _MAP.code(
            "moment", "maps.moment", Words("Hvornår i forløbet", "When in the journey"), codes(Moment.choices),
            sort=Sort.PROCESS,
        ),
        _MAP.day("day", "maps.drawn_on", Words("Tegnet", "Drawn"), sort=Sort.PROCESS),
        _MAP.yes(
            "with_parents", "maps.with_parents", Words("Tegnet sammen med forældrene", "Drawn together with the parents"),
            sort=Sort.PROCESS,
        ),
        _MAP.count("people", "maps.people", Words("Personer på kortet", "People on the map")),
        _MAP.count("private_people", "maps.private", Words("Heraf private", "Of these private")),
        _MAP.count("family_people", "maps.family_people", Words("Heraf familie", "Of these family")),
        _MAP.count("friends", "maps.friends", Words("Heraf venner", "Of these friends")),
        _MAP.count(
            "neighbours", "maps.neighbours", Words("Heraf arbejde, skole og nabolag", "Of these work, school, neighbourhood")
        ),
        _MAP.count("professionals", "maps.professionals", Words("Heraf fagpersoner", "Of these professionals")),
        _MAP.count("near", "maps.near", Words("Tæt på", "Near")),
        _MAP.count("middle", "maps.middle", Words("I midten", "In the middle")),
        _MAP.count("far", "maps.far", Words("Længere væk", "Further away")),
        _MAP.count(
            "supportive_private",
            "maps.supportive",
            Words("Private, der giver støtte", "Private people who give support"),
        ),
        _MAP.count("strained", "maps.strained", Words("Anspændte forhold", "Strained relations")),
        _AGREED.count(
            "agreements", "coalesce(tasks.made, 0)", Words("Aftaler i forløbet", "Agreements in the journey"), running=True
        ),
        _AGREED.count("agreements_kept", "coalesce(tasks.kept, 0)", Words("Aftaler holdt", "Agreements kept"), running=True),
        _AGREED.count(
            "agreements_not_kept", "coalesce(tasks.not_kept, 0)", Words("Aftaler ikke holdt", "Agreements not kept"),
            running=True,
        ),
        _AGREED.count(
            "invitations",
            "coalesce(invited.invited, 0)",
            Words("Invitationer til møder", "Invitations to meetings"),
            source=Words("Invitationer af netværket", "Invitations of the network"),
            running=True,
        ),
        _AGREED.count(
            "invitations_came",
            "coalesce(invited.came, 0)",
            Words("Invitationer, hvor personen kom", "Invitations on which the person came"),
            source=Words("Invitationer af netværket", "Invitations of the network"),
            running=True,
        ),
        _AGREED.count(
            "conferences",
            "coalesce(conferences.held, 0)",
            Words("Familierådslagninger holdt", "Family group conferences held"),
            source=Words("Familierådslagninger", "Family group conferences"),
            running=True,
        ),
        _AGREED.count(
            "conferences_with_plan",
            "coalesce(conferences.with_plan, 0)",
            Words("Familierådslagninger med en plan", "Family group conferences with a plan"),
            source=Words("Familierådslagninger", "Family group conferences"),
            running=True,
        ),
    ),
    order=("family_id", "number"),
    key=("family_id", "number"),
)  # fmt: skip
