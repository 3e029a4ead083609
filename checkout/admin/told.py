"""A decision in plain words: what was asked, what became of each code, and rule by rule why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkout.admin.rules import RuleRow, gifts_in_words, rule_rows
from checkout.domain.why import in_full
from checkout.models import Decision
from checkout.queries.checkouts import redemptions_of_decisions
from common.ids import public_id
from common.reasons import describe
from common.words import language_in_use, moment, money
from customers.queries.people import references_of
from promotions.queries.code_standing import names_of, spellings_of

_ASKED = {
    "validate": gettext_lazy("Price asked"),
    "reserve": gettext_lazy("Reserved"),
    "redeem": gettext_lazy("Ordered"),
}
_REFUSED = {
    "reserve": gettext_lazy("Reservation refused"),
    "redeem": gettext_lazy("Order refused"),
}
_OUTCOMES = {
    "applied": gettext_lazy("applied"),
    "left_out": gettext_lazy("left out"),
    "refused": gettext_lazy("refused"),
    "inapplicable": gettext_lazy("refused"),
    "skipped": gettext_lazy("left out"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """Something with a page of its own."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ToldCode:
    """What became of one code of the call, in the words that the customer was given."""

    code: Link
    outcome: str
    label: str
    title: str = ""
    detail: str = ""
    #: Whether it is the code that was looked for.
    is_wanted: bool = False


@dataclass(frozen=True, slots=True)
class ToldOffer:
    """One promotion that was considered."""

    promotion: Link
    promotion_id: str
    code: str
    outcome: str
    label: str
    title: str
    detail: str
    #: Rules that stood in the way, the one that was told first; and those that held.
    missed: Sequence[RuleRow]
    held: Sequence[RuleRow]


@dataclass(frozen=True, slots=True)
class ToldCall:
    """One call of the checkout."""

    id: str
    url: str
    at: str
    asked: str
    is_refused: bool
    customer: Link
    #: Label and amount, in the order of the sum.
    sums: Sequence[tuple[str, str]]
    codes: Sequence[ToldCode]
    #: By a code, or in the chosen combination; then automatic ones that did not come to it.
    offers: Sequence[ToldOffer]
    others: Sequence[ToldOffer]
    choice: str
    order: Link | None
    #: The decision of the reservation whose promise was kept.
    promise: Link | None

    @property
    def has_refusal(self) -> bool:
        """Whether a code was refused in it."""
        return self.is_refused or any(code.outcome == "inapplicable" for code in self.codes)


@dataclass(slots=True)
class _Names:
    """Names of what the decisions mention by id, each read once for all of them."""

    promotions: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    codes: Mapping[int, str] = field(default_factory=dict)
    customers: Mapping[int, str] = field(default_factory=dict)
    orders: Mapping[Any, tuple[Any, str]] = field(default_factory=dict)

    def promotion(self, promotion_id: str) -> Link:
        key, name = self.promotions.get(promotion_id, (None, promotion_id))
        if key is None:
            return Link(name)
        return Link(name, reverse("admin:promotions_promotion_change", args=[key]))

    def code(self, code_id: int | None, position: int) -> Link:
        if code_id is None or code_id not in self.codes:
            return Link(_("Code %(number)d of the cart") % {"number": position + 1})
        return Link(self.codes[code_id], reverse("admin:promotions_code_change", args=[code_id]))

    def customer(self, key: int | None) -> Link:
        if key is None:
            return Link(_("guest or new"))
        url = reverse("admin:customers_customer_change", args=[key])
        return Link(self.customers.get(key, str(key)), url)


def told_calls(decisions: Sequence[Decision], *, wanted_code: int | None = None) -> list[ToldCall]:
    """The decisions in plain words; reads the names that they need in a few statements."""
    told = [(decision, in_full(decision.content, decision.findings)) for decision in decisions]
    contents = [content for _, content in told]
    names = _Names(
        promotions=names_of({offer["promotion_id"] for offer in _all(contents, "promotions")}),
        codes=spellings_of(
            {code["code_id"] for code in _all(contents, "codes") if code["code_id"] is not None}
        ),
        customers=references_of([d.customer_key for d in decisions if d.customer_key is not None]),
        orders=redemptions_of_decisions(decisions),
    )
    return [_call(decision, content, names, wanted_code) for decision, content in told]


def _all(contents: Iterable[Mapping[str, Any]], rows: str) -> Iterable[Mapping[str, Any]]:
    for content in contents:
        yield from content.get(rows, [])


