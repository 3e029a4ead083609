"""Roll-ups: whenever and in whatever pieces they are made, they are what a recount finds."""

import random
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkout.actions.roll_up import count_piece, roll_up
from checkout.actions.waiting import write_down
from checkout.models import PromotionDay, Uncounted
from promotions.actions.issued import fold_issued
from promotions.models import IssuedCodes
from promotions.queries.standing import standing_of
from tests.api import NOON, Api, Got, make_key
from tests.checkout.till import Till, line
from tests.races.storm import forget_decisions

pytestmark = [pytest.mark.postgres15, pytest.mark.django_db(transaction=True)]

CODES = ("TEA-A", "TEA-B", "OLD-A", "KEEP-A")


@pytest.fixture
def till(transactional_db: None, clock: None) -> Till:
    """A shop with promotions of several kinds; decisions of tests before are forgotten."""
    forget_decisions()
    till = Till(Api(make_key()))
    till.offer(code="TEA-A", limits={"discount_budget": 20_000})
    till.issue("TEA-B")
    till.offer("old", code="OLD-A", schedule={"ends_at": (NOON - timedelta(days=1)).isoformat()})
    till.offer("keep", code="KEEP-A", after_cancel="keep", stacking={"group": "g"})
    till.offer(
        "auto",
        activation="automatic",
        currency=None,
        effect={"kind": "percentage", "percent": "7"},
        conditions={"min_quantity": 3},
        stacking={"group": "g"},
    )
    return till


def verify(*arguments: str) -> tuple[int, str]:
    """The command's exit status and what it printed."""
    out = StringIO()
    try:
        call_command("verify_reports", *arguments, stdout=out, no_color=True)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


class Shopping:
    """Random acts of shoppers, staff and the shop's server, over HTTP."""

    def __init__(self, till: Till, seed: int) -> None:
        self.till = till
        self.chance = random.Random(seed)
        self.orders: list[Got] = []
        self.held: list[Got] = []
        self.number = 0

    def act(self) -> None:
        self.number += 1
        acts = [self.look, self.buy, self.buy, self.hold, self.take, self.cancel, self.send_back]
        self.chance.choice(acts)()

    def look(self) -> None:
        self.till.validate(*self.lines(), **self.cart())

    def buy(self) -> None:
        made = self.till.redeem(f"o{self.number}", *self.lines(), **self.cart())
        if made.status == 201:
            self.orders.append(made)

    def hold(self) -> None:
        made = self.till.reserve(*self.lines(), **self.cart())
        if made.status == 201:
            self.held.append(made)

    def take(self) -> None:
        if self.held:
            held = self.held.pop(self.chance.randrange(len(self.held)))
            made = self.till.redeem_held(held, f"o{self.number}", at=self.moment())
            if made.status == 201:
                self.orders.append(made)

    def cancel(self) -> None:
        if self.orders:
            self.till.cancel(self.chance.choice(self.orders), at=self.moment())

    def send_back(self) -> None:
        if self.orders:
            order = self.chance.choice(self.orders)
            units = {row["line_id"]: self.chance.randint(1, 2) for row in order["lines"]}
            some = dict(
                self.chance.sample(sorted(units.items()), self.chance.randint(0, 1)) or units
            )
            self.till.give_back(
                order["order_id"],
                f"r{self.number}",
                some,
                shipping=self.chance.random() < 0.2,
                at=self.moment(),
            )

    def lines(self) -> list[dict]:
        return [
            line(
                str(at), quantity=self.chance.randint(1, 4), unit_price=self.chance.randint(1, 999)
            )
            for at in range(self.chance.randint(1, 2))
        ]

    def cart(self) -> dict:
        codes = self.chance.sample(CODES, self.chance.randint(0, 2))
        return {
            "codes": codes,
            "customer": self.chance.choice(["ada", "bob", None]),
            "currency": self.chance.choice(["EUR", "EUR", "EUR", "CHF"]),
            "shipping_amount": self.chance.choice([0, 495]),
            "at": self.moment(),
        }

    def moment(self) -> datetime:
        """Within three days, in no order."""
        return NOON + timedelta(minutes=self.chance.randrange(-2000, 2000))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32), pieces=st.lists(st.integers(1, 7), max_size=30))
def test_rolled_up_in_random_pieces_it_equals_a_recount(till: Till, seed, pieces):
    """Examples come after each other in one shop: its history only grows."""
    shopping = Shopping(till, seed)
    shopping.number = seed * 1000
    for piece in pieces:
        shopping.act()
        if shopping.chance.random() < 0.5:
            count_piece(piece)
    if shopping.chance.random() < 0.5:
        roll_up()

    assert verify()[0] == 0, verify()


