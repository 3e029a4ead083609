"""Many codes at once: the job, its steps, its twin, its death, and the CSV."""

import csv
import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import Customer, Segment, SegmentMember
from journal.actions import report_progress, run_next_job
from journal.models import AuditEntry, Job, OutboxEvent
from promotions.actions import batches
from promotions.domain.codes import ALPHABET
from promotions.models import Code, CodeBatch
from tests.api import DAY, NOON, Api, Got, make_key
from tests.promotions.api.shapes import PLAIN

PATH = "/promotions/spring/code-batches"


@pytest.fixture
def shop(api: Api) -> Api:
    """A shop with the promotion `spring`."""
    api.put("/promotions/spring", PLAIN)
    return api


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "CODES_A_STEP", 10)


def segment_of(members: int, *, reference: str = "regulars") -> Segment:
    segment = Segment.objects.create(
        reference=reference, name=reference, kind="static", member_count=members,
        evaluated_at=NOON, created_at=NOON,
    )  # fmt: skip
    customers = Customer.objects.bulk_create(
        Customer(reference=f"c{number}", created_at=NOON) for number in range(members)
    )
    SegmentMember.objects.bulk_create(
        SegmentMember(segment=segment, customer=customer, since=NOON) for customer in customers
    )
    return segment


def ask(shop: Api, **body: object) -> Got:
    return shop.post(PATH, body | {"at": NOON.isoformat()})


def run_jobs() -> None:
    while run_next_job(now=timezone.now):
        pass


def job_of(got: Got) -> Job:
    return Job.objects.get(job_id=UUID(got["job_id"].removeprefix("job_")))


def holders() -> list[str]:
    return sorted(Code.objects.values_list("customer__reference", flat=True))


def test_a_batch_is_accepted_queued_and_made(shop: Api) -> None:
    asked = ask(shop, count=25, pattern="tea-########", valid_days=30)

    assert asked.status == 202
    assert (asked["status"], asked["done"], asked["total"]) == ("queued", 0, 25)
    assert asked["batch_id"].startswith("bat_")
    assert asked["valid_until"] == "2026-04-09T12:00:00Z"

    run_jobs()

    read = shop.get(f"/code-batches/{asked['batch_id']}")
    assert (read["status"], read["done"], read["total"]) == ("succeeded", 25, 25)
    job = shop.get(f"/jobs/{asked['job_id']}")
    assert (job["kind"], job["status"], job["result"]) == ("code_batch", "succeeded", {"codes": 25})
    listed = shop.get(f"/promotions/spring/codes?batch_id={asked['batch_id']}&limit=200")
    assert len(listed["results"]) == 25
    code = listed["results"][0]
    assert code["code"].startswith("TEA-")
    assert set(code["code"].removeprefix("TEA-")) <= set(ALPHABET)
    assert (code["limit"], code["max_redemptions"], code["customer_id"]) == (1, None, None)
    assert (code["batch_id"], code["valid_until"]) == (asked["batch_id"], "2026-04-09T12:00:00Z")
    assert shop.get(PATH)["results"] == [read.body]


def test_a_segment_s_members_get_one_personal_code_each(shop: Api, small_steps: None) -> None:
    segment_of(25)

    asked = ask(shop, segment_id="regulars")
    run_jobs()

    assert (asked["segment_id"], asked["total"]) == ("regulars", 25)
    assert holders() == sorted(f"c{number}" for number in range(25))
    mine = shop.get("/promotions/spring/codes?customer_id=c7")["results"]
    assert [(row["customer_id"], row["limit"]) for row in mine] == [("c7", 1)]


def test_a_second_batch_for_a_segment_makes_second_codes(shop: Api) -> None:
    segment_of(3)
    for _ in range(2):
        ask(shop, segment_id="regulars")
        run_jobs()

    assert Code.objects.count() == 6


@pytest.mark.parametrize("members", [0, 10, 20])
def test_a_segment_that_fills_its_steps_ends_all_the_same(
    shop: Api, small_steps: None, members: int
) -> None:
    segment_of(members)

    asked = ask(shop, segment_id="regulars")
    run_jobs()

    job = job_of(asked)
    assert (job.status, job.done, job.total) == ("succeeded", members, members)


