"""Loading the national model versions that ship with the product, and finding the one in force."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from placement.access.errors import Refused
from workflows.model_versions.content import NATIONAL, parse, read_file
from workflows.model_versions.models import ModelVersion


def load_national_versions(*, using: str = "default") -> list[ModelVersion]:
    """Store each shipped version that is not there yet (owner's login); a stored version is never rewritten."""
    loaded = []
    for path in sorted(NATIONAL.glob("*.toml")):
        content = read_file(path)
        parse(content)
        version, _made = ModelVersion.objects.using(using).get_or_create(
            code=content["code"],
            defaults={
                "title": content["title"],
                "in_force_from": content["in_force_from"],
                "content": _plain(content),
            },
        )
        loaded.append(version)
    return loaded


def version_in_force(day: date) -> ModelVersion:
    """The newest version in force on ``day``; raises Refused (``no-model-version``) when there is none."""
    version = ModelVersion.objects.filter(in_force=True, in_force_from__lte=day).first()
    if version is None:
        raise Refused(
            _("Der er ingen gældende modelversion. Tal med administratoren."), type="no-model-version"
        )
    return version


def _plain(content: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in content.items() if key not in {"code", "title", "in_force_from"}}
