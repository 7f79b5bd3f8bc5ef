"""Hours, other costs and rates: what a week begins with, what is refused, what was put right, and what it all comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction
from django.http import Http404
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.timing import counted
from demo.costs import count_costs
from demo.walk import Company
from placement import clock
from placement.access.actor import Actor
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.models import Site
from placement.costs import grid, nights, selectors, sheet
from placement.costs.forms import rate_field
from placement.costs.models import OtherCost, TimeEntry, TimeWeek, YearOfRates
from placement.costs.services.choosing import choose_weeks, withdraw
from placement.costs.services.kroner import SiteNight, record_other_cost, set_rates
from placement.costs.services.week import Hours, save_week
from placement.costs.summary import Summary, hundreds, shared, summary
from placement.costs.weeks import Week
from placement.families.models import Family, Phase
from placement.families.stay_models import Pause, SiteChange
from placement.meetings.models import MeetingKind
from placement.meetings.services import Invited, record_meeting, record_session
from tests.cast import Cast, Town, api, browser
from tests.placement.houses import family_in
from tests.walking import Page

#: A Wednesday; three days of the week have begun.
NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
WEEK = Week(date(2026, 3, 9))
PAGE = "/tid/?uge=2026-W11"


@pytest.fixture(autouse=True)
def _in_march() -> Iterator[None]:
    with clock.standing_at(NOW):
        yield


@contextmanager
def at_work(actor: Actor) -> Iterator[Actor]:
    with actor.acting(), transaction.atomic():
        yield actor


def lives_in(town: Town, moved_in: date = date(2026, 2, 2)) -> Family:
    """A family that lives in the house."""
    family = family_in(town)
    with at_work(town.caseworker):
        family.phase, family.started_on, family.moved_in_on = Phase.MOVED_IN, moved_in, moved_in
        family.save(update_fields=["phase", "started_on", "moved_in_on"])
    return family


def ask(town: Town, **otherwise: Any) -> None:
    """The team lead asks for the hours of every week from the first of the year."""
    with at_work(town.teamlead) as lead:
        told: dict[str, Any] = {"first": Week.of(date(2026, 1, 5)), "last": None}
        choose_weeks(actor=lead, now=clock.now(), **(told | otherwise))


@pytest.fixture
def family(cast: Cast) -> Family:
    ask(cast.greve)
    return lives_in(cast.greve)


def save(actor: Actor, *hours: Hours, seen: int = 0, **otherwise: Any) -> TimeWeek:
    told: dict[str, Any] = {"week": WEEK, "now": clock.now()}
    with at_work(actor):
        return save_week(actor=actor, hours=hours, seen=seen, **(told | otherwise))


def refused(kind: str, act: Callable[[], Any]) -> Refused:
    with pytest.raises(Refused) as said:
        act()
    assert said.value.type == kind
    assert str(said.value.message)
    return said.value


# What a week begins with -----------------------------------------------------------------------------------


def test_a_week_begins_with_the_meetings_and_sessions_one_was_at(cast: Cast, family: Family) -> None:
    me, other = cast.greve.practitioner, cast.greve.teamlead
    with at_work(me):
        for kind, here in ((MeetingKind.TEAM, True), (MeetingKind.TEAM, False), (MeetingKind.NETWORK, True)):
            attendance = [Invited(staff=me.staff, present=here), Invited(staff=other.staff)]
            record_meeting(
                actor=me, family=family, kind=kind, held_on=WEEK.monday, attendance=attendance,
                parents_present=True, now=clock.now(),
            )  # fmt: skip
        for held_on, status in (
            (WEEK.monday, "held"),
            (WEEK.monday, "declined"),
            (WEEK.monday - timedelta(3), "held"),
        ):
            record_session(
                actor=me, family=family, kind="individual", held_on=held_on, focus="Ro", status=status,
                reason="Syg", now=clock.now(),
            )  # fmt: skip
        opened = selectors.opened_week(me, WEEK)
    assert opened.prefilled and opened.revision == 0
    assert opened.cells == {
        (family.pk, "team", "operation", "meeting"): 4,
        (family.pk, "network", "operation", "meeting"): 6,
        (family.pk, "mentalisation", "operation", "contact"): 4,
    }
    with at_work(cast.greve.teamlead2):
        assert selectors.opened_week(cast.greve.teamlead2, WEEK).cells == {}
    page = Page(browser(me).get(PAGE).content.decode())
    assert {"1,5", "1"} <= {
        value for name, given in page.given.items() if name.startswith("r") for value in given
    }
    assert "for at kunne vise, hvad indsatsen koster" in page.text


def test_outside_the_chosen_weeks_nothing_is_asked(cast: Cast) -> None:
    me = cast.greve.practitioner
    assert "Der bliver ikke spurgt om tid i denne uge" in browser(me).get(PAGE).content.decode()
    refused("week-not-asked", lambda: save(me))
    ask(cast.greve, first=WEEK.later(-2), last=WEEK.later(-1))
    ask(cast.greve, first=WEEK.later(2), last=WEEK.later(3))
    page = browser(me).get(PAGE).content.decode()
    assert "Næste gang er uge 13" in page and 'name="do"' not in page
    assert 'value="send"' in browser(me).get(f"/tid/?uge={WEEK.later(-1).code}").content.decode()
    refused("weeks-twice", lambda: ask(cast.greve, first=WEEK, last=None))
    refused("end-before-start", lambda: ask(cast.greve, first=WEEK, last=WEEK.later(-1)))
    with pytest.raises(NotAllowed), at_work(me):
        choose_weeks(actor=me, first=WEEK, last=None, now=clock.now())


# Writing it -------------------------------------------------------------------------------------------------


def filled(page: Page, **numbers: str) -> dict[str, str]:
    """What the page's form would send: its fields as they stand, with these numbers."""
    given = {name: next(iter(values), "") for name, values in page.given.items()}
    return {**page.hidden, **given, **numbers}