def test_members_who_come_or_go_meanwhile_are_counted_as_they_are_found(
    shop: Api, small_steps: None
) -> None:
    segment = segment_of(25)
    asked = ask(shop, segment_id="regulars")
    for number in range(5):
        new = Customer.objects.create(reference=f"new{number}", created_at=NOON)
        SegmentMember.objects.create(segment=segment, customer=new, since=NOON)

    run_jobs()

    job = job_of(asked)
    assert (job.done, job.total, CodeBatch.objects.get().count) == (30, 30, 30)


class KilledError(BaseException):
    """Stands for kill -9: nothing of ours catches it."""


@pytest.fixture
def dies_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """The worker dies within the step after so many whole ones: codes written, not committed."""

    def arrange(steps: int) -> None:
        whole = iter(range(steps))
        report = batches.report_progress

        def fatal(*args: object, **kwargs: object) -> None:
            if next(whole, None) is None:
                raise KilledError
            report(*args, **kwargs)

        monkeypatch.setattr(batches, "report_progress", fatal)

    yield arrange
    monkeypatch.undo()


@pytest.mark.parametrize("kind", ["segment", "count"])
@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_killed_worker_s_successor_goes_on_where_it_was(
    shop: Api,
    dies_after: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    steps: int,
) -> None:
    monkeypatch.setattr(batches, "CODES_A_STEP", 10)
    segment_of(25)
    asked = ask(shop, **({"segment_id": "regulars"} if kind == "segment" else {"count": 25}))
    dies_after(steps)
    with pytest.raises(KilledError):
        run_next_job(now=timezone.now)
    assert Code.objects.count() == steps * 10
    assert (job_of(asked).status, job_of(asked).done) == ("running", steps * 10)
    assert not run_next_job(now=timezone.now), "it may be alive still"

    monkeypatch.setattr(batches, "report_progress", report_progress)
    assert run_next_job(now=lambda: timezone.now() + timedelta(minutes=3))

    assert (job_of(asked).status, job_of(asked).done) == ("succeeded", 25)
    assert Code.objects.count() == 25
    if kind == "segment":
        assert holders() == sorted(f"c{number}" for number in range(25))
    assert OutboxEvent.objects.filter(type="code.issued").count() == 1


def test_a_finished_job_that_is_run_again_makes_nothing(shop: Api) -> None:
    segment_of(5)
    asked = ask(shop, segment_id="regulars")
    run_jobs()

    again = batches.run_batch(job_id=job_of(asked).job_id, clock=timezone.now)

    assert again == {"codes": 5}
    assert Code.objects.count() == 5
    assert OutboxEvent.objects.filter(type="code.issued").count() == 1


