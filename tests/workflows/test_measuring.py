"""Answers on instruments: who, when, about whom; scored once; and what a score asks somebody to do."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from demo.walk import Company
from placement import clock
from placement.access.errors import NotAllowed, Refused, StaleState
from placement.access.models import Site
from placement.families import services
from placement.families.codes import PersonKind
from placement.families.models import GrantFunction, Person, Phase
from placement.instruments import catalogue
from placement.instruments.scoring import NOT_RELEVANT, SCORING_VERSION
from placement.progression.models import Measurement
from placement.progression.services import record_measurement
from placement.staffing.services import record_training
from tests.cast import CODES
from workflows.journey.services import begin_journey
from workflows.kernel.models import Clock, Task
from workflows.kernel.services import complete_task
from workflows.measuring.acting import score_lines
from workflows.measuring.models import Administration, Answer, ScoreAction, Urgency
from workflows.measuring.points import State, due_list
from workflows.measuring.services import Correction, Given, record_administration

QUIET = {1: 0, 2: 0, 3: 3, 4: 0, **dict.fromkeys(range(5, 11), 3)}
TIRED = {1: 2, 2: 2, 3: 1, 4: 2, 5: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 3}


class Ward:
    """A family with a child of some months, and the cast at work with it."""

    def __init__(self) -> None:
        self.now = clock.now() - timedelta(days=120)
        self.company = Company("greve", CODES["greve"])
        with self.acting("caseworker") as caseworker:
            self.family = begin_journey(
                actor=caseworker,
                source="casework",
                enquiry_text="",
                traits=["network"],
                people=[
                    {"kind": "parent", "name": "Maja", "born_on": date(1999, 3, 12), "custody_holder": True},
                    {"kind": "child", "name": "Bo", "born_on": self.today - timedelta(days=100)},
                ],
                now=self.now,
            )
            self.family.site = Site.objects.get()
            self.family.save(update_fields=["site"])
            for part in ("caseworker", "practitioner"):
                services.appoint(
                    family=self.family,
                    staff=self.company.actor(part).staff,
                    function=GrantFunction.TEAM,
                    by=caseworker,
                    on=self.today,
                )
            self.parent = Person.objects.get(family=self.family, kind=PersonKind.PARENT)
            self.child = Person.objects.get(family=self.family, kind=PersonKind.CHILD)

    @property
    def today(self) -> date:
        return clock.danish_day(self.now)

    def acting(self, part: str):
        return _At(self, part)

    def measure(self, instrument: str, *, part: str = "caseworker", **otherwise):
        definition = catalogue.find(instrument)
        about_parent = definition is None or "parent" in definition.about
        told = {
            "instrument": instrument,
            "person": self.parent if about_parent else self.child,
            "answered_on": self.today,
            "respondent": "parent" if about_parent else "staff",
            "given": Given(),
        }
        with self.acting(part) as actor:
            return record_administration(actor=actor, family=self.family, now=self.now, **(told | otherwise))

    def refused(self, kind: str, *arguments, **otherwise) -> str:
        with self.acting("caseworker"):
            before = Administration.objects.count()
        with pytest.raises(Refused) as refused:
            self.measure(*arguments, **otherwise)
        assert refused.value.type == kind, refused.value
        with self.acting("caseworker"):
            assert Administration.objects.count() == before
        return str(refused.value.message)

    def certified(self, kind: str, *, valid_until: date | None) -> None:
        with self.acting("authoritylead") as actor:
            record_training(
                actor=actor, staff=self.company.actor("caseworker").staff, kind=kind, title="Certifikat",
                held_on=self.today - timedelta(days=200), valid_until=valid_until, provider="KU",
                certificate=True, now=self.now,
            )  # fmt: skip

    def settle(self) -> None:
        """The family moves in today."""
        with self.acting("caseworker"):
            self.family.phase = Phase.MOVED_IN
            self.family.started_on = self.family.moved_in_on = self.today
            self.family.save(update_fields=["phase", "started_on", "moved_in_on"])

    def tasks(self) -> list[Task]:
        """What scores ask for and nobody has done."""
        with self.acting("authoritylead"):
            waiting = Task.objects.open().filter(family=self.family).order_by("id")
            return [task for task in waiting if task.flow_task.name.startswith("act_")]

    def act(self, task: Task, **answer: str) -> None:
        with clock.standing_at(self.now):
            actor = self.company.actor("practitioner")
            with actor.acting():
                complete_task(actor=actor, task_uuid=task.uuid, data=answer, facts_version=None, now=self.now)


class _At:
    """One transaction as somebody, at the ward's moment."""

    def __init__(self, ward: Ward, part: str) -> None:
        self.ward, self.part = ward, part

    def __enter__(self):
        self.standing = clock.standing_at(self.ward.now)
        self.standing.__enter__()
        actor = self.ward.company.actor(self.part)
        self.acting = actor.acting()
        self.acting.__enter__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        return actor

    def __exit__(self, *what):
        self.whole.__exit__(*what)
        self.acting.__exit__(*what)
        self.standing.__exit__(*what)


