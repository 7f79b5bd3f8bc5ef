"""What staff write can be read again: one list below the family, the same for pages and programs."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from demo.staffing import hand_out_minutes
from placement import clock
from placement.families.models import Consent
from placement.families.services import withdraw_consent
from placement.journal.services import correct_note, write_note
from placement.progression.goals import close_goal
from placement.progression.models import Goal
from tests import story
from tests.cast import api, browser
from tests.scene import Scene
from tests.walking import ByApi, Page, all_of
from workflows.journey.entries import SOURCES
from workflows.journey.entries.clocks import CLOCKS
from workflows.journey.entries.decisions import DECISIONS
from workflows.journey.entries.investigated import INVESTIGATED
from workflows.journey.history import history
from workflows.journey.moves.told import MOVES
from workflows.screening.services import receive_concern


def shown(html: str) -> list[str]:
    """The entries of a page, each as its text."""
    return [Page(part).text for part in re.split(r"<li>", html.split('class="plain timeline"')[-1])[1:]]


def all_pages(client: Any, address: str) -> list[str]:
    """The entries of the whole history, page after page."""
    found: list[str] = []
    following = address
    while following:
        answer = client.get(following)
        assert answer.status_code == 200
        html = answer.content.decode()
        found += shown(html.split("</ol>")[0])
        older = [link for link in Page(html).links if "foer=" in link]
        following = older[0] if older else ""
    return found


#: Tables with texts that staff write.
WRITTEN = [
    ("families_family", "enquiry_text"), ("families_family", "assessment"),
    ("families_family", "family_view_of_outcome"),
    ("meetings_meeting", "minutes"), ("meetings_meeting", "parents_absent_reason"),
    ("meetings_meetingdecision", "text"), ("meetings_session", "focus"), ("meetings_session", "summary"),
    ("meetings_mentalisationbaseline", "strengths"), ("meetings_mentalisationbaseline", "focus"),
    ("progression_goal", "title"), ("progression_goal", "level_0"), ("progression_goal", "closed_reason"),
    ("progression_followup", "adjust_text"), ("progression_followup", "next_reason"),
    ("progression_goalrating", "comment"), ("network_networkmap", "remark"), ("network_networkperson", "label"),
    ("network_agreement", "what"), ("network_agreement", "comment"), ("families_childview", "text"),
    ("families_decision", "purpose"), ("families_decision", "reason"),
    ("flow_exit_exitplan", "receiving_support"), ("flow_exit_exitstep", "why_now"),
    ("flow_exit_exitstep", "staff_view"), ("flow_exit_exitstep", "parents_view"),
    ("flow_exit_exitstepdecision", "reason"), ("flow_exit_authorityword", "reason"),
    ("flow_exit_exitplan", "residence_task"), ("flow_exit_exitstep", "child_needs"),
    ("flow_exit_exitvisit", "staff_view"), ("flow_exit_exitvisit", "parents_view"),
    ("flow_exit_exitvisit", "child_signals"), ("flow_exit_safetyplan", "worries"),
    ("flow_exit_safetyplan", "agreed"), ("flow_exit_safetyplan", "signed_by"),
    ("flow_exit_receivingsupport", "organisation"), ("flow_exit_handovermeeting", "agreed"),
    ("flow_exit_childplanrevision", "changes"),
    ("flow_exit_exitexception", "reason"), ("flow_exit_exitrecord", "support_at_exit"),
    ("flow_journey_followupcontact", "summary"),
]  # fmt: skip


def test_everything_that_was_written_on_a_whole_journey_is_read_again(
    house: None, looking: psycopg.Connection[Any]
) -> None:
    walked = ByApi()
    walked.walk(story.WHOLE_JOURNEY)
    close_a_goal_and_take_a_consent_back(walked)
    hear_of_a_concern(walked)
    give_the_minutes_out(walked)
    everything_is_read(walked, looking)
    the_cards_say_what_stands(walked)
    the_number_of_questions_stays(walked)


def close_a_goal_and_take_a_consent_back(walked: ByApi) -> None:
    """The two things that the story leaves out."""
    with clock.standing_at(walked.now), walked.company.actor("authoritylead").acting(), transaction.atomic():
        goal = Goal.objects.active().filter(family=walked.family).first()
        assert goal is not None
        close_goal(goal=goal, reason="De kan det nu.", now=walked.now)
        consent = Consent.objects.filter(family=walked.family).select_related("person").first()
        assert consent is not None
        withdraw_consent(person=consent.person, on=clock.today())


def give_the_minutes_out(walked: ByApi) -> None:
    """A parent is given what was written down of the last team meeting."""
    hand_out_minutes(walked.company, walked.family, walked.now)


def hear_of_a_concern(walked: ByApi) -> None:
    """After the contacts too, a notification is received, assessed twice, answered and closed."""
    caseworker = walked.company.actor("caseworker")
    with clock.standing_at(walked.now), caseworker.acting(), transaction.atomic():
        receive_concern(
            actor=caseworker, family=walked.family, received_at=walked.now, notifier="school",
            what="Søskende er trist i skolen.", acute=False, violence_possible=False, now=walked.now,
        )  # fmt: skip
    for step in ("assess_concern", "appoint_second", "second_assessment", "send_receipt", "close_concern"):
        walked.act(f"screening.{step}")


def everything_is_read(walked: ByApi, looking: psycopg.Connection[Any]) -> None:
    with clock.standing_at(walked.now):
        lead = walked.company.actor("authoritylead")
        address = f"/familier/{walked.family_uuid}/historik/"
        events = all_of(walked.client(lead), f"/api/v1/families/{walked.family_uuid}/timeline/", limit=7)
        pages = all_pages(browser(lead), address)
    assert len(pages) == len(events) > 60
    ids = [event["id"] for event in events]
    assert len(ids) == len(set(ids))
    moments = [event["at"] for event in events]
    assert [UUID(one) for one in ids] and moments == sorted(moments, reverse=True)
    kinds = {event["kind"] for event in events}
    told = {source.kind for source in SOURCES} - {"note", "measurement"}
    # Told in tests of their own: a family that is moved to another version, a step approved without a condition,
    # answers on instruments and what was done about a score (test_measuring_pages).
    told -= {"version_move", "exit_exception", "administration", "score_action"}
    # Screening, examination and the two plans, and how the law's deadlines were moved: tests/journeys/test_unborn.py.
    told -= {source.kind for source in (*INVESTIGATED, *CLOCKS)}
    # What surrounds a decision (tests/journeys/test_sibling_is_a_party.py, test_consent_at_night.py).
    told -= {source.kind for source in DECISIONS} - {"hearing"}
    # A focus worded with the parents, and what VIVE asks for.
    told -= {"focus"} | {kind for kind in told if kind.startswith("research_")}
    # A genogram and a conference (tests/journeys/test_conference.py, test_network_safety.py).
    told -= {"genogram"} | {kind for kind in told if kind.startswith("conference")}
    assert kinds >= told | {"enquiry", "started", "moved_in", "closed"}, told - kinds
    by_program = re.sub(r"\s+", " ", " ".join(f"{e['title']} {e['text']} {e['who']}" for e in events))
    by_page = " ".join(pages)
    for table, column in WRITTEN:
        texts = looking.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} <> ''").fetchall()
        for (text,) in texts:
            flat = re.sub(r"\s+", " ", text).strip()
            assert flat in by_program, (table, column)
            assert flat in by_page, (table, column)
    dates = [day for (day,) in looking.execute("SELECT next_on FROM progression_followup").fetchall()]
    assert dates and all(f"{day:%d.%m.%Y}" in by_page for day in dates)
    for (name,) in looking.execute("SELECT label FROM meetings_attendance WHERE label <> ''").fetchall():
        assert name in by_page


def the_cards_say_what_stands(walked: ByApi) -> None:
    with clock.standing_at(walked.now):
        lead = walked.company.actor("authoritylead")
        text = Page(browser(lead).get(f"/familier/{walked.family_uuid}/").content.decode()).text
    for said in ("Sidste møde", "Sidste samtale", "Sidste opfølgning", "Støtte fra private", "U5 evalueret"):
        assert said in text, said
    assert "50 er som forventet" in text and "Målene nu" in text


#: What is read beside a kind's own rows, all rows at once: a goal's participants, a follow-up's ratings, a map's people,
#: a meeting's attendance and decisions with their people, and the homes of an exit's record with their parents.
BESIDE = 9


def the_number_of_questions_stays(walked: ByApi) -> None:
    """A page costs the same however much is written: each kind is asked once."""
    lead = walked.company.actor("authoritylead")

    def asked() -> tuple[int, int]:
        with lead.acting(), transaction.atomic(), CaptureQueriesContext(connection) as queries:
            page = history(walked.family, limit=500)
        return len(queries), len(page.entries)

    with clock.standing_at(walked.now):
        asked()  # the family itself is read once
        before, entries = asked()
        for number in range(60):
            with lead.acting(), transaction.atomic():
                write_note(
                    actor=lead,
                    family=walked.family,
                    kind="observation",
                    text=f"Nr. {number}",
                    now=clock.now(),
                )
        after, more = asked()
    assert more == entries + 60
    assert before == after == len(SOURCES) + len(MOVES) + BESIDE


def test_ones_own_notes_lead_to_their_correction_and_a_corrected_one_says_why(house: None) -> None:
    scene = Scene("greve")
    visitor, lead = scene.company.actor("caseworker"), scene.company.actor("authoritylead")
    family = scene.family
    with visitor.acting(), transaction.atomic():
        mine = write_note(
            actor=visitor, family=family, kind="observation", text="Sover bedre.", now=clock.now()
        )
    with visitor.acting(), transaction.atomic():
        mine = correct_note(
            actor=visitor, note=mine, kind="observation", text="Sover bedre nu.", reason="Det var i nat.",
            now=clock.now(),
        )  # fmt: skip
    link = f"/familier/{family.uuid}/notater/{mine.uuid}/"
    for address in (f"/familier/{family.uuid}/", f"/familier/{family.uuid}/historik/"):
        for actor, is_own in ((visitor, True), (lead, False)):
            page = Page(browser(actor).get(address).content.decode())
            assert any(found.startswith(link) for found in page.links) is is_own
            assert "Sover bedre nu." in page.text and "Sover bedre. " not in page.text
            assert "Rettet" in page.text
    assert "Det var i nat." in page.text
    assert (
        f"/familier/{family.uuid}/historik/"
        in Page(browser(lead).get(f"/familier/{family.uuid}/").content.decode()).links
    )


def test_a_place_that_was_not_given_out_is_refused(house: None) -> None:
    scene = Scene("greve")
    actor = scene.company.actor("caseworker")
    page = browser(actor).get(f"/familier/{scene.family.uuid}/historik/?foer=nonsens")
    program = api(actor).get(f"/api/v1/families/{scene.family.uuid}/timeline/?cursor=nonsens")
    assert (page.status_code, program.status_code) == (400, 400)
    assert program.json()["type"] == "urn:familieforloeb:problem:bad-request"


def test_what_is_typed_of_a_childs_view_is_kept_until_it_is_sent(house: None) -> None:
    scene = Scene("greve")
    actor = scene.company.actor("caseworker")
    client = browser(actor)
    address = f"/familier/{scene.family.uuid}/barnets-perspektiv/"
    html = client.get(address).content.decode()
    draft_url = re.search(r'data-draft-url="([^"]+)"', html)
    assert draft_url is not None
    page = Page(html)
    typed = {"child_view_text": "Følger mor med øjnene.", "child_view_source": "observed"}
    kept = client.post(draft_url.group(1).replace("&amp;", "&"), typed)
    assert kept.status_code == 200
    assert address in Page(client.get("/min-dag/").content.decode()).links
    again = client.get(address).content.decode()
    assert "Følger mor med øjnene." in again
    assert Page(again).hidden["submit_token"] == page.hidden["submit_token"]
    (child,) = [value for value in Page(again).fields["child"] or set() if value]
    sent = Page(again).fill_in(
        {
            "child": [child],
            "obtained_on": [f"{clock.today():%d.%m.%Y}"],
            **{name: [value] for name, value in typed.items()},
        }
    )
    for _twice in range(2):
        assert client.post(address, sent).status_code == 302
    assert address not in Page(client.get("/min-dag/").content.decode()).links
    told = api(actor).get(f"/api/v1/families/{scene.family.uuid}/timeline/").json()["results"]
    assert [event["text"] for event in told if event["kind"] == "child_view"] != []
    assert len([event for event in told if event["kind"] == "child_view"]) == 1
