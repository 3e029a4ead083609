"""All settings. What differs by place is read from the environment, what does not is a literal."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.utils.translation import gettext_lazy as _

from campaigns.domain.pace import rate_errors
from config.colours import COLOURS
from config.env import (
    env_bool,
    env_choice,
    env_int,
    env_list,
    env_number,
    env_object,
    env_str,
)

BASE_DIR = Path(__file__).resolve().parent.parent

# The default is good for one's own machine only: `check --deploy` refuses it.
INSECURE_SECRET_KEY = "insecure-for-development-only"
SECRET_KEY = env_str("SECRET_KEY", INSECURE_SECRET_KEY)
DEBUG = env_bool("DEBUG")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

# The shop
SHOP_NAME = env_str("SHOP_NAME", "Teeladen")
PUBLIC_URL = env_str("PUBLIC_URL", f"http://localhost:{env_int('PORT', 8000)}").rstrip("/")
SHOP_TIME_ZONE = env_str("SHOP_TIME_ZONE", "Europe/Berlin")
TEST_CLOCK = env_bool("TEST_CLOCK")
WORST_BASKET_PERCENT = env_int("WORST_BASKET_PERCENT", 50)  # more in a forecast is told
CASHBACK_MINIMUM = env_int("CASHBACK_MINIMUM", 0)  # less is not spent at checkout; minor units
RATE_LIMIT_PER_MINUTE = env_int("RATE_LIMIT_PER_MINUTE", 0)  # a key's calls; 0: no limit
# So often what is bought together and most is counted in a shop that is not small, over so many days.
RECOMMENDATIONS_EVERY_MINUTES = env_int("RECOMMENDATIONS_EVERY_MINUTES", 60)
RECOMMENDATIONS_DAYS = env_int("RECOMMENDATIONS_DAYS", 365)
# What a customer bought in so many days is not recommended to them.
RECOMMENDATIONS_JUST_BOUGHT_DAYS = env_int("RECOMMENDATIONS_JUST_BOUGHT_DAYS", 30)
# A link to a customer's own pages opens them for so many days.
PORTAL_LINK_DAYS = env_int("PORTAL_LINK_DAYS", 30)
# Nobody who is known to be younger gets marketing (GDPR art. 8).
MARKETING_MIN_AGE = env_int("MARKETING_MIN_AGE", 16)
# What the ledger is sealed with: name:secret, the present one first, then those of the past.
LEDGER_KEYS = env_list("LEDGER_KEYS")
# Customers may ask there for a payout by SEPA: whoever has the link can.
PORTAL_PAYOUTS = env_bool("PORTAL_PAYOUTS")
# Webhooks may go to addresses inside, and plainly by http.
WEBHOOK_ALLOW_PRIVATE = env_bool("WEBHOOK_ALLOW_PRIVATE")
# Up to so much (minor units of whatever currency) nobody has to approve a payout.
PAYOUT_APPROVAL_ABOVE = env_int("PAYOUT_APPROVAL_ABOVE", 0)
# The shop's own account, from which SEPA payouts are paid; without all three no file can be made.
SEPA_NAME = env_str("SEPA_NAME")
SEPA_IBAN = env_str("SEPA_IBAN")
SEPA_BIC = env_str("SEPA_BIC")
# Without a key nothing is paid out by Stripe; without a secret its webhooks are not taken.
STRIPE_SECRET_KEY = env_str("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = env_str("STRIPE_WEBHOOK_SECRET")
STRIPE_API_URL = env_str("STRIPE_API_URL")  # only for tests; empty: Stripe's own
STRIPE_PATIENCE_MS = env_int("STRIPE_PATIENCE_MS", 10_000)  # what takes longer is unknown
STAFF_EMAIL = env_list("STAFF_EMAIL")  # who is told what staff should look after

# Who mail is from, and what letters are signed with.
MAIL_FROM = env_str("MAIL_FROM", f"{SHOP_NAME} <post@localhost>")
MAIL_REPLY_TO = env_str("MAIL_REPLY_TO")
SHOP_URL = env_str("SHOP_URL")  # the shop's own pages: where letters made from recipes lead
SHOP_IMPRINT = env_str("SHOP_IMPRINT")  # name, street, town: the law wants it; empty: the name
SHOP_COLOUR = env_str("SHOP_COLOUR", "#17694a")
UTM_SOURCE = env_str("UTM_SOURCE", "newsletter")  # in links to the shop; empty: no UTM parameters
# A conversion follows a click within so many days; so long is the lift of a campaign measured.
CAMPAIGN_WINDOW_DAYS = env_int("CAMPAIGN_WINDOW_DAYS", 7)
# What goods cost that have no cost of their own: their price before discount less this share.
MARGIN_PERCENT = env_int("MARGIN_PERCENT", 40)
# At most so many messages of marketing per customer and channel within so many days; 0: no limit.
MARKETING_CAP = env_int("MARKETING_CAP", 0)
MARKETING_CAP_DAYS = env_int("MARKETING_CAP_DAYS", 7)
# So many mails a second, and of these to gmail, yahoo, outlook and other mailboxes; 0: no limit.
MAIL_RATE = env_number("MAIL_RATE", 0)
MAIL_DOMAIN_RATES = env_object("MAIL_DOMAIN_RATES", check=rate_errors)
MAIL_WORKERS = env_int("MAIL_WORKERS", 2)  # processes that send, on all machines
# A campaign pauses itself once so many went out and more than so many percent bounced or complained.
BREAKER_AFTER = env_int("BREAKER_AFTER", 1000)
BREAKER_BOUNCE_PERCENT = env_number("BREAKER_BOUNCE_PERCENT", 5)
BREAKER_COMPLAINT_PERCENT = env_number("BREAKER_COMPLAINT_PERCENT", 0.3)
# Text messages are POSTed there; without it they are lines of the file, and without that they are not sent.
SMS_PROVIDER_URL = env_str("SMS_PROVIDER_URL")
SMS_PROVIDER_TOKEN = env_str("SMS_PROVIDER_TOKEN")
SMS_LOG_FILE = env_str("SMS_LOG_FILE", str(BASE_DIR / ".local" / "sms.log") if DEBUG else "")
SMS_STOP_TEXT = env_str("SMS_STOP_TEXT")  # how to get no more of it; empty: a link
# What push messages are signed with (VAPID), and by whom (mailto: or https:); without both there are none.
VAPID_PRIVATE_KEY = env_str("VAPID_PRIVATE_KEY")
VAPID_CONTACT = env_str("VAPID_CONTACT")
# Nothing else is called for a browser that says that it wants push messages there.
PUSH_SERVICES = [
    "https://fcm.googleapis.com",
    "https://*.push.services.mozilla.com",
    "https://*.notify.windows.com",
    "https://*.push.apple.com",
]

INSTALLED_APPS = [
    "config.apps.StaffPagesConfig",  # django-unfold
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "config",
    "portal",
    "checkout",
    "campaigns",
    "promotions",
    "cashback",
    "catalog",
    "customers",
    "access",
    "journal",
]

MIDDLEWARE = [
    "common.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "common.middleware.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
CSRF_FAILURE_VIEW = "config.error_pages.csrf_failure"
APPEND_SLASH = False
# Large batches are the norm; the number of lines, units and rows is limited where they are read.
DATA_UPLOAD_MAX_MEMORY_SIZE = env_int("MAX_BODY_BYTES", 64 * 1024 * 1024)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [BASE_DIR / "config" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

_database = dj_database_url.parse(
    env_str("DATABASE_URL", "postgres://postgres@localhost:5432/promotions"),
    conn_max_age=None,
)
# The URL may carry options of its own: the folder of a socket, sslmode.
_database["OPTIONS"] = {
    "application_name": env_str("PROCESS_NAME", "promotions"),
    **_database.get("OPTIONS", {}),
}
PREPARED_STATEMENTS = env_bool("PREPARED_STATEMENTS", default=True)
if PREPARED_STATEMENTS:
    # Else PostgreSQL may plan them anew each time, whenever that promises to run a little faster.
    _given = _database["OPTIONS"].get("options", "")
    _database["OPTIONS"]["options"] = f"{_given} -c plan_cache_mode=force_generic_plan".strip()
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_str("REDIS_URL", "redis://localhost:6379/0")
_patience = env_int("REDIS_PATIENCE_MS", 250) / 1000
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "promotions",
        # Checkout goes on without Redis, and must not wait for it.
        "OPTIONS": {"socket_connect_timeout": _patience, "socket_timeout": _patience},
    }
}
CELERY_BROKER_URL = env_str("CELERY_BROKER_URL", REDIS_URL)

_mail = urlsplit(env_str("EMAIL_URL", "smtp://localhost:8025"))
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or 25
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_TLS = "tls" in _mail.query
EMAIL_TIMEOUT = 20
# By which provider's own API mail goes (django-anymail); empty: by SMTP, to EMAIL_URL.
EMAIL_PROVIDERS = ("brevo", "mailgun", "mailjet", "postmark", "resend", "sendgrid", "sparkpost")
EMAIL_PROVIDER = env_choice("EMAIL_PROVIDER", EMAIL_PROVIDERS)
# What the provider has to say about mails: `user:password`, as it stands in the address that it is given.
EMAIL_WEBHOOK_SECRET = env_str("EMAIL_WEBHOOK_SECRET")
ANYMAIL = {
    # Seconds for the connection, and for each piece of the answer.
    "REQUESTS_TIMEOUT": (5, EMAIL_TIMEOUT),
    "WEBHOOK_SECRET": EMAIL_WEBHOOK_SECRET,
    # Its key and the like, by anymail's names: {"POSTMARK_SERVER_TOKEN": "..."}
    **env_object("EMAIL_PROVIDER_SETTINGS"),
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# The second one has the words of django-unfold, which brings no German.
LOCALE_PATHS = [BASE_DIR / "config" / "locale", BASE_DIR / "config" / "locale_unfold"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = SHOP_TIME_ZONE

STATIC_URL = "/static/"
LOGIN_REDIRECT_URL = "/admin/"
STATIC_ROOT = Path(env_str("STATIC_ROOT", str(BASE_DIR / ".local" / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["access.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["access.authentication.HasScope"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "common.api.negotiation.JsonOnly",
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "config.openapi.operations.OperationSchema",
    "EXCEPTION_HANDLER": "common.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Promotions API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "SORT_OPERATIONS": False,  # as the addresses stand: what belongs together stays together
    "POSTPROCESSING_HOOKS": [],
    # It would try its own generator; ours is `config.openapi`, and tests look after that.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

UNFOLD = {
    "SITE_TITLE": SHOP_NAME,
    "SITE_HEADER": SHOP_NAME,
    "SITE_SUBHEADER": _("Promotions"),
    "SITE_SYMBOL": "local_mall",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": f"{STATIC_URL}staff/icon.svg"}
    ],
    "SITE_URL": None,
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "STYLES": [f"{STATIC_URL}staff/plain.css"],
    "SCRIPTS": [f"{STATIC_URL}staff/labels.js"],
    "COLORS": COLOURS,
    "SIDEBAR": {"navigation": "config.sidebar.pages"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO")},
    # Every refusal is a 4xx; our own log lines say more than this one.
    "loggers": {
        "django.request": {"level": "ERROR"},
        # It logs what Stripe says of each call in sentences, which may name people.
        "stripe": {"level": "WARNING"},
    },
}

# Behind TLS in production; on one's own machine the pages are served plainly.
SECURE_TLS = env_bool("SECURE_TLS")
SECURE_SSL_REDIRECT = SECURE_TLS
# Probes come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_TLS
SECURE_HSTS_PRELOAD = SECURE_TLS
SESSION_COOKIE_SECURE = SECURE_TLS
CSRF_COOKIE_SECURE = SECURE_TLS
SESSION_COOKIE_AGE = 8 * 3600