@pytest.fixture
def ward(cast) -> Ward:
    return Ward()


def test_every_answer_is_kept_as_it_was_given_and_scored_once(ward):
    made = ward.measure(
        "kpcs",
        given=Given(answers={1: NOT_RELEVANT, **dict.fromkeys(range(2, 16), 3)}),
        interpreter=True,
        language="somali",
    )
    with ward.acting("caseworker"):
        answers = {one.item: (one.value, one.not_relevant) for one in made.answers.all()}
        (score,) = made.scores.all()
        assert answers[1] == (None, True) and answers[2] == (3, False) and len(answers) == 15
        assert (score.scale, score.value, score.scoring_version) == ("total", 44, SCORING_VERSION)
        assert (made.instrument_version, made.interpreter, made.language) == ("1", True, "somali")
        assert made.definition_digest == catalogue.in_use("kpcs").digest
        measured = score.measurement
        assert (measured.instrument, measured.score, measured.scale_max) == ("kpcs", 44, 45)
        assert (measured.person, measured.respondent, measured.element) == (
            ward.parent,
            "parent",
            "mentalisation",
        )
    assert ward.tasks() == []


def test_each_scale_becomes_a_measurement_of_its_own(ward):
    ward.measure("prfq", given=Given(answers=dict.fromkeys(range(1, 19), 4)))
    with ward.acting("caseworker"):
        named = Measurement.objects.filter(family=ward.family).values_list("instrument", flat=True)
        assert set(named) == {"prfq-pm", "prfq-cm", "prfq-ic"}


def test_what_is_missing_says_why(ward):
    some = dict.fromkeys(range(1, 15), 3)
    said = ward.refused("answers-missing", "kpcs", given=Given(answers=some))
    assert "Spørgsmål 15" in said
    ward.refused("answers-missing", "kpcs")
    ward.refused("answers-missing", "kpcs", given=Given(missing_reason="tired"))
    made = ward.measure("kpcs", given=Given(answers=some, missing={15: "declined"}))
    with ward.acting("caseworker"):
        assert made.answers.get(item=15).missing_reason == "declined"
        (score,) = made.scores.all()
        assert (score.value, score.measurement.missing_reason) == (None, "declined")
    refused = ward.measure("who-5", given=Given(missing_reason="declined"))
    with ward.acting("caseworker"):
        assert refused.missing_reason == "declined" and not refused.answers.exists()
        assert refused.scores.get().measurement.missing_reason == "declined"


def test_an_answer_off_its_scale_or_to_no_question_is_refused(ward):
    full = dict.fromkeys(range(1, 16), 3)
    assert "fra 0 til 3" in ward.refused("answer-outside-scale", "kpcs", given=Given(answers=full | {4: 4}))
    ward.refused("answer-unknown-item", "kpcs", given=Given(answers=full | {16: 1}))
    ward.refused(
        "outside-scale", "asq-se-2", respondent="parent", given=Given(totals={"total": Decimal(541)})
    )


def test_whom_and_by_whom(ward):
    full = Given(answers=dict.fromkeys(range(1, 16), 3))
    ward.refused("instrument-unknown", "mmpi")
    ward.refused("instrument-by-goals", "gas")
    ward.refused("instrument-version-gone", "kpcs", given=full, instrument_version="0.9")
    ward.refused("unknown-respondent", "kpcs", given=full, respondent="child")
    ward.refused("instrument-about", "kpcs", given=full, person=ward.child)
    with pytest.raises(NotAllowed):
        ward.measure("kpcs", part="authoritylead", given=full)


