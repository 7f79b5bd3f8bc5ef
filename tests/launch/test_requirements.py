"""The lock files are in step with pyproject.toml, hashed, and name no place on any computer."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from launch.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WISHES = {"run": PROJECT["dependencies"], "test": PROJECT["optional-dependencies"]["test"]}


def pins(kind: str) -> dict[str, Requirement]:
    """The pinned requirements of a lock file by normalised name; each must carry a hash."""
    text = (ROOT / "requirements" / f"{kind}.txt").read_text(encoding="utf-8")
    found: dict[str, Requirement] = {}
    for entry in re.split(r"\n(?=\S)", text.replace("\\\n", " ").strip()):
        wish, *hashes = re.split(r"\s+--hash=", entry.strip())
        pinned = Requirement(wish)
        assert hashes, f"{wish} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes)
        assert [one.operator for one in pinned.specifier] == ["=="], f"{wish} is not pinned"
        found[canonicalize_name(pinned.name)] = pinned
    return found


@pytest.mark.parametrize("kind", ["run", "test"])
def test_every_dependency_is_pinned_to_a_version_that_satisfies_it(kind: str) -> None:
    locked = pins(kind)
    for text in WISHES[kind]:
        wish = Requirement(text)
        pinned = locked[canonicalize_name(wish.name)]
        version = next(iter(pinned.specifier)).version
        assert wish.specifier.contains(version, prereleases=True), f"{wish} is not satisfied by {version}"


def test_what_both_files_pin_they_pin_to_the_same_version() -> None:
    run, test = pins("run"), pins("test")
    assert {name: str(test[name].specifier) for name in run if name in test} == {
        name: str(run[name].specifier) for name in run if name in test
    }


@pytest.mark.parametrize("kind", ["oracle-pycanon", "oracle-anonymeter"])
def test_each_oracle_is_pinned_for_itself(kind: str) -> None:
    assert kind.removeprefix("oracle-") in pins(kind)


@pytest.mark.parametrize("kind", ["run", "test", "oracle-pycanon", "oracle-anonymeter"])
def test_the_lock_files_name_no_place(kind: str) -> None:
    text = (ROOT / "requirements" / f"{kind}.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--find-links|^#|\s/\w", text, re.MULTILINE)
