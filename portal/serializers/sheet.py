"""A month's statement as CSV, as a spreadsheet of the customer's language opens it."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from cashback.queries.shop import shop_zone
from common.money import MINOR_DIGITS
from common.words import language_in_use
from portal.domain.statement import AccountStatement, MonthStatement
from portal.serializers import words

#: What a cell may not begin with, since a spreadsheet would compute it.
_COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n")
#: By this Excel tells that the file is UTF-8.
_MARK = "\N{BYTE ORDER MARK}"


def csv_statement(statement: MonthStatement) -> bytes:
    """Accounts one after the other, each from its opening to its closing balance.

    German has semicolons and decimal commas, English commas and points. Amounts are plain numbers;
    words of others never begin what a spreadsheet would compute.
    """
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";" if language_in_use() == "de" else ",")
    writer.writerow(
        [
            _("Account"), _("Date"), _("What"), _("Order"), _("Reason"), _("Amount"), _("Balance"),
            _("Currency"), _("Until"),
        ]
    )  # fmt: skip
    for account in statement.accounts:
        writer.writerows(_rows(account, statement.currency))
    return (_MARK + file.getvalue()).encode()


def _rows(account: AccountStatement, currency: str) -> Iterator[list[str]]:
    name = words.account_name(account.account)
    opening, closing = _number(account.opening, currency), _number(account.closing, currency)
    yield [name, "", _("Opening balance"), "", "", "", opening, currency, ""]
    for line in account.lines:
        entry = line.entry
        yield [
            name,
            entry.at.astimezone(shop_zone()).date().isoformat(),
            words.what_happened(entry),
            _plain(entry.order_id or ""),
            _plain(entry.reason or ""),
            _number(entry.amount, currency),
            _number(line.balance, currency),
            currency,
            words.iso_last_day(entry.expires_at) if entry.expires_at else "",
        ]
    yield [name, "", _("Closing balance"), "", "", "", closing, currency, ""]


def _plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    >>> _plain("=1+1"), _plain("late parcel")
    ("'=1+1", 'late parcel')
    """
    return f"'{text}" if text.startswith(_COMPUTED) else text


def _number(amount: int, currency: str) -> str:
    """Minor units as a number that is computed with: no grouping, no sign of the currency."""
    digits = MINOR_DIGITS.get(currency, 2)
    whole, fraction = divmod(abs(amount), 10**digits)
    point = "," if language_in_use() == "de" else "."
    text = f"{whole}{point}{fraction:0{digits}d}" if digits else str(whole)
    return f"-{text}" if amount < 0 else text
