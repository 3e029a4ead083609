"""The words of the customer's pages and statements, in the language of the page."""

from datetime import datetime, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from cashback.domain.entries import Entry
from cashback.queries.shop import shop_zone
from common.reasons import day_text, end_text, is_midnight
from common.words import language_in_use, money
from portal.domain.statement import Month


def day(at: datetime) -> str:
    """The day, by the shop's clocks."""
    return day_text(at.astimezone(shop_zone()), language=language_in_use())


def last_day(ended_at: datetime) -> str:
    """The last day of what ends then, by the shop's clocks."""
    return end_text(ended_at.astimezone(shop_zone()), language=language_in_use())


def month_text(month: Month) -> str:
    """Such as "March 2026": a day without its number."""
    first = datetime(month.year, month.number, 1, tzinfo=shop_zone())
    return day_text(first, language=language_in_use()).split(" ", 1)[1]


def signed(amount: int, currency: str) -> str:
    """An amount with its sign, a true minus."""
    sign = "+" if amount > 0 else "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}{money(abs(amount), currency)}"


def account_name(account: str) -> str:
    """What people call the account."""
    names = {
        "available": _("Ready to spend"),
        "pending": _("On its way"),
        "held": _("Set aside"),
        "debt": _("To be settled"),
    }
    return names[account]


def account_meaning(account: str) -> str:
    """What that means, in a sentence."""
    meanings = {
        "available": _("Yours to spend."),
        "pending": _("Earned, and available soon."),
        "held": _("Kept for an order or a payout under way."),
        "debt": _("Your next cashback makes up for this first; you never pay it in money."),
    }
    return meanings[account]


def what_happened(entry: Entry) -> str:
    """What an entry is about, in a few words."""
    if entry.kind == "adjust":
        is_gain = (entry.amount > 0) != (entry.account == "debt")
        return _("A credit from us") if is_gain else _("A correction")
    names = {
        "earn": _("Cashback earned"),
        "mature": _("Cashback available"),
        "hold": _("Set aside for an order or a payout"),
        "release": _("Available again"),
        "spend": _("Spent on an order"),
        "take_back": _("Taken back: order returned or cancelled"),
        "restore": _("Given back: order returned or cancelled"),
        "expire": _("Expired"),
        "submit": _("Sent to your bank"),
        "pay": _("Paid out"),
        "fail": _("Payout not possible: back with you"),
    }
    return names[entry.kind]


def about(entry: Entry) -> list[str]:
    """The order and the reason, where there are any."""
    told = [_("Order %(order)s") % {"order": entry.order_id}] if entry.order_id else []
    return [*told, entry.reason] if entry.reason else told


def short_day(at: datetime) -> str:
    """The day in figures, where there is little room."""
    style = "d.m.Y" if language_in_use() == "de" else "j M Y"
    return formats.date_format(at.astimezone(shop_zone()), style)


def short_last_day(ended_at: datetime) -> str:
    """As `last_day`, in figures."""
    end = ended_at.astimezone(shop_zone())
    return short_day(end - timedelta(microseconds=1) if is_midnight(end) else end)


def iso_last_day(ended_at: datetime) -> str:
    """As `last_day`, for machines."""
    end = ended_at.astimezone(shop_zone())
    return (end - timedelta(microseconds=1) if is_midnight(end) else end).date().isoformat()
