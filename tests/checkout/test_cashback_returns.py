"""Returns of what was paid with cashback, and of what had earned it, over HTTP.

In random steps, under each claw-back policy, with credit that was spent already: everything together pays back
exactly what was paid, restores exactly what was spent, and reverses exactly what was earned.
"""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from cashback.queries.verify import breaches
from tests.checkout.purses import balance, credit, rule
from tests.checkout.till import line

TEAS = line(quantity=3)
CUP = line("2", sku="CUP", categories=["cups"], unit_price=500)
POLICIES = ["debt", "offset_refund", "absorb"]
GIVEN = 2500

_numbers = count(1)


@pytest.fixture(autouse=True)
def proven(db):
    """Whatever a test has done, the ledger proves itself."""
    yield
    assert list(breaches(every_row=True)) == []


def figures(back):
    names = ("refund_amount", "cashback_restored", "cashback_reversed", "cashback_debt",
             "clawback_offset")  # fmt: skip
    return tuple(back[name] for name in names)


def test_each_unit_gives_back_its_own_share_of_what_was_spent_and_earned(till):
    rule(percent="10")
    credit(amount=1000)
    sold = till.redeem("o1", TEAS, CUP, shipping_amount=500, cashback_amount=1000)
    # Of 4000 the shipping bears 125, the teas 750, the cup 125; 2250 and 375 are left.
    assert [row["cashback"] for row in sold["lines"]] == [750, 125]
    assert sold["cashback"]["earned"] == 263

    first = till.give_back("o1", "r1", {"1": 1}, shipping=True)
    rest = till.give_back("o1", "r2", {"1": 2, "2": 1})

    assert figures(first) == (750 + 375, 250 + 125, 75, 0, 0)
    assert figures(rest) == (1500 + 375, 500 + 125, 188, 0, 0)
    assert balance(till.api) == {"available": 1000}
    assert till.api.get("/orders/o1")["cashback"] == {
        "spent": 1000, "restored": 1000, "earned": 263, "reversed": 263, "available_at": None,
    }  # fmt: skip


def test_a_return_told_again_takes_nothing_back_again(till):
    rule(percent="10")
    credit(amount=1000)
    till.redeem("o1", TEAS, cashback_amount=1000)

    first = till.give_back("o1", "r1", {"1": 1})
    again = till.give_back("o1", "r1", {"1": 1})

    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body
    assert balance(till.api) == {"available": first["cashback_restored"], "pending": 134}


@pytest.mark.parametrize(
    ("policy", "told", "left"),
    [
        ("debt", (1000, 0, 500, 500, 0), {"debt": 500}),
        ("offset_refund", (500, 0, 500, 0, 500), {}),
        ("absorb", (1000, 0, 500, 0, 0), {}),
    ],
    ids=POLICIES,
)
def test_what_was_spent_already_is_treated_as_the_rule_said(till, policy, told, left):
    rule(percent="50", pending_days=0, clawback=policy)
    till.redeem("o1", TEAS)
    till.put_order("o1", TEAS, status="delivered")
    rule(percent="50", status="archived")
    till.redeem("o2", TEAS, cashback_amount=1500)

    back = till.give_back("o1", "r1", {"1": 1})

    assert figures(back) == told
    assert back["lines"] == [{"line_id": "1", "quantity": 1, "refund_amount": 1000}]
    assert balance(till.api) == left


def test_what_had_paid_for_an_order_serves_before_its_refund_is_cut(till):
    rule(percent="100", pending_days=0, clawback="offset_refund")
    credit(amount=2000)
    till.redeem("o1", TEAS, cashback_amount=2000)
    till.put_order("o1", TEAS, status="delivered")
    # 1000 of it was earned; another order of 1000 is paid with that.
    till.redeem("o2", TEAS, cashback_amount=1000)
    rule(percent="100", status="archived")

    back = till.give_back("o1", "r1", {"1": 3})

    # What had paid for it is restored, and serves what is taken back.
    assert figures(back) == (1000, 2000, 1000, 0, 0)
    assert balance(till.api) == {"pending": 2000, "available": 1000}


