"""Settings: what is switched on, and the few things the environment may change (see docs/operations.md)."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from wuxie.kernel.home import CHECKOUT, home, key

PACKAGE = Path(__file__).resolve().parents[1]
BASE_DIR = CHECKOUT
HOME = home()
DEMO = os.environ.get("WUXIE_DEMO", "")

SECRET_KEY = key("secret").hex()
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("WUXIE_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]
PUBLIC_PHONE = os.environ.get("WUXIE_PHONE", "0812-0000000" if DEMO else "")
PUBLIC_URL = os.environ.get("WUXIE_PUBLIC_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
HTTPS = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if HTTPS else []

KERNEL = [
    "clock",
    "jobs",
    "once",
    "places",
    "statutes",
    "parties",
    "notify",
    "access",
    "papers",
    "facts",
    "tabular",
    "standards",
    "workflow",
    "custody",
]
ROOMS = [
    "register",
    "association",
    "assembly",
    "fees",
    "fund",
    "inspections",
    "resale",
    "safety",
    "mediation",
    "tenders",
    "conduct",
    "rating",
    "portal",
    "openapi",
]

INSTALLED_APPS = [
    *(f"wuxie.kernel.{part}.apps.{part.capitalize()}Config" for part in KERNEL),
    "wuxie.web.apps.WebConfig",
    "wuxie.config.apps.ConfigConfig",
    *(f"wuxie.rooms.{room}.apps.{room.capitalize()}Config" for room in ROOMS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "django_q",
    "simple_history",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wuxie.web.methods.known",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wuxie.web.language.chosen",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "wuxie.kernel.access.middleware.idle",
    "wuxie.kernel.access.middleware.acting",
    "wuxie.kernel.access.middleware.second_factor",
    "wuxie.kernel.once.pages.Replayed",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "wuxie.config.urls"
WSGI_APPLICATION = "wuxie.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wuxie.web.context.page",
            ],
            # Cotton and partials both wrap the loaders; the automatic set-up of one hides the other.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "wuxie.web.templatetags.web",
            ],
        },
    }
]
# A component sees its own attributes, never the variables of the page around it.
COTTON_ISOLATE_BY_DEFAULT = True
CSRF_FAILURE_VIEW = "wuxie.web.views.csrf_failure"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{HOME / 'wuxie.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
ON_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if ON_SQLITE:
    # FULL: a commit that was answered is on disk, also after a power cut.
    # IMMEDIATE: two writers queue instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }

# Counts of the throttles live here; another cache may be named where several machines serve.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}},
}
#: How many proxies in front are ours: so many addresses at the end of X-Forwarded-For are believed.
PROXIES = int(os.environ.get("WUXIE_PROXIES", "0"))

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "wuxie.kernel.access.backends.SignInBackend",
]
AUTH_USER_MODEL = "access.Account"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "wuxie.kernel.access.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "物协"
IDLE_SECONDS = 60 * int(os.environ.get("WUXIE_IDLE_MINUTES", "30"))
REQUIRE_TOTP = os.environ.get("WUXIE_REQUIRE_TOTP", "0" if DEMO else "1") == "1"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [CHECKOUT / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = CHECKOUT / "var" / "static" if "WUXIE_STATIC" not in os.environ else Path(os.environ["WUXIE_STATIC"])
#: Which built file stands behind which source; read once a process.
ASSETS_MANIFEST = PACKAGE / "web" / "static" / "manifest.json"
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+[.-][0-9A-Za-z_-]{8,12}\..+$"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # Progress bars and chart labels set their lengths as attributes; no style sheet may be written inline.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
#: No other host of the domain can set or overwrite a cookie whose name begins like this.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid", f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME, LARGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language", f"{COOKIE_PREFIX}large"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
#: What was done is said from a signed cookie: in the session it would cost each act a second durable write.
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"

Q_CLUSTER = {
    "name": "wuxie",
    "workers": 1,
    "orm": "default",
    "timeout": 900,
    "retry": 1000,
    "max_attempts": 3,
    "ack_failures": False,
    "poll": 0.5,
    "catch_up": False,
    "save_limit": 200,
    "label": "jobs",
}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False

EMAIL_BACKEND = os.environ.get("WUXIE_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = os.environ.get("WUXIE_MAIL_FROM", "wuxie@localhost")
#: Addresses outside the house that are mailed the ledger's root once a week.
LEDGER_KEEPERS = [one.strip() for one in os.environ.get("WUXIE_KEEPERS", "").split(",") if one.strip()]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("WUXIE_LOG", "WARNING")},
}
