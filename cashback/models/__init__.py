"""Tables: accounts, postings, wallets, lots, holds, payouts, rules, partners and settlements."""

from cashback.models.accounts import Account, AccountTotal, RollUp
from cashback.models.holds import Hold, HoldOutcome
from cashback.models.lots import Allocation, Lot, LotShare
from cashback.models.payouts import Payout, SepaFile
from cashback.models.postings import Posting, Transfer
from cashback.models.rules import Partner, Rule, RuleStamp
from cashback.models.seals import Seal
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
    "Payout",
    "Posting",
    "RollUp",
    "Rule",
    "RuleStamp",
    "Seal",
    "SepaFile",
    "Settlement",
    "Transfer",
    "Wallet",
]  # fmt: skip
