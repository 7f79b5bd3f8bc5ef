"""The national versions: files that are imported, approved by another than who wrote them, and retired."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from placement.access.errors import Refused, StaleState
from placement.instruments import catalogue
from workflows.model_versions.content import NATIONAL, parse
from workflows.model_versions.models import ModelVersion, VersionStatus

#: The parts of a file that stand in columns of their own.
HEAD = frozenset(
    {
        "code", "title", "in_force_from", "based_on", "written_by", "what_changed", "reason", "approved_by",
        "approved_on",
    }
)  # fmt: skip


class InvalidVersion(Refused):
    """A file that cannot be a model version; the message says every fault, each on a line of its own."""

    type = "model-version-invalid"


def read(source: str) -> dict[str, Any]:
    """A version's file as data, checked. Raises InvalidVersion with the line or the faults."""
    try:
        content = tomllib.loads(source)
    except tomllib.TOMLDecodeError as failure:
        raise InvalidVersion(_("Filen kan ikke læses: %(what)s") % {"what": failure}) from None
    missing = [name for name in ("code", "title", "in_force_from", "written_by") if not content.get(name)]
    if missing:
        raise InvalidVersion(_("Filen mangler %(names)s.") % {"names": ", ".join(missing)})
    if type(content["in_force_from"]) is not date:
        raise InvalidVersion(_("in_force_from skal være en dato, fx 2027-01-01."))
    _check(content, source)
    return content


def _check(content: dict[str, Any], source: str = "") -> None:
    try:
        model = parse(content)
    except (ValueError, TypeError, AttributeError) as failure:
        faults = [_at_its_line(fault, source) for fault in str(failure).splitlines()]
        raise InvalidVersion("\n".join(faults)) from None
    for point in model.measurement_points:
        for instrument in point.instruments:
            # Only where a file comes in: a version that is in force reads on when an instrument's file is gone.
            if catalogue.find(instrument) is None:
                fault = _("Målepunktet %(code)s nævner %(name)s, som ikke er et redskab.") % {
                    "code": point.code,
                    "name": instrument,
                }
                raise InvalidVersion(_at_its_line(fault, source))


def _at_its_line(fault: str, source: str) -> str:
    """The fault with the line of the file where what it names is written first, when that can be found."""
    words = sorted({word.strip(".,:()'\"") for word in fault.split()}, key=len, reverse=True)
    lines = source.splitlines()
    for word in words:
        for number, line in enumerate(lines, start=1):
            if (
                line.strip() in (f'code = "{word}"', f"code = '{word}'")
                or line.split("=")[0].strip(' "') == word
            ):
                return str(_("Linje %(number)d: %(fault)s") % {"number": number, "fault": fault})
    return fault


def import_version(*, source: str, using: str = "default") -> ModelVersion:
    """Store a file as a draft, or in the place of the draft of the same code (owner's login).

    An approval written in the file counts for nothing: approving is `approve_version`. The same text again as
    what is stored changes nothing. Raises InvalidVersion; Refused (``version-fixed``) for another text under the
    code of a version that is or has been in force, and (``based-on-unknown``) for an unknown ``based_on``.
    """
    with transaction.atomic(using=using):
        content = read(source)
        stored = ModelVersion.objects.using(using).filter(code=content["code"]).first()
        if stored is not None and stored.status != VersionStatus.DRAFT:
            if stored.source == source:
                return stored
            raise Refused(
                _("%(code)s har været i kraft og ændres ikke mere. Giv filen en ny code.")
                % {"code": stored.code},
                type="version-fixed",
            )
        version = stored or ModelVersion(code=content["code"])
        _fill(version, content, source, using)
        version.save(using=using)
        return version


def _fill(version: ModelVersion, content: dict[str, Any], source: str, using: str) -> None:
    base = content.get("based_on", "")
    version.based_on = ModelVersion.objects.using(using).filter(code=base).first() if base else None
    if base and version.based_on is None:
        raise Refused(
            _("Filen bygger på %(code)s, som ikke findes.") % {"code": base}, type="based-on-unknown"
        )
    for name in ("title", "in_force_from", "written_by"):
        setattr(version, name, content[name])
    version.what_changed, version.reason = content.get("what_changed", ""), content.get("reason", "")
    version.content = {key: value for key, value in content.items() if key not in HEAD}
    version.source = source


