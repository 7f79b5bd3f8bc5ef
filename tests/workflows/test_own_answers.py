"""The parents' own answers: a code opens one form for one parent, once; the database opens nothing else."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from placement import clock
from placement.access import context
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.families.models import Family, Person
from placement.instruments import catalogue
from tests.cast import browser
from tests.conftest import run_python
from tests.placement.houses import family_in
from tests.walking import Page
from workflows.kernel.models import Task
from workflows.measuring.models import Administration
from workflows.measuring.own_answers import codes, door
from workflows.measuring.own_answers.jobs import forget_drafts_here, record_self_report
from workflows.measuring.own_answers.models import SelfReport
from workflows.measuring.own_answers.services import ask_parent, take_code_back, write_down

WELL = {f"item_{item}": "4" for item in range(1, 6)}
SAD = {f"item_{item}": "3" if item == 3 or item >= 5 else "0" for item in range(1, 11)} | {"item_10": "1"}


class Asked:
    """A family, its mother, and what staff ask her."""

    def __init__(self, cast: Any, looking: psycopg.Connection[Any]) -> None:
        self.cast, self.looking = cast, looking
        self.staff = cast.greve.practitioner
        self.family = family_in(cast.greve)
        with self.at_work():
            self.parent = Person.objects.get(family=self.family, kind="parent")
            self.child = Person.objects.get(family=self.family, kind="child")

    @contextmanager
    def at_work(self, actor: Any = None):
        with (actor or self.staff).acting(), transaction.atomic():
            yield actor or self.staff

    def ask(
        self, instrument: str = "who-5", *, hours: int = 24, person: Any = None, actor: Any = None,
        turn_to: str = "",
    ) -> str:  # fmt: skip
        with self.at_work(actor) as actor:
            _report, code = ask_parent(
                actor=actor, family=self.family, instrument=instrument, person=person or self.parent,
                hours=hours, now=clock.now(), real_now=timezone.now(), turn_to=turn_to,
            )  # fmt: skip
        return code

    def open(self, code: str) -> Client:
        """A browser of the parent's own, at the questions."""
        client = Client()
        assert client.post("/svar/", {"code": code}).url == "/svar/skema/"
        assert client.get("/svar/skema/").status_code == 200
        return client

    def work(self) -> int:
        """Run what waits for the worker, as the worker does. How many jobs there were."""
        waiting = self.looking.execute(
            "SELECT id, args FROM procrastinate_jobs WHERE task_name = 'record_self_report' AND status = 'todo'"
        ).fetchall()
        for _job, args in waiting:
            record_self_report(**args)
        return len(waiting)

    def behind_their_backs(self, statement: str, *values: Any) -> None:
        """Change what no page changes, past every trigger."""
        self.looking.execute("SET session_replication_role = replica")
        self.looking.execute(statement, values)
        self.looking.execute("SET session_replication_role = origin")

    def let_it_run_out(self) -> None:
        """Two days pass for every code."""
        self.behind_their_backs(
            "UPDATE flow_measuring_selfreport SET invited_at = invited_at - interval '2 days', "
            "expires_at = expires_at - interval '2 days'"
        )

    def made(self) -> list[Administration]:
        with self.at_work():
            return list(Administration.objects.filter(family=self.family).select_related("recorded_by"))

    def page(self) -> Page:
        at = reverse("measurements", kwargs={"family": self.family.uuid})
        return Page(browser(self.staff).get(at).content.decode())


@pytest.fixture
def asked(cast, looking):
    return Asked(cast, looking)


def text(response: Any) -> str:
    return Page(response.content.decode()).text


def test_a_parent_answers_with_a_code_and_it_stands_as_any_other_answer(asked):
    client = asked.open(asked.ask())
    assert client.post("/svar/skema/", WELL).url == "/svar/tak/"
    assert asked.made() == [], "the page of somebody who is not logged in writes nothing into the case"
    assert asked.work() == 1
    (made,) = asked.made()
    assert (made.respondent, made.answered_on) == ("parent", clock.today())
    assert made.recorded_by == asked.staff.staff
    shown = asked.page()
    assert "forælderen selv, med en kode fra" in shown.text and "Trivsel: 80" in shown.text
    assert "Forældrenes egne svar" not in shown.text, "nothing waits any more"


