"""Files of orders: what is taken in, what is left out and why, what is known already, dry runs."""

from typing import Any

import pytest
from django.core.management import call_command

from access.models import KeptAnswer
from customers.actions import file_imports, order_imports
from customers.models import Customer, CustomerMetrics, Order, OrderImport
from journal.models import AuditEntry, FilePiece, Job, OutboxEvent, RowTaken
from tests.api import NOON, Api
from tests.customers.imports.files import errors, row, take_orders

pytestmark = pytest.mark.django_db


def everything(order: Order) -> dict[str, Any]:
    """An order and its lines, but for their keys."""
    told = {
        name: value
        for name, value in Order.objects.filter(pk=order.pk).values()[0].items()
        if name not in {"id", "reference", "created_at"}
    }
    lines = [
        {name: value for name, value in line.items() if name not in {"id", "order_id"}}
        for line in order.lines.order_by("position").values()
    ]
    return told | {"lines": lines}


def test_an_order_of_a_file_is_what_the_batch_makes_of_it(api: Api) -> None:
    take_orders(
        row(status="delivered", delivered_at="2026-01-07T09:00:00Z", channel="web",
            partner_id="p1", shipping_amount="495", tracking_url="https://parcel.example/1",
            name='"Tea, green"', categories="tea|green", brand="Kyo", tags="bio",
            list_price="1499", discountable="nein", discount_amount="98"),
        row(status="delivered", delivered_at="2026-01-07T09:00:00Z", channel="web",
            partner_id="p1", shipping_amount="495", tracking_url="https://parcel.example/1",
            line_id="2", sku="CUP"),
    )  # fmt: skip
    line = {"sku": "TEA-1", "quantity": 2, "unit_price": 1299}
    told = {
        "order_id": "o2", "customer_id": "ada", "currency": "EUR", "status": "delivered",
        "placed_at": "2026-01-05T09:00:00+01:00", "delivered_at": "2026-01-07T09:00:00Z",
        "channel": "web", "partner_id": "p1", "shipping_amount": 495,
        "tracking_url": "https://parcel.example/1",
        "lines": [
            {**line, "line_id": "1", "name": "Tea, green", "categories": ["tea", "green"],
             "brand": "Kyo", "tags": ["bio"], "list_price": 1499, "discountable": False,
             "discount_amount": 98},
            {**line, "line_id": "2", "sku": "CUP"},
        ],
    }  # fmt: skip
    assert api.post("/orders/batch", {"orders": [told]})["created"] == 1

    ours, theirs = (Order.objects.get(reference=name) for name in ("o1", "o2"))
    assert everything(ours) == everything(theirs)
    figures = CustomerMetrics.objects.get()
    assert (figures.orders_count, figures.items_count) == (2, 8)
    call_command("verify_metrics")


@pytest.mark.parametrize("status", ["placed", "paid", "shipped", "delivered", "cancelled"])
def test_a_status_without_its_instant_gets_the_imports(api: Api, status: str) -> None:
    take_orders(row(status=status, placed_at=""))
    order = Order.objects.get()
    name = {"placed": "placed_at"}.get(status, f"{status}_at")
    assert getattr(order, name) is not None
    assert order.placed_at is not None
    assert CustomerMetrics.objects.count() == (0 if status == "cancelled" else 1)
    call_command("verify_metrics")


def test_guests_order_and_unknown_customers_are_made_empty() -> None:
    take_orders(row(), row(order_id="o2", customer_id=""), row(order_id="o3", customer_id="bob"))
    assert Order.objects.get(reference="o2").customer is None
    assert {*Customer.objects.values_list("reference", "email")} == {("ada", ""), ("bob", "")}


def test_history_raises_no_event_and_keeps_no_answer() -> None:
    take_orders(row(status="delivered"))
    assert not OutboxEvent.objects.exists()
    assert not KeptAnswer.objects.exists()
    [entry] = AuditEntry.objects.filter(action="order.created")
    assert entry.after == {"import_id": str(OrderImport.objects.get())}


def test_good_orders_are_taken_in_and_bad_ones_reported(small_pieces: None) -> None:
    asked = take_orders(
        row(order_id="o1"), row(order_id="o2"), row(order_id="o2", line_id="2", quantity="many"),
        row(order_id="o3", currency="euro"), "", "what?", row(order_id="o4"),
    )  # fmt: skip
    assert errors(asked) == [
        (3, "order_id", "order_left_out"), (4, "quantity", "invalid"), (5, "currency", "invalid"),
        (7, "", "invalid"),
    ]  # fmt: skip
    assert (asked.rows, asked.good, asked.rejected) == (6, 2, 4)
    assert {*Order.objects.values_list("reference", flat=True)} == {"o1", "o4"}
    job = Job.objects.get()
    assert (job.status, job.done, job.total) == ("succeeded", 6, 6)
    assert not FilePiece.objects.exists()
    assert not RowTaken.objects.exists()


