"""Settings, read from the environment; `manage.py` fills it in for the demonstration and the tests.

Each process logs in to the database as what it is: FAMILIEFORLOEB_PROCESS is web, worker or owner (the tests are
the web role, with the other log-ins beside it to prepare and to look).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from placement import __version__

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("FAMILIEFORLOEB_VAR", BASE_DIR / "var"))
#: A folder with the municipality's own instrument files; "" for none.
INSTRUMENTS_DIR = os.environ.get("FAMILIEFORLOEB_INSTRUMENTS", "")
PROCESS = os.environ.get("FAMILIEFORLOEB_PROCESS", "web")

# Making a release reckons on half of the processors, so that pages are answered on the others. It is read when polars
# is first imported.
PROCESSORS_FOR_RELEASES = max(1, (os.cpu_count() or 2) // 2)
os.environ.setdefault("POLARS_MAX_THREADS", str(PROCESSORS_FOR_RELEASES))
DEMO_MODE = os.environ.get("FAMILIEFORLOEB_DEMO") == "1"
VERSION = __version__
# Where the source of the running version is to be had: AGPL § 13 asks whoever runs a changed version to offer it.
SOURCE_URL = os.environ.get("FAMILIEFORLOEB_SOURCE_URL", "")


def _secrets() -> dict[str, Any]:
    path = Path(os.environ.get("FAMILIEFORLOEB_SECRETS", VAR_DIR / "secrets.json"))
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError as missing:
        raise ImproperlyConfigured(
            f"The file of keys is missing: {path}. Start with `python3 manage.py`."
        ) from missing


_keys = _secrets()
SECRET_KEY = _keys["django_secret_key"]
CONTEXT_KEY = bytes.fromhex(_keys["context_key"])
MASTER_KEY = bytes.fromhex(_keys["master_key"])
PSEUDONYM_KEY = bytes.fromhex(_keys["pseudonym_key"])
RELEASE_KEY = bytes.fromhex(_keys["release_key"])

DEBUG = False
ALLOWED_HOSTS = os.environ.get("FAMILIEFORLOEB_HOSTS", "127.0.0.1,localhost").split(",")


def _database(url: str) -> dict[str, Any]:
    parts = conninfo_to_dict(url)
    options = {k: v for k, v in parts.items() if k not in {"dbname", "user", "password", "host", "port"}}
    return {
        "ENGINE": "placement.access.backend",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


_URL_OF_PROCESS = {
    "web": "DATABASE_URL",
    "worker": "DATABASE_WORKER_URL",
    "owner": "DATABASE_OWNER_URL",
    "test": "DATABASE_URL",
}
if PROCESS not in _URL_OF_PROCESS:
    raise ImproperlyConfigured(
        f"FAMILIEFORLOEB_PROCESS is {PROCESS!r}; it must be web, worker, owner or test."
    )
_own_url = os.environ.get(_URL_OF_PROCESS[PROCESS])
if not _own_url:
    raise ImproperlyConfigured(f"{_URL_OF_PROCESS[PROCESS]} is not set. Start with `python3 manage.py`.")

DATABASES: dict[str, dict[str, Any]] = {"default": {**_database(_own_url), "ATOMIC_REQUESTS": True}}
if PROCESS == "test":
    DATABASES["owner"] = _database(os.environ["DATABASE_OWNER_URL"])
if PROCESS != "web" and os.environ.get("DATABASE_EVALUATION_URL"):
    DATABASES["evaluation"] = _database(os.environ["DATABASE_EVALUATION_URL"])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "guardian",
    "viewflow",
    "viewflow.workflow",
    "procrastinate.contrib.django",
    "placement",
    "placement.access",
    "placement.staffing",
    "placement.families",
    "placement.instruments",
    "placement.journal",
    "placement.progression",
    "placement.network",
    "placement.meetings",
    "placement.costs",
    "placement.research",
    "workflows.model_versions",
    "workflows.kernel",
    "workflows.journey",
    "workflows.team",
    "workflows.mentalisation",
    "workflows.progression",
    "workflows.network",
    "workflows.exit",
    "workflows.screening",
    "workflows.investigation",
    "workflows.decisions",
    "workflows.measuring",
    "workflows.conference",
    "evaluation",
    "demo",
    "bench",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "placement.access.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "placement.access.middleware.PrivateAnswers",
    "placement.access.middleware.ActingPerson",
]

ROOT_URLCONF = "placement.urls"
WSGI_APPLICATION = "placement.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "placement.access.context_processors.shell",
            ],
        },
    },
]
FORM_RENDERER = "placement.forms_renderer.FdsRenderer"

AUTH_USER_MODEL = "access.Staff"
AUTHENTICATION_BACKENDS = ["placement.families.backend.FamilyBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_ENGINE = "placement.access.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Drafts are saved by script, which reads the token from its cookie (see static/drafts.js).
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "placement.access.views.form_expired"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if os.environ.get("FAMILIEFORLOEB_HTTPS") == "1":
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "require-trusted-types-for": ["'script'"],
    }
}

# Guardian's own tables stay empty; a family's grants live in placement.families (a direct foreign key).
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "placement.access.authentication.TokenAuthentication",
        "placement.access.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["placement.access.authentication.ActingPersonRequired"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["placement.access.parsers.CarefulJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "placement.access.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Familieforløb",
    "DESCRIPTION": "The open door of Familieforløb: families, their log, the worklist and releases.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    # Fields of one name with different choices; without a name of ours each would get one made of a digest.
    "ENUM_NAME_OVERRIDES": {
        "NoteKind": "placement.journal.models.NoteKind.values",
        "ReleaseKind": "evaluation.models.Kind.values",
        "ReleaseAudience": "evaluation.models.Audience.values",
        "CoreElement": "placement.progression.codes.Element.values",
        "TaskElement": "workflows.kernel.models.Element.values",
        "ConcernOutcome": "workflows.screening.codes.ConcernOutcome.values",
        "DueState": "workflows.measuring.points.STATES",
        "ConcernState": "workflows.screening.api.STATES",
        "InvestigationState": "workflows.investigation.api.STATES",
        "WhatWasFound": "workflows.investigation.codes.Need.values",
        "LateKind": "workflows.kernel.models.LateKind.values",
        "ReleaseStatus": "evaluation.models.Status.values",
        "ReleaseAnswer": "evaluation.models.Answer.values",
        "LegalBasis": "evaluation.models.LegalBasis.values",
        "ControllerRole": "evaluation.models.Controller.values",
        "SessionStatus": "placement.meetings.models.SessionStatus.values",
        "ResearchStatus": "placement.research.codes.ResearchStatus.values",
        "ActivityEnum": "placement.research.codes.ResearchActivity.values",
        "TimeActivity": "placement.costs.codes.Activity.values",
        "CostStage": "placement.costs.codes.CostStage.values",
        "CostCategory": "placement.costs.codes.CostCategory.values",
        "BirthOutcome": "workflows.investigation.codes.AtBirth.values",
    },
}

PROCRASTINATE_IMPORT_PATHS = [
    "workflows.kernel.jobs",
    "workflows.measuring.own_answers.jobs",
    "evaluation.jobs",
]

# Mail says that something waits and where; a demonstration, and whoever names no mail server, writes it to a folder.
PUBLIC_ADDRESS = os.environ.get("FAMILIEFORLOEB_ADDRESS", "http://127.0.0.1:8000/")
DEFAULT_FROM_EMAIL = os.environ.get("FAMILIEFORLOEB_MAIL_FROM", "familieforloeb@localhost")
EMAIL_HOST = os.environ.get("FAMILIEFORLOEB_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("FAMILIEFORLOEB_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("FAMILIEFORLOEB_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("FAMILIEFORLOEB_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("FAMILIEFORLOEB_SMTP_PLAIN") != "1"
EMAIL_TIMEOUT = 20
if DEMO_MODE or not EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Dansk")), ("en", _("Engelsk"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Only our own files are served; the engine's pages are not mounted, so its files are not either.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d"]
FORMAT_MODULE_PATH = "placement.formats"

SILENCED_SYSTEM_CHECKS = [
    # Guardian asks for its own backend; ours answers has_perm for a family (see docs/decisions/0004).
    "guardian.W001",
]

# A log line may name a route, a status and a number, never a person: no request bodies, no SQL parameters.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "placement.access.logs.Discreet",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.db.backends": {"level": "ERROR"},
        # At its most talkative it writes out what a page is made of, names and all.
        "django.template": {"level": "INFO"},
        "familieforloeb": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
