"""Coded lists of the journal: what a note is, and which lists of words the log offers."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class NoteKind(models.TextChoices):
    """What a note is, from the first keystroke: parents' access differs."""

    OBSERVATION = "observation", _("Observation")
    ASSESSMENT = "assessment", _("Vurdering")
    AGREEMENT = "agreement", _("Aftale")
    CHILD_VIEW = "child-view", _("Barnets perspektiv")
    DRAFT = "draft", _("Intern kladde")
    WEEKLY = "weekly", _("Ugeresumé")

    @classmethod
    def written(cls) -> list[str]:
        """The kinds that are written in the log; a weekly summary is assembled on its own page."""
        return [value for value in cls.values if value != cls.WEEKLY]

    @classmethod
    def written_choices(cls) -> list[tuple[str, str | Promise]]:
        """`written` with their words, for a form."""
        return [(value, title) for value, title in cls.choices if value != cls.WEEKLY]


class WordList(models.TextChoices):
    """The lists of words that a municipality makes its own."""

    SITUATION = "situation", _("Situation")
    THEME = "theme", _("Tema")
    TEMPLATE = "template", _("Skabelon")
