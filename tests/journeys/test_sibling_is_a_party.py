"""A sibling of eleven is a party of their own, the brother of nine is not; and who turns ten meanwhile becomes one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from placement import clock
from placement.clock import add_months
from tests.deciding import VIEW, Deciding
from tests.scene import CHILD, PARENT, Scene

ELLA, BROR = "Ella Skjult", "Bror Skjult"


def years_before(day: date, years: int) -> date:
    return add_months(day, -12 * years)


@pytest.fixture
def deciding(house):
    made = Deciding(Scene("greve"))
    made.add_sibling(ELLA, years_before(made.today, 11))
    made.add_sibling(BROR, years_before(made.today, 9))
    made.to_the_request()
    return made


def ask(deciding, do, **otherwise):
    return do(
        "caseworker", "request_decision",
        **{"purpose": "At familien får ro.", "expected_weeks": 20, "child": deciding.person(CHILD),
           "child_view_source": "observed", "child_view_text": "Søger mors blik."} | otherwise,
    )  # fmt: skip


def test_a_sibling_of_eleven_is_asked_heard_written_to_and_complains_for_herself(deciding):
    ella, bror, mother = deciding.person(ELLA), deciding.person(BROR), deciding.person(PARENT)
    assert set(deciding.stands()["parties"]) == {ella, mother}

    # Her own view: asked, not only observed. The brother's may be observed, and both come before the decision.
    said = ask(deciding, deciding.stopped)
    assert f"{ELLA} (er part og skal selv spørges)" in said and BROR in said and "barnets lov § 5" in said
    deciding.view(ELLA, "observed")
    deciding.view(BROR, "observed")
    said = ask(deciding, deciding.stopped)
    assert f"{ELLA} (er part" in said and BROR not in said
    deciding.view(ELLA, "told")
    ask(deciding, deciding.completed)

    # Her own hearing, with a deadline that somebody sets; the brother has none.
    said = deciding.stopped("authoritylead", "approve_decision", approved=True, reason="Formålet er klart.")
    assert "Partshøring mangler" in said and "forvaltningsloven § 19" in said
    assert ELLA in said and PARENT in said and BROR not in said
    heard = {"facts": "Skolen er bekymret.", "how": "talk", "sent_on": str(deciding.today)}
    until = str(deciding.today + timedelta(days=7))
    assert deciding.act("hear", parties=[bror], deadline_on=until, **heard).status_code == 422
    deciding.not_acted("hear", "hearing-deadline", parties=[ella], deadline_on=str(deciding.today), **heard)
    deciding.acted("hear", parties=[ella], deadline_on=until, **heard)
    deciding.acted("hearing-not-needed", parties=[mother], reason="Hun har selv givet oplysningerne.")
    said = deciding.stopped("authoritylead", "approve_decision", approved=True, reason="Formålet er klart.")
    assert ELLA in said and PARENT not in said
    said = deciding.stopped("caseworker", "close_hearing", answered=False)
    assert "Svarfristen er" in said
    assert deciding.task("close_hearing").due == date.fromisoformat(until)
    deciding.completed(
        "caseworker",
        "close_hearing",
        answered=True,
        answered_on=str(deciding.today),
        answer="Det er rigtigt.",
    )
    assert "først klages" in deciding.look(
        "caseworker", f"/familier/{deciding.scene.family.uuid}/afgoerelser/klage/"
    )
    deciding.not_acted("letters", "letter-before-approval")
    deciding.completed("authoritylead", "approve_decision", approved=True, reason="Formålet er klart.")

    # Her own letter, with her own words, which stand in nobody else's.
    deciding.acted("letters")
    deciding.not_acted("letters", "stale-state")
    deciding.scene.take(deciding.task("write_letters"))
    deciding.completed("authoritylead", "approve_letters", approved=True, reason="")
    today = str(deciding.today)
    early = {f"how_{p}": "post" for p in (ella, mother)} | {f"sent_{p}": "2020-01-02" for p in (ella, mother)}
    assert "før det er godkendt" in deciding.stopped("caseworker", "send_letters", **early)
    deciding.completed(
        "caseworker", "send_letters",
        **{f"how_{p}": "post" for p in (ella, mother)}, **{f"sent_{p}": today for p in (ella, mother)},
    )  # fmt: skip
    letters = {letter["party"]: letter for letter in deciding.stands()["decisions"][0]["letters"]}
    assert set(letters) == {ella, mother}
    assert VIEW in letters[ella]["text"] and VIEW not in letters[mother]["text"]
    for letter in letters.values():
        for word in ("Ankestyrelsen", "4 uger", "At familien får ro.", "Formålet er klart.", "§ 32"):
            assert word in letter["text"], word
    paper = deciding.look(
        "caseworker", f"/familier/{deciding.scene.family.uuid}/afgoerelser/brev/{letters[ella]['id']}/"
    )
    assert f"Brev til {ELLA}" in paper and VIEW in paper

    # Her own time to complain, from the day she had the letter; and her own complaint.
    deciding.later(days=2)
    deciding.acted("letter-received", letter=letters[ella]["id"], received_on=str(deciding.today))
    had_it = deciding.today
    deciding.later(days=20)
    deciding.acted(
        "case-person", party=ella, role="supporter", name="Farmor", born_on="1960-02-03",
        scope="Samtaler og klagen", starts=str(deciding.today), confidentiality_on=str(deciding.today),
    )  # fmt: skip
    beside = deciding.stands()["case_persons"][0]["id"]
    deciding.acted(
        "complaint", letter=letters[ella]["id"], received_on=str(deciding.today),
        text="Jeg vil bo hos farmor.", by=beside,
    )  # fmt: skip
    complaint = deciding.stands()["complaints"][0]
    assert complaint["party"] == ella and complaint["in_time"]
    until = {one["party"]: one["complaint_until"] for one in deciding.stands()["decisions"][0]["letters"]}
    assert date.fromisoformat(until[ella]) >= had_it + timedelta(days=28) and until[mother] is None
    task = deciding.task("reassess_complaint")
    running = deciding.clocks()["complaint-reassessment"]
    assert task.due == running.due_on == deciding.today + timedelta(days=28)
    assert "§ 66, som vi læser den" in running.source and running.runs_while_paused
    deciding.completed("authoritylead", "reassess_complaint", outcome="upheld", reason="Intet nyt.")
    assert deciding.clocks()["complaint-reassessment"].stopped_at is not None
    deciding.completed("caseworker", "send_to_board", sent_on=str(deciding.today))
    deciding.completed(
        "caseworker",
        "record_board_outcome",
        decided_on=str(deciding.today),
        outcome="returned",
        text="Ny høring.",
    )
    assert deciding.stands()["complaints"][0]["board_outcome"] == "returned"

    # Sent back: it is somebody's to decide anew, and each child and each party is asked again.
    new = {"outcome": "new", "purpose": "At familien får ro.", "expected_weeks": 8, "text": "Kortere."}
    assert deciding.task("decide_anew").due is not None
    said = deciding.stopped("caseworker", "decide_anew", **new)
    assert f"{ELLA} (er part" in said and BROR in said and CHILD in said
    for child, source in ((ELLA, "told"), (BROR, "observed"), (CHILD, "observed")):
        deciding.view(child, source)
    deciding.completed("caseworker", "decide_anew", **new)
    said = deciding.stopped("authoritylead", "approve_anew", approved=True, reason="Ny høring er holdt.")
    assert "Partshøring mangler" in said and ELLA in said and PARENT in said
    deciding.acted("hearing-not-needed", parties=[ella, mother], reason="De kender det hele.")
    deciding.completed("authoritylead", "approve_anew", approved=True, reason="Ny høring er holdt.")
    second, first = deciding.stands()["decisions"]
    assert second["expected_weeks"] == 8 and second["approved"] and second["lapsed_at"] is None
    assert first["lapsed_at"] is not None and deciding.task("write_letters").due is not None
    assert deciding.stands()["redecisions"][0]["decision"] == second["id"]

    # Her own access to the file, with its day; the brother has none.
    asked = {"received_on": str(deciding.today), "scope": "Det, der står om mig."}
    assert deciding.act("access", party=bror, **asked).status_code == 422
    deciding.acted("access", party=ella, by=beside, **asked)
    task, running = deciding.task("answer_access"), deciding.clocks()["access-answered"]
    assert task.due == running.due_on == clock.add_working_days(deciding.today, 7)
    assert "§ 16, som vi læser den" in running.source
    given = {"outcome": "partly", "given_on": str(deciding.today), "how": "hand"}
    assert "hvad der er undtaget" in deciding.stopped("caseworker", "answer_access", **given)
    kept_back = {"legal_basis": "Forvaltningsloven § 15 b", "reason": "Fars adresse er beskyttet."}
    deciding.completed("caseworker", "answer_access", **given, **kept_back)
    assert deciding.stands()["access_requests"][0]["insight"] == "partly"
    assert deciding.clocks()["access-answered"].stop_reason == "done"
    assert "beskyttet" not in deciding.history()

    # The mother's comes too late: refused without a word on it, and taken up with one.
    deciding.acted("letter-received", letter=letters[mother]["id"], received_on=str(had_it))
    deciding.later(days=40)
    late = {"letter": letters[mother]["id"], "received_on": str(deciding.today), "text": "Jeg er uenig."}
    assert "efter fristen" in deciding.not_acted("complaint", "complaint-late", **late)
    done = deciding.act_by_page("complaint", late_accepted=True, late_reason="Hun var indlagt.", **late)
    assert done.status_code == 302, done.content.decode()
    complaint = deciding.stands()["complaints"][0]
    assert not complaint["in_time"] and complaint["late_accepted"]
    history = deciding.history()
    for word in (
        "Partshøring",
        "Afgørelsesbrev sendt",
        "Klage modtaget",
        "Ankestyrelsen har afgjort",
        "Farmor",
    ):
        assert word in history, word
    assert deciding.told() >= {
        "case_person", "hearing", "hearing_closed", "letter_approved", "letter_sent", "complaint",
        "complaint_reassessed", "complaint_sent_on", "complaint_decided", "decided_anew", "access_asked",
        "access_answered",
    }  # fmt: skip


def test_who_turns_ten_between_the_request_and_the_decision_is_a_party_to_it(house):
    deciding = Deciding(Scene("greve"))
    tomorrow = deciding.today + timedelta(days=1)
    born = years_before(tomorrow, 10)
    deciding.add_sibling(BROR, born)
    deciding.to_the_request()
    # Every step of the way takes an hour of the day before.
    deciding.scene.now = clock.end_of(deciding.today) - timedelta(hours=6)
    birthday = add_months(born, 120)
    if deciding.today >= birthday:
        deciding.scene.now = clock.end_of(birthday) - timedelta(hours=30)
    assert deciding.today == birthday - timedelta(days=1)
    deciding.view(BROR, "observed")
    deciding.acted("hearing-not-needed", parties=[deciding.person(PARENT)], reason="Hun kender det hele.")
    ask(deciding, deciding.completed)
    assert deciding.stands()["parties"] == [deciding.person(PARENT)]
    deciding.scene.now = clock.end_of(deciding.today) + timedelta(hours=8)
    assert deciding.today == birthday
    said = deciding.stopped("authoritylead", "approve_decision", approved=True, reason="Ja.")
    assert f"{BROR} (er part og skal selv spørges)" in said
    deciding.view(BROR, "told")
    said = deciding.stopped("authoritylead", "approve_decision", approved=True, reason="Ja.")
    assert "Partshøring mangler" in said and BROR in said
    deciding.acted("hearing-not-needed", parties=[deciding.person(BROR)], reason="Han kender det hele.")
    # Something new came up: whoever is asked about it is not heard yet, whatever was written before.
    deciding.acted(
        "hear", parties=[deciding.person(PARENT)], facts="Skolen har skrevet igen.", how="talk",
        sent_on=str(deciding.today), deadline_on=str(deciding.today + timedelta(days=7)),
    )  # fmt: skip
    said = deciding.stopped("authoritylead", "approve_decision", approved=True, reason="Ja.")
    assert "Partshøring mangler" in said and PARENT in said and BROR not in said
    deciding.completed(
        "caseworker",
        "close_hearing",
        answered=True,
        answered_on=str(deciding.today),
        answer="Det er rigtigt.",
    )
    deciding.completed("authoritylead", "approve_decision", approved=True, reason="Ja.")
    deciding.acted("letters")
    assert set(_letter_fields(deciding)) == {f"letter_{deciding.person(name)}" for name in (PARENT, BROR)}


def _letter_fields(deciding):
    from tests.cast import api

    task = deciding.task("write_letters")
    with clock.standing_at(deciding.scene.now):
        read = api(deciding.actor("caseworker")).get(f"/api/v1/tasks/{task.uuid}/").json()
    return read["form"]["properties"]