def test_nothing_is_counted_twice_and_nothing_is_left(till: Till):
    shopping = Shopping(till, seed=3)
    for _ in range(40):
        shopping.act()
    write_down()
    waiting = Uncounted.objects.count()

    counted = [count_piece(7) for _ in range(waiting // 7 + 2)]

    assert sum(counted) == waiting > 20
    assert counted[-1] == 0
    assert roll_up() == 0
    assert verify()[0] == 0


def test_a_piece_that_dies_counts_nothing_and_is_counted_again(till: Till):
    Shopping(till, seed=4).buy()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE checkout_callday ADD CONSTRAINT no_room CHECK (calls < 0)")
    try:
        with pytest.raises(Exception, match="no_room"):
            roll_up()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE checkout_callday DROP CONSTRAINT no_room")
    assert Uncounted.objects.exists()
    assert not PromotionDay.objects.exists()

    roll_up()

    assert verify()[0] == 0


def test_what_agrees_is_said_to_agree_counted_or_not(till: Till):
    Shopping(till, seed=5).buy()
    told = verify()
    roll_up()

    assert told == verify()
    assert told[0] == 0
    assert told[1].startswith("Every report agrees with a recount (calls since ")


@pytest.fixture
def counted(till: Till) -> Till:
    """One order of two packets at 3.00 off, of which one came back."""
    till.validate(line(quantity=2), codes=["TEA-A"])
    till.redeem("o1", line(quantity=2), codes=["TEA-A"])
    till.give_back("o1", "r1", {"1": 1})
    roll_up()
    return till


@pytest.mark.parametrize(
    ("column", "by", "told"),
    [
        ("redeemed", 1, "redeemed 2; counted redeemed 1"),
        ("cancelled", 1, "cancelled 1; counted cancelled 0"),
        ("restored", 1, "restored 1; counted restored 0"),
        ("discount", -1, "discount 299; counted discount 300"),
        ("revenue", 1, "revenue 1701; counted revenue 1700"),
        ("returned", -1, "returned 0; counted returned 1"),
        ("returned_units", 1, "returned_units 2; counted returned_units 1"),
        ("refunded", 1, "refunded 851; counted refunded 850"),
    ],
)
def test_a_figure_that_differs_by_one_is_named_and_mended(counted: Till, column, by, told):
    run(f"UPDATE checkout_promotionday SET {column} = {column} + %s", by)

    assert verify() == (1, f"promotion tea on 2026-03-10 in EUR: says {told}\n1 row differs.\n")

    assert verify("--mend")[0] == 0
    assert verify()[0] == 0


def test_calls_and_codes_that_differ_are_named_and_mended(counted: Till):
    run("UPDATE checkout_callday SET calls = calls + %s WHERE kind = 'validate'", 1)
    run("UPDATE promotions_issuedcodes SET codes = codes + %s", 1)
    run("DELETE FROM checkout_callday WHERE kind = %s AND promotion_id = 'tea'", "redeem")

    status, text = verify()

    assert status == 1
    assert "promotion keep: says issued 2; counted 1\n" in text
    assert "): says applied by validate 2; counted 1\n" in text
    assert "): says applied by redeem 0; counted 1\n" in text
    assert verify("--mend")[0] == 0
    assert verify()[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM checkout_promotionday",
        "DELETE FROM checkout_callday",
        "DELETE FROM promotions_issuedcodes",
        "UPDATE checkout_promotionday SET day = day + 1",
        "UPDATE checkout_promotionday SET currency = 'CHF'",
        "UPDATE checkout_callday SET outcome = 'no_effect'",
        "UPDATE promotions_promotionuse SET amount = amount + 1",
        "UPDATE customers_orderreturn SET refund_amount = refund_amount + 1",
        "UPDATE checkout_redemption SET status = 'cancelled', cancelled_at = now(), restored_at = now()",
    ],
)
def test_whatever_is_lost_or_altered_is_noticed_and_mended(counted: Till, change):
    run(change)

    assert verify()[0] == 1
    assert verify("--mend")[0] == 0
    assert verify()[0] == 0


def test_mending_leaves_alone_what_is_not_counted_yet(counted: Till):
    run("UPDATE checkout_promotionday SET redeemed = redeemed + %s", 1)
    counted.redeem("o2", line(quantity=2), codes=["TEA-A"])

    assert verify("--mend")[0] == 0

    assert Uncounted.objects.exists()
    assert verify()[0] == 0
    roll_up()
    assert verify()[0] == 0
    assert PromotionDay.objects.get(promotion_id="tea").redeemed == 2


def test_codes_are_added_up_the_same_folded_or_not(till: Till):
    for number in range(5):
        till.issue(f"TEA-{number:04}")
    assert IssuedCodes.objects.filter(promotion__reference="tea").count() == 7

    assert fold_issued() == 6
    assert fold_issued() == 0

    assert IssuedCodes.objects.filter(promotion__reference="tea").count() == 1
    standing = standing_of("tea")
    assert standing is not None
    assert standing.issued == 7
    assert verify()[0] == 0


def run(statement: str, *parameters: object) -> None:
    """Alter rows behind the service's back."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)  # type: ignore[arg-type]
        assert cursor.rowcount >= 1
