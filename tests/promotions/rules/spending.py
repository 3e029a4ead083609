"""The policy's cashback at checkout."""

from cashback.domain.spending import quote_spending
from checkout.domain.priced import with_cashback
from tests.promotions.domain.shop import cart, offer, percent, quote
from tests.promotions.effects import free_shipping
from tests.promotions.rules.row import Row

SPENDING = (
    "**Cashback** at checkout comes last: at most the total after discounts, shipping included; "
    "spread over the lines and the shipping by what is left to pay."
)
TWENTY = offer("a", effect=percent("20", "lines"))


def spent(asked, *lines, offers=(), available=100_000, shipping=495):
    """Spent in all, on each line, on the shipping, and what is left to pay."""
    found = quote(cart(*lines, shipping_amount=shipping), offers)
    cashback = quote_spending(
        asked=asked, available=available, total=found.total, minimum=0, signed_in=True
    )
    priced = with_cashback(found, cashback)
    on_lines = [line.cashback for line in priced.lines]
    return priced.cashback.spent, on_lines, priced.shipping_cashback, priced.total


ROWS = [
    Row(
        SPENDING,
        "2 x 1299 less 520 is 2078; with 495 for shipping 2573. 500 over 2078 and 495 is 403.81 "
        "and 96.19; down 403, 96; one left to .81",
        lambda: spent(500, (2, 1299), offers=[TWENTY]),
        (500, [404], 96, 2073),
    ),
    Row(
        SPENDING,
        "9000 are asked for, 2573 are to pay",
        lambda: spent(9000, (2, 1299), offers=[TWENTY]),
        (2573, [2078], 495, 0),
    ),
    Row(
        SPENDING,
        "as much as there is: 900, over 2078 and 495: 726.86 and 173.14 -> 727 and 173",
        lambda: spent("max", (2, 1299), offers=[TWENTY], available=900),
        (900, [727], 173, 1673),
    ),
    Row(
        SPENDING,
        "shipping is free, so all of it goes to the lines: 100 over 800 and 240 is 76.92 and 23.08",
        lambda: spent(
            100, (1, 1000), (1, 300), offers=[TWENTY, offer("b", effect=free_shipping())]
        ),
        (100, [77, 23], 0, 940),
    ),
    Row(
        SPENDING,
        "shipping down to 200: 100 over 800 and 200",
        lambda: spent(
            100, (1, 1000), offers=[TWENTY, offer("b", effect=free_shipping(shipping_price=200))]
        ),
        (100, [80], 20, 900),
    ),
    Row(
        SPENDING,
        "nothing left to pay on the first line: 100 over 0, 300 and 495: 37.74 and 62.26",
        lambda: spent(
            100,
            (1, 1000, {"categories": ["tea"]}),
            (1, 300),
            offers=[
                offer(effect=percent("100"), items={"include": {"categories": ["tea"]}}),
            ],
        ),
        (100, [0, 38], 62, 695),
    ),
]
