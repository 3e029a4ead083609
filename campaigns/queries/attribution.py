"""Which orders are a campaign's: those of its codes, then those that follow a click.

An order has one owner, the row of one message. Whose code it used owns it (of several the one enlisted
last); else the message that was clicked last before it, by a person and within the window. What nobody
keeps anything of, or what was cancelled, converts nothing.
"""

from django.conf import settings

from campaigns.domain.agents import BY_PEOPLE
from customers.queries.takings import kept_lines
from promotions.queries.uses import redeemed_codes

_NOW = "%(now)s::timestamptz"
_CLICKED = f"""click.kind = 'click' AND click.at <= {_NOW}
    AND click.agent IN ({", ".join(f"'{agent}'" for agent in BY_PEOPLE)})"""

#: SELECT of every redemption's order. Checkout is a stranger here: the one who knows both tells it.
_redeemed_orders = "SELECT NULL::uuid AS redemption_id, NULL::bigint AS order_id WHERE false"


def register_redemptions(orders: str) -> None:
    """Say how orders are found by redemptions: SQL with the columns `redemption_id` and `order_id`."""
    global _redeemed_orders
    _redeemed_orders = orders


def window() -> str:
    """How long after a click an order is its, as an interval of SQL."""
    return f"interval '{settings.CAMPAIGN_WINDOW_DAYS * 24} hours'"


def conversions(campaign: str, *, only: str = "true") -> str:
    """SQL of the orders that are the campaign's (SQL of its key). Binds `now`.

    Columns: `order_id`, `placed_at`, and of the message that owns it `delivery_id`, `customer_id` and
    `variant`. `only` narrows it by a condition on the row `sent` of a message.
    """
    return f"""
        SELECT placed.id AS order_id, placed.placed_at, sent.id AS delivery_id, sent.customer_id,
            sent.variant
        FROM customers_order AS placed
        CROSS JOIN LATERAL (SELECT coalesce({_OWNED_BY_CODE.format(orders=_redeemed_orders)},
            {_owned_by_click()})) AS owner (delivery_id)
        JOIN campaigns_delivery AS sent ON sent.id = owner.delivery_id
        WHERE placed.id = ANY (ARRAY({_candidates(campaign, only)}))
            AND sent.campaign_id = {campaign} AND {only}
            AND placed.status <> 'cancelled' AND placed.placed_at <= {_NOW}
            AND EXISTS ({kept_lines("sold.id = placed.id")})
    """


def _candidates(campaign: str, only: str) -> str:
    """Orders that may be the campaign's, unless they are another's."""
    return f"""
        SELECT redeemed.order_id
        FROM campaigns_delivery AS sent
        JOIN ({redeemed_codes()}) AS used ON used.code_id = sent.code_id
        JOIN ({_redeemed_orders}) AS redeemed ON redeemed.redemption_id = used.redemption_id
        WHERE sent.campaign_id = {campaign} AND {only}
        UNION
        SELECT placed.id
        FROM campaigns_delivery AS sent
        JOIN campaigns_response AS click ON click.delivery_id = sent.id AND {_CLICKED}
        JOIN customers_order AS placed ON placed.customer_id = sent.customer_id
            AND placed.status <> 'cancelled'
            AND placed.placed_at >= click.at AND placed.placed_at < click.at + {window()}
        WHERE sent.campaign_id = {campaign} AND {only}"""


_OWNED_BY_CODE = f"""(
            SELECT max(owning.id)
            FROM ({{orders}}) AS redeemed
            JOIN ({redeemed_codes()}) AS used ON used.redemption_id = redeemed.redemption_id
            JOIN campaigns_delivery AS owning ON owning.code_id = used.code_id
            WHERE redeemed.order_id = placed.id)"""


def _owned_by_click() -> str:
    return f"""(
            SELECT owning.id
            FROM campaigns_delivery AS owning
            JOIN campaigns_response AS click ON click.delivery_id = owning.id AND {_CLICKED}
            WHERE owning.customer_id = placed.customer_id
                AND click.at <= placed.placed_at AND click.at > placed.placed_at - {window()}
            ORDER BY click.at DESC, click.id DESC LIMIT 1)"""
