"""Codes one by one: made, listed, read, changed."""

from datetime import timedelta

import pytest

from access.models import KeptAnswer
from customers.models import Customer
from journal.models import AuditEntry, OutboxEvent
from promotions.domain.codes import ALPHABET
from promotions.models import Code
from tests.api import DAY, NOON, Api, Got
from tests.promotions.api.shapes import PLAIN, plain

LATER = (NOON + DAY).isoformat()
LATEST = (NOON + 2 * DAY).isoformat()


@pytest.fixture
def shop(api: Api) -> Api:
    """A shop with the promotion `spring`."""
    api.put("/promotions/spring", PLAIN)
    return api


def issue(shop: Api, promotion_id: str = "spring", **body: object) -> Got:
    return shop.post(f"/promotions/{promotion_id}/codes", body | {"at": NOON.isoformat()})


def codes_of(got: Got) -> list[str]:
    return [row["code"] for row in got["results"]]


def test_a_code_is_told_as_it_was_spelled(shop: Api) -> None:
    got = issue(shop, code=" Spring-7kq2 ")

    assert got.status == 201
    assert got.body == {
        "code": "Spring-7kq2",
        "promotion_id": "spring",
        "customer_id": None,
        "batch_id": None,
        "status": "active",
        "valid_from": None,
        "valid_until": None,
        "max_redemptions": None,
        "limit": None,
        "used": 0,
        "held": 0,
        "created_at": "2026-03-10T12:00:00Z",
    }


def test_a_personal_code_has_its_window_and_its_own_limit(shop: Api) -> None:
    got = issue(
        shop,
        code="ADA-2026",
        customer_id="ada",
        valid_from=LATER,
        valid_until="2026-03-12T13:00:00+01:00",
        max_redemptions=3,
    )

    assert (got["customer_id"], got["max_redemptions"], got["limit"]) == ("ada", 3, 3)
    assert got["valid_until"] == "2026-03-12T12:00:00Z"


def test_without_a_code_one_is_drawn_by_chance(shop: Api) -> None:
    drawn = {issue(shop)["code"] for _ in range(3)}

    assert len(drawn) == 3
    assert all(len(code) == 12 and set(code) <= set(ALPHABET) for code in drawn)


def test_a_customer_who_was_never_seen_is_created_empty(shop: Api) -> None:
    issue(shop, customer_id="ada")
    issue(shop, customer_id="ada")

    customer = Customer.objects.get()
    assert (customer.reference, customer.email) == ("ada", "")


@pytest.mark.parametrize(
    ("limits", "personal", "own", "limit"),
    [
        ({}, False, None, None),
        ({}, True, None, 1),
        ({"per_code": 5}, False, None, 5),
        ({"per_code": 5}, True, None, 5),
        ({"per_code": 5}, True, 2, 2),
        ({}, False, 7, 7),
    ],
)
def test_the_limit_in_force(
    api: Api, limits: dict, personal: bool, own: int | None, limit: int | None
) -> None:
    api.put("/promotions/spring", plain(limits=limits))

    got = issue(api, customer_id="ada" if personal else None, max_redemptions=own)

    assert (got["max_redemptions"], got["limit"]) == (own, limit)