def test_the_worker_writes_it_down_once_however_often_it_is_called(asked):
    asked.open(asked.ask()).post("/svar/skema/", WELL)
    assert asked.work() == asked.work() == 1
    assert len(asked.made()) == 1
    row = asked.looking.execute("SELECT answers, draft FROM flow_measuring_selfreport").fetchone()
    assert row == (None, {}), "what was sent stands in one place"


def test_an_answer_about_self_harm_gives_a_task_for_the_same_day(asked):
    asked.open(asked.ask("epds")).post("/svar/skema/", SAD)
    asked.work()
    with asked.at_work() as actor:
        (task,) = Task.objects.waiting_for(actor).filter(family=asked.family, flow_task__endswith="act_today")
        assert task.due == clock.today()
    assert "tal med forælderen i dag" in asked.page().text


def test_the_thanks_are_the_same_whatever_was_answered(asked):
    pages = []
    for sent in (SAD, {f"item_{item}": "0" for item in range(1, 11)}, {"decline": "1"}):
        client = asked.open(asked.ask("epds"))
        pages.append(client.post("/svar/skema/", sent, follow=True).content)
    assert len({re.sub(rb'nonce="[^"]*"', b"", page) for page in pages}) == 1
    assert "ring 112" in Page(pages[0].decode()).text


def test_the_thanks_say_whom_to_turn_to_in_staff_s_own_words(asked):
    client = asked.open(asked.ask("epds", turn_to="Huset svarer hele natten: 12 34 56 78"))
    thanks = client.post("/svar/skema/", SAD, follow=True)
    assert "12 34 56 78" in text(thanks) and "Vent ikke på, at nogen har læst dit svar" in text(thanks)
    assert "12 34 56 78" not in text(Client().get("/svar/tak/")), "nobody else is told"
    client.cookies["svar-hvem"] = "<b>forged</b>"
    assert "forged" not in text(client.get("/svar/tak/"))
    at = reverse("ask-parent", kwargs={"family": asked.family.uuid, "instrument": "who-5"})
    form = browser(asked.staff).get(at).content.decode()
    assert 'value="Huset svarer hele natten: 12 34 56 78"' in form, "written once, edited when it changes"


