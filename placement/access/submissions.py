"""Sent again is not done again: the same key from the same person gets the same answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from placement.access.actor import Actor
from placement.access.errors import Refused
from placement.access.models import Submission

Answer = dict[str, Any]

LONGEST_KEY = 80


def fingerprint(*parts: Any) -> str:
    """A digest of what was asked, so that a reused key with another question is noticed."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _kept(key: str) -> str:
    """The key as it is stored: itself, or a digest of one that is too long or not text."""
    if len(key) <= LONGEST_KEY and key.isprintable():
        return key
    return "sha256:" + hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def once(*, actor: Actor, key: str | None, asked: str, produce: Callable[[], Answer]) -> Answer:
    """Run ``produce`` once per (person, key) and return its answer; later calls get the stored answer.

    Two at the same moment: the second waits for the first and gets its answer. A refused attempt leaves no
    trace, so it may be corrected and sent with the same key: filing and producing are one act here, whatever
    transaction the caller stands in. ``asked`` is a `fingerprint`.
    Raises Refused (409, ``key-reused``) when the key was used for another question.
    """
    with transaction.atomic():
        return _once(actor, _kept(key), asked, produce) if key else produce()


def _once(actor: Actor, key: str, asked: str, produce: Callable[[], Answer]) -> Answer:
    try:
        with transaction.atomic():
            filed = Submission.objects.create(
                municipality_id=actor.municipality_id, staff=actor.staff, key=key, fingerprint=asked
            )
    except IntegrityError:
        # The policy has already narrowed this to the context's municipality, or to releases.
        earlier = Submission.objects.get(staff=actor.staff, key=key)
        if earlier.fingerprint != asked:
            refusal = Refused(
                _("Nøglen er allerede brugt til en anden handling. Brug en ny."), type="key-reused"
            )
            refusal.status = 409
            raise refusal from None
        return dict(earlier.answer)
    answer = produce()
    filed.answer = answer
    filed.save(update_fields=["answer"])
    return answer
