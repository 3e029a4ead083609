"""A row of a file of orders: most are taken as they stand, and none that a thorough reading refuses."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import FieldError
from customers.domain import order_lines
from customers.domain.order_files import OrderRows, read_orders
from customers.domain.order_lines import COLUMNS, Row, order_of
from tests.customers.imports.files import ROW

FULL = ROW | {
    "status": "delivered", "paid_at": "2026-01-05T09:00:00Z",
    "delivered_at": "2026-01-07T09:00:00.123456-05:30", "channel": "web", "partner_id": "p1",
    "shipping_amount": "495", "name": "Grüner Tee", "categories": "tea|green", "brand": "Kyo",
    "tags": "bio", "list_price": "1499", "discountable": "false", "discount_amount": "99",
}  # fmt: skip
#: What stands in the place of good cells: mostly right or almost.
ODD = st.sampled_from(
    ["", " ", "x", "o 1", "é", "EUR", "eur", "0", "-1", "007", "1e3", "12.5", "1000000000001", "100001",
     "2026-02-30T00:00:00Z", "2026-01-05T24:00:00Z", "2026-01-05T09:00:00", "2026-01-05T09:00:60Z",
     "1899-12-31T23:59:59Z", "2026-01-05T09:00:00+20:29", "placed", "shipped", "cancelled", "tea| green", "tea||",
     "true", "ja", "nein", "x" * 129, "|".join("abc" * 40), 'say "hi"', "tea\u00a0", "https://shop.example/1",
     "9" * 30, "٣"]
)  # fmt: skip
CELLS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(COLUMNS, ODD | st.text(alphabet="aZ1 é|.:-", max_size=6))
)


def text_of(cells: dict[str, str]) -> str:
    return ",".join(cells.get(name, "") for name in COLUMNS)


@given(CELLS)
def test_what_is_taken_as_it_stands_a_thorough_reading_takes_alike(cells: dict[str, str]) -> None:
    told = text_of(FULL | cells)
    quick = order_lines._quick(7, told)
    if quick is None:
        return
    read = order_lines._thorough(7, told, delimiter=",")
    assert isinstance(read, Row)
    assert (quick.line_id, quick.quantity, quick.unit_price, quick.discount) == (
        read.line_id, read.quantity, read.unit_price, read.discount,
    )  # fmt: skip
    assert order_of([quick]) == order_of([read])
    assert order_lines.differing_column(quick.head, read.head) is None


@pytest.mark.parametrize("cells", [FULL, FULL | {"placed_at": "", "name": "", "tags": ""}])
def test_a_usual_row_is_taken_as_it_stands(cells: dict[str, str]) -> None:
    assert order_lines._quick(7, text_of(cells)) is not None


WRONG = {
    "no id": ({"order_id": ""}, "/order_id"),
    "a blank in an id": ({"customer_id": "a b"}, "/customer_id"),
    "no currency": ({"currency": ""}, "/currency"),
    "a status of ours is none of theirs": ({"status": "sent"}, "/status"),
    "a day without its time": ({"placed_at": "2026-01-05"}, "/placed_at"),
    "an instant without an offset": ({"placed_at": "2026-01-05T09:00:00"}, "/placed_at"),
    "a day that does not exist": ({"placed_at": "2026-02-30T09:00:00Z"}, "/placed_at"),
    "long ago": ({"placed_at": "1899-01-05T09:00:00Z"}, "/placed_at"),
    "shipped before it is": ({"shipped_at": "2026-01-05T09:00:00Z"}, "/shipped_at"),
    "euros and cents": ({"unit_price": "12.99"}, "/unit_price"),
    "no unit": ({"quantity": "0"}, "/quantity"),
    "less than nothing": ({"discount_amount": "-1"}, "/discount_amount"),
    "more off than it costs": ({"discount_amount": "2599"}, "/discount_amount"),
    "perhaps": ({"discountable": "perhaps"}, "/discountable"),
    "a category without an end": ({"categories": "x" * 129}, "/categories"),
    "no address": ({"tracking_url": "parcel 1"}, "/tracking_url"),
    "a quote that does not end": ({"name": '"Tea'}, ""),
}


@pytest.mark.parametrize(("cells", "pointer"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_with_a_row_is_said_at_its_column(
    cells: dict[str, str], pointer: str
) -> None:
    read = order_lines.read_row(7, text_of(ROW | cells), delimiter=",")
    assert isinstance(read, FieldError)
    assert read.pointer == pointer


def test_empty_cells_mean_what_an_order_means_without_the_field() -> None:
    read = order_lines.read_row(7, text_of(ROW | {"status": "", "customer_id": ""}), delimiter=",")
    assert isinstance(read, Row)
    state = order_of([read])
    assert (state.status, state.customer_id, state.shipping_amount) == ("placed", None, 0)
    line = state.lines[0]
    assert (line.discountable, line.discount_amount, line.categories) == (True, 0, [])


def orders(*rows: dict[str, str], delimiter: str = ",") -> list[OrderRows]:
    return list(_read("\n".join(text_of(ROW | cells) for cells in rows), delimiter))


def _read(text: str, delimiter: str) -> Iterator[OrderRows]:
    return read_orders(text, first_line=2, delimiter=delimiter)


def problems(order: OrderRows) -> dict[int, tuple[str, str]]:
    return {line: (error.pointer, error.code) for line, error in sorted(order.errors.items())}


def test_rows_that_follow_each_other_make_an_order_however_they_are_spelled() -> None:
    first, second = orders(
        {"line_id": "1", "placed_at": "2026-01-05T08:00:00Z"},
        {"line_id": "2", "name": '"Tea, green"'},
        {"order_id": "o2"},
    )
    assert (first.order_id, first.lines, second.lines) == ("o1", [2, 3], [4])
    assert first.errors == second.errors == {}
    assert [line.name for line in first.state().lines] == [None, "Tea, green"]


def test_an_order_with_a_wrong_row_is_left_out_and_each_row_says_why() -> None:
    [order] = orders({"line_id": "1"}, {"line_id": "2", "quantity": "none"}, {"line_id": "3"})
    assert problems(order) == {
        2: ("/order_id", "order_left_out"),
        3: ("/quantity", "invalid"),
        4: ("/order_id", "order_left_out"),
    }
    assert order.errors[2].detail == "Row 3 of this order is wrong."


TOGETHER = {
    "another customer": ({"line_id": "2", "customer_id": "bob"}, "/customer_id"),
    "another instant": ({"line_id": "2", "placed_at": "2026-01-05T09:00:01+01:00"}, "/placed_at"),
    "the same line": ({"line_id": "1"}, "/line_id"),
}


@pytest.mark.parametrize(("cells", "pointer"), TOGETHER.values(), ids=TOGETHER.keys())
def test_rows_of_an_order_have_to_agree(cells: dict[str, str], pointer: str) -> None:
    [order] = orders({"line_id": "1"}, cells)
    assert order.errors[3].pointer == pointer
    assert order.errors[2].code == "order_left_out"


def test_an_order_has_no_more_lines_and_money_than_over_the_api() -> None:
    [long] = orders(*({"line_id": str(n)} for n in range(1_001)))
    assert long.errors[1_002].detail == "An order has at most 1000 lines."
    dear = {"quantity": "100000", "unit_price": "900000000000"}
    [costly] = orders({"line_id": "1", **dear}, {"line_id": "2", **dear})
    assert costly.errors[2].detail.startswith("They cost more than") or costly.errors[3]
