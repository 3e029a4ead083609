"""Why an offer is not given: a stable code, and the values that the shopper may know."""

from enum import StrEnum

from msgspec import Struct


class Reason(StrEnum):
    """The reason codes of checkout, with the `params` of each.

    Amounts are minor units of the cart's currency; times are RFC 3339 in the zone of the
    promotion, else the shop's. No value tells a stranger anything.
    """

    CODE_NOT_VALID = "code_not_valid"
    CODE_DISABLED = "code_disabled"
    PROMOTION_NOT_RUNNING = "promotion_not_running"
    #: starts_at
    CODE_NOT_STARTED = "code_not_started"
    #: ended_at: the first instant at which it was over
    CODE_EXPIRED = "code_expired"
    #: next_opens_at, or null when the promotion ends before
    OUTSIDE_TIME_WINDOW = "outside_time_window"
    #: required, current: currencies
    CURRENCY_NOT_SUPPORTED = "currency_not_supported"
    #: allowed: list, current: the cart's, or null
    CHANNEL_NOT_ELIGIBLE = "channel_not_eligible"
    COUNTRY_NOT_ELIGIBLE = "country_not_eligible"
    PAYMENT_METHOD_NOT_ELIGIBLE = "payment_method_not_eligible"
    SHIPPING_NOT_ELIGIBLE = "shipping_not_eligible"
    SIGN_IN_REQUIRED = "sign_in_required"
    CUSTOMER_NOT_ELIGIBLE = "customer_not_eligible"
    #: required: which order it must be, current: which one this is
    NTH_ORDER_NOT_MET = "nth_order_not_met"
    #: limit: how many uses there are
    CODE_ALREADY_USED = "code_already_used"
    CUSTOMER_LIMIT_REACHED = "customer_limit_reached"
    USAGE_LIMIT_REACHED = "usage_limit_reached"
    BUDGET_EXHAUSTED = "budget_exhausted"
    HELD_BY_OTHER_CHECKOUT = "held_by_other_checkout"
    NO_QUALIFYING_ITEMS = "no_qualifying_items"
    EXCLUDED_ITEMS_ONLY = "excluded_items_only"
    #: missing: list of {include, exclude, required_quantity, current_quantity, missing_quantity,
    #: required_amount, current_amount, missing_amount}
    REQUIRED_ITEMS_MISSING = "required_items_missing"
    #: required, current, missing: units
    MIN_QUANTITY_NOT_MET = "min_quantity_not_met"
    #: required, current, missing: amounts
    MIN_ORDER_NOT_MET = "min_order_not_met"
    #: maximum, current: amounts
    MAX_ORDER_EXCEEDED = "max_order_exceeded"
    NO_EFFECT = "no_effect"
    CANNOT_COMBINE = "cannot_combine"
    BETTER_OFFER_APPLIED = "better_offer_applied"
    #: limit: how many codes of one call are looked up
    TOO_MANY_CODES = "too_many_codes"
    DUPLICATE_CODE = "duplicate_code"


class Refusal(Struct, frozen=True, array_like=True):
    """One reason. `params` holds plain JSON values only."""

    code: Reason
    params: dict[str, object] = {}


class RuleCheck(Struct, frozen=True, array_like=True):
    """One rule of a promotion with the values compared: JSON values, instants or sets of names."""

    rule: str
    #: `None` when the rule holds.
    refusal: Refusal | None
    found: object
    required: object

    @property
    def holds(self) -> bool:
        return self.refusal is None
