"""Once a day customers' figures are counted again from their orders, and what differs is told."""

import logging
from datetime import timedelta

from django.utils import timezone

from customers.models import CustomerMetrics, MetricsRecount
from journal.actions import run_next_job
from journal.models import Job
from tests.api import DAY, NOON


def run(api, at):
    assert api.post("/clock/run", {"at": at.isoformat()}).status == 200
    while run_next_job(now=timezone.now):
        pass


def order(api, name):
    line = {"line_id": "1", "sku": "A", "quantity": 2, "unit_price": 500}
    body = {"customer_id": "c1", "currency": "EUR", "placed_at": NOON, "lines": [line], "at": NOON}
    assert api.put(f"/orders/{name}", body).status == 201


def recounts():
    return Job.objects.filter(kind="metrics_recount")


def test_they_are_counted_once_a_day(api):
    order(api, "o1")
    run(api, NOON)
    assert (recounts().count(), MetricsRecount.objects.get().breaches) == (1, 0)
    run(api, NOON + DAY - timedelta(seconds=1))
    assert recounts().count() == 1
    run(api, NOON + DAY)
    assert recounts().count() == 2
    assert {job.status for job in recounts()} == {"succeeded"}


def test_what_differs_is_told_and_not_mended(api, caplog):
    order(api, "o1")
    CustomerMetrics.objects.update(total_amount=999)
    with caplog.at_level(logging.ERROR):
        run(api, NOON)

    assert MetricsRecount.objects.get().breaches == 1
    assert recounts().get().result == {"breaches": 1}
    assert "kept (1, 2, 999" in caplog.text
    assert CustomerMetrics.objects.get().total_amount == 999
