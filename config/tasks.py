"""Celery's tasks: the tick, and the work that was rung for."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from campaigns.actions.running import enlist_all
from campaigns.actions.sending import send_due
from common import alarm
from config import timetable
from journal import actions as journal

#: So long a process sends before it looks whether something urgent waits.
A_TURN = timedelta(seconds=4)


@shared_task(name="config.tick")
def tick(**_from_newer_schedulers: object) -> None:
    """Every ten seconds: the time-driven work, unless a test drives the clock, and forgotten jobs."""
    now = timezone.now()
    timetable.note_tick(now=now)
    if not settings.TEST_CLOCK:
        timetable.run_due(now=now)
    run_jobs()


@shared_task(name="config.campaigns")
def enlist_and_send_urgent(**_from_newer_schedulers: object) -> None:
    """Every few seconds: enlist whom a campaign concerns, and send what customers wait for."""
    if not settings.TEST_CLOCK:
        enlist_all(now=timezone.now(), wall=timezone.now, within=A_TURN)
        send_due(lane="urgent", now=timezone.now, wall=timezone.now, within=A_TURN)


@shared_task(name="config.bulk_mail")
def send_bulk(**_from_newer_schedulers: object) -> None:
    """Every few seconds, by several at once: send what nobody waits for, and go on if there is more."""
    if settings.TEST_CLOCK:
        return
    sent = send_due(lane="bulk", now=timezone.now, wall=timezone.now, within=A_TURN)
    if sent.is_more:
        alarm.ring("config.bulk_mail")


@shared_task(name="config.run_jobs")
def run_jobs(**_from_newer_callers: object) -> None:
    """Run background jobs until none is waiting."""
    while journal.run_next_job(now=timezone.now):
        pass
