"""The answer of pricing: what a cart costs with its promotions, and what became of each code."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from common.sentence_words import Language
from promotions.domain.choosing import Choice
from promotions.domain.eligibility import Considered
from promotions.domain.refusal import Refusal


class LineDiscount(Struct, frozen=True):
    """What one promotion took from one line, minor units."""

    promotion_id: str
    #: In the shopper's spelling; `None` for an automatic promotion.
    code: str | None
    amount: int


class QuotedLine(Struct, frozen=True):
    """One line of the cart; `discount` is the sum of `discounts`."""

    line_id: str
    subtotal: int
    discount: int
    discounts: tuple[LineDiscount, ...]


class AppliedBonus(Struct, frozen=True):
    """Cashback on top of what the rules earn, and how long it lasts."""

    #: Minor units.
    amount: int
    #: Positions of the lines that earn it.
    lines: tuple[int, ...]
    pending_days: int
    expires_after_days: int


class AppliedOffer(Struct, frozen=True):
    """A promotion of the chosen combination. `amount` counts against its budget."""

    key: int
    promotion_id: str
    titles: Mapping[Language, str]
    code_id: int | None
    code: str | None
    item_amount: int
    shipping_amount: int
    bonus: AppliedBonus | None
    restores_after_cancel: bool

    @property
    def bonus_amount(self) -> int:
        """Cashback on top of what the rules earn, minor units."""
        return self.bonus.amount if self.bonus is not None else 0

    @property
    def amount(self) -> int:
        """Item and shipping discount together, minor units."""
        return self.item_amount + self.shipping_amount


class CodeStatus(StrEnum):
    """What became of a code."""

    APPLIED = "applied"
    INAPPLICABLE = "inapplicable"
    SKIPPED = "skipped"


class CodeRow(Struct, frozen=True):
    """One code of the call, in the caller's order and spelling.

    `promotion_id` is `None` where the contract hides it (or there is none).
    """

    code: str
    status: CodeStatus
    promotion_id: str | None = None
    code_id: int | None = None
    refusal: Refusal | None = None


class NearlyOffer(Struct, frozen=True):
    """A promotion that only lacks something in the cart."""

    promotion_id: str
    titles: Mapping[Language, str]
    refusal: Refusal


class Gift(Struct, frozen=True):
    """An item that is added free of charge; `unit_price` is its value, minor units."""

    promotion_id: str
    sku: str
    quantity: int
    unit_price: int


class Quote(Struct, frozen=True):
    """A priced cart before cashback; all amounts in minor units of `currency`."""

    currency: str
    subtotal: int
    item_discount: int
    shipping_amount: int
    shipping_discount: int
    #: In the cart's order.
    lines: tuple[QuotedLine, ...]
    #: In the order of work.
    applied: tuple[AppliedOffer, ...]
    gifts: tuple[Gift, ...]
    codes: tuple[CodeRow, ...]
    nearly: tuple[NearlyOffer, ...]
    #: The combination is proven to be the customer's best.
    best: bool
    #: What the decision tells from: every promotion considered, and the choice made.
    considered: tuple[Considered, ...]
    choice: Choice

    @property
    def bonus_cashback(self) -> int:
        """What the order earns on top of the cashback rules, minor units."""
        return sum([offer.bonus_amount for offer in self.applied])

    @property
    def discount_total(self) -> int:
        return self.item_discount + self.shipping_discount

    @property
    def total(self) -> int:
        """To pay, before cashback is spent."""
        return self.subtotal - self.item_discount + self.shipping_amount - self.shipping_discount

    @property
    def inapplicable(self) -> tuple[CodeRow, ...]:
        """The codes for which a reservation or redemption is refused."""
        return tuple(row for row in self.codes if row.status is CodeStatus.INAPPLICABLE)
