"""What a checkout call must know of cashback, as parts of its one statement.

The caller's statement has a CTE `who` with the customer's key in `id` (no row: a guest or a stranger)
and binds `currency` and `now`; `capped` (keys of rules), `month_begins` and `month_ends` where it asks for
`GIVEN`, and `own_reservation` where it asks for `OWN`.
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from cashback.queries.lots import GIVEN_OF_LOTS
from cashback.queries.standing import lots_sql

_PURSE = """FROM cashback_wallet AS purse
        WHERE purse.customer_id = (SELECT id FROM who) AND purse.currency = %(currency)s::text"""
_NOW = "%(now)s::timestamptz"
_LOTS = lots_sql(wallets="SELECT purse.id, purse.debt", at=_NOW)

#: A scalar: what is available and what is owed as it is booked, and whether something is due that is not
#: booked: then `STANDING` must be asked. Null without a wallet.
BOOKED = f"""(
        SELECT json_build_array(purse.available, purse.debt,
            coalesce(purse.due_at <= {_NOW}, false))::text
        {_PURSE})"""
#: A scalar: the same at `now`, booked or not. It reads all lots, so nobody else pays for it.
STANDING = f"""(
        SELECT (SELECT json_build_array(coalesce(sum(lot.available), 0), greatest(0,
                purse.debt - coalesce(sum(lot.matured + lot.released), 0)), false)::text
            FROM ({_LOTS}) AS lot)
        {_PURSE})"""
#: A scalar: what rules with a monthly cap gave the customer this month.
GIVEN = f"""(
        SELECT json_agg(json_build_array(given.rule_id, given.amount))::text
        FROM (SELECT lot.rule_id, {GIVEN_OF_LOTS} AS amount FROM cashback_lot AS lot
            WHERE lot.rule_id = ANY (%(capped)s::bigint[])
                AND lot.wallet_id = (SELECT purse.id {_PURSE})
                AND lot.created_at >= %(month_begins)s::timestamptz
                AND lot.created_at < %(month_ends)s::timestamptz
            GROUP BY lot.rule_id) AS given)"""
#: A scalar: what the own reservation holds of it, of lots that last and of those that are over by now.
OWN = f"""(
        SELECT json_build_array(
            coalesce(-sum(allocation.amount) FILTER (WHERE lot.expires_at > {_NOW}), 0),
            coalesce(-sum(allocation.amount) FILTER (WHERE lot.expires_at <= {_NOW}), 0))::text
        FROM cashback_hold AS hold
        JOIN cashback_allocation AS allocation ON allocation.hold_id = hold.id
        JOIN cashback_lot AS lot ON lot.id = allocation.lot_id
        WHERE hold.reference = %(own_reservation)s::uuid AND hold.purpose = 'checkout'
            AND hold.expires_at > {_NOW} AND hold.wallet_id = (SELECT purse.id {_PURSE})
            AND NOT EXISTS (SELECT FROM cashback_holdoutcome WHERE hold_id = hold.id))"""


class CashbackFacts(Struct, frozen=True):
    """A customer's cashback in the currency of the call, minor units."""

    #: The version of all rules.
    stamp: int = 0
    #: What may be spent, own holds included: they do not stand in their own way.
    available: int = 0
    #: Something is due that is not booked: `available` is not what it is now.
    is_due: bool = False
    #: By the keys of rules with a monthly cap.
    given_this_month: Mapping[int, int] = {}


def parse(
    stamp: int | None, standing: str | None, given: str | None, own: str | None = None
) -> CashbackFacts:
    """The values of the rules' stamp and of the scalars above as facts.

    What an own hold gives back repays debt first, as always.
    """
    decode = msgspec.json.decode
    available, debt, is_due = decode(standing) if standing is not None else (0, 0, False)
    if own is not None:
        lasting, over = decode(own)
        available += max(0, lasting - max(0, debt - over))
    return CashbackFacts(
        stamp=stamp or 0,
        available=available,
        is_due=is_due,
        given_this_month=dict(decode(given)) if given is not None else {},
    )
