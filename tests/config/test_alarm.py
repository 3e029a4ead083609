"""Ringing for work reaches the broker, from whichever thread a web server calls."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from django.conf import settings
from django.db import transaction

from common import alarm
from config import wiring
from config.celery import app


@pytest.fixture
def broker():
    client = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    client.delete("celery")
    yield client
    client.delete("celery")
    client.close()


@pytest.mark.django_db(transaction=True)
def test_an_alarm_rung_in_a_threads_transaction_is_in_the_queue_after_its_commit(broker):
    def ring():
        with transaction.atomic():
            alarm.ring("config.run_jobs")
            before_commit = broker.llen("celery")
        transaction.get_connection().close()
        return before_commit

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(ring).result(timeout=20) == 0
    assert broker.llen("celery") == 1
    assert b"config.run_jobs" in broker.lindex("celery", 0)


@pytest.mark.parametrize("answers", [False, True], ids=["refused", "silent"])
def test_an_alarm_does_not_wait_for_a_broker_that_is_away(monkeypatch, answers):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        if answers:
            deaf.listen(1)
        monkeypatch.setattr(app.conf, "broker_url", f"redis://127.0.0.1:{deaf.getsockname()[1]}/0")
        began = time.monotonic()
        wiring._send("config.run_jobs")
        assert time.monotonic() - began < 3
