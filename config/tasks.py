"""Celery's tasks: the tick, and the work that was rung for."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from config import timetable
from journal import actions as journal


@shared_task(name="config.tick")
def tick(**_from_newer_schedulers: object) -> None:
    """Every ten seconds: the time-driven work, unless a test drives the clock, and forgotten jobs."""
    now = timezone.now()
    timetable.note_tick(now=now)
    if not settings.TEST_CLOCK:
        timetable.run_due(now=now)
    run_jobs()


@shared_task(name="config.run_jobs")
def run_jobs(**_from_newer_callers: object) -> None:
    """Run background jobs until none is waiting."""
    while journal.run_next_job(now=timezone.now):
        pass
