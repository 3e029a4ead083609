"""What a promotion gave to the test basket, in words and figures of the page's language."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from common.cart import Cart, CartLine
from common.money import format_money
from common.reasons import describe
from common.sentence_words import Language
from promotions.domain.quote import Gift, Quote
from promotions.queries.trial import Trial


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the basket, or its shipping; amounts as people read them."""

    name: str
    before: str
    #: Empty where nothing was taken.
    discount: str
    after: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that the page shows of a trial."""

    #: Whether the promotion that was tried gives something.
    gives: bool
    title: str
    detail: str
    rows: list[Row]
    total: Row
    #: What each promotion gave, where there are several.
    shares: list[str]
    #: Codes that did not count, with the reason.
    codes: list[str]
    words: dict[str, str]


def verdict_of(trial: Trial, *, cart: Cart, language: Language) -> Verdict:
    """The trial in words."""
    quote, telling = trial.quote, _Telling(trial.quote, language)
    title, detail = telling.outcome(trial)
    shipping = (quote.shipping_amount, quote.shipping_discount)
    rows = [
        telling.row(_name(line), quoted.subtotal, quoted.discount)
        for line, quoted in zip(cart.lines, quote.lines, strict=True)
    ]
    if quote.shipping_amount:
        rows.append(telling.row(_("Shipping"), *shipping))
    whole = quote.subtotal + quote.shipping_amount
    return Verdict(
        gives=trial.refusal is None,
        title=title,
        detail=detail,
        rows=rows,
        total=telling.row(_("Total"), whole, quote.discount_total),
        shares=telling.shares() if len(quote.applied) > 1 else [],
        codes=telling.codes(),
        words={
            "line": _("Line"),
            "before": _("Price"),
            "discount": _("Discount"),
            "after": _("To pay"),
            "shares": _("Together"),
            "codes": _("Codes"),
        },
    )


class _Telling:
    """Tells parts of one quote in one language."""

    def __init__(self, quote: Quote, language: Language) -> None:
        self._quote = quote
        self._language = language

    def outcome(self, trial: Trial) -> tuple[str, str]:
        """What the promotion gives, or why not."""
        if trial.refusal is not None:
            return self._reason(trial.refusal)
        [share] = [offer for offer in self._quote.applied if offer.key == trial.key]
        gifts = [gift for gift in self._quote.gifts if gift.promotion_id == share.promotion_id]
        return self._given(share.amount, share.bonus_amount, gifts), ""

    def row(self, name: str, before: int, discount: int) -> Row:
        taken = f"−{self._money(discount)}" if discount else ""
        return Row(name, self._money(before), taken, self._money(before - discount))

    def shares(self) -> list[str]:
        """What each promotion of the combination gives."""
        gifts = self._quote.gifts
        return [
            f"{offer.titles[self._language]} ({offer.promotion_id}): "
            + self._given(
                offer.amount,
                offer.bonus_amount,
                [gift for gift in gifts if gift.promotion_id == offer.promotion_id],
            )
            for offer in self._quote.applied
        ]

    def codes(self) -> list[str]:
        return [
            f"{row.code}: {' '.join(self._reason(row.refusal))}"
            for row in self._quote.codes
            if row.refusal is not None
        ]

    def _given(self, discount: int, bonus: int, gifts: list[Gift]) -> str:
        given = [self._gift(gift) for gift in gifts]
        if discount:
            given.insert(0, _("%(amount)s discount") % {"amount": self._money(discount)})
        if bonus:
            given.append(_("%(amount)s cashback") % {"amount": self._money(bonus)})
        return ", ".join(given)

    def _gift(self, gift: Gift) -> str:
        return _("%(quantity)d × %(sku)s as a gift") % {"quantity": gift.quantity, "sku": gift.sku}

    def _reason(self, refusal: Any) -> tuple[str, str]:
        return describe(
            refusal.code, refusal.params, currency=self._quote.currency, language=self._language
        )

    def _money(self, amount: int) -> str:
        return format_money(amount, self._quote.currency, language=self._language)


def _name(line: CartLine) -> str:
    """How the line was named in the basket, with how many there are of it."""
    named = [line.sku] if line.sku != line.line_id else []
    named += [*line.categories, *([line.brand] if line.brand else []), *line.tags, _("item")]
    return f"{line.quantity} × {named[0]}"
