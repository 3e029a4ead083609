"""Export: everything that is held of a customer, in one call."""

import msgspec
import pytest

from config.privacy import TABLES
from customers.models import Customer, Event
from journal.queries import history_of
from tests.api import NOON
from tests.privacy.life import CUSTOMER, PLANTED, live

PATH = f"/customers/{CUSTOMER}/export?at=2026-03-10T13:00:00Z"
#: Never kept, or never as they were sent.
NOT_HELD = {"the address of the cart", "where a payout goes"}


@pytest.fixture
def exported(api):
    live(api)
    return api.get(PATH)


def test_every_planted_value_is_in_the_export(exported):
    assert (exported.status, exported.headers["Content-Type"]) == (200, "application/json")
    text = exported.raw.decode()
    assert {name for name, value in PLANTED.items() if value not in text} == NOT_HELD


def test_every_section_that_a_table_names_is_there_and_holds_something(exported):
    sections = {name for holding in TABLES.values() for name in holding.sections}
    assert exported.body.keys() - {"customer_id", "exported_at"} == sections
    assert [name for name in sections if not exported[name]] == []


def test_it_tells_of_nobody_else(api, exported):
    api.put("/customers/eve", {"email": "eve@example.org", "first_name": "Evelyn"})
    of_eve = api.get("/customers/eve/export").body
    assert of_eve["customer"]["first_name"] == "Evelyn"
    lists = {name: rows for name, rows in of_eve.items() if isinstance(rows, list)}
    assert {name for name, rows in lists.items() if rows} == {"audit_trail"}
    assert "bob" not in exported.raw.decode()


def test_money_and_instants_are_as_everywhere(exported):
    [first] = [row for row in exported["order_lines"] if row["order_id"] == "o2"]
    assert (first["unit_price"], first["discount_amount"], first["returned_quantity"]) == (
        1500,
        300,
        1,
    )
    assert exported["exported_at"] == "2026-03-10T13:00:00Z"
    assert exported["events"][0]["occurred_at"] == "2026-03-10T12:00:00Z"


def test_what_is_not_known_is_null_as_everywhere(api, exported):
    api.put("/customers/eve", {})
    order = {"customer_id": "eve", "currency": "EUR", "lines": []}
    line = {"line_id": "1", "sku": "TEA", "quantity": 1, "unit_price": 500}
    api.put("/orders/eve-1", order | {"lines": [line]})
    api.put("/customers/eve/consents/email/marketing", {"state": "granted"})
    got = api.get("/customers/eve/export")
    read = api.get("/customers/eve")
    assert {name: got["customer"][name] for name in read.body if name != "customer_id"} == {
        name: value for name, value in read.body.items() if name != "customer_id"
    }
    [told], [sold], [consent] = got["orders"], got["order_lines"], got["consent_history"]
    assert (told["channel"], told["partner_id"], told["tracking_url"]) == (None, None, None)
    assert (sold["name"], sold["brand"], consent["source"]) == (None, None, None)
    for body in (got.body, exported.body):
        rows = [row for part in body.values() if isinstance(part, list) for row in part]
        assert [row for row in rows if "" in row.values()] == []


def test_thousands_of_rows_are_read_a_piece_at_a_time(api, django_assert_max_num_queries):
    api.put("/customers/c1", {})
    customer = Customer.objects.get(reference="c1")
    Event.objects.bulk_create(
        Event(
            event_id=f"e{n}", customer=customer, name="page_view", occurred_at=NOON,
            received_at=NOON,
        )
        for n in range(2_500)
    )  # fmt: skip
    with django_assert_max_num_queries(44):
        exported = api.get("/customers/c1/export")
    assert len(exported["events"]) == 2_500
    assert len({row["event_id"] for row in exported["events"]}) == 2_500


def test_who_exports_leaves_a_trace(exported):
    key = Customer.objects.get(reference=CUSTOMER).pk
    last = history_of(subject_kind="customer", subject_id=str(key)).last()
    assert (last.action, last.actor[:4], last.after) == ("customer.exported", "key:", None)


def test_whoever_is_not_there_has_no_export(api):
    refused = api.get("/customers/nobody/export")
    assert (refused.status, refused["code"]) == (404, "not_found")
    assert msgspec.json.decode(refused.raw)["status"] == 404
