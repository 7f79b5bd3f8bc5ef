"""The web application as a WSGI callable; it refuses to start on an unsafe database or left-over demo people."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "placement.settings")

application = get_wsgi_application()

from placement.access.startup import refuse_unsafe_start  # noqa: E402  (needs the app registry)

refuse_unsafe_start()
