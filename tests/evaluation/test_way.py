"""The way of a release by three people: asked for, sealed, reviewed, approved by each municipality, taken home."""

from __future__ import annotations

from typing import Any

from tests import releasing
from tests.cast import api, browser


def test_three_people_bring_a_release_home(cast: Any, story: Any, looking: Any) -> None:
    client = api(cast.evaluator)
    releasing.register(cast.evaluator)
    asked = client.post(
        "/api/v1/releases/",
        {"kind": "T1", "purpose": "Evaluering", "agreement": "2026-17", "datasets": ["registration"]},
        format="json",
    )
    assert asked.status_code == 201, asked.json()
    address = f"/api/v1/releases/{asked.json()['id']}/"
    release = releasing.Found(asked.json()["id"])
    releasing.build(cast.evaluator, release)
    releasing.carry(release)
    assert client.get(address).json()["status"] == "reported"

    officer, lead = api(cast.greve.privacy), api(cast.greve.authoritylead)
    (line,) = officer.get("/api/v1/tasks/").json()["results"]
    assert (line["node"], line["release"], line["family"]) == ("review", asked.json()["id"], None)
    assert officer.get(f"{address}report/").json()["report"]["counts"]["families_in"] == 1
    assert officer.post(f"{address}review/", {}, format="json").json()["reviewed"] is True
    report = lead.get(f"{address}report/").json()
    said = lead.post(f"{address}approve/", {"facts_version": report["facts_version"]}, format="json")
    assert said.json()["answer"] == "yes", said.json()
    releasing.carry(release)

    ready = client.get(address).json()
    assert ready["status"] == "available"
    link = client.post(f"{address}link/").json()
    taken = client.get(link["url"])
    assert taken.status_code == 200 and taken["Content-Type"] == "application/zip"
    page = browser(cast.evaluator).get(f"/udtraek/{asked.json()['id']}/")
    assert page.status_code == 200
    for person in (cast.greve.privacy, cast.greve.authoritylead):
        assert browser(person).get(f"/udtraek/{asked.json()['id']}/").status_code == 200
        assert browser(person).get("/udtraek/").status_code == 200
