"""The product's settings for the test suite: without .env file, with test keys, and fast."""

import os
import tempfile

# Set before the import below, because environment variables win over a .env file.
os.environ.update(
    SECRET_KEY="test-only-secret-key-" + "x" * 40,
    SECRET_KEY_FALLBACKS="",
    AUDIT_KEY="test-only-audit-key-" + "y" * 40,
    AUDIT_FORMER_KEYS="",
    AUDIT_GAPS=os.environ.get("GAPS_OF_A_DRILL", f"{tempfile.gettempdir()}/filiform-gaps-{os.getpid()}"),
    BACKUP_KEY="test-only-backup-key-" + "z" * 40,
    BACKUP_FORMER_KEYS="",
    DEBUG="false",
    ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
    CSRF_TRUSTED_ORIGINS="",
    PROXY_DEPTH="0",
    REQUIRE_MFA="false",
    SECURE_SSL_REDIRECT="false",
    HASHED_STATIC="false",
    TIME_ZONE="America/Chicago",
    # a server that is not there; Django's test runner keeps mail in memory
    EMAIL_URL="smtp://mail.practice.example:25",
    DEFAULT_FROM_EMAIL="desk@practice.example",
)
os.environ.setdefault("DATABASE_URL", "sqlite:///filiform.sqlite3")

from clinic.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Static files are served from the apps; none are collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# A page with a query per row (N+1) fails instead of being slow.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["tests.query_per_row.raise_on_query_per_row", *MIDDLEWARE]
ZEAL_RAISE = True
# An ended session is read before it is deleted; the library reads a factor to show and delete it.
ZEAL_ALLOWLIST = [{"model": "sessions.Session"}, {"model": "mfa.Authenticator"}]