def test_nothing_of_a_parent_s_page_is_kept_or_leaves_it(asked):
    client = asked.open(asked.ask())
    at = reverse("ask-parent", kwargs={"family": asked.family.uuid, "instrument": "kpcs"})
    shown = browser(asked.staff).post(at, {"person": str(asked.parent.uuid), "hours": "1"})
    for answer in (client.get("/svar/"), client.get("/svar/skema/"), client.get("/svar/tak/"), shown):
        assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy or "default-src 'self'" in policy
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
    cookie = asked.open(asked.ask()).cookies["svar"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and not cookie["max-age"]


def test_an_answer_that_waits_too_long_is_shown_to_staff_as_it_was_sent(asked):
    asked.open(asked.ask("epds")).post("/svar/skema/", SAD)
    assert "skrives ind om et øjeblik" in asked.page().text
    asked.behind_their_backs(
        "UPDATE flow_measuring_selfreport SET given_at = given_at - interval '11 minutes'"
    )
    shown = asked.page().text
    assert "ikke skrevet ind endnu" in shown and "Spørgsmål 10: 1" in shown


def test_saying_no_thanks_is_an_answer_with_its_own_reason(asked):
    asked.open(asked.ask()).post("/svar/skema/", WELL | {"decline": "1"})
    asked.work()
    (made,) = asked.made()
    assert made.missing_reason == "declined"
    assert "Familien ønskede ikke at svare" in asked.page().text


def test_questions_are_left_empty_on_purpose_or_not_at_all(asked):
    client = asked.open(asked.ask())
    some = {name: value for name, value in WELL.items() if name != "item_3"}
    refused = client.post("/svar/skema/", some)
    assert refused.status_code == 422
    assert "3" in text(refused) and "sæt kryds nederst" in text(refused)
    assert refused.content.decode().count("checked") == 4, "nothing that was chosen is lost"
    assert client.post("/svar/skema/", some | {"leave_empty": "on"}).url == "/svar/tak/"
    asked.work()
    (made,) = asked.made()
    with asked.at_work():
        assert made.answers.get(item=3).missing_reason == "declined"


def test_an_empty_form_is_neither_an_answer_nor_a_no(asked):
    client = asked.open(asked.ask())
    for sent in ({}, {"leave_empty": "on"}):
        refused = client.post("/svar/skema/", sent)
        assert refused.status_code == 422 and "Jeg vil ikke svare" in text(refused)
    assert asked.work() == 0


def test_an_answer_outside_the_scale_is_said_and_the_others_stay(asked):
    client = asked.open(asked.ask())
    refused = client.post("/svar/skema/", WELL | {"item_2": "9"})
    assert refused.status_code == 422 and refused.content.decode().count("checked") == 4
    assert asked.work() == 0


def test_a_pause_keeps_what_was_chosen_for_the_same_code(asked):
    code = asked.ask()
    client = asked.open(code)
    paused = client.post("/svar/skema/", {"item_1": "4", "item_2": "3", "pause": "1"})
    assert "er gemt og ikke sendt" in text(paused)
    assert client.get("/svar/skema/").url == "/svar/", "who comes to the device next sees nothing"
    again = asked.open(code.lower().replace("-", " "))
    assert again.get("/svar/skema/").content.decode().count("checked") == 2
    assert asked.work() == 0


def test_the_language_is_changed_without_losing_what_was_chosen(asked):
    client = asked.open(asked.ask())
    assert client.post("/svar/skema/", {"item_1": "4", "language": "en"}).url == "/svar/skema/"
    page = client.get("/svar/skema/").content.decode()
    assert '<html lang="en">' in page and "Send my answer" in page and page.count("checked") == 1
    assert client.post("/svar/", {"language": "da"}).url == "/svar/"
    assert '<html lang="da">' in client.get("/svar/").content.decode()


def test_nothing_else_is_to_be_seen(asked):
    client = asked.open(asked.ask())
    for address in ("/svar/", "/svar/skema/", "/svar/tak/"):
        answer = client.get(address)
        page = Page(answer.content.decode())
        assert "no-store" in answer["Cache-Control"]
        assert not [link for link in page.links if link.startswith("/")], address
        for word in ("Maja", "Bo", "Greve", asked.family.number, str(asked.family.uuid), "point"):
            assert not re.search(rf"\b{re.escape(word)}\b", page.text), (address, word)
    assert client.get("/familier/").url.startswith("/log-ind/")


def test_somebody_of_the_staff_who_is_logged_in_sees_no_more_there(asked):
    code = asked.ask()
    client = browser(asked.staff)
    assert client.post("/svar/", {"code": code}).url == "/svar/skema/"
    page = Page(client.get("/svar/skema/").content.decode())
    assert not [link for link in page.links if link.startswith("/")]
    assert client.post("/svar/skema/", WELL).url == "/svar/tak/"


def dead(asked, how: str) -> str:
    """A code that opens nothing."""
    code = asked.ask()
    if how == "used":
        asked.open(code).post("/svar/skema/", WELL)
    elif how == "expired":
        asked.let_it_run_out()
    elif how == "taken back":
        with asked.at_work() as actor:
            report = str(SelfReport.objects.get().uuid)
            take_code_back(actor=actor, family=asked.family, report=report, real_now=timezone.now())
    elif how == "replaced":
        asked.ask()
    return codes.new_code() if how == "wrong" else code


@pytest.mark.parametrize("how", ["wrong", "used", "expired", "taken back", "replaced"])
def test_a_code_that_opens_nothing_gets_the_same_quiet_page(asked, how):
    answer = Client().post("/svar/", {"code": dead(asked, how)})
    assert answer.status_code == 422 and "Koden åbner ikke noget" in text(answer)
    assert "bed personalet om en ny" in text(answer) and "svar" not in answer.cookies


def test_what_is_no_code_is_not_even_looked_for(asked):
    def counted() -> Any:
        return asked.looking.execute("SELECT count(*) FROM sec.missed_code").fetchone()

    before = counted()
    for typed in ("", "hej", "ABCD-EFGH-JKM0", "x" * 40):
        assert Client().post("/svar/", {"code": typed}).status_code == 422
    assert counted() == before, "what cannot be a code is not a try"


def test_a_code_that_ran_out_meanwhile_loses_nothing_and_a_new_one_takes_it_on(asked):
    client = asked.open(asked.ask())
    asked.let_it_run_out()
    late = client.post("/svar/skema/", WELL)
    assert late.status_code == 409 and late.content.decode().count("checked") == 5
    assert "bed personalet om en ny" in text(late) and asked.work() == 0
    # In another tab of the same browser, and then back to the form that still stands there.
    client.post("/svar/", {"code": asked.ask()})
    assert client.post("/svar/skema/", WELL).url == "/svar/tak/"
    assert asked.work() == 1 and len(asked.made()) == 1


def test_an_answer_sent_twice_or_from_two_devices_counts_once(asked):
    code = asked.ask()
    first, second = asked.open(code), asked.open(code)
    assert first.post("/svar/skema/", WELL).url == "/svar/tak/"
    late = second.post("/svar/skema/", WELL)
    assert late.status_code == 409 and "er ikke sendt" in text(late)
    assert first.post("/svar/skema/", WELL).url == "/svar/"
    assert asked.work() == 1 and len(asked.made()) == 1


def test_too_many_wrong_codes_shut_that_place_out_for_a_while(asked):
    code, here, there = asked.ask(), {"REMOTE_ADDR": "198.51.100.7"}, {"REMOTE_ADDR": "198.51.100.8"}
    for _try in range(20):
        assert Client().post("/svar/", {"code": codes.new_code()}, **here).status_code == 422
    shut = Client().post("/svar/", {"code": code}, **here)
    assert shut.status_code == 422 and "Koden åbner ikke noget" in text(shut)
    assert Client().post("/svar/", {"code": code}, **there).status_code == 302
    asked.looking.execute("UPDATE sec.missed_code SET at = at - interval '16 minutes'")
    assert Client().post("/svar/", {"code": code}, **here).status_code == 302
    stored = asked.looking.execute(
        "SELECT count(*) FROM sec.missed_code WHERE sender LIKE '%198%'"
    ).fetchone()
    assert stored == (0,), "where somebody comes from is not stored as it is"


def test_a_forged_cookie_opens_nothing(asked):
    code = asked.ask()
    client = Client()
    for value in (codes.digest_of(code), f"{codes.digest_of(code)}:x:y", ""):
        client.cookies["svar"] = value
        assert client.get("/svar/skema/").url == client.post("/svar/skema/", WELL).url == "/svar/"
    assert asked.work() == 0


def test_the_code_itself_is_stored_nowhere(asked):
    code = asked.ask()
    asked.open(code).post("/svar/skema/", {"item_1": "4", "pause": "1"})
    letters = codes.tidied(code)
    for (table,) in asked.looking.execute(
        "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname IN ('public', 'sec')"
    ).fetchall():
        found = asked.looking.execute(
            f"SELECT count(*) FROM {table} t WHERE upper(t::text) LIKE %s OR t::text LIKE %s",
            [f"%{letters}%", f"%{code}%"],
        ).fetchone()
        assert found == (0,), table
    trail = asked.looking.execute(
        "SELECT string_agg(coalesce(old::text, '') || new::text, ' ') FROM trail_write "
        "WHERE table_name = 'flow_measuring_selfreport'"
    ).fetchone()
    assert codes.digest_of(code) not in trail[0] and '"1": 4' not in trail[0]


def test_the_trail_says_that_nobody_of_the_staff_sent_it_and_who_asked(asked):
    asked.open(asked.ask()).post("/svar/skema/", WELL)
    asked.work()
    said = asked.looking.execute(
        "SELECT table_name, operation, staff_id, purpose FROM trail_write "
        "WHERE purpose = 'answer' AND table_name IN ('flow_measuring_selfreport', 'flow_measuring_administration') "
        "ORDER BY id"
    ).fetchall()
    who = asked.staff.staff_id
    assert said == [
        ("flow_measuring_selfreport", "UPDATE", None, "answer"),
        ("flow_measuring_administration", "INSERT", who, "answer"),
        ("flow_measuring_selfreport", "UPDATE", who, "answer"),
    ]


def test_at_the_parent_s_door_the_database_shows_no_row_of_any_case(asked):
    asked.ask()
    with context.access(None, None, context.ANSWER), transaction.atomic():
        assert Family.objects.count() == Person.objects.count() == SelfReport.objects.count() == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            Family.objects.create(municipality_id=asked.cast.greve.code, number="x")
        assert SelfReport.objects.update(expires_at=timezone.now()) == 0
        with connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute("SELECT * FROM sec.missed_code")


@pytest.mark.parametrize(
    "call", ["try_code('x', 'y')", "self_report('x')", "keep_self_report('x', '{}')",
             "give_self_report('x', '{}', current_date)"],
)  # fmt: skip
def test_the_doors_are_shut_to_whoever_acts_for_a_municipality(asked, call):
    code = asked.ask()
    stated = [
        (asked.cast.greve.code, asked.staff.staff_id, context.CASE),
        (asked.cast.greve.code, asked.staff.staff_id, context.ANSWER),
        (None, asked.staff.staff_id, context.ANSWER),
        (None, None, context.EVALUATION),
    ]
    for one in stated:
        with (
            context.access(*one),
            transaction.atomic(),
            connection.cursor() as cursor,
            pytest.raises(ProgrammingError),
            transaction.atomic(),
        ):
            cursor.execute(f"SELECT sec.{call.replace('x', codes.digest_of(code))}")


def test_more_than_an_answer_can_be_is_refused_by_the_database(asked):
    digest = codes.digest_of(asked.ask())
    with pytest.raises(IntegrityError):
        door.keep(digest, {"1": "x" * 30_000})
    with pytest.raises(IntegrityError):
        door.give(digest, {"answers": {"1": "x" * 30_000}}, day=clock.today())


def test_a_version_whose_file_was_taken_away_is_said_and_what_was_sent_is_kept(asked, monkeypatch):
    asked.open(asked.ask()).post("/svar/skema/", WELL)
    other = asked.ask("kpcs")
    find = catalogue.find_version
    monkeypatch.setattr(catalogue, "find_version", lambda instrument, version: None)
    late = Client()
    late.post("/svar/", {"code": other})
    assert "Skemaet findes ikke mere" in text(late.get("/svar/skema/"))
    assert asked.work() == 1
    shown = asked.page().text
    assert "kunne ikke skrives ind" in shown and "Spørgsmål 1: 4" in shown and "Læs det i dag" in shown
    monkeypatch.setattr(catalogue, "find_version", find)
    at = reverse("self-reports", kwargs={"family": asked.family.uuid})
    (report,) = asked.looking.execute(
        "SELECT uuid FROM flow_measuring_selfreport WHERE refused <> ''"
    ).fetchone()
    done = browser(asked.staff).post(at, {"report": str(report), "again": "1"}, follow=True)
    assert "Svaret er skrevet ind" in text(done) and len(asked.made()) == 1


@pytest.mark.parametrize(
    ("button", "reaches_staff"), [("", True), ("decline", True), ("pause", False), ("language", False)]
)
def test_a_file_that_is_taken_away_while_a_parent_answers_loses_nothing(
    asked, monkeypatch, button, reaches_staff
):
    client = asked.open(asked.ask())
    monkeypatch.setattr(catalogue, "find_version", lambda instrument, version: None)
    answer = client.post("/svar/skema/", WELL | {"item_x": "1", "item_3": "often"} | {button: "en"})
    chosen = {"1": 4, "2": 4, "4": 4, "5": 4}
    draft, sent = asked.looking.execute("SELECT draft, answers FROM flow_measuring_selfreport").fetchone()
    if reaches_staff:
        assert answer.url == "/svar/tak/" and draft == {}
        assert sent["answers"] == ({} if button else chosen)
        assert asked.work() == 1
        assert "er væk. Læg den tilbage" in asked.page().text
    else:
        assert "Skemaet findes ikke mere" in text(answer) and (draft, sent) == (chosen, None)


def test_an_answer_counts_also_when_whoever_asked_has_left(asked):
    asked.open(asked.ask()).post("/svar/skema/", WELL)
    ends = "UPDATE access_staffmembership SET ends = %s WHERE staff_id = %s"
    asked.behind_their_backs(ends, clock.today() - timedelta(days=1), asked.staff.staff_id)
    try:
        asked.work()
    finally:
        asked.behind_their_backs(ends, None, asked.staff.staff_id)
    assert [made.recorded_by for made in asked.made()] == [asked.staff.staff]


def test_what_was_chosen_behind_an_old_code_is_forgotten(asked):
    asked.open(asked.ask()).post("/svar/skema/", {"item_1": "4", "pause": "1"})
    with context.access(asked.cast.greve.code, None, context.JOB):
        assert forget_drafts_here() == 0
        asked.let_it_run_out()
        assert forget_drafts_here() == 1
    assert asked.looking.execute("SELECT draft FROM flow_measuring_selfreport").fetchone() == ({},)


# -- asking -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("instrument-unknown", {"instrument": "mmpi"}),
        ("self-report-instrument", {"instrument": "kips"}),
        ("self-report-instrument", {"instrument": "gas"}),
        ("self-report-hours", {"hours": 1000}),
        ("instrument-about", {"person": "child"}),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_reason(asked, kind, how):
    told = {name: asked.child if value == "child" else value for name, value in how.items()}
    with pytest.raises(Refused) as refused:
        asked.ask(**told)
    assert refused.value.type == kind and str(refused.value.message)


def test_who_does_not_measure_asks_nobody_and_takes_nothing_back(asked):
    lead = asked.cast.greve.authoritylead
    with pytest.raises(NotAllowed):
        asked.ask(actor=lead)
    with asked.at_work(lead), pytest.raises(NotAllowed):
        take_code_back(actor=lead, family=asked.family, report="", real_now=timezone.now())


def test_a_parent_of_another_family_is_not_asked_here(asked):
    other = Asked(asked.cast, asked.looking)
    with pytest.raises(Refused) as refused:
        asked.ask(person=other.parent)
    assert refused.value.type == "person-unknown"


def test_the_age_must_fit_until_the_code_ends(asked):
    asked.behind_their_backs(
        "UPDATE families_person SET born_on = %s WHERE id = %s",
        _months_ago(13) + timedelta(days=2),
        asked.child.pk,
    )
    asked.ask("epds", hours=1)
    with pytest.raises(Refused) as refused:
        asked.ask("epds", hours=72)
    assert refused.value.type == "child-age"


def _months_ago(months: int) -> date:
    today = clock.today()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, 28))