def test_a_code_is_unique_over_all_promotions_in_every_spelling(shop: Api) -> None:
    shop.put("/promotions/autumn", PLAIN)
    issue(shop, code="SPRING-7KQ2")

    twice = [issue(shop, code="spring7kq2"), issue(shop, "autumn", code="Spring 7KQ-2")]

    assert [(got.status, got["code"]) for got in twice] == [(409, "code_exists")] * 2
    assert Code.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"code": ""}, "/code"),
        ({"code": "ABC"}, "/code"),
        ({"code": "A-B-C"}, "/code"),
        ({"code": "ÄÖÜ-1234"}, "/code"),
        ({"code": "ABCD\x00"}, "/code"),
        ({"code": "A" * 65}, "/code"),
        ({"code": "A" * 201}, "/code"),
        ({"code": "=SUM(A1:A9)"}, "/code"),
        ({"code": 1234}, "/code"),
        ({"customer_id": "a b"}, "/customer_id"),
        ({"customer_id": ""}, "/customer_id"),
        ({"valid_from": "2026-03-01"}, "/valid_from"),
        ({"valid_until": "2026-03-01T00:00:00"}, "/valid_until"),
        ({"valid_until": "9999-12-31T23:59:59-12:00"}, "/valid_until"),
        ({"valid_from": LATEST, "valid_until": LATER}, "/valid_until"),
        ({"valid_from": LATER, "valid_until": LATER}, "/valid_until"),
        ({"max_redemptions": 0}, "/max_redemptions"),
        ({"max_redemptions": -1}, "/max_redemptions"),
        ({"max_redemptions": 1.5}, "/max_redemptions"),
        ({"max_redemptions": 10**9 + 1}, "/max_redemptions"),
        ({"max_uses": 1}, "/max_uses"),
        ({"status": "disabled"}, "/status"),
    ],
)
def test_bad_input_is_refused_by_the_field_s_name(shop: Api, body: dict, pointer: str) -> None:
    got = issue(shop, **{"customer_id": "ada"} | body)

    assert (got.status, got["code"], got.pointers) == (422, "validation_failed", [pointer])
    assert not Code.objects.exists()
    assert not Customer.objects.exists()


@pytest.mark.parametrize("body", [b"[]", b'{"code": "\\udc00BCD"}'])
def test_what_is_no_request_at_all_is_refused(shop: Api, body: bytes) -> None:
    assert shop.post("/promotions/spring/codes", body).status == 422


def test_a_key_is_required_and_makes_one_code(shop: Api) -> None:
    path = "/promotions/spring/codes"
    assert shop.post(path, {}, idempotency_key=None)["code"] == "idempotency_key_required"

    first = shop.post(path, {}, idempotency_key="0123456789abcdef")
    again = shop.post(path, {}, idempotency_key="0123456789abcdef")

    assert again.raw == first.raw
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Code.objects.count() == 1
    assert KeptAnswer.objects.count() == 1


def test_a_code_is_read_in_any_spelling_but_under_its_own_promotion_only(shop: Api) -> None:
    shop.put("/promotions/autumn", PLAIN)
    made = issue(shop, code="SPRING-7KQ2")

    for spelling in ("SPRING-7KQ2", "spring7kq2", "spring%207kq2"):
        got = shop.get(f"/promotions/spring/codes/{spelling}")
        assert (got.raw, got.etag) == (made.raw, made.etag)
    for path in (
        "autumn/codes/SPRING-7KQ2",
        "spring/codes/OTHER99",
        "spring/codes/%00",
        "x/codes/y",
    ):
        assert shop.get(f"/promotions/{path}").status == 404
        assert shop.patch(f"/promotions/{path}", {}).status == 404
    assert shop.delete("/promotions/spring/codes/SPRING-7KQ2").status == 405


def test_a_patch_changes_what_it_names_and_null_takes_away(shop: Api) -> None:
    issue(shop, code="SPRING1", valid_from=LATER, valid_until=LATEST, max_redemptions=3)
    Code.objects.update(used=2)
    path = "/promotions/spring/codes/spring-1"

    disabled = shop.patch(path, {"status": "disabled"})
    opened = shop.patch(path, {"valid_from": None, "max_redemptions": 1}, if_match=disabled.etag)

    assert (disabled["status"], disabled["valid_from"]) == ("disabled", "2026-03-11T12:00:00Z")
    assert (opened["status"], opened["valid_from"]) == ("disabled", None)
    assert (opened["max_redemptions"], opened["used"]) == (1, 2)
    assert shop.get(path).raw == opened.raw
    late = shop.patch(path, {"status": "active"}, if_match=disabled.etag)
    assert late["code"] == "precondition_failed"


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"status": "used"}, "/status"),
        ({"code": "OTHER"}, "/code"),
        ({"customer_id": "eve"}, "/customer_id"),
        ({"valid_until": LATER}, "/valid_until"),
        ({"valid_until": "tomorrow"}, "/valid_until"),
        ({"max_redemptions": 0}, "/max_redemptions"),
    ],
)
def test_a_bad_patch_changes_nothing(shop: Api, patch: dict, pointer: str) -> None:
    made = issue(shop, code="SPRING1", valid_from=LATEST)

    got = shop.patch("/promotions/spring/codes/SPRING1", patch)

    assert (got.status, got.pointers) == (422, [pointer])
    assert shop.get("/promotions/spring/codes/SPRING1").etag == made.etag