def test_the_page_saves_sends_and_opens_again_and_corrections_are_seen(cast: Cast, family: Family) -> None:
    me = browser(cast.greve.practitioner)
    page = Page(me.get(PAGE).content.decode())
    sent = filled(page, **{"r0-contact": "6,5", "r0-writing": "1:30", "r1-supervision": "2"})
    assert sent["r0-family"] == str(family.uuid) and sent["r1-family"] == "none"
    assert me.post(PAGE, {**sent, "do": "save"}).status_code == 302
    again = Page(me.get(PAGE).content.decode())
    assert again.given["r0-contact"] == {"6,5"} and again.given["r0-writing"] == {"1,5"}
    assert me.post(PAGE, {**filled(again), "do": "send"}).status_code == 302
    closed = me.get(PAGE).content.decode()
    assert "Sendt 11.03.2026" in closed and 'value="send"' not in closed and "10 timer i alt" in closed
    late = me.post(PAGE, {**filled(again), "r0-contact": "7", "do": "save"})
    assert late.status_code == 409 and "Ugen er sendt" in late.content.decode()
    assert me.post(PAGE, {"do": "reopen"}).status_code == 422
    assert me.post(PAGE, {"do": "reopen", "reason": "Et hjemmebesøg\x00 manglede."}).status_code == 302
    with clock.standing_at(NOW + timedelta(hours=1)):
        opened = Page(me.get(PAGE).content.decode())
        me.post(PAGE, {**filled(opened), "r0-contact": "8", "do": "send"})
        told = Page(me.get(PAGE).content.decode()).text
    assert "Et hjemmebesøg manglede." in told and "6,5 blev 8 timer" in told
    with at_work(cast.greve.practitioner):
        entries = list(TimeEntry.objects.filter(activity="contact").order_by("id"))
    assert [(entry.quarters, entry.replaced_at is None) for entry in entries] == [(26, False), (32, True)]