def test_rows_of_an_order_that_stand_apart_are_reported_and_the_first_ones_count(
    small_pieces: None,
) -> None:
    others = [row(order_id=f"x{n}") for n in range(40)]
    asked = take_orders(row(), *others, row(line_id="2"), row(order_id="y"), row(line_id="3"))
    assert errors(asked) == [(43, "order_id", "duplicate"), (45, "order_id", "duplicate")]
    assert Order.objects.get(reference="o1").lines.count() == 1
    assert Order.objects.count() == 42


@pytest.mark.parametrize("count", [2, 9, 60])
def test_an_order_is_whole_wherever_the_pieces_of_its_file_end(
    small_pieces: None, count: int
) -> None:
    lines = [
        row(order_id=f"o{order}", line_id=str(line)) for order in range(5) for line in range(count)
    ]
    lines = [text for line in lines for text in (line, "")]
    asked = take_orders(*lines, end="\r\n")
    assert (asked.good, asked.rejected) == (5 * count, 0)
    assert {order.lines.count() for order in Order.objects.all()} == {count}


def test_a_known_order_goes_forwards_only(api: Api) -> None:
    take_orders(row(), row(order_id="o2", status="shipped"))
    asked = take_orders(
        row(status="delivered", quantity="3"), row(order_id="o2", line_id="1"),
        row(order_id="o2", line_id="2"), row(order_id="o3", customer_id="bob"),
    )  # fmt: skip
    assert errors(asked) == [
        (3, "status", "state_transition_not_allowed"), (4, "order_id", "order_left_out"),
    ]  # fmt: skip
    first, second = Order.objects.order_by("reference")[:2]
    assert (first.status, first.lines.get().quantity, second.status) == ("delivered", 3, "shipped")
    call_command("verify_metrics")


def test_what_stands_against_a_known_order_is_said_at_its_row_and_column(api: Api) -> None:
    take_orders(row(), row(line_id="2", discount_amount="10"))
    back = {"return_id": "r1", "lines": [{"line_id": "2", "quantity": 1}]}
    assert api.post("/orders/o1/returns", back).status == 201

    asked = take_orders(row(), row(line_id="2", discount_amount="20"))
    assert errors(asked) == [
        (2, "order_id", "order_left_out"), (3, "discount_amount", "state_transition_not_allowed"),
    ]  # fmt: skip
    assert errors(take_orders(row(customer_id="bob"), row(customer_id="bob", line_id="2"))) == [
        (2, "customer_id", "state_transition_not_allowed"), (3, "order_id", "order_left_out"),
    ]  # fmt: skip


def test_a_dry_run_reports_the_same_and_writes_nothing() -> None:
    take_orders(row(status="shipped"))
    lines = [row(), row(order_id="o2"), row(order_id="o3", quantity="0"), row(order_id="o2")]
    checked = take_orders(*lines[:3], row(order_id="o4"), lines[3], is_dry_run=True)
    found = errors(checked)
    assert found == [
        (2, "status", "state_transition_not_allowed"), (4, "quantity", "invalid"),
        (6, "order_id", "duplicate"),
    ]  # fmt: skip
    assert (Order.objects.count(), Customer.objects.count()) == (1, 1)
    assert errors(take_orders(*lines[:3], row(order_id="o4"), lines[3])) == found
    assert Order.objects.count() == 3


def test_the_same_file_again_changes_nothing() -> None:
    lines = [row(), row(line_id="2"), row(order_id="o2", name="Tee")]
    take_orders(*lines)
    before = [everything(order) for order in Order.objects.order_by("reference")]
    asked = take_orders(*lines)
    assert (asked.good, asked.rejected) == (3, 0)
    assert [everything(order) for order in Order.objects.order_by("reference")] == before
    call_command("verify_metrics")


def test_who_was_erased_is_another_customer_from_then_on(api: Api) -> None:
    take_orders(row())
    assert api.post("/customers/ada/erase", None).status == 200
    asked = take_orders(row(status="delivered"), row(order_id="o2"))
    assert (asked.good, asked.rejected) == (2, 0)
    former, new = Order.objects.order_by("reference")
    assert former.status == "delivered"
    assert former.customer.reference.startswith("erased~")
    assert new.customer.reference == "ada"


def test_an_order_that_somebody_else_makes_meanwhile_is_changed(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not there when we look, and there when we insert."""

    api.put("/orders/o1", _put_body())
    monkeypatch.setattr(order_imports, "known_references", lambda names: set())
    asked = take_orders(row(status="delivered"), row(order_id="o2"))
    assert (asked.good, asked.rejected) == (2, 0)
    assert {*Order.objects.values_list("reference", "status")} == {
        ("o1", "delivered"), ("o2", "paid"),
    }  # fmt: skip
    call_command("verify_metrics")


def _put_body() -> dict[str, Any]:
    return {
        "customer_id": "ada", "currency": "EUR", "status": "paid", "placed_at": NOON.isoformat(),
        "lines": [{"line_id": "1", "sku": "TEA-1", "quantity": 2, "unit_price": 1299}],
    }  # fmt: skip


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some lines a piece, two pieces a step."""
    monkeypatch.setattr("common.row_files._PIECE_BYTES", 1_000)
    monkeypatch.setattr(file_imports, "PIECES_A_STEP", 2)
