"""The documents say what the code says: tables are read back and compared, names and links are looked up."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.utils.translation import override

from placement.access.roles import ROLE_ACTIONS, ROLE_TITLES, Action, Role
from workflows.kernel.models import Element
from workflows.model_versions.content import NATIONAL

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PACKAGES = ("launch", "placement", "workflows", "evaluation", "demo")
OURS = ("placement.", "workflows.", "evaluation.")


def rows(document: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading of a document, without its first two lines."""
    text = (DOCS / document).read_text(encoding="utf-8")
    assert f"\n{heading}\n" in text, f"docs/{document} has no heading {heading!r}"
    section = text.split(f"\n{heading}\n", 1)[1]
    lines = re.split(r"\n#+ ", section)[0].splitlines()
    table = [line for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def bare(cell: str) -> str:
    return cell.strip("`")


def sources() -> Iterator[ast.Module]:
    """Every module of ours, migrations left out."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield ast.parse(path.read_text(encoding="utf-8"))


def name_of(node: ast.expr) -> str:
    """The last name of ``a.b.c`` or ``c``."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def text_of(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def problem_types() -> set[str]:
    """Every type of problem that the code can answer with: classes of refusals, their uses, and documents."""
    modules = list(sources())
    classes = [node for module in modules for node in ast.walk(module) if isinstance(node, ast.ClassDef)]
    refusals = {"Refused"}
    while further := {
        c.name for c in classes if c.name not in refusals and any(name_of(b) in refusals for b in c.bases)
    }:
        refusals |= further
    found: set[str | None] = set()
    for definition in classes:
        if definition.name in refusals:
            found |= {
                text_of(line.value)
                for line in definition.body
                if isinstance(line, ast.Assign) and any(name_of(target) == "type" for target in line.targets)
            }
    for module in modules:
        for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
            if name_of(call.func) in refusals:
                found |= {text_of(word.value) for word in call.keywords if word.arg == "type"}
            if name_of(call.func) in {"document", "body"} and len(call.args) > 2:
                found.add(text_of(call.args[1]))
    return {kind for kind in found if kind is not None}


def environment_variables() -> set[str]:
    """Every variable of ours that is named in the code, and every other that it reads."""
    ours = re.compile(r"(FAMILIEFORLOEB_[A-Z_]+|DATABASE_([A-Z]+_)?URL)")
    found: set[str | None] = set()
    for module in sources():
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ours.fullmatch(node.value):
                found.add(node.value)
            if isinstance(node, ast.Subscript) and name_of(node.value) == "environ":
                found.add(text_of(node.slice))
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"get", "setdefault", "pop"}
                and name_of(node.func.value) == "environ"
            ):
                found.add(text_of(node.args[0]))
    return {name for name in found if name is not None}


def test_the_table_of_roles_is_the_code_s() -> None:
    table = rows("roles.md", "## Role × action")
    header = (DOCS / "roles.md").read_text(encoding="utf-8").split("## Role × action\n", 1)[1]
    columns = [bare(cell.strip()) for cell in header.strip().splitlines()[0].strip("|").split("|")][1:]
    assert columns == [role.value for role in Role]
    written = {
        (columns[index], bare(row[0])) for row in table for index, cell in enumerate(row[1:]) if cell == "●"
    }
    assert {cell for row in table for cell in row[1:]} <= {"●", ""}
    assert written == {(role.value, action.value) for role in Role for action in ROLE_ACTIONS[role]}
    assert [bare(row[0]) for row in table] == [action.value for action in Action]


def test_the_table_of_problems_is_the_code_s() -> None:
    listed = [bare(row[0]) for row in rows("api.md", "## Problem types")]
    assert len(listed) == len(set(listed)), "a type stands twice"
    assert set(listed) == problem_types()


def test_every_environment_variable_stands_in_the_documents() -> None:
    listed = {bare(row[0]) for row in rows("running.md", "## Environment")}
    assert listed >= environment_variables()


def test_the_glossary_lists_every_model_with_its_danish_word() -> None:
    listed = {bare(row[0]): row[1] for row in rows("glossary.md", "## Records")}
    with override("da"):
        for model in apps.get_models():
            if not model.__module__.startswith(OURS):
                continue
            assert listed.get(model.__name__), f"{model.__name__} is not in docs/glossary.md"
            if "verbose_name" in model._meta.original_attrs:
                assert listed[model.__name__] == str(model._meta.verbose_name)


def test_the_glossary_lists_every_role_and_element() -> None:
    with override("da"):
        roles = {bare(row[0]): row[2] for row in rows("glossary.md", "## Roles")}
        assert roles == {role.value: str(ROLE_TITLES[role]) for role in Role}
        elements = {bare(row[0]): row[2] for row in rows("glossary.md", "## Elements")}
        assert elements == {element.value: str(element.label) for element in Element}


def test_every_part_of_a_model_version_is_explained() -> None:
    explained = (DOCS / "model-versions.md").read_text(encoding="utf-8")
    for path in NATIONAL.glob("*.toml"):
        for part in tomllib.loads(path.read_text(encoding="utf-8")):
            assert f"`{part}`" in explained, f"{part} of {path.name}"


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {re.split(r"[^A-Za-z0-9_.-]", wanted, maxsplit=1)[0] for wanted in asked}
    tables = ("## What running needs", "## What the tests add")
    listed = [bare(row[0]) for heading in tables for row in rows("decisions/0008-dependencies.md", heading)]
    assert len(listed) == len(set(listed))
    assert set(listed) == names


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    assert documents
    for document in documents:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.relative_to(ROOT)} links to {target}"


def test_decisions_are_numbered_and_those_the_code_names_exist() -> None:
    numbers = sorted(path.name[:4] for path in (DOCS / "decisions").glob("*.md"))
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for named in re.findall(r"docs/decisions/(\d{4})", path.read_text(encoding="utf-8")):
                assert named in numbers, f"{path.relative_to(ROOT)} names decision {named}"