def test_like_last_week_is_one_link_and_writes_nothing(cast: Cast, family: Family) -> None:
    me = cast.greve.practitioner
    save(me, Hours("contact", 10, family), Hours("supervision", 6), week=WEEK.later(-1))
    page = Page(browser(me).get(f"{PAGE}&som=sidste").content.decode())
    assert page.given["r0-contact"] == {"2,5"} and page.given["r1-supervision"] == {"1,5"}
    with at_work(me):
        assert TimeWeek.objects.count() == 1


def test_what_is_typed_is_kept_until_it_is_saved(cast: Cast, family: Family) -> None:
    me = browser(cast.greve.practitioner)
    page = me.get(PAGE)
    address = page.context["draft_url"]
    typed = filled(Page(page.content.decode()), **{"r0-contact": "3"})
    assert me.post(address, typed).status_code == 200
    assert Page(me.get(PAGE).content.decode()).given["r0-contact"] == {"3"}
    me.post(PAGE, {**typed, "do": "save"})
    assert me.post(address, {**typed, "r0-contact": "9"}).status_code == 204, (
        "a late autosave brings nothing back"
    )
    assert Page(me.get(PAGE).content.decode()).given["r0-contact"] == {"3"}
    assert me.post(address, typed, headers={"X-Person": "somebody"}).status_code == 409
    assert me.post(address.split("?")[0], typed).status_code == 422


def test_two_screens_do_not_swallow_each_other(cast: Cast, family: Family) -> None:
    me = cast.greve.practitioner
    save(me, Hours("contact", 4, family))
    save(me, Hours("contact", 8, family), seen=1)
    said = refused("week-changed", lambda: save(me, Hours("contact", 6, family), seen=1))
    assert isinstance(said, StaleState)
    assert save(me, Hours("contact", 8, family), seen=1).revision == 2, "the same once more is no other"


def test_hours_about_a_family_one_does_not_see_are_404_and_ones_own_stay(
    cast: Cast, family: Family, looking: psycopg.Connection[Any]
) -> None:
    me = cast.greve.practitioner
    foreign = lives_in(cast.randers)
    with pytest.raises(Http404):
        save(me, Hours("contact", 4, foreign))
    for named in (str(foreign.uuid), "no family"):
        sent = {"do": "save", "seen": "0", "r0-family": named, "r0-contact": "1"}
        assert browser(me).post(PAGE, sent).status_code == 404
    save(me, Hours("contact", 4, family))
    looking.execute("SET session_replication_role = replica")
    looking.execute("UPDATE families_familygrant SET starts = '2026-01-01', ends = '2026-02-01'")
    page = browser(me).get(PAGE).content.decode()
    assert family.number not in page and "Timer om familier, du ikke ser mere: 1." in page
    assert save(me, Hours("supervision", 2), seen=1).revision == 2
    with at_work(me):
        standing = TimeEntry.objects.filter(replaced_at__isnull=True).values_list("activity", "quarters")
        assert set(standing) == {("contact", 4), ("supervision", 2)}


@pytest.mark.parametrize(
    ("kind", "hours"),
    [
        ("hours-negative", {"quarters": -1}),
        ("hours-too-many", {"quarters": 3 * 96 + 1}),
        ("activity-unknown", {"activity": "golf"}),
        ("activity-not-here", {"activity": "contact"}),
        ("element-unknown", {"element": "journey"}),
        ("stage-unknown", {"stage": "later"}),
    ],
)
def test_bad_hours_are_refused_with_their_reason(cast: Cast, kind: str, hours: dict[str, Any]) -> None:
    ask(cast.greve)
    told: dict[str, Any] = {"activity": "meeting", "quarters": 4} | hours
    refused(kind, lambda: save(cast.greve.practitioner, Hours(**told)))