def _call(
    decision: Decision, content: Mapping[str, Any], names: _Names, wanted_code: int | None
) -> ToldCall:
    currency = content.get("currency", "")
    is_refused = bool(content.get("refused"))
    offers = [_offer(offer, names, currency) for offer in content.get("promotions", [])]
    by_code = [offer for offer in offers if offer.code or offer.outcome != "refused"]
    asked = _REFUSED if is_refused else _ASKED
    order = names.orders.get(decision.id)
    return ToldCall(
        id=public_id("dec", decision.id),
        url=_url(public_id("dec", decision.id)),
        at=moment(datetime.fromisoformat(content["at"])),
        asked=str(asked.get(decision.kind, decision.kind)),
        is_refused=is_refused,
        customer=names.customer(decision.customer_key),
        sums=_sums(content, currency),
        codes=[_code(code, names, currency, wanted_code) for code in content.get("codes", [])],
        offers=by_code,
        others=[offer for offer in offers if offer not in by_code],
        choice=_choice(content, names, currency),
        order=Link(order[1], reverse("admin:checkout_redemption_change", args=[order[0]]))
        if order
        else None,
        promise=Link(content["promised_by"], _url(content["promised_by"]))
        if "promised_by" in content
        else None,
    )


def _url(decision_id: str) -> str:
    return f"{reverse('admin:checkout_decision_changelist')}?decision={decision_id}"


def _sums(content: Mapping[str, Any], currency: str) -> list[tuple[str, str]]:
    if "subtotal" not in content:
        return []
    rows = [(_("Items"), content["subtotal"]), (_("Discount on items"), -content["item_discount"])]
    if content["shipping_discount"]:
        rows.append((_("Discount on shipping"), -content["shipping_discount"]))
    rows.append((_("Total with shipping"), content["total"]))
    return [(label, money(amount, currency)) for label, amount in rows]


def _code(
    told: Mapping[str, Any], names: _Names, currency: str, wanted_code: int | None
) -> ToldCode:
    title, detail = _reason(told["reason"], currency)
    return ToldCode(
        code=names.code(told["code_id"], told["position"]),
        outcome=told["status"],
        label=str(_OUTCOMES.get(told["status"], told["status"])),
        title=title,
        detail=detail,
        is_wanted=wanted_code is not None and told["code_id"] == wanted_code,
    )


def _offer(told: Mapping[str, Any], names: _Names, currency: str) -> ToldOffer:
    rows = rule_rows(told["rules"], currency=currency)
    title, detail = _reason(told["reason"], currency)
    if told["outcome"] == "applied":
        title = _("It gave %(gifts)s.") % {"gifts": _given(told, currency)}
    elif told["outcome"] == "left_out":
        title = _("It was good, but another combination saves more.")
        detail = _("Alone it would have taken %(amount)s.") % {
            "amount": money(told["alone"] or 0, currency)
        }
    return ToldOffer(
        promotion=names.promotion(told["promotion_id"]),
        promotion_id=told["promotion_id"],
        code=names.codes.get(told["code_id"], "") if told["code_id"] is not None else "",
        outcome=told["outcome"],
        label=str(_OUTCOMES.get(told["outcome"], told["outcome"])),
        title=title,
        detail=detail,
        missed=[row for row in rows if not row.holds],
        held=[row for row in rows if row.holds],
    )


def _given(told: Mapping[str, Any], currency: str) -> str:
    amounts = (told.get(name) or 0 for name in ("given", "gift_value", "bonus"))
    return gifts_in_words(*amounts, currency=currency)


def _choice(content: Mapping[str, Any], names: _Names, currency: str) -> str:
    """What was chosen over what, where there was a choice."""
    choice = content.get("choice")
    if not choice or not choice["over"]:
        return ""
    words = {
        "chosen": ", ".join(names.promotion(name).text for name in choice["chosen"]),
        "over": ", ".join(names.promotion(name).text for name in choice["over"]),
        "benefit": money(choice["benefit"], currency),
    }
    if choice["best"]:
        return (
            _(
                "Chosen: %(chosen)s. It saves %(benefit)s, the most that is possible. "
                "Left out: %(over)s."
            )
            % words
        )
    return (
        _("Chosen: %(chosen)s over %(over)s. It saves %(benefit)s, the most that was found.")
        % words
    )


def _reason(reason: Mapping[str, Any] | None, currency: str) -> tuple[str, str]:
    """Title and sentence as the customer read them; the code itself where there are none."""
    if reason is None:
        return "", ""
    try:
        return describe(
            reason["code"], reason["params"], currency=currency, language=language_in_use()
        )
    except (KeyError, TypeError, ValueError):
        return reason["code"], ""
