"""What each shipped file says, held against a telling of its own: numbers from the sources, written down here by hand.

A file that is changed by mistake disagrees with this table. `READ` names the parts that somebody has read at their
source; every other part says in the file that nobody has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from placement.instruments import catalogue
from placement.instruments.definition import Better, Definition, Entry, Method, Scale

LOWER, HIGHER, NEITHER = Better.LOWER, Better.HIGHER, Better.NEITHER

#: Where a scale lies, which way is better, and which items it is made of (None: of none, or given).
Said = tuple[float, float, Better, "set[int] | None"]
#: Of one cut-off: on which scale, "from" or "to" which score, for which months of the child (None: all).
Limit = tuple[str, str, int, "tuple[int, int] | None"]


@dataclass(frozen=True)
class Facts:
    """One instrument as its sources have it."""

    about: set[str]
    respondents: set[str]
    months: tuple[int, int]
    scales: dict[str, Said]
    #: How many, from which answer to which.
    items: tuple[int, int, int] | None = None
    turned: set[int] = field(default_factory=set)
    limits: set[Limit] = field(default_factory=set)
    #: Where each stretch begins, by scale.
    bands: dict[str, list[float]] = field(default_factory=dict)
    change: dict[str, int] = field(default_factory=dict)
    pregnancy: bool = False
    certificate: str = ""
    #: The parts of the file that are read at their source.
    read: set[str] = field(default_factory=set)


PARENT, PARENTS = {"parent"}, {"parent", "together"}
GROWN_UP = (0, 215)


def _all(count: int) -> set[int]:
    return set(range(1, count + 1))


FACTS = {
    "gas": Facts(
        PARENT, {"together"}, GROWN_UP, {"total": (13.4, 86.6, HIGHER, None)}, pregnancy=True,
        read={"scoring", "better"},
    ),
    "epds": Facts(
        PARENT, PARENTS, (0, 12),
        {"total": (0, 30, LOWER, _all(10)), "anxiety": (0, 9, LOWER, {3, 4, 5})},
        items=(10, 0, 3), turned={3, 5, 6, 7, 8, 9, 10}, pregnancy=True,
        limits={("total", "from", 11, None), ("anxiety", "from", 5, None)},
    ),
    "kpcs": Facts(
        PARENT, PARENTS, (0, 12), {"total": (0, 45, HIGHER, _all(15))}, items=(15, 0, 3),
        limits={("total", "to", 39, None)}, read={"licence", "better", "cut_offs"},
    ),
    "prfq": Facts(
        PARENT, PARENTS, (0, 71),
        {
            "pm": (1, 7, LOWER, {1, 4, 7, 10, 13, 16}),
            "cm": (1, 7, NEITHER, {2, 5, 8, 11, 14, 17}),
            "ic": (1, 7, HIGHER, {3, 6, 9, 12, 15, 18}),
        },
        items=(18, 1, 7), turned={11, 18}, read={"better"},
    ),
    "who-5": Facts(
        PARENT, PARENTS, GROWN_UP, {"total": (0, 100, HIGHER, _all(5))}, items=(5, 0, 5), pregnancy=True,
        limits={("total", "to", 50, None)}, bands={"total": [0, 36, 51]}, change={"total": 10},
        read={"scoring", "better", "bands", "cut_offs"},
    ),
    "pss": Facts(
        PARENT, PARENTS, GROWN_UP,
        {
            "total": (18, 90, LOWER, _all(18)),
            "stress": (0, 9, LOWER, {3, 4, 9, 10, 12, 13, 14, 15, 16}),
            "lack-of-satisfaction": (0, 7, LOWER, {1, 5, 6, 7, 8, 17, 18}),
        },
        items=(18, 1, 5), turned={1, 2, 5, 6, 7, 8, 17, 18}, read={"better"},
    ),
    "osss-3": Facts(
        PARENT, PARENTS, GROWN_UP, {"total": (3, 14, HIGHER, _all(3))}, items=(3, 1, 5), pregnancy=True,
        bands={"total": [3, 9, 12]},
    ),
    "mspss": Facts(
        PARENT, PARENTS, GROWN_UP,
        {
            "total": (1, 7, HIGHER, _all(12)),
            "special": (1, 7, HIGHER, {1, 2, 5, 10}),
            "family": (1, 7, HIGHER, {3, 4, 8, 11}),
            "friends": (1, 7, HIGHER, {6, 7, 9, 12}),
        },
        items=(12, 1, 7), pregnancy=True, bands={"total": [1, 3, 5.1]}, read={"scoring", "better", "bands"},
    ),
    "adbb": Facts(
        {"child"}, {"staff"}, (2, 24), {"total": (0, 32, LOWER, None)}, limits={("total", "from", 5, None)},
        certificate="adbb", read={"licence", "scoring", "better", "certificate"},
    ),
    "asq-3": Facts(
        {"child"}, PARENTS, (1, 66),
        dict.fromkeys(
            ("communication", "gross-motor", "fine-motor", "problem-solving", "personal-social"), (0, 60, HIGHER, None)
        ),
        read={"scoring", "better"},
    ),
    "asq-se-2": Facts(
        # 36 items of at most 10 and 5 for concern.
        {"child"}, PARENTS, (1, 72), {"total": (0, 540, LOWER, None)},
        limits={
            ("total", "from", low, months)
            for lows, months in (
                ((25, 35), (1, 2)), ((30, 45), (3, 8)), ((40, 50), (9, 14)), ((50, 65), (15, 20)), ((50, 65), (21, 26)),
            )
            for low in lows
        },
        read={"scoring", "better"},
    ),
    "psi-sf": Facts(
        PARENT, PARENTS, (0, 155),
        {
            **dict.fromkeys(("distress", "interaction", "difficult-child"), (12, 60, LOWER, None)),
            "total": (36, 180, LOWER, None),
            "percentile": (0, 100, LOWER, None),
        },
        limits={("percentile", "from", 85, None), ("percentile", "from", 90, None)},
    ),
    "kips": Facts(
        PARENT, {"staff"}, (2, 71), {"total": (1, 5, HIGHER, None)}, bands={"total": [1, 3, 4]}, certificate="kips",
        read={"licence", "scoring", "better", "bands", "certificate"},
    ),
    "sdq": Facts(
        {"sibling"}, {"parent", "staff", "together"}, (24, 215),
        {
            **dict.fromkeys(("emotional", "conduct", "hyperactivity", "peers"), (0, 10, LOWER, None)),
            "prosocial": (0, 10, HIGHER, None),
            "total": (0, 40, LOWER, None),
        },
    ),
}  # fmt: skip


@pytest.fixture(params=sorted(FACTS))
def one(request: pytest.FixtureRequest) -> tuple[Definition, Facts]:
    """Each shipped definition as it is read from its file, and its facts."""
    name = request.param
    return catalogue.read_file(catalogue.SHIPPED / f"{name}.toml"), FACTS[name]


def _made_of(scale: Scale) -> set[int] | None:
    return set(scale.items) if scale.method in (Method.SUM, Method.MEAN) else None


def test_the_table_is_about_every_file() -> None:
    assert set(FACTS) == {path.stem for path in catalogue.SHIPPED.glob("*.toml")}


def test_whom_and_when(one: tuple[Definition, Facts]) -> None:
    definition, facts = one
    assert (set(definition.about), set(definition.respondents)) == (facts.about, facts.respondents)
    window = definition.window
    assert ((window.first, window.last), window.pregnancy) == (facts.months, facts.pregnancy)
    # A child's own development is counted from its due date; what a parent says is about the child as it is.
    assert bool(window.corrected_from_weeks) == (facts.about == {"child"})
    assert (definition.certificate, definition.roles) == (facts.certificate, ())


def test_items_and_scales(one: tuple[Definition, Facts]) -> None:
    definition, facts = one
    items = definition.items
    assert (items and (items.count, items.lowest, items.highest)) == facts.items
    assert (set(items.reversed) if items else set()) == facts.turned
    said = {
        scale.code: (float(scale.lowest), float(scale.highest), scale.better, _made_of(scale))
        for scale in definition.scales
    }
    assert said == facts.scales


def test_limits_bands_and_change(one: tuple[Definition, Facts]) -> None:
    definition, facts = one
    limits = [
        (scale.code, "from", int(cut_off.at_least), cut_off.months)
        if cut_off.at_least is not None
        else (scale.code, "to", int(cut_off.at_most or 0), cut_off.months)
        for scale in definition.scales
        for cut_off in scale.cut_offs
    ]
    assert (set(limits), len(limits)) == (facts.limits, len(facts.limits))
    bands = {
        scale.code: [float(band.lowest) for band in scale.bands] for scale in definition.scales if scale.bands
    }
    assert bands == facts.bands
    change = {s.code: int(s.reliable_change) for s in definition.scales if s.reliable_change is not None}
    assert change == facts.change


def test_what_is_read_at_its_source_and_what_is_not(one: tuple[Definition, Facts]) -> None:
    definition, facts = one
    assert {name for name, fact in definition.facts.items() if fact.checked} == facts.read
    assert set(definition.unchecked) == set(definition.facts) - facts.read


def test_a_missing_answer_leaves_no_score_but_on_prfq(one: tuple[Definition, Facts]) -> None:
    definition, _facts = one
    allowed = {scale.may_miss for scale in definition.scales}
    assert allowed == ({1} if definition.id == "prfq" else {0})
    if definition.entry is Entry.ITEMS:
        # No source that we have gives a rule: each file says that this one is ours.
        assert "Vores forslag" in definition.facts["missing"].source


def test_what_counts_otherwise_than_it_is_written() -> None:
    kpcs, osss, who = (catalogue.in_use(name) for name in ("kpcs", "osss-3", "who-5"))
    assert kpcs.items and dict(kpcs.items.not_relevant) == {1: 2, 9: 2}
    assert osss.items and [osss.items.ends_of(item) for item in (1, 2, 3)] == [(1, 4), (1, 5), (1, 5)]
    assert who.scale("total").times == 4
    (alert,) = catalogue.in_use("epds").alerts
    assert (alert.item, alert.at_least) == (10, 1)
    (cut_off,) = catalogue.in_use("adbb").scale("total").cut_offs
    assert (cut_off.at_least, cut_off.task, cut_off.repeat_days) == (Decimal(5), True, (7, 14))
    assert catalogue.in_use("sdq").scale("total").of == ("emotional", "conduct", "hyperactivity", "peers")
    assert catalogue.in_use("psi-sf").scale("total").of == ("distress", "interaction", "difficult-child")
    for definition in catalogue.shipped():
        watching = {c.code for s in definition.scales for c in s.cut_offs if not c.task}
        assert all(code.endswith("-watch") for code in watching), "a cut-off asks somebody to look"