def test_other_bad_weeks_are_refused(cast: Cast, family: Family) -> None:
    me = cast.greve.practitioner
    refused("week-in-future", lambda: save(me, week=WEEK.later(1)))
    refused("hours-twice", lambda: save(me, Hours("meeting", 1), Hours("meeting", 2)))
    refused("activity-not-here", lambda: save(me, Hours("supervision", 1, family)))
    refused("start-up-with-family", lambda: save(me, Hours("contact", 1, family, stage="start_up")))
    with pytest.raises(NotAllowed):
        save(cast.greve.oncall, Hours("meeting", 1))
    page = Page(browser(me).get(PAGE).content.decode())
    wrong = browser(me).post(PAGE, {**filled(page), "r0-contact": "-2", "r0-meeting": "1,1", "do": "save"})
    assert wrong.status_code == 422
    text = Page(wrong.content.decode()).text
    assert "negative" in text and "kvarterer" in text and 'value="-2"' in wrong.content.decode()
    save(me, Hours("contact", 4, family), send=True)
    refused("week-sent", lambda: save(me, Hours("contact", 5, family), seen=1))


def test_the_database_itself_knows_the_rules(cast: Cast, family: Family) -> None:
    me = cast.greve.practitioner
    kept = save(me, Hours("contact", 4, family))
    bad: list[dict[str, Any]] = [
        {"quarters": 0}, {"quarters": 673}, {"category": "material"}, {"activity": "training", "category": "training"},
        {"stage": "start_up", "category": "preparation"}, {},
    ]  # fmt: skip
    for changed in bad:
        told: dict[str, Any] = {
            "activity": "contact", "quarters": 4, "category": "operation", "family": family,
        } | changed  # fmt: skip
        with pytest.raises(DatabaseError), at_work(me):
            TimeEntry.objects.create(municipality_id=cast.greve.code, week=kept, **told)
    with pytest.raises(DatabaseError), at_work(me):
        TimeWeek.objects.filter(pk=kept.pk).update(monday=WEEK.sunday)
    with pytest.raises(DatabaseError, match="replaced by others"), at_work(me):
        TimeEntry.objects.filter(week=kept).update(quarters=5)
    save(me, Hours("contact", 4, family), seen=1, send=True)
    with pytest.raises(DatabaseError, match="sent is closed"), at_work(me):
        TimeEntry.objects.filter(week=kept).update(replaced_at=clock.now())


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=672))
def test_hours_are_read_as_they_are_written(quarters: int) -> None:
    assert grid.read_hours(grid.write_hours(quarters)) == quarters
    assert grid.read_hours(f"{quarters // 4}:{quarters % 4 * 15:02}") == quarters


@pytest.mark.parametrize("text", ["-1", "−1", "1,1", "1:20", "en", "1e2", "1000", "0x4", "٣", "1,255"])
def test_what_says_no_quarters_is_not_read(text: str) -> None:
    with pytest.raises(grid.NotHours):
        grid.read_hours(text)


# What it comes to -------------------------------------------------------------------------------------------


def rate(town: Town, **otherwise: Any) -> YearOfRates:
    with at_work(town.teamlead) as lead:
        told: dict[str, Any] = {
            "year": 2026,
            "price_year": 2025,
            "hourly": {"familiebehandler": Decimal("400.00")},
            "nightly": [SiteNight(Site.objects.get(), Decimal("5000.00"), Decimal("0.80"))],
            "now": clock.now(),
        }
        return set_rates(actor=lead, **(told | otherwise))


def bill(town: Town, **otherwise: Any) -> OtherCost:
    with at_work(town.teamlead) as lead:
        told: dict[str, Any] = {
            "day": date(2026, 3, 2), "kind": "course_fee", "amount": Decimal("1250.50"), "category": "training",
            "stage": "start_up", "now": clock.now(),
        }  # fmt: skip
        return record_other_cost(actor=lead, **(told | otherwise))


def summed(town: Town, year: int = 2026) -> Summary:
    with at_work(town.teamlead) as lead:
        assert lead.municipality_id is not None
        return summary(lead.municipality_id, year=year, today=clock.today())


