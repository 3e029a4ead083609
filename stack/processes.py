"""The processes of the service and their variables: the one source of commands.

The supervisor runs these; docker-compose.yml says the same, and a test compares the two.
"""

import http.client
import sys
from functools import partial

from stack.ports import LOOPBACK
from stack.service import Service

DEFAULT_PORT = 8000
WEB_WORKERS = 2
# About four per core: more only means that requests wait inside the database instead of before it.
WEB_THREADS = 4
TASK_PROCESSES = 2
MAIL_QUEUES = "urgent,mail"
APPLICATION = "config.wsgi:application"

# What the environment may say; docs/operations.md explains each, and a test compares.
VARIABLES = (
    "ALLOWED_HOSTS",
    "BREAKER_AFTER",
    "BREAKER_BOUNCE_PERCENT",
    "BREAKER_COMPLAINT_PERCENT",
    "CAMPAIGN_WINDOW_DAYS",
    "CASHBACK_MINIMUM",
    "CELERY_BROKER_URL",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DATA_DIR",
    "DEBUG",
    "EMAIL_PROVIDER",
    "EMAIL_PROVIDER_SETTINGS",
    "EMAIL_URL",
    "EMAIL_WEBHOOK_SECRET",
    "HOST",
    "LEDGER_KEYS",
    "LOG_LEVEL",
    "MAIL_DOMAIN_RATES",
    "MAIL_FROM",
    "MAIL_RATE",
    "MAIL_REPLY_TO",
    "MAIL_WORKERS",
    "MARGIN_PERCENT",
    "MARKETING_CAP",
    "MARKETING_CAP_DAYS",
    "MARKETING_MIN_AGE",
    "MAX_BODY_BYTES",
    "PAYOUT_APPROVAL_ABOVE",
    "PORT",
    "PORTAL_LINK_DAYS",
    "PORTAL_PAYOUTS",
    "PREPARED_STATEMENTS",
    "PROCESS_NAME",
    "PUBLIC_URL",
    "RATE_LIMIT_PER_MINUTE",
    "RECOMMENDATIONS_DAYS",
    "RECOMMENDATIONS_EVERY_MINUTES",
    "RECOMMENDATIONS_JUST_BOUGHT_DAYS",
    "REDIS_PATIENCE_MS",
    "REDIS_URL",
    "SECRET_KEY",
    "SECURE_TLS",
    "SEPA_BIC",
    "SEPA_IBAN",
    "SEPA_NAME",
    "SHOP_COLOUR",
    "SHOP_IMPRINT",
    "SHOP_URL",
    "SHOP_NAME",
    "SHOP_TIME_ZONE",
    "SMS_LOG_FILE",
    "SMS_PROVIDER_TOKEN",
    "SMS_PROVIDER_URL",
    "SMS_STOP_TEXT",
    "STAFF_EMAIL",
    "STATIC_ROOT",
    "STRIPE_API_URL",
    "STRIPE_PATIENCE_MS",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "TEST_CLOCK",
    "UTM_SOURCE",
    "VAPID_CONTACT",
    "VAPID_PRIVATE_KEY",
    "WEBHOOK_ALLOW_PRIVATE",
    "WORST_BASKET_PERCENT",
)


def manage_command(*arguments: str, python: str = sys.executable) -> list[str]:
    """`manage.py` with arguments."""
    return [python, "manage.py", *arguments]


def web_command(
    *,
    host: str,
    port: int,
    workers: int = WEB_WORKERS,
    threads: int = WEB_THREADS,
    application: str = APPLICATION,
    python: str = sys.executable,
) -> list[str]:
    """Granian: few threads, long queues. A connection that is kept alive must not starve others."""
    return [
        *(python, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        *("--backlog", "2048", "--backpressure", "1024"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10"),
        application,
    ]


def worker_command(
    *, processes: int = TASK_PROCESSES, queues: str = "celery", python: str = sys.executable
) -> list[str]:
    """Celery's worker; it needs nobody to talk to but the broker."""
    return [
        *(python, "-m", "celery", "--app", "config.celery", "worker"),
        *("--concurrency", str(processes), "--loglevel", "INFO"),
        *("--queues", queues),
        *("--without-gossip", "--without-mingle"),
    ]


def beat_command(*, schedule: str, python: str = sys.executable) -> list[str]:
    """Celery's clock. Two of them are harmless: a tick is safe to run twice."""
    return [
        *(python, "-m", "celery", "--app", "config.celery", "beat"),
        *("--loglevel", "INFO", "--schedule", schedule, "--pidfile", ""),
    ]


def prepare_chore() -> Service:
    """Migrate and collect static files, in one process: each start of Django costs seconds."""
    return Service(name="prepare", command=manage_command("prepare"), is_chore=True)


def web_service(
    *,
    name: str,
    host: str,
    port: int,
    workers: int,
    threads: int,
    health: str,
    application: str = APPLICATION,
) -> Service:
    """A Granian with its workers; `health` is the page that must say 200."""
    return Service(
        name=name,
        command=web_command(
            host=host, port=port, workers=workers, threads=threads, application=application
        ),
        environment={"PROCESS_NAME": name},
        is_ready=partial(is_healthy, port, path=f"/health/{health}"),
        stop_seconds=15,
    )


def worker_service() -> Service:
    """Tasks are repeated when they are cut off, so nobody waits long for them."""
    return Service(name="worker", command=worker_command(), environment={"PROCESS_NAME": "worker"})


def mailer_service() -> Service:
    """Enlists and sends; a message that was cut off is found by the next."""
    return Service(
        name="mailer",
        command=worker_command(queues=MAIL_QUEUES),
        environment={"PROCESS_NAME": "mailer"},
    )


def beat_service(*, schedule: str) -> Service:
    """One beat per stack."""
    return Service(
        name="beat",
        command=beat_command(schedule=schedule),
        environment={"PROCESS_NAME": "beat"},
    )


def is_healthy(port: int, *, path: str = "/health/ready") -> bool:
    """Whether the page answers 200."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
