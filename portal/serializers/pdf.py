"""A month's statement as PDF, in the language of the page."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from reportlab.lib.colors import Color

from common.sheets import (
    BOLD,
    BOTTOM,
    FAINT,
    GREEN,
    INK,
    LEADING,
    LEFT,
    RIGHT,
    TOP,
    Sheets,
    fitting,
)
from common.words import money
from portal.domain.statement import AccountStatement, Line, MonthStatement
from portal.serializers import words

#: Where the columns stand: the last three end there.
_WHAT, _UNTIL, _AMOUNT, _BALANCE = LEFT + 62, RIGHT - 168, RIGHT - 84, RIGHT
_WHAT_WIDTH = _UNTIL - 60 - _WHAT
#: How high a row of one line is, and what stands above the first one of an account.
_ROW, _HEADING = LEADING + 5, 54


def pdf_statement(statement: MonthStatement, *, shop: str, name: str, customer_id: str) -> bytes:
    """A4, its font inside; the same statement is the same file, byte for byte."""
    sheets = Sheets()
    title = _("Cashback statement %(month)s") % {"month": words.month_text(statement.month)}
    _head(sheets, statement, title=title, shop=shop, name=name, customer_id=customer_id)
    for account in statement.accounts:
        _account(sheets, account, statement.currency)
    titled = f"{title} · {statement.currency}"
    return sheets.file(title=titled, author=shop, foot=f"{shop} · {titled}")


def _head(
    sheets: Sheets,
    statement: MonthStatement,
    *,
    title: str,
    shop: str,
    name: str,
    customer_id: str,
) -> None:
    sheets.say(shop, LEFT, font=BOLD, size=11, color=GREEN)
    sheets.down(34)
    sheets.say(title, LEFT, font=BOLD, size=22)
    sheets.down(24)
    if name:
        sheets.say(fitting(name, RIGHT - LEFT, size=11)[0], LEFT, size=11)
        sheets.down(15)
    number = _("Customer %(id)s") % {"id": customer_id}
    sheets.say(fitting(number, RIGHT - LEFT)[0], LEFT, color=FAINT)
    sheets.down(15)
    day = words.last_day(statement.as_of) if statement.is_over else words.day(statement.as_of)
    if statement.is_over:
        until = _("All amounts in %(currency)s, as of %(day)s.")
    else:
        until = _("All amounts in %(currency)s, so far: as of %(day)s.")
    sheets.say(until % {"currency": statement.currency, "day": day}, LEFT, color=FAINT)
    sheets.down(30)


def _account(sheets: Sheets, account: AccountStatement, currency: str) -> None:
    lines = [(line, list(_wrapped(line))) for line in account.lines]
    height = _HEADING + 2 * _ROW + sum(map(_height_of, (what for _line, what in lines)))
    is_short = height <= TOP - BOTTOM
    if not sheets.room_for(height if is_short else _HEADING + 4 * _ROW):
        sheets.turn()
    name = words.account_name(account.account)
    sheets.say(name, LEFT, font=BOLD, size=13)
    sheets.down(15)
    sheets.say(words.account_meaning(account.account), LEFT, color=FAINT)
    sheets.down(20)
    _columns(sheets)
    _sum(sheets, _("Opening balance"), account.opening, currency)
    for line, what in lines:
        if not sheets.room_for(_height_of(what) + _ROW):
            sheets.turn()
            sheets.say(_("%(account)s, continued") % {"account": name}, LEFT, font=BOLD, size=13)
            sheets.down(22)
            _columns(sheets)
        _entry(sheets, line, what, currency)
    _sum(sheets, _("Closing balance"), account.closing, currency)
    sheets.down(26)


def _height_of(what: Sequence[object]) -> float:
    """An entry's, by its lines."""
    return len(what) * LEADING + 5


def _columns(sheets: Sheets) -> None:
    for text, x, ends in (
        (_("Date"), LEFT, False), (_("What"), _WHAT, False), (_("Until"), _UNTIL, True),
        (_("Amount"), _AMOUNT, True), (_("Balance"), _BALANCE, True),
    ):  # fmt: skip
        sheets.say(text, x, size=8, color=FAINT, ends=ends)
    sheets.down(6)
    sheets.rule(FAINT)
    sheets.down(LEADING)


def _sum(sheets: Sheets, text: str, amount: int, currency: str) -> None:
    sheets.say(text, _WHAT, font=BOLD)
    sheets.say(money(amount, currency), _BALANCE, font=BOLD, ends=True)
    sheets.down(5)
    sheets.rule()
    sheets.down(LEADING)


def _wrapped(line: Line) -> Iterator[tuple[str, Color]]:
    """What happened, and below it the order and the reason, in lines that fit."""
    yield from ((part, INK) for part in fitting(words.what_happened(line.entry), _WHAT_WIDTH))
    for told in words.about(line.entry):
        yield from ((part, FAINT) for part in fitting(told, _WHAT_WIDTH))


def _entry(sheets: Sheets, line: Line, what: list[tuple[str, Color]], currency: str) -> None:
    entry = line.entry
    sheets.say(words.short_day(entry.at), LEFT)
    if entry.expires_at is not None:
        sheets.say(words.short_last_day(entry.expires_at), _UNTIL, color=FAINT, ends=True)
    sheets.say(words.signed(entry.amount, currency), _AMOUNT, ends=True)
    sheets.say(money(line.balance, currency), _BALANCE, ends=True)
    sheets.entry(what, _WHAT)