def test_days_that_cannot_be(ward):
    full = Given(answers=dict.fromkeys(range(1, 16), 3))
    ward.refused("measured-in-future", "kpcs", given=full, answered_on=ward.today + timedelta(days=1))
    ward.refused("day-impossible", "kpcs", given=full, answered_on=date(206, 1, 1))
    before = ward.child.born_on - timedelta(days=1)
    score = Given(totals={"total": Decimal(20)})
    ward.refused("before-birth", "asq-se-2", respondent="parent", given=score, answered_on=before)
    # A parent's form that is not for pregnancy: there was no child that day.
    assert "ikke født" in ward.refused("child-age", "kpcs", given=full, answered_on=before)
    ward.measure("epds", given=Given(answers=QUIET), answered_on=before)


def test_a_child_of_another_age_is_refused_and_one_born_early_counts_from_its_term(ward):
    score = Given(totals={"total": Decimal(20)})
    early = ward.child.born_on + timedelta(days=10)
    said = ward.refused("child-age", "asq-se-2", respondent="parent", given=score, answered_on=early)
    assert "fra 1 til 72 måneder" in said and "0" in said
    on = ward.child.born_on + timedelta(days=45)
    assert ward.measure("asq-se-2", respondent="parent", given=score, answered_on=on).age_months == 1
    with ward.acting("caseworker"):
        ward.child.due_on = ward.child.born_on + timedelta(days=40)
        ward.child.save(update_fields=["due_on"])
    ward.refused("child-age", "asq-se-2", respondent="parent", given=score, answered_on=on)


def test_a_certificate_must_be_on_file_and_count_on_the_day(ward):
    five = Given(totals={"total": Decimal(5)})
    plain = {
        "element": "progression", "instrument": "adbb", "score": Decimal(5),
        "scale_min": Decimal(0), "scale_max": Decimal(32), "measured_on": ward.today,
    }  # fmt: skip
    assert "certifikat" in ward.refused("certificate-missing", "adbb", given=five)
    with ward.acting("caseworker") as actor, pytest.raises(Refused) as refused:
        record_measurement(actor=actor, family=ward.family, now=ward.now, **plain)
    assert refused.value.type == "certificate-missing"
    # One's own word is none.
    with ward.acting("caseworker") as actor:
        record_training(
            actor=actor, staff=actor.staff, kind="adbb", title="Certifikat", held_on=ward.today - timedelta(days=30),
            valid_until=None, provider="KU", now=ward.now,
        )  # fmt: skip
    ward.refused("certificate-missing", "adbb", given=five)
    yesterday = ward.today - timedelta(days=1)
    ward.certified("adbb", valid_until=yesterday)
    assert f"{yesterday:%d.%m.%Y}" in ward.refused("certificate-expired", "adbb", given=five)
    # What was seen while it counted can still be written down.
    ward.measure("adbb", given=five, answered_on=yesterday)


def test_adbb_above_its_cut_off_is_to_be_repeated_within_two_weeks(ward):
    ward.certified("adbb", valid_until=None)
    made = ward.measure("adbb", given=Given(totals={"total": Decimal(6)}))
    assert (made.repeat_from, made.repeat_by) == (
        ward.today + timedelta(days=7),
        ward.today + timedelta(days=14),
    )
    with ward.acting("caseworker"):
        running = Clock.objects.running().get(family=ward.family, about=made.uuid)
        assert running.due_on == made.repeat_by and running.title == "ADBB er gentaget"
        (due,) = [one for one in due_list(ward.family) if one.definition.id == "adbb"]
        assert (due.state, due.due) == (State.UPCOMING, made.repeat_by)
    assert [task.flow_task.name for task in ward.tasks()] == ["act_on_score"]
    ward.now += timedelta(days=9)
    with ward.acting("caseworker"):
        assert [one.state for one in due_list(ward.family) if one.definition.id == "adbb"] == [State.DUE]
    ward.measure("adbb", given=Given(totals={"total": Decimal(2)}))
    with ward.acting("caseworker"):
        assert not Clock.objects.running().filter(about=made.uuid).exists()
        assert [one for one in due_list(ward.family) if one.definition.id == "adbb"] == []


