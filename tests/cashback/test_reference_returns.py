"""Everything goes back in random steps: to the cent, under each policy of clawing back."""

from hypothesis import given
from hypothesis import strategies as some

from tests.cashback.tea_shop import (
    DAY,
    NOON,
    balances,
    cart,
    credit,
    give_back,
    key,
    line,
    new_shop,
    redeem,
    tell,
)

LINES = some.lists(
    some.tuples(some.integers(1, 4), some.integers(0, 5000), some.integers(0, 100)),
    min_size=1,
    max_size=3,
)
RULES = some.fixed_dictionaries(
    {
        "percent": some.sampled_from(["1", "7.5", "33.3333", "100"]),
        "clawback": some.sampled_from(["debt", "offset_refund", "absorb"]),
        "partner_id": some.sampled_from([None, "roaster"]),
        "expires_after_days": some.just(60),
    }
)
STEPS = some.lists(
    some.tuples(some.lists(some.integers(0, 4), min_size=3, max_size=3), some.booleans())
)


def lines_of(drawn):
    """The discount is a share of the line, in percent."""
    return [
        line(str(number), price, quantity=quantity, discount=quantity * price * off // 100)
        for number, (quantity, price, off) in enumerate(drawn, start=1)
    ]


def return_all(shop, order_id, steps, *, at):
    """The answers of returns by these steps, and of one for the rest."""
    order, answers = shop.orders[order_id], []
    for wanted, with_shipping in [*steps, ([10**6] * 3, True)]:
        quantities = {
            f"l{line_id}": min(quantity, len(units))
            for quantity, (line_id, units) in zip(wanted, order.units.items(), strict=False)
        }
        shipping = with_shipping and not order.is_shipping_back
        answers.append(give_back(shop, order_id, at=at, shipping=shipping, **quantities))
        assert shop.breaches() == []
    return answers


@given(
    drawn=LINES,
    rule=RULES,
    shipping=some.integers(0, 999),
    had=some.lists(some.integers(1, 4000), max_size=3),
    wanted=some.one_of(some.just("max"), some.integers(0, 3000)),
    is_matured=some.booleans(),
    elsewhere=some.integers(0, 100),
    steps=STEPS,
)
def test_what_was_paid_spent_and_earned_comes_back_exactly(
    drawn, rule, shipping, had, wanted, is_matured, elsewhere, steps
):
    shop = new_shop(a=rule | {"name": "a"}, partners={"roaster": {"share_percent": "33.3"}})
    for number, amount in enumerate(had):
        credit(shop, amount, expires_at=NOON + (40 - number) * DAY)
    if wanted != "max":
        wanted = min(wanted, sum(had))
    lines = lines_of(drawn)
    made = redeem(
        shop,
        "o1",
        *lines,
        shipping_amount=shipping,
        cashback_amount=wanted,
        partner_id=rule["partner_id"],
    )
    tell(shop, "o1", "delivered", delivered_at=NOON - (15 if is_matured else 0) * DAY, at=NOON)
    available = balances(shop, NOON)[1]
    # Part of what there is, what was earned included, goes to a bank account.
    paid_out = available * elsewhere // 100
    if paid_out:
        call = {"customer_id": "ada", "currency": "EUR", "amount": paid_out, "at": NOON}
        shop.request_payout(key=key(), payout_id="p1", **call)

    answers = return_all(shop, "o1", steps, at=NOON + DAY)

    def whole(name):
        return sum(answer[name] for answer in answers)

    assert whole("refund_amount") + whole("clawback_offset") == made["total"]
    assert whole("cashback_restored") == made["cashback_spent"]
    assert whole("cashback_reversed") == made["earned"]
    assert whole("discount_reversed") == sum(one["discount"] for one in lines)
    pending, left, held, debt = balances(shop, NOON + DAY)
    assert (pending, held) == (0, paid_out)
    gift = left - debt - (sum(had) - paid_out)
    assert gift == whole("clawback_offset") if rule["clawback"] != "absorb" else gift >= 0
    # Nothing stays at the partner's cost but what the shop has let go.
    partner = shop.ledger.of_shop("partner:roaster", "EUR")
    assert partner == 0 if rule["clawback"] != "absorb" else partner <= 0


@given(drawn=LINES, steps=STEPS)
def test_returns_of_a_recorded_order_come_out_as_well(drawn, steps):
    shop = new_shop(a={"name": "a", "percent": "7.5"}, b={"name": "b", "amount": 10})
    lines = lines_of(drawn)
    shop.record_order(order_id="o1", cart=cart(*lines, shipping_amount=495), status="paid", at=NOON)
    earned = balances(shop, NOON)[0]

    answers = return_all(shop, "o1", steps, at=NOON)

    paid = sum(one["quantity"] * one["unit_price"] - one["discount"] for one in lines)
    assert sum(answer["refund_amount"] for answer in answers) == paid + 495
    assert sum(answer["cashback_reversed"] for answer in answers) == earned
    assert balances(shop, NOON) == (0, 0, 0, 0)
    assert shop.ledger.of_shop("expense", "EUR") == 0
