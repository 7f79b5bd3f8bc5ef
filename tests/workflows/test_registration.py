"""VIVE's registration form, ready to copy: ten answers in VIVE's order, for those who do the work with the family."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from evaluation import extract
from evaluation.variables import DATASETS
from placement import clock
from placement.families.codes import PersonKind
from placement.families.models import Family
from placement.families.people import add_person
from tests.cast import Cast, browser
from tests.evaluation.test_datasets import with_key
from tests.scene import CHILD, PARENT, Scene
from tests.walking import Page
from workflows.research.registration import answers, as_text

QUESTIONS = [
    "started_on", "child_at_start", "receives_other_support", "age", "older_children", "home_before", "traits", "education",
    "employment", "home_language",
]  # fmt: skip


def told(scene: Scene, actor: Any) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    with clock.standing_at(scene.now), actor.acting(), transaction.atomic():
        family = Family.objects.visible_to(actor).prefetch_related("people").get(pk=scene.family.pk)
        return {one.code: (one.lines, one.missing) for one in answers(family)}


def test_a_family_that_has_not_begun_says_what_is_missing_and_why(cast: Cast) -> None:
    scene = Scene("greve")
    said = told(scene, cast.greve.caseworker)
    assert list(said) == QUESTIONS
    assert said["started_on"] == ((), ("Ikke tid endnu",))
    assert said["home_before"] == ((), ("Ikke spurgt",))
    assert said["child_at_start"] == (("Barnet var født",), ())
    assert said["traits"] == (("Manglende eller ustabilt netværk",), ())


def test_the_page_tells_in_words_what_the_dataset_tells_in_codes(cast: Cast) -> None:
    scene = Scene("greve")
    scene.settle()
    said = told(scene, cast.greve.practitioner)
    [row] = extract.frames(["registration"], project=with_key())["registration"].to_dicts()
    registration = DATASETS["registration"]
    words = {v.name: v.values for v in registration.variables}
    family = scene.family
    assert said["age"] == ((f"{row['age_parent_1']} år",), ())
    assert said["older_children"] == ((str(row["older_children"]),), ())
    for code, name in (
        ("child_at_start", "child_at_start"), ("home_before", "home_before"), ("home_language", "home_language"),
        ("education", "education_parent_1"), ("employment", "employment_parent_1"),
    ):  # fmt: skip
        known = row[name]
        assert said[code][0] == (() if known is None else (words[name][known],)), code
        assert bool(said[code][1]) == (known is None), code
    assert said["receives_other_support"][0] == (("Ja",) if row["receives_other_support"] else ("Nej",))
    assert [
        v.title for v in registration.variables if row.get(v.name) is True and v.name.startswith("trait_")
    ] == [f"Udfordringsbillede: {words}" for words in said["traits"][0]]
    with clock.standing_at(scene.now):
        text = Page(
            browser(cast.greve.practitioner)
            .get(f"/familier/{family.uuid}/vive/registrering/")
            .content.decode()
        ).text
    places = [text.index(f"{number}. ") for number in range(1, 11)]
    assert places == sorted(places)
    assert f"{row['started_on']:%d}".lstrip("0") in text and said["home_before"][0][0] in text


def test_both_parents_stand_in_it_each_with_their_own_reason(cast: Cast) -> None:

    scene = Scene("greve")
    with clock.standing_at(scene.now), cast.greve.caseworker.acting(), transaction.atomic():
        add_person(family=scene.family, kind=PersonKind.PARENT, name="Per Skjult", now=scene.now)
    said = told(scene, cast.greve.caseworker)
    assert said["age"][0][0].startswith("forælder 1: ") and said["age"][1] == ("forælder 2: Ikke spurgt",)


def test_only_who_does_the_work_with_the_family_opens_it(cast: Cast) -> None:
    scene = Scene("greve")
    scene.settle()
    where = f"/familier/{scene.family.uuid}/vive/registrering/"
    with clock.standing_at(scene.now):
        for actor in (
            cast.greve.caseworker,
            cast.greve.practitioner,
            cast.greve.teamlead,
            cast.greve.authoritylead,
        ):
            page = browser(actor).get(where)
            assert page.status_code == 200
            # Nobody's name is in what is copied.
            copied = page.content.decode().split('id="whole"')[1].split("</section>")[0]
            assert PARENT not in copied and CHILD not in copied
        for stranger in (cast.randers.caseworker, cast.evaluator):
            assert browser(stranger).get(where).status_code in (403, 404)
        for linked in (f"/familier/{scene.family.uuid}/", f"/familier/{scene.family.uuid}/vive/"):
            assert where in browser(cast.greve.practitioner).get(linked).content.decode()


def test_the_ten_as_text_are_ten_lines(cast: Cast) -> None:
    scene = Scene("greve")
    with clock.standing_at(scene.now), cast.greve.caseworker.acting(), transaction.atomic():
        family = Family.objects.visible_to(cast.greve.caseworker).get(pk=scene.family.pk)
        text = as_text(answers(family))
    assert [line.split(".")[0] for line in text.splitlines()] == [str(number) for number in range(1, 11)]
    assert "(Ikke spurgt)" in text