def test_the_year_is_summed_from_sent_weeks_bills_and_stays(cast: Cast, family: Family) -> None:
    rate(cast.greve)
    bill(cast.greve)
    bill(cast.greve, kind="interpreter", category="operation", stage="operation", family=family)
    save(cast.greve.practitioner, Hours("contact", 6, family, "team"), Hours("training", 8), send=True)
    save(cast.greve.teamlead, Hours("meeting", 4, stage="start_up"), send=True)
    save(cast.greve.caseworker, Hours("meeting", 40))
    found = summed(cast.greve)
    spent = {
        key: (one.hours, one.salary, one.other)
        for key, one in found.categories.items()
        if one.quarters or one.other
    }
    assert spent == {
        ("preparation", "start_up"): (1, 400, 0),
        ("training", "start_up"): (0, 0, Decimal("1250.50")),
        ("training", "operation"): (2, 800, 0),
        ("operation", "operation"): (Decimal("1.5"), 600, Decimal("1250.50")),
    }
    (line,) = found.professions
    assert (line.profession, line.quarters, line.salary) == ("familiebehandler", {"team": 6, "": 12}, 1800)
    # From 2 February to today: 27 nights, and 11 to the 11th of March with tonight.
    assert [(month.month, month.nights) for month in found.months] == [(1, 0), (2, 27), (3, 11)]
    assert (found.takst, found.sites[0].empty_places) == (38 * 5000, Decimal(38 * 1250))
    assert found.used.total == Decimal(1800) + Decimal("2501.00")
    assert (found.sent_weeks, found.begun_weeks, found.people, found.counted, found.families) == (
        2,
        1,
        3,
        1,
        1,
    )
    assert shared(found.takst, found.families) == 190_000
    assert shared(found.takst, found.places, found.months_begun) == 10_600
    assert shared(found.takst, 0) is None
    assert summed(cast.greve, 2025).used.total == 0 and summed(cast.randers).families == 0


def test_what_nobody_counted_is_missing_and_not_zero(cast: Cast, family: Family) -> None:
    def words(step: int) -> list[tuple[str, str]]:
        return [
            (line.number_words, line.kroner_words)
            for line in sheet.sheet(summed(cast.greve), municipality="Greve")[step].lines
        ]

    def months() -> list[tuple[str, str, str]]:
        found = summed(cast.greve)
        told = [sheet.month_words(found, month) for month in found.months]
        return [(one["hours"], one["used"], one["takst"]) for one in told]

    uncounted, none = ("ikke talt", "ikke talt"), ("", "ingen takst")
    assert words(2) == [*[uncounted] * 8, ("38 nætter", "ingen takst")]
    result = ("", "ikke talt"), ("", "0"), none
    assert words(5) == [("", "ikke talt"), none, *result, *result]
    assert months() == [("ikke talt", "ikke talt", "ingen takst")] * 3
    # A bill is known without hours; a week that was sent without any has none.
    bill(cast.greve)
    assert words(2)[2] == ("ikke talt", "1.251")
    assert words(5)[0] == ("", "1.251")
    save(cast.greve.practitioner, send=True)
    assert words(2)[:3] == [("0 timer", "0"), ("0 timer", "0"), ("0 timer", "1.251")]
    assert [one[0] for one in months()] == ["ikke talt", "ikke talt", "0"]
    # Hours without what an hour is reckoned at.
    save(cast.greve.teamlead, Hours("meeting", 4), send=True)
    assert ("1 timer", "ingen timepris") in words(2)
    assert words(1) == [("1 timer", "ingen timepris")]
    assert ("", "ingen timepris") in words(5)
    rate(cast.greve)
    assert words(1) == [("1 timer", "400")] and none not in words(5)


def test_a_week_counts_in_the_month_of_its_thursday(cast: Cast, family: Family) -> None:
    # Monday 30 March: its Thursday is in April. Monday 29 December 2025: its Thursday is in 2026.
    with clock.standing_at(datetime(2026, 4, 5, 12, tzinfo=UTC)):
        save(cast.greve.practitioner, Hours("meeting", 4), week=Week(date(2026, 3, 30)), send=True)
        months = {month.month: month.spent.hours for month in summed(cast.greve).months}
    assert months == {1: 0, 2: 0, 3: 0, 4: 1}
    assert Week(date(2025, 12, 29)).counted_on.year == 2026 and Week.read("2026-W01") == Week(
        date(2025, 12, 29)
    )
    assert [Week.read(text) for text in ("2026-W54", "2026-48", "x", "20x6-W01", "2026-W٤", "9999-W52")] == [
        None
    ] * 6


