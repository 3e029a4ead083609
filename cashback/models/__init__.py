"""Tables: accounts, postings and transfers, wallets, lots, holds, rules, partners and settlements."""

from cashback.models.accounts import Account, AccountTotal, RollUp
from cashback.models.holds import Hold, HoldOutcome
from cashback.models.lots import Allocation, Lot, LotShare
from cashback.models.postings import Posting, Transfer
from cashback.models.rules import Partner, Rule, RuleStamp
from cashback.models.settlements import Settlement
from cashback.models.wallets import Adjustment, Wallet

__all__ = [
    "Account",
    "AccountTotal",
    "Adjustment",
    "Allocation",
    "Hold",
    "HoldOutcome",
    "Lot",
    "LotShare",
    "Partner",
    "Posting",
    "RollUp",
    "Rule",
    "RuleStamp",
    "Settlement",
    "Transfer",
    "Wallet",
]  # fmt: skip