def test_a_cut_off_gives_somebody_a_task_and_decides_nothing(ward):
    made = ward.measure("epds", given=Given(answers=TIRED))
    with ward.acting("caseworker"):
        assert {score.scale: (score.value, score.crossed) for score in made.scores.all()} == {
            "total": (18, ["depression"]),
            "anxiety": (6, ["anxiety"]),
        }
        (action,) = made.actions.all()
        assert action.urgency == Urgency.SOON and "Tegn på depression" in action.asked
        assert "Tegn på angst" in action.asked
    (task,) = ward.tasks()
    assert (task.flow_task.name, task.role) == ("act_on_score", "caseworker")
    assert task.due == clock.add_working_days(ward.today, 3)
    ward.act(task, taken="help", text="Ekstra samtale hver uge.")
    assert ward.tasks() == []
    with ward.acting("caseworker"):
        action.refresh_from_db()
        assert (action.taken, action.text) == ("help", "Ekstra samtale hver uge.")
        assert action.done_by.username == "greve.practitioner"


def test_epds_item_ten_asks_for_somebody_the_same_day_whatever_else_was_answered(ward):
    made = ward.measure("epds", given=Given(answers=QUIET | {10: 2}))
    assert made.alerts == ["self-harm"]
    (task,) = ward.tasks()
    assert (task.flow_task.name, task.due) == ("act_today", ward.today)
    # With so much missing that there is no sum, the answer counts the same.
    partly = ward.measure("epds", given=Given(answers={10: 0}, missing_reason="declined"))
    with ward.acting("caseworker"):
        assert partly.scores.get(scale="total").value is None
        assert [one.urgency for one in partly.actions.all()] == [Urgency.TODAY]
    assert [task.flow_task.name for task in ward.tasks()] == ["act_today", "act_today"]


def test_the_same_day_s_task_outlives_a_journey_that_is_broken_off(ward):
    from workflows.kernel.undoing import break_off_all

    ward.measure("epds", given=Given(answers=TIRED | {10: 1}))
    with ward.acting("caseworker"):
        break_off_all(ward.family)
    assert {task.flow_task.name for task in ward.tasks()} == {"act_today", "act_on_score"}


def test_it_waits_for_the_house_while_the_family_lives_there(ward):
    ward.settle()
    ward.measure("epds", part="practitioner", given=Given(answers=TIRED))
    (task,) = ward.tasks()
    assert task.role == "practitioner"


def test_a_correction_is_a_new_version_and_asks_only_for_what_is_new(ward):
    first = ward.measure("epds", given=Given(answers=TIRED))
    ward.refused("reason-missing", "epds", given=Given(answers=TIRED), correction=Correction(first, " "))
    second = ward.measure(
        "epds",
        given=Given(answers=TIRED | {10: 2}),
        correction=Correction(first, "Svar 10 var læst forkert."),
    )
    with ward.acting("caseworker"):
        assert [one.urgency for one in second.actions.all()] == [Urgency.TODAY]
        standing = Measurement.objects.current().filter(family=ward.family, instrument="epds")
        assert [row.score for row in standing] == [19]
        assert standing.get().replaces == first.scores.get(scale="total").measurement
    assert len(ward.tasks()) == 2
    with pytest.raises(StaleState):
        ward.measure("epds", given=Given(answers=TIRED), correction=Correction(first, "Igen."))
    ward.refused(
        "instrument-about", "who-5",
        given=Given(answers=dict.fromkeys(range(1, 6), 3)), correction=Correction(second, "Forkert skema."),
    )  # fmt: skip


def test_the_model_says_when_a_family_is_measured(ward):
    with ward.acting("caseworker"):
        assert due_list(ward.family) == []
    ward.settle()
    with ward.acting("practitioner"):
        found = due_list(ward.family)
        assert {(one.point, one.definition.id) for one in found if one.state is State.DUE} == {
            ("start", name) for name in ("kpcs", "who-5", "epds", "osss-3", "prfq")
        }
        assert {one.state for one in found if one.point == "three-months"} == {State.UPCOMING}
    moved_in = ward.family.moved_in_on
    ward.measure("who-5", part="practitioner", given=Given(answers=dict.fromkeys(range(1, 6), 4)))
    ward.measure("osss-3", part="practitioner", given=Given(missing_reason="declined"))
    ward.measure("epds", part="practitioner", given=Given(missing_reason="not_yet_due"))
    with ward.acting("practitioner"):
        states = {one.definition.id: one.state for one in due_list(ward.family) if one.point == "start"}
    assert states["who-5"] is State.DONE and states["osss-3"] is State.DECLINED
    assert states["epds"] is State.DUE
    for days, state in ((29, State.LATE), (76, State.MISSED)):
        ward.now += moved_in + timedelta(days=days) - ward.today
        with ward.acting("practitioner"):
            found = {(one.point, one.definition.id): one.state for one in due_list(ward.family)}
        assert found["start", "kpcs"] is state
    assert found["three-months", "kpcs"] is State.DUE and found["start", "who-5"] is State.DONE