def test_nights_follow_the_stay_with_its_pauses_houses_and_end(
    cast: Cast, looking: psycopg.Connection[Any]
) -> None:
    family = lives_in(cast.greve)
    with at_work(cast.greve.teamlead) as lead:
        said: dict[str, Any] = {"municipality_id": cast.greve.code, "family": family}
        Pause.objects.create(
            **said, paused_on=date(2026, 2, 10), reason="hospital", paused_by=lead.staff,
            resumed_on=date(2026, 2, 14), resumed_by=lead.staff, resumed_at=clock.now(),
        )  # fmt: skip
        site = Site.objects.get()
        SiteChange.objects.create(
            **said, from_site=site, to_site=site, from_room="1", to_room="2", moved_on=date(2026, 2, 20),
            reason="Støj", recorded_by=lead.staff,
        )  # fmt: skip
        family.moved_out_on = date(2026, 3, 1)
        family.save(update_fields=["moved_out_on"])
        found = nights.count(cast.greve.code, first=date(2026, 1, 1), last=date(2026, 3, 11))
    assert found.nights == {(site.pk, date(2026, 2, 1)): nights.Nights(there=23, paused=4)}
    assert found.families == 1


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("amount-not-positive", {"amount": Decimal("-1")}),
        ("amount-not-positive", {"amount": Decimal("NaN")}),
        ("amount-decimals", {"amount": Decimal("10.005")}),
        ("amount-too-large", {"amount": Decimal("1e12")}),
        ("cost-in-future", {"day": date(2026, 3, 12)}),
        ("day-impossible", {"day": date(206, 3, 12)}),
        ("cost-kind", {"kind": "wine"}),
        ("cost-category", {"category": "other"}),
        ("stage-unknown", {"stage": ""}),
    ],
)
def test_bad_costs_are_refused(cast: Cast, kind: str, changed: dict[str, Any]) -> None:
    refused(kind, lambda: bill(cast.greve, **changed))


def test_a_year_has_its_rates_once_and_new_ones_say_why(cast: Cast) -> None:
    first = rate(cast.greve)
    refused("rates-twice", lambda: rate(cast.greve))
    rate(cast.greve, instead_because="Ny overenskomst", hourly={"psykolog": Decimal(500)})
    with at_work(cast.greve.teamlead) as lead:
        first.refresh_from_db()
        assert first.withdrawn_reason == "Ny overenskomst" and first.withdrawn_by == lead.staff
        (standing,) = selectors.rates_of(cast.greve.code)
        assert [one.profession for one in standing.hourly.all()] == ["psykolog"]
    refused("amount-decimals", lambda: rate(cast.greve, year=2025, hourly={"psykolog": Decimal("500.125")}))
    refused("rates-empty", lambda: rate(cast.greve, year=2025, hourly={}, nightly=[]))
    refused("year-impossible", lambda: rate(cast.greve, year=206))
    refused(
        "profession-twice", lambda: rate(cast.greve, year=2025, hourly={"a": Decimal(1), "a ": Decimal(1)})
    )
    with at_work(cast.randers.teamlead):
        theirs = Site.objects.get()
    refused("site-elsewhere", lambda: rate(cast.greve, year=2025, nightly=[SiteNight(theirs, Decimal(1))]))
    with at_work(cast.greve.teamlead):
        site = Site.objects.get()
    for share in ("0", "1.01", "0.855"):
        night = SiteNight(site, Decimal(1), Decimal(share))
        refused("occupancy-share", lambda night=night: rate(cast.greve, year=2025, nightly=[night]))
    withdrawn = bill(cast.greve)
    for reason, kind in (("", "reason-missing"), ("Skrevet to gange", ""), ("Igen", "withdrawn-already")):

        def act(reason: str = reason) -> None:
            with at_work(cast.greve.teamlead) as lead:
                withdraw(actor=lead, record=withdrawn, reason=reason, now=clock.now())

        refused(kind, act) if kind else act()
    assert summed(cast.greve).used.other == 0


