"""Which order a redemption is of, as a part of its reader's statement."""


def redeemed_orders() -> str:
    """SQL of every redemption that was not cancelled. Columns: `redemption_id`, `order_id` (the order's key)."""
    return """
        SELECT redemption.id AS redemption_id, redemption.order_id
        FROM checkout_redemption AS redemption WHERE redemption.status = 'redeemed'
    """
