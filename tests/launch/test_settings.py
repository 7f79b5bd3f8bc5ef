"""Which process is given what."""

from __future__ import annotations

import json

import pytest

from launch import settings
from launch.paths import Paths
from launch.postgres import URL_NAMES
from launch.words import Refusal

URLS = {name: f"postgresql://{key}@/x" for key, name in URL_NAMES.items()}


def test_no_url_means_the_embedded_database() -> None:
    assert settings.own_database({"PATH": "/bin", "DATABASE_URL": ""}) is None


def test_all_four_mean_ones_own() -> None:
    assert settings.own_database({**URLS, "PATH": "/bin"}) == URLS


@pytest.mark.parametrize("missing", sorted(URLS))
def test_one_that_is_missing_is_named(missing: str) -> None:
    with pytest.raises(Refusal, match=rf"{missing} is missing"):
        settings.own_database({name: url for name, url in URLS.items() if name != missing})


def test_the_web_process_is_given_no_login_but_its_own(paths: Paths) -> None:
    environ = {**URLS, "PATH": "/bin", "PYTHONPATH": "/elsewhere", "FAMILIEFORLOEB_DEMO": "1"}
    web = settings.build(paths, URLS, "web", demo=False, environ=environ)
    assert [name for name in web if name.startswith("DATABASE")] == ["DATABASE_URL"]
    assert "FAMILIEFORLOEB_DEMO" not in web
    assert "PYTHONPATH" not in web
    assert web["FAMILIEFORLOEB_PROCESS"] == "web"
    worker = settings.build(paths, URLS, "worker", demo=True, environ=environ)
    assert "DATABASE_OWNER_URL" not in worker
    assert worker["FAMILIEFORLOEB_DEMO"] == "1"


@pytest.mark.parametrize(
    ("command", "process"),
    [("prepare_database", "owner"), ("migrate", "owner"), ("clock", "worker"), ("shell", "web")],
)
def test_a_command_runs_as_what_its_work_needs(command: str, process: str) -> None:
    assert settings.process_of(command, {}) == process
    assert settings.process_of(command, {"FAMILIEFORLOEB_PROCESS": "web"}) == "web"


def test_an_unknown_process_is_refused() -> None:
    with pytest.raises(Refusal, match="must be one of"):
        settings.process_of("shell", {"FAMILIEFORLOEB_PROCESS": "superuser"})


def test_demo_mode_belongs_to_the_demos_own_database(paths: Paths) -> None:
    assert not settings.is_demo(paths, URLS)
    paths.demo_file.write_text(json.dumps({"database": {"app_url": URLS["DATABASE_URL"]}}), encoding="ascii")
    assert settings.is_demo(paths, URLS)
    assert not settings.is_demo(paths, {**URLS, "DATABASE_URL": "postgresql://ff_web@/production"})
