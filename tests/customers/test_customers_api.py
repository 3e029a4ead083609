"""People over REST: create, replace, change, read, list and import."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import NOON

ADA = {
    "email": "ada@example.org",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "birth_date": "1990-12-10",
    "gender": None,
    "phone": None,
    "locale": "de",
    "timezone": "Europe/Berlin",
    "country": "DE",
    "postal_code": "10115",
    "city": "Berlin",
    "registered_at": "2026-01-05T09:00:00+01:00",
    "attributes": {"interests": ["tea"], "household_size": 2},
}


def test_put_creates_and_get_reads_what_was_told(api):
    made = api.put("/customers/c1", ADA)
    assert made.status == 201
    assert made.body == ADA | {"customer_id": "c1", "registered_at": "2026-01-05T08:00:00Z"}
    read = api.get("/customers/c1")
    assert (read.status, read.body, read.etag) == (200, made.body, made.etag)