def test_codes_that_chance_draws_twice_are_drawn_again(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment_of(3)
    taken = shop.post("/promotions/spring/codes", {"code": "AAAA-2222-3333"})["code"]
    rounds = iter(
        [[taken, "BBBB22223333", "BBBB22223333"], [taken, "CCCC22223333"], ["DDDD22223333"]]
    )

    def drawn(**_: object) -> Iterator[str]:
        return iter(code.replace("-", "") for code in next(rounds))

    monkeypatch.setattr(batches, "generate", drawn)
    ask(shop, segment_id="regulars")
    run_jobs()

    made = Code.objects.filter(batch__isnull=False)
    assert sorted(made.values_list("code", flat=True)) == [
        "BBBB22223333", "CCCC22223333", "DDDD22223333",
    ]  # fmt: skip
    assert made.values("customer").distinct().count() == 3


def test_codes_for_everybody_that_exist_already_are_drawn_again(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "CODES_A_STEP", 10)
    begun = batches.generate
    taken: list[str] = []

    def poor(*, count: int, beginning: str = "", **order: object) -> Iterator[str]:
        codes = list(begun(count=count, beginning=beginning, **order))
        if beginning and codes:
            codes[0] = shop.post("/promotions/spring/codes", {"code": codes[0]})["code"]
            taken.append(codes[0])
        return iter(codes)

    monkeypatch.setattr(batches, "generate", poor)
    asked = ask(shop, count=25)
    run_jobs()

    assert taken
    assert (job_of(asked).done, Code.objects.filter(batch__isnull=False).count()) == (25, 25)


def test_codes_of_a_batch_begin_with_anything(shop: Api) -> None:
    ask(shop, count=500)
    run_jobs()

    codes = list(Code.objects.values_list("code", flat=True))
    assert {code[0] for code in codes} == {code[2] for code in codes} == set(ALPHABET)


def test_a_batch_whose_promotion_was_deleted_ends_quietly(shop: Api) -> None:
    asked = ask(shop, count=5)
    shop.delete("/promotions/spring")

    run_jobs()

    assert (job_of(asked).status, job_of(asked).result) == ("succeeded", {"codes": 0})


def test_a_batch_whose_segment_was_deleted_stays_a_segment_s(shop: Api) -> None:
    segment = segment_of(5)
    asked = ask(shop, segment_id="regulars")
    segment.delete()

    run_jobs()

    assert job_of(asked).result == {"codes": 0}
    assert shop.get(f"/code-batches/{asked['batch_id']}")["segment_id"] is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_each_code_once(
    transactional_db: None, clock: None, small_steps: None
) -> None:
    shop = Api(make_key())
    shop.put("/promotions/spring", PLAIN)
    segment_of(95)
    asked = ask(shop, segment_id="regulars")
    job_id = job_of(asked).job_id
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        try:
            batches.run_batch(job_id=job_id, clock=timezone.now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        for worker in [workers.submit(work) for _ in range(2)]:
            worker.result()

    assert holders() == sorted(f"c{number}" for number in range(95))
    assert (job_of(asked).done, job_of(asked).total) == (95, 95)
    assert OutboxEvent.objects.filter(type="code.issued").count() == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/count"),
        ({"count": 5, "segment_id": "regulars"}, "/count"),
        ({"count": 0}, "/count"),
        ({"count": 1_000_001}, "/count"),
        ({"count": 1.5}, "/count"),
        ({"count": "5"}, "/count"),
        ({"segment_id": "nobody"}, "/segment_id"),
        ({"segment_id": "a b"}, "/segment_id"),
        ({"count": 5, "pattern": "TEA-#######"}, "/pattern"),
        ({"count": 5, "pattern": "TEA"}, "/pattern"),
        ({"count": 5, "pattern": "TEÄ-########"}, "/pattern"),
        ({"count": 5, "pattern": "########\n"}, "/pattern"),
        ({"count": 5, "pattern": "#" * 65}, "/pattern"),
        ({"count": 5, "pattern": "=########"}, "/pattern"),
        ({"count": 5, "valid_days": 0}, "/valid_days"),
        ({"count": 5, "valid_days": 36_501}, "/valid_days"),
        ({"count": 5, "prefix": "TEA"}, "/prefix"),
        ({"count": 852_892, "pattern": "########"}, "/pattern"),
    ],
)
def test_bad_input_is_refused_by_the_field_s_name(shop: Api, body: dict, pointer: str) -> None:
    got = ask(shop, **body)

    assert (got.status, got.pointers) == (422, [pointer])
    assert not Job.objects.exists()


def test_codes_that_could_be_guessed_are_refused_with_the_figure(shop: Api) -> None:
    """31^8 = 852,891,037,441 codes: 852,891 live ones are one in a million, one more is too many."""
    assert ask(shop, count=852_891, pattern="########").status == 202

    got = ask(shop, count=2, pattern="####-####")

    error = got["errors"][0]
    assert (error["pointer"], error["code"]) == ("/pattern", "guessable")
    assert "852,893 live codes" in error["detail"]
    assert "one guess in 999,997 would hit" in error["detail"]
    assert ask(shop, count=2, pattern="#########").status == 202
    CodeBatch.objects.update(valid_until=NOON)
    assert ask(shop, count=2, pattern="####-####").status == 202


