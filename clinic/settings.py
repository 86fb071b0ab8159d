"""Every setting, read from the environment (or an ignored .env file) in one place."""

from datetime import timedelta
from pathlib import Path

import environ

from clinic.values import databases, environment

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")


LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = environment.key(env, "SECRET_KEY")
# Former keys: sign-ins and second factors made under them stay valid.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The key of the audit chain's MACs; the former keys still verify what was written under them.
AUDIT_KEY = environment.key(env, "AUDIT_KEY")
AUDIT_FORMER_KEYS = env.list("AUDIT_FORMER_KEYS", default=[])
# The folder of audit gaps, one small file each.
AUDIT_GAPS = env.str("AUDIT_GAPS", default=str(BASE_DIR / "audit-gaps"))
# Backups are sealed with this key; `manage.py backup` needs it, serving does not.
BACKUP_KEY = env.str("BACKUP_KEY", default="")
BACKUP_FORMER_KEYS = env.list("BACKUP_FORMER_KEYS", default=[])
BACKUP_FOLDER = BASE_DIR / env.str("BACKUP_FOLDER", default="backups")
# The folder of pg_dump and pg_restore, when they are neither on the path nor in the usual places.
PG_BIN = env.str("PG_BIN", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOOPBACK_HOSTS)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The number of trusted proxies in front; the client's address is read that many steps back.
PROXY_DEPTH = environment.count(env, "PROXY_DEPTH")
# A monitor that knows this token may read counts; without one there is no such page.
METRICS_TOKEN = environment.key_or_none(env, "METRICS_TOKEN")
# Leads and administrators set up a second factor before anything else.
REQUIRE_MFA = env.bool("REQUIRE_MFA", default=not DEBUG)
# Served on this machine alone, without TLS: `serve` and every request refuse any other address.
LOCAL_ONLY = env.bool("LOCAL_ONLY", default=False)
if LOCAL_ONLY:
    ALLOWED_HOSTS, PROXY_DEPTH = LOOPBACK_HOSTS, environment.no_proxy(PROXY_DEPTH)

INSTALLED_APPS = [
    "clinic.administration.config.ClinicAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "js_lib_bootstrap5",
    "clinic",
    "patients",
    "treatments",
    "demo",
]

MIDDLEWARE = [
    "clinic.web.metrics.counted",
    "clinic.middleware.this_machine_alone",
    "clinic.middleware.head_without_body",
    "clinic.middleware.security_headers",
    "clinic.middleware.request_facts",
    "clinic.middleware.readable_address",
    "clinic.web.to_https.ToHttps",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "clinic.django_internals.sessions.Middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.middleware.idle_lock",
    "clinic.signin.signed_out.SignInRequired",
    "clinic.middleware.confined_device",
    "clinic.middleware.account_requirements",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "clinic.middleware.local_time",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"

# Our loader leaves out indentation; each template is read once and cached.
TEMPLATE_LOADERS = ["clinic.web.template_loader.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("clinic.django_internals.templates.Loader", TEMPLATE_LOADERS)],
            "libraries": {"crispy_forms_filters": "clinic.templatetags.drawn_fields"},
            "builtins": ["clinic.templatetags.formats", "django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.web.page_frame.page_frame",
            ],
        },
    },
]

# no setting of its own: it may hold a password
_database = databases.known(env.str("DATABASE_URL", default="sqlite:///filiform.sqlite3"))
DATABASES = {"default": databases.configuration(env.db_url_config(_database), BASE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "clinic_cache",
        # Holds login attempts and used codes: large, or a flood of requests would evict the counts.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "clinic.User"
AUTHENTICATION_BACKENDS = ["clinic.signin.backends.LockedOutBackend", "clinic.signin.backends.RolesBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "treatments:today"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "clinic.signin.passwords.LongEnough"},
    {"NAME": "clinic.signin.passwords.NoKnownWords"},
    {"NAME": "clinic.signin.passwords.HardToGuess"},
]

ACCOUNT_ADAPTER = "clinic.signin.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "clinic.signin.account_forms.SignInForm",
    "change_password": "clinic.signin.account_forms.PasswordForm",
    "reauthenticate": "clinic.signin.account_forms.PasswordReauthenticationForm",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# A practice is one address: what counts per address is far above what fifty people need. Keys: clinic/signin.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    # allauth's count of wrong passwords and codes in one; ours are apart, so that none spends the other's
    "login_failed": None,
    "password_guess": "120/m/ip",
    "locked_guess": "100/d/key",  # source: NIST SP 800-63B-4, 3.2.2
    "factor_guess": "20/h/key",
    "factor_guess_anywhere": "100/d/key",
    "recovery_guess": "50/d/key",
}
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}

MFA_FORMS = {
    "authenticate": "clinic.signin.factor_forms.CodeForm",
    "reauthenticate": "clinic.signin.factor_forms.CodeReauthenticationForm",
    "activate_totp": "clinic.signin.factor_forms.ActivateAppForm",
    "add_webauthn": "clinic.signin.factor_forms.PasskeyForm",
    "edit_webauthn": "clinic.signin.factor_forms.RenamePasskeyForm",
}
MFA_ADAPTER = "clinic.signin.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey with user verification is two factors by itself.
MFA_WEBAUTHN_USER_VERIFICATION = "required"

# Five wrong passwords for one name at one address lock that name there; see clinic/signin/lockout.py.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "clinic.signin.lockout.name_for_axes"
AXES_CLIENT_IP_CALLABLE = "clinic.signin.lockout.address_for_axes"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_ENGINE = "clinic.django_internals.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "clinic.views.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = not LOCAL_ONLY and env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
if SECURE_SSL_REDIRECT:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
if PROXY_DEPTH:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# clinic.middleware.security_headers sends X-Frame-Options with the other headers; the sign-in form itself
# says that a name is locked, without axes' middleware.
# clinic.web.to_https.ToHttps is Django's SecurityMiddleware with a page of ours (security.W001).
# crispy's filters are ours by intent, under crispy's name: its own templates load them (templates.W003).
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002", "axes.W002", "templates.W003"]
SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^metrics/$"]

# Shaped like Django 6's setting, so that our middleware can be dropped then.
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "frame-ancestors": ["'none'"],
    "form-action": ["'self'"],
}

LANGUAGE_CODE = "en-us"
TIME_ZONE = env.str("TIME_ZONE", default="America/Chicago")
# How the country writes days and numbers: clinic/formats/en_US/formats.py. Texts: docs/translating.md.
FORMAT_MODULE_PATH, LOCALE_PATHS = "clinic.formats", [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "clinic.web.static_files.HashedFiles"
        if env.bool("HASHED_STATIC", default=not DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

FORM_RENDERER = "clinic.django_internals.renderers.Renderer"

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# On the routes that take one; clinic.web.uploads refuses it on all others.
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["clinic.web.uploads.FileHandler"]

vars().update(environment.mail(env, "EMAIL_URL"))
# A mail server that does not answer must not block the request.
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = environment.address(env, "DEFAULT_FROM_EMAIL")
# Who is mailed when a run by itself fails; not a row, because the database may be why it failed.
FAILURES_TO = environment.address(env, "FAILURES_TO")

DEFAULT_EXCEPTION_REPORTER = "clinic.web.logs.ValueFreeReport"
DEFAULT_EXCEPTION_REPORTER_FILTER = "clinic.web.logs.ValueFreeReportFilter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "clinic.web.logs.LogFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own request log would print paths and query strings of errors; refs only, so it may stay.
    "loggers": {
        # Without its own handler, which sends a report of a fault by mail.
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
    },
}
