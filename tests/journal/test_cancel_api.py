"""A job that is ended before its time, over REST."""

from uuid import UUID

import pytest
from django.utils import timezone

from common.ids import public_id
from journal.actions import JobHasEnded, report_progress, run_next_job
from journal.models import AuditEntry, Job
from tests.api import DAY, NOON, Api, make_key

PERIOD = {"from": NOON - 30 * DAY, "until": NOON}
TENTH = {"kind": "percentage", "percent": "10"}


@pytest.fixture
def shop(api: Api) -> Api:
    body = {"name": "p", "activation": "automatic", "effect": TENTH}
    assert api.put("/promotions/p", body).status == 201
    return api


def asked(shop: Api) -> str:
    got = shop.post("/promotions/p/forecast", {**PERIOD, "at": NOON})
    assert got.status == 202
    return got["job_id"]


def row(job_id: str) -> Job:
    return Job.objects.get(job_id=UUID(job_id.removeprefix("job_")))


def test_a_forecast_that_waits_is_cancelled_and_never_runs(shop: Api):
    job_id = asked(shop)

    got = shop.post(f"/jobs/{job_id}/cancel")

    told = {"code": "cancelled", "detail": "The job was cancelled."}
    assert (got.status, got["status"], got["errors"]) == (200, "failed", [told])
    german = shop.get(f"/jobs/{job_id}", accept_language="de")
    assert german["errors"] == [told | {"detail": "Der Auftrag wurde abgebrochen."}]
    assert got.body == shop.get(f"/jobs/{job_id}").body
    assert not run_next_job(now=timezone.now)
    assert row(job_id).finished_at is not None


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("too_many_attempts", "The job was begun several times and never came to its end."),
        ("KeyError", "Something went wrong on our side."),
    ],
)
def test_why_a_job_failed_is_told_in_words(shop: Api, code: str, detail: str):
    job_id = asked(shop)
    Job.objects.filter(pk=row(job_id).pk).update(
        status="failed", errors=[{"code": code}], finished_at=NOON
    )
    assert [error["detail"] for error in shop.get(f"/jobs/{job_id}")["errors"]] == [detail]


def test_a_worker_notices_at_its_next_report_of_progress(shop: Api):
    job_id = asked(shop)
    running = row(job_id)
    Job.objects.update(status="running", heartbeat_at=NOON)
    report_progress(running, done=0, total=9, now=NOON)

    assert shop.post(f"/jobs/{job_id}/cancel").status == 200

    with pytest.raises(JobHasEnded):
        report_progress(running, done=5, total=9, now=NOON)
    assert (row(job_id).done, row(job_id).status) == (0, "failed")


def test_it_is_audited_with_who_did_it(shop: Api):
    job_id = asked(shop)
    shop.post(f"/jobs/{job_id}/cancel")

    ordered, cancelled = AuditEntry.objects.filter(subject_id=job_id).order_by("id")

    assert ordered.action == "forecast.ordered"
    assert ordered.actor == cancelled.actor != ""
    assert cancelled.action == "job.cancelled"
    assert (cancelled.before, cancelled.after) == ({"status": "queued"}, {"status": "failed"})


def test_what_has_ended_is_not_cancelled(shop: Api):
    job_id = asked(shop)
    assert run_next_job(now=timezone.now)
    before = shop.get(f"/jobs/{job_id}").body

    for _ in range(2):
        got = shop.post(f"/jobs/{job_id}/cancel")
        assert (got.status, got["code"]) == (409, "state_transition_not_allowed")
    assert shop.get(f"/jobs/{job_id}").body == before
    assert not AuditEntry.objects.filter(action="job.cancelled").exists()


def test_cancelling_twice_is_refused_and_once_under_one_key_is_once(shop: Api):
    path = f"/jobs/{asked(shop)}/cancel"

    first = shop.post(path, idempotency_key="cancel-it-once-please")
    again = shop.post(path, idempotency_key="cancel-it-once-please")

    assert (first.status, again.status, first.raw) == (200, 200, again.raw)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert shop.post(path).status == 409


def test_jobs_of_other_kinds_are_always_finished(shop: Api):
    made = shop.post("/promotions/p/code-batches", {"count": 2})

    got = shop.post(f"/jobs/{made['job_id']}/cancel")

    assert (got.status, got["code"]) == (409, "state_transition_not_allowed")
    assert run_next_job(now=timezone.now)
    assert shop.get(f"/jobs/{made['job_id']}")["status"] == "succeeded"


@pytest.mark.parametrize("job_id", ["x", "job_x", "bat_" + "0" * 32, public_id("job", UUID(int=1))])
def test_there_must_be_such_a_job(shop: Api, job_id: str):
    assert shop.post(f"/jobs/{job_id}/cancel").status == 404


def test_any_key_may_cancel(shop: Api):
    job_id = asked(shop)

    assert Api(make_key("reports", name="other")).post(f"/jobs/{job_id}/cancel").status == 200


def test_a_body_says_nothing(shop: Api):
    job_id = asked(shop)

    assert shop.post(f"/jobs/{job_id}/cancel", {"why": "x"}).pointers == ["/why"]
