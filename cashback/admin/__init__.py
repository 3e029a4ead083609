"""The pages of finance: rules, partners, wallets, payouts, what is owed, and the proof of the books."""

from cashback.admin import partners, rules, settlements

__all__ = ["partners", "rules", "settlements"]
