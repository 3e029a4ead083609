"""What orders brought and cost, as a part of its reader's statement."""

from django.conf import settings

from cashback.queries.costs import cost_of_order
from catalog.queries.products import unit_costs
from customers.queries.takings import kept_lines


def takings(picked: str) -> str:
    """SQL of the orders whose keys `picked` selects, as far as anything of them was kept. Binds `now`.

    Columns: `order_id`, `customer_id`, `currency`, and in minor units `revenue` (paid for goods, before
    cashback paid for part of it), `discount` (of goods and shipping), `goods` (their cost), `cashback`
    (what it earned, less partners' shares) and `profit`: what is left of the revenue after goods,
    cashback and the shipping that was given away.
    """
    share = 100 - settings.MARGIN_PERCENT
    # By an array the few orders of a campaign are found by their keys, whatever PostgreSQL expects.
    which = f"sold.id = ANY (ARRAY({picked}))"
    return f"""
        SELECT kept.order_id, bought.customer_id, bought.currency, kept.revenue,
            kept.gross - kept.revenue + bought.shipping_discount AS discount,
            kept.goods, earned.cashback,
            kept.revenue - kept.goods - earned.cashback - bought.shipping_discount AS profit
        FROM (
            SELECT line.order_id, sum(line.paid)::bigint AS revenue, sum(line.gross)::bigint AS gross,
                sum(coalesce(line.units * known.unit_cost, (2 * line.gross * {share} + 100) / 200))::bigint
                    AS goods
            FROM ({kept_lines(which)}) AS line
            LEFT JOIN ({unit_costs()}) AS known
                ON known.sku = line.sku AND known.currency = line.currency
            GROUP BY line.order_id
        ) AS kept
        JOIN customers_order AS bought ON bought.id = kept.order_id
        CROSS JOIN LATERAL (SELECT {cost_of_order("kept.order_id")}::bigint) AS earned (cashback)
    """
