"""The policy's conditions."""

from promotions.domain.facts import CustomerFacts
from tests.promotions.domain.shop import (
    ADA,
    applied,
    cart,
    code,
    line_discounts,
    off,
    offer,
    percent,
    quote,
    rows,
)
from tests.promotions.rules.row import Row

TEA = {"categories": ["tea"]}
CUP = {"categories": ["cups"], "brand": "Kyo", "tags": ["new"]}
HALF = percent("50", "lines")

GIVEN, REFUSED = {"p": 100}, {}


def met(conditions, *lines, customer=ADA, **fields):
    """Whether 1 € off is given under these conditions."""
    bought = cart(*lines, **fields)
    return applied(
        quote(bought, [offer(effect=off(100), conditions=conditions)], customer=customer)
    )


ROWS = [
    Row(
        "**Conditions** look at the cart as it came, never at discounted amounts:",
        "a leaves 50 of 100, yet b asks for 100 and gets its 10 % of 50 = 5",
        lambda: applied(
            quote(
                cart((1, 100)),
                [
                    offer("a", effect=HALF),
                    offer("b", effect=percent("10"), conditions={"min_subtotal": 100}),
                ],
            )
        ),
        {"a": 50, "b": 5},
    ),
    *(
        Row(
            "`min_subtotal <= cart subtotal <= max_subtotal`;",
            f"300 <= {amount} <= 400 is {bool(expected)}",
            lambda amount=amount: met({"min_subtotal": 300, "max_subtotal": 400}, (1, amount)),
            expected,
        )
        for amount, expected in [(299, REFUSED), (300, GIVEN), (400, GIVEN), (401, REFUSED)]
    ),
    Row(
        "`min_subtotal <= cart subtotal <= max_subtotal`;",
        "the whole cart counts: 100 of tea and 200 of others make 300, 1 € off comes off the tea",
        lambda: line_discounts(
            quote(
                cart((1, 100, TEA), (1, 200)),
                [
                    offer(
                        effect=off(100),
                        items={"include": TEA},
                        conditions={"min_subtotal": 300},
                    )
                ],
            )
        ),
        [100, 0],
    ),
    *(
        Row(
            "`min_quantity` counts the eligible units;",
            f"{units} of tea and 5 of others, 3 of tea are asked for",
            lambda units=units: applied(
                quote(
                    cart((units, 100, TEA), (5, 100)),
                    [
                        offer(
                            effect=off(100), items={"include": TEA}, conditions={"min_quantity": 3}
                        )
                    ],
                )
            ),
            expected,
        )
        for units, expected in [(2, REFUSED), (3, GIVEN)]
    ),
    *(
        Row(
            "each entry of `contains` needs its `min_quantity` units (default 1) and, where given, "
            "its `min_amount` of subtotal, among all lines;",
            working,
            lambda entries=entries: met(
                {"contains": entries}, (2, 100, TEA), (1, 300, CUP | {"discountable": False})
            ),
            expected,
        )
        for working, entries, expected in [
            ("a cup is there, though not discountable", [{"include": {"brands": ["Kyo"]}}], GIVEN),
            ("2 of tea are there", [{"include": TEA, "min_quantity": 2}], GIVEN),
            ("3 of tea are not", [{"include": TEA, "min_quantity": 3}], REFUSED),
            ("tea for 2 x 100 = 200", [{"include": TEA, "min_amount": 200}], GIVEN),
            ("not for 201", [{"include": TEA, "min_amount": 201}], REFUSED),
            ("each entry: tea, but no mug", [{"include": TEA}, {"include": {"skus": ["M"]}}], {}),
            ("but for tea 1 x 300", [{"exclude": TEA, "min_amount": 300}], GIVEN),
        ]
    ),
    *(
        Row(
            "`nth_order: n` means that the customer has exactly n - 1 earlier orders:",
            f"n = 3, {earlier} earlier",
            lambda earlier=earlier: met(
                {"nth_order": 3},
                (1, 500),
                customer=CustomerFacts(signed_in=True, earlier_orders=earlier),
            ),
            expected,
        )
        for earlier, expected in [(1, REFUSED), (2, GIVEN), (3, REFUSED)]
    ),
    Row(
        "An empty list is no condition; a condition on a field that the cart leaves out is not "
        "met.",
        "empty lists",
        lambda: met({"channels": [], "countries": [], "contains": []}, (1, 500)),
        GIVEN,
    ),
    *(
        Row(
            "An empty list is no condition; a condition on a field that the cart leaves out is not "
            "met.",
            f"{field} {sent}",
            lambda conditions={condition: ["DE"]}, fields=({field: sent} if sent else {}): met(
                conditions, (1, 500), **fields
            ),
            GIVEN if sent == "DE" else REFUSED,
        )
        for condition, field in [
            ("channels", "channel"),
            ("countries", "shipping_country"),
            ("payment_methods", "payment_method"),
            ("shipping_methods", "shipping_method"),
        ]
        for sent in ["DE", "AT", None]
    ),
    Row(
        "A personal code must also satisfy audience and conditions.",
        "Ada's own codes, but she is not in the segment, and 100 is below 200",
        lambda: rows(
            quote(
                cart((1, 100), codes=["MINE1", "MINE2"]),
                [
                    offer("a", activation="code", audience={"segments": ["tea-lovers"]}),
                    offer("b", activation="code", conditions={"min_subtotal": 200}),
                ],
                codes=[
                    code("MINE1", "a", personal=True, limit=1),
                    code("MINE2", "b", personal=True, limit=1),
                ],
                customer=ADA,
            )
        ),
        [("inapplicable", "customer_not_eligible"), ("inapplicable", "min_order_not_met")],
    ),
]
