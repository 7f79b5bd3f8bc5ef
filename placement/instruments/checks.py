"""A file that contradicts itself stops the start, and says where."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from placement.instruments.catalogue import read_all, read_all_texts
from placement.instruments.reading import InvalidDefinition


@register
def instruments_can_be_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Read every instrument's file, and the texts of its items."""
    try:
        read_all_texts(read_all())
    except InvalidDefinition as invalid:
        return [Error(line, id="instruments.E001") for line in str(invalid.message).splitlines()]
    return []