def test_the_leads_pages_write_and_refuse_at_the_field(cast: Cast, family: Family) -> None:
    lead = browser(cast.greve.teamlead)
    form = Page(lead.get("/omkostninger/satser/").content.decode())
    night = next(name for name in form.given if name.startswith("night_"))
    rates = {
        "year": "2026", "price_year": "2026", rate_field("familiebehandler"): "1.385,50", night: "5.000",
        night.replace("night", "occupancy"): "85",
    }  # fmt: skip
    assert lead.post("/omkostninger/satser/", rates).status_code == 302
    with at_work(cast.greve.teamlead):
        (standing,) = selectors.rates_of(cast.greve.code)
        assert [one.amount for one in standing.hourly.all()] == [Decimal("1385.50")]
        assert [(one.amount, one.occupancy) for one in standing.nightly.all()] == [(5000, Decimal("0.85"))]
    again = lead.post("/omkostninger/satser/", rates)
    assert again.status_code == 422 and "har allerede satser" in again.content.decode()
    cost = {
        "day": "02.03.2026", "kind": "test", "amount": "100,125", "category": "material", "stage": "operation",
        "family": str(family.uuid),
    }  # fmt: skip
    wrong = lead.post("/omkostninger/andre/", cost)
    assert wrong.status_code == 422 and "højst to decimaler" in wrong.content.decode()
    assert lead.post("/omkostninger/andre/", cost | {"amount": "100,50"}).status_code == 302
    listed = lead.get("/omkostninger/andre/").content.decode()
    assert "100,50 kr." in listed and family.number in listed
    assert (
        lead.post("/omkostninger/andre/", cost | {"family": str(lives_in(cast.randers).uuid)}).status_code
        == 404
    )
    weeks = lead.get("/omkostninger/uger/")
    mine = weeks.context["choices"][0]["choice"].uuid
    assert lead.post("/omkostninger/uger/", {"do": "withdraw", "record": mine}).status_code == 422
    assert (
        lead.post("/omkostninger/uger/", {"do": "withdraw", "record": mine, "reason": "Nok"}).status_code
        == 302
    )
    nobodys = {"do": "withdraw", "record": family.uuid, "reason": "Nok"}
    assert lead.post("/omkostninger/uger/", nobodys).status_code == 404
    told = {"first": "11.03.2026", "last": "20.03.2026", "team_meeting_quarters": "0,75",
            "network_meeting_quarters": "2", "session_quarters": "1"}  # fmt: skip
    assert lead.post("/omkostninger/uger/", told | {"session_quarters": "-1"}).status_code == 422
    assert lead.post("/omkostninger/uger/", told).status_code == 302
    with at_work(cast.greve.teamlead):
        choice = selectors.asking(cast.greve.code, WEEK)
    assert choice is not None and (choice.first_day, choice.last_day) == (date(2026, 3, 9), date(2026, 3, 22))
    assert choice.team_meeting_quarters == 3


def test_the_sheet_follows_the_model_and_names_nobody(cast: Cast, family: Family) -> None:
    rate(cast.greve)
    save(cast.greve.practitioner, Hours("contact", 6, family), send=True)
    lead = browser(cast.greve.authoritylead)
    answer = lead.get("/omkostninger/regneark/")
    text = answer.content.decode("utf-8-sig")
    titles = list(dict.fromkeys(line.split(";")[0] for line in text.splitlines()[1:]))
    assert titles == [
        "1. Indsats", "2. Teams", "3. Ressourceforbrug", "4. Tilskud", "5. Sparede udgifter", "6. Resultat",
    ]  # fmt: skip
    assert "3. Ressourceforbrug;Drift af indsats;Drift;1,5;timer;600,00" in text
    page = lead.get("/omkostninger/").content.decode()
    for shown in (text, page):
        for secret in (family.number, "Maja", cast.greve.practitioner.staff.last_name, str(family.uuid)):
            assert secret not in shown
    assert sheet._plain("=1+1") == "'=1+1" and sheet.whole_kroner(Decimal("1234567.5")) == "1.234.568"
    assert [hundreds(Decimal(amount)) for amount in ("49.99", "50", "1250")] == [0, 100, 1300]
    assert browser(cast.greve.practitioner).get("/omkostninger/").status_code == 403


