"""Files of codes: what is taken in, what is left out and why, trials, deaths, twins."""

import csv
import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import timezone

from common import row_files
from customers.models import Customer
from journal.actions import forget_files, report_progress, run_next_job
from journal.models import AuditEntry, FilePiece, Job, OutboxEvent, RowError
from promotions.actions import imports
from promotions.models import Code, CodeImport, CodeImportRow
from promotions.queries.verify import limit_breaches
from tests.api import NOON, Api, Got, make_key
from tests.promotions.api.shapes import PLAIN
from tests.rest.writes import rows

PATH = "/promotions/spring/code-imports"
HEADER = "code,customer_id,valid_from,valid_until,max_redemptions,used"


@pytest.fixture
def shop(api: Api) -> Api:
    """A shop with the promotion `spring`."""
    api.put("/promotions/spring", PLAIN)
    return api


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows a step, about ten lines a piece."""
    monkeypatch.setattr(imports, "ROWS_A_STEP", 10)
    monkeypatch.setattr(row_files, "_PIECE_BYTES", 200)


def file_of(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


def many(count: int) -> bytes:
    """Codes in an order that is not theirs."""
    return file_of(*(f"CODE{number * 37 % count:05},c{number % 7},,,," for number in range(count)))


def send(shop: Api, file: bytes, *, query: str = "", **headers: Any) -> Got:
    headers.setdefault("content_type", "text/csv")
    return shop.post(f"{PATH}{query}", file, **headers)


def run_jobs() -> None:
    while run_next_job(now=timezone.now):
        pass


def imported(shop: Api, *lines: str, query: str = "") -> Got:
    """The import of these lines when it is done."""
    asked = send(shop, file_of(*lines), query=query)
    assert asked.status == 202, asked
    run_jobs()
    return shop.get(f"/code-imports/{asked['import_id']}")


def report_of(shop: Api, got: Got, **headers: str) -> list[dict[str, str]]:
    answer = shop.get(f"/code-imports/{got['import_id']}/report.csv", **headers)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.raw.decode())))


def job_of(got: Got) -> Job:
    return Job.objects.get(job_id=UUID(got["job_id"].removeprefix("job_")))


def codes() -> list[str]:
    return sorted(Code.objects.values_list("code", flat=True))


def test_a_file_is_accepted_queued_and_taken_in(shop: Api) -> None:
    shop.put("/customers/ada", {})
    asked = send(
        shop,
        file_of(
            "Spring-Ada 1,ada,2026-03-01T00:00:00+01:00,2026-04-01T00:00:00+02:00,3,1",
            "",
            "WELCOME,,,,,",
            "  ",
            "hello99,new-one,,,,",
        ),
    )

    assert asked.status == 202
    assert asked["import_id"].startswith("imp_")
    assert (asked["status"], asked["done"], asked["total"]) == ("queued", 0, 3)
    assert shop.get(f"/jobs/{asked['job_id']}")["total"] == 3

    run_jobs()

    read = shop.get(f"/code-imports/{asked['import_id']}")
    assert (read["status"], read["done"], read["total"]) == ("succeeded", 3, 3)
    assert (read["valid"], read["imported"], read["rejected"]) == (3, 3, 0)
    job = shop.get(f"/jobs/{asked['job_id']}")
    assert (job["kind"], job["status"], job["done"], job["errors"]) == (
        "code_import", "succeeded", 3, [],
    )  # fmt: skip
    assert job["result"] == {
        "import_id": asked["import_id"], "dry_run": False,
        "rows": 3, "valid": 3, "imported": 3, "rejected": 0,
    }  # fmt: skip
    ada = shop.get("/promotions/spring/codes/SPRINGADA1").body
    assert (ada["code"], ada["customer_id"], ada["batch_id"]) == ("Spring-Ada 1", "ada", None)
    assert (ada["max_redemptions"], ada["limit"], ada["used"], ada["held"]) == (3, 3, 1, 0)
    assert ada["valid_from"] == "2026-02-28T23:00:00Z"
    assert ada["valid_until"] == "2026-03-31T22:00:00Z"
    shared = shop.get("/promotions/spring/codes/WELCOME").body
    assert (shared["customer_id"], shared["limit"], shared["used"]) == (None, None, 0)
    assert shop.get("/promotions/spring/codes/HELLO99")["limit"] == 1
    assert shop.get(PATH)["results"] == [read.body]


def test_a_customer_who_is_new_is_created_empty_as_by_a_single_code(shop: Api) -> None:
    imported(shop, "CODE1,new-one,,,,", "CODE2,new-one,,,,", "CODE3,x y,,,,")

    assert list(Customer.objects.values_list("reference", flat=True)) == ["new-one"]
    assert shop.get("/promotions/spring/codes?customer_id=new-one")["next_cursor"] is None


WRONG = {
    "no code": (",,,,,", "code", "required"),
    "short": ("abc,,,,,", "code", "invalid"),
    "umlaut": ("täst1,,,,,", "code", "invalid"),
    "spelling without end": (f"A{' ' * 250}BCD,,,,,", "code", "invalid"),
    "no id": ("CODE1,a b,,,,", "customer_id", "invalid"),
    "no time": ("CODE1,,soon,,,", "valid_from", "invalid"),
    "no offset": ("CODE1,,,2026-01-01T00:00:00,,", "valid_until", "invalid"),
    "only a day": ("CODE1,,2026-01-01,,,", "valid_from", "invalid"),
    "long ago": ("CODE1,,1899-12-31T23:59:59Z,,,", "valid_from", "out_of_range"),
    "far away": ("CODE1,,,2200-01-01T00:00:00Z,,", "valid_until", "out_of_range"),
    "backwards": (
        "CODE1,,2026-01-02T00:00:00Z,2026-01-01T00:00:00Z,,", "valid_until", "not_after_start",
    ),
    "empty window": (
        "CODE1,,2026-01-01T01:00:00+01:00,2026-01-01T00:00:00Z,,", "valid_until", "not_after_start",
    ),
    "no use": ("CODE1,,,,0,", "max_redemptions", "invalid"),
    "half a use": ("CODE1,,,,1.5,", "max_redemptions", "invalid"),
    "too many uses": ("CODE1,,,,1000000001,", "max_redemptions", "invalid"),
    "other digits": ("CODE1,,,,٣,", "max_redemptions", "invalid"),
    "less than none": ("CODE1,,,,,-1", "used", "invalid"),
    "used words": ("CODE1,,,,,often", "used", "invalid"),
    "two wrong columns": ("CODE1,a b,soon,,,", "customer_id", "invalid"),
    "too few columns": ("CODE1,,,,", "", "invalid"),
    "too many columns": ("CODE1,,,,,,", "", "invalid"),
    "open quote": ('"CODE1,,,,,', "", "invalid"),
    "text after a quote": ('"CODE1"x,,,,,', "", "invalid"),
    "exists": ("code-9,,,,,", "code", "code_exists"),
}  # fmt: skip


@pytest.mark.parametrize("line", WRONG)
@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_a_wrong_row_is_reported_and_spoils_no_other(shop: Api, line: str, query: str) -> None:
    shop.post("/promotions/spring/codes", {"code": "CODE9"})
    text, column, code = WRONG[line]

    got = imported(shop, "GOOD1,,,,,", text, "GOOD2,,,,,", query=query)

    assert (got["valid"], got["rejected"], got["done"]) == (2, 1, 3)
    [error] = shop.get(f"/jobs/{got['job_id']}")["errors"]
    assert (error["row"], error["column"], error["code"]) == (3, column or None, code)
    [told] = report_of(shop, got)
    assert told == {"row": "3", "column": column, "code": code, "detail": error["detail"]}
    assert codes() == (["CODE9"] if query else ["CODE9", "GOOD1", "GOOD2"])


def test_all_wrong_rows_are_in_the_report_and_the_first_hundred_in_the_job(
    shop: Api, small_steps: None
) -> None:
    wrong = [f"CODE{number:03},,,,0," for number in range(120)]
    got = imported(shop, *(line for each in wrong for line in (each, each.replace("0,", ","))))

    assert (got["valid"], got["rejected"]) == (120, 120)
    told = [row["row"] for row in shop.get(f"/jobs/{got['job_id']}")["errors"]]
    assert told == list(range(2, 202, 2))
    assert [int(row["row"]) for row in report_of(shop, got)] == list(range(2, 242, 2))


def test_the_report_comes_in_pieces(
    shop: Api, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    got = imported(shop, *(["?"] * 25))
    monkeypatch.setattr("journal.queries._ERRORS_A_READ", 10)
    monkeypatch.setattr("journal.serializers.jobs._ROWS_A_CHUNK", 7)

    with django_assert_num_queries(6):  # the key, the import, three pieces, the end
        assert len(report_of(shop, got)) == 25


def test_what_is_wrong_is_told_in_german_too(shop: Api) -> None:
    got = imported(shop, "CODE1,,,,0,")
    german = "Eine ganze Zahl von 1 bis 1000000000."

    job = shop.get(f"/jobs/{got['job_id']}", accept_language="de")
    assert job["errors"][0]["detail"] == german
    assert report_of(shop, got, accept_language="de")[0]["detail"] == german


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_of_a_code_that_stands_twice_the_first_counts(
    shop: Api, small_steps: None, query: str
) -> None:
    """Also where a step ends between the two, and where the rows are far apart."""
    lines = [f"CODE{number:02},,,,," for number in range(25)]
    got = imported(shop, *lines, "code-09,ada,,,,", "CODE 09,,,,,", "Code24,bob,,,,", query=query)

    assert (got["valid"], got["rejected"]) == (25, 3)
    assert [(row["row"], row["code"]) for row in report_of(shop, got)] == [
        ("27", "duplicate"), ("28", "duplicate"), ("29", "duplicate"),
    ]  # fmt: skip
    assert not Customer.objects.exists(), "a row that is left out creates nobody"
    assert Code.objects.filter(spelling="CODE09").exists() is (not query)


def test_a_code_of_another_promotion_exists_as_well(shop: Api) -> None:
    shop.put("/promotions/winter", PLAIN)
    shop.post("/promotions/winter/codes", {"code": "CODE1"})

    got = imported(shop, "CODE1,new-one,,,,")

    assert report_of(shop, got)[0]["code"] == "code_exists"
    assert not Customer.objects.exists()


def test_a_dry_run_writes_nothing_but_its_report(shop: Api) -> None:
    before = rows()
    got = imported(shop, "CODE1,new-one,,,,4", "CODE1,,,,,", "?,,,,,", query="?dry_run=true")

    assert (got["dry_run"], got["valid"], got["imported"], got["rejected"]) == (True, 1, 0, 2)
    changed = {name for name, count in rows().items() if count != before[name]}
    assert changed == {
        "access_keptanswer", "journal_auditentry", "journal_job",
        "promotions_codeimport", "journal_rowerror",
    }  # fmt: skip
    assert imported(shop, "CODE1,new-one,,,,4")["imported"] == 1


def test_former_uses_count_against_the_codes_limit_and_nothing_else(shop: Api) -> None:
    limits = {"redemptions": 1, "per_customer": 1}
    shop.put("/promotions/spring", {**PLAIN, "status": "active", "limits": limits})
    imported(shop, "LEFT1,ada,,,3,2", "GONE1,ada,,,2,2", "OVER1,ada,,,2,5", "MINE1,ada,,,,1")

    line = {"line_id": "1", "sku": "TEA", "quantity": 1, "unit_price": 1000}
    cart = {"customer_id": "ada", "currency": "EUR", "lines": [line], "at": NOON.isoformat()}
    told = {}
    for code in ("LEFT1", "GONE1", "OVER1", "MINE1"):
        [row] = shop.post("/checkout/validate", {**cart, "codes": [code]})["codes"]
        told[code] = row["reason"]["code"] if row["reason"] else row["status"]
    assert told == {"LEFT1": "applied"} | dict.fromkeys(
        ["GONE1", "OVER1", "MINE1"], "code_already_used"
    )
    assert limit_breaches() == []

    redeemed = shop.post("/checkout/redemptions", {**cart, "codes": ["LEFT1"], "order_id": "o1"})

    assert redeemed.status == 201
    assert shop.get("/promotions/spring/codes/LEFT1")["used"] == 3
    assert limit_breaches() == []
    path = f"/checkout/redemptions/{redeemed['redemption_id']}/cancel"
    assert shop.post(path, {"at": NOON.isoformat()}).status == 200
    assert shop.get("/promotions/spring/codes/LEFT1")["used"] == 2
    assert limit_breaches() == []


def test_verify_limits_sees_a_count_that_is_neither_used_nor_imported(shop: Api) -> None:
    imported(shop, "CODE1,,,,,2")
    Code.objects.update(used=3)

    [(_row, says, counted)] = limit_breaches()
    assert (says, counted) == ("used 3, held 0", "used 2, held 0")


@pytest.mark.parametrize(
    ("file", "line"),
    [
        (b"", "/1"),
        (b"\n" + file_of("CODE1,,,,,"), "/1"),
        (file_of("CODE1", header="code"), "/1"),
        (file_of("CODE1,,,,,", header=HEADER.upper()), "/1"),
        (file_of("CODE1,,,,,", header=f"{HEADER},status"), "/1"),
        (file_of("CODE1,,,,,", header=HEADER.replace(",", "\t")), "/1"),
        (file_of("CODE1,,,,,", header="customer_id," + HEADER), "/1"),
        (b"CODE1,,,,,\n", "/1"),
        (b'{"codes": []}', "/1"),
        (file_of("CODE1,,,,,").decode().encode("utf-16"), "/1"),
        (file_of("CODE1,,,,,", "CODE2,a\x00b,,,,"), "/3"),
        (file_of("CODE1,,,,,", "CODE\xe42,,,,,").replace(b"\xc3\xa4", b"\xe4"), "/3"),
        (file_of("CODE1,,,,,", "x" * 600_000), "/3"),
    ],
    ids=[
        "empty", "blank first", "one column", "upper case", "one more", "tabs", "twice", "no header",
        "JSON", "UTF-16", "NUL", "Latin-1", "endless line",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_at_once(shop: Api, file: bytes, line: str) -> None:
    before = rows()

    got = send(shop, file)

    assert (got.status, got["code"], got.pointers) == (422, "validation_failed", [line])
    assert got.headers["Content-Type"] == "application/problem+json"
    assert rows() == before


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_told_so(shop: Api, encoding: str) -> None:
    """As some spreadsheets save it."""
    got = send(shop, file_of("CODE1,,,,,").decode().encode(encoding))

    assert (got.status, got.pointers) == (422, ["/1"])
    assert "UTF-16. Save it in UTF-8" in got["errors"][0]["detail"]


def test_a_mistake_far_below_is_named_by_its_line(shop: Api, small_steps: None) -> None:
    lines = [f"CODE{number:03},,,,," for number in range(100)]

    assert send(shop, file_of(*lines, "A\x00B,,,,,")).pointers == ["/102"]
    got = imported(shop, *lines, "", "?,,,,,")
    assert [row["row"] for row in report_of(shop, got)] == ["103"]


@pytest.mark.parametrize(
    "file",
    [
        b"\xef\xbb\xbf" + file_of("CODE1,ada,,,2,1"),
        file_of("CODE1,ada,,,2,1").replace(b"\n", b"\r\n"),
        file_of("CODE1,ada,,,2,1").rstrip(b"\n"),
        file_of("CODE1;ada;;;2;1", header=HEADER.replace(",", ";")),
        file_of('"CODE1","ada","","","2","1"'),
        file_of(" CODE1 , ada ,  ,, 2 , 1 "),
        file_of("CODE1,ada,,,2,1", header=", ".join(HEADER.split(","))),
    ],
    ids=["BOM", "CRLF", "no last newline", "semicolons", "quotes", "blanks", "spaced header"],
)
def test_what_spreadsheets_make_of_it_is_read_all_the_same(shop: Api, file: bytes) -> None:
    send(shop, file)
    run_jobs()

    made = shop.get("/promotions/spring/codes/CODE1").body
    assert (made["code"], made["customer_id"], made["limit"], made["used"]) == (
        "CODE1",
        "ada",
        2,
        1,
    )


def test_a_file_without_rows_is_done_at_once(shop: Api) -> None:
    got = imported(shop)

    assert (got["status"], got["done"], got["total"]) == ("succeeded", 0, 0)
    assert not OutboxEvent.objects.filter(type="code.issued").exists()


def test_more_rows_than_a_file_may_have_are_too_many(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_files, "MAX_ROWS", 3)
    before = rows()

    got = send(shop, many(4))

    assert (got.status, got["code"]) == (413, "body_too_large")
    assert rows() == before
    assert send(shop, many(3)).status == 202


def test_more_bytes_than_a_file_may_have_are_too_many(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.api.files.MAX_FILE_BYTES", 100)
    before = rows()

    assert send(shop, many(10))["code"] == "body_too_large"
    assert rows() == before


def test_a_large_file_waits_on_disk_and_is_closed(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.api.files._KEPT_IN_MEMORY", 10)

    assert send(shop, many(30)).status == 202
    assert send(shop, file_of(header="other")).status == 422


@pytest.mark.parametrize(
    "kind",
    ["application/json", "text/plain", "multipart/form-data", "", "text/csv; charset=iso-8859-1"],
)
def test_another_media_type_is_not_taken(shop: Api, kind: str) -> None:
    got = send(shop, many(1), content_type=kind)

    assert (got.status, got["code"]) == (415, "unsupported_media_type")
    assert not CodeImport.objects.exists()


@pytest.mark.parametrize("query", ["?dry_run=maybe", "?dryrun=true", "?dry_run=true&dry_run=true"])
def test_odd_parameters_are_refused(shop: Api, query: str) -> None:
    assert send(shop, many(1), query=query).status == 422
    assert send(shop, many(1), query="?dry_run=false")["dry_run"] is False


def test_a_key_is_required_and_stands_for_one_file_and_one_sort_of_run(shop: Api) -> None:
    key = "0123456789abcdef"
    assert send(shop, many(1), idempotency_key=None)["code"] == "idempotency_key_required"

    first = send(shop, many(1), query="?dry_run=true", idempotency_key=key)
    again = send(shop, many(1), query="?dry_run=true", idempotency_key=key)

    assert again.raw == first.raw
    assert again.headers["Idempotency-Replayed"] == "true"
    assert CodeImport.objects.count() == 1
    for file, query in ((many(2), "?dry_run=true"), (many(1), "")):
        got = send(shop, file, query=query, idempotency_key=key)
        assert got["code"] == "idempotency_key_reused"


def test_what_is_not_there_is_not_found(shop: Api) -> None:
    unknown = "imp_" + "0" * 32
    gone = [
        shop.get(f"/code-imports/{unknown}"),
        shop.get(f"/code-imports/{unknown}/report.csv"),
        shop.get("/code-imports/imp_1"),
        shop.get("/promotions/nowhere/code-imports"),
        shop.post("/promotions/nowhere/code-imports", many(1), content_type="text/csv"),
    ]

    assert [got.status for got in gone] == [404] * len(gone)


def test_every_path_needs_the_scope(api_without_scope: Api) -> None:
    got = [
        send(api_without_scope, many(1)),
        api_without_scope.get(PATH),
        api_without_scope.get("/code-imports/imp_1"),
        api_without_scope.get("/code-imports/imp_1/report.csv"),
    ]

    assert {(g.status, g["code"]) for g in got} == {(403, "scope_missing")}


def test_an_import_is_audited_when_asked_for_and_told_once_when_done(shop: Api) -> None:
    got = imported(shop, "CODE1,,,,,", "CODE2,,,,,", "?,,,,,")

    entry = AuditEntry.objects.get(subject_kind="code_import")
    assert (entry.action, entry.subject_id) == ("code_import.ordered", got["import_id"])
    assert entry.after == {"promotion_id": "spring", "rows": 3, "dry_run": False}
    assert OutboxEvent.objects.get(type="code.issued").payload == {
        "promotion_id": "spring",
        "import_id": got["import_id"],
        "count": 2,
    }


def test_no_line_of_the_file_is_kept_when_it_is_done(shop: Api) -> None:
    imported(shop, "CODE1,ada,,,,", "?,ada,,,,")

    assert not FilePiece.objects.exists()
    assert not CodeImportRow.objects.exists()


def test_what_a_failed_job_has_left_of_a_file_is_forgotten_after_a_month(
    shop: Api, small_steps: None
) -> None:
    asked = send(shop, many(25), query=f"?at={NOON:%Y-%m-%dT%H:%M:%SZ}")
    with transaction.atomic():
        imports._step(job_of(asked).job_id, now=NOON)
    pieces, lines = FilePiece.objects.count(), CodeImportRow.objects.count()
    a_month, later = NOON + timedelta(days=30), NOON + timedelta(days=30, seconds=1)

    assert (forget_files(now=a_month), imports.forget_lines(now=a_month)) == (0, 0)
    assert forget_files(now=later) == pieces > 0
    assert imports.forget_lines(now=later) == lines > 0
    assert CodeImport.objects.count() == 1


# Deaths and twins


class KilledError(BaseException):
    """Stands for kill -9: nothing of ours catches it."""


@pytest.fixture
def dies_after(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """The worker dies within the step after so many whole ones: rows written, not committed."""

    def arrange(steps: int) -> None:
        whole = iter(range(steps))
        report = imports.report_progress

        def fatal(*args: Any, **kwargs: Any) -> None:
            if next(whole, None) is None:
                raise KilledError
            report(*args, **kwargs)

        monkeypatch.setattr(imports, "report_progress", fatal)

    yield arrange
    monkeypatch.undo()


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
@pytest.mark.parametrize("steps", range(6))
def test_a_killed_worker_s_successor_goes_on_where_it_was(
    shop: Api,
    small_steps: None,
    dies_after: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    steps: int,
    query: str,
) -> None:
    lines = [f"CODE{number * 7 % 25:02},c{number % 3},,,,1" for number in range(25)]
    asked = send(shop, file_of(*lines, "?", "code-03,,,,,"), query=query)
    pieces = FilePiece.objects.count()
    dies_after(steps)
    with pytest.raises(KilledError):
        run_next_job(now=timezone.now)
    assert FilePiece.objects.count() == max(0, pieces - steps)
    assert not run_next_job(now=timezone.now), "it may be alive still"

    monkeypatch.setattr(imports, "report_progress", report_progress)
    assert run_next_job(now=lambda: timezone.now() + timedelta(minutes=3))

    got = shop.get(f"/code-imports/{asked['import_id']}")
    assert (got["status"], got["done"], got["valid"], got["rejected"]) == ("succeeded", 27, 25, 2)
    assert len(codes()) == (0 if query else 25)
    assert [row["row"] for row in report_of(shop, got)] == ["27", "28"]
    assert OutboxEvent.objects.filter(type="code.issued").count() == (0 if query else 1)


def test_a_finished_job_that_is_run_again_changes_nothing(shop: Api) -> None:
    got = imported(shop, "CODE1,,,,,", "?")

    again = imports.run_import(job_id=job_of(got).job_id, clock=timezone.now)

    assert again == job_of(got).result
    assert (codes(), RowError.objects.count()) == (["CODE1"], 1)
    assert OutboxEvent.objects.filter(type="code.issued").count() == 1


def test_an_import_whose_promotion_was_deleted_ends_quietly(shop: Api) -> None:
    asked = send(shop, many(5))
    assert shop.delete("/promotions/spring").status == 204

    run_jobs()

    assert (job_of(asked).status, job_of(asked).result) == ("succeeded", {})
    assert not FilePiece.objects.exists()


def test_a_promotion_is_deleted_with_what_an_import_brought(shop: Api) -> None:
    imported(shop, "CODE1,,,,,", "?")

    assert shop.delete("/promotions/spring").status == 204

    assert not Code.objects.exists()
    assert not RowError.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_each_row_once(
    transactional_db: None, clock: None, small_steps: None
) -> None:
    shop = Api(make_key())
    shop.put("/promotions/spring", PLAIN)
    asked = send(shop, many(95))
    job_id = job_of(asked).job_id
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        try:
            imports.run_import(job_id=job_id, clock=timezone.now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        for worker in [workers.submit(work) for _ in range(2)]:
            worker.result()

    assert len(codes()) == 95
    assert (job_of(asked).done, job_of(asked).total) == (95, 95)
    assert shop.get(f"/code-imports/{asked['import_id']}")["imported"] == 95


@pytest.mark.django_db(transaction=True)
def test_two_files_with_the_same_codes_make_each_once(
    transactional_db: None, clock: None, small_steps: None
) -> None:
    shop = Api(make_key())
    shop.put("/promotions/spring", PLAIN)
    asked = [send(shop, many(95)) for _ in range(2)]
    start = threading.Barrier(2)

    def work(got: Got) -> None:
        start.wait()
        try:
            imports.run_import(job_id=job_of(got).job_id, clock=timezone.now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        for worker in [workers.submit(work, got) for got in asked]:
            worker.result()

    told = [shop.get(f"/code-imports/{got['import_id']}") for got in asked]
    assert len(codes()) == 95
    assert sum(got["imported"] for got in told) == 95
    assert sum(got["rejected"] for got in told) == 95
