"""A job ends and is cancelled at the same moment: one of the two has won, and all see the same."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from common.errors import DomainError
from journal.actions import cancel_job, queue_job, register_runner, run_next_job
from journal.models import AuditEntry, Job
from promotions.actions import forecast
from tests.api import DAY, NOON
from tests.races.offers import promotion
from tests.races.steps import Paused
from tests.races.storm import Told, storm

pytestmark = pytest.mark.postgres15

JOBS = 12
BEFORE = (NOON - timedelta(hours=1)).isoformat()


@pytest.fixture
def counted() -> None:
    """A kind of job that can be cancelled and is done at once."""
    register_runner("counted", lambda job: {"count": 1}, is_cancellable=True)


def cancel(job: Job) -> Told:
    try:
        with transaction.atomic():
            cancel_job(job_id=job.job_id, actor="test", now=NOON)
    except DomainError as refusal:
        return Told(409, {"code": refusal.code})
    return Told(200)


def work() -> Told:
    return Told(200, {"ran": run_next_job(now=timezone.now)})


@pytest.mark.usefixtures("counted")
def test_of_an_end_and_a_cancel_at_once_one_wins(action_shop, seed):
    made = [queue_job(kind="counted", order={"n": n}, total=1, now=NOON) for n in range(JOBS)]
    cancels = [(("cancel", job.pk), partial(cancel, job)) for job in made for _ in range(2)]
    runs = [("run", work) for _ in range(3 * JOBS)]

    attempts = storm([*cancels, *runs], seed=seed)

    won = [attempt.tag[1] for attempt in attempts if attempt.tag != "run" and not attempt.told.code]
    assert len(won) == len(set(won)), "cancelled twice"
    for job in Job.objects.all():
        if job.pk in won:
            assert (job.status, job.result) == ("failed", None)
            assert job.errors == [{"code": "cancelled"}]
        else:
            assert (job.status, job.result, job.errors) == ("succeeded", {"count": 1}, [])
    assert AuditEntry.objects.filter(action="job.cancelled").count() == len(won)


def ordered() -> Job:
    promotion("tea")
    with transaction.atomic():
        asked = forecast.order_forecast(
            promotion_id="tea", since=NOON - DAY, until=NOON, actor="test", now=NOON
        )
    return Job.objects.get(job_id=asked.job_id)


def test_a_forecast_that_is_cancelled_while_it_works_is_priced_no_further(action_shop, monkeypatch):
    monkeypatch.setattr(forecast, "PIECE", 1)
    line = {"line_id": "1", "sku": "A", "quantity": 1, "unit_price": 100}
    for number in range(3):
        body = {"customer_id": "c", "currency": "EUR", "placed_at": BEFORE, "lines": [line]}
        assert action_shop.put_order(f"o{number}", body, at=NOON).status == 201
    job = ordered()

    running = Paused(work, before='UPDATE "journal_job"', nth=2)
    assert cancel(job).status == 200
    assert running.resume().body == {"ran": True}

    job.refresh_from_db()
    assert (job.status, job.result, job.done, job.total) == ("failed", None, 0, 3)
    assert job.errors == [{"code": "cancelled"}]


def test_a_forecast_that_is_cancelled_as_it_ends_stays_cancelled(action_shop):
    """Its last statement waits for the cancel, and then finds no job that is open."""
    job = ordered()

    running = Paused(work, before='"finished_at" =')
    with transaction.atomic():
        cancel_job(job_id=job.job_id, actor="test", now=NOON)
        running.proceed()
    running.resume()

    job.refresh_from_db()
    assert (job.status, job.result, job.errors) == ("failed", None, [{"code": "cancelled"}])
    assert cancel(job).code == "state_transition_not_allowed"