def test_a_code_is_taken_back_once_and_not_after_the_answer(asked):
    asked.ask()
    with asked.at_work() as actor:
        report = str(SelfReport.objects.get().uuid)
        take_code_back(actor=actor, family=asked.family, report=report, real_now=timezone.now())
        with pytest.raises(StaleState):
            take_code_back(actor=actor, family=asked.family, report=report, real_now=timezone.now())
        with pytest.raises(Refused) as refused:
            take_code_back(actor=actor, family=asked.family, report="", real_now=timezone.now())
    assert refused.value.type == "self-report-unknown"


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("self_report_expires", "expires_at = invited_at + interval '8 days'"),
        ("self_report_expires", "expires_at = invited_at"),
        ("self_report_given_once", "given_at = now()"),
        ("self_report_given_once", "answers = '{}'"),
        ("self_report_never_lost", "given_at = now(), answered_on = current_date"),
    ],
)
def test_the_database_refuses_the_same(asked, constraint, change):
    asked.ask()
    with pytest.raises(psycopg.errors.CheckViolation, match=constraint):
        asked.looking.execute(f"UPDATE flow_measuring_selfreport SET {change}")


def test_nothing_is_written_down_before_it_is_sent(asked):
    asked.ask()
    with asked.at_work():
        assert write_down(report=SelfReport.objects.get().pk, now=clock.now()) is None


