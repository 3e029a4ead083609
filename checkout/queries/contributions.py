"""What each uncounted row adds to the roll-ups: the SQL of counting, and of counting again.

The statements bind `zone`, the shop's time zone, and have a CTE `uncounted` with the columns of
`checkout.models.Uncounted`.
"""

from customers.queries.returns import returned_of_orders, returns
from promotions.queries.uses import redeemed_uses

#: The figures of `PromotionDay`, in the order of its columns.
FIGURES = (
    "redeemed", "cancelled", "restored", "discount", "revenue", "returned", "returned_units",
    "refunded",
)  # fmt: skip

_REVENUE = """(redemption.quote->>'subtotal')::bigint - (redemption.quote->>'item_discount')::bigint
    + (redemption.quote->>'shipping_amount')::bigint
    - (redemption.quote->>'shipping_discount')::bigint"""
_DAY = "(redemption.redeemed_at AT TIME ZONE %(zone)s)::date"


def calls(decisions: str) -> str:
    """SQL that counts what became of each promotion in `decisions`, SQL of rows of that table."""
    # OFFSET 0 keeps a decision from being unpacked anew for each promotion in it.
    return f"""
        SELECT promotion_id, day, week, kind, outcome, count(*) AS calls
        FROM (
            SELECT kind, content->'outcomes' AS outcomes,
                ((content->>'at')::timestamptz AT TIME ZONE %(zone)s)::date AS day,
                date_trunc('week', made_at AT TIME ZONE 'UTC')::date AS week
            FROM ({decisions}) AS decision OFFSET 0
        ) AS told
        CROSS JOIN LATERAL jsonb_each(outcomes) AS ended(outcome, promotions)
        CROSS JOIN LATERAL jsonb_array_elements_text(promotions) AS promotion_id
        GROUP BY 1, 2, 3, 4, 5
    """


UNCOUNTED_CALLS = calls(
    "SELECT decision.* FROM uncounted JOIN checkout_decision AS decision"
    " ON decision.id = uncounted.decision_id AND decision.made_at = uncounted.decided_at"
)


def _moves(column: str, *, where: str = "true", **figures: str) -> str:
    """SQL of what the redemptions named in `column` move; figures not given stay as they are."""
    moved = ", ".join(f"{figures.get(name, '0')} AS {name}" for name in FIGURES)
    return f"""
        SELECT used.promotion_id, {_DAY} AS day, used.currency, {moved}
        FROM uncounted
        JOIN checkout_redemption AS redemption ON redemption.id = uncounted.{column}
        JOIN ({redeemed_uses()}) AS used ON used.redemption_id = redemption.id
        WHERE {where}
    """


_RETURNED = f"""
    SELECT used.promotion_id, {_DAY} AS day, used.currency, 0, 0, 0, 0, 0,
        back.is_first::int, back.units, back.refunded
    FROM uncounted
    JOIN ({returns()}) AS back ON back.key = uncounted.return_key
    JOIN checkout_redemption AS redemption ON redemption.order_id = back.order_id
    JOIN ({redeemed_uses()}) AS used ON used.redemption_id = redemption.id
"""

_ALL_MOVES = " UNION ALL ".join(
    [
        _moves("redemption_id", redeemed="1", discount="used.amount", revenue=_REVENUE),
        _moves(
            "cancelled_redemption_id",
            cancelled="1",
            discount="-used.amount",
            revenue=f"-({_REVENUE})",
        ),
        _moves("restored_redemption_id", where="used.restores", restored="1"),
        _RETURNED,
    ]
)

UNCOUNTED_REDEMPTIONS = f"""
    SELECT promotion_id, day, currency, {", ".join(f"sum({name}) AS {name}" for name in FIGURES)}
    FROM ({_ALL_MOVES}) AS move GROUP BY promotion_id, day, currency
"""

#: The same figures from what stands there now, without a look at how it came about.
RECOUNTED_REDEMPTIONS = f"""
    SELECT used.promotion_id, {_DAY} AS day, used.currency,
        count(*) AS redeemed,
        count(*) FILTER (WHERE redemption.status = 'cancelled') AS cancelled,
        count(*) FILTER (WHERE used.is_restored) AS restored,
        coalesce(sum(used.amount) FILTER (WHERE redemption.status <> 'cancelled'), 0) AS discount,
        coalesce(sum({_REVENUE}) FILTER (WHERE redemption.status <> 'cancelled'), 0) AS revenue,
        count(*) FILTER (WHERE back.units > 0) AS returned,
        coalesce(sum(back.units), 0) AS returned_units,
        coalesce(sum(back.refunded), 0) AS refunded
    FROM checkout_redemption AS redemption
    JOIN ({redeemed_uses()}) AS used ON used.redemption_id = redemption.id
    LEFT JOIN ({returned_of_orders()}) AS back ON back.order_id = redemption.order_id
    GROUP BY used.promotion_id, day, used.currency
"""