def approve_version(*, code: str, by: str, on: date, using: str = "default") -> ModelVersion:
    """Put a draft in force from its ``in_force_from`` (owner's login). Everything is checked once more.

    ``by``: the name of who approves. Raises Refused: ``version-unknown``, ``approved-by-author``,
    ``reason-missing`` (a version that follows another says what changed and why); StaleState for one that is no
    draft; InvalidVersion.
    """
    with transaction.atomic(using=using):
        version = _locked(code, using)
        if version.status != VersionStatus.DRAFT:
            raise StaleState(_("%(code)s er ikke en kladde.") % {"code": code})
        if not by.strip() or by.strip().casefold() == version.written_by.strip().casefold():
            raise Refused(
                _("Den, der har skrevet versionen, kan ikke godkende den. Skriv en andens navn."),
                type="approved-by-author",
            )
        if version.based_on_id is not None and not (version.what_changed.strip() and version.reason.strip()):
            raise Refused(
                _("Skriv i filen, hvad der er ændret (what_changed), og hvorfor (reason)."),
                type="reason-missing",
            )
        _check(version.content, version.source)
        version.status, version.approved_by, version.approved_on = VersionStatus.IN_FORCE, by.strip(), on
        version.save(using=using, update_fields=["status", "approved_by", "approved_on"])
        return version


def retire_version(*, code: str, using: str = "default") -> ModelVersion:
    """Let no more journeys begin on a version; families that follow it go on (owner's login).

    Raises Refused (``version-unknown``), and StaleState for one that is not in force.
    """
    with transaction.atomic(using=using):
        version = _locked(code, using)
        if version.status != VersionStatus.IN_FORCE:
            raise StaleState(_("%(code)s er ikke i kraft.") % {"code": code})
        version.status = VersionStatus.RETIRED
        version.save(using=using, update_fields=["status"])
        return version


def _locked(code: str, using: str) -> ModelVersion:
    version = ModelVersion.objects.using(using).select_for_update().filter(code=code).first()
    if version is None:
        raise Refused(_("Der er ingen modelversion %(code)s.") % {"code": code}, type="version-unknown")
    return version


#: By a version's code: the SHA-256 of its file as earlier releases shipped it.
EARLIER: dict[str, frozenset[str]] = {
    "2026-1": frozenset(
        {
            "a0ad015a141f3beffeb3c4fc64f03a851050993e30f58f6c043cdd808a078e64",
            "bf4c6c1fc1b4e713ccc7bbda11fd25a129bcd6d39d4a8f35f4fb5cc00766e40e",
        }
    ),
}


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode("utf-8")).hexdigest()


def load_national_versions(*, using: str = "default") -> list[ModelVersion]:
    """Store each shipped version that is not there yet (owner's login); what somebody else stored is never rewritten.

    The files of the product are reviewed with the product: one that names who approved it is in force at once,
    any other is a draft. One that an earlier release of the product stored, word for word, is brought to how this one
    ships it (`EARLIER`); so is what 0.1.0 stored, without its file. Deadlines that run keep the rule they began with.
    """
    loaded = []
    for path in sorted(NATIONAL.glob("*.toml")):
        source = path.read_text(encoding="utf-8")
        content = read(source)
        version = ModelVersion.objects.using(using).filter(code=content["code"]).first()
        if version is None:
            version = import_version(source=source, using=using)
            if content.get("approved_by"):
                approve_version(
                    code=version.code, by=content["approved_by"], on=content["approved_on"], using=using
                )
                version.refresh_from_db(using=using)
        elif not version.source or _digest(version.source) in EARLIER.get(version.code, ()):
            _fill(version, content, source, using)
            version.save(using=using)
        loaded.append(version)
    return loaded


def version_in_force(day: date) -> ModelVersion:
    """The newest version in force on ``day``; raises Refused (``no-model-version``) when there is none."""
    version = ModelVersion.objects.filter(status=VersionStatus.IN_FORCE, in_force_from__lte=day).first()
    if version is None:
        raise Refused(
            _("Der er ingen gældende modelversion. Tal med administratoren."), type="no-model-version"
        )
    return version
