"""Celery: the alarm clock. What is due stands in PostgreSQL; a tick only looks."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("promotions")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    timezone="UTC",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # Longer than the longest task: a task that outlives it would be given to a second worker.
    # Of the queues of a worker the first goes first.
    broker_transport_options={
        "visibility_timeout": 6 * 3600,
        "queue_order_strategy": "priority",
    },
    task_time_limit=5 * 3600,
    broker_connection_retry_on_startup=True,
    # Each tick expires before the next, so that ticks never pile up behind a slow worker.
    beat_schedule={
        "tick": {"task": "config.tick", "schedule": 10.0, "options": {"expires": 9}},
        "campaigns": {"task": "config.campaigns", "schedule": 5.0, "options": {"expires": 4}},
        # One for each process that sends.
        "bulk_mail": {"task": "config.bulk_mail", "schedule": 5.0, "options": {"expires": 4}},
        "bulk_mail_too": {"task": "config.bulk_mail", "schedule": 5.0, "options": {"expires": 4}},
    },
    # Mail has workers of its own: it waits for no job, and what is urgent for no bulk.
    task_routes={"config.campaigns": {"queue": "urgent"}, "config.bulk_mail": {"queue": "mail"}},
)
app.autodiscover_tasks()
