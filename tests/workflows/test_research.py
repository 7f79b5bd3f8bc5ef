"""VIVE's chosen families: who may be chosen, what each person says, what becomes of it, and every "no" with its rule."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from demo.walk import Company
from placement import clock
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.families.models import Consent, Family, Person
from placement.families.people import record_birth
from placement.research.models import ResearchConsent, ResearchOutcome, SelectedFamily
from placement.research.selectors import ItemState
from placement.research.services import (
    choose_family,
    end_selection,
    record_outcome,
    withdraw_answer,
)
from tests.expecting import BEGAN, EVERYTHING, Expecting, started_on
from workflows.journey.moves.correcting import correct_step
from workflows.kernel.models import Clock, Task
from workflows.model_versions.services import version_in_force
from workflows.research.acts import RECORDS, carry_out
from workflows.research.picture import family_research
from workflows.research.reminders import about_of, remind
from workflows.research.standing import standing_of

NOW = datetime.fromisoformat("2025-10-15T09:00:00+00:00")


def choose(
    company: Company, family: Family, *, now: datetime = NOW, part: str = "authoritylead"
) -> SelectedFamily:
    actor = company.actor(part)
    with clock.standing_at(now), actor.acting(), transaction.atomic():
        rules = version_in_force(clock.today()).model.research
        return choose_family(actor=actor, family=family, rules=rules, now=now)


def refused(type_of: str, act: Any, *given: Any, **told: Any) -> str:
    with pytest.raises(Refused) as said:
        act(*given, **told)
    assert said.value.type == type_of
    return str(said.value.message)


@pytest.fixture
def greve(house: None) -> Company:
    return Company("greve", 253)


@pytest.fixture
def expecting(house: None) -> Expecting:
    """A pregnant mother whose family has just begun; it is chosen, and everybody has said yes to everything."""
    scene = Expecting("greve")
    scene.go_on_to("move_in")
    return scene


# ---- who is chosen ---------------------------------------------------------------------------------------


def test_four_families_of_a_municipality_two_of_each_window_and_no_fifth(greve: Company) -> None:
    days = [date(2024, 9, 1), date(2025, 1, 31), date(2025, 2, 1), date(2025, 9, 30)]
    chosen = [choose(greve, started_on(greve, day)) for day in days]
    assert [(one.place, one.window, one.turn) for one in chosen] == [
        (1, "autumn-2024", 1), (2, "autumn-2024", 2), (3, "2025", 1), (4, "2025", 2),
    ]  # fmt: skip
    fifth = started_on(greve, date(2025, 10, 2))
    assert "4 familier i hver kommune" in refused("research-full", choose, greve, fifth)


def test_a_window_gives_two_families_and_no_third(greve: Company) -> None:
    for day in (1, 2):
        choose(greve, started_on(greve, date(2025, 2, day)))
    said = refused("research-window-full", choose, greve, started_on(greve, date(2025, 2, 3)))
    assert "har sine 2 familier" in said


@pytest.mark.parametrize("day", [date(2024, 8, 31), date(2024, 5, 1)])
def test_a_family_that_began_outside_the_windows_is_not_chosen(greve: Company, day: date) -> None:
    said = refused("research-window", choose, greve, started_on(greve, day))
    assert f"{day:%d.%m.%Y}" in said and "01.09.2024-31.01.2025" in said


def test_nobody_is_chosen_before_the_start_or_twice_or_by_somebody_else_than_a_lead(
    expecting: Expecting,
) -> None:
    greve = expecting.company
    with expecting.at_work("caseworker"):
        family = expecting.fresh()
    with pytest.raises(NotAllowed):
        choose(greve, family, part="caseworker")
    choose(greve, family)
    with pytest.raises(StaleState):
        choose(greve, family)
    waiting = Expecting("greve")
    refused("research-not-started", choose, greve, waiting.family)


def test_the_twelve_are_four_in_each_of_three_municipalities(house: None) -> None:
    days = [date(2024, 9, 1), date(2025, 1, 31), date(2025, 2, 1), date(2025, 9, 30)]
    for slug, code in (("greve", 253), ("randers", 730), ("odense", 461)):
        company = Company(slug, code)
        assert [choose(company, started_on(company, day)).place for day in days] == [1, 2, 3, 4]
        refused("research-full", choose, company, started_on(company, date(2025, 11, 1)))


def test_the_database_has_no_thirteenth_place(greve: Company) -> None:
    """Nor a fifth in a municipality, a third in a window, one for another municipality, or the same family twice."""
    family = started_on(greve, date(2025, 2, 1))
    taken = choose(greve, family)
    lead = greve.actor("authoritylead")
    another = started_on(greve, date(2025, 2, 2))
    whole = {
        "municipality_id": 253, "family_id": another.pk, "window": "2025", "place": 2, "turn": 2,
        "started_on": date(2025, 2, 2), "selected_on": date(2025, 10, 15), "selected_by": lead.staff,
        "selected_at": NOW,
    }  # fmt: skip
    for change, constraint in (
        ({"place": 5}, "selected_one_of_four_places"),
        ({"place": taken.place}, "selected_place_taken_once"),
        ({"turn": 3}, "selected_one_of_two_in_the_window"),
        ({"turn": taken.turn}, "selected_turn_taken_once"),
        ({"family_id": family.pk}, "selected_family_once"),
        ({"selected_on": date(2025, 10, 16)}, "selected_after_start_and_not_in_future"),
        ({"ended_on": date(2025, 10, 15)}, "selected_ended_with_reason"),
    ):
        with pytest.raises(IntegrityError, match=constraint), lead.acting(), transaction.atomic():
            SelectedFamily.objects.create(**whole | change)
    with lead.acting(), transaction.atomic():
        SelectedFamily.objects.create(**whole)


def test_a_family_that_leaves_gives_its_place_to_another_and_is_shown_as_having_left(
    expecting: Expecting,
) -> None:
    selection = expecting.choose()
    expecting.say(selection, "Maja", EVERYTHING)
    other = started_on(expecting.company, date(2025, 3, 1))
    choose(expecting.company, other)
    third = started_on(expecting.company, date(2025, 4, 1))
    refused("research-window-full", choose, expecting.company, third)
    expecting.now += timedelta(days=3)
    with expecting.at_work("teamlead") as actor:
        ended = end_selection(
            actor=actor, selection=selection, on=clock.today(), reason="withdrawn", now=expecting.now
        )
        assert ended.ended_on == clock.today()
        assert not ResearchConsent.objects.filter(selection=selection, withdrawn_on__isnull=True).exists()
        standing = standing_of(expecting.fresh())
        assert {item.state for item in standing.items} == {ItemState.ENDED}
    assert choose(expecting.company, third).place == ended.place
    with pytest.raises(StaleState), expecting.at_work("teamlead") as actor:
        end_selection(
            actor=actor, selection=selection, on=clock.today(), reason="withdrawn", now=expecting.now
        )


# ---- what each person says -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "type_of"),
    [
        ({"answered_on": date(2025, 12, 24)}, "research-consent-in-future"),
        ({"how": "shouted"}, "research-how"),
        ({"informed_about": " "}, "research-not-informed"),
        ({"informed_about": "Se https://vive.dk"}, "video-not-kept"),
        ({"answers": {}}, "research-nothing-answered"),
        ({"answers": {"registration": "yes"}}, "research-activity"),
        ({"answers": {"video-start": "perhaps"}}, "research-activity"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    expecting: Expecting, change: dict[str, Any], type_of: str
) -> None:
    selection, change = expecting.choose(), dict(change)
    answers = change.pop("answers", EVERYTHING)
    refused(type_of, expecting.say, selection, "Maja", answers, **change)
    with expecting.at_work():
        assert not ResearchConsent.objects.exists()


def test_only_the_familys_own_parents_answer(expecting: Expecting) -> None:
    selection = expecting.choose()
    another = started_on(expecting.company, date(2025, 4, 1))
    with expecting.at_work("authoritylead"):
        stranger = Person.objects.get(family=another, kind="parent")
        child = Person.objects.get(family=expecting.family, kind="child")
    refused("not-of-family", expecting.say, selection, "Maja", EVERYTHING, person=stranger)
    refused("research-not-a-parent", expecting.say, selection, "Maja", EVERYTHING, person=child)


def test_a_no_to_one_activity_leaves_the_others_and_says_nothing_about_the_stay(expecting: Expecting) -> None:
    selection = expecting.choose()
    expecting.say(selection, "Maja", EVERYTHING | {"vive-interview": "no"})
    expecting.say(selection, "Ib", {"vive-interview": "no"})
    with expecting.at_work():
        states = {item.rule.code: item.state for item in standing_of(expecting.fresh()).items}
        assert states["vive-interview"] is ItemState.REFUSED
        assert states["pregnancy-interview"] is ItemState.DUE
        assert not Consent.objects.filter(family=expecting.family, withdrawn_on__isnull=False).exists()
    expecting.take(expecting.open_task("move_in"))


def test_what_stands_is_taken_back_and_not_overwritten(expecting: Expecting) -> None:
    selection = expecting.choose()
    (first,) = expecting.say(selection, "Maja", {"security-talk": "yes"})
    assert expecting.say(selection, "Maja", {"security-talk": "yes"}) == [], "it stands already"
    refused("research-consent-stands", expecting.say, selection, "Maja", {"security-talk": "no"})
    expecting.now += timedelta(days=2)
    with expecting.at_work() as actor:
        told = {
            "actor": actor,
            "selection": selection,
            "person": expecting.person("Maja"),
            "now": expecting.now,
        }
        on = clock.today()
        refused("research-no-consent", withdraw_answer, activity="video-end", on=on, **told)
        refused(
            "end-before-start", withdraw_answer, activity="security-talk", on=on - timedelta(days=9), **told
        )
        refused(
            "research-consent-in-future",
            withdraw_answer,
            activity="security-talk",
            on=on + timedelta(days=1),
            **told,
        )
        taken = withdraw_answer(activity="security-talk", on=on, **told)
        assert (taken.pk, taken.withdrawn_on) == (first.pk, on)
    (again,) = expecting.say(selection, "Maja", {"security-talk": "yes"})
    assert again.pk != first.pk


def test_the_database_takes_no_answer_from_the_future(expecting: Expecting) -> None:
    selection = expecting.choose()
    with expecting.at_work() as actor:
        person = expecting.person("Maja")
    row = {
        "municipality_id": 253, "selection": selection, "family": expecting.family, "person": person,
        "activity": "video-start", "answer": "yes", "how": "oral", "informed_about": "Alt", "recorded_by": actor.staff,
        "recorded_at": expecting.now, "answered_on": clock.danish_day(expecting.now),
    }  # fmt: skip
    for change in (
        {"answered_on": row["answered_on"] + timedelta(days=1)},
        {"informed_about": ""},
        {"answer": "no", "withdrawn_on": row["answered_on"], "withdrawal_recorded_by": actor.staff},
    ):
        with pytest.raises(IntegrityError, match="research_consent"), expecting.at_work():
            ResearchConsent.objects.create(**row | change)


# ---- what becomes of it ----------------------------------------------------------------------------------


def settle(scene: Expecting, selection: SelectedFamily, code: str, **otherwise: Any) -> ResearchOutcome:
    with scene.at_work() as actor:
        standing = standing_of(scene.fresh())
        rule = standing.rule(code)
        assert rule is not None
        told: dict[str, Any] = {
            "actor": actor, "selection": selection, "rule": rule, "status": "done", "happened_on": clock.today(),
            "anchor": standing.anchors[rule.after], "now": scene.now,
        }  # fmt: skip
        return record_outcome(**told | otherwise)


def test_a_video_waits_until_the_child_is_two_months_old(expecting: Expecting) -> None:
    selection = expecting.choose()
    expecting.say(selection, "Maja", EVERYTHING)
    refused("research-too-early", settle, expecting, selection, "video-start")
    expecting.take(expecting.open_task("move_in"))
    with expecting.at_work():
        child = Person.objects.get(family=expecting.family, kind="child")
    assert "ikke født" in refused("video-too-early", settle, expecting, selection, "video-start", child=child)
    refused("not-of-family", settle, expecting, selection, "video-start")
    expecting.now = datetime.fromisoformat("2025-07-24T09:00:00+00:00")
    with expecting.at_work("caseworker"):
        child = record_birth(child=child, born_on=date(2025, 5, 25), name="Vilfred", now=expecting.now)
    said = refused("video-too-early", settle, expecting, selection, "video-start", child=child)
    assert "2 måneder den 25.07.2025" in said and "VIVEs regel" in said
    expecting.now += timedelta(days=1)
    made = settle(expecting, selection, "video-start", child=child, reference="V-17")
    assert (made.child_born_on, made.reference) == (date(2025, 5, 25), "V-17")


@pytest.mark.parametrize(
    ("change", "type_of"),
    [
        ({"status": "filmed"}, "research-status"),
        ({"happened_on": date(2025, 12, 24)}, "research-outcome-in-future"),
        ({"status": "declined"}, "research-outcome-reason"),
        ({"reference": "https://vive.dk/upload/17"}, "video-not-kept"),
        ({"reference": "maja.mp4"}, "video-not-kept"),
        ({"happened_on": BEGAN.date() - timedelta(days=30)}, "research-without-consent"),
    ],
)
def test_a_status_that_cannot_be_is_refused(
    expecting: Expecting, change: dict[str, Any], type_of: str
) -> None:
    selection = expecting.choose()
    expecting.say(selection, "Maja", EVERYTHING)
    refused(type_of, settle, expecting, selection, "pregnancy-interview", **change)
    with expecting.at_work():
        assert not ResearchOutcome.objects.exists()


def test_nothing_is_done_without_a_yes_and_a_yes_taken_back_holds_for_the_days_before(
    expecting: Expecting,
) -> None:
    selection = expecting.choose()
    refused("research-without-consent", settle, expecting, selection, "pregnancy-interview")
    expecting.say(selection, "Maja", EVERYTHING)
    expecting.now += timedelta(days=5)
    day = clock.danish_day(expecting.now)
    with expecting.at_work() as actor:
        withdraw_answer(
            actor=actor, selection=selection, person=expecting.person("Maja"), activity="pregnancy-interview", on=day,
            now=expecting.now,
        )  # fmt: skip
    refused("research-without-consent", settle, expecting, selection, "pregnancy-interview")
    settle(expecting, selection, "pregnancy-interview", happened_on=day - timedelta(days=1))


def test_a_second_word_corrects_the_first_and_says_why(expecting: Expecting) -> None:
    selection = expecting.choose()
    expecting.say(selection, "Maja", EVERYTHING)
    first = settle(expecting, selection, "pregnancy-interview")
    refused("research-outcome-reason", settle, expecting, selection, "pregnancy-interview")
    second = settle(
        expecting, selection, "pregnancy-interview", status="declined", reason="Mor fortrød samme morgen."
    )
    assert second.replaces_id == first.pk
    with expecting.at_work():
        (item,) = [
            one for one in standing_of(expecting.fresh()).items if one.rule.code == "pregnancy-interview"
        ]
        assert item.state is ItemState.DECLINED


def test_the_database_takes_no_video_of_a_child_under_two_months(expecting: Expecting) -> None:
    selection = expecting.choose()
    with expecting.at_work() as actor:
        child = Person.objects.get(family=expecting.family, kind="child")
    at = datetime.fromisoformat("2025-09-01T09:00:00+00:00")
    row = {
        "municipality_id": 253, "selection": selection, "family": expecting.family, "activity": "video-start",
        "status": "done", "happened_on": date(2025, 7, 25), "child": child, "child_born_on": date(2025, 5, 25),
        "recorded_by": actor.staff, "recorded_at": at,
    }  # fmt: skip
    for change, constraint in (
        ({"happened_on": date(2025, 7, 24)}, "research_video_from_two_months"),
        ({"child": None}, "research_video_from_two_months"),
        ({"child_born_on": None}, "research_video_from_two_months"),
        ({"reference": "film.mov"}, "research_outcome_without_video"),
        ({"happened_on": date(2025, 9, 2)}, "research_outcome_not_in_future"),
        ({"status": "declined"}, "research_outcome_undone_says_why"),
    ):
        with pytest.raises(IntegrityError, match=constraint), expecting.at_work():
            ResearchOutcome.objects.create(**row | change)
    with expecting.at_work():
        ResearchOutcome.objects.create(**row)


# ---- the deadlines ---------------------------------------------------------------------------------------


def test_what_is_due_has_a_deadline_that_follows_what_is_said_and_done(expecting: Expecting) -> None:
    selection = expecting.choose()
    with expecting.at_work():
        remind(expecting.fresh(), now=expecting.now)
        assert not Clock.objects.filter(trigger="research_due").exists(), "nobody has said yes"
    expecting.say(selection, "Maja", EVERYTHING)
    with expecting.at_work():
        remind(expecting.fresh(), now=expecting.now)
        (interview,) = Clock.objects.running().filter(trigger="research_due")
        assert interview.about == about_of(selection, "pregnancy-interview")
        assert interview.due_on == selection.selected_on + timedelta(days=21)
        assert interview.reminds == "caseworker" and "forslag" in interview.source
        remind(expecting.fresh(), now=expecting.now)
        assert Clock.objects.filter(trigger="research_due").count() == 1, "asked again, the same one runs"
        withdraw_answer(
            actor=expecting.company.actor("practitioner"), selection=selection, person=expecting.person("Maja"),
            activity="pregnancy-interview", on=clock.today(), now=expecting.now,
        )  # fmt: skip
        remind(expecting.fresh(), now=expecting.now)
        assert not Clock.objects.running().filter(trigger="research_due").exists(), "it stopped at once"


def test_a_family_that_has_left_may_still_take_a_yes_back(expecting: Expecting) -> None:
    selection = expecting.choose()
    expecting.say(selection, "Maja", EVERYTHING)
    with expecting.at_work("teamlead") as lead:
        end_selection(actor=lead, selection=selection, on=clock.today(), reason="left", now=expecting.now)
    with expecting.at_work() as practitioner:
        standing = standing_of(expecting.fresh())
        said = {
            "person": str(expecting.person("Maja").uuid),
            "activity": "video-start",
            "on": str(clock.today()),
        }
        form = RECORDS["tilbage"].form(said, standing=standing)
        assert form.is_valid(), form.errors
        carry_out(RECORDS["tilbage"], actor=practitioner, form=form, now=expecting.now)
        offered = family_research(practitioner, standing_of(expecting.fresh()))["acts"]
        assert [act["url"].rsplit("/", 2)[1] for act in offered] == ["tilbage"]
        taken = ResearchConsent.objects.get(selection=selection, activity="video-start", answer="yes")
        assert taken.withdrawn_on == clock.today()


def test_a_moving_in_put_right_takes_what_was_counted_from_it_with_it(expecting: Expecting) -> None:
    def talk() -> Clock | None:
        with expecting.at_work():
            return Clock.objects.running().filter(rule="research-security-talk").first()

    selection = expecting.choose()
    expecting.say(selection, "Maja", EVERYTHING)
    expecting.take(expecting.open_task("move_in"))
    first = talk()
    assert first is not None
    expecting.now += timedelta(days=3)
    with expecting.at_work("authoritylead") as lead:
        done = Task.objects.get(family=expecting.family, flow_task__endswith=".move_in")
        correct_step(
            actor=lead,
            family=expecting.fresh(),
            task=done.uuid,
            reason="De flyttede senere.",
            now=expecting.now,
        )
    assert talk() is None
    expecting.take(expecting.open_task("move_in"), moved_in_on=clock.danish_day(expecting.now).isoformat())
    again = talk()
    assert again is not None and again.due_on > first.due_on