# The API, the looks, and what it asks -----------------------------------------------------------------------


def test_the_api_writes_the_same_week(cast: Cast, family: Family) -> None:
    me = api(cast.greve.practitioner)
    address = "/api/v1/costs/weeks/2026-W11/"
    assert me.get(address).json()["revision"] == 0
    sent = {
        "revision": 0,
        "send": True,
        "entries": [{"family": str(family.uuid), "element": "team", "activity": "contact", "hours": "1.50"}],
    }
    written = me.put(address, sent, format="json", headers={"Idempotency-Key": "k"})
    assert written.status_code == 200, written.json()
    assert written.json()["entries"] == [
        {
            "family": str(family.uuid), "element": "team", "activity": "contact", "stage": "operation",
            "category": "operation", "hours": "1.50",
        }
    ]  # fmt: skip
    assert me.put(address, sent, format="json", headers={"Idempotency-Key": "k"}).status_code == 200
    assert me.put(address, sent | {"revision": 1}, format="json").json()["type"].endswith(":week-sent")
    for entry, field in (
        ({"hours": "1.1"}, "hours"),
        ({"hours": "-1"}, "hours"),
        ({"activity": "x"}, "activity"),
    ):
        wrong = me.put(address, sent | {"entries": [sent["entries"][0] | entry]}, format="json")
        assert wrong.status_code == 422 and list(wrong.json()["errors"]) == [f"entries.0.{field}"]
    foreign = sent["entries"][0] | {"family": str(lives_in(cast.randers).uuid)}
    assert me.put(address, sent | {"entries": [foreign]}, format="json").status_code == 404
    assert me.get("/api/v1/costs/weeks/2026-W99/").status_code == 404
    rate(cast.greve)
    (year,) = api(cast.greve.teamlead).get("/api/v1/costs/rates/").json()["results"]
    assert (year["year"], year["hourly"][0]["amount"], year["nightly"][0]["occupancy"]) == (
        2026,
        "400.00",
        "0.80",
    )
    assert me.get("/api/v1/costs/rates/").status_code == 403


def test_each_family_that_is_named_is_a_look(
    cast: Cast, family: Family, looking: psycopg.Connection[Any]
) -> None:
    me = cast.greve.practitioner
    bill(cast.greve, family=family, stage="operation")
    browser(me).get(PAGE)
    browser(cast.greve.healthvisitor).get(PAGE)
    browser(cast.greve.teamlead).get("/omkostninger/andre/")
    browser(cast.greve.teamlead).get("/omkostninger/")
    save(me, Hours("contact", 4, family), send=True)
    api(me).get("/api/v1/costs/weeks/2026-W11/")
    lead = cast.greve.teamlead.staff_id
    assert looking.execute("SELECT staff_id, family_id, route FROM trail_read ORDER BY id").fetchall() == [
        (me.staff_id, family.pk, "time-week"),
        (lead, family.pk, "costs-other"),
        (me.staff_id, family.pk, "api-time-week"),
    ]


def test_it_asks_as_often_whatever_there_is(cast: Cast) -> None:
    me, lead, asked = cast.greve.practitioner, cast.greve.teamlead, []
    for turn in range(3):
        lives_in(cast.greve)
        if not turn:
            count_costs(Company("greve", cast.greve.code), now=clock.now())
        with at_work(me), counted() as grid_statements:
            selectors.opened_week(me, WEEK)
        with at_work(lead), counted() as summary_statements:
            summary(cast.greve.code, year=2026, today=clock.today())
        asked.append((len(grid_statements), len(summary_statements)))
    assert asked == [(8, 13)] * 3