def test_after_a_lost_pregnancy_the_parent_can_still_be_asked(ward):
    with ward.acting("caseworker"):
        ward.child.birth_state, ward.child.born_on = "lost", None
        ward.child.save(update_fields=["birth_state", "born_on"])
    assert ward.measure("epds", given=Given(answers=QUIET)).age_months is None


def test_a_parent_whose_birthday_is_not_known_can_be_measured(ward):
    with ward.acting("caseworker"):
        ward.parent.born_on = None
        ward.parent.save(update_fields=["born_on"])
    assert ward.measure("who-5", given=Given(answers=dict.fromkeys(range(1, 6), 3))).pk


def test_the_database_holds_what_the_service_promises(ward):
    made = ward.measure("who-5", given=Given(answers=dict.fromkeys(range(1, 6), 3)))

    def broken(name, write):
        with ward.acting("caseworker"), pytest.raises(IntegrityError, match=name), transaction.atomic():
            write()

    home = {"municipality_id": made.municipality_id, "administration": made}
    broken("answer_once_per_item", lambda: Answer.objects.create(**home, item=1, value=2))
    broken("answer_or_its_reason", lambda: Answer.objects.create(**home, item=6))
    broken(
        "answer_or_its_reason",
        lambda: Answer.objects.create(**home, item=6, value=1, missing_reason="declined"),
    )
    broken(
        "score_action_done_says_what",
        lambda: ScoreAction.objects.create(
            **home, family=ward.family, urgency="today", asked="Se på det.", taken="talked"
        ),
    )
    fields = {
        "municipality_id": made.municipality_id, "family": ward.family, "person": ward.parent,
        "instrument": "who-5", "instrument_version": "1", "respondent": "parent", "recorded_by": made.recorded_by,
        "recorded_at": ward.now,
    }  # fmt: skip
    broken(
        "administration_not_in_future",
        lambda: Administration.objects.create(**fields, answered_on=ward.today + timedelta(days=2)),
    )
    broken(
        "administration_repeated_later",
        lambda: Administration.objects.create(
            **fields, answered_on=ward.today, repeat_from=ward.today, repeat_by=ward.today
        ),
    )
    broken(
        "administration_corrected_with_reason",
        lambda: Administration.objects.create(**fields, answered_on=ward.today, replaces=made),
    )


def test_reasons_given_item_by_item_are_kept_when_nothing_is_answered(ward):
    ward.settle()
    why = dict.fromkeys(range(1, 15), "declined") | {15: "not_asked"}
    made = ward.measure("kpcs", part="practitioner", given=Given(missing=why))
    with ward.acting("caseworker"):
        assert {one.item: one.missing_reason for one in made.answers.all()} == why
        # Of the whole it is what most of it says: nothing was answered, and the point is not done.
        assert made.missing_reason == "declined"
        (kpcs,) = [
            one for one in due_list(ward.family) if (one.point, one.definition.id) == ("start", "kpcs")
        ]
        assert kpcs.state is State.DECLINED


def test_what_does_not_belong_to_the_instrument_is_refused_and_not_left_out(ward):
    full = dict.fromkeys(range(1, 16), 3)
    ward.refused("score-unknown-scale", "kpcs", given=Given(answers=full, totals={"total": Decimal(45)}))
    ward.refused("answer-unknown-item", "kpcs", given=Given(answers=full, missing={16: "declined"}))
    ward.refused(
        "answer-unknown-item", "asq-se-2", respondent="parent",
        given=Given(totals={"total": Decimal(20)}, answers={1: 3}),
    )  # fmt: skip


def test_nobody_says_withdrawn_of_what_was_never_there(ward):
    ward.refused("answers-missing", "kpcs", given=Given(missing_reason="withdrawn"))
    plain = {
        "element": "team", "instrument": "hverdagslog", "score": None, "missing_reason": "withdrawn",
        "measured_on": ward.today,
    }  # fmt: skip
    with ward.acting("caseworker") as actor, pytest.raises(Refused) as refused:
        record_measurement(actor=actor, family=ward.family, now=ward.now, **plain)
    assert refused.value.type == "nothing-to-withdraw"
    with ward.acting("caseworker") as actor, pytest.raises(IntegrityError, match="withdrawn_was_there"):
        Measurement.objects.create(
            municipality_id=ward.family.municipality_id, family=ward.family, recorded_by=actor.staff, scale_min=0,
            scale_max=10, **plain,
        )  # fmt: skip


