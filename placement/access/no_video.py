"""A video of a parent and a child never comes in here: neither the file, nor its name, nor where it lies.

What is kept is that it was made, or why not. The rule is ours, after VIVE's way of working: videos go to VIVE's own
place and are coded there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from placement.access.errors import Refused

#: An address, a path, or the name of a video file. Written so that Python and PostgreSQL read it alike.
MEDIA = (
    r"([a-z][a-z0-9+.-]*://|www[.]|(youtu[.]be|youtube[.]com|vimeo[.]com|sharepoint[.]com)"
    r"|(^|[^a-z0-9])[a-z]:\\|\\\\[a-z0-9]"
    r"|[.](mp4|m4v|mov|avi|mkv|webm|wmv|mpe?g|mts|m2ts|3gp|ogv|flv|hevc)($|[^a-z0-9]))"
)

_MEDIA = re.compile(MEDIA, re.IGNORECASE)

REFUSED = _(
    "Videoer gemmes aldrig her, hverken filen, dens navn eller et link. Reglen er, at kun status skrives: holdt, "
    "gennemført eller ikke, og hvornår. Fjern henvisningen."
)


def names_media(text: str) -> bool:
    """Whether ``text`` has an address, a path or the name of a video file in it."""
    return _MEDIA.search(text) is not None


def refuse_media(*texts: str) -> None:
    """Raises Refused (``video-not-kept``) when one of the texts names a video file or links to something."""
    if any(names_media(text) for text in texts):
        raise Refused(REFUSED, type="video-not-kept")


def refuse_files(files: MultiValueDict[str, Any] | Mapping[str, Any]) -> None:
    """Raises Refused (``video-not-kept``) when anything was uploaded with a form."""
    if files:
        raise Refused(REFUSED, type="video-not-kept")