def test_what_is_restored_serves_what_is_taken_back(till):
    """Given back before taken back: a customer owes only what they really have not."""
    rule(percent="50", pending_days=0)
    credit(amount=1000)
    till.redeem("o1", TEAS, cashback_amount=1000)
    till.put_order("o1", TEAS, status="delivered")
    rule(percent="50", status="archived")
    till.redeem("o2", TEAS, cashback_amount=1000)

    back = till.give_back("o1", "r1", {"1": 3})

    assert figures(back) == (2000, 1000, 1000, 0, 0)
    assert balance(till.api) == {}


def test_debt_is_repaid_by_whatever_is_earned_next(till):
    rule(percent="50", pending_days=0)
    till.redeem("o1", TEAS)
    till.put_order("o1", TEAS, status="delivered")
    till.redeem("o2", TEAS, cashback_amount=1500)
    assert till.give_back("o1", "r1", {"1": 3})["cashback_debt"] == 1500

    till.put_order("o2", TEAS, status="delivered")

    assert balance(till.api) == {"debt": 750}
    found = till.validate(TEAS, cashback_amount="max")
    assert found["cashback"]["spendable"] == 0


@pytest.mark.parametrize("policy", POLICIES)
@given(
    lines=some.lists(
        some.tuples(some.integers(1, 4), some.integers(0, 5000)), min_size=1, max_size=3
    ),
    percent=some.sampled_from(["0.7", "3.3333", "50", "100"]),
    shipping=some.sampled_from([0, 495]),
    paid_with=some.one_of(some.just("max"), some.integers(0, 4000)),
    spends_first=some.sampled_from([0, 0.3, 1]),
    order=some.randoms(use_true_random=False),
)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_comes_back_in_whatever_steps_sums_to_what_was_paid_spent_and_earned(
    till, policy, lines, percent, shipping, paid_with, spends_first, order
):
    number = next(_numbers)
    who, order_id = f"customer{number}", f"o{number}"
    made = [
        line(str(at), quantity=quantity, unit_price=price)
        for at, (quantity, price) in enumerate(lines)
    ]
    rule(percent=percent, pending_days=0, clawback=policy)
    credit(who, GIVEN)
    sold = till.redeem(
        order_id,
        *made,
        customer=who,
        shipping_amount=shipping,
        cashback_amount=at_most(paid_with, GIVEN),
    )
    assert sold.status == 201, sold
    till.put_order(order_id, *made, customer_id=who, shipping_amount=shipping, status="delivered")
    before = balance(till.api, who).get("available", 0)
    elsewhere = int(before * spends_first)
    rule(percent="1", status="archived")
    till.redeem(f"x{number}", line(quantity=20), customer=who, cashback_amount=elsewhere)

    units = [str(at) for at, (quantity, _) in enumerate(lines) for _ in range(quantity)]
    order.shuffle(units)
    backs, is_shipped_back = [], shipping == 0
    while units or not is_shipped_back:
        step = [units.pop() for _ in range(min(len(units), order.randint(1, 3)))]
        asked = {name: step.count(name) for name in step}
        ships = not is_shipped_back and (not units or order.random() < 0.4)
        is_shipped_back |= ships
        backs.append(till.give_back(order_id, f"r{len(backs)}", asked, shipping=ships))
        assert backs[-1].status == 201, backs[-1]
    total = {name: sum(back[name] for back in backs) for name in backs[0].body if "cash" in name}
    offset = sum(back["clawback_offset"] for back in backs)
    assert sum(back["refund_amount"] for back in backs) + offset == sold["total"]
    assert total["cashback_restored"] == sold["cashback_spent"]
    assert total["cashback_reversed"] == sold["cashback"]["earned"]
    assert (offset == 0) or policy == "offset_refund"
    assert total["cashback_debt"] == 0 or policy != "absorb"
    order_shown = till.api.get(f"/orders/{order_id}")["cashback"]
    if order_shown is not None:
        assert order_shown["spent"] == order_shown["restored"]
        assert order_shown["earned"] == order_shown["reversed"]
    now = balance(till.api, who)
    if policy == "debt":
        assert now.get("available", 0) - now.get("debt", 0) == GIVEN - elsewhere


def at_most(paid_with, there_is):
    return paid_with if paid_with == "max" else min(paid_with, there_is)
