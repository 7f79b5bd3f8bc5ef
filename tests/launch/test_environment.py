"""When `.venv` is taken for whole, and what is said when it cannot be made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from launch import environment
from launch.oracles import ORACLES, OraclePaths
from launch.paths import Paths
from launch.words import Refusal


@pytest.fixture
def checkout(tmp_path: Path) -> Paths:
    """A checkout with lock files and a finished `.venv` (an empty one: only the stamp counts)."""
    paths = Paths(tmp_path, tmp_path / "var")
    paths.var.mkdir()
    (tmp_path / "requirements").mkdir()
    for kind in ("run", "test"):
        paths.requirements(kind).write_text(f"{kind} 1\n", encoding="ascii")
    paths.venv_python.parent.mkdir(parents=True)
    paths.venv_python.touch()
    (paths.venv / environment.STAMP).write_text(
        json.dumps(environment._wanted(paths, test=True)), encoding="ascii"
    )
    return paths


def fits(paths: Paths, *, test: bool = False) -> bool:
    """Whether nothing would be done."""
    return environment._fits(paths, environment._wanted(paths, test=test))


def test_a_finished_one_fits(checkout: Paths) -> None:
    assert fits(checkout)
    assert fits(checkout, test=True)
    assert environment.ensure(checkout) == checkout.venv_python


def test_one_without_its_stamp_is_half_made(checkout: Paths) -> None:
    (checkout.venv / environment.STAMP).unlink()
    assert not fits(checkout)
    (checkout.venv / environment.STAMP).write_text('{"python": "3', encoding="ascii")
    assert not fits(checkout)


def test_changed_requirements_are_noticed_each_for_its_own(checkout: Paths) -> None:
    checkout.requirements("test").write_text("test 2\n", encoding="ascii")
    assert fits(checkout)
    assert not fits(checkout, test=True)
    checkout.requirements("run").write_text("run 2\n", encoding="ascii")
    assert not fits(checkout)


def test_another_python_or_none_is_noticed(checkout: Paths) -> None:
    stamp = checkout.venv / environment.STAMP
    stamp.write_text(
        json.dumps({**environment._wanted(checkout, test=True), "python": "2.7 /usr"}), encoding="ascii"
    )
    assert not fits(checkout)
    stamp.write_text(json.dumps(environment._wanted(checkout, test=True)), encoding="ascii")
    checkout.venv_python.unlink()
    assert not fits(checkout)


def test_each_oracle_has_an_environment_and_a_lock_file_of_its_own(checkout: Paths) -> None:
    for name in ORACLES:
        own = OraclePaths(checkout.root, checkout.var, name)
        assert own.venv == checkout.root / f".venv-{name}"
        assert own.requirements("run").name == f"oracle-{name}.txt"
        assert own.venv_python.parent.parent == own.venv
        assert own.venv != checkout.venv


def test_a_python_without_pip_gets_the_line_to_type(checkout: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.requirements("run").write_text("run 2\n", encoding="ascii")
    monkeypatch.setattr("shutil.which", lambda *args, **kwargs: None)
    monkeypatch.setattr(environment, "_pip_beside", list)
    monkeypatch.setattr(environment, "_has_ensurepip", lambda: False)
    monkeypatch.setattr(environment, "apt_install", lambda *args: False)
    with pytest.raises(Refusal, match="sudo apt-get install python3-venv"):
        environment.ensure(checkout)
    assert not fits(checkout)


def test_packages_that_cannot_be_installed_leave_nothing_that_looks_whole(
    checkout: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.requirements("run").write_text("run 2\n", encoding="ascii")
    monkeypatch.setattr(environment, "_create", lambda paths: [["false"]])
    with pytest.raises(Refusal, match="could not be installed"):
        environment.ensure(checkout)
    assert not (checkout.venv / environment.STAMP).exists()


def test_a_link_is_not_followed(checkout: Paths, tmp_path: Path) -> None:
    checkout.requirements("run").write_text("run 2\n", encoding="ascii")
    checkout.venv.rename(tmp_path / "elsewhere")
    checkout.venv.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refusal, match="is a link"):
        environment.ensure(checkout)
    assert (tmp_path / "elsewhere").exists()
