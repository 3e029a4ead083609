"""The pages of finance: rules, partners, wallets, payouts, what is owed, and the proof of the books."""

from cashback.admin import (
    adjustments,
    partners,
    payouts,
    rules,
    sepa_files,
    settlements,
    wallets,
)

__all__ = [
    "adjustments", "partners", "payouts", "rules", "sepa_files", "settlements", "wallets",
]  # fmt: skip
