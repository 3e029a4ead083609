"""A customer's cashback in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from cashback.domain.balances import Balance
from cashback.domain.entries import Entry
from cashback.queries.earned import Coming
from checkout.domain.next_step import SOON
from common.words import money
from portal.domain.statement import ACCOUNTS
from portal.serializers import words

#: Of many dates the first are told.
_SHOWN = 3


class ShownBalance(Struct, frozen=True, kw_only=True):
    """The balance of one currency as the page tells it."""

    currency: str
    available: str
    is_spendable: bool
    #: Each a sentence with its amount: (what, tone).
    sentences: Sequence[tuple[str, str]]


class ShownMove(Struct, frozen=True):
    """What an entry did to an account."""

    account: str
    amount: str
    balance: str
    is_gain: bool


class ShownEntry(Struct, frozen=True, kw_only=True):
    """A posting as people read it, with what it did to each account."""

    day: str
    title: str
    about: Sequence[str]
    moves: Sequence[ShownMove]


def shown_balance(balance: Balance, coming: Sequence[Coming], *, now: datetime) -> ShownBalance:
    """The balance with what comes, what goes, and what is set aside."""
    return ShownBalance(
        currency=balance.currency,
        available=money(balance.available, balance.currency),
        is_spendable=balance.available > 0,
        sentences=[
            *_expiring(balance, now=now),
            *((text, "comes") for text in _coming(balance.currency, coming)),
            *((text, "rests") for text in _resting(balance)),
        ],
    )


def _expiring(balance: Balance, *, now: datetime) -> Iterator[tuple[str, str]]:
    for part in balance.expiring[:_SHOWN]:
        amounts = {
            "amount": money(part.amount, balance.currency),
            "day": words.last_day(part.expires_at),
        }
        tone = "soon" if part.expires_at - now <= SOON else "later"
        yield _("%(amount)s can be spent until %(day)s.") % amounts, tone
    later = balance.expiring[_SHOWN:]
    if later:
        amount = money(sum(part.amount for part in later), balance.currency)
        yield _("%(amount)s can be spent longer than that.") % {"amount": amount}, "later"


def _coming(currency: str, coming: Sequence[Coming]) -> Iterator[str]:
    own = [part for part in coming if part.currency == currency]
    for part in own[:_SHOWN]:
        amount = money(part.amount, currency)
        if part.available_at is not None:
            day = words.day(part.available_at)
            yield _("%(amount)s more on %(day)s.") % {"amount": amount, "day": day}
        elif part.pending_days == 0:
            yield _("%(amount)s more once your order has arrived.") % {"amount": amount}
        else:
            yield ngettext(
                "%(amount)s more, %(days)s day after your order has arrived.",
                "%(amount)s more, %(days)s days after your order has arrived.",
                part.pending_days,
            ) % {"amount": amount, "days": part.pending_days}
    later = own[_SHOWN:]
    if later:
        amount = money(sum(part.amount for part in later), currency)
        yield _("%(amount)s more after that.") % {"amount": amount}


def _resting(balance: Balance) -> Iterator[str]:
    if balance.held:
        amount = money(balance.held, balance.currency)
        yield _("%(amount)s are set aside for an order or a payout under way.") % {"amount": amount}
    if balance.debt:
        amount = money(balance.debt, balance.currency)
        yield (
            _("%(amount)s of your next cashback make up for a return; you never pay this in money.")
            % {"amount": amount}
        )


def shown_entries(entries: Sequence[Entry], currency: str) -> list[ShownEntry]:
    """Entries, newest first, those of one posting together."""
    postings: dict[int, list[Entry]] = {}
    for entry in entries:
        postings.setdefault(entry.posting_key, []).append(entry)
    return [_shown(posting, currency) for posting in postings.values()]


def _shown(posting: Sequence[Entry], currency: str) -> ShownEntry:
    first = posting[0]
    told = list(dict.fromkeys(text for entry in posting for text in words.about(entry)))
    return ShownEntry(
        day=words.day(first.at),
        title=words.what_happened(first),
        about=told,
        moves=[
            ShownMove(
                words.account_name(entry.account),
                words.signed(entry.amount, currency),
                money(entry.balance_after, currency),
                (entry.amount > 0) != (entry.account == "debt"),
            )
            for entry in sorted(posting, key=lambda entry: ACCOUNTS.index(entry.account))
        ],
    )
