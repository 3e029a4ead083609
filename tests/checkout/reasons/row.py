"""A row of the tables of reasons, and the contract's list of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.checkout.till import Till

#: Section 6 of the contract, word by word.
CONTRACT = """
`code_not_valid`, `code_expired`, `code_not_started`, `code_disabled`, `promotion_not_running`,
`outside_time_window`, `code_already_used`, `usage_limit_reached`, `customer_limit_reached`,
`budget_exhausted`, `held_by_other_checkout`, `sign_in_required`, `customer_not_eligible`,
`nth_order_not_met`, `min_order_not_met`, `max_order_exceeded`, `min_quantity_not_met`,
`required_items_missing`, `no_qualifying_items`, `excluded_items_only`, `channel_not_eligible`,
`country_not_eligible`, `currency_not_supported`, `payment_method_not_eligible`,
`shipping_not_eligible`, `cannot_combine`, `better_offer_applied`, `too_many_codes`,
`duplicate_code`, `no_effect`, `cashback_insufficient`, `cashback_below_minimum`.
"""
#: What nothing can provoke yet, and what it waits for.
LATER = {"cashback_below_minimum": "the smallest amount of cashback to spend is a later setting"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """How a reason is provoked, and what must be said; `at` is the code's place in the cart."""

    reason: str
    english: str
    german: str
    params: Mapping[str, Any] = field(default_factory=dict)
    offer: Mapping[str, Any] = field(default_factory=dict)
    #: Terms of the code, changed after it was made.
    code: Mapping[str, Any] = field(default_factory=dict)
    cart: Mapping[str, Any] = field(default_factory=dict)
    lines: Sequence[Any] = ()
    #: What happened before; then the offer is put again as it is.
    before: Callable[[Till], object] | None = None
    codes: Sequence[str] = ("TEA-2026",)
    at: int = 0
    #: None where the contract says so.
    promotion_id: str | None = "tea"
    status: str = "inapplicable"
