"""The product's settings as the suite needs them: no .env is heard, no key is secret, nothing is slow."""

import os
import tempfile

# Before the import below: what stands in the environment wins over a .env file.
os.environ.update(
    SECRET_KEY="test-only-secret-key-" + "x" * 40,
    SECRET_KEY_FALLBACKS="",
    AUDIT_KEY="test-only-audit-key-" + "y" * 40,
    AUDIT_FORMER_KEYS="",
    AUDIT_GAPS=f"{tempfile.gettempdir()}/filiform-gaps-{os.getpid()}",
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
    EMAIL_URL="memorymail://",
)
os.environ.setdefault("DATABASE_URL", "sqlite:///filiform.sqlite3")

from clinic.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Files come straight from their apps; there is no collected folder to look into.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# A page that asks the database once per row fails instead of being slow.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["tests.query_per_row.refused", *MIDDLEWARE]
ZEAL_RAISE = True
# A sign-in that has ended is looked up, then removed; the library fetches a factor to show and to remove it.
ZEAL_ALLOWLIST = [{"model": "sessions.Session"}, {"model": "mfa.Authenticator"}]
