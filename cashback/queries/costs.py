"""What cashback costs the shop, as a part of its reader's statement."""

from common.money import ONE_HUNDRED_PERCENT


def cost_of_order(order_key: str) -> str:
    """SQL of one number: what the order (SQL of its key) has earned its customer and left them, less what
    partners pay of it, in minor units.

    What was taken back is no cost, save where it was spent already and the shop does without. As of what
    is booked.
    """
    whole = ONE_HUNDRED_PERCENT
    return f"""(
        SELECT coalesce(sum(
            stays.earned - (2 * stays.earned * lot.partner_percent + {whole}) / (2 * {whole})), 0)
        FROM cashback_lot AS lot
        CROSS JOIN LATERAL (
            SELECT lot.amount + lot.absorbed - coalesce(sum(share.taken_back), 0)::bigint AS earned
            FROM cashback_lotshare AS share WHERE share.lot_id = lot.id) AS stays
        WHERE lot.order_id = {order_key} AND lot.origin_id IS NULL)"""
