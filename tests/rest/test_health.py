"""Health: whether the process lives, and whether it can work."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from config import timetable
from tests.api import Api

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.mark.parametrize("page", ["live", "ready"])
@pytest.mark.django_db
def test_health_needs_no_key(client: Client, page: str):
    got = client.get(f"/health/{page}")
    assert got.status_code == 200
    assert got.json()["status"] == "ok"
    assert got.headers["X-Request-Id"]


@pytest.mark.django_db
def test_ready_tells_of_database_broker_and_the_last_tick(client: Client):
    assert client.get("/health/ready").json()["scheduler_tick_age_seconds"] is None

    timetable.note_tick(now=datetime.now(UTC) - timedelta(seconds=40))

    told = client.get("/health/ready").json()
    assert (told["database"], told["broker"]) == ("ok", "ok")
    assert 40 <= told["scheduler_tick_age_seconds"] < 60


@pytest.mark.django_db
def test_without_the_broker_it_is_ready_and_says_so(client: Client, settings: Any):
    settings.CELERY_BROKER_URL = NOWHERE
    got = client.get("/health/ready")
    assert (got.status_code, got.json()["broker"]) == (200, "unavailable")


@pytest.mark.django_db(transaction=True)
def test_without_the_database_it_lives_but_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    connection.close()

    got = client.get("/health/ready")

    assert (got.status_code, got.json()["database"]) == (503, "unavailable")
    assert client.get("/health/live").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_without_the_database_a_call_says_that_it_may_be_tried_again(
    nobody: Api, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    connection.close()
    some_key = f"pk_{'a' * 12}_{'a' * 43}"

    got = nobody.get("/error-codes", authorization=f"Bearer {some_key}")

    assert (got.status, got["code"]) == (503, "temporarily_unavailable")
    assert got.headers["Retry-After"] == "1"