def test_a_key_is_required_and_makes_one_batch(shop: Api) -> None:
    assert shop.post(PATH, {"count": 1}, idempotency_key=None).status == 400

    first = shop.post(PATH, {"count": 1}, idempotency_key="0123456789abcdef")
    again = shop.post(PATH, {"count": 1}, idempotency_key="0123456789abcdef")

    assert again.raw == first.raw
    assert CodeBatch.objects.count() == 1


def test_what_is_not_there_is_not_found(shop: Api) -> None:
    unknown = "bat_" + "0" * 32
    gone = [
        shop.get(f"/code-batches/{unknown}"),
        shop.get(f"/code-batches/{unknown}/codes.csv"),
        shop.get("/code-batches/bat_1"),
        shop.get("/code-batches/%00/codes.csv"),
        shop.get("/promotions/nowhere/code-batches"),
        shop.post("/promotions/nowhere/code-batches", {"count": 1}),
    ]

    assert [got.status for got in gone] == [404] * len(gone)


def test_the_csv_has_every_code_once_in_pieces(
    shop: Api, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: object
) -> None:
    segment_of(25)
    asked = ask(shop, segment_id="regulars", valid_days=1)
    run_jobs()
    monkeypatch.setattr("promotions.queries.batches._ROWS_A_READ", 10)
    monkeypatch.setattr("promotions.serializers.batches._ROWS_A_CHUNK", 7)

    with django_assert_num_queries(5):  # the key, the batch, three pieces
        got = shop.get(f"/code-batches/{asked['batch_id']}/codes.csv")

    rows = list(csv.DictReader(io.StringIO(got.raw.decode())))
    assert got.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert got.headers["Content-Disposition"] == f'attachment; filename="{asked["batch_id"]}.csv"'
    assert {row["code"]: row["customer_id"] for row in rows} == dict(
        Code.objects.values_list("spelling", "customer__reference")
    )
    assert rows[0] | {"code": "", "customer_id": ""} == {
        "code": "",
        "customer_id": "",
        "valid_from": "",
        "valid_until": (NOON + DAY).isoformat().replace("+00:00", "Z"),
        "max_redemptions": "",
        "used": "0",
        "status": "active",
    }


def test_the_csv_holds_no_formulas(shop: Api) -> None:
    segment = segment_of(0)
    evil = Customer.objects.create(reference="-1+cmd", created_at=NOON)
    SegmentMember.objects.create(segment=segment, customer=evil, since=NOON)
    asked = ask(shop, segment_id="regulars", pattern="-########")
    run_jobs()

    got = shop.get(f"/code-batches/{asked['batch_id']}/codes.csv")

    row = next(csv.DictReader(io.StringIO(got.raw.decode())))
    assert row["customer_id"] == "'-1+cmd"
    assert row["code"].startswith("'-")


def test_a_batch_is_audited_when_asked_for_and_told_once_when_made(shop: Api) -> None:
    asked = ask(shop, count=3)
    run_jobs()

    entry = AuditEntry.objects.get(subject_kind="code_batch")
    assert (entry.action, entry.subject_id) == ("code_batch.ordered", asked["batch_id"])
    assert (entry.after["count"], entry.after["promotion_id"]) == (3, "spring")
    assert OutboxEvent.objects.get(type="code.issued").payload == {
        "promotion_id": "spring",
        "batch_id": asked["batch_id"],
        "count": 3,
    }


def test_every_path_needs_the_scope(api_without_scope: Api) -> None:
    got = [
        api_without_scope.post(PATH, {"count": 1}),
        api_without_scope.get(PATH),
        api_without_scope.get("/code-batches/bat_1"),
        api_without_scope.get("/code-batches/bat_1/codes.csv"),
    ]

    assert {(g.status, g["code"]) for g in got} == {(403, "scope_missing")}


def test_a_step_is_few_statements_however_many_codes(
    shop: Api, django_assert_max_num_queries: object
) -> None:
    segment_of(200)
    ask(shop, segment_id="regulars")

    # Claim, the step's lock, job, members, codes, how many, count, event and progress, end; savepoints.
    with django_assert_max_num_queries(19):
        run_jobs()
