"""What the pages show, in words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from cashback.queries.earned import EarnedByOrder
from checkout.domain.next_step import Entry as Offer
from checkout.domain.wallet import OwnMembership
from common.reasons import day_text, end_text, is_midnight, moment_text
from common.words import language_in_use, money
from customers.domain.orders import KnownOrder
from portal.actions.account import Account, Purchase
from portal.serializers import words
from portal.serializers.cashback import shown_balance, shown_entries
from portal.serializers.payouts import shown_payout

#: Of what was bought, so many things are named.
_NAMED = 2
_OPEN = ("usable", "upcoming")


class ShownOffer(Struct, frozen=True, kw_only=True):
    """A code or an offer that needs none."""

    code: str | None
    title: str
    terms: str
    status: str
    #: As the style knows it.
    tone: str
    when: str


class ShownPurchase(Struct, frozen=True, kw_only=True):
    """An order with what it has earned."""

    day: str
    order_id: str
    what: str
    status: str
    is_void: bool
    total: str
    earned: str
    when: str


class ShownMembership(Struct, frozen=True):
    """A membership."""

    name: str
    benefits: Sequence[str]
    when: str


def shown_account(account: Account) -> dict[str, Any]:
    """The first page."""
    wallet = account.wallet
    every = [*wallet.codes, *wallet.offers]
    return {
        "next_step": wallet.next_step,
        "balances": [
            shown_balance(balance, account.coming, now=account.at) for balance in wallet.cashback
        ],
        "offers": [_offer(each) for each in every if each.status in _OPEN],
        "past_offers": [_offer(each) for each in every if each.status not in _OPEN],
        "memberships": [_membership(each) for each in wallet.memberships],
        "purchases": [shown_purchase(each) for each in account.purchases],
        "payouts": [shown_payout(each) for each in account.payouts],
        "statements": [
            (currency, shown_entries(entries, currency))
            for currency, entries in account.entries.items()
            if entries
        ],
    }


def _offer(offer: Offer) -> ShownOffer:
    status = {
        "usable": _("Ready to use"),
        "upcoming": _("Coming up"),
        "used": _("Already used"),
        "expired": _("Over"),
    }
    return ShownOffer(
        code=offer.code,
        title=offer.title,
        terms=offer.terms[:1].upper() + offer.terms[1:],
        status=status[offer.status],
        tone=offer.status,
        when=_when(offer),
    )


def _when(offer: Offer) -> str:
    language = language_in_use()
    if offer.status == "upcoming" and offer.usable_from is not None:
        begins_at = offer.usable_from.astimezone(offer.zone)
        start = (
            day_text(begins_at, language=language)
            if is_midnight(begins_at)
            else moment_text(begins_at, language=language)
        )
        return _("From %(instant)s") % {"instant": start}
    if offer.status in _OPEN and offer.valid_until is not None:
        end = end_text(offer.valid_until.astimezone(offer.zone), language=language)
        return _("Until %(day)s") % {"day": end}
    return ""


def _membership(membership: OwnMembership) -> ShownMembership:
    if membership.status == "upcoming":
        when = _("From %(instant)s") % {"instant": words.day(membership.starts_at)}
    elif membership.ends_at is not None:
        when = _("Until %(day)s") % {"day": words.last_day(membership.ends_at)}
    else:
        when = _("For as long as you like")
    return ShownMembership(membership.name, membership.benefits, when)


def shown_purchase(purchase: Purchase) -> ShownPurchase:
    """An order with what it has earned, in words."""
    order, earned = purchase.order, purchase.earned
    when = ""
    if earned is not None and earned.kept and earned.is_pending:
        when = _pending(earned, order.currency)
    elif earned is not None and earned.kept and earned.taken_back:
        when = _("less what went back")
    comma = "," if earned is not None and 0 < earned.pending < earned.kept else ""
    is_gone = earned is not None and not earned.kept
    return ShownPurchase(
        day=words.day(order.placed_at),
        order_id=order.reference,
        what=_bought(order),
        status=_status(order),
        is_void=order.status == "cancelled",
        total=money(_paid(order), order.currency),
        earned=""
        if earned is None or is_gone
        else f"{_('Cashback')} {words.signed(earned.kept, order.currency)}{comma}",
        when=_nothing_left(order) if is_gone else when,
    )


def _nothing_left(order: KnownOrder) -> str:
    if order.status == "cancelled":
        return _("No cashback any more: the order was cancelled")
    return _("No cashback any more: the order came back")


def _pending(earned: EarnedByOrder, currency: str) -> str:
    """When what is pending becomes available, and how much that is where it is not all."""
    if earned.pending < earned.kept:
        told = {"amount": money(earned.pending, currency)}
        if earned.available_at is None:
            return _("of which %(amount)s are on their way") % told
        return _("of which %(amount)s from %(day)s") % {
            **told,
            "day": words.day(earned.available_at),
        }
    if earned.available_at is None:
        return _("on its way")
    return _("from %(day)s") % {"day": words.day(earned.available_at)}


def _bought(order: KnownOrder) -> str:
    named = [f"{line.quantity}\N{NO-BREAK SPACE}× {line.name or line.sku}" for line in order.lines]
    more = len(named) - _NAMED
    if more <= 0:
        return ", ".join(named)
    return ngettext("%(things)s and %(more)s more", "%(things)s and %(more)s more", more) % {
        "things": ", ".join(named[:_NAMED]),
        "more": more,
    }


def _paid(order: KnownOrder) -> int:
    """What the order came to after discounts; cashback that paid for a part of it is money."""
    lines = sum(line.quantity * line.unit_price - line.discount_amount for line in order.lines)
    return lines + order.shipping_amount - order.shipping_discount


def _status(order: KnownOrder) -> str:
    names = {
        "placed": _("Ordered"),
        "paid": _("Paid"),
        "shipped": _("On the road"),
        "delivered": _("Delivered"),
        "cancelled": _("Cancelled"),
    }
    if order.status != "cancelled" and order.has_returns:
        kept = any(line.quantity > line.returned_quantity for line in order.lines)
        return _("Partly returned") if kept else _("Returned")
    return names[order.status]


def labels(*, shop: str, expires_at: datetime) -> dict[str, str]:
    """What stands on the pages whoever opens them."""
    return {
        "account": _("Your account at %(shop)s") % {"shop": shop},
        "hello": _("Hello"),
        "back": _("Back to your account"),
        "cashback": _("Cashback"),
        "ready": _("ready to spend"),
        "how": _("Choose it at the checkout of your next order."),
        "payout": _("Have it paid out"),
        "no_cashback": _("Here you will find the cashback that your orders earn."),
        "offers": _("Your codes and offers"),
        "no_offers": _("There is nothing waiting for you just now. Come back soon."),
        "code": _("Code"),
        "no_code": _("No code needed"),
        "past": _("Used and past"),
        "memberships": _("Memberships"),
        "purchases": _("Purchases"),
        "all_purchases": _("All purchases"),
        "payouts": _("Your payouts"),
        "no_purchases": _("Your orders will stand here, each with what it has earned."),
        "order": _("Order"),
        "total": _("Total"),
        "statement": _("Statement"),
        "all_entries": _("Whole statement"),
        "no_entries": _("Nothing has happened yet."),
        "months": _("A month to keep"),
        "balance": _("then"),
        "newer": _("To the newest"),
        "older": _("Older"),
        "footer": _("This page is yours alone: whoever has its address can read it, so please do not pass it on. This link works until %(day)s.")
        % {"day": words.last_day(expires_at)},
    }  # fmt: skip


def gone_labels(*, shop: str) -> dict[str, str]:
    """What stands where a link opens nothing."""
    return {
        "title": _("This link has ended"),
        "text": _("It is no longer valid, or was not copied as a whole. Please ask %(shop)s for a new one, or open your account there.")
        % {"shop": shop},
    }  # fmt: skip
