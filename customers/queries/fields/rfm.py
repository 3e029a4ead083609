"""The field `orders.rfm`: recency, frequency and money of a customer, each in five classes.

The thresholds between the classes are the quintiles of all buyers, taken now and then
(`customers_rfmthreshold`): one customer is judged by them without looking at the others. Money is
scored within each currency, of several the best score counts.
"""

from customers.domain.rules import Leaf, Words
from customers.queries.fields.field import Field, Found, Source, whole_days
from customers.queries.fields.orders import figures_at_now

LABELS = ("champions", "loyal", "promising", "new", "at_risk", "hibernating", "lost")


def fields() -> list[Field]:
    """What sort of buyer the customer is."""
    words = Words("Sort of buyer (RFM)", "Art des Käufers (RFM)")
    return [Field("orders.rfm", "label", words, _label, choices=LABELS)]


def _label(leaf: Leaf) -> Found:
    return Found("{s}.label", _scored())


def thresholds(measure: str, currency: str = "''") -> str:
    """The four thresholds of a measure, rising; money has them by currency."""
    return f"""(
        SELECT thresholds FROM customers_rfmthreshold
        WHERE measure = '{measure}' AND currency = {currency})"""


_DAYS = whole_days("max(bought.last_at)")


def _scored() -> Source:
    """Whoever is above a threshold is in the next class. The values are whole numbers, so "above" is
    "one less reaches it".
    """
    return Source(
        f"""
        SELECT customer_id, CASE
            WHEN recency IS NULL OR frequency IS NULL OR money IS NULL THEN NULL
            WHEN recency >= 4 AND frequency + money >= 8 THEN 'champions'
            WHEN recency >= 4 AND orders = 1 THEN 'new'
            WHEN recency >= 3 AND frequency + money >= 6 THEN 'loyal'
            WHEN recency >= 3 THEN 'promising'
            WHEN frequency + money >= 6 THEN 'at_risk'
            WHEN recency = 2 THEN 'hibernating'
            ELSE 'lost' END AS label
        FROM (
            SELECT bought.customer_id, sum(bought.orders) AS orders,
                5 - width_bucket({_DAYS}::bigint - 1, {thresholds("recency")}) AS recency,
                1 + width_bucket(sum(bought.orders)::bigint - 1, {thresholds("frequency")})
                    AS frequency,
                1 + max(width_bucket(bought.amount::bigint - 1, money.thresholds)) AS money
            FROM ({figures_at_now()}) AS bought
            LEFT JOIN customers_rfmthreshold AS money
                ON money.measure = 'money' AND money.currency = bought.currency
            WHERE bought.orders > 0
            GROUP BY bought.customer_id
        ) AS scored
        """,
        key="figures.customer_id",
    )