def test_a_score_that_a_correction_leaves_out_stands_no_longer(ward):
    parts = {code: Decimal(30) for code in ("distress", "interaction", "difficult-child")}
    first = ward.measure("psi-sf", given=Given(totals=parts | {"percentile": Decimal(60)}))
    ward.measure("psi-sf", given=Given(totals=parts), correction=Correction(first, "Forkert tabel."))
    with ward.acting("caseworker"):
        standing = Measurement.objects.current().filter(family=ward.family)
        assert standing.get(instrument="psi-sf-percentile").missing_reason == "withdrawn"
        assert standing.get(instrument="psi-sf").score == 90


def test_what_a_correction_replaces_asks_for_no_repetition_any_more(ward):
    ward.certified("adbb", valid_until=None)

    def running() -> set:
        with ward.acting("caseworker"):
            clocks = Clock.objects.running().filter(family=ward.family, rule="repeat-adbb")
            return {one.about for one in clocks}

    six, five = Given(totals={"total": Decimal(6)}), Given(totals={"total": Decimal(5)})
    first = ward.measure("adbb", given=six)
    # Moved to an earlier day, and still above the cut-off.
    moved = ward.measure(
        "adbb", given=five, answered_on=ward.today - timedelta(days=1), correction=Correction(first, "I går.")
    )
    assert running() == {moved.uuid}
    # Another one of the same day is no repetition, on the page as among the deadlines.
    again = ward.measure("adbb", given=six, answered_on=moved.answered_on)
    assert running() == {moved.uuid, again.uuid}
    ward.measure(
        "adbb", given=Given(missing_reason="not_asked"), answered_on=moved.answered_on,
        correction=Correction(moved, "Det var et andet barn."),
    )  # fmt: skip
    assert running() == {again.uuid}


TWO_SCALES = """
id = "two"
version = "1"
short = "To"
element = "team"
entry = "totals"
about = ["parent"]
respondents = ["parent"]
minutes = 1

[title]
da = "To skalaer"
en = "Two scales"

[window]
months = [0, 215]
{scales}
[licence]
holder = "Kommunen"
terms = "Vores eget."
source = "Kommunen"
ships = "scores"

[facts]
licence = {{ source = "Kommunen", checked = true }}
window = {{ source = "Kommunen", checked = true }}
scoring = {{ source = "Kommunen", checked = true }}
better = {{ source = "Kommunen", checked = true }}
cut_offs = {{ source = "Kommunen", checked = true }}
"""

SCALE = """
[[scales]]
code = "{code}"
title = {{ da = "{code}", en = "{code}" }}
method = "given"
lowest = 0
highest = 10
better = "lower"

[[scales.cut_offs]]
code = "high"
title = {{ da = "{code} er høj", en = "{code} is high" }}
at_least = 5
task = true
"""


def test_a_correction_asks_about_the_other_scale_though_its_limit_has_the_same_name(ward, tmp_path, settings):
    scales = "".join(SCALE.format(code=code) for code in ("mood", "sleep"))
    (tmp_path / "two.toml").write_text(TWO_SCALES.format(scales=scales), encoding="utf-8")
    settings.INSTRUMENTS_DIR = str(tmp_path)
    catalogue.forget()
    try:
        first = ward.measure("two", given=Given(totals={"mood": Decimal(7), "sleep": Decimal(1)}))
        second = ward.measure(
            "two", given=Given(totals={"mood": Decimal(7), "sleep": Decimal(8)}),
            correction=Correction(first, "Søvnen var glemt."),
        )  # fmt: skip
        with ward.acting("caseworker"):
            assert [action.asked for action in second.actions.all()] == ["sleep er høj"]
    finally:
        settings.INSTRUMENTS_DIR = ""
        catalogue.forget()


def test_a_score_in_the_zone_below_the_cut_off_is_told_and_gives_nobody_a_task(ward):
    made = ward.measure("asq-se-2", respondent="parent", given=Given(totals={"total": Decimal(32)}))
    with ward.acting("caseworker"):
        assert made.age_months == 3
        assert any("Hold øje (skemaet for 6 måneder)" in line for line in score_lines(made))
    assert ward.tasks() == []
