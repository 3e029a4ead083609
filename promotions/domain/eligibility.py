"""Whether a promotion may be given: its rules, in the order in which reasons are told.

`_checks` is the one place that knows the rules and their order. All of them are looked at, since
the decision tells of each; the reason is the first that fails. A promotion is asked only what it
asks for: a rule that it does not have makes no check.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from msgspec import Struct

from common.cart import Cart
from promotions.domain.asking import check, is_so, not_running, one_currency, one_of, period, uses
from promotions.domain.basket import NOTHING
from promotions.domain.case import Case
from promotions.domain.conditions import amount_checks, item_check
from promotions.domain.facts import CodeFacts, CustomerFacts
from promotions.domain.offer import Offer
from promotions.domain.refusal import Reason, Refusal, RuleCheck

#: What the shopper can mend by putting more into the cart.
MENDABLE = frozenset(
    {Reason.REQUIRED_ITEMS_MISSING, Reason.MIN_QUANTITY_NOT_MET, Reason.MIN_ORDER_NOT_MET}
)

# What most promotions of a shop are found to be at most calls.
_ACTIVE = RuleCheck("status", None, "active", "active")
_NO_EFFECT = RuleCheck(
    "effect", Refusal(Reason.NO_EFFECT), {"discount": 0, "gift": 0, "bonus": 0}, 1
)


class Considered(Struct, frozen=True):
    """A promotion that was looked at, with each rule that it has and the values compared."""

    case: Case
    #: In the order of the reasons.
    checks: Sequence[RuleCheck]
    #: Those of the checks that fail.
    refusals: Sequence[Refusal]

    @property
    def refusal(self) -> Refusal | None:
        """The reason to tell, when several hold; `None` when the offer may be given."""
        return self.refusals[0] if self.refusals else None

    @property
    def is_mendable(self) -> bool:
        """Whether something is missing in the cart, and nothing else stands in the way."""
        for refusal in self.refusals:
            if refusal.code not in MENDABLE:
                return False
        return bool(self.refusals)


def consider(case: Case) -> Considered:
    """Ask each rule of the offer.

    The code, if there is one, is known and the shopper's own (`is_known_to_shopper`).
    """
    offer, visit = case.offer, case.visit
    is_plain = offer.is_plain and case.code is None
    if is_plain and not case.is_about_cart and offer.currency in {None, visit.cart.currency}:
        asked = _asked_of(offer, visit.customer) if offer.needs_customer else None
        return Considered(case, *_not_about_cart(offer.currency, asked))
    checks = _checks(case)
    return Considered(case, checks, [check.refusal for check in checks if check.refusal])


class _Asked(Struct, frozen=True):
    """What a promotion asks of a customer, and what is true of them."""

    signed_in: bool
    #: None where that is not asked.
    registered: bool | None
    segments: AbstractSet[str]
    found: AbstractSet[str]
    exclude_segments: AbstractSet[str]
    found_excluded: AbstractSet[str]
    nth_order: int | None
    this_order: int | None


@lru_cache(maxsize=10_000)
def _not_about_cart(
    currency: str | None, asked: _Asked | None
) -> tuple[list[RuleCheck], list[Refusal]]:
    """What is found of the most frequent case, an offer with few conditions for other items."""
    checks = [_ACTIVE]
    if currency is not None:
        checks.append(one_currency(currency, currency))
    if asked is not None:
        checks += _people(asked)
    checks += [item_check(eligible=(), is_about_cart=False), _NO_EFFECT]
    return checks, [check.refusal for check in checks if check.refusal]


def _checks(case: Case) -> list[RuleCheck]:
    """Written to be quick for an offer that has few rules: most offers of a shop are asked at every
    call, and nearly all of them are not about the cart.
    """
    offer, code, cart = case.offer, case.code, case.visit.cart
    found: list[RuleCheck] = []
    if code is not None:
        found.append(is_so("code_enabled", Reason.CODE_DISABLED, found=code.enabled))
    found.append(_ACTIVE if offer.status == "active" else not_running(offer.status))
    if code is not None or offer.is_scheduled:
        found += _times(case)
    if offer.currency is not None:
        found.append(one_currency(offer.currency, cart.currency))
    if offer.has_circumstances:
        found += _circumstances(offer, cart)
    if offer.needs_customer:
        found += _people(_asked_of(offer, case.visit.customer))
    if code is not None or offer.is_limited:
        found += _limits(case)
    found.append(item_check(eligible=case.eligible, is_about_cart=case.is_about_cart))
    if offer.has_amounts:
        subtotal = case.visit.subtotal
        found += amount_checks(offer, lines=cart.lines, eligible=case.eligible, subtotal=subtotal)
    found.append(_effect(case))
    return found


def checks_without_cart(case: Case) -> list[RuleCheck]:
    """Those of the rules that no cart can mend, in their order: code, status, times, people, limits."""
    offer, code = case.offer, case.code
    found: list[RuleCheck] = []
    if code is not None:
        found.append(is_so("code_enabled", Reason.CODE_DISABLED, found=code.enabled))
    found.append(_ACTIVE if offer.status == "active" else not_running(offer.status))
    found += _times(case)
    if offer.needs_customer:
        found += _people(_asked_of(offer, case.visit.customer))
    found += _limits(case)
    return found


def is_known_to_shopper(code: CodeFacts) -> bool:
    """Whether the code may be spoken about: it exists and is nobody else's."""
    return code.found and not code.foreign