def test_the_list_is_by_code_in_pages(shop: Api) -> None:
    for code in ("CCCC", "a-aaa", "BBBB"):
        issue(shop, code=code)

    first = shop.get("/promotions/spring/codes?limit=2")
    second = shop.get(f"/promotions/spring/codes?limit=2&cursor={first['next_cursor']}")

    assert [codes_of(first), codes_of(second)] == [["a-aaa", "BBBB"], ["CCCC"]]
    assert second["next_cursor"] is None
    assert first["results"][1] == shop.get("/promotions/spring/codes/BBBB").body


def test_the_list_is_filtered_by_customer_status_and_batch(shop: Api) -> None:
    issue(shop, code="ADA1", customer_id="ada")
    issue(shop, code="BOB1", customer_id="bob")
    issue(shop, code="ALL1")
    shop.patch("/promotions/spring/codes/ALL1", {"status": "disabled"})

    def listed(query: str) -> list[str]:
        return codes_of(shop.get(f"/promotions/spring/codes?{query}"))

    assert listed("customer_id=ada") == ["ADA1"]
    assert listed("customer_id=nobody") == []
    assert listed("status=disabled") == ["ALL1"]
    assert listed("status=active&customer_id=bob") == ["BOB1"]
    assert listed("batch_id=bat_1") == []
    assert listed(f"batch_id=bat_{'0' * 32}") == []
    assert shop.get("/promotions/spring/codes?status=used").pointers == ["/status"]
    assert shop.get("/promotions/spring/codes?customer_id=%00").pointers == ["/customer_id"]
    assert shop.get("/promotions/nowhere/codes").status == 404


def test_a_page_costs_the_same_number_of_statements_however_many_rows(
    shop: Api, django_assert_num_queries: object
) -> None:
    for number in range(5):
        issue(shop, code=f"CODE{number}", customer_id=f"c{number}")

    with django_assert_num_queries(3):  # the key, the promotion, the page
        assert len(shop.get("/promotions/spring/codes")["results"]) == 5


def test_issuing_and_changing_are_audited_and_told_without_personal_values(shop: Api) -> None:
    issue(shop, code="SPRING1", customer_id="ada", valid_until=LATER)
    shop.patch("/promotions/spring/codes/SPRING1", {"status": "disabled"})

    issued, changed = AuditEntry.objects.filter(subject_kind="code").order_by("id")
    customer = Customer.objects.get()
    assert (issued.action, issued.subject_id) == ("code.issued", "SPRING1")
    assert issued.after["customer_key"] == customer.pk
    assert "ada" not in str(issued.after)
    assert (changed.before["status"], changed.after["status"]) == ("active", "disabled")
    event = OutboxEvent.objects.get(type="code.issued")
    assert event.payload == {"promotion_id": "spring", "code": "SPRING1"}
    assert event.customer_key == customer.pk


def test_what_a_patch_does_not_name_is_kept_to_the_microsecond(shop: Api) -> None:
    until = NOON + timedelta(microseconds=123456)
    issue(shop, code="SPRING1", valid_until=until.isoformat())

    shop.patch("/promotions/spring/codes/SPRING1", {"max_redemptions": 2})

    assert Code.objects.get().valid_until == until
