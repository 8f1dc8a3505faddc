"""The settings, all in one file, read from the environment.

Every variable read here is described in docs/operations.md; a test compares the two.
"""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from hub.accounts.rules import Provider, providers_from
from hub.engines.rules import broker_url, data_dir_from, parse_database_url
from hub.health.rules import Environment, addressees, unsafe_environment

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = data_dir_from(os.environ)

DEBUG = os.environ.get("HUB_DEBUG", "") == "1"
SECRET_KEY = os.environ.get("HUB_SECRET_KEY", "")
SECRET_KEY_FALLBACKS = os.environ.get("HUB_FORMER_SECRET_KEYS", "").split()
ALLOWED_HOSTS = os.environ.get("HUB_ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]").split()
# Behind TLS (production) cookies are sent over TLS alone; the demo speaks plain HTTP on loopback.
BEHIND_TLS = os.environ.get("HUB_BEHIND_TLS", "") == "1"

_faults = unsafe_environment(Environment(BEHIND_TLS, DEBUG, SECRET_KEY, tuple(ALLOWED_HOSTS)))
if _faults:
    raise ImproperlyConfigured(" ".join(_faults))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "hub",
    "partners",
    "referrals",
    "risk",
    "reporting",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "hub.User"

# Grants on a child stand in guardian's tables; who is who and what they may do comes from posts alone.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False

# The first ones set headers: above all that may answer or fail, so that every answer carries them.
MIDDLEWARE = [
    "hub.logs.middleware.log_requests",
    "hub.site.middleware.no_store",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hub.site.middleware.refuse_unreadable",
    "hub.access.middleware.in_one_transaction",
    "partners.machines.middleware.machines_apart",  # what follows is for people alone
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hub.sessions.middleware.end_by_the_clock",
    "hub.access.middleware.tell_who_asks",
    "hub.cover.middleware.cover_hidden",
    "hub.site.middleware.sign_in_required",
    "hub.accounts.middleware.settle_first",
    "hub.site.middleware.domain_errors",
    "hub.audit.middleware.note_refusals",
    "hub.site.middleware.refused_methods",
]
ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "builtins": ["hub.templatetags.hub"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "hub.site.context.site",
                "hub.sessions.clock.session_seconds",
            ],
        },
    }
]

try:
    # Without a URL the settings can be imported (linters do), but the first query says what is missing.
    _database = parse_database_url(
        os.environ.get("DATABASE_URL", "postgresql://nobody@database-url-is-not-set.invalid/hub")
    )
    CELERY_BROKER_URL = broker_url(
        os.environ.get("REDIS_URL", "redis://redis-url-is-not-set.invalid/0")
    )
except ValueError as _error:
    raise ImproperlyConfigured(str(_error)) from _error
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        # A view is a part of the request's one transaction (hub/access/middleware.py).
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": os.environ.get("HUB_TEST_DB") or None},
        # PgBouncer lends a connection for one transaction: a cursor of the server's would outlive it.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        **_database,
    }
}
# What sign-in remembers is written at once, on a connection of its own: in the request's transaction the row
# that counts an address's tries would be held to its end, and colleagues behind one address wait in line.
DATABASES["remembered"] = {
    **DATABASES["default"],
    "ATOMIC_REQUESTS": False,
    "TEST": {"MIRROR": "default"},
}
DATABASE_ROUTERS = ["hub.accounts.models.RememberedApart"]
REMEMBERED_IN = "remembered"
CELERY_TIMEZONE = "Europe/London"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# The trail's heads are signed with a key that the database does not hold, and copied to a file outside it.
TRAIL_KEY = os.environ.get("HUB_TRAIL_KEY", "")
TRAIL_FORMER_KEYS = os.environ.get("HUB_TRAIL_FORMER_KEYS", "").split()
ANCHORS = Path(os.environ.get("HUB_ANCHORS") or DATA_DIR / "anchors" / "heads.jsonl")

# E-mail: only that something awaits somebody, never about whom. Without a server it is laid into a folder.
HUB_ADDRESS = os.environ.get("HUB_ADDRESS") or "http://localhost:8000/"
try:
    ALERTS_TO = addressees(os.environ.get("HUB_ALERTS_TO", ""))
except ValueError as _error:
    raise ImproperlyConfigured(str(_error)) from _error