def _effect(case: Case) -> RuleCheck:
    cut = case.cut
    if cut is NOTHING:
        return _NO_EFFECT
    found = {"discount": cut.total, "gift": cut.benefit - cut.total, "bonus": cut.bonus}
    return check("effect", Reason.NO_EFFECT, holds=cut.has_effect, found=found, required=1)


def _times(case: Case) -> Iterator[RuleCheck]:
    offer, code, now, zone = case.offer, case.code, case.visit.now, case.zone
    if code is not None:
        yield from period("code", code.valid_from, code.valid_until, now=now, zone=zone)
    yield from period("promotion", offer.starts_at, offer.ends_at, now=now, zone=zone)
    if offer.hours is not None:
        is_open = offer.hours.is_open(now=now, shop_zone=zone)
        refusal = None
        if not is_open:
            opens = offer.hours.next_opening(now=now, ends_at=offer.ends_at, shop_zone=zone)
            refusal = Refusal(
                Reason.OUTSIDE_TIME_WINDOW,
                {"next_opens_at": None if opens is None else opens.isoformat()},
            )
        yield RuleCheck("weekly", refusal, found=is_open, required=True)


def _circumstances(offer: Offer, cart: Cart) -> Iterator[RuleCheck]:
    if offer.channels:
        yield one_of("channels", Reason.CHANNEL_NOT_ELIGIBLE, cart.channel, offer.channels)
    if offer.countries:
        yield one_of(
            "countries", Reason.COUNTRY_NOT_ELIGIBLE, cart.shipping_country, offer.countries
        )
    if offer.payment_methods:
        yield one_of(
            "payment_methods",
            Reason.PAYMENT_METHOD_NOT_ELIGIBLE,
            cart.payment_method,
            offer.payment_methods,
        )
    if offer.shipping_methods:
        yield one_of(
            "shipping_methods",
            Reason.SHIPPING_NOT_ELIGIBLE,
            cart.shipping_method,
            offer.shipping_methods,
        )


def _asked_of(offer: Offer, customer: CustomerFacts) -> _Asked:
    """Of two customers who are alike in this the same is found."""
    nth = offer.nth_order
    return _Asked(
        customer.signed_in,
        customer.registered if offer.registered else None,
        offer.segments,
        offer.segments & customer.segments,
        offer.exclude_segments,
        offer.exclude_segments & customer.segments,
        nth,
        None if nth is None else customer.earlier_orders + 1,
    )


@lru_cache(maxsize=10_000)
def _people(asked: _Asked) -> tuple[RuleCheck, ...]:
    refused = Reason.CUSTOMER_NOT_ELIGIBLE
    checks = [is_so("signed_in", Reason.SIGN_IN_REQUIRED, found=asked.signed_in)]
    if asked.registered is not None:
        checks.append(is_so("registered", refused, found=asked.registered))
    if asked.segments:
        found, required = asked.found, asked.segments
        checks.append(check("segments", refused, holds=bool(found), found=found, required=required))
    if asked.exclude_segments:
        found = asked.found_excluded
        checks.append(check("exclude_segments", refused, holds=not found, found=found, required=[]))
    if asked.nth_order is not None:
        this, nth = asked.this_order, asked.nth_order
        params: dict[str, object] = {"required": nth, "current": this}
        refusal = None if this == nth else Refusal(Reason.NTH_ORDER_NOT_MET, params)
        checks.append(RuleCheck("nth_order", refusal, this, nth))
    return tuple(checks)


def _limits(case: Case) -> Iterator[RuleCheck]:
    offer, code = case.offer, case.code
    if code is not None and code.limit is not None:
        yield uses("code_limit", Reason.CODE_ALREADY_USED, code.used, code.held, code.limit)
    if offer.per_customer is not None:
        own = case.customer_usage
        yield uses(
            "per_customer", Reason.CUSTOMER_LIMIT_REACHED, own.used, own.held, offer.per_customer
        )
    usage = case.usage
    if offer.redemptions is not None:
        yield uses(
            "redemptions", Reason.USAGE_LIMIT_REACHED, usage.used, usage.held, offer.redemptions
        )
    if offer.discount_budget is not None:
        gives = case.cut.total
        unspent = max(offer.discount_budget - usage.spent, 0)
        unheld = max(unspent - usage.held_amount, 0)
        reason = Reason.BUDGET_EXHAUSTED if gives > unspent else Reason.HELD_BY_OTHER_CHECKOUT
        yield check("discount_budget", reason, holds=gives <= unheld, found=gives, required=unheld)
