"""Returns to the cent: in any steps and any order, the parts make up the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.domain.returns import (
    Asked,
    ReturnExceedsOrder,
    SoldLine,
    SoldShipping,
    refund,
    unit_shares,
)
from tests.reference.returns import Order

CUP = SoldLine(line_id="cup", quantity=2, unit_price=1299, discount=520)
POT = SoldLine(line_id="pot", quantity=1, unit_price=4000, discount=0)
NO_SHIPPING = SoldShipping()


def give_back(lines, *asked, returned=None, shipping=NO_SHIPPING, **flags):
    return refund(
        lines=lines,
        returned=returned or {},
        asked=[Asked(line_id=line_id, quantity=quantity) for line_id, quantity in asked],
        shipping=shipping,
        shipping_returned=flags.get("shipping_returned", False),
        refund_shipping=flags.get("refund_shipping", False),
    )


@st.composite
def sold_lines(draw):
    """Lines as redemptions leave them: no part above what is left of the line."""
    lines = []
    for number in range(draw(st.integers(1, 4))):
        quantity, unit_price = draw(st.integers(1, 7)), draw(st.integers(0, 50))
        discount = draw(st.integers(0, quantity * unit_price))
        cashback = draw(st.integers(0, quantity * unit_price - discount))
        paid = quantity * unit_price - discount - cashback
        lines.append(
            SoldLine(
                line_id=str(number),
                quantity=quantity,
                unit_price=unit_price,
                discount=discount,
                cashback=cashback,
                earned=draw(st.integers(0, paid)),
            )
        )
    return lines


@given(lines=sold_lines())
def test_the_shares_of_the_units_make_up_the_line(lines):
    for line in lines:
        shares = unit_shares(line)

        assert len(shares) == line.quantity
        assert sum(share.discount for share in shares) == line.discount
        assert sum(share.cashback for share in shares) == line.cashback
        assert sum(share.earned for share in shares) == line.earned
        assert all(min(share) >= 0 and share.paid >= 0 for share in shares)
        assert max(s.discount for s in shares) - min(s.discount for s in shares) <= 1


@given(lines=sold_lines(), data=st.data())
def test_returning_everything_in_any_steps_pays_back_exactly_what_was_paid(lines, data):
    shipping = SoldShipping(charged=495, cashback=data.draw(st.integers(0, 495)))
    units = [line.line_id for line in lines for _ in range(line.quantity)]
    order = data.draw(st.permutations([*units, "shipping"]))
    returned, shipping_returned, refunds = {}, False, []
    while order:
        step, order = order[: (size := data.draw(st.integers(1, 4)))], order[size:]
        asked = [(line_id, step.count(line_id)) for line_id in dict.fromkeys(step)]
        found = give_back(
            lines,
            *[pair for pair in asked if pair[0] != "shipping"],
            returned=returned,
            shipping=shipping,
            shipping_returned=shipping_returned,
            refund_shipping="shipping" in step,
        )
        returned, shipping_returned = found.returned, shipping_returned or "shipping" in step
        refunds.append(found)

    paid = sum(line.quantity * line.unit_price - line.discount - line.cashback for line in lines)
    assert sum(found.refund_amount for found in refunds) == paid + 495 - shipping.cashback
    assert sum(found.discount_reversed for found in refunds) == sum(l.discount for l in lines)
    assert sum(found.cashback_reversed for found in refunds) == sum(l.earned for l in lines)
    assert (
        sum(found.cashback_restored for found in refunds)
        == sum(line.cashback for line in lines) + shipping.cashback
    )
    assert all(line.quantity == returned[line.line_id] for line in lines)


@given(lines=sold_lines(), data=st.data())
def test_each_return_is_what_the_reference_recomputes(lines, data):
    shipping = SoldShipping(charged=495, cashback=data.draw(st.integers(0, 495)))
    order = recomputed(lines, shipping)
    units = [line.line_id for line in lines for _ in range(line.quantity)]
    returned, shipping_returned = {}, False
    for name in data.draw(st.permutations([*units, "shipping"])):
        is_shipping = name == "shipping"
        found = give_back(
            lines,
            *([] if is_shipping else [(name, 1)]),
            returned=returned,
            shipping=shipping,
            shipping_returned=shipping_returned,
            refund_shipping=is_shipping,
        )
        returned, shipping_returned = found.returned, shipping_returned or is_shipping

        expected = order.take_back({} if is_shipping else {name: 1}, refund_shipping=is_shipping)

        amounts = {name: expected[name] for name in AMOUNTS}
        assert {name: getattr(found, name) for name in AMOUNTS} == amounts


AMOUNTS = [
    "refund_amount",
    "discount_reversed",
    "shipping_refunded",
    "cashback_restored",
    "cashback_reversed",
]


def recomputed(lines, shipping):
    """The same order as the reference knows it: from the redemption's answer."""
    return Order(
        cart={
            "lines": [
                {"line_id": line.line_id, "quantity": line.quantity, "unit_price": line.unit_price}
                for line in lines
            ]
        },
        redemption={
            "applied": [],
            "lines": [{"discount": line.discount, "cashback": line.cashback} for line in lines],
            "shipping_total": shipping.charged - shipping.cashback,
            "shipping_cashback": shipping.cashback,
        },
        promotions={},
        earned=[line.earned for line in lines],
    )


def test_the_order_is_complete_when_all_units_are_back_shipping_aside():
    partly = give_back([CUP, POT], ("cup", 2))
    wholly = give_back([CUP, POT], ("pot", 1), returned=partly.returned)

    assert not partly.completes_order
    assert wholly.completes_order
    assert (partly.refund_amount, partly.discount_reversed) == (2 * 1299 - 520, 520)


def test_one_line_may_be_named_twice_in_a_return():
    found = give_back([CUP], ("cup", 1), ("cup", 1))

    assert [line.refund_amount for line in found.lines] == [1039, 1039]
    assert found.returned == {"cup": 2}


def test_shipping_alone_can_be_returned():
    found = give_back([CUP], shipping=SoldShipping(charged=495, cashback=96), refund_shipping=True)

    assert (found.refund_amount, found.shipping_refunded, found.cashback_restored) == (399, 399, 96)
    assert (found.lines, found.completes_order) == ((), False)


@pytest.mark.parametrize(
    ("asked", "flags", "pointers"),
    [
        pytest.param([("cup", 3)], {}, ["/lines/0/quantity"], id="more than was bought"),
        pytest.param(
            [("pot", 1), ("cup", 2)],
            {"returned": {"cup": 1}},
            ["/lines/1/quantity"],
            id="more than is left",
        ),
        pytest.param([("mug", 1)], {}, ["/lines/0/line_id"], id="never bought"),
        pytest.param(
            [("cup", 1), ("cup", 2)], {}, ["/lines/1/quantity"], id="too much in two parts"
        ),
        pytest.param(
            [],
            {"refund_shipping": True, "shipping_returned": True},
            ["/refund_shipping"],
            id="shipping twice",
        ),
    ],
)
def test_what_was_not_bought_is_not_taken_back(asked, flags, pointers):
    with pytest.raises(ReturnExceedsOrder) as refused:
        give_back([CUP, POT], *asked, **flags)

    assert [error.pointer for error in refused.value.errors] == pointers


def test_a_line_of_ten_thousand_units_is_returned_one_by_one():
    line = SoldLine(line_id="1", quantity=10_000, unit_price=3, discount=9_999, cashback=1)

    assert give_back([line], ("1", 1)).discount_reversed == 1
    assert give_back([line], ("1", 1), returned={"1": 9_999}).discount_reversed == 0