EMAIL_HOST = os.environ.get("HUB_EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("HUB_EMAIL_PORT") or 587)
EMAIL_HOST_USER = os.environ.get("HUB_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("HUB_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("HUB_EMAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 30
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("HUB_EMAIL_FROM") or "hub@localhost"

AUTHENTICATION_BACKENDS = ["hub.accounts.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "hub.accounts.adapter.OwnRule"}]
# Sign-in: django-allauth's parts behind pages of ours (hub/accounts). What it must remember, attempts of late
# and codes that were used, stands in the database: a flushed Redis forgets no lock-out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "hub_remembered",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
ACCOUNT_ADAPTER = "hub.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up: see the adapter
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "change_password": "hub.accounts.forms.PasswordChangeForm",
    "reauthenticate": "hub.accounts.forms.PasswordAgainForm",
}
# `key` is the account, whatever the address: five wrong passwords or codes shut it for a quarter of an hour.
# The others count every try, the right ones too: nobody guesses a password from a session left open.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "60/m/ip,5/15m/key",
    "reauthenticate": "10/15m/user",
    "change_password": "10/15m/user",
    "referral_link": "20/h/ip,3/h/key",  # asking for a one-time link (referrals/intake)
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("HUB_PROXIES") or (1 if BEHIND_TLS else 0))
MFA_ADAPTER = "hub.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "hub.accounts.forms.CodeForm",
    "reauthenticate": "hub.accounts.forms.CodeAgainForm",
    "activate_totp": "hub.accounts.forms.PhoneForm",
    "add_webauthn": "hub.accounts.forms.PasskeyForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts have no e-mail address
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "CSE Hub"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS  # the demo, on loopback
# Single sign-on: an agency's own provider, from a file that holds its secret.
SSO: dict[str, Provider] = {}
if os.environ.get("HUB_SSO_FILE"):
    try:
        SSO = providers_from(Path(os.environ["HUB_SSO_FILE"]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as _error:
        raise ImproperlyConfigured(f"HUB_SSO_FILE: {_error}") from _error
SOCIALACCOUNT_ADAPTER = "hub.accounts.single.SingleAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [entry.app for entry in SSO.values()]}
}
SOCIALACCOUNT_STORE_TOKENS = False
# A link: the policy on forms stops one that leads elsewhere. What comes back is bound to the browser.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
# Behind TLS every role that opens more than published numbers signs in with a second factor.
SECOND_FACTOR_REQUIRED = BEHIND_TLS or os.environ.get("HUB_SECOND_FACTOR", "") == "required"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "hub-home"
# A session ends after so long without a deed, and after so long altogether (hub/sessions).
SESSION_ENGINE = "hub.sessions.store"
SESSION_IDLE = timedelta(minutes=int(os.environ.get("HUB_IDLE_MINUTES") or 60))
SESSION_LONGEST = timedelta(hours=int(os.environ.get("HUB_SESSION_HOURS") or 10))
SESSION_COOKIE_AGE = int(SESSION_IDLE.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
# A browser takes a cookie of such a name from this host alone and over TLS alone (RFC 6265bis, 4.1.3).
SESSION_COOKIE_NAME = "__Host-sessionid" if BEHIND_TLS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if BEHIND_TLS else "csrftoken"
# What is to be said on the next page stays on the server: it may name a child.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = os.environ.get("HUB_TRUSTED_ORIGINS", "").split()
CSRF_FAILURE_VIEW = "hub.site.views.form_expired"
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

# Uploaded extracts, until they are imported. The handler keeps to the limit before any view is asked.
UPLOADS_DIR = DATA_DIR / "uploads"
UPLOAD_LIMIT = int(os.environ.get("HUB_UPLOAD_MB") or 200) * 1_000_000
FILE_UPLOAD_TEMP_DIR = UPLOADS_DIR  # never the system's, which may be small, or in memory
SILENCED_SYSTEM_CHECKS = [
    "files.E001",  # the handler makes that folder with the first upload: until then it is rightly not there
    "guardian.W001",  # nobody asks has_perm: visible_to and require answer
]
FILE_UPLOAD_HANDLERS = ["reporting.imports.forms.LimitedUploadHandler"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "hub" / "site" / "static"]
# In production `collectstatic` gives each file a name with its hash, to be kept for ever; elsewhere the
# files are served from where they are, and nothing has to be collected.
STATIC_ROOT = BASE_DIR / "staticfiles" if BEHIND_TLS else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if BEHIND_TLS
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not BEHIND_TLS
WHITENOISE_ALLOW_ALL_ORIGINS = False

# The interface for machines describes itself; its tokens are sent as Authorization: Bearer.
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
SPECTACULAR_SETTINGS = {
    "TITLE": "CSE Hub",
    "DESCRIPTION": "Reading children, episodes, levels and the yearly report. See docs/api.md.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SECURITY": [{"token": []}],
    "APPEND_COMPONENTS": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

TEST_RUNNER = "django.test.runner.DiscoverRunner"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "hub.logs.lines.JsonLines"},
        # With the text of exceptions, which may quote a record: for a developer's own eyes.
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain" if DEBUG else "json"}
    },
    # Below a fault of ours its lines say again what each request's own line says.
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("HUB_LOG_LEVEL", "INFO")},
}
