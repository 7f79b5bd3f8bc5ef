"""Keys are made once, kept, and closed to others."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from launch import secrets
from launch.paths import Paths, find
from launch.words import Refusal


def test_made_once_in_a_file_only_its_owner_reads(paths: Paths) -> None:
    first = secrets.load(paths, {})
    assert stat.S_IMODE(paths.secrets.stat().st_mode) == 0o600
    assert secrets.load(paths, {}) == first
    assert all(len(bytes.fromhex(first[name])) == 32 for name in secrets.KEYS)
    values = [first[name] for name in ("django_secret_key", *secrets.KEYS)] + list(first["database"].values())
    assert len(set(values)) == len(values)


def test_many_first_starts_at_once_agree(paths: Paths) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: json.dumps(secrets.load(paths, {}), sort_keys=True), range(16)))
    assert len(set(answers)) == 1
    assert [one.name for one in paths.var.iterdir()] == ["secrets.json"]


def test_a_file_that_others_can_read_is_refused(paths: Paths) -> None:
    secrets.load(paths, {})
    paths.secrets.chmod(0o644)
    with pytest.raises(Refusal, match="chmod 600"):
        secrets.load(paths, {})


def test_a_secret_that_an_older_file_lacks_is_added_and_the_rest_kept(paths: Paths) -> None:
    older = secrets.load(paths, {})
    lacking = {name: value for name, value in older.items() if name != "pseudonym_key"}
    paths.secrets.write_text(json.dumps(lacking), encoding="utf-8")
    completed = secrets.load(paths, {})
    assert {name: completed[name] for name in lacking} == lacking
    assert completed["pseudonym_key"]
    assert stat.S_IMODE(paths.secrets.stat().st_mode) == 0o600


def test_lost_keys_are_not_replaced_behind_existing_data(paths: Paths) -> None:
    (paths.var / "postgres" / "data").mkdir(parents=True)
    with pytest.raises(Refusal, match="Restore the file"):
        secrets.load(paths, {})
    assert not paths.secrets.exists()


def test_a_chosen_file_must_exist_and_a_broken_one_is_named(paths: Paths) -> None:
    elsewhere = paths.var / "elsewhere.json"
    chosen = {"FAMILIEFORLOEB_SECRETS": str(elsewhere)}
    with pytest.raises(Refusal, match="does not exist"):
        secrets.load(paths, chosen)
    elsewhere.touch(mode=0o600)
    with pytest.raises(Refusal, match=r"elsewhere\.json is not a readable JSON file"):
        secrets.load(paths, chosen)


def test_the_var_folder_is_closed_to_others(paths: Paths) -> None:
    paths.var.chmod(0o755)
    assert find({"FAMILIEFORLOEB_VAR": str(paths.var)}).var == paths.var.resolve()
    assert stat.S_IMODE(paths.var.stat().st_mode) == 0o700
