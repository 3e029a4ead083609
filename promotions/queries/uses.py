"""What was redeemed, as a part of its reader's statement."""


def redeemed_uses() -> str:
    """SQL of every use that a redemption made, whatever became of it since.

    Columns: `redemption_id`, `promotion_id` (the shop's), `currency`, `amount`, `restores` (whether
    giving back the redemption's uses gives back this one), `is_restored`.
    """
    return """
        SELECT used.redemption_id, promotion.reference AS promotion_id, used.currency, used.amount,
            used.restores, used.status = 'restored' AS is_restored
        FROM promotions_promotionuse AS used
        JOIN promotions_promotion AS promotion ON promotion.id = used.promotion_id
        WHERE used.redemption_id IS NOT NULL
    """


def redeemed_codes() -> str:
    """SQL of every code that a redemption used, whatever became of it since.

    Columns: `redemption_id`, `code_id` (the code's key).
    """
    return """
        SELECT used.redemption_id, used.code_id FROM promotions_promotionuse AS used
        WHERE used.redemption_id IS NOT NULL AND used.code_id IS NOT NULL
    """
