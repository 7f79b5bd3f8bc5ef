"""Create the demonstration's people, and give each a token where var/demo.json has none (owner's login)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.people import PASSWORD, create_people
from placement.access import tokens
from placement.access.models import Municipality, Staff


class Command(BaseCommand):
    help = "Opret demoens personer og deres adgangsnøgler."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Demopersoner oprettes kun i demo.")
        people = create_people()
        target = Path(settings.VAR_DIR) / "demo.json"
        stored = json.loads(target.read_text()) if target.exists() else {}
        known = {user["username"]: user.get("api_token") for user in stored.get("users", [])}
        names = dict(Municipality.objects.values_list("pk", "name"))
        stored["users"] = [
            {
                "username": person.username,
                "password": PASSWORD,
                "role": person.role.value,
                "municipality": names[person.municipality_id] if person.municipality_id else None,
                "api_token": known.get(person.username)
                or tokens.issue(
                    staff=Staff.objects.get(username=person.username), municipality_id=person.municipality_id
                ),
            }
            for person in people
        ]
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(stored, ensure_ascii=False, indent=2))
        draft.replace(target)
        self.stdout.write(f"{len(people)} demopersoner.")
