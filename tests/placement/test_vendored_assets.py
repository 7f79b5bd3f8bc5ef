"""The vendored design system is what its manifest says, and asks for nothing that we do not serve."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
VENDORED = STATIC / "vendor" / "dkfds"


def test_every_vendored_file_is_as_the_manifest_says() -> None:
    listed = json.loads((VENDORED / "manifest.json").read_text("utf-8"))["files"]
    found = {}
    for path in VENDORED.rglob("*"):
        if path.is_file() and path.name != "manifest.json":
            content = path.read_bytes()
            digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
            found[path.relative_to(VENDORED).as_posix()] = {"bytes": len(content), "sha384": digest}
    assert found == listed


def test_the_licences_are_shipped() -> None:
    assert "SIL" in (VENDORED / "LICENSE.md").read_text("utf-8")
    assert "Reserved Font Name" in (VENDORED / "fonts" / "OFL-license.txt").read_text("utf-8")


@pytest.mark.parametrize("sheet", ["vendor/dkfds/dkfds.css", "vendor/dkfds/fonts.css", "app.css"])
def test_a_style_sheet_names_only_files_that_are_here(sheet: str) -> None:
    path = STATIC / sheet
    css = path.read_text("utf-8")
    assert "data:" not in css
    assert "sourceMappingURL" not in css
    for address in re.findall(r"url\(\"?([^)\"]*)\"?\)", css):
        assert (path.parent / address).is_file(), address


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    templates = STATIC.parent / "templates"
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (VENDORED / "sprite.svg").read_text("utf-8")))
    named = set()
    for path in templates.rglob("*.html"):
        named |= set(re.findall(r'components/icon.html" with name="([a-z0-9-]+)"', path.read_text("utf-8")))
    assert named
    assert named <= drawn


def test_no_template_breaks_the_content_security_policy() -> None:
    templates = STATIC.parent / "templates"
    for path in templates.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:|data:image", text), path
        assert all("nonce=" in tag for tag in re.findall(r"<script[^>]*>", text)), path


def test_each_script_is_small_and_makes_no_html_of_text() -> None:
    unsafe = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(|localStorage"
    own = sorted(STATIC.glob("*.js"))
    assert [path.name for path in own] == ["app.js", "code.js", "drafts.js", "templates.js"]
    for path in own:
        script = path.read_text("utf-8")
        assert len(script.encode()) < 7168, path.name
        assert not re.search(unsafe, script), path.name