# -- staff's pages ----------------------------------------------------------


def test_staff_make_a_code_that_is_shown_once_with_its_picture(asked):
    at = reverse("ask-parent", kwargs={"family": asked.family.uuid, "instrument": "who-5"})
    assert at in asked.page().links
    client = browser(asked.staff)
    assert "Lad forælderen svare selv" in text(client.get(at))
    assert client.post(at, {}).status_code == 422
    made = client.post(at, {"person": str(asked.parent.uuid), "hours": "24"})
    html = made.content.decode()
    (code,) = re.findall(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b", html)
    assert "<svg" in html and "vises kun nu" in text(made)
    waiting = asked.page()
    assert code not in waiting.text and "Venter på svar" in waiting.text
    asked.open(code).post("/svar/skema/", WELL)
    assert asked.work() == 1


def test_staff_take_a_code_back_on_the_page(asked):
    code = asked.ask()
    at = reverse("self-reports", kwargs={"family": asked.family.uuid})
    with asked.at_work():
        report = str(SelfReport.objects.get().uuid)
    client = browser(asked.staff)
    assert "taget tilbage" in text(client.post(at, {"report": report}, follow=True))
    assert client.post(at, {"report": report}).status_code == 409
    assert client.post(at, {"report": "nonsense"}).status_code == 422
    assert client.post(at, {"again": "1"}).status_code == 422
    assert Client().post("/svar/", {"code": code}).status_code == 422


def test_an_instrument_that_staff_must_fill_in_has_no_code(asked):
    at = reverse("ask-parent", kwargs={"family": asked.family.uuid, "instrument": "kips"})
    assert browser(asked.staff).get(at).status_code == 404


def test_the_worker_s_own_process_writes_it_down_with_its_own_log_in(asked):
    asked.open(asked.ask("epds")).post("/svar/skema/", SAD)
    Client().post("/svar/", {"code": codes.new_code()})
    asked.looking.execute("UPDATE sec.missed_code SET at = at - interval '16 minutes'")
    (args,) = asked.looking.execute(
        "SELECT args::text FROM procrastinate_jobs WHERE task_name = 'record_self_report'"
    ).fetchone()
    run_python(
        "-c",
        "import django, json, sys; django.setup(); "
        "from workflows.measuring.own_answers import jobs; "
        "jobs.record_self_report(**json.loads(sys.argv[1])); jobs.forget_self_report_drafts(timestamp=0)",
        args,
        process="worker",
    )
    assert len(asked.made()) == 1
    with asked.at_work() as actor:
        assert Task.objects.waiting_for(actor).filter(family=asked.family, flow_task__endswith="act_today")
    assert asked.looking.execute("SELECT count(*) FROM sec.missed_code").fetchone() == (0,)
