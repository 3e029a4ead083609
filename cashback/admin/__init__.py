"""The pages of finance: rules, partners, wallets, payouts, what is owed, and the proof of the books."""

from cashback.admin import partners, payouts, rules, sepa_files, settlements

__all__ = ["partners", "payouts", "rules", "sepa_files", "settlements"]
